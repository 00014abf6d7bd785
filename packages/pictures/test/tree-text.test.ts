import { builtInCatalog } from "@leastwise/catalog";
import { NOTHING_UNUSED, resolveUnused } from "@leastwise/core";
import { type TextColours, treeText, wordTree } from "@leastwise/pictures";
import { describe, expect, test } from "vitest";
import { HOSTILE } from "./hostile.ts";
import { CATALOG_2024, GOLDEN_UNUSED, drawn, trieOf } from "./trees.ts";

const zoo = trieOf("zoo:GetApe", "zoo:GetApeName", "zoo:GetBear", "zoo:GetCow", "zoo:PutApe");
const trees = [
  drawn(CATALOG_2024, "s3:Get*", GOLDEN_UNUSED),
  drawn(builtInCatalog().trie, "ec2:*", [{ service: "ec2", actions: ["RunInstances", "DescribeVpcs", "CreateTags"] }]),
  drawn(trieOf(`zoo:Get${"A1".repeat(500)}`, "zoo:GetBear"), "zoo:*", [{ service: "zoo", actions: ["GetBear"] }]),
  drawn(CATALOG_2024, "s3:*Tagging", GOLDEN_UNUSED),
];

test("the tree of a small service", () => {
  const tree = drawn(zoo, "zoo:*", [{ service: "zoo", actions: ["GetBear", "PutApe"] }]);
  expect(treeText(tree, { columns: 80, unicode: true })).toBe(
    [
      "zoo:*",
      "3 of 5 actions stay, 2 go; 2 entries in its place",
      "",
      "◐ zoo:                    3 of 5 stay",
      "├─ ◐ Get                  3 of 4 stay",
      "│  ├─ ✓ Ape*              2 stay",
      "│  │  ├─ · GetApe itself",
      "│  │  └─ · Name",
      "│  ├─ × Bear",
      "│  └─ ✓ Cow",
      "└─ × PutApe",
      "",
      "✓ in the result   · stays   ◐ some stays, some goes   × unused, goes",
      "",
    ].join("\n"),
  );
});

test("the same with ASCII alone", () => {
  const tree = drawn(zoo, "zoo:Get*", [{ service: "zoo", actions: ["GetBear"] }]);
  expect(treeText(tree, { columns: 80, unicode: false })).toContain("|- + Ape*\n".trimEnd());
  for (const each of trees) expect(treeText(each, { columns: 80, unicode: false })).toMatch(/^[\n -~]*$/);
});

function mark(name: string): (text: string) => string {
  return (text) => `<${name}>${text}</${name}>`;
}

/** The line that says what an entry comes to. */
function second(...args: Parameters<typeof drawn>): string | undefined {
  return treeText(drawn(...args), { columns: 80, unicode: true }).split("\n")[1];
}

describe("a line", () => {
  test.each([40, 80, 200])("of %i columns at the most is never longer, nor ends in a blank", (columns) => {
    for (const tree of trees) {
      for (const unicode of [true, false]) {
        const lines = treeText(tree, { columns, unicode, rows: Infinity }).split("\n").slice(3, -3);
        for (const line of lines)
          expect({ line, length: Math.max(columns, line.length) }).toEqual({ line, length: columns });
        expect(lines.filter((line) => line.endsWith(" "))).toEqual([]);
      }
    }
  });

  test("where nothing is cut has a name of a thousand characters", () => {
    expect(treeText(trees[2]!, { columns: null, unicode: true })).toContain("A1".repeat(500)); // there are four
  });

  test("shows an entry that its words do not say", () => {
    expect(treeText(trees[3]!, { columns: 80, unicode: true })).toMatch(/✓ Delete +s3:Delete\*Tagging {2}4 stay/); // there are four
  });

  test("has a sign of its own for each verdict, with and without colours", () => {
    const tree = drawn(zoo, "zoo:*", [{ service: "zoo", actions: ["GetBear", "PutApe"] }]);
    const colours: TextColours = { bold: mark("b"), dim: mark("d"), green: mark("g"), red: mark("r") };
    const text = treeText(tree, { columns: 80, unicode: true, colours });
    expect(text).toContain("<b><g>✓ </g></b><b><g>Cow</g></b>");
    expect(text).toContain("<r>× </r><r>PutApe</r>");
    expect(text).toContain("<g>· </g><g>Name</g>");
    expect(text.replaceAll(/<\/?[bdgr]>/g, "")).toBe(treeText(tree, { columns: 80, unicode: true }));
  });

  test("never prints what would move the cursor or hide things", () => {
    for (const name of HOSTILE) {
      const tree = wordTree(zoo, resolveUnused(zoo, NOTHING_UNUSED), name, [name]);
      const text = treeText(tree, { columns: 80, unicode: true });
      expect(text.match(/[^\n\P{C}]/gu)).toBeNull(); // what is of no category that people see
    }
  });
});

test("what it comes to is said in one line", () => {
  expect(second(zoo, "zoo:Get*", [])).toBe("nothing unused among 4 actions: it stays as it is");
  expect(second(zoo, "zoo:Get*", [{ service: "zoo", actions: null }])).toBe("nothing is left of 4 actions: it goes");
  expect(second(zoo, "zoo:P*", [{ service: "zoo", actions: ["PutApe"] }])).toBe("nothing is left of 1 action: it goes");
  expect(second(zoo, "zoo:GetA*", [{ service: "zoo", actions: ["GetApe"] }])).toBe(
    "1 of 2 actions stays, 1 goes; 1 entry in its place",
  );
});
