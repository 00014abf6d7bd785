import { randomUUID } from "node:crypto";
import { type Diagnostic, type PlanSettings, evidenceRows } from "@leastwise/core";
import { type Connection, IngestWriter, Reuse, type Run, enterState } from "@leastwise/store";
import type { Progress } from "../progress.ts";
import type { Executor } from "../workers/executor.ts";
import { isLarge } from "../workers/parsed-bytes.ts";
import { type FileToRead, type ReadBatch, evidenceOf } from "../workers/read-files.ts";
import { mapInOrder } from "../workers/in-order.ts";
import type { InputFile } from "./list-inputs.ts";

/** Files that one task reads and one transaction writes: few enough that a lost task costs little, enough that a commit costs little. */
const BATCH_FILES = 256;
const BATCH_BYTES = 4 * 1024 * 1024;

/**
 * Reads the files of a run, and takes it to its next stage. Where it builds on an earlier run, all files are hashed first, and those are not read
 * whose accounts are untouched (`Reuse`). A file that concerns accounts which nobody knew of before makes everything be read once more that
 * is not kept: what one account's files say is to be written in the order of their names.
 *
 * @param now the moment, ISO 8601 in UTC
 */
export async function ingest(
  db: Connection,
  run: Run,
  { files, settings }: { readonly files: readonly InputFile[]; readonly settings: PlanSettings },
  executor: Executor,
  progress: Progress,
  now: () => string,
): Promise<Run> {
  const reuse = Reuse.of(db, run);
  if (reuse === undefined) {
    await readAll(db, run, files, executor, progress);
    return enterState(db, run, "plan", now());
  }
  reuse.compare(
    await hashesOf(
      files.filter((file) => unread(file) === undefined && reuse.knows(file.path)),
      executor,
      progress,
    ),
  );
  const readLeft = async (): Promise<void> => {
    const left = files.filter(({ path }) => !reuse.keeps(path));
    await readAll(db, { ...run, resumed: true }, left, executor, progress, reuse.keptFiles);
  };
  do {
    await readLeft();
    while (reuse.openRead()) {
      reuse.unread();
      await readLeft();
    }
  } while (reuse.openByDates(settings));
  return reuse.finish(now());
}

/** By path; null where there is none. */
async function hashesOf(
  files: readonly InputFile[],
  executor: Executor,
  progress: Progress,
): Promise<ReadonlyMap<string, string | null>> {
  const hashes = new Map<string, string | null>();
  progress.enter("comparing", "files", files.length, 0);
  for await (const { item, result } of mapInOrder(batches(files), executor.width, (batch) =>
    executor.hash({ files: batch.map(toRead) }),
  )) {
    for (const [place, { path }] of item.entries()) hashes.set(path, result[place] ?? null);
    progress.advance(item.length, 0);
  }
  return hashes;
}

/**
 * Workers read and parse, this thread writes, in the order of the files' names. Files of an earlier attempt are passed over: a batch's
 * events are committed with the rows of all its files, so they count once however the files left are cut into batches. All parts of a large
 * file are one transaction.
 */
async function readAll(
  db: Connection,
  run: Run,
  files: readonly InputFile[],
  executor: Executor,
  progress: Progress,
  kept = 0,
): Promise<void> {
  const attempt = randomUUID();
  const writer = new IngestWriter(db, run.runId);
  const left = run.resumed ? files.filter(({ path }) => !writer.hasRead(path)) : files;
  progress.enter("reading", "files", files.length + kept, files.length - left.length + kept);
  for await (const { item, result } of mapInOrder(
    batches(left.filter((file) => unread(file) === undefined)),
    executor.width,
    (batch) => read(executor, batch, attempt),
  )) {
    let refused = 0;
    if ("files" in result) {
      writer.write(result.files, result.events);
      refused = errorsOf(result);
    } else {
      await writer.writeInParts(result.parts, (part) => {
        refused = errorsOf(part) + (part.isInstead === true ? 0 : refused);
      });
    }
    progress.advance(item.length, refused);
  }
  writer.write(left.flatMap((file) => unread(file) ?? []).map((diagnostic) => evidenceRows(evidenceOf(diagnostic))));
}

/** A batch as a whole; a large file, which is a batch of its own, in parts. */
async function read(
  executor: Executor,
  files: readonly InputFile[],
  attempt: string,
): Promise<ReadBatch | { readonly parts: AsyncIterable<ReadBatch> }> {
  const [first] = files;
  if (first !== undefined && isOfItsOwn(first)) return { parts: executor.readLarge({ path: first.path, attempt }) };
  return executor.read({ files: files.map(toRead), attempt });
}

function toRead({ path, parts }: InputFile): FileToRead {
  return parts === undefined ? path : { path, parts: parts.map((part) => part.path) };
}

function isOfItsOwn(file: InputFile): boolean {
  return file.parts === undefined && isLarge(file);
}

function errorsOf({ files }: ReadBatch): number {
  return files.reduce((sum, { diagnostics }) => sum + diagnostics.filter(isError).length, 0);
}

/** Why a file is not read, where it is not. */
function unread({ path, isLink, parts }: InputFile): Diagnostic | undefined {
  if (isLink) return notFollowed(path);
  return parts?.length === 0 ? passedOver(path) : undefined;
}

function passedOver(path: string): Diagnostic {
  const message = "of an iam-collect store only the roles, users, groups and policies of IAM are read";
  return { code: "passed-over", severity: "info", path, pointer: "", message, hint: "" };
}

function notFollowed(path: string): Diagnostic {
  const message = "symbolic links inside folders are not followed";
  const hint = "name the file itself if it belongs to the inputs";
  return { code: "link-not-followed", severity: "warning", path, pointer: "", message, hint };
}

function isError({ severity }: { readonly severity: string }): boolean {
  return severity === "error";
}

function* batches(files: readonly InputFile[]): Generator<readonly InputFile[]> {
  let batch: InputFile[] = [];
  let bytes = 0;
  for (const file of files) {
    const isFull = batch.length >= BATCH_FILES || bytes + file.bytes > BATCH_BYTES || isOfItsOwn(file);
    if (batch.length > 0 && isFull) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(file);
    bytes += isOfItsOwn(file) ? BATCH_BYTES : file.bytes; // nothing goes with it
  }
  if (batch.length > 0) yield batch;
}
