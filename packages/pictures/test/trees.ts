import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { WordNode, WordTree } from "@leastwise/api";
import { loadCatalog } from "@leastwise/catalog";
import {
  type CatalogTrie,
  DEFAULT_OPTIONS,
  type RefinementOptions,
  type UnusedReport,
  buildImage,
  CatalogTrie as Trie,
  refinePolicy,
  resolveUnused,
  unusedOf,
} from "@leastwise/core";
import { wordTree } from "@leastwise/pictures";

const data = (name: string): string => fileURLToPath(new URL(`../../../test-data/${name}`, import.meta.url));

/** AWS's actions as they were when the article appeared. */
export const CATALOG_2024: CatalogTrie = loadCatalog(data("catalogs/2024.json")).trie;

interface Golden {
  readonly unused: readonly { readonly serviceNamespace: string; readonly actions: readonly string[] }[];
  readonly recommended: { readonly Statement: readonly { readonly Action: readonly string[] }[] };
}

export const GOLDEN: Golden = JSON.parse(readFileSync(data("golden/amazon-science-2024.json"), "utf8")) as Golden; // test data of ours

/** What the article reports unused. */
export const GOLDEN_UNUSED: readonly UnusedReport[] = GOLDEN.unused.map(({ serviceNamespace: service, actions }) => {
  return { service, actions };
});

/** A catalog of these actions, in whatever services. */
export function trieOf(...actions: readonly string[]): CatalogTrie {
  const services = [...new Set(actions.map((action) => action.slice(0, action.indexOf(":"))))];
  const source = {
    services,
    actions: actions.map((action) => ({ action, level: 0 })),
    contentHash: "0".repeat(64),
    label: "test",
  };
  return new Trie(buildImage(source, (bytes) => new ArrayBuffer(bytes)));
}

/** An entry refined as a policy of its own, drawn. */
export function drawn(
  trie: CatalogTrie,
  entry: string,
  report: readonly UnusedReport[],
  options: RefinementOptions = DEFAULT_OPTIONS,
): WordTree {
  const unused = resolveUnused(trie, unusedOf(report));
  const policy = { Statement: { Effect: "Allow" as const, Action: entry, Resource: "*" } };
  const [change] = refinePolicy(trie, unused, options, policy).changes;
  return wordTree(trie, unused, entry, change?.replacedBy ?? [entry]);
}

export function nodesOf(node: WordNode): readonly WordNode[] {
  return [node, ...node.children.flatMap(nodesOf)];
}

/** The node of a prefix; fails where there is none. */
export function nodeAt(tree: WordTree, prefix: string): WordNode {
  const found = nodesOf(tree.root).find((node) => node.prefix === prefix);
  if (found === undefined) throw new Error(`no node ${prefix}`);
  return found;
}
