import { describe, expect, it } from "vitest";
import { comparePolicies } from "../src/compare/compare-policies.ts";
import type { PolicyDocument, Statement } from "../src/policy/document.ts";
import { catalogOf } from "./catalog.ts";

const trie = catalogOf(["s3:GetObject", "s3:GetObjectAcl", "s3:ListBucket", "s3:PutObject"]);

function policy(...statements: readonly Partial<Statement>[]): PolicyDocument {
  return {
    Version: "2012-10-17",
    Statement: statements.map((statement) => Object.assign({ Effect: "Allow" as const, Resource: "*" }, statement)),
  };
}

function compared(a: PolicyDocument | null, b: PolicyDocument | null): readonly unknown[] {
  const { verdict, firstOnly, secondOnly } = comparePolicies(trie, a, b);
  const back = comparePolicies(trie, b, a);
  expect([back.firstOnly, back.secondOnly]).toEqual([secondOnly, firstOnly]);
  const turned = { tighter: "looser", looser: "tighter" }[verdict as "tighter"] ?? verdict;
  expect(back.verdict).toBe(turned);
  const names = (bounds: readonly number[]): readonly string[] =>
    bounds.flatMap((lo, i) =>
      i % 2 === 0 ? Array.from({ length: bounds[i + 1]! - lo }, (_, n) => trie.name(lo + n)) : [],
    ); // bounds come in pairs
  return [verdict, names(firstOnly), names(secondOnly)];
}

describe("two policies side by side", () => {
  it("are the same whatever the order and case of actions, the order of keys, and lists of one", () => {
    const a = policy({ Action: ["s3:GetObject", "S3:listbucket"] });
    const b = {
      Statement: [{ Resource: ["*"], Action: ["s3:ListBucket", "s3:GetObject"], Effect: "Allow" as const }],
      Version: "2012-10-17",
    };
    expect(compared(a, b)).toEqual(["same", [], []]);
    expect(compared(null, null)).toEqual(["same", [], []]);
  });

  it("differ in form where they grant the same actions by other entries or other statements", () => {
    expect(
      compared(policy({ Action: "s3:GetObject*" }), policy({ Action: ["s3:GetObject", "s3:GetObjectAcl"] })),
    ).toEqual(["different-in-form", [], []]);
    expect(
      compared(
        policy({ Action: "s3:Get*" }, { Action: "s3:PutObject" }),
        policy({ Sid: "All", Action: ["s3:Get*", "s3:PutObject"] }),
      ),
    ).toEqual(["different-in-form", [], []]);
    expect(compared(policy({ NotAction: ["s3:Get*", "s3:PutObject"] }), policy({ Action: "s3:ListBucket" }))).toEqual([
      "different-in-form",
      [],
      [],
    ]);
  });

  it("are tighter and looser by the actions that only one grants", () => {
    expect(compared(policy({ Action: "s3:GetObject" }), policy({ Action: "s3:Get*" }))).toEqual([
      "tighter",
      [],
      ["s3:GetObjectAcl"],
    ]);
    expect(compared(null, policy({ Action: "s3:PutObject" }))).toEqual(["tighter", [], ["s3:PutObject"]]);
    expect(
      compared(
        policy({ Action: ["s3:GetObject", "s3:PutObject"] }),
        policy({ Action: ["s3:GetObject", "s3:ListBucket"] }),
      ),
    ).toEqual(["different", ["s3:PutObject"], ["s3:ListBucket"]]);
  });

  it("grant an action on one resource or condition and not on another", () => {
    const here = policy({ Action: "s3:GetObject", Resource: "arn:aws:s3:::here/*" });
    const there = policy({ Action: "s3:GetObject", Resource: "arn:aws:s3:::there/*" });
    expect(compared(here, there)).toEqual(["different", ["s3:GetObject"], ["s3:GetObject"]]);
    const onlyMfa = policy({ Action: "s3:GetObject", Condition: { Bool: { "aws:MultiFactorAuthPresent": "true" } } });
    expect(compared(onlyMfa, policy({ Action: "s3:GetObject" }))[0]).toBe("different");
  });

  it("count what a Deny takes away", () => {
    const deny = policy({ Action: "s3:*" }, { Effect: "Deny", Action: "s3:PutObject" });
    expect(compared(deny, policy({ Action: "s3:*" }))).toEqual(["tighter", [], ["s3:PutObject"]]);
  });

  it("take lists in any order for the same, and an absent element for another than an empty one", () => {
    const two = policy({ Action: ["s3:PutObject", "s3:GetObject"], Resource: ["b", "a"] });
    expect(compared(two, policy({ Action: ["s3:GetObject", "s3:PutObject"], Resource: ["a", "b"] }))[0]).toBe("same");
    expect(
      compared(
        policy({ Action: "s3:GetObject" }, { Action: "s3:PutObject" }),
        policy({ Action: "s3:PutObject" }, { Action: "s3:GetObject" }),
      )[0],
    ).toBe("different-in-form");
  });

  it("see the same unknown names on both sides as the same, and none in what NotAction leaves out", () => {
    const names = ["s3:GetNew", "s3:GetObject"];
    expect(compared(policy({ Action: names }), policy({ Action: [...names, "s3:PutObject"] }))).toEqual([
      "tighter",
      [],
      ["s3:PutObject"],
    ]);
    expect(compared(policy({ NotAction: ["s3:GetNew"] }), policy({ Action: "s3:*" }))).toEqual([
      "different-in-form",
      [],
      [],
    ]);
  });

  it("see an action that the catalog lacks", () => {
    expect(compared(policy({ Action: ["s3:GetObject", "s3:GetNew"] }), policy({ Action: "s3:GetObject" }))).toEqual([
      "looser",
      [],
      [],
    ]);
  });
});
