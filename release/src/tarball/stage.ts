import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { BUNDLED, CATALOG_DATA, PROGRAM, bundledInPage } from "../handed-over.ts";
import { readLockFile } from "../supply/lock-file.ts";
import { copyNotices } from "./notices.ts";

/** A package.json, as far as the tarball's is made of it. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly license: string;
  readonly type: string;
  readonly engines: Readonly<Record<string, string>>;
  readonly bin?: Readonly<Record<string, string>>;
  readonly exports?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** What goes along as it is: what a person reads, and what messages point to. Decisions and other notes of builders stay at home. */
const PAPERS = ["LICENSE", "README.md", "SECURITY.md", "docs"];
const NOT_PACKED = /^docs\/(?:decisions|mutation-testing\.md)/;

/**
 * Lays out the folder that `npm pack` makes the tarball of, anew: the program as it was built, without source maps and types, which nobody
 * can import, with our packages in its `node_modules`. They are bundled, so one tarball is the whole of Leastwise, with one hash.
 *
 * @throws Error when something has not been built
 */
export function stage(root: string, folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  const program = manifestOf(root, PROGRAM);
  const bundled = BUNDLED.map((path) => ({ path, manifest: manifestOf(root, path) }));
  copyCode(root, PROGRAM, folder, ["dist", "shell"]);
  writeJson(
    join(folder, "package.json"),
    packedManifest(
      program,
      bundled.map(({ manifest }) => manifest),
    ),
  );
  for (const { path, manifest } of bundled) {
    const inside = join(folder, "node_modules", manifest.name);
    copyCode(root, path, inside, ["dist"]);
    writeJson(join(inside, "package.json"), bundledManifest(manifest));
  }
  for (const name of PAPERS) {
    cpSync(join(root, name), join(folder, name), {
      recursive: true,
      filter: (from) => !NOT_PACKED.test(from.slice(root.length + 1)),
    });
  }
  const lock = readLockFile(readFileSync(join(root, "package-lock.json"), "utf8"));
  const inside = [lock.get(CATALOG_DATA), ...bundledInPage(lock)].filter((each) => each !== undefined);
  copyNotices(root, inside, join(folder, "licences"));
}

/**
 * The package.json of the tarball: what the bundled packages need from the registry becomes the program's own, what only builders need is
 * left out, and nothing runs when it is installed.
 *
 * @throws Error when two of them pin different versions
 */
export function packedManifest(program: Manifest, bundled: readonly Manifest[]): Record<string, unknown> {
  const { name, version, description, license, type, engines, bin } = program;
  const ours = new Map(bundled.map((each) => [each.name, each.version]));
  const needs = new Map<string, string>();
  for (const [needed, pinned] of [program, ...bundled].flatMap((each) => Object.entries(each.dependencies ?? {}))) {
    const before = needs.get(needed) ?? ours.get(needed) ?? pinned;
    if (before !== pinned) throw new Error(`\`${needed}\` is pinned to ${before} and to ${pinned}`);
    needs.set(needed, pinned);
  }
  const dependencies = Object.fromEntries([...needs].sort(([a], [b]) => (a < b ? -1 : 1)));
  const files = ["dist", "shell", "docs", "licences", "SECURITY.md"];
  const bundleDependencies = [...ours.keys()].filter((each) => needs.has(each)).sort();
  return { name, version, description, license, type, engines, bin, files, dependencies, bundleDependencies };
}

/** A bundled package needs its exports alone: what it imports lies beside it, or is the program's. */
function bundledManifest({ name, version, description, license, type, engines, exports }: Manifest): unknown {
  const code = Object.entries(exports ?? {}).map(([path, { default: file }]) => [path, file]);
  return { name, version, description, license, type, engines, exports: Object.fromEntries(code) };
}

function copyCode(root: string, path: string, to: string, folders: readonly string[]): void {
  for (const folder of folders) {
    const from = join(root, path, folder);
    if (!existsSync(from)) throw new Error(`\`${path}/${folder}\` is missing: run \`npm run build\``);
    cpSync(from, join(to, folder), { recursive: true, filter: isNeeded });
  }
}

/** Neither maps, types nor what the compiler and the catalog's build leave for themselves. */
function isNeeded(path: string): boolean {
  return !/\.(?:map|d\.ts|tsbuildinfo)$/.test(path) && !path.endsWith("/build-image.js");
}

function manifestOf(root: string, path: string): Manifest {
  return JSON.parse(readFileSync(join(root, path, "package.json"), "utf8")) as Manifest; // ours
}

function writeJson(path: string, value: unknown): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`);
}
