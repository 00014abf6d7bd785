import { describe, expect, test } from "vitest";
import type { InstalledPackage } from "../src/supply/installed.ts";
import { supplyProblems } from "../src/supply/problems.ts";
import { from, madeSupply } from "./lock.ts";

/** A package as it lies in `node_modules`, with nothing wrong. */
function lying(name: string, more: Partial<InstalledPackage> = {}): InstalledPackage {
  return { path: `node_modules/${name}`, name, version: "1.0.0", licence: "MIT", hasInstallScript: false, ...more };
}

test("a sound supply has no problem", () => {
  expect(supplyProblems(madeSupply())).toEqual([]);
});

describe("licences", () => {
  test("a copyleft licence at run time is refused", () => {
    expect(supplyProblems(madeSupply({ "node_modules/kept": from("AGPL-3.0-only") }))).toEqual([
      "node_modules/kept: kept 1.0.0 has the licence `AGPL-3.0-only`, which is not allowed at run time",
    ]);
  });

  test("and in build tools", () => {
    expect(supplyProblems(madeSupply({ "node_modules/builder": from("GPL-3.0-or-later") }))).toEqual([
      "node_modules/builder: builder 1.0.0 has the licence `GPL-3.0-or-later`, which is not allowed here",
    ]);
  });

  test("what may build may not be passed on, however deep it lies", () => {
    const kept = { ...from("MIT"), dependencies: { deep: "1.0.0" } };
    const entries = { "node_modules/kept": kept, "node_modules/kept/node_modules/deep": from("MPL-2.0") };
    expect(supplyProblems(madeSupply(entries))).toEqual([
      "node_modules/kept/node_modules/deep: deep 1.0.0 has the licence `MPL-2.0`, which is not allowed at run time",
    ]);
  });

  test("a development dependency that the program needs as well is run time", () => {
    const kept = { ...from("MIT"), dependencies: { builder: "1.0.0" } };
    expect(supplyProblems(madeSupply({ "node_modules/kept": kept }))).toEqual([
      "node_modules/builder: builder 1.0.0 has the licence `BlueOak-1.0.0`, which is not allowed at run time",
    ]);
  });

  test("what ends in the page's bundle is run time, what makes it is not", () => {
    const entries = {
      "apps/dashboard": { name: "page", dependencies: { shown: "1.0.0" }, devDependencies: { builder: "1.0.0" } },
      "apps/dashboard/node_modules/shown": from("CC-BY-4.0"),
    };
    expect(supplyProblems(madeSupply(entries))).toEqual([]);
    expect(supplyProblems(madeSupply(entries, { handedOver: ["apps/batch", "apps/dashboard"] }))).toEqual([
      "apps/dashboard/node_modules/shown: shown 1.0.0 has the licence `CC-BY-4.0`, which is not allowed at run time",
    ]);
  });

  test("a weak copyleft is for the tools that are named, and their binaries", () => {
    const entries = {
      "node_modules/axe-core": { ...from("MPL-2.0"), dev: true },
      "node_modules/lightningcss-evil": from("MPL-2.0"),
    };
    expect(supplyProblems(madeSupply(entries))).toEqual([
      "node_modules/lightningcss-evil: lightningcss-evil 1.0.0 has the licence `MPL-2.0`, which is not allowed here",
    ]);
  });

  test("and for these at run time no more than for others", () => {
    const kept = { ...from("MIT"), dependencies: { lightningcss: "1.0.0" } };
    expect(supplyProblems(madeSupply({ "node_modules/kept": kept }))).toEqual([
      "node_modules/lightningcss: lightningcss 1.0.0 has the licence `MPL-2.0`, which is not allowed at run time",
      "node_modules/lightningcss-aix: lightningcss-aix 1.0.0 has the licence `MPL-2.0`, which is not allowed at run time",
    ]);
  });

  test("nor is the named tools' permission one for a strong copyleft", () => {
    expect(supplyProblems(madeSupply({ "node_modules/axe-core": from("GPL-3.0-only") }))).toEqual([
      "node_modules/axe-core: axe-core 1.0.0 has the licence `GPL-3.0-only`, which is not allowed here",
    ]);
  });

  test("an optional part of a dependency is run time too", () => {
    const kept = { ...from("MIT"), optionalDependencies: { fast: "1.0.0" } };
    const entries = { "node_modules/kept": kept, "node_modules/fast": { ...from("LGPL-3.0-only"), optional: true } };
    expect(supplyProblems(madeSupply(entries))).toEqual([
      "node_modules/fast: fast 1.0.0 has the licence `LGPL-3.0-only`, which is not allowed at run time",
    ]);
  });

  test("no licence is no permission", () => {
    expect(supplyProblems(madeSupply({ "node_modules/kept": from(undefined) }))).toEqual([
      "node_modules/kept: kept 1.0.0 names no licence, which is not allowed at run time",
    ]);
  });

  test("what the package itself says counts, whatever the lock file says", () => {
    expect(supplyProblems(madeSupply({}, { installed: [lying("kept", { licence: "SSPL-1.0" })] }))).toEqual([
      "node_modules/kept: kept 1.0.0 has the licence `SSPL-1.0`, which is not allowed at run time",
    ]);
  });
});

describe("install scripts", () => {
  test("another package that runs something when it is installed is refused", () => {
    const builder = { ...from("MIT"), hasInstallScript: true };
    expect(supplyProblems(madeSupply({ "node_modules/builder": builder }))).toEqual([
      "node_modules/builder: builder 1.0.0 has an install script",
    ]);
  });

  test("also where the lock file keeps quiet about it", () => {
    expect(supplyProblems(madeSupply({}, { installed: [lying("kept", { hasInstallScript: true })] }))).toEqual([
      "node_modules/kept: kept 1.0.0 has an install script",
    ]);
  });

  test("one of ours is no exception", () => {
    const program = { name: "program", version: "1.0.0", hasInstallScript: true };
    expect(supplyProblems(madeSupply({ "apps/batch": program }))).toContain(
      "apps/batch: program 1.0.0 has an install script",
    );
  });

  test("a permission that nothing uses any more is told", () => {
    expect(supplyProblems(madeSupply({ "node_modules/better-sqlite3": from("MIT") }))).toEqual([
      "better-sqlite3 may run an install script and has none",
    ]);
  });

  test("a refusal that nothing needs any more, too", () => {
    const quiet = { ...from("MIT"), optional: true };
    expect(supplyProblems(madeSupply({ "node_modules/msgpackr-extract": quiet }))).toEqual([
      "msgpackr-extract is refused an install script and has none",
    ]);
  });

  test.each([
    [{ "better-sqlite3": true, "msgpackr-extract": false, builder: true }, "builder"],
    [{ "better-sqlite3": true, "msgpackr-extract": false, builder: false }, "builder"],
    [{ "better-sqlite3": false, "msgpackr-extract": false }, "better-sqlite3"],
    [{ "better-sqlite3": true, "msgpackr-extract": true }, "msgpackr-extract"],
    [{ "better-sqlite3": true }, "msgpackr-extract"],
    [{ "msgpackr-extract": false }, "better-sqlite3"],
  ])("npm is told the same: %j is not", (allowScripts, name) => {
    expect(supplyProblems(madeSupply({}, { allowScripts }))).toEqual([
      `package.json: \`allowScripts\` and the list of the check differ in ${name}`,
    ]);
  });
});

describe("origins", () => {
  test.each(["git+ssh://git@example.com/a.git#0123", "https://example.com/a.tgz", "file:../a.tgz"])(
    "`%s` is not the registry",
    (resolved) => {
      expect(supplyProblems(madeSupply({ "node_modules/kept": { ...from("MIT"), resolved } }))).toEqual([
        `node_modules/kept: comes from \`${resolved}\`, not from the registry`,
      ]);
    },
  );

  test("a package without a hash could be anything", () => {
    const kept = { version: "1.0.0", license: "MIT" };
    expect(supplyProblems(madeSupply({ "node_modules/kept": kept }))).toEqual([
      "node_modules/kept: has no integrity hash",
    ]);
  });

  test("unless it is a binary of another platform", () => {
    const other = { version: "1.0.0", license: "MIT", optional: true, os: ["aix"] };
    expect(supplyProblems(madeSupply({ "node_modules/other": other }))).toEqual([]);
  });

  test("what nobody locked is a stranger", () => {
    expect(supplyProblems(madeSupply({}, { installed: [lying("stranger")] }))).toEqual([
      "node_modules/stranger: stranger 1.0.0 is installed and not in the lock file",
    ]);
  });

  test("so is another version", () => {
    expect(supplyProblems(madeSupply({}, { installed: [lying("kept", { version: "1.0.1" })] }))).toEqual([
      "node_modules/kept: 1.0.1 is installed, 1.0.0 is locked",
    ]);
  });
});
