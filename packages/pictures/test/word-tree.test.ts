import { DEFAULT_OPTIONS } from "@leastwise/core";
import { describe, expect, test } from "vitest";
import { CATALOG_2024, GOLDEN, GOLDEN_UNUSED, drawn, nodeAt, nodesOf, trieOf } from "./trees.ts";

describe("the article's `s3:Get*`", () => {
  const tree = drawn(CATALOG_2024, "s3:Get*", GOLDEN_UNUSED);

  test("has chosen what the article recommends", () => {
    const chosen = nodesOf(tree.root).flatMap(({ entries }) => entries);
    const recommended = GOLDEN.recommended.Statement[1]?.Action.filter((entry) => entry !== "s3:List*");
    expect(chosen).toEqual(recommended);
    expect(tree.replacedBy).toEqual(recommended);
  });

  test("counts what stays and what goes", () => {
    expect(tree.root).toMatchObject({ prefix: "s3:Get", verdict: "mixed", kept: 36, unused: 22, chosen: null });
    expect(nodeAt(tree, "s3:GetBucket")).toMatchObject({ verdict: "unused", kept: 0, unused: 14 });
    expect(nodeAt(tree, "s3:GetMulti")).toMatchObject({ verdict: "safe", chosen: "prefix", kept: 4, unused: 0 });
    expect(nodeAt(tree, "s3:GetJobTagging")).toMatchObject({ chosen: "name", action: "s3:GetJobTagging", kept: 1 });
  });

  test("has words that nothing branches off from as one node, but for where a chosen prefix ends", () => {
    expect(nodeAt(tree, "s3:GetMulti").children.map(({ word }) => word)).toEqual(["RegionAccessPoint"]);
    expect(nodeAt(tree, "s3:GetAccountPublicAccessBlock").word).toBe("AccountPublicAccessBlock");
  });
});

describe("what a picture must not lie about", () => {
  const zoo = trieOf("zoo:GetApe", "zoo:GetApeName", "zoo:GetBear", "zoo:ListApes", "zoo:ListApeNames", "zoo:PutApe");

  test("a reported name that the catalog lacks makes prefixes unsafe, and is shown", () => {
    const tree = drawn(zoo, "zoo:Get*", [{ service: "zoo", actions: ["GetBeaver"] }]);
    expect(tree.replacedBy).toEqual(["zoo:GetApe*", "zoo:GetBear"]);
    expect(tree.root).toMatchObject({ verdict: "mixed", kept: 3, unused: 1 });
    expect(nodeAt(tree, "zoo:getbeaver")).toMatchObject({ verdict: "unused", action: "zoo:getbeaver" });
  });

  test("in a service that is unused whole, what is excepted stays by name and no prefix is safe", () => {
    const apes = trieOf("iam:PassRole", "iam:PassRoleToday", "iam:GetRole");
    const tree = drawn(apes, "iam:*", [{ service: "iam", actions: null }]);
    expect(tree.replacedBy).toEqual(["iam:PassRole"]);
    expect(nodeAt(tree, "iam:PassRole")).toMatchObject({ verdict: "mixed", chosen: "name", kept: 1, unused: 1 });
    const alone = drawn(trieOf("iam:PassRole"), "iam:*", [{ service: "iam", actions: null }]);
    expect(alone.root.verdict).toBe("mixed");
  });

  test("only what the entry matches counts, and each entry stands where its prefix ends", () => {
    const tree = drawn(zoo, "zoo:*Ape*", [{ service: "zoo", actions: ["PutApe", "GetBear"] }]);
    expect(tree.replacedBy).toEqual(["zoo:Get*Ape*", "zoo:List*Ape*"]);
    expect(tree.root).toMatchObject({ kept: 4, unused: 1 });
    expect(nodeAt(tree, "zoo:Get")).toMatchObject({
      verdict: "safe",
      chosen: "prefix",
      entries: ["zoo:Get*Ape*"],
      kept: 2,
    });
  });

  test("a name is a leaf, though longer ones begin with its characters", () => {
    const tree = drawn(zoo, "zoo:List*", []);
    expect(nodeAt(tree, "zoo:ListApe").children.map(({ prefix }) => prefix)).toEqual([
      "zoo:ListApeNames",
      "zoo:ListApes",
    ]);
  });

  test("with exact names no prefix is chosen, safe as it may be", () => {
    const tree = drawn(zoo, "zoo:*", [{ service: "zoo", actions: ["PutApe"] }], {
      ...DEFAULT_OPTIONS,
      granularity: "exact",
    });
    expect(nodeAt(tree, "zoo:Get")).toMatchObject({ verdict: "safe", chosen: null });
    expect(nodesOf(tree.root).filter(({ chosen }) => chosen === "name")).toHaveLength(5);
    expect(nodeAt(tree, "zoo:GetApe")).toMatchObject({ chosen: "name", entries: ["zoo:GetApe"] });
  });

  test("an entry that stays is chosen at its head, one that goes nowhere", () => {
    expect(drawn(zoo, "zoo:Get*", []).root).toMatchObject({ verdict: "safe", chosen: "prefix", entries: ["zoo:Get*"] });
    const gone = drawn(zoo, "zoo:Get*", [{ service: "zoo", actions: null }]);
    expect(gone.root).toMatchObject({ verdict: "unused", kept: 0, unused: 3 });
    expect(nodesOf(gone.root).flatMap(({ entries }) => entries)).toEqual([]);
  });

  test("`*` has services below it; a head inside a word is a node of its own", () => {
    expect(drawn(zoo, "*", []).root).toMatchObject({ prefix: "", entries: ["*"], kept: 6 });
    expect(drawn(zoo, "z*:Get*", [{ service: "zoo", actions: ["GetBear"] }]).root).toMatchObject({
      prefix: "",
      kept: 2,
      unused: 1,
    });
    expect(drawn(zoo, "zoo:GetA*", []).root).toMatchObject({ prefix: "zoo:GetA", chosen: "prefix", kept: 2 });
    expect(drawn(zoo, "*:GetA*", []).root.entries).toEqual(["*:GetA*"]);
  });

  test("an entry without a wildcard is one node, in the catalog or not", () => {
    expect(drawn(zoo, "zoo:PutApe", []).root).toMatchObject({
      action: "zoo:PutApe",
      chosen: "name",
      kept: 1,
      children: [],
    });
    expect(drawn(zoo, "zoo:Unheard", []).root).toMatchObject({ action: "zoo:Unheard", chosen: "name", kept: 1 });
    expect(drawn(zoo, "zoo:Unheard", [{ service: "zoo", actions: ["Unheard"] }]).root).toMatchObject({
      verdict: "unused",
    });
    expect(drawn(zoo, "ark:*", []).root).toMatchObject({ prefix: "ark:", verdict: "safe", kept: 0, unused: 0 });
    expect(drawn(zoo, "ark:*", [{ service: "ark", actions: null }]).root).toMatchObject({ verdict: "unused", kept: 0 });
  });
});
