import type { Catalog } from "@leastwise/catalog";
import { type CatalogTrie, fold } from "@leastwise/core";
import { type KnownActions, mapEvent } from "@leastwise/evidence";
import type { PlanInput } from "@leastwise/store";
import { trackedBy } from "../catalogs/tracked-by.ts";
import type { Settings } from "../config/settings.ts";

/** What the plan needs of a catalog: which actions it has, which of them AWS tracks, and what CloudTrail's names stand for. */
export function planInput(catalog: Catalog, settings: Settings): PlanInput {
  const { trie, operations } = catalog;
  const known = knownActions(trie);
  return {
    settings,
    trie,
    tracked: trackedBy(trie),
    mapEvent: (eventSource, eventName) => mapEvent(known, operations, eventSource, eventName),
  };
}

function knownActions(trie: CatalogTrie): KnownActions {
  const services = new Set(Array.from({ length: trie.serviceCount }, (_, index) => fold(trie.service(index))));
  return {
    hasService: (service) => services.has(fold(service)),
    find: (service, name) => {
      const id = trie.findIn(fold(service), fold(name));
      return id < 0 ? undefined : trie.name(id);
    },
  };
}
