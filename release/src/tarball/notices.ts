import { cpSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { LockedPackage } from "../supply/lock-file.ts";

/**
 * Copies the licence of each package whose code or data lies in the tarball itself: all of them ask that their text goes along. What npm
 * installs beside the program brings its own.
 *
 * @param folder of the texts, `@scope/name` as `scope-name.txt`
 * @throws Error when a package has no such file
 */
export function copyNotices(root: string, packages: readonly LockedPackage[], folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const { path, name } of packages) {
    const file = readdirSync(join(root, path)).find((each) => /^licen[cs]e(?:\.|$)/i.test(each));
    if (file === undefined) throw new Error(`\`${path}\` lies in the tarball and has no file with its licence`);
    cpSync(join(root, path, file), join(folder, noticeName(name)));
  }
}

function noticeName(name: string): string {
  return `${name.replace("@", "").replace("/", "-")}.txt`;
}
