/** What of a policy is shown, and beside what. */
import { describe, expect, test } from "vitest";
import type { AlignedEntry } from "@leastwise/api";
import { type Line, foldEntries, tally } from "../src/policy/fold.ts";
import { textRows } from "../src/policy/text-rows.ts";

const kept = (name: string): AlignedEntry => ({ is: "kept", before: name, after: name });
const removed = (name: string): AlignedEntry => ({ is: "removed", before: name, evidence: [] });
const many = (count: number): AlignedEntry[] => Array.from({ length: count }, (_, at) => kept(`s3:Get${at}`));

const between = (count: number): readonly AlignedEntry[] => [
  ...many(7),
  removed("a:B"),
  ...many(count),
  removed("a:C"),
];

/** Entries by their place, folds by how many they hold. */
const shape = (lines: readonly Line[]): readonly (number | string)[] =>
  lines.map((line) => (line.is === "entry" ? line.at : `${line.entries.length} from ${line.from}`));

describe("folding", () => {
  test("what does not change is folded, but for two entries beside a change", () => {
    expect(shape(foldEntries([...many(10), removed("s3:Put"), ...many(10)]))).toEqual([
      "8 from 0",
      8,
      9,
      10,
      11,
      12,
      "8 from 13",
    ]);
  });

  test("between two changes, from five on", () => {
    expect(shape(foldEntries(between(8)))).toEqual([
      "5 from 0",
      5,
      6,
      ...Array.from({ length: 10 }, (_, at) => 7 + at),
    ]);
    expect(shape(foldEntries(between(9)))).toContain("5 from 10");
  });

  test("nothing is lost and nothing is said twice, wherever changes lie", () => {
    for (let mask = 0; mask < 1 << 14; mask += 7) {
      const entries = Array.from({ length: 14 }, (_, at) =>
        ((mask >> at) & 1) === 1 ? removed(`x${at}`) : kept(`x${at}`),
      );
      const shown = foldEntries(entries).flatMap((line) => (line.is === "entry" ? [line.entry] : line.entries));
      expect(shown).toEqual(entries);
      const folded = foldEntries(entries).flatMap((line) => (line.is === "fold" ? line.entries : []));
      expect(folded.every(({ is }) => is === "kept")).toBe(true);
    }
  });

  test("twelve entries are short enough as they are; of thirteen that stay all are folded", () => {
    expect(shape(foldEntries(many(12)))).toHaveLength(12);
    expect(shape(foldEntries(many(13)))).toEqual(["13 from 0"]);
  });

  test("a search shows the entries that contain it, case ignored, what comes in their place too", () => {
    const replaced: AlignedEntry = {
      is: "replaced",
      before: "s3:*",
      after: ["s3:GetObject"],
      evidence: [],
      hasTree: true,
    };
    const added: AlignedEntry = { is: "added", after: ["s3:getBucketAcl"], evidence: [] };
    expect(shape(foldEntries([...many(20), replaced, removed("sqs:Send"), added], "GETOB"))).toEqual([20]);
    expect(shape(foldEntries([...many(20), replaced, removed("sqs:Send"), added], "acl"))).toEqual([22]);
  });
});

test("a sum of each kind: what a replaced entry becomes counts one by one", () => {
  const replaced: AlignedEntry = {
    is: "replaced",
    before: "s3:*",
    after: ["s3:Get*", "s3:List*"],
    evidence: [],
    hasTree: true,
  };
  expect(tally([kept("a:A"), kept("a:B"), removed("a:C"), replaced])).toEqual({
    kept: 2,
    removed: 1,
    replaced: 1,
    added: 2,
  });
});

const rows = (before: string, after: string): readonly (readonly [string | null, string | null])[] =>
  textRows(before, after).map((row) => [
    row.before === null ? null : `${row.before.number} ${row.before.text}`,
    row.after === null ? null : `${row.after.number} ${row.after.text}`,
  ]);

describe("two texts beside each other", () => {
  test("what is the same stands in one row, with the number of each side", () => {
    expect(rows("a\nb\nc\n", "a\nc\nd\n")).toEqual([
      ["1 a", "1 a"],
      ["2 b", null],
      ["3 c", "2 c"],
      [null, "3 d"],
    ]);
  });

  test("what comes for something stands beside it", () => {
    expect(rows("a\nb\n", "a\nx\ny\n")).toEqual([
      ["1 a", "1 a"],
      ["2 b", "2 x"],
      [null, "3 y"],
    ]);
  });

  test("the last line needs no end, and nothing is nothing", () => {
    expect(rows("a", "a\n")).toEqual([["1 a", "1 a"]]);
    expect(rows("a\n", "")).toEqual([["1 a", null]]);
  });
});
