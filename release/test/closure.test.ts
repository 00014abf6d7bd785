import { describe, expect, test } from "vitest";
import { closureOf } from "../src/supply/closure.ts";
import { readLockFile } from "../src/supply/lock-file.ts";
import { from, madeLock } from "./lock.ts";

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
