/** Licences of what is installed with the program. All let it be used and passed on if their text goes with it. */
export const RUN_TIME_LICENCES: ReadonlySet<string> = new Set([
  "0BSD",
  "Apache-2.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "ISC",
  "MIT",
]);

/** Licences of what only builds and tests it, and is passed on to nobody: also files under a weak copyleft, and data. */
export const BUILD_LICENCES: ReadonlySet<string> = new Set([
  ...RUN_TIME_LICENCES,
  "BlueOak-1.0.0",
  "CC-BY-4.0",
  "MPL-2.0",
]);

/** The packages that may run a program when they are installed; `allowScripts` of the root's package.json says the same to npm. */
export const MAY_RUN_AT_INSTALL: ReadonlySet<string> = new Set(["better-sqlite3"]);
