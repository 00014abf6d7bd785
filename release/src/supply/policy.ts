/** Licences of what is installed with the program or bundled into its page. All let it be used and passed on if their text goes with it. */
export const RUN_TIME_LICENCES: ReadonlySet<string> = new Set([
  "0BSD",
  "Apache-2.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "ISC",
  "MIT",
]);

/** Licences of what only builds and tests it, and is passed on to nobody: also data. */
export const BUILD_LICENCES: ReadonlySet<string> = new Set([...RUN_TIME_LICENCES, "BlueOak-1.0.0", "CC-BY-4.0"]);

/** Weak copyleft: whoever passes such a file on has to give its source, changes and all. */
export const WEAK_COPYLEFT: ReadonlySet<string> = new Set(["MPL-2.0"]);

/** The tools that may be under one, with the binaries that they need: nothing changes them or passes them on. */
export const MAY_BE_WEAK_COPYLEFT: ReadonlySet<string> = new Set(["axe-core", "lightningcss"]);

/** The packages that may run a program when they are installed; `allowScripts` of the root's package.json says the same to npm: true. */
export const MAY_RUN_AT_INSTALL: ReadonlySet<string> = new Set(["better-sqlite3"]);

/** Those whose program is not run, since they are optional and what needs them does without: false in `allowScripts`. */
export const REFUSED_AT_INSTALL: ReadonlySet<string> = new Set(["msgpackr-extract"]);
