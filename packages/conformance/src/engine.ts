import { CatalogTrie, buildImage, fold, refinePolicy, resolveUnused } from "@leastwise/core";
import type { Answer, Question, Refiner } from "./refiner.ts";

/** What ships: the trie and the refiner of core. The trie is kept as long as the catalog's list. */
export const engine: Refiner = { name: "engine", refine };

function refine({ catalog, policy, unused, options }: Question): Answer {
  const trie = trieOf(catalog);
  const {
    recommendedAction,
    policy: after,
    grants,
    changes,
    fitted,
  } = refinePolicy(trie, resolveUnused(trie, unused), options, policy);
  return { recommendedAction, policy: after, grants, changes, fitted };
}

/** A trie over any list of actions; the same one for the same list. */
export function trieOf(catalog: readonly string[]): CatalogTrie {
  const trie = tries.get(catalog) ?? new CatalogTrie(imageOf(catalog));
  tries.set(catalog, trie);
  return trie;
}

const tries = new WeakMap<readonly string[], CatalogTrie>();

/** The catalog image of any list of actions. The hash and the label say that it is made up. */
export function imageOf(catalog: readonly string[]): ArrayBufferLike {
  const services = catalog.map((action) => action.slice(0, action.indexOf(":")));
  return buildImage({
    services: [...new Map(services.map((service) => [fold(service), service])).values()],
    actions: catalog.map((action) => ({ action, level: 0 })),
    contentHash: "0".repeat(64),
    label: " made up",
  });
}
