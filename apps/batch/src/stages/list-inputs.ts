import { lstatSync, readdirSync } from "node:fs";
import { dirname, resolve, sep } from "node:path";
import { iamCollectStore, isInStore } from "@leastwise/evidence";
import { EXIT, Failure } from "../exit-code.ts";
import { globPaths, isGlob } from "./glob.ts";

/** A file to read. Its path as it is shown and stored: as the person named it, with `/` between the parts. */
export interface InputFile {
  readonly path: string;
  readonly bytes: number;
  readonly modifiedMs: number;
  /** A symbolic link that was found in a folder: not followed, since a loop of them never ends and one may lead anywhere. */
  readonly isLink: boolean;
  /**
   * The files of a folder that is read as one thing, where that is so: a role, user, group or policy in a store of iam-collect. An
   * empty list stands for all of such a store that tells of something else.
   */
  readonly parts?: readonly InputPart[];
}

/** A file of a folder that is read as one. */
export type InputPart = Pick<InputFile, "path" | "bytes" | "modifiedMs">;

const TYPES = /\.(?:json|jsonl|ndjson)(?:\.gz)?$/;

/**
 * The files that paths, folders and globs name: sorted, each once, symbolic links not followed inside folders. A folder gives its
 * JSON files; what they are is told by their content.
 *
 * @throws Failure usage, when a path matches nothing
 */
export function listInputs(patterns: readonly string[]): readonly InputFile[] {
  const found = new Map<string, InputFile>();
  for (const pattern of patterns) {
    const files = filesOf(pattern);
    if (files.length === 0) {
      throw new Failure(
        EXIT.usage,
        `\`${pattern}\` names no input file`,
        "give a file, a folder with .json files, or a quoted glob",
      );
    }
    for (const file of files) found.set(resolve(file.path), file);
  }
  return grouped(found).sort(byPath);
}

function byPath(a: InputPart, b: InputPart): number {
  return a.path < b.path ? -1 : 1;
}

/** Files by their whole path, with those of one principal or policy of an iam-collect store as one. O(files log files). */
function grouped(found: ReadonlyMap<string, InputFile>): InputFile[] {
  const folders = new Map<string, InputFile[]>();
  const stores = new Set<string>();
  const others: [string, InputFile][] = [];
  for (const [whole, file] of found) {
    const path = whole.replaceAll(sep, "/");
    const store = file.isLink ? undefined : iamCollectStore(path);
    if (store === undefined) {
      others.push([path, file]);
      continue;
    }
    stores.add(store);
    const folder = folders.get(dirname(whole));
    if (folder === undefined) folders.set(dirname(whole), [file]);
    else folder.push(file);
  }
  const passedOver = new Set<string>();
  const single = others.filter(([path, { isLink }]) => {
    const store = isLink ? undefined : [...stores].find((each) => isInStore(each, path));
    if (store !== undefined) passedOver.add(store);
    return store === undefined;
  });
  return [
    ...single.map(([, file]) => file),
    ...Array.from(folders.values(), folderOf),
    ...Array.from(passedOver, (path) => ({ path, bytes: 0, modifiedMs: 0, isLink: false, parts: [] })),
  ];
}

function folderOf(files: readonly InputFile[]): InputFile {
  const parts = files.map(({ path, bytes, modifiedMs }) => ({ path, bytes, modifiedMs })).sort(byPath);
  return {
    path: dirname(parts[0]!.path), // a folder is made of at least one file
    bytes: parts.reduce((sum, part) => sum + part.bytes, 0),
    modifiedMs: parts.reduce((newest, part) => Math.max(newest, part.modifiedMs), 0),
    isLink: false,
    parts,
  };
}

function filesOf(pattern: string): readonly InputFile[] {
  const stats = lstatSync(pattern, { throwIfNoEntry: false });
  if (stats?.isDirectory() === true) return [...filesIn(pattern)];
  if (stats !== undefined) return [{ path: pattern, bytes: stats.size, modifiedMs: stats.mtimeMs, isLink: false }];
  return isGlob(pattern) ? Array.from(globPaths(pattern), fileAt) : [];
}

/** The JSON files of a folder and of those in it. By hand: a glob of a quarter of a million files takes 450 MB and three times as long. */
function* filesIn(folder: string): Generator<InputFile> {
  const prefix = folder.endsWith("/") ? folder : `${folder}/`;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = prefix + entry.name;
    if (entry.isDirectory()) yield* filesIn(path);
    else if (TYPES.test(entry.name)) yield fileAt(path);
  }
}

function fileAt(path: string): InputFile {
  const stats = lstatSync(path);
  return { path, bytes: stats.size, modifiedMs: stats.mtimeMs, isLink: stats.isSymbolicLink() };
}
