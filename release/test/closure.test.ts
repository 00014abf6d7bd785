import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { PAGE, PROGRAM } from "../src/handed-over.ts";
import { closureOf } from "../src/supply/closure.ts";
import { isForeign, readLockFile } from "../src/supply/lock-file.ts";
import { from, madeLock } from "./lock.ts";

const LOCK = new URL("../../package-lock.json", import.meta.url);

function paths(...args: Parameters<typeof closureOf>): readonly string[] {
  return closureOf(...args).map(({ path }) => path);
}

describe("what runs with a package", () => {
  test("is what it needs, and what that needs", () => {
    expect(paths(madeLock(), "apps/batch")).toEqual([
      "apps/batch",
      "node_modules/better-sqlite3",
      "node_modules/kept",
      "node_modules/native",
    ]);
  });

  test("the nearest of several versions, and ours through its link", () => {
    const lock = madeLock({
      "apps/batch": { name: "program", dependencies: { ours: "1.0.0" } },
      "packages/ours": { name: "ours", dependencies: { kept: "2.0.0" } },
      "node_modules/ours": { resolved: "packages/ours", link: true },
      "packages/ours/node_modules/kept": from("MIT"),
    });
    expect(paths(lock, "apps/batch")).toEqual(["apps/batch", "packages/ours", "packages/ours/node_modules/kept"]);
  });

  test("two that need each other come to an end", () => {
    const lock = madeLock({
      "node_modules/kept": { ...from("MIT"), dependencies: { native: "1.0.0" } },
      "node_modules/native": { ...from("MIT"), dependencies: { kept: "1.0.0" } },
    });
    expect(paths(lock, "apps/batch")).toEqual(["apps/batch", "node_modules/kept", "node_modules/native"]);
  });

  test("a need that the lock file does not have is an error, not a smaller answer", () => {
    const lock = madeLock({ "node_modules/kept": { ...from("MIT"), dependencies: { gone: "1.0.0" } } });
    expect(() => closureOf(lock, "apps/batch")).toThrow("`node_modules/kept` needs `gone`");
  });
});

test("a lock file of another version is not read", () => {
  expect(() => readLockFile(JSON.stringify({ lockfileVersion: 2, packages: {} }))).toThrow("version 3");
});

const PLATFORMS = /\/(?:@napi-rs\/nice|@msgpackr-extract\/msgpackr-extract)-/; // one for each, said as one

test.each([
  ["the program runs with", PROGRAM, "## Run time", 60],
  ["the page is made of", PAGE, "## In the page", 8],
])("%s what docs/dependencies.md lists, in the versions that it names", (_, root, heading, least) => {
  const lock = readLockFile(readFileSync(LOCK, "utf8"));
  const sections = readFileSync(new URL("../../docs/dependencies.md", import.meta.url), "utf8").split(/^(?=## )/m);
  const section = sections.find((each) => each.startsWith(heading)) ?? "";
  const listed = section.matchAll(/(?<=[\s|])(@?[a-z][\w./-]*) (\d+\.\d+\.\d+)/g);
  const named = closureOf(lock, root).filter((each) => isForeign(each) && !PLATFORMS.test(each.path));
  const locked = new Set(named.map(({ name, version }) => `${name} ${version}`));
  expect(new Set(Array.from(listed, ([, name, version]) => `${name} ${version}`))).toEqual(locked);
  expect(locked.size).toBeGreaterThanOrEqual(least);
});

test("every tool that docs/dependencies.md names with a version is locked in that version", () => {
  const lock = readLockFile(readFileSync(LOCK, "utf8"));
  const page = readFileSync(new URL("../../docs/dependencies.md", import.meta.url), "utf8");
  const tools = page.slice(page.indexOf("## Build and tests"), page.indexOf("## Data"));
  const named = [...tools.matchAll(/`([^`\s]+)` (\d+\.\d+\.\d+)/g)];
  expect(named.map(([, name]) => name)).toEqual(expect.arrayContaining(["vite", "playwright-core", "axe-core"]));
  expect(named.filter(([, name, version]) => lock.get(`node_modules/${name}`)?.version !== version)).toEqual([]);
});
