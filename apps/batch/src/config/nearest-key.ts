/**
 * The key that somebody probably meant: the one with the fewest letters typed wrong, left out, too many or swapped with the next, case
 * ignored; of equally near ones the first. Undefined where none is near: more than a third of the letters would have to change.
 */
export function nearestKey(key: string, keys: readonly string[]): string | undefined {
  let nearest: string | undefined;
  let least = Infinity;
  for (const candidate of keys) {
    const longer = Math.max(key.length, candidate.length);
    const most = Math.max(1, Math.floor(longer / 3));
    if (longer - Math.min(key.length, candidate.length) > most) continue; // so many letters are missing at least
    const distance = editDistance(key.toLowerCase(), candidate.toLowerCase());
    if (distance <= most && distance < least) {
      nearest = candidate;
      least = distance;
    }
  }
  return nearest;
}

/**
 * Damerau-Levenshtein distance, no part edited twice (optimal string alignment): how many insertions, deletions, replacements and swaps
 * of neighbours make one text the other. O(a.length × b.length).
 */
export function editDistance(a: string, b: string): number {
  let twoAbove: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = above[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1); // rows are b.length + 1 long, here and below
      let least = Math.min(replaced, above[j]! + 1, row[j - 1]! + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, twoAbove[j - 2]! + 1);
      row.push(least);
    }
    twoAbove = above;
    above = row;
  }
  return above[b.length]!; // the row's last
}
