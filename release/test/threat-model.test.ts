import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const PAGE = readFileSync(join(ROOT, "docs/threat-model.md"), "utf8");

/** Tests that the page names: a file, and where it is followed by a colon what a test in it is called, or a part of that. */
const NAMED = [...PAGE.matchAll(/`([\w./-]+\.(?:test\.ts|json))`(?:: "([^"]+)")?/g)].map(
  ([, file = "", title = ""]) => [file, title] as const,
);

test.each(NAMED)("`%s` has the test %j", (file, title) => {
  expect(existsSync(join(ROOT, file))).toBe(true);
  expect(readFileSync(join(ROOT, file), "utf8")).toContain(title);
});

test("every promise has a test", () => {
  const promises = PAGE.slice(PAGE.indexOf("## Promises"), PAGE.indexOf("## Not promised"));
  const rows = promises.split("\n").filter((line) => /^\| (?!promise|-)/.test(line));
  expect(rows.length).toBeGreaterThan(30);
  expect(rows.filter((row) => !/\.test\.ts`|\.oxlintrc\.json`/.test(row))).toEqual([]);
});
