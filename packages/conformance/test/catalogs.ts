import type { CatalogTrie } from "@leastwise/core";

/** Every action of a catalog, as spelled there. */
export function actionsOf(trie: CatalogTrie): string[] {
  return Array.from({ length: trie.actionCount }, (_, id) => trie.name(id));
}
