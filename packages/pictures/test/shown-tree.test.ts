import { builtInCatalog } from "@leastwise/catalog";
import { type ShownNode, shownTree } from "@leastwise/pictures";
import { describe, expect, test } from "vitest";
import { CATALOG_2024, GOLDEN_UNUSED, drawn } from "./trees.ts";

function nodesOf(node: ShownNode): readonly ShownNode[] {
  return [node, ...node.children.flatMap(nodesOf)];
}

function leavesOf(node: ShownNode): readonly ShownNode[] {
  return nodesOf(node).filter(({ children }) => children.length === 0);
}

function named(shown: ShownNode, prefix: string): ShownNode | undefined {
  return nodesOf(shown).find((node) => node.prefix === prefix && node.is === "node");
}

const { trie } = builtInCatalog();
const few = ["DescribeInstances", "RunInstances", "StopInstances", "CreateTags"];
const used = new Set(few.map((name) => `ec2:${name}`));
const ec2 = Array.from({ length: trie.actionCount }, (_, id) => trie.name(id)).filter((name) =>
  name.startsWith("ec2:"),
);
const unusedOfEc2 = ec2.filter((name) => !used.has(name)).map((name) => name.slice(4));
const tree = drawn(trie, "ec2:*", [{ service: "ec2", actions: unusedOfEc2 }]);

describe("`ec2:*`, of which four actions are used", () => {
  test("shows the four, and folds hundreds that go", () => {
    const shown = shownTree(tree);
    const names = nodesOf(shown).flatMap(({ entries }) => entries);
    expect([...names].sort()).toEqual([...tree.replacedBy].sort());
    expect(leavesOf(shown).length).toBeLessThanOrEqual(60);
    const more = nodesOf(shown).filter(({ is }) => is === "more");
    expect(more.length).toBeGreaterThan(2);
    for (const { verdict, kept, unused, state } of more)
      expect({ verdict, kept, state, isSome: unused > 3 }).toEqual({
        verdict: "unused",
        kept: 0,
        state: "closed",
        isSome: true,
      });
    expect(shown).toMatchObject({ kept: 4, unused: ec2.length - 4 });
  });

  test("a prefix is opened with the way to it, a closed one stays closed", () => {
    expect(named(shownTree(tree), "ec2:DescribeVpcEndpoint")).toBeUndefined();
    const opened = shownTree(tree, { open: ["EC2:describevpcendpoint"] });
    expect(named(opened, "ec2:DescribeVpcEndpoint")?.state).toBe("open");
    expect(named(opened, "ec2:DescribeVpcEndpoint")?.children.length).toBeGreaterThan(2);
    const closed = shownTree(tree, { closed: ["ec2:Describe"] });
    expect(named(closed, "ec2:Describe")).toMatchObject({ state: "closed", children: [], kept: 1 });
    expect(shownTree(tree, { closed: ["ec2:"] })).toMatchObject({ state: "closed", children: [] });
  });

  test("to open what has a row for many shows each of them", () => {
    const opened = shownTree(tree, { open: ["ec2:"] });
    expect(opened.children.filter(({ is }) => is === "more")).toEqual([]);
    expect(opened.children).toHaveLength(tree.root.children.length);
  });

  test("without a limit every action has its row", () => {
    const all = leavesOf(shownTree(tree, { rows: Infinity }));
    expect(all).toHaveLength(ec2.length);
    expect(all.every(({ action, state }) => action !== null && state === "leaf")).toBe(true);
  });
});

test("a tree that fits is shown whole", () => {
  const golden = drawn(CATALOG_2024, "s3:Get*", GOLDEN_UNUSED);
  expect(leavesOf(shownTree(golden))).toHaveLength(58);
  expect(leavesOf(shownTree(golden, { rows: 57 })).length).toBeLessThan(58);
});

test("thousands that are chosen are named up to a limit, and the others counted", () => {
  const some = Array.from({ length: 300 }, (_, i) => trie.name(70 * i));
  const reports = some.map((name) => ({ service: name.split(":")[0] ?? "", actions: [name.split(":")[1] ?? ""] }));
  const everything = drawn(trie, "*", reports);
  const shown = shownTree(everything);
  expect(leavesOf(shown).length).toBeLessThanOrEqual(80);
  const total = leavesOf(shown).reduce((sum, { kept, unused }) => sum + kept + unused, 0);
  expect(total).toBe(trie.actionCount);
  const group = shown.children.find(({ is, chosen }) => is === "more" && chosen === "prefix");
  expect(group?.entries.length).toBeGreaterThan(50);
});

test("an action that longer names begin with has a row of its own", () => {
  const golden = shownTree(drawn(CATALOG_2024, "s3:Get*", GOLDEN_UNUSED));
  const [own] = named(golden, "s3:GetObject")?.children ?? [];
  expect(own).toMatchObject({ is: "itself", action: "s3:GetObject", kept: 1, unused: 0, verdict: "safe" });
});

test("people read whole words where a name branches inside one", () => {
  const shown = shownTree(drawn(trie, "ec2:DescribeInstance*", []), { rows: Infinity });
  const words = leavesOf(shown).flatMap((leaf) => leaf.words);
  expect(words).toContain("Instances");
  expect(words).toContain("Status");
  expect(words).not.toContain("tatus");
});
