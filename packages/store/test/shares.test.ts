import { hash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { type Share, countUnits, readShards, shareFrom, shareOf, shareText } from "../src/index.ts";
import { allowing, file, newDatabase, planned, role, temporaryFolder, together, withInline } from "./organization.ts";

const folder = temporaryFolder();
const LIMITS = { units: 4, characters: 1_000_000 };

describe("the share of a unit", () => {
  test("hangs on both hashes, by the sum of their first twelve digits", () => {
    const [document, unused] = [`${"0".repeat(11)}5${"f".repeat(52)}`, `${"0".repeat(11)}9${"e".repeat(52)}`];
    expect(shareOf(document, unused, 4)).toBe(((5 + 9) % 4) + 1);
    expect(shareOf(unused, document, 4)).toBe(3);
    expect(shareOf(document, document, 4)).toBe(3);
    expect(shareOf(unused, unused, 4)).toBe(3);
    expect(shareOf(document, unused, 14)).toBe(1);
    expect(shareOf(document, unused, 1)).toBe(1);
    expect(shareOf("f".repeat(64), "f".repeat(64), 1000)).toBe(((2 * (2 ** 48 - 1)) % 1000) + 1);
  });

  test("is any of them about as often", () => {
    const counts = [0, 0, 0, 0, 0, 0, 0];
    for (let i = 0; i < 7000; i++) counts[shareOf(hash("sha256", `${i}`), hash("sha256", "one"), 7) - 1]!++; // from 1 to 7
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });
});

test.each<[string | null, Share | undefined]>([
  ["2/4", { number: 2, of: 4 }],
  ["4/4", { number: 4, of: 4 }],
  ["5/4", undefined],
  ["0/4", undefined],
  ["2/4 ", undefined],
  ["merging", undefined],
  [null, undefined],
])("what a run bears as its share: %s", (text, share) => {
  expect(shareFrom(text)).toEqual(share);
});

test("what a run bears can be read back", () => {
  expect(shareFrom(shareText({ number: 7, of: 1000 }))).toEqual({ number: 7, of: 1000 });
});

test("shares have every unit once, and are counted as they are read", () => {
  const { db } = newDatabase(folder);
  const roles = Array.from({ length: 30 }, (_, i) => withInline(role(`r${i}`), allowing(`s3:Get${i}`)));
  const run = planned(db, [file("export.json", together(...roles))]);
  const all = [...readShards(db, run, LIMITS)].flatMap(({ shard }) => shard.units.map(({ unitId }) => unitId));
  const found = [1, 2, 3].map((number) => {
    const share = { number, of: 3 };
    const shards = [...readShards(db, run, LIMITS, share)];
    const units = shards.flatMap(({ shard }) => shard.units.map(({ unitId }) => unitId));
    expect(units.length).toBeGreaterThan(0);
    expect(units).toEqual([...units].sort((a, b) => a - b));
    expect(countUnits(db, run, share)).toEqual({ asked: units.length, open: units.length, failed: 0 });
    return units;
  });
  db.close();
  expect(found.flat().sort((a, b) => a - b)).toEqual(all);
});
