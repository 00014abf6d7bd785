import { EMPTY, type IntervalSet, intervalSetOf, subtract } from "../interval/interval-set.ts";
import { fold } from "../pattern/fold.ts";
import type { CatalogTrie } from "../trie/trie.ts";
import type { RefinementOptions } from "./options.ts";

const known = new WeakMap<CatalogTrie, WeakMap<RefinementOptions, IntervalSet>>();

/**
 * The actions of the services whose actions are written by their exact names. No prefix is ever chosen for one of them, and none that
 * is chosen for another covers one.
 *
 * INVARIANT prefix-in-service: a word prefix holds a whole service and its colon, so what it covers is of one service; where one action
 * of it is to be named, all are.
 *
 * O(services × log actions), once for each pair of catalog and options.
 */
export function exactActions(trie: CatalogTrie, options: RefinementOptions): IntervalSet {
  let ofTrie = known.get(trie);
  if (ofTrie === undefined) known.set(trie, (ofTrie = new WeakMap()));
  let exact = ofTrie.get(options);
  if (exact === undefined) ofTrie.set(options, (exact = computed(trie, options)));
  return exact;
}

function computed(trie: CatalogTrie, { granularity, services }: RefinementOptions): IntervalSet {
  const others: number[] = [];
  for (const [service, of] of new Map(services.map(([name, own]) => [fold(name), own]))) {
    if (of === granularity) continue;
    const lo = trie.lowerBound(`${service}:`);
    others.push(lo, trie.upperBound(`${service}:`, lo));
  }
  const different = others.length === 0 ? EMPTY : intervalSetOf(others);
  return granularity === "word" ? different : subtract(intervalSetOf([0, trie.actionCount]), different);
}
