/**
 * Part of a list, in its order, that is still broken and of which nothing can be left out by itself. Leaves out halves first,
 * then smaller and smaller runs: O(log n) checks where one item matters, O(n²) where every one does.
 *
 * Source: Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing Input" (2002), complements only.
 */
export function fewest<T>(list: readonly T[], isBroken: (left: readonly T[]) => boolean): readonly T[] {
  let left = list;
  let run = Math.ceil(list.length / 2);
  while (left.length > 0) {
    const before = left;
    for (let start = 0; start < left.length;) {
      const without = [...left.slice(0, start), ...left.slice(start + run)];
      if (isBroken(without)) left = without;
      else start += run;
    }
    if (run > 1) run = Math.ceil(Math.min(run, left.length) / 2);
    else if (left === before) return left;
  }
  return left;
}
