import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { closureOf } from "../supply/closure.ts";
import type { LockFile } from "../supply/lock-file.ts";

/** Sources and objects of a build, which nothing reads afterwards. */
const LEFT_BY_COMPILER = /\/better-sqlite3\/(?:deps|src|build\/Release\/obj|build\/deps)$/;

/**
 * Installs the tarball into an empty folder as npm would, without npm: the tarball unpacked, and from this checkout's `node_modules`
 * what its package.json says that it needs, nothing else. So no registry is asked, and SQLite is not compiled again. What is for another
 * platform is missing in both.
 *
 * @returns the path of the program's `main.js`
 */
export function layOut(root: string, lock: LockFile, tarball: string, folder: string): string {
  const program = join(folder, "node_modules", "leastwise");
  mkdirSync(program, { recursive: true });
  execFileSync("tar", ["-xzf", tarball, "--strip-components=1", "-C", program]);
  const { dependencies, bundleDependencies } = JSON.parse(readFileSync(join(program, "package.json"), "utf8")) as {
    readonly dependencies: Readonly<Record<string, string>>;
    readonly bundleDependencies: readonly string[];
  }; // as `packedManifest` made it
  const needed = Object.keys(dependencies).filter((name) => !bundleDependencies.includes(name));
  const parts = needed.flatMap((name) => closureOf(lock, `node_modules/${name}`));
  for (const { path, isOptional } of new Set(parts)) {
    const from = join(root, path);
    if (isOptional && !existsSync(from)) continue;
    cpSync(from, join(folder, path), { recursive: true, filter: (each) => !LEFT_BY_COMPILER.test(each) });
  }
  return join(program, "dist", "main.js");
}
