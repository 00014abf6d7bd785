import { type Dirent, readdirSync } from "node:fs";
import picomatch from "picomatch";

/** As a shell has it: `[!…]` is what is not in the brackets, a backslash takes a sign as it is, and a `!` in front is a letter. */
const AS_IN_SHELLS = { dot: true, posix: true, unescape: true, nonegate: true };

/** Whether a text that names no file is meant as a pattern: it has `*`, `?`, `[…]`, `{…,…}` or the like. */
export function isGlob(text: string): boolean {
  return picomatch.scan(text, AS_IN_SHELLS).isGlob;
}

/**
 * The paths that a pattern matches, of files, links and whatever else is no folder, hidden ones too, in no order. Folders are looked into as
 * deep as the pattern may reach; links are not followed. Paths begin as the pattern does. A folder that is not there has nothing.
 */
export function* globPaths(pattern: string): Generator<string> {
  const { base, glob } = picomatch.scan(pattern, AS_IN_SHELLS);
  const matches = picomatch(glob, AS_IN_SHELLS);
  const prefix = base === "" || base.endsWith("/") ? base : `${base}/`;
  for (const path of pathsIn(prefix, "", depthOf(glob))) if (matches(path)) yield prefix + path;
}

/** How many folders further down a match may lie: one for each `/`, unless a part of the pattern stands for any number of them. */
function depthOf(glob: string): number {
  return /\*\*|\(/.test(glob) ? Infinity : glob.split("/").length - 1;
}

function* pathsIn(prefix: string, folder: string, depth: number): Generator<string> {
  for (const entry of entriesOf(prefix + folder)) {
    const path = folder + entry.name;
    if (!entry.isDirectory()) yield path;
    else if (depth > 0) yield* pathsIn(prefix, `${path}/`, depth - 1);
  }
}

function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder === "" ? "." : folder, { withFileTypes: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException; // readdirSync throws nothing else
    if (code === "ENOENT" || code === "ENOTDIR") return [];
    throw error;
  }
}
