import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { globPaths, isGlob } from "../src/stages/glob.ts";
import { leastwiseIn, temporaryFolder, write } from "./leastwise.ts";

const folder = temporaryFolder();
for (const name of ["a.json", "b.jsonl", "b.json.gz", ".hidden.json", "in/c.json", "in/deep/d.json", "in/.git/e.json", "x[1].json", "y[2]/f.json", "!g.json"])
  write(folder, name, "{}"); // prettier-ignore
symlinkSync("a.json", join(folder, "link.json"));
symlinkSync("in", join(folder, "linked"));
symlinkSync("..", join(folder, "in", "loop"));

/** What a pattern below the folder matches, without the folder, sorted. */
function matched(pattern: string): readonly string[] {
  return Array.from(globPaths(`${folder}/${pattern}`), (path) => path.slice(folder.length + 1)).sort();
}

describe("a pattern", () => {
  test.each([
    ["*.json", ["!g.json", ".hidden.json", "a.json", "link.json", "x[1].json"]],
    ["*/*.json", ["in/c.json", "y[2]/f.json"]], // a link to a folder is not followed
    ["**/d.json", ["in/deep/d.json"]],
    ["in/**/*.json", ["in/.git/e.json", "in/c.json", "in/deep/d.json"]],
    ["in/**", ["in/.git/e.json", "in/c.json", "in/deep/d.json", "in/loop"]],
    ["{a,b}.json*", ["a.json", "b.json.gz", "b.jsonl"]],
    ["b.json{l,.gz}", ["b.json.gz", "b.jsonl"]],
    ["{in/deep/d,a}.json", ["a.json", "in/deep/d.json"]],
    ["?.json", ["a.json"]],
    ["[!a].jsonl", ["b.jsonl"]],
    ["@(in/c|a).json", ["a.json", "in/c.json"]],
    ["x\\[1\\].js*", ["x[1].json"]],
    ["y\\[2\\]/*.json", ["y[2]/f.json"]],
    ["!g*", ["!g.json"]],
    ["linked/*.json", ["linked/c.json"]], // what is named outright is meant
    ["gone/*.json", []],
    ["a.json/*.json", []],
  ])("`%s` matches %j", (pattern, expected) => {
    expect(matched(pattern)).toEqual(expected);
  });

  test("of the current folder gives paths as they are written there", () => {
    const { code, out } = leastwiseIn(
      { cwd: join(folder, "in") },
      "refine",
      "*.json",
      "../*.jsonl",
      "--db",
      join(folder, "here.db"),
      "--json",
      "--quiet",
    );
    expect(code).toBe(3);
    expect(out).toContain('"files":2');
  });
});

test.each([
  ["*.json", true],
  ["a?.json", true],
  ["[ab].json", true],
  ["{a,b}.json", true],
  ["a.json", false],
  ["exports", false],
])("`%s` is a pattern: %s", (text, expected) => {
  expect(isGlob(text)).toBe(expected);
});
