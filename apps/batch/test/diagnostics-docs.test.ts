import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

/** docs/diagnostics.md has every code that the sources have, and no other. */

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const PAGE = readFileSync(join(ROOT, "docs/diagnostics.md"), "utf8");
const SOURCES = ["packages/core", "packages/evidence", "packages/catalog", "packages/store", "apps/batch"]
  .flatMap((workspace) => {
    const folder = join(ROOT, workspace, "src");
    const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));
    return files.map((name) => readFileSync(join(folder, name), "utf8"));
  })
  .join("\n");

const CODE = "[a-z0-9]+(?:-[a-z0-9]+)+";
/** Codes that no person sees: the reader of images throws them, and its caller says `bug`. */
const INTERNAL = new Set(["not-an-image", "image-version", "image-damaged"]);

/** Codes of the page's questions: docs/api.md has them. */
const OF_API = new Set(["bad-cursor", "bad-parameter", "not-found"]);

/** The codes that a pattern finds, with `CODE` for where they stand. */
function codesBy(pattern: string): readonly string[] {
  const found = SOURCES.matchAll(new RegExp(pattern.replaceAll("CODE", `(${CODE})`), "g"));
  return Array.from(found, ([, code = ""]) => code);
}

function sortedOnce(codes: readonly string[]): readonly string[] {
  return [...new Set(codes)].sort();
}

const refused = codesBy(String.raw`[.#]refuse\(\s*"CODE"`);
const noted = codesBy(String.raw`\.note\(\s*"CODE"`);
const inSql = (severity: string): readonly string[] => codesBy(`'${severity}'(?: AS severity)?, 'CODE'`);
const asFields = codesBy(String.raw`\bcode: "CODE"`);
const thrown = Array.from(SOURCES.matchAll(/(?:Store|Catalog)Error\(\s*"([a-z-]+)"/g), ([, code = ""]) => code);
const united = Array.from(
  SOURCES.matchAll(new RegExp(String.raw`readonly code:((?:\s*\|?\s*"${CODE}")+)`, "g")),
  ([, union = ""]) => Array.from(union.matchAll(/"([^"]+)"/g), ([, code = ""]) => code),
).flat();

const ROWS = Array.from(
  PAGE.matchAll(/^\| `([a-z0-9-]+)` +\| (error|warning|info) /gm),
  ([, code = "", severity = ""]) => ({
    code,
    severity,
  }),
);
const [, own = ""] = /have errors of their own, said in one line: (.*)/s.exec(PAGE) ?? [];
const OWN = Array.from(own.matchAll(/`([a-z-]+)`/g), ([, code = ""]) => code);

test("the patterns find the codes of every kind", () => {
  expect(refused).toContain("unsupported-input");
  expect(noted).toContain("finding-not-active");
  expect(inSql("error")).toContain("stale-evidence");
  expect(asFields).toContain("link-not-followed");
  expect(thrown).toContain("catalog-shape");
  expect(united).toContain("truncated-json");
});

test("the table has every code of a diagnostic, each once", () => {
  const all = [...refused, ...noted, ...["error", "warning", "info"].flatMap(inSql), ...asFields, ...united];
  const inTable = all.filter((code) => !INTERNAL.has(code) && !OF_API.has(code) && !OWN.includes(code));
  expect(ROWS.map(({ code }) => code).sort()).toEqual(sortedOnce(inTable));
});

test("with its severity", () => {
  const severityOf = new Map(ROWS.map(({ code, severity }) => [code, severity]));
  for (const code of [...refused, ...inSql("error")]) expect([code, severityOf.get(code)]).toEqual([code, "error"]);
  for (const code of inSql("warning")) expect([code, severityOf.get(code)]).toEqual([code, "warning"]);
  for (const code of [...noted, ...inSql("info")]) expect([code, severityOf.get(code)]).toEqual([code, "info"]);
});

test("errors of databases and catalogs are named below it", () => {
  expect(OWN.toSorted()).toEqual(sortedOnce(thrown));
});
