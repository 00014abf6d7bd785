import { type IntervalSet, intervalSetOf, overlaps, subtract } from "../interval/interval-set.ts";
import type { CatalogTrie } from "../trie/trie.ts";

/** What covers a set of actions: word prefixes (node numbers, ascending) and the actions that no safe prefix covers. */
export interface PrefixCover {
  readonly nodes: readonly number[];
  readonly rest: IntervalSet;
}

export interface CoverQuery {
  /** The actions to cover; all inside `[lo, hi)`. */
  readonly wanted: IntervalSet;
  /** The actions that no chosen prefix may cover. */
  readonly blocked: IntervalSet;
  /** Prefixes are looked for among those whose first action is inside `[lo, hi)`. */
  readonly lo: number;
  readonly hi: number;
  /** A further reason why a node's prefix is not safe. */
  readonly isUnsafe?: (node: number) => boolean;
}

/**
 * The shortest safe word prefixes (SEMANTICS 2.4 and 3): for every wanted action the shortest one that covers it and nothing
 * that is blocked. Nodes are walked in pre-order, so a prefix is met before everything it covers and a chosen one's subtree is
 * skipped; safety is asked of its interval, hence of characters, never of words. O(nodes visited × log runs).
 */
export function coverByPrefixes(trie: CatalogTrie, query: CoverQuery): PrefixCover {
  const { wanted, blocked, hi } = query;
  const nodes: number[] = [];
  const covered: number[] = [];
  let node = firstNodeFrom(trie, query.lo);
  while (node < trie.nodeCount && trie.nodeLo[node]! < hi) {
    const from = trie.nodeLo[node]!; // node < nodeCount, here and below
    const to = trie.nodeHi[node]!;
    if (!overlaps(wanted, from, to)) {
      node = trie.nodeEnd[node]!;
    } else if (overlaps(blocked, from, to) || query.isUnsafe?.(node) === true) {
      node++;
    } else {
      nodes.push(node);
      covered.push(from, to);
      node = trie.nodeEnd[node]!;
    }
  }
  return { nodes, rest: subtract(wanted, intervalSetOf(covered)) };
}

function firstNodeFrom(trie: CatalogTrie, lo: number): number {
  let low = 0;
  let high = trie.nodeCount;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (trie.nodeLo[middle]! < lo)
      low = middle + 1; // middle < nodeCount
    else high = middle;
  }
  return low;
}
