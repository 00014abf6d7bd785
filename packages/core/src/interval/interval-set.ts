/**
 * Sets of action ids as sorted, disjoint, non-touching half-open runs `[lo, hi)`.
 *
 * Ids follow the catalog's sorted order, so everything that a prefix covers is one run, and what a whole statement
 * grants is a few of them. All functions are pure; a set is never mutated once it has been returned.
 */

/** Flat pairs `lo0, hi0, lo1, hi1, …` with `lo0 < hi0 < lo1 < hi1 …`: the canonical form, so equal sets are equal arrays. */
export type IntervalSet = readonly number[];

export const EMPTY: IntervalSet = [];

/** Bounds below this many keep a pair of them exact in one double. */
const PACK = 2 ** 26;

/**
 * The canonical set of any pairs `lo, hi` in any order, overlapping or empty; bounds below 2^26. O(n) when the pairs ascend by
 * `lo`, as those of a sorted list do, else O(n log n).
 */
export function intervalSetOf(pairs: readonly number[]): IntervalSet {
  if (ascends(pairs)) return merged(pairs);
  const packed = new Float64Array(pairs.length >> 1);
  for (let i = 0; i < packed.length; i++) packed[i] = at(pairs, 2 * i) * PACK + at(pairs, 2 * i + 1);
  packed.sort();
  const sorted: number[] = [];
  for (const pair of packed) {
    const lo = Math.floor(pair / PACK);
    sorted.push(lo, pair - lo * PACK);
  }
  return merged(sorted);
}

/** How many ids the set holds. O(runs). */
export function size(set: IntervalSet): number {
  let total = 0;
  for (let i = 0; i < set.length; i += 2) total += at(set, i + 1) - at(set, i);
  return total;
}

/** Whether `id` is in the set. O(log runs). */
export function contains(set: IntervalSet, id: number): boolean {
  return overlaps(set, id, id + 1);
}

/** Whether the set holds any id of `[lo, hi)`, which is not empty. O(log runs). */
export function overlaps(set: IntervalSet, lo: number, hi: number): boolean {
  const i = firstRunEndingAfter(set, lo);
  return i < set.length && at(set, i) < hi;
}

/** How many ids of `[lo, hi)` the set holds. O(log runs + runs inside). */
export function countIn(set: IntervalSet, lo: number, hi: number): number {
  let total = 0;
  for (let i = firstRunEndingAfter(set, lo); i < set.length && at(set, i) < hi; i += 2) {
    total += Math.min(hi, at(set, i + 1)) - Math.max(lo, at(set, i));
  }
  return total;
}

/** Whether the sets share an id. O(runs of a × log runs of b). */
export function intersects(a: IntervalSet, b: IntervalSet): boolean {
  for (let i = 0; i < a.length; i += 2) if (overlaps(b, at(a, i), at(a, i + 1))) return true;
  return false;
}

/** The ids that both sets hold. O(runs of both). */
export function intersect(a: IntervalSet, b: IntervalSet): IntervalSet {
  const out: number[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    const aHi = at(a, i + 1);
    const bHi = at(b, j + 1);
    const lo = Math.max(at(a, i), at(b, j));
    const hi = Math.min(aHi, bHi);
    if (lo < hi) out.push(lo, hi);
    if (aHi <= bHi) i += 2;
    if (bHi <= aHi) j += 2;
  }
  return out;
}

/** The ids of `a` that `b` does not hold. O(runs of both). */
export function subtract(a: IntervalSet, b: IntervalSet): IntervalSet {
  if (a.length === 0 || b.length === 0) return a;
  const out: number[] = [];
  let j = 0;
  for (let i = 0; i < a.length; i += 2) {
    let lo = at(a, i);
    const hi = at(a, i + 1);
    while (j < b.length && at(b, j + 1) <= lo) j += 2;
    for (let k = j; k < b.length && at(b, k) < hi; k += 2) {
      if (at(b, k) > lo) out.push(lo, at(b, k));
      lo = Math.max(lo, at(b, k + 1));
    }
    if (lo < hi) out.push(lo, hi);
  }
  return out;
}

/** Every id of the set, ascending. */
export function* ids(set: IntervalSet): Generator<number> {
  for (let i = 0; i < set.length; i += 2) {
    const hi = at(set, i + 1);
    for (let id = at(set, i); id < hi; id++) yield id;
  }
}

/** The smallest id of `[lo, hi)` in the set, or -1. O(log runs). */
export function firstIn(set: IntervalSet, lo: number, hi: number): number {
  const i = firstRunEndingAfter(set, lo);
  if (i >= set.length) return -1;
  const id = Math.max(lo, at(set, i));
  return id < hi ? id : -1;
}

function ascends(pairs: readonly number[]): boolean {
  for (let i = 2; i < pairs.length; i += 2) if (at(pairs, i - 2) > at(pairs, i)) return false;
  return true;
}

/** Pairs that ascend by `lo`, as runs. */
function merged(pairs: readonly number[]): IntervalSet {
  const out: number[] = [];
  let end = -1;
  for (let i = 0; i < pairs.length; i += 2) {
    const lo = at(pairs, i);
    const hi = at(pairs, i + 1);
    if (lo >= hi) continue;
    if (lo > end) out.push(lo, hi);
    end = Math.max(end, hi);
    out[out.length - 1] = end;
  }
  return out;
}

/** The place of the first run that ends behind `id`, or the set's length. O(log runs). */
export function firstRunEndingAfter(set: IntervalSet, id: number): number {
  let low = 0;
  let high = set.length >> 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (at(set, 2 * middle + 1) > id) high = middle;
    else low = middle + 1;
  }
  return 2 * low;
}

function at(set: readonly number[], index: number): number {
  return set[index]!; // every caller has checked the index against the length
}
