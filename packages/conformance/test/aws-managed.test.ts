/**
 * The latest version of every policy that AWS manages, through the engine as a worker runs it and through the reference.
 *
 * `LEASTWISE_LONG=1 npx vitest run packages/conformance/test/aws-managed.test.ts` takes every version that there has been, each
 * with every kind of unused set; `npm run prove` does so too.
 */
import { builtInCatalog } from "@leastwise/catalog";
import {
  CatalogTrie,
  DEFAULT_OPTIONS,
  type Engine,
  type PolicyDocument,
  type RefinementOptions,
  type Shard,
  type Unused,
  Verifier,
  canonicalOptions,
  refineShard,
  unusedOf,
} from "@leastwise/core";
import { describe, expect, test } from "vitest";
import { disagreement } from "../src/differential.ts";
import { managedDocumentCount, managedDocuments } from "../src/documents/managed.ts";
import { UNUSED_KINDS, unusedSetOf } from "../src/documents/unused-sets.ts";
import { engine } from "../src/engine.ts";
import { fold, statementsOf } from "../src/laws/plainly.ts";
import { actionsOf } from "./catalogs.ts";

const LONG = process.env["LEASTWISE_LONG"] !== undefined;
const TIMEOUT = LONG ? 3_600_000 : 120_000;
const LATEST_VERSIONS = 1_594;

interface Question {
  readonly name: string;
  readonly policy: PolicyDocument;
  readonly unused: Unused;
}

const { trie } = builtInCatalog();
const catalog = actionsOf(trie);
const worker: Engine = { trie, verifier: new Verifier(catalog) };
const documents = managedDocuments().filter(({ isLatest }) => LONG || isLatest);
const questions = documents.map(({ name, policy }, seed): Question => {
  return { name, policy, unused: unusedSetOf("share", seed, trie, policy) };
});

describe("all documents, about two fifths of what each grants unused", () => {
  test("every one is refined and verified, none is refused", { timeout: TIMEOUT }, () => {
    const { units } = refineShard(worker, shardOf(questions));
    expect(units).toHaveLength(LONG ? managedDocumentCount : LATEST_VERSIONS);
    expect(units.filter(({ ok }) => !ok)).toEqual([]);

    const results = units.filter((unit) => unit.ok);
    const changed = results.filter(({ recommendedAction }) => recommendedAction !== "NONE").length;
    const removed = sum(results.map(({ grants }) => grants.removed));
    const before = sum(results.map(({ grants }) => grants.before));
    console.log(`${units.length} documents, ${changed} change, ${removed} of ${before} grants removed`);
    expect(changed).toBeGreaterThan(0.8 * units.length);
    expect(removed).toBeGreaterThan(0.35 * before);
    expect(removed).toBeLessThan(0.45 * before);
  });

  test("in other shards, in another order, by another engine: the same outcomes", { timeout: TIMEOUT }, () => {
    const other: Engine = { trie: new CatalogTrie(trie.buffer), verifier: new Verifier(catalog.toReversed()) };
    const whole = refineShard(worker, shardOf(questions)).units;
    const places = [...questions.keys()].sort((a, b) => (a % 97) - (b % 97) || a - b);
    for (let start = 0; start < places.length; start += 89) {
      const part = places.slice(start, start + 89);
      const { units } = refineShard(other, shardOf(part.map((place) => questions[place]!))); // places are those of the questions
      const expected = part.map((place, unitId) => Object.assign({}, whole[place], { unitId }));
      expect(units).toEqual(expected);
      expect(JSON.stringify(units)).toBe(JSON.stringify(expected));
    }
  });
});

test.each(UNUSED_KINDS)(
  "engine, reference and verifier agree on documents, unused: %s",
  { timeout: TIMEOUT },
  (kind) => {
    const kinds = UNUSED_KINDS.length;
    const some = documents.filter(
      (_, place) => LONG || place % kinds === UNUSED_KINDS.indexOf(kind) || kind === "share",
    );
    const changed = some.filter(({ name, policy }, seed) => {
      const unused = unusedSetOf(kind, seed, trie, policy);
      expect(disagreementOn({ name, policy, unused })).toBe("");
      return engine.refine({ catalog, policy, unused, options: DEFAULT_OPTIONS }).recommendedAction !== "NONE";
    });
    expect(changed.length).toBeGreaterThan((kind === "few" ? 0.3 : 0.5) * some.length);
  },
);

test(
  "they agree with options too: every second service by names, every second statement with a Sid kept",
  { timeout: TIMEOUT },
  () => {
    const services = [...new Set(catalog.map((action) => fold(action.replace(/:.*/, ""))))].sort();
    const exact = services.filter((_, place) => place % 2 === 0).map((service) => [service, "exact"] as const);
    let keeping = 0;
    let naming = 0;
    documents.forEach(({ name, policy }, seed) => {
      if (!LONG && seed % 4 !== 1) return;
      const sids = statementsOf(policy).flatMap(({ Sid }) => (Sid === undefined || Sid === "" ? [] : [Sid]));
      const keptSids = sids.filter((_, place) => place % 2 === 0);
      const options = canonicalOptions({ granularity: "word", services: exact, keptSids });
      const unused = unusedSetOf("share", seed, trie, policy);
      expect(disagreementOn({ name, policy, unused }, options)).toBe("");
      const texts = [options, { ...options, keptSids: [] }, { ...options, services: [] }].map((given) =>
        JSON.stringify(engine.refine({ catalog, policy, unused, options: given }).policy),
      );
      if (texts[0] !== texts[1]) keeping++;
      if (texts[0] !== texts[2]) naming++;
    });
    expect(keeping).toBeGreaterThan(50);
    expect(naming).toBeGreaterThan(15);
  },
);

describe("the largest", () => {
  test("document: 152 KB, 4,533 entries", () => {
    const policy = latestOf("AWSSupportServiceRolePolicy");
    expect(JSON.stringify(policy)).toHaveLength(152_297);
    const unused = unusedSetOf("share", 3, trie, policy);
    expect(refineShard(worker, shardOf([{ policy, unused }])).units).toMatchObject([
      { ok: true, recommendedAction: "CREATE_POLICY" },
    ]);
    expect(disagreementOn({ name: "AWSSupportServiceRolePolicy", policy, unused })).toBe("");
  });

  test("grant: AdministratorAccess with every second action unused", () => {
    const policy = latestOf("AdministratorAccess");
    const halves = catalog
      .filter((_, place) => place % 2 === 0)
      .map((action) => ({ service: action.replace(/:.*/, ""), actions: [action.replace(/.*:/, "")] }));
    const unused = unusedOf(halves);
    expect(refineShard(worker, shardOf([{ policy, unused }])).units).toMatchObject([
      { ok: true, recommendedAction: "CREATE_POLICY", grants: { before: catalog.length, removed: halves.length } },
    ]);
    expect(disagreementOn({ name: "AdministratorAccess", policy, unused })).toBe("");
  });
});

test("the unused sets are what they are called", () => {
  const policy = latestOf("AdministratorAccess");
  const known = new Set(catalog.map(fold));
  const shareOf = (unused: Unused): number =>
    sum(unused.map(({ service, names }) => names.filter((name) => known.has(`${service}:${name}`)).length)) /
    catalog.length;
  const [share, services, few, most] = UNUSED_KINDS.map((kind) => unusedSetOf(kind, 1, trie, policy)); // there are four kinds, so none below is missing
  expect(shareOf(most!)).toBeGreaterThan(0.8);
  expect(shareOf(share!)).toBeLessThan(0.5);
  expect(shareOf(few!)).toBeLessThan(0.1);
  expect(
    few!.flatMap(({ service, names }) => names.map((name) => `${service}:${name}`)).some((one) => !known.has(one)),
  ).toBe(true);
  expect(services!.length).toBeGreaterThan(100);
  expect(services!.every(({ service, whole, names }) => whole && (names.length === 0 || service === "iam"))).toBe(true);
});

function latestOf(policyName: string): PolicyDocument {
  return documents.find(({ name, isLatest }) => isLatest && name.startsWith(`${policyName} `))!.policy; // the package has every latest version
}

/** One shard that asks each question once; a question's place is its unit's id. */
function shardOf(asked: readonly Omit<Question, "name">[]): Shard {
  return {
    catalog: trie.contentHash,
    options: DEFAULT_OPTIONS,
    origin: { engineVersion: 1, catalogSource: "made up", catalogDate: "" },
    documents: asked.map(({ policy }) => ({ text: JSON.stringify(policy), wantsGrants: false })),
    unused: asked.map(({ unused }) => JSON.stringify(unused)),
    units: asked.map((_, place) => ({ unitId: place, document: place, unused: place })),
  };
}

function disagreementOn({ name, policy, unused }: Question, options: RefinementOptions = DEFAULT_OPTIONS): string {
  const breach = disagreement(engine, { policy, unused, catalog, options });
  return breach === null ? "" : `${name}: ${breach.what}\nunused: ${JSON.stringify(unused)}`;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
