import { EMPTY, type IntervalSet, intervalSetOf } from "../interval/interval-set.ts";
import { type Pattern, codesOf, matchCodes } from "../pattern/pattern.ts";
import type { CatalogTrie } from "../trie/trie.ts";

/** What an entry matches in a catalog. */
export interface Reach {
  /** C(e): the ids of the actions that it matches. */
  readonly matched: IntervalSet;
  /** The ids `[lo, hi)` of everything that starts with its literal head. */
  readonly lo: number;
  readonly hi: number;
}

/**
 * A literal is one look-up, a trailing `*` two binary searches; any other pattern is tried on everything that starts with its literal
 * head.
 */
export function reachOf(trie: CatalogTrie, pattern: Pattern): Reach {
  if (pattern.kind === "literal") {
    const id = trie.find(pattern.folded);
    return id < 0 ? { matched: EMPTY, lo: 0, hi: 0 } : { matched: [id, id + 1], lo: id, hi: id + 1 };
  }
  const head = pattern.folded.slice(0, pattern.headLength);
  const lo = trie.lowerBound(head);
  const hi = trie.upperBound(head, lo);
  if (pattern.kind === "prefix") return { matched: lo < hi ? [lo, hi] : EMPTY, lo, hi };
  const codes = codesOf(pattern.folded);
  const pairs: number[] = [];
  for (let id = lo; id < hi; id++) {
    if (matchCodes(codes, trie.folded, trie.nameStart[id]!, trie.nameStart[id + 1]!)) pairs.push(id, id + 1); // id is in range
  }
  return { matched: intervalSetOf(pairs), lo, hi };
}

/** C(e) alone. */
export function matchedBy(trie: CatalogTrie, pattern: Pattern): IntervalSet {
  return reachOf(trie, pattern).matched;
}
