import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { CATALOG_DATA, PAGE, PROGRAM, bundledInPage } from "../src/handed-over.ts";
import { type Inside, billOf } from "../src/sbom/cyclonedx.ts";
import { closureOf } from "../src/supply/closure.ts";
import { readLockFile } from "../src/supply/lock-file.ts";
import { from, madeLock } from "./lock.ts";

const LOCK = readLockFile(readFileSync(new URL("../../package-lock.json", import.meta.url), "utf8"));
const INSIDE: Inside = { bundled: [PAGE], data: [CATALOG_DATA] };

test("a part is told with its hash in hexadecimal digits, its licence and what it needs", () => {
  const bill = billOf(madeLock(), "apps/batch", { bundled: [], data: [] });
  expect(bill.metadata.component).toMatchObject({ type: "application", "bom-ref": "pkg:npm/program@1.0.0" });
  expect(bill.components.map(({ name }) => name)).toEqual(["better-sqlite3", "kept", "native"]);
  expect(bill.components[1]).toEqual({
    "bom-ref": "pkg:npm/kept@1.0.0",
    type: "library",
    name: "kept",
    version: "1.0.0",
    scope: "required",
    hashes: [{ alg: "SHA-512", content: "000000" }], // `AAAA` in base64
    licenses: [{ license: { id: "MIT" } }],
    purl: "pkg:npm/kept@1.0.0",
  });
  expect(bill.dependencies).toEqual([
    { ref: "pkg:npm/program@1.0.0", dependsOn: ["pkg:npm/kept@1.0.0", "pkg:npm/native@1.0.0"] },
    { ref: "pkg:npm/better-sqlite3@1.0.0", dependsOn: [] },
    { ref: "pkg:npm/kept@1.0.0", dependsOn: [] },
    { ref: "pkg:npm/native@1.0.0", dependsOn: ["pkg:npm/better-sqlite3@1.0.0"] },
  ]);
});

test("what is bundled into the page is a part with all that it needs, and the program's own", () => {
  const lock = madeLock({
    "apps/dashboard": { name: "page", version: "1.0.0", dependencies: { shown: "1.0.0", kept: "1.0.0" } },
    "apps/dashboard/node_modules/shown": from("MIT"),
  });
  const bill = billOf(lock, "apps/batch", { bundled: ["apps/dashboard"], data: [] });
  expect(bill.metadata.component.name).toBe("program");
  expect(bill.components.map(({ name }) => name)).toEqual(["page", "shown", "better-sqlite3", "kept", "native"]);
  const needs = new Map(bill.dependencies.map(({ ref, dependsOn }) => [ref, dependsOn]));
  expect(needs.get("pkg:npm/program@1.0.0")).toEqual([
    "pkg:npm/kept@1.0.0",
    "pkg:npm/native@1.0.0",
    "pkg:npm/page@1.0.0",
  ]);
  expect(needs.get("pkg:npm/page@1.0.0")).toEqual(["pkg:npm/kept@1.0.0", "pkg:npm/shown@1.0.0"]);
});

test("one version in two places is one part", () => {
  const lock = madeLock({
    "node_modules/kept": { ...from("MIT"), dependencies: { native: "1.0.0" } },
    "node_modules/kept/node_modules/native": from("MIT"),
  });
  const bill = billOf(lock, "apps/batch", { bundled: [], data: [] });
  const references = bill.components.map((each) => each["bom-ref"]);
  expect(references.filter((each) => each === "pkg:npm/native@1.0.0")).toHaveLength(1);
  expect(bill.dependencies.map(({ ref }) => ref).sort()).toEqual([...references, "pkg:npm/program@1.0.0"].sort());
});

test("a choice of licences is an expression, and what may be missing is optional", () => {
  const kept = { ...from("(MIT OR WTFPL)"), optional: true };
  const [, part] = billOf(madeLock({ "node_modules/kept": kept }), "apps/batch", { bundled: [], data: [] }).components;
  expect(part).toMatchObject({ scope: "optional", licenses: [{ expression: "(MIT OR WTFPL)" }] });
});

test("the program's own bill has every package that runs with it, also those that its tools need as well", () => {
  const bill = billOf(LOCK, PROGRAM, INSIDE);
  const expected = [...closureOf(LOCK, PROGRAM).slice(1), ...closureOf(LOCK, PAGE)];
  const told = bill.components.map(
    ({ group, name, version }) => `${group === undefined ? "" : `${group}/`}${name}@${version}`,
  );
  expect(told.at(-1)).toMatch(/^@cloud-copilot\/iam-data@/);
  expect(new Set(told.slice(0, -1))).toEqual(new Set(expected.map(({ name, version }) => `${name}@${version}`)));
  expect(new Set(told).size).toBe(told.length);
  expect(told).toEqual(expect.arrayContaining([expect.stringMatching(/^zod@/), "@leastwise/core@0.1.0"]));
  expect(JSON.stringify(bill)).not.toContain("NOASSERTION");
});

test("of the page it has what ends in the bundle and nothing of what makes it", () => {
  const inPage = bundledInPage(LOCK).map(({ name }) => name);
  expect(inPage).toEqual(
    expect.arrayContaining(["preact", "@tanstack/preact-table", "@tanstack/table-core", "uplot", "diff"]),
  );
  expect(inPage).not.toContain("vite");
  const { components } = billOf(LOCK, PROGRAM, INSIDE);
  expect(components.map(({ name }) => name)).not.toContain("vite");
});

test("the same lock file gives the same bytes", () => {
  const twice = [1, 2].map(() => JSON.stringify(billOf(LOCK, PROGRAM, INSIDE)));
  expect(twice[0]).toBe(twice[1]);
});

test("data that is not in the lock file is an error", () => {
  expect(() => billOf(LOCK, PROGRAM, { bundled: [], data: ["node_modules/gone"] })).toThrow(
    "lacks the program or its data",
  );
});
