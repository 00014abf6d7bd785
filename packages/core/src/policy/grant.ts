import { EMPTY, type IntervalSet, intervalSetOf } from "../interval/interval-set.ts";
import { type Pattern, codesOf, matchCodes } from "../pattern/pattern.ts";
import type { CatalogTrie } from "../trie/trie.ts";

/**
 * C(e): the ids of the catalog's actions that an entry matches. A literal is one look-up, a trailing `*` two binary searches;
 * any other pattern is tried on everything that starts with its literal head.
 */
export function matchedBy(trie: CatalogTrie, pattern: Pattern): IntervalSet {
  if (pattern.kind === "literal") {
    const id = trie.find(pattern.folded);
    return id < 0 ? EMPTY : [id, id + 1];
  }
  const [lo, hi] = headInterval(trie, pattern);
  if (pattern.kind === "prefix") return lo < hi ? [lo, hi] : EMPTY;
  const codes = codesOf(pattern.folded);
  const pairs: number[] = [];
  for (let id = lo; id < hi; id++) {
    if (!matchCodes(codes, trie.folded, trie.nameStart[id]!, trie.nameStart[id + 1]!)) continue; // id is in range
    if (pairs.length > 0 && pairs[pairs.length - 1] === id) pairs[pairs.length - 1] = id + 1;
    else pairs.push(id, id + 1);
  }
  return intervalSetOf(pairs);
}

/** The ids `[lo, hi)` of everything that starts with the pattern's literal head. */
export function headInterval(trie: CatalogTrie, pattern: Pattern): readonly [lo: number, hi: number] {
  if (pattern.headLength === 0) return [0, trie.actionCount];
  const head = pattern.folded.slice(0, pattern.headLength);
  const lo = trie.lowerBound(head);
  return [lo, trie.upperBound(head, lo)];
}
