import {
  CatalogTrie,
  type Granularity,
  type PolicyDocument,
  type Unused,
  type Verifier,
  buildImage,
  fold,
  refinePolicy,
  resolveUnused,
} from "@leastwise/core";
import { type GeneratedCase, type ReferenceResult, referenceRefine } from "../src/index.ts";

/** What the engine and the reference are both asked, and how both answer. */
export type Question = Pick<GeneratedCase, "catalog" | "policy" | "unused" | "granularity">;
export type Refiner = (question: Question) => ReferenceResult;

/** Both implementations, to run a law or an example on each. */
export const REFINERS: readonly (readonly [name: string, refine: Refiner])[] = [
  ["engine", ({ catalog, ...rest }) => engineRefine(trieOf(catalog), rest)],
  ["reference", askReference],
];

export function askReference({ policy, unused, catalog, granularity }: Question): ReferenceResult {
  return referenceRefine(policy, unused, catalog, granularity);
}

export function engineRefine(
  trie: CatalogTrie,
  question: { readonly policy: PolicyDocument; readonly unused: Unused; readonly granularity: Granularity },
): ReferenceResult {
  const { policy, unused, granularity } = question;
  const { recommendedAction: action, policy: after } = refinePolicy(
    trie,
    resolveUnused(trie, unused),
    granularity,
    policy,
  );
  return { action, policy: after };
}

/** A trie over any list of actions, kept as long as the list. */
export function trieOf(catalog: readonly string[]): CatalogTrie {
  const trie = tries.get(catalog) ?? new CatalogTrie(imageOf(catalog));
  tries.set(catalog, trie);
  return trie;
}

const tries = new WeakMap<readonly string[], CatalogTrie>();

export function imageOf(catalog: readonly string[]): ArrayBufferLike {
  const services = catalog.map((action) => action.slice(0, action.indexOf(":")));
  return buildImage({
    services: [...new Map(services.map((service) => [fold(service), service])).values()],
    actions: catalog.map((action) => ({ action, level: 0 })),
    contentHash: "0".repeat(64),
    label: " made up",
  });
}

export function catalogOf(trie: CatalogTrie): string[] {
  return Array.from({ length: trie.actionCount }, (_, id) => trie.name(id));
}

export interface Comparison {
  readonly action: ReferenceResult["action"];
  /** Where the two differ, or the verifier refuses what they say or counts otherwise, in words; null where all three agree. */
  readonly difference: string | null;
}

/** Asks the engine, the reference and the verifier; compares recommended action, the document's text and the counts. */
export function compare(question: Question, trie: CatalogTrie, verifier: Verifier): Comparison {
  const { policy: before, unused, granularity } = question;
  const { action, policy: after } = askReference(question);
  const engine = refinePolicy(trie, resolveUnused(trie, unused), granularity, before);
  const text = JSON.stringify(after);
  const engineText = JSON.stringify(engine.policy);
  if (engine.recommendedAction !== action || engineText !== text) {
    const difference = [
      "the engine and the reference differ",
      `engine:    ${engine.recommendedAction} ${engineText}`,
      `reference: ${action} ${text}`,
    ];
    return { action, difference: difference.join("\n") };
  }
  const { violations, grants } = verifier.verify({ before, after, recommendedAction: action, unused });
  if (violations.length > 0 || JSON.stringify(grants) !== JSON.stringify(engine.grants)) {
    const difference = [
      "the verifier refuses what both say, or counts otherwise",
      `both:      ${action} ${text}`,
      `engine:    ${JSON.stringify(engine.grants)}`,
      `verifier:  ${JSON.stringify(grants)} ${JSON.stringify(violations)}`,
    ];
    return { action, difference: difference.join("\n") };
  }
  return { action, difference: null };
}
