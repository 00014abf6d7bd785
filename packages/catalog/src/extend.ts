import { fold } from "@leastwise/core";
import { type ActionSource, type Catalog, type CatalogSource, accessLevel, isTracked } from "./catalog.ts";

/**
 * A catalog with what another source adds: services and actions that it lacks, access levels that it does not know, tracked actions
 * and operations. Nothing that the catalog says is taken back. O(actions of both).
 */
export function extended(catalog: Catalog, more: CatalogSource): CatalogSource {
  const { trie } = catalog;
  const services = new Map<string, string>();
  for (let index = 0; index < trie.serviceCount; index++) services.set(fold(trie.service(index)), trie.service(index));
  for (const service of more.services) if (!services.has(fold(service))) services.set(fold(service), service);
  const actions = new Map<string, ActionSource>();
  for (let id = 0; id < trie.actionCount; id++) {
    const action = trie.name(id);
    actions.set(fold(action), { action, accessLevel: accessLevel(trie, id), tracked: isTracked(trie, id) });
  }
  for (const action of more.actions) {
    const key = fold(action.action);
    const known = actions.get(key);
    actions.set(key, known === undefined ? action : joined(known, action));
  }
  const operations = Array.from(catalog.operations, ([operation, names]) => ({ operation, actions: names }));
  return {
    source: `${catalog.source} + ${more.source}`,
    date: catalog.date,
    services: [...services.values()],
    actions: [...actions.values()],
    operations: [...operations, ...(more.operations ?? [])],
  };
}

/** What two sources say of one action: spelling and level of the first where it has them, tracked where either says so. */
export function joined(known: ActionSource, more: ActionSource): ActionSource {
  return {
    action: known.action,
    accessLevel: known.accessLevel === "Unknown" ? more.accessLevel : known.accessLevel,
    tracked: known.tracked === true || more.tracked === true,
  };
}
