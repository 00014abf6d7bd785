/** What the verifier demands of generated entries in each form (SEMANTICS 2.4, 3 and 9), beside the laws. */
import { describe, expect, it } from "vitest";
import type { Statement } from "../src/policy/document.ts";
import type { Fit } from "../src/refine/options.ts";
import { type Unused, unusedOf } from "../src/unused/unused.ts";
import { Verifier } from "../src/verify/verifier.ts";

const verifier = new Verifier([
  "s3:DeleteObject",
  "s3:GetBucketTagging",
  "s3:GetDBCluster",
  "s3:GetObject",
  "s3:GetObjectTagging",
  "s3:PutObjectTagging",
  "sqs:ReceiveMessage",
  "x:GetItemTagging",
  "x:GetLineTagging",
  "x:PutItemTagging",
]);

const INNER: Fit = { form: "inner" };
const CHARACTERS: Fit = { form: "characters", shortest: 5 };

/** What is said against `to` as what is left of `from`, without the places. */
function said(
  fit: Fit | undefined,
  element: "Action" | "NotAction",
  from: readonly string[],
  to: readonly string[],
  unused: Unused,
): readonly string[] {
  const of = (entries: readonly string[]): { Statement: Statement[] } => ({
    Statement: [{ Effect: "Allow", [element]: entries, Resource: "*" }],
  });
  const claim = { before: of(from), after: of(to), recommendedAction: "CREATE_POLICY", unused } as const;
  return verifier.verify(fit === undefined ? claim : { ...claim, fit }).violations.map(({ message }) => message);
}

const OTHERS = [
  { service: "s3", actions: ["DeleteObject", "GetObject", "GetDBCluster"] },
  { service: "sqs", actions: ["ReceiveMessage"] },
];
const TAGGING_LEFT = unusedOf(OTHERS);
const UNWHOLE = "is not made of whole words of an action that it matches";
const NEITHER = "is neither made of whole words nor a prefix of 5 characters or more";
const ALONE = "is a pattern for a single action";
const ANOTHER_TAIL = "goes on after its first wildcard as no entry did that stood there";

/** As what is left of `s3:*` where only what has to do with tagging is used. */
function saidOfTagging(fit: Fit | undefined, to: readonly string[]): readonly string[] {
  return said(fit, "Action", ["s3:*"], to, TAGGING_LEFT);
}

describe("of an Action", () => {
  it.each([
    ["three stars", ["s3:*Tagging*"]],
    ["a star before the last word", ["s3:*Tagging"]],
    ["stars in the middle, which may stand for nothing", ["s3:GetBucket*Tagging", "s3:*Object*Tagging"]],
  ])("inner patterns of whole words hold: %s", (_, to) => {
    const left = to.map((text) => (text === "s3:GetBucket*Tagging" ? "s3:GetBucketTagging" : text));
    expect(saidOfTagging(INNER, left)).toEqual([]);
    expect(saidOfTagging(CHARACTERS, to)).toEqual([]);
  });

  it.each([
    ["a star inside a word", ["s3:*agging"], `\`s3:*agging\` ${UNWHOLE}`],
    [
      "a prefix that ends inside a word",
      ["s3:GetBucketTagging", "s3:GetObjectT*", "s3:PutObjectTagging"],
      `\`s3:GetObjectT*\` ${ALONE}`,
    ],
    ["a piece inside a word", ["s3:*tT*"], `\`s3:*tT*\` ${UNWHOLE}`],
    ["the last piece at no end of a word", ["s3:*Tag*"], `\`s3:*Tag*\` ${UNWHOLE}`],
    [
      "pieces in another order",
      ["s3:*Tagging*Object*", "s3:*Tagging"],
      "`s3:*Tagging*Object*` was generated, yet names no service or no action of the catalog",
    ],
    [
      "a question mark",
      ["s3:??????????Tagging", "s3:GetBucketTagging", "s3:GetObjectTagging", "s3:PutObjectTagging"],
      `\`s3:??????????Tagging\` was generated, yet names no service or no action of the catalog`,
    ],
    ["a question mark for a letter", ["s3:*?agging"], `\`s3:*?agging\` ${UNWHOLE}`],
    ["two stars together", ["s3:**Tagging"], `\`s3:**Tagging\` ${UNWHOLE}`],
    ["a pattern for one action", ["s3:*BucketTagging", "s3:*ObjectTagging"], `\`s3:*BucketTagging\` ${ALONE}`],
  ])("not of whole words for two actions or more: %s", (_, to, message) => {
    expect(saidOfTagging(INNER, to)).toEqual([message]);
  });

  it.each([
    [
      "as many as asked for, for one action too",
      ["s3:GetBu*", "s3:GetOb*Tagging", "s3:PutOb*"],
      [`\`s3:GetOb*Tagging\` ${NEITHER}`],
    ],
    ["one fewer", ["s3:GetB*", "s3:*ObjectTagging"], [`\`s3:GetB*\` ${NEITHER}`]],
    ["none fewer", ["s3:GetBu*", "s3:*ObjectTagging"], []],
  ])("prefixes of characters: %s", (_, to, expected) => {
    expect(saidOfTagging(CHARACTERS, to)).toEqual(expected);
  });

  it.each([
    ["an inner star", ["s3:*Tagging"], [`\`s3:*Tagging\` ${ANOTHER_TAIL}`]],
    ["a star for one action", ["s3:GetB*", "s3:GetObjectTagging", "s3:PutObjectTagging"], [`\`s3:GetB*\` ${ALONE}`]],
  ])("where no form that fits was asked for: %s", (_, to, expected) => {
    expect(saidOfTagging(undefined, to)).toEqual(expected);
  });

  it("what an entry requires after a word prefix is of every form, whole words or not", () => {
    const unused = unusedOf([{ service: "x", actions: ["PutItemTagging"] }]);
    const as = (fit: Fit | undefined, to: string): readonly string[] =>
      said(fit, "Action", ["x:*ag*ging"], [to], unused);
    for (const fit of [undefined, INNER, CHARACTERS]) expect(as(fit, "x:Get*ag*ging")).toEqual([]);
    expect(as(INNER, "x:Ge*ag*ging")).toEqual([`\`x:Ge*ag*ging\` ${UNWHOLE}`]);
    expect(as(CHARACTERS, "x:Ge*ag*ging")).toEqual([`\`x:Ge*ag*ging\` ${NEITHER}`]);
  });

  it("words are told apart as the catalog spells them: DB and Cluster, not D and B", () => {
    const unused = unusedOf([{ service: "s3", actions: ["DeleteObject", "PutObjectTagging", "GetBucketTagging"] }]);
    const to = ["s3:GetObject*"];
    expect(said(INNER, "Action", ["s3:*"], [...to, "s3:*DBCluster"], unused)).toEqual([`\`s3:*DBCluster\` ${ALONE}`]);
    expect(said(CHARACTERS, "Action", ["s3:*"], [...to, "s3:*DBCluster"], unused)).toEqual([]);
    expect(said(CHARACTERS, "Action", ["s3:*"], [...to, "s3:*BCluster"], unused)).toEqual([
      `\`s3:*BCluster\` ${NEITHER}`,
    ]);
    expect(said(CHARACTERS, "Action", ["s3:*"], [...to, "s3:*DB*"], unused)).toEqual([]);
  });
});

describe("of a NotAction", () => {
  const unused = unusedOf([{ service: "s3", actions: ["GetBucketTagging", "GetObjectTagging", "PutObjectTagging"] }]);
  const added = (fit: Fit | undefined, ...entries: readonly string[]): readonly string[] =>
    said(fit, "NotAction", ["sqs:*"], ["sqs:*", ...entries], unused);

  it("inner patterns of whole words, once a form that fits is asked for", () => {
    expect(added(INNER, "s3:*Tagging")).toEqual([]);
    expect(added(CHARACTERS, "s3:*Tagging")).toEqual([]);
    expect(added(undefined, "s3:*Tagging")).toEqual([
      "`s3:*Tagging` is neither a name nor a prefix of names of one service",
    ]);
  });

  it("no star inside a word, none for a single action, none that is too short", () => {
    expect(added(INNER, "s3:*agging")).toEqual([`\`s3:*agging\` ${UNWHOLE}`]);
    expect(added(INNER, "s3:*ObjectTagging", "s3:GetB*")).toEqual([`\`s3:GetB*\` ${ALONE}`]);
    expect(added(CHARACTERS, "s3:*ObjectTagging", "s3:GetB*")).toEqual([`\`s3:GetB*\` ${NEITHER}`]);
    expect(added(CHARACTERS, "s3:*ObjectTagging", "s3:GetBu*")).toEqual([]);
  });

  it("nothing that is to stay granted, whatever the form", () => {
    expect(added(INNER, "s3:*Object*", "s3:GetBucketTagging")).toEqual(["`s3:deleteobject` is used and was lost"]);
  });
});
