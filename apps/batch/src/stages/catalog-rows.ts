import { type Catalog, accessLevel, isTracked } from "@leastwise/catalog";
import type { CatalogRows } from "@leastwise/store";

/** A catalog as rows for the store, in the order of the ids. */
export function catalogRows({ trie, source, date, sha256 }: Catalog): CatalogRows {
  const services = Array.from({ length: trie.serviceCount }, (_, index) => ({
    service: trie.service(index),
    lo: trie.serviceLo(index),
    hi: trie.serviceLo(index + 1),
  }));
  const actions = Array.from({ length: trie.actionCount }, (_, id) => ({
    action: trie.name(id),
    accessLevel: accessLevel(trie, id),
    tracked: isTracked(trie, id),
  }));
  return { sha256, source, date, services, actions };
}
