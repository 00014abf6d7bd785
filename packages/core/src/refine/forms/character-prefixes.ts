import type { Candidates, ServiceQuery } from "./service-query.ts";

/**
 * Adds for each name the shortest prefix that is safe, inside an entry and has at least `shortest` of its characters behind the service
 * (SEMANTICS 9.2); longer ones cover no more. O(names × (log blocked + name length)).
 */
export function addCharacterPrefixes(query: ServiceQuery, shortest: number, candidates: Candidates): void {
  const { service, names, isInside } = query;
  const blocked = [...query.blocked].sort();
  const prefixes = new Map<string, string>();
  for (const { spelled, folded, element } of names) {
    if (element < 0) continue;
    const least = Math.max(service.length + shortest, 1 + sharedWithAny(blocked, folded));
    for (let length = least; length < folded.length; length++) {
      const prefix = folded.slice(0, length);
      if (!prefixes.has(prefix) && !isInside(`${prefix}*`)) continue;
      if (!prefixes.has(prefix)) prefixes.set(prefix, spelled.slice(0, length));
      break;
    }
  }
  for (const [prefix, spelled] of prefixes) {
    const covers = names.flatMap(({ folded, element }) => (element >= 0 && folded.startsWith(prefix) ? [element] : []));
    candidates.add(`${prefix}*`, covers, `${spelled}*`);
  }
}

/** The most characters that a text starts with in common with any of a sorted list. */
function sharedWithAny(sorted: readonly string[], text: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < text)
      low = middle + 1; // middle is inside
    else high = middle;
  }
  return Math.max(shared(sorted[low - 1], text), shared(sorted[low], text));
}

function shared(other: string | undefined, text: string): number {
  if (other === undefined) return 0;
  let length = 0;
  while (length < text.length && other.charCodeAt(length) === text.charCodeAt(length)) length++;
  return length;
}
