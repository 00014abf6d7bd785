import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";
import { resourceLimits } from "node:worker_threads";
import {
  type Diagnostic,
  type DocumentRecord,
  type EventRecord,
  type Evidence,
  type EvidenceRows,
  evidenceRows,
} from "@leastwise/core";
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
import { isUnchanged } from "./file-stamp.ts";
import { sha256OfBytes, sha256OfFolder } from "./input-hash.ts";
import { outOfMemory } from "./task-fault.ts";

/** A file, or a folder whose files are read as one. */
export type FileToRead = string | { readonly path: string; readonly parts: readonly string[] };

/** What a thread is to read. */
export interface ReadTask {
  readonly files: readonly FileToRead[];
  /** Stands for one attempt at a run: what a thread has given to it before is not given again. */
  readonly attempt?: string;
}

/** What files say, or a part of a large one. */
export interface ReadBatch {
  /** One for each file, in the order of the files. */
  readonly files: readonly EvidenceRows[];
  /** The events of all of them, each kind of call by a principal once: the writing thread has one row for what files have many for. */
  readonly events: readonly EventRecord[];
  /** As in `FilePart` of the store. */
  readonly isInstead?: true;
}

/** Worker task: reads and parses files. What cannot be read is a diagnostic of that file. */
export default async function readFiles({ files, attempt }: ReadTask): Promise<ReadBatch> {
  const read: ReadBatch[] = [];
  for (const file of files) {
    const { evidence, sha256 } = typeof file === "string" ? await readFile(file) : readFolder(file.path, file.parts); // one after the other, for the sake of memory
    read.push(batchOf(evidence, attempt, sha256));
  }
  const events = read.filter((batch) => batch.events.length > 0).map((batch) => batch.events);
  return { files: read.flatMap((batch) => batch.files), events: mergeEvents(events) };
}

/** What one file says. Documents that this thread has given to the same attempt before are left out. */
export function batchOf(evidence: Evidence, attempt: string | undefined, sha256: string | undefined): ReadBatch {
  const documents = evidence.documents.filter((document) => isNew(document, attempt));
  const rows = evidenceRows({ ...evidence, documents });
  return { files: [sha256 === undefined ? rows : { ...rows, sha256 }], events: evidence.events };
}

/** What a file says, and the hash of the very bytes that it was read from, where they were read whole. */
interface ReadFile {
  readonly evidence: Evidence;
  readonly sha256?: string | undefined;
}

/** Hashes that are remembered, at the most. */
const MOST_GIVEN = 100_000;
const given = { attempt: "", documents: new Set<string>() };

/**
 * Whether this thread has not given the document to the same attempt before. Batches of one thread are written in the order in which it
 * was given them, so a document that is left out is there by then, and the first batch that has it brings it, whichever thread reads it.
 */
function isNew({ sha256 }: DocumentRecord, attempt: string | undefined): boolean {
  if (attempt === undefined) return true;
  if (given.attempt !== attempt || given.documents.size >= MOST_GIVEN) {
    given.attempt = attempt;
    given.documents.clear();
  }
  if (given.documents.has(sha256)) return false;
  given.documents.add(sha256);
  return true;
}

/** Takes all documents for new again, since some that were given are not to be written. */
export function forgetGiven(): void {
  given.documents.clear();
}

/** Whole; line by line where it turns out to be too large for that. */
async function readFile(path: string): Promise<ReadFile> {
  try {
    const whole = readWhole(path);
    const { diagnostics } = whole.evidence;
    const isTooLarge = diagnostics.some(({ code, pointer }) => code === "too-large" && pointer === "");
    return isTooLarge && (await startsAsLines(path, LONGEST_LINE)) ? { evidence: await readLargeLines(path) } : whole;
  } catch (error) {
    return { evidence: evidenceOf(unreadable(path, error)) };
  }
}

function readWhole(path: string): ReadFile {
  const file = readRegularFile(path); // what is no file is not read, since a pipe that nobody writes to would hold the run up
  if (!(file instanceof Uint8Array)) return { evidence: evidenceOf(refusal(path, file)) };
  return { sha256: sha256OfBytes(file), evidence: readEvidence(path, file) };
}

function readFolder(folder: string, paths: readonly string[]): ReadFile {
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
  const hashes = parts.map(({ path, file }) => ({ path, sha256: sha256OfBytes(file) }));
  return {
    sha256: refused.length === 0 ? sha256OfFolder(hashes) : undefined,
    evidence: { ...evidence, diagnostics: [...refused, ...known] },
  };
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

export type Refusal = Pick<Diagnostic, "code" | "message" | "hint">;

export const NOT_A_FILE: Refusal = {
  code: "not-a-file",
  message: "this is not a regular file",
  hint: "name files or folders",
};

/** What JSON takes at the least once it is parsed, beside its text. */
const LEAST_BYTES_PER_BYTE = 4;

/** What this thread may take; on the main thread there is no limit. */
function heapBytes(): number {
  return (resourceLimits.maxOldGenerationSizeMb ?? Infinity) * 1024 * 1024;
}

/** Not tried: parsing cannot be interrupted, so the thread would take the memory that it may not have, and the process with it. */
function tooMuchMemory(): Refusal {
  const { code, message, hint } = outOfMemory(resourceLimits.maxOldGenerationSizeMb ?? 0); // there is a limit
  return { code, message, hint };
}

/** Half of it may be of before and half of after, which says what was never true. */
export const CHANGED: Refusal = {
  code: "changed-file",
  message: "the file has changed while it was read",
  hint: "run again when nothing writes to it any more",
};

/** Opens without waiting, in case a pipe has taken the file's place. */
function readRegularFile(path: string): Uint8Array | Refusal {
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stats = fstatSync(file, { bigint: true });
    const size = Number(stats.size);
    if (!stats.isFile()) return NOT_A_FILE;
    if (size > MAX_TEXT_BYTES)
      return { code: "too-large", message: `the file has ${size} bytes`, hint: TOO_LARGE_HINT };
    if (size * LEAST_BYTES_PER_BYTE > heapBytes()) return tooMuchMemory();
    const bytes = readFileSync(file);
    return bytes.length === size && isUnchanged(stats, fstatSync(file, { bigint: true })) ? bytes : CHANGED;
  } finally {
    closeSync(file);
  }
}

export function unreadable(path: string, error: unknown): Diagnostic {
  const hint = "check the file and its permissions";
  return refusal(path, { code: "unreadable-file", message: `cannot be read: ${reasonOf(error)}`, hint });
}

export function refusal(path: string, reason: Refusal): Diagnostic {
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
