/**
 * How large AWS's managed policies are in each form (SEMANTICS 9), with usage drawn by a seed.
 *
 * `LEASTWISE_LONG=1 npx vitest run packages/conformance/test/sizes.test.ts` takes all four kinds of unused set.
 */
import { builtInCatalog } from "@leastwise/catalog";
import { DEFAULT_OPTIONS, type RefinementOptions, Verifier, refineShard } from "@leastwise/core";
import { expect, test } from "vitest";
import { managedDocuments } from "../src/documents/managed.ts";
import { FORMS, sizesByForm } from "../src/documents/sizes.ts";
import { UNUSED_KINDS, unusedSetOf } from "../src/documents/unused-sets.ts";
import { actionsOf } from "./catalogs.ts";

const KINDS = process.env["LEASTWISE_LONG"] === undefined ? UNUSED_KINDS.slice(0, 1) : UNUSED_KINDS;
/** IAM's limit for a managed policy. */
const LIMIT = 6_144;
const TIMEOUT = 3_600_000;

const { trie } = builtInCatalog();
const documents = managedDocuments().filter(({ isLatest }) => isLatest);

test.each(KINDS)("no form takes more than the one before it, unused: %s", { timeout: TIMEOUT }, (kind) => {
  const sizes = documents.map(({ policy }, seed) => sizesByForm(trie, policy, unusedSetOf(kind, seed, trie, policy)));
  console.log(tableOf(kind, sizes));
  for (const forms of sizes) {
    const characters = forms.map((form) => form.characters);
    expect(characters).toEqual([...characters].sort((a, b) => b - a));
  }
  const [fitted, proven] = (["fitted", "proven"] as const).map((what) =>
    sum(sizes.map((forms) => forms.at(-1)![what])),
  ); // three forms
  expect(proven).toBeGreaterThan(0.99 * fitted!); // two sums
});

test("the verifier passes every one of them", { timeout: TIMEOUT }, () => {
  const engine = { trie, verifier: new Verifier(actionsOf(trie)) };
  for (const fit of FORMS.slice(1)) {
    const options: RefinementOptions = { ...DEFAULT_OPTIONS, fit: fit! }; // the first is that of word prefixes
    const { units } = refineShard(engine, {
      catalog: trie.contentHash,
      options,
      origin: { engineVersion: 1, catalogSource: "made up", catalogDate: "" },
      documents: documents.map(({ policy }) => ({ text: JSON.stringify(policy), wantsGrants: false })),
      unused: documents.map(({ policy }, seed) => JSON.stringify(unusedSetOf("share", seed, trie, policy))),
      units: documents.map((_, place) => ({ unitId: place, document: place, unused: place })),
    });
    expect(units.filter(({ ok }) => !ok)).toEqual([]);
  }
});

type Sizes = readonly (readonly { readonly characters: number; readonly fitted: number; readonly proven: number }[])[];

function tableOf(kind: string, sizes: Sizes): string {
  const large = sizes.filter(([prefixes]) => prefixes!.characters > LIMIT); // there are three forms, here and below
  const rows = FORMS.map((fit, i) => {
    const of = (list: Sizes, what: "characters" | "fitted" | "proven"): number =>
      sum(list.map((forms) => forms[i]![what]));
    const fits = large.filter((forms) => forms[i]!.characters <= LIMIT).length;
    const cells = [of(sizes, "characters"), of(large, "characters"), fits, of(sizes, "fitted"), of(sizes, "proven")];
    return [(fit?.form ?? "prefixes").padEnd(12), ...cells.map((cell) => String(cell).padStart(12))].join("");
  });
  const heads = ["all", "large", "large fit", "statements", "proven"].map((head) => head.padStart(12)).join("");
  return [
    `unused: ${kind}, ${sizes.length} documents, ${large.length} of more than ${LIMIT} characters`,
    `${"".padEnd(12)}${heads}`,
    ...rows,
  ].join("\n");
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
