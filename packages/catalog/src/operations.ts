import { createHash } from "node:crypto";
import { type CatalogTrie, fold } from "@leastwise/core";

/** An API operation and the actions that a call of it is authorized by, as a source names them. */
export interface Operation {
  /** `service:Operation` */
  readonly operation: string;
  /** `service:Name`, of any service. */
  readonly actions: readonly string[];
}

/** Operations by folded name with those of their actions that the catalog has; without any the operation is left out. O(operations). */
export function operationsOf(
  trie: CatalogTrie,
  operations: readonly Operation[],
): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, Set<string>>();
  for (const { operation, actions } of operations) {
    const known = actions.map((action) => trie.find(action)).filter((id) => id >= 0);
    if (known.length === 0) continue;
    const key = fold(operation);
    const names = found.get(key) ?? new Set(); // two sources may speak of one operation: what either names may be in use
    for (const id of known) names.add(trie.name(id));
    found.set(key, names);
  }
  return new Map([...found].map(([key, names]) => [key, [...names].sort()]));
}

/** SHA-256 over the sorted lines `service:operation<TAB>action<TAB>action…`, each ended by a line feed; empty where there are none. */
export function operationsHash(operations: ReadonlyMap<string, readonly string[]>): string {
  if (operations.size === 0) return "";
  const lines = Array.from(operations, ([operation, actions]) => `${[operation, ...actions].join("\t")}\n`).sort();
  return createHash("sha256").update(lines.join("")).digest("hex");
}
