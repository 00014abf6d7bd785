import { isTracked } from "@leastwise/catalog";
import { type CatalogTrie, type Tracked, fold } from "@leastwise/core";

/** The actions of a catalog that AWS tracks. Few inputs need them, so they are found when somebody first asks, in O(actions). */
export function trackedBy(trie: CatalogTrie): Tracked {
  let tracked: ReadonlyMap<string, readonly string[]> | undefined;
  return (service) => {
    tracked ??= trackedActions(trie);
    return tracked.get(fold(service));
  };
}

/** Bare names by folded service. */
function trackedActions(trie: CatalogTrie): ReadonlyMap<string, readonly string[]> {
  const tracked = new Map<string, string[]>();
  for (let id = 0; id < trie.actionCount; id++) {
    if (!isTracked(trie, id)) continue;
    const [service = "", name = ""] = trie.name(id).split(":");
    const known = tracked.get(fold(service));
    if (known === undefined) tracked.set(fold(service), [name]);
    else known.push(name);
  }
  return tracked;
}
