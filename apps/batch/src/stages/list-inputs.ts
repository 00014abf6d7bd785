import { lstatSync } from "node:fs";
import { resolve } from "node:path";
import fastGlob from "fast-glob";
import { EXIT, Failure } from "../exit-code.ts";

/** A file to read. Its path as it is shown and stored: as the person named it, with `/` between the parts. */
export interface InputFile {
  readonly path: string;
  readonly bytes: number;
  readonly modifiedMs: number;
  /** A symbolic link that was found in a folder: not followed, since a loop of them never ends and one may lead anywhere. */
  readonly isLink: boolean;
}

const TYPES = "**/*.{json,jsonl,ndjson,json.gz,jsonl.gz,ndjson.gz}";

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
  return [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

function filesOf(pattern: string): readonly InputFile[] {
  const stats = lstatSync(pattern, { throwIfNoEntry: false });
  if (stats?.isDirectory() === true) return glob(TYPES, pattern);
  if (stats !== undefined) return [{ path: pattern, bytes: stats.size, modifiedMs: stats.mtimeMs, isLink: false }];
  return fastGlob.isDynamicPattern(pattern) ? glob(pattern) : [];
}

function glob(pattern: string, folder?: string): readonly InputFile[] {
  const prefix = folder === undefined ? "" : folder.endsWith("/") ? folder : `${folder}/`;
  const entries = fastGlob.sync(pattern, {
    ...(folder === undefined ? {} : { cwd: folder }),
    dot: true,
    followSymbolicLinks: false,
    onlyFiles: false,
    stats: true,
    suppressErrors: false,
  });
  return entries
    .filter(({ dirent }) => !dirent.isDirectory())
    .map(({ path, stats, dirent }) => ({
      path: prefix + path,
      bytes: stats?.size ?? 0,
      modifiedMs: stats?.mtimeMs ?? 0,
      isLink: dirent.isSymbolicLink(),
    }));
}
