import { type Choice, type Instance, boundOf, byElement, costOf } from "./choice.ts";

/** How little a cover can cost, a cover that costs little, and what tells which choices matter. */
export interface Bound {
  /** No cover costs less. */
  readonly lower: number;
  readonly cover: readonly Choice[];
  readonly cost: number;
  /** By place among the choices: how much dearer than `lower` a cover gets by taking it (above 0) or leaving it (below 0). */
  readonly reduced: Float64Array;
}

/** Rounds without a better bound after which steps are halved. */
const PATIENCE = 8;
const SMALLEST_STEP = 0.005;

/**
 * Bounds the cheapest cover by Lagrangian relaxation: each element bears a price, a choice costs what the prices of its elements do
 * not pay, and whatever the prices, their sum and the choices that are overpaid bound every cover from below. Prices are bettered by
 * subgradient steps; on the way, covers are completed greedily by what choices cost at these prices.
 *
 * Only sums, products and quotients in a fixed order, so the same everywhere. O(rounds × covers), and a greedy cover every few.
 */
export function boundOn(instance: Instance, rounds: number): Bound {
  const { elements, choices } = instance;
  const lists = byElement(choices, boundOf(instance));
  const prices = new Float64Array(lists.length);
  for (const element of elements) prices[element] = leastShare(choices, lists[element]!); // elements are below the bound
  const needs = new Int32Array(lists.length);
  const reduced = new Float64Array(choices.length);
  let cover = greedyCover(instance);
  let cost = costOf(cover);
  let lower = -Infinity;
  let best = reduced.slice();
  let step = 1;
  let patience = PATIENCE;
  for (let round = 0; round < rounds && step >= SMALLEST_STEP; round++) {
    const value = priced(instance, prices, reduced, needs);
    if (value > lower) {
      lower = value;
      best = reduced.slice();
      patience = PATIENCE;
    } else if (--patience === 0) {
      step /= 2;
      patience = PATIENCE;
    }
    if (round % 5 === 0) {
      const other = greedyCover(instance, reduced);
      const otherCost = costOf(other);
      if (otherCost < cost) [cover, cost] = [other, otherCost];
    }
    if (Math.ceil(lower - EPSILON) >= cost) break;
    let square = 0;
    for (const element of elements) square += needs[element]! * needs[element]!; // elements are below the bound, here and below
    if (square === 0) break; // what the prices choose is a cover of its own, so nothing is cheaper
    const size = (step * (1.02 * cost - value)) / square;
    for (const element of elements) prices[element] = Math.max(0, prices[element]! + size * needs[element]!);
  }
  return { lower, cover, cost, reduced: best };
}

/** What rounding of doubles may add to a bound. */
export const EPSILON = 1e-6;

/** A bound at once: every element bears the least share of what a choice costs for each that it covers. */
export function quickBound(instance: Instance): number {
  const lists = byElement(instance.choices, boundOf(instance));
  return instance.elements.reduce((sum, element) => sum + leastShare(instance.choices, lists[element]!), 0); // below the bound
}

function leastShare(choices: readonly Choice[], places: readonly number[]): number {
  return places.reduce((least, place) => {
    const { cost, covers } = choices[place]!; // places are those of choices
    return Math.min(least, cost / covers.length);
  }, Infinity);
}

/** The bound that these prices give; sets what each choice costs at them, and by how many choices each element goes short. */
function priced(
  { elements, choices }: Instance,
  prices: Float64Array,
  reduced: Float64Array,
  needs: Int32Array,
): number {
  let value = 0;
  for (const element of elements) {
    value += prices[element]!; // below the bound, here and below
    needs[element] = 1;
  }
  choices.forEach(({ cost, covers }, place) => {
    let left = cost;
    for (const element of covers) left -= prices[element]!;
    reduced[place] = left;
    if (left >= 0) return;
    value += left;
    for (const element of covers) needs[element]!--;
  });
  return value;
}

/**
 * A cover: again and again whatever costs least for each element that it newly covers, then without what the others cover. With
 * `reduced`, what is overpaid comes first and choices cost that much.
 */
export function greedyCover({ elements, choices }: Instance, reduced?: Float64Array): readonly Choice[] {
  const open = new Set(elements);
  const chosen: number[] = [];
  const take = (place: number): void => {
    chosen.push(place);
    for (const element of choices[place]!.covers) open.delete(element); // place is one of a choice, here and below
  };
  if (reduced !== undefined) choices.forEach((_, place) => reduced[place]! < 0 && take(place));
  const fresh = choices.map(({ covers }) => covers.reduce((count, element) => count + Number(open.has(element)), 0));
  const priceOf = (place: number): number => Math.max(reduced?.[place] ?? choices[place]!.cost, EPSILON);
  // INVARIANT scores-rise: what a choice newly covers only shrinks, so an old score is a lower bound of the new one
  const scores = Float64Array.from(choices, (_, place) => priceOf(place) / fresh[place]!);
  const queue = choices.map((_, place) => place).sort((a, b) => scores[a]! - scores[b]! || a - b);
  while (open.size > 0) {
    let best = -1;
    let score = Infinity;
    for (let i = 0; i < queue.length; i++) {
      const place = queue[i]!; // i is inside
      if (scores[place]! >= score) break;
      const count = choices[place]!.covers.reduce((sum, element) => sum + Number(open.has(element)), 0);
      const fresher = priceOf(place) / count;
      scores[place] = fresher;
      if (fresher < score) [best, score] = [place, fresher];
    }
    take(best);
    queue.sort((a, b) => scores[a]! - scores[b]! || a - b);
  }
  return withoutNeedless(chosen.map((place) => choices[place]!));
}

/** Without those all of whose elements others cover, the dearest looked at first. Ascending by id. */
function withoutNeedless(chosen: readonly Choice[]): readonly Choice[] {
  const counts = new Map<number, number>();
  for (const { covers } of chosen) for (const element of covers) counts.set(element, (counts.get(element) ?? 0) + 1);
  const left = new Set(chosen);
  for (const choice of [...chosen].sort((a, b) => b.cost - a.cost || b.id - a.id)) {
    if (choice.covers.some((element) => counts.get(element) === 1)) continue;
    left.delete(choice);
    for (const element of choice.covers) counts.set(element, counts.get(element)! - 1); // counted above
  }
  return [...left].sort((a, b) => a.id - b.id);
}
