import { DEFAULT_OPTIONS } from "@leastwise/core";
import { describe, expect, test } from "vitest";
import { type PlannedShard, readShards, shardLimits } from "../src/index.ts";
import {
  CATALOG_SHA256,
  allowing,
  answered,
  file,
  finding,
  newDatabase,
  openShards,
  planned,
  role,
  temporaryFolder,
  together,
  withInline,
} from "./organization.ts";

const folder = temporaryFolder();
const plenty = 1_000_000;
const AUGUST = "2026-08-25T00:00:00.000Z";

/** The shards of an organization with these documents, each on a role of its own. */
function shardsOf(
  documents: readonly ReturnType<typeof allowing>[],
  limits = { units: 100, characters: plenty },
): readonly PlannedShard[] {
  const { db } = newDatabase(folder);
  const roles = documents.map((document, i) => withInline(role(`r${i}`), document));
  const run = planned(db, [file("export.json", together(...roles))]);
  const shards = [...readShards(db, run, limits)];
  db.close();
  return shards;
}

function sizes(shards: readonly PlannedShard[]): readonly number[] {
  return shards.map(({ shard }) => shard.units.length);
}

/** Documents of equal length, all different. */
const five = ["A", "B", "C", "D", "E"].map((letter) => allowing(`s3:Get${letter}`));
const length = five[0]?.text.length ?? 0;

describe("packing", () => {
  test("a small organization is one shard", () => {
    expect(sizes(shardsOf(five))).toEqual([5]);
  });

  test("a shard has at most as many units as the limit says", () => {
    expect(sizes(shardsOf(five, { units: 2, characters: plenty }))).toEqual([2, 2, 1]);
  });

  test("a last page that is full is not followed by an empty shard", () => {
    expect(sizes(shardsOf(five.slice(0, 4), { units: 2, characters: plenty }))).toEqual([2, 2]);
  });

  test("a shard has at most as many characters as the limit says", () => {
    const unused = "[]".length;
    expect(sizes(shardsOf(five, { units: 100, characters: 2 * (length + unused) }))).toEqual([2, 2, 1]);
  });

  test("a unit larger than the limit is a shard of its own, and nothing is lost", () => {
    const large = allowing("s3:GetObject", ...Array.from({ length: 50 }, (_, i) => `s3:Put${i}`));
    const shards = shardsOf([...five.slice(0, 2), large, ...five.slice(2)], { units: 100, characters: 3 * length });
    const alone = shards.find(({ shard }) => shard.documents.some(({ text }) => text === large.text));
    expect(alone?.shard.units).toHaveLength(1);
    expect(sizes(shards).reduce((sum, size) => sum + size, 0)).toBe(6);
  });

  test("an organization without attachments has no shard", () => {
    expect(shardsOf([])).toEqual([]);
  });

  test("every unit comes once, whatever the limits", () => {
    const all = shardsOf(five, { units: 2, characters: 3 * length }).flatMap(({ shard }) => shard.units);
    expect(new Set(all.map(({ unitId }) => unitId)).size).toBe(5);
    expect(all).toHaveLength(5);
  });
});

test("a large run is cut into large shards, a small one finely enough for every thread to have some", () => {
  expect(shardLimits(10).units).toBe(16);
  expect(shardLimits(64 * 100).units).toBe(100);
  expect(shardLimits(10_000_000).units).toBe(256);
});

describe("what a shard holds", () => {
  const a = role("a");
  const b = role("b");
  const baseline = allowing("s3:*");
  const own = allowing("sqs:*");

  test("a document and a set of unused actions go in once, however many units need them", () => {
    const { db } = newDatabase(folder);
    const usage = [finding(a, "f1", AUGUST, { s3: ["PutObject"] })]; // a and b differ in evidence, both have both documents
    const said = together(withInline(a, baseline, own), withInline(b, baseline, own));
    const run = planned(db, [file("export.json", { ...said, usage })]);
    const [only, ...others] = openShards(db, run);
    expect(others).toEqual([]);
    expect(only?.shard.units).toHaveLength(4);
    expect(only?.shard.documents.map(({ text }) => text).sort()).toEqual([baseline.text, own.text].sort());
    expect(only?.shard.unused).toHaveLength(2);
    expect(only?.documentIds).toHaveLength(2);
    expect(only?.shard).toMatchObject({ catalog: CATALOG_SHA256, options: DEFAULT_OPTIONS });
    db.close();
  });

  test("it can be sent to another thread as it is", () => {
    const [shard] = shardsOf(five);
    expect(structuredClone(shard?.shard)).toEqual(shard?.shard);
  });

  test("what a document grants is asked once, also over runs", () => {
    const { db } = newDatabase(folder);
    const first = planned(db, [file("export.json", withInline(a, baseline))]);
    const wanted = openShards(db, first)[0]?.shard.documents[0]?.wantsGrants;
    answered(db, first);
    const usage = [finding(a, "f1", AUGUST, { s3: ["PutObject"] })];
    const second = planned(db, [file("export.json", { ...withInline(a, baseline), usage })], { runKey: "later" });
    const wantedAgain = openShards(db, second)[0]?.shard.documents[0]?.wantsGrants;
    expect([wanted, wantedAgain]).toEqual([true, false]);
    db.close();
  });

  test("answered units do not come again", () => {
    const { db } = newDatabase(folder);
    const run = planned(db, [file("export.json", withInline(a, baseline))]);
    answered(db, run);
    expect(openShards(db, run)).toEqual([]);
    db.close();
  });
});
