import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { type InstalledPackage, installedPackages } from "../src/supply/installed.ts";

const root = mkdtempSync(join(tmpdir(), "leastwise-installed-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Lays a package into a folder and gives back what is found there. */
function lay(path: string, manifest: Readonly<Record<string, unknown>>, ...files: readonly string[]): void {
  mkdirSync(join(root, path), { recursive: true });
  writeFileSync(join(root, path, "package.json"), JSON.stringify({ version: "1.0.0", ...manifest }));
  for (const file of files) writeFileSync(join(root, path, file), "");
}

function found(path: string): InstalledPackage | undefined {
  return installedPackages(root).find((each) => each.path === path);
}

test("packages are found in scopes and inside each other, ours behind links are not, nor npm's own folders", () => {
  lay("node_modules/a", { name: "a", license: "MIT" });
  lay("node_modules/a/node_modules/@scope/b", { name: "@scope/b", license: "ISC" });
  lay("node_modules/.cache", { name: "cache" });
  lay("ours", { name: "ours" });
  symlinkSync("../ours", join(root, "node_modules/ours"));
  expect(installedPackages(root)).toEqual([
    { path: "node_modules/a", name: "a", version: "1.0.0", licence: "MIT", hasInstallScript: false },
    { path: "node_modules/a/node_modules/@scope/b", name: "@scope/b", version: "1.0.0", licence: "ISC", hasInstallScript: false },
  ]); // prettier-ignore
});

test.each(["preinstall", "install", "postinstall"])("`%s` is an install script", (name) => {
  lay(`node_modules/with-${name}`, { name, scripts: { [name]: "node evil.js" } });
  expect(found(`node_modules/with-${name}`)?.hasInstallScript).toBe(true);
});

test("so is a binding.gyp, for which npm calls node-gyp unasked", () => {
  lay("node_modules/gyp", { name: "gyp" }, "binding.gyp");
  expect(found("node_modules/gyp")?.hasInstallScript).toBe(true);
});

test("`prepare` and `test` run for those who develop it alone", () => {
  lay("node_modules/quiet", { name: "quiet", scripts: { prepare: "build", test: "test" } });
  expect(found("node_modules/quiet")?.hasInstallScript).toBe(false);
});

test.each([
  [{ license: { type: "MIT", url: "…" } }, "MIT"],
  [{ licenses: [{ type: "MIT" }, { type: "Apache-2.0" }] }, "MIT OR Apache-2.0"],
  [{}, null],
  [{ license: 7 }, null],
])("the licence in %j is %s", (manifest, licence) => {
  lay("node_modules/old", { name: "old", ...manifest });
  expect(found("node_modules/old")?.licence).toBe(licence);
});
