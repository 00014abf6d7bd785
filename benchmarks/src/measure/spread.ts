/** What several rounds of one measurement came to. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** @throws RangeError without values */
export function spreadOf(values: readonly number[]): Spread {
  return { median: median(values), min: Math.min(...values), max: Math.max(...values) };
}

/** The middle value; of an even number of values the mean of the two in the middle. O(n log n). */
export function median(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  if (sorted.length === 0) throw new RangeError("no values");
  const middle = sorted.length >> 1;
  const upper = sorted[middle]!; // there are values
  return sorted.length % 2 === 1 ? upper : (sorted[middle - 1]! + upper) / 2; // an even number of them: two at least
}

/** The least value that a share of all values does not exceed (nearest rank). `share` in (0, 1]. */
export function percentile(values: ArrayLike<number>, share: number): number {
  const sorted = Float64Array.from(values).sort();
  if (sorted.length === 0) throw new RangeError("no values");
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!; // inside, as share is at most 1
}
