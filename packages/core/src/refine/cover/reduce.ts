import { type Choice, type Instance, boundOf, byElement, without } from "./choice.ts";

/** Choices that a cheapest cover may as well contain, and what is left to decide. */
export interface Reduced {
  readonly taken: readonly Choice[];
  readonly left: Instance;
}

/**
 * Takes what has to be taken and leaves out what need not be looked at, until neither is found any more. Some cheapest cover of the
 * instance is `taken` and a cheapest cover of `left`.
 *
 * - a choice goes where others that together cost no more cover what it does;
 * - an element goes where every choice that covers some other one covers it too;
 * - a choice is taken where it alone covers an element.
 *
 * Undefined where some element cannot be covered. O(covers × (choices + most covers of one)) a round.
 */
export function reduce(instance: Instance): Reduced | undefined {
  const taken: Choice[] = [];
  let left = instance;
  for (;;) {
    const before = left;
    left = withoutDominatedChoices(left);
    left = withoutDominatedElements(left);
    const lists = byElement(left.choices, boundOf(left));
    const needed = new Set<Choice>();
    for (const element of left.elements) {
      const list = lists[element]!; // elements are below the bound
      if (list.length === 0) return undefined;
      if (list.length === 1) needed.add(left.choices[list[0]!]!); // the one that there is
    }
    if (needed.size > 0) {
      taken.push(...needed);
      const done = new Set([...needed].flatMap(({ covers }) => covers));
      left = without(left, (element) => done.has(element));
    }
    if (left.choices.length === before.choices.length && left.elements.length === before.elements.length)
      return { taken, left };
  }
}

/** The parts of an instance that share no element: each is decided by itself. In the order of their first elements. */
export function componentsOf({ elements, choices }: Instance): readonly Instance[] {
  const root = new Map(elements.map((element) => [element, element]));
  const find = (element: number): number => {
    let at = element;
    for (let up = root.get(at)!; up !== at; up = root.get(at)!) at = up; // every element has a root
    root.set(element, at);
    return at;
  };
  for (const { covers } of choices) {
    for (const element of covers) root.set(find(element), find(covers[0]!)); // covers something
  }
  const parts = new Map<number, { elements: number[]; choices: Choice[] }>();
  for (const element of elements) {
    const at = find(element);
    const part = parts.get(at) ?? { elements: [], choices: [] };
    parts.set(at, part);
    part.elements.push(element);
  }
  for (const choice of choices) parts.get(find(choice.covers[0]!))!.choices.push(choice); // covers an element, which has a part
  return [...parts.values()];
}

function withoutDominatedChoices(instance: Instance): Instance {
  const { choices } = instance;
  const bound = boundOf(instance);
  const lists = byElement(choices, bound);
  const sets = choices.map(({ covers }) => bitsOf(covers, bound));
  const gone = new Uint8Array(choices.length);
  choices.forEach((choice, i) => {
    const { covers, cost } = choice;
    const rarest = covers.reduce((least, element) => {
      return lists[element]!.length < lists[least]!.length ? element : least; // elements are below the bound
    });
    const isDominated = lists[rarest]!.some((j) => {
      if (i === j || gone[j] === 1) return false;
      const other = choices[j]!; // j is a place in the list
      if (other.cost > cost || other.covers.length < covers.length) return false;
      if (other.cost === cost && other.covers.length === covers.length && other.id > choice.id) return false;
      return isWithin(sets[i]!, sets[j]!);
    });
    if (isDominated) gone[i] = 1;
  });
  const some = choices.filter((_, i) => gone[i] === 0);
  const cheapest = cheapestOf(some, bound);
  const left = some.filter((choice, i) => {
    if (choice.covers.length === 1) return true;
    const others = new Set(choice.covers.map((element) => cheapest[element]!)); // something covers it, if only this choice
    if (others.has(i) || others.size === 1) return true;
    let sum = 0;
    for (const other of others) sum += some[other]!.cost; // a place in the list
    return sum > choice.cost; // INVARIANT cheaper-parts: each of several others costs less, so no two choices go for each other's sake
  });
  return left.length === choices.length ? instance : { ...instance, choices: left };
}

/** For each element the place of the cheapest choice that covers it. */
function cheapestOf(choices: readonly Choice[], bound: number): Int32Array {
  const cheapest = new Int32Array(bound).fill(-1);
  choices.forEach(({ covers, cost }, i) => {
    for (const element of covers) {
      const other = cheapest[element]!; // elements are below the bound
      if (other < 0 || cost < choices[other]!.cost) cheapest[element] = i;
    }
  });
  return cheapest;
}

function withoutDominatedElements(instance: Instance): Instance {
  const { elements, choices } = instance;
  const bound = boundOf(instance);
  const lists = byElement(choices, bound);
  const gone = new Uint8Array(bound);
  const counts = new Int32Array(bound);
  let isAny = false;
  for (const element of elements) {
    const list = lists[element]!; // elements are below the bound, here and below
    if (gone[element] === 1 || list.length === 0) continue;
    const touched: number[] = [];
    for (const place of list) {
      for (const other of choices[place]!.covers) if (counts[other]!++ === 0) touched.push(other);
    }
    for (const other of touched) {
      if (other !== element && counts[other] === list.length && gone[other] === 0) {
        gone[other] = 1;
        isAny = true;
      }
      counts[other] = 0;
    }
  }
  return isAny ? without(instance, (element) => gone[element] === 1) : instance;
}

function bitsOf(elements: readonly number[], bound: number): Uint32Array {
  const bits = new Uint32Array((bound + 31) >>> 5);
  for (const element of elements) bits[element >>> 5]! |= 1 << (element & 31); // below the bound
  return bits;
}

function isWithin(narrow: Uint32Array, wide: Uint32Array): boolean {
  for (let i = 0; i < narrow.length; i++) if ((narrow[i]! & ~wide[i]!) !== 0) return false; // equally long
  return true;
}
