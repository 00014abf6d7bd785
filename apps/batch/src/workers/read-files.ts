import { closeSync, constants, fstatSync, openSync, readFileSync, statSync } from "node:fs";
import type { Diagnostic, EventRecord, Evidence } from "@leastwise/core";
import {
  type FolderPart,
  LONGEST_LINE,
  MAX_TEXT_BYTES,
  TOO_LARGE_HINT,
  isIamCollectPart,
  mergeEvents,
  readEvidence,
  readIamCollect,
  readLargeLines,
  startsAsLines,
} from "@leastwise/evidence";
import { reasonOf } from "../reason.ts";
import { LINES_ABOVE, parsedBytes } from "./parsed-bytes.ts";

/** A file, or a folder whose files are read as one. */
export type FileToRead = string | { readonly path: string; readonly parts: readonly string[] };

/** What a batch of files says. */
export interface ReadBatch {
  /** One for each file, in the order of the files, without its events. */
  readonly files: readonly Evidence[];
  /** The events of all of them, each kind of call by a principal once: the writing thread has one row for what files have many for. */
  readonly events: readonly EventRecord[];
}

/**
 * Worker task: reads and parses files. What cannot be read is a diagnostic of that file.
 *
 * @param linesAbove files that parse to more bytes than this are read line by line where they are lines of JSON
 */
export default async function readFiles(
  files: readonly FileToRead[],
  linesAbove: number = LINES_ABOVE,
): Promise<ReadBatch> {
  const read: Evidence[] = [];
  for (const file of files) {
    const isFolder = typeof file !== "string";
    read.push(isFolder ? readFolder(file.path, file.parts) : await readFile(file, linesAbove)); // one after the other, for the sake of memory
  }
  return {
    files: read.map((evidence) => (evidence.events.length === 0 ? evidence : { ...evidence, events: [] })),
    events: mergeEvents(read.map(({ events }) => events)),
  };
}

/** Whole, or line by line where it is large, or too large to be read whole. */
async function readFile(path: string, linesAbove: number): Promise<Evidence> {
  try {
    const bytes = sizeOf(path);
    if (typeof bytes !== "number") return evidenceOf(refusal(path, bytes));
    if (parsedBytes({ path, bytes }) > linesAbove && (await startsAsLines(path))) return await readLargeLines(path);
    const whole = readWhole(path);
    const isTooLarge = whole.diagnostics.some(({ code, pointer }) => code === "too-large" && pointer === "");
    return isTooLarge && (await startsAsLines(path, LONGEST_LINE)) ? await readLargeLines(path) : whole;
  } catch (error) {
    return evidenceOf(unreadable(path, error));
  }
}

function readWhole(path: string): Evidence {
  const file = readRegularFile(path);
  return file instanceof Uint8Array ? readEvidence(path, file) : evidenceOf(refusal(path, file));
}

function readFolder(folder: string, paths: readonly string[]): Evidence {
  const parts: FolderPart[] = [];
  const refused: Diagnostic[] = [];
  for (const path of paths.filter(isIamCollectPart)) {
    const file = readPart(path);
    if (file instanceof Uint8Array) parts.push({ path, file });
    else refused.push(file);
  }
  const unread = refused.map(({ path }) => path);
  const evidence = readIamCollect(folder, parts, unread);
  // What follows from a part that could not be read is not said once more.
  const known =
    refused.length === 0 ? evidence.diagnostics : evidence.diagnostics.filter(({ path }) => path !== folder);
  return { ...evidence, diagnostics: [...refused, ...known] };
}

/** A file's bytes, or why there are none. */
function readPart(path: string): Uint8Array | Diagnostic {
  try {
    const bytes = readRegularFile(path);
    return bytes instanceof Uint8Array ? bytes : refusal(path, bytes);
  } catch (error) {
    return unreadable(path, error);
  }
}

type Refusal = Pick<Diagnostic, "code" | "message" | "hint">;

const NOT_A_FILE: Refusal = {
  code: "not-a-file",
  message: "this is not a regular file",
  hint: "name files or folders",
};

/** Of a file on disk; what is no file is not opened, since a pipe that nobody writes to would hold the run up. */
function sizeOf(path: string): number | Refusal {
  const stats = statSync(path);
  return stats.isFile() ? stats.size : NOT_A_FILE;
}

/** Opens without waiting, in case a pipe has taken the file's place. */
function readRegularFile(path: string): Uint8Array | Refusal {
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stats = fstatSync(file);
    if (!stats.isFile()) return NOT_A_FILE;
    if (stats.size > MAX_TEXT_BYTES)
      return { code: "too-large", message: `the file has ${stats.size} bytes`, hint: TOO_LARGE_HINT };
    return readFileSync(file);
  } finally {
    closeSync(file);
  }
}

function unreadable(path: string, error: unknown): Diagnostic {
  const hint = "check the file and its permissions";
  return refusal(path, { code: "unreadable-file", message: `cannot be read: ${reasonOf(error)}`, hint });
}

function refusal(path: string, reason: Refusal): Diagnostic {
  return { ...reason, severity: "error", path, pointer: "" };
}

/** What a file said of which nothing but a diagnostic is known. */
export function evidenceOf(diagnostic: Diagnostic): Evidence {
  const { path } = diagnostic;
  return {
    path,
    kinds: [],
    principals: [],
    policies: [],
    attachments: [],
    documents: [],
    usage: [],
    events: [],
    unusedPrincipals: [],
    awsRecommendations: [],
    exportPages: [],
    incompleteAccounts: [],
    diagnostics: [diagnostic],
  };
}
