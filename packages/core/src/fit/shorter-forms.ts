/**
 * Which of several documents are written in a shorter form so that their sum is within a limit: as few as can be of the shortest form,
 * and then, with those settled, as few as can be of the form before it.
 *
 * For one step this is exact. Documents that take it save their differences; k of them save at most what the k largest differences come
 * to, so if the k largest are not enough, no k are. Largest savings first, the earlier document of equal ones, gives the least k.
 *
 * @param sizes of each document in each form, in the order of the forms; infinite where a document has none in it
 * @returns the form of each document, or undefined where not even the shortest of all are enough. O(n log n) for each form
 */
export function shorterForms(sizes: readonly (readonly number[])[], limit: number): readonly number[] | undefined {
  const chosen = sizes.map(() => -1);
  const top = Math.max(0, ...sizes.map((of) => of.length - 1));
  let left = limit;
  let open = sizes.map((_, i) => i);
  const least = (i: number, level: number): number => Math.min(...sizes[i]!.slice(0, level + 1)); // a place of the list, here and below
  const settle = (i: number, level: number): void => {
    chosen[i] = sizes[i]!.indexOf(least(i, level));
    left -= least(i, level);
  };
  const sum = (level: number): number => open.reduce((total, i) => total + least(i, level), 0);
  let level = 0;
  while (sum(level) > left) if (++level > top) return undefined;
  for (; level > 0; level--) {
    let excess = sum(level - 1) - left;
    const saving = (i: number): number => least(i, level - 1) - least(i, level);
    const takes = new Set<number>();
    for (const i of open.toSorted((a, b) => saving(b) - saving(a) || a - b)) {
      if (excess <= 0) break;
      excess -= saving(i);
      takes.add(i);
    }
    for (const i of takes) settle(i, level);
    open = open.filter((i) => !takes.has(i));
  }
  for (const i of open) settle(i, 0);
  return chosen;
}
