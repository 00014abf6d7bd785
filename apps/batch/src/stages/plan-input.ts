import { type Catalog, isTracked } from "@leastwise/catalog";
import { type CatalogTrie, fold } from "@leastwise/core";
import { type KnownActions, mapEvent } from "@leastwise/evidence";
import type { PlanInput } from "@leastwise/store";
import type { Settings } from "../config/settings.ts";

/** What the plan needs of a catalog: which actions it has, which of them AWS tracks, and what CloudTrail's names stand for. */
export function planInput(catalog: Catalog, settings: Settings): PlanInput {
  const { trie, operations } = catalog;
  const known = knownActions(trie);
  const tracked = trackedActions(trie);
  return {
    settings,
    trie,
    tracked: (service) => tracked.get(fold(service)),
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

/** Bare names by folded service. O(actions). */
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
