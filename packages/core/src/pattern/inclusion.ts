import { fold } from "./fold.ts";
import { codesOf, matchCodes } from "./pattern.ts";

const STAR = 0x2a;
const QUESTION = 0x3f;
/** A character that no pattern names: stands for every one that neither pattern spells out. */
const OTHER = -1;
const BUDGET = 2_000;

/**
 * Whether everything that `narrow` matches, `wide` matches too: L(narrow) ⊆ L(wide), over all strings, case ignored.
 *
 * Decided exactly by walking `narrow` beside the set of positions that `wide` can be in, over the characters that either
 * spells out and one that stands for all others. The number of sets can grow exponentially for hostile patterns
 * (`*a????????…`); past a budget of 2,000 pairs the answer is `false`, which is the safe side for every caller: something
 * is written twice, never too wide.
 */
export function includes(wide: string, narrow: string): boolean {
  const w = withoutStarRuns(fold(wide));
  const n = withoutStarRuns(fold(narrow));
  const alphabet = lettersOf(w + n);
  if (!matchesWitnesses(w, n, alphabet)) return false;
  const pair = `${w}\n${n}`;
  let answer = answers.get(pair);
  if (answer === undefined) {
    if (answers.size >= MOST_ANSWERS) answers.clear();
    answers.set(pair, (answer = walk(w, n, alphabet)));
  }
  return answer;
}

/** Answers that took a walk. An entry's remainders are asked about for each prefix that takes its place, and are the same few. */
const answers = new Map<string, boolean>();
const MOST_ANSWERS = 1000;

function walk(w: string, n: string, alphabet: readonly number[]): boolean {
  const start = advanceFreely(w, new Set([0]));
  const seen = new Set<string>();
  const open: [number, ReadonlySet<number>][] = [[0, start]];
  for (let pair = open.pop(); pair !== undefined; pair = open.pop()) {
    const [position, states] = pair;
    const key = `${position}:${[...states].join()}`;
    if (seen.has(key)) continue;
    if (seen.size >= BUDGET) return false;
    seen.add(key);
    if (position === n.length) {
      if (!states.has(w.length)) return false;
      continue;
    }
    const code = n.charCodeAt(position);
    if (code === STAR) open.push([position + 1, states]);
    const next = code === STAR ? position : position + 1;
    for (const letter of code === STAR || code === QUESTION ? alphabet : [code]) {
      open.push([next, advance(w, states, letter)]);
    }
  }
  return true;
}

/** `**` matches what `*` matches; a run of ten thousand must not cost ten thousand positions. */
function withoutStarRuns(pattern: string): string {
  return pattern.replace(/\*+/g, "*");
}

function lettersOf(text: string): readonly number[] {
  const letters = new Set<number>([OTHER]);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code !== STAR && code !== QUESTION) letters.add(code);
  }
  return [...letters];
}

/**
 * Whether `wide` matches two texts that `narrow` does, in which every `?`, and in one of them every `*`, is a character that neither names. Where
 * not, the answer is no, and that settles nearly all pairs at once of which there are many. O(wide × narrow).
 */
function matchesWitnesses(wide: string, narrow: string, alphabet: readonly number[]): boolean {
  let code = 0xffff;
  while (alphabet.includes(code)) code--;
  const other = String.fromCharCode(code);
  const pattern = codesOf(wide);
  const single = narrow.replaceAll("?", other);
  return ["", other].every((run) => {
    const witness = codesOf(single.replaceAll("*", run));
    return matchCodes(pattern, witness, 0, witness.length);
  });
}

/** INVARIANT ascending: positions are put in and taken out in ascending order, so that equal sets are equal keys. */
function advance(pattern: string, states: ReadonlySet<number>, letter: number): ReadonlySet<number> {
  const next = new Set<number>();
  for (const state of states) {
    const code = pattern.charCodeAt(state); // NaN behind the end, which is no letter
    if (code === STAR) next.add(state);
    else if (code === QUESTION || code === letter) next.add(state + 1);
  }
  return advanceFreely(pattern, next);
}

/** With every `*` the position behind it; no two stand together. */
function advanceFreely(pattern: string, states: ReadonlySet<number>): ReadonlySet<number> {
  const out = new Set<number>();
  for (const state of states) {
    out.add(state);
    if (pattern.charCodeAt(state) === STAR) out.add(state + 1);
  }
  return out;
}
