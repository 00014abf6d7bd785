import { builtInCatalog } from "@leastwise/catalog";
import { layoutTree, treeSvg, wordTree } from "@leastwise/pictures";
import { NOTHING_UNUSED, resolveUnused } from "@leastwise/core";
import { describe, expect, test } from "vitest";
import { HOSTILE } from "./hostile.ts";
import { CATALOG_2024, GOLDEN_UNUSED, drawn, trieOf } from "./trees.ts";

const golden = drawn(CATALOG_2024, "s3:Get*", GOLDEN_UNUSED);
const ec2 = drawn(builtInCatalog().trie, "ec2:*", [
  { service: "ec2", actions: ["RunInstances", "DescribeVpcs", "CreateTags"] },
]);

/** The elements of an XML text, by name; throws where it is not well-formed. Knows what these pictures may have: no comments, no CDATA. */
function elementsOf(xml: string): readonly string[] {
  const TAG = /<(\/?)([a-z]+)((?: [\w:-]+="[^"<]*")*)(\/?)>/y;
  const TEXT = /(?:[\t\n\r -%'-;=?-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]|&#\d+;)*/uy;
  const open: string[] = [];
  const names: string[] = [];
  let at = 0;
  while (at < xml.length) {
    TAG.lastIndex = at;
    const tag = TAG.exec(xml);
    if (tag === null) throw new Error(`not well-formed at ${at}: ${xml.slice(at, at + 60)}`);
    const [all, isEnd, name = "", , isEmpty] = tag;
    if (isEnd === "/") {
      if (open.pop() !== name) throw new Error(`</${name}> ends nothing`);
    } else {
      names.push(name);
      if (isEmpty !== "/") open.push(name);
    }
    TEXT.lastIndex = at + all.length;
    at += all.length + (TEXT.exec(xml)?.[0].length ?? 0);
  }
  if (open.length > 0) throw new Error(`<${open.join("><")}> never end`);
  return names;
}

const DRAWN = new Set(["svg", "title", "desc", "style", "rect", "text", "g", "path", "circle"]);

describe("a picture", () => {
  test.each([
    ["s3:Get*", golden],
    ["ec2:*", ec2],
    ["nothing removed", drawn(CATALOG_2024, "iam:Get*", [])],
    ["nothing left", drawn(CATALOG_2024, "iam:Get*", [{ service: "iam", actions: null }])],
    ["everything", drawn(CATALOG_2024, "*", GOLDEN_UNUSED)],
  ])("of %s is well-formed, has a title and a description, and nothing that runs or loads", (_, tree) => {
    const svg = treeSvg(tree);
    const names = elementsOf(svg);
    expect(names.slice(0, 3)).toEqual(["svg", "title", "desc"]);
    expect(names.filter((name) => !DRAWN.has(name))).toEqual([]);
    expect(svg).toContain('role="img" aria-labelledby="title desc"');
    expect(svg).not.toMatch(/href|url\(|@import|javascript|<script|\son\w+=/);
    expect(treeSvg(tree)).toBe(svg);
  });

  test("says who reads it aloud what is in the result", () => {
    expect(treeSvg(golden)).toContain(
      '<desc id="desc">36 of 58 actions stay, 22 go; 7 entries in its place: s3:GetAccess*, s3:GetAccountPublicAccessBlock, s3:GetDataAccess, s3:GetJobTagging, s3:GetMulti*, s3:GetObject*, s3:GetStorage*</desc>',
    );
  });

  test("tells by shape and mark, not by colour alone", () => {
    const svg = treeSvg(golden);
    const of = (title: string): string => svg.split("\n").find((line) => line.includes(`<title>${title}`)) ?? "";
    const tick = /d="M[\d.]+ [\d.]+l3 4 6-8"/;
    const cross = /l6 6m0-6l-6 6/;
    expect(of("s3:GetMulti*")).toMatch(tick);
    expect(of("s3:GetMulti*")).toContain('class="chosen"');
    expect(of("s3:GetBucketAcl")).toMatch(cross);
    expect(of("s3:GetBucketAcl")).toContain('class="unused"');
    expect(of("s3:GetObjectAcl")).toContain("<circle");
    expect(of("s3:GetObjectAcl")).not.toMatch(tick);
    expect(svg).toMatch(/\.unused \.box\{[^}]*stroke-dasharray/);
    expect(svg).toContain("prefers-color-scheme:dark");
  });

  test("shows hostile names as text", () => {
    for (const name of HOSTILE) {
      const trie = trieOf("zoo:GetApe", "zoo:GetBear");
      const tree = wordTree(trie, resolveUnused(trie, NOTHING_UNUSED), name, [name]);
      const names = elementsOf(treeSvg(tree));
      expect(names.filter((each) => !DRAWN.has(each))).toEqual([]);
    }
  });

  test("keeps within its frame, however long a name is", () => {
    const long = `zoo:Get${"A1".repeat(500)}`;
    const tree = drawn(trieOf(long, "zoo:GetBear", "zoo:GetBearName"), "zoo:*", [
      { service: "zoo", actions: ["GetBear"] },
    ]);
    const { width, nodes } = layoutTree(tree);
    expect(width).toBeLessThan(1_500);
    expect(nodes.every(({ label }) => label.length <= 44)).toBe(true);
    expect(treeSvg(tree)).toContain(long);
  });
});

describe("a layout", () => {
  test.each([
    ["s3:Get*", golden],
    ["ec2:*", ec2],
  ])("of %s lets nothing overlap, and every child begins behind its parent", (_, tree) => {
    const { nodes, edges, width, height } = layoutTree(tree);
    for (const a of nodes) {
      expect(a.x + a.width).toBeLessThanOrEqual(width);
      expect(a.y).toBeLessThan(height);
      for (const b of nodes) {
        const isApart = a.id === b.id || Math.abs(a.y - b.y) >= 20 || a.x + a.width <= b.x || b.x + b.width <= a.x;
        expect({ a: a.label, b: b.label, isApart }).toEqual({ a: a.label, b: b.label, isApart: true });
      }
    }
    expect(edges).toHaveLength(nodes.length - 1);
    for (const { from, to, x1, x2, y2 } of edges) {
      expect(nodes[to]).toMatchObject({ parent: from, x: x2, y: y2 });
      expect(x1).toBeLessThan(x2);
    }
  });

  test("stands a parent half way between its first and last child", () => {
    const { nodes } = layoutTree(golden);
    const parents = nodes.flatMap((parent) => {
      const ys = nodes.filter((node) => node.parent === parent.id).map(({ y }) => y);
      return ys.length === 0 ? [] : [{ y: parent.y, middle: (Math.min(...ys) + Math.max(...ys)) / 2 }];
    });
    expect(parents.length).toBeGreaterThan(10);
    expect(parents.filter(({ y, middle }) => y !== middle)).toEqual([]);
  });
});
