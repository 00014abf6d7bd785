import { fold } from "./laws/plainly.ts";

const STAR = 0x2a;
const QUESTION = 0x3f;
/** A letter that no glob names: which one makes no difference. */
const UNNAMED = -1;
/** The state with nothing left to read. */
const END = 0;
/** States and pairs that one question may hold: some hundred megabytes. */
const LIMIT = 2_000_000;

/**
 * Whether every string at all that some glob of `inner` matches is matched by some glob of `outer`, case ignored (SEMANTICS 5,
 * law 2): null if so, else a shortest string that tells them apart, folded.
 *
 * Exact, also where it takes several globs of `outer`: `a*` is within `a` and `a?*` together. Searches breadth first through the
 * pairs of what one inner glob still requires and what all the outer ones together do.
 *
 * INVARIANT worst-letter: what a wildcard of `inner` takes need only be a letter that no glob names. Put in place of any other it
 * leaves the string one of that inner glob's, and an outer glob that matches it then, by a wildcard, did so before.
 *
 * So `inner` branches only in how many letters each `*` takes, of which as many matter as `outer` has `?` in a row, and one more.
 * O(total length) pairs where `inner` has no `*` but last ones; exponential in its `*` at worst, where long rows of `?` behind a
 * `*` of `outer` tell all those numbers apart.
 *
 * @throws RangeError when two million states and pairs do not settle it
 */
export function isSubset(inner: readonly string[], outer: readonly string[]): string | null {
  const states: States = { letter: [UNNAMED], next: [END], byKey: new Map() };
  const starts = new Set(inner.map((glob) => stateOf(glob, states)));
  const sets: Sets = { states, byKey: new Map(), held: 0 };
  const outerStart = setOf(
    outer.map((glob) => stateOf(glob, states)),
    sets,
  );
  const queue: Pair[] = [];

  /** The pair where it ends a witness. INVARIANT shortest-first: pairs come here in order of their texts' lengths. */
  function reach(state: number, set: OuterSet | null, before: Pair | null, letter: number): Pair | null {
    if (set === null || set.members.has(state)) return null;
    const pair = { state, set, before, letter };
    if (state === END) return pair;
    if (set.reached.has(state)) return null;
    set.reached.add(state);
    hold(1, sets);
    queue.push(pair);
    return states.letter[state] === STAR ? reach(states.next[state]!, set, before, letter) : null; // a state
  }

  for (const state of starts) {
    const end = reach(state, outerStart, null, UNNAMED);
    if (end !== null) return textOf(end, states);
  }
  for (const pair of queue) {
    const wanted = states.letter[pair.state]!; // a state
    const next = wanted === STAR ? pair.state : states.next[pair.state]!; // a state, and not END
    const letter = wanted === STAR || wanted === QUESTION ? UNNAMED : wanted;
    const end = reach(next, setAfter(letter, pair.set, sets), pair, letter);
    if (end !== null) return textOf(end, states);
  }
  return null;
}

/** An inner glob's state beside the outer ones' after the same text, which ends in `letter` and begins as that of `before`. */
interface Pair {
  readonly state: number;
  readonly set: OuterSet;
  readonly before: Pair | null;
  readonly letter: number;
}

/**
 * A state is what is left of a glob: it reads `letter[state]` and leaves `next[state]`. Globs that end alike share states, so one
 * number is one language wherever it comes up.
 */
interface States {
  readonly letter: number[];
  readonly next: number[];
  readonly byKey: Map<string, number>;
}

function stateOf(glob: string, states: States): number {
  const text = fold(glob).replace(/[*?]+/g, questionsFirst);
  let state = END;
  for (let i = text.length - 1; i >= 0; i--) state = stateReading(text.charCodeAt(i), state, states);
  return state;
}

/** `*?*` matches what `?*` does, which counts characters without a `*` that stays behind. */
function questionsFirst(wildcards: string): string {
  return wildcards.replaceAll("*", "") + (wildcards.includes("*") ? "*" : "");
}

function stateReading(letter: number, next: number, states: States): number {
  const key = `${letter} ${next}`;
  const known = states.byKey.get(key);
  if (known !== undefined) return known;
  const state = states.letter.length;
  states.letter.push(letter);
  states.next.push(next);
  states.byKey.set(key, state);
  return state;
}

/** What all the outer globs together still require after some text. */
interface OuterSet {
  /** With every `*` what follows it, since it may match nothing. */
  readonly members: ReadonlySet<number>;
  /** What the members leave on reading a letter: under UNNAMED on reading any, under each letter that a member names what is more. */
  readonly leaves: ReadonlyMap<number, readonly number[]>;
  /** The sets behind the letters asked for so far; null where an outer glob is down to `*`. */
  readonly after: Map<number, OuterSet | null>;
  /** The inner states that came up beside this set. */
  readonly reached: Set<number>;
}

interface Sets {
  readonly states: States;
  readonly byKey: Map<string, OuterSet>;
  held: number;
}

function setOf(reached: readonly number[], sets: Sets): OuterSet | null {
  const { letter, next } = sets.states;
  const closed = new Set(reached);
  for (const state of reached) if (letter[state] === STAR) closed.add(next[state]!); // no second `*`: see questionsFirst
  for (const state of closed) if (letter[state] === STAR && next[state] === END) return null;
  const key = [...closed].sort((a, b) => a - b).join();
  const known = sets.byKey.get(key);
  if (known !== undefined) return known;
  hold(closed.size, sets);
  const leaves = leavesOf(closed, sets.states);
  const set: OuterSet = { members: closed, leaves, after: new Map(), reached: new Set() };
  sets.byKey.set(key, set);
  return set;
}

function leavesOf(members: ReadonlySet<number>, { letter, next }: States): OuterSet["leaves"] {
  const leaves = new Map<number, number[]>([[UNNAMED, []]]);
  for (const state of members) {
    if (state === END) continue;
    const wanted = letter[state]!; // a state
    const read = wanted === STAR || wanted === QUESTION ? UNNAMED : wanted;
    const left = wanted === STAR ? state : next[state]!; // a state
    const others = leaves.get(read);
    if (others === undefined) leaves.set(read, [left]);
    else others.push(left);
  }
  return leaves;
}

function setAfter(letter: number, set: OuterSet, sets: Sets): OuterSet | null {
  const named = letter === UNNAMED ? undefined : set.leaves.get(letter);
  const read = named === undefined ? UNNAMED : letter;
  const known = set.after.get(read);
  if (known !== undefined) return known;
  const next = setOf([...set.leaves.get(UNNAMED)!, ...(named ?? [])], sets); // UNNAMED is always there
  set.after.set(read, next);
  return next;
}

function hold(count: number, sets: Sets): void {
  sets.held += count;
  if (sets.held > LIMIT) throw new RangeError(`undecided after ${LIMIT} states and pairs`);
}

function textOf(end: Pair, states: States): string {
  let text = "";
  for (let pair = end; pair.before !== null; pair = pair.before) {
    text = (pair.letter === UNNAMED ? unnamedLetter(states) : String.fromCharCode(pair.letter)) + text;
  }
  return text;
}

/** One that is easy to read where there is one. There always is some, since no glob names the characters `*` and `?`. */
function unnamedLetter({ letter }: States): string {
  const named = new Set(letter.slice(END + 1));
  const readable = Array.from("zyxwvutsrqponmlkjihgfedcba0123456789-_").find((text) => !named.has(text.charCodeAt(0)));
  if (readable !== undefined) return readable;
  let code = 0x7f;
  while (code < 0xffff && named.has(code)) code++;
  return named.has(code) ? "*" : String.fromCharCode(code);
}
