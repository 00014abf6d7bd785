import { type IntervalSet, firstRunEndingAfter, intervalSetOf, subtract } from "../interval/interval-set.ts";
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
 * skipped; safety is asked of its interval, hence of characters, never of words. Their first actions ascend, so what is wanted and
 * what is blocked are walked through beside them. O(nodes visited + runs).
 */
export function coverByPrefixes(trie: CatalogTrie, query: CoverQuery): PrefixCover {
  const { wanted, blocked, hi } = query;
  const nodes: number[] = [];
  const covered: number[] = [];
  let nextWanted = firstRunEndingAfter(wanted, query.lo);
  let nextBlocked = firstRunEndingAfter(blocked, query.lo);
  let node = firstNodeFrom(trie, query.lo);
  while (node < trie.nodeCount && trie.nodeLo[node]! < hi) {
    const from = trie.nodeLo[node]!; // node < nodeCount, here and below
    const to = trie.nodeHi[node]!;
    nextWanted = firstRunBeyond(wanted, nextWanted, from);
    nextBlocked = firstRunBeyond(blocked, nextBlocked, from);
    if (!begins(wanted, nextWanted, to)) {
      node = trie.nodeEnd[node]!;
    } else if (begins(blocked, nextBlocked, to) || query.isUnsafe?.(node) === true) {
      node++;
    } else {
      nodes.push(node);
      covered.push(from, to);
      node = trie.nodeEnd[node]!;
    }
  }
  return { nodes, rest: subtract(wanted, intervalSetOf(covered)) };
}

/** The place of the first run at or behind `place` that ends behind `id`. */
function firstRunBeyond(set: IntervalSet, place: number, id: number): number {
  let at = place;
  while (at < set.length && set[at + 1]! <= id) at += 2; // bounds come in pairs
  return at;
}

/** Whether there is a run at `place`, and it begins before `end`. */
function begins(set: IntervalSet, place: number, end: number): boolean {
  return place < set.length && set[place]! < end;
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
