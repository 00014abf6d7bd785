import { type LockFile, readLockFile } from "../src/supply/lock-file.ts";
import type { Supply } from "../src/supply/problems.ts";

/** A package of a made-up lock file; one from the registry has a hash unless it says otherwise. */
export type Made = Readonly<Record<string, unknown>>;

/** A made-up lock file: the program in `apps/batch` needs `kept`, the root builds with `builder` and `lightningcss`. Entries replace these, or are added. */
export function madeLock(entries: Readonly<Record<string, Made>> = {}): LockFile {
  const packages: Record<string, Made> = {
    "": { name: "root", version: "1.0.0" },
    "apps/batch": { name: "program", version: "1.0.0", dependencies: { kept: "1.0.0", native: "1.0.0" } },
    "node_modules/program": { resolved: "apps/batch", link: true },
    "node_modules/kept": from("MIT"),
    "node_modules/native": { ...from("MIT"), dependencies: { "better-sqlite3": "12.0.0" } },
    "node_modules/better-sqlite3": { ...from("MIT"), hasInstallScript: true },
    "node_modules/msgpackr-extract": { ...from("MIT"), hasInstallScript: true, optional: true },
    "node_modules/builder": { ...from("BlueOak-1.0.0"), dev: true },
    "node_modules/lightningcss": {
      ...from("MPL-2.0"),
      dev: true,
      optionalDependencies: { "lightningcss-aix": "1.0.0" },
    },
    "node_modules/lightningcss-aix": { ...from("MPL-2.0"), dev: true, optional: true },
    ...entries,
  };
  return readLockFile(JSON.stringify({ lockfileVersion: 3, packages }));
}

/** A package from the registry. */
export function from(license: string | undefined): Made {
  return { version: "1.0.0", integrity: "sha512-AAAA", license };
}

export function madeSupply(entries: Readonly<Record<string, Made>> = {}, more: Partial<Supply> = {}): Supply {
  return {
    lock: madeLock(entries),
    installed: [],
    handedOver: ["apps/batch"],
    allowScripts: { "better-sqlite3": true, "msgpackr-extract": false },
    ...more,
  };
}
