import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ids } from "../src/interval/interval-set.ts";
import { fold } from "../src/pattern/fold.ts";
import { matches, parsePattern } from "../src/pattern/pattern.ts";
import type { Statement } from "../src/policy/document.ts";
import { grantedBy, readStatement } from "../src/policy/grant.ts";
import { matchedBy } from "../src/policy/matched.ts";
import { catalogOf } from "./catalog.ts";
import { foldedByHand, regExpOf } from "./globs.ts";

const trie = catalogOf([
  "s3:GetObject",
  "s3:GetObjectAcl",
  "s3:GetObjectTagging",
  "s3:PutObjectTagging",
  "s3-outposts:GetObject",
  "sqs:GetQueueUrl",
  "sns:GetTopicAttributes",
]);
const names = Array.from({ length: trie.actionCount }, (_, id) => trie.name(id));

function actionsOf(entry: string): readonly string[] {
  return Array.from(ids(matchedBy(trie, parsePattern(entry))), (id) => trie.name(id));
}

describe("matchedBy", () => {
  it.each([
    ["s3:GetObject", ["s3:GetObject"]],
    ["S3:GETOBJECT", ["s3:GetObject"]],
    ["s3:GetObjec", []],
    ["s3:GetObject*", ["s3:GetObject", "s3:GetObjectAcl", "s3:GetObjectTagging"]],
    ["s3:List*", []],
    ["s3:*Tagging", ["s3:GetObjectTagging", "s3:PutObjectTagging"]],
    ["s3*:GetObject", ["s3-outposts:GetObject", "s3:GetObject"]],
    ["s?s:Get*", ["sns:GetTopicAttributes", "sqs:GetQueueUrl"]],
    ["*", names],
    ["**", names],
    ["", []],
  ])("%j: %j", (entry, expected) => {
    expect(actionsOf(entry)).toEqual(expected);
  });

  it("agrees with going through all names, whatever the pattern, and is canonical", () => {
    const pieces = fc.constantFrom("*", "*", "?", "s", "s3", ":", "Get", "get", "Object", "Tagging", "q", "é");
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 6 }), (parts) => {
        const entry = parts.join("");
        const regExp = regExpOf(entry);
        expect(actionsOf(entry)).toEqual(names.filter((name) => regExp.test(foldedByHand(name))));
        const bounds = matchedBy(trie, parsePattern(entry));
        expect(bounds).toEqual([...new Set(bounds)].sort((a, b) => a - b));
      }),
      { seed: 2024, numRuns: 3000 },
    );
  });
});

it("a pattern's end meets no character of the text, whatever its code", () => {
  expect(matches(parsePattern("?*"), "a\u0001")).toBe(true);
  expect(matches(parsePattern("s3:*x*"), "s3:x\u0001\u0000")).toBe(true);
  expect(matches(parsePattern("s3:*x"), "s3:x\u0001")).toBe(false);
});

function idsStartingWith(head: string): readonly number[] {
  return Array.from({ length: trie.actionCount }, (_, id) => id).filter((id) => fold(trie.name(id)).startsWith(head));
}

describe("readStatement", () => {
  it("is each entry's pattern, what they match, together too, and the names that the catalog lacks", () => {
    for (const entries of [
      ["s3:Get*"],
      ["S3:GET*", "s3:Get*"],
      ["s3:Retired", "*Tagging", "s3:GetObject", "s3:Zzz*"],
      [],
    ]) {
      const read = readStatement(trie, { Effect: "Allow", Action: entries });
      const matched = entries.map((entry) => matchedBy(trie, parsePattern(entry)));
      expect(read.entries).toEqual(entries);
      expect(read.read.map(({ pattern }) => pattern)).toEqual(entries.map(parsePattern));
      expect(read.read.map((entry) => entry.matched)).toEqual(matched);
      for (const { pattern, lo, hi } of read.read.filter(({ pattern: { kind } }) => kind !== "literal"))
        expect([...ids([lo, hi])]).toEqual(idsStartingWith(pattern.folded.slice(0, pattern.headLength)));
      expect([...ids(read.matched)]).toEqual(
        [...new Set(matched.flatMap((set) => Array.from(ids(set))))].sort((a, b) => a - b),
      );
      expect(read.unknown).toEqual(entries.filter((entry) => entry === "s3:Retired"));
    }
  });

  it("reads NotAction as it reads Action, a string as it reads a list of one", () => {
    const read = readStatement(trie, { Effect: "Allow", Action: ["s3:Get*"] });
    expect(readStatement(trie, { Effect: "Allow", NotAction: "s3:Get*" })).toEqual(read);
    expect(readStatement(trie, { Effect: "Deny", Action: "s3:Get*" })).toEqual(read);
  });

  it("remembers nothing from one catalog to the next", () => {
    const statement: Statement = { Effect: "Allow", Action: "s3:GetObject*" };
    const other = catalogOf(["s3:GetObjectAcl"]);
    expect(readStatement(trie, statement).matched).toEqual([1, 4]);
    expect(readStatement(other, statement).matched).toEqual([0, 1]);
    expect(readStatement(trie, statement).matched).toEqual([1, 4]);
  });

  it("is right beyond what it remembers", () => {
    const many = Array.from({ length: 100_001 }, (_, i) => `s3:Get${i}`);
    const read = readStatement(trie, { Effect: "Allow", Action: [...many, "s3:Get*", "s3:GetObject"] });
    expect(read.unknown).toEqual(many);
    expect(read.matched).toEqual([1, 4]);
    expect(readStatement(trie, { Effect: "Allow", Action: "s3:GetObject" }).matched).toEqual([1, 2]);
  });
});

const granted = (...statements: readonly Statement[]): readonly string[] =>
  Array.from(ids(grantedBy(trie, { Statement: statements })), (id) => trie.name(id));

describe("grantedBy", () => {
  it("everything that some Allow statement grants, whatever its resources", () => {
    expect(
      granted(
        { Effect: "Allow", Action: ["sqs:*", "s3:GetObject"], Resource: "x" },
        { Effect: "Allow", Action: "sns:*" },
      ),
    ).toEqual(["s3:GetObject", "sns:GetTopicAttributes", "sqs:GetQueueUrl"]);
  });

  it("of a NotAction, what its entries do not match together", () => {
    expect(granted({ Effect: "Allow", NotAction: ["s3*:*", "sns:*"] })).toEqual(["sqs:GetQueueUrl"]);
  });

  it("what a Deny holds is not granted by it, and not taken away", () => {
    expect(granted({ Effect: "Deny", Action: "*" }, { Effect: "Allow", Action: "sqs:*" })).toEqual(["sqs:GetQueueUrl"]);
  });

  it("a single statement that stands in no list", () => {
    expect(grantedBy(trie, { Statement: { Effect: "Allow", Action: "*" } })).toEqual([0, names.length]);
  });
});
