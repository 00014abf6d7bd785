import type { Diagnostic } from "@leastwise/core";
import type { Connection, Run } from "@leastwise/store";
import { IngestWriter } from "@leastwise/store";
import type { Progress } from "../progress.ts";
import type { Executor } from "../workers/executor.ts";
import { type FileToRead, evidenceOf } from "../workers/read-files.ts";
import { mapInOrder } from "../workers/in-order.ts";
import type { InputFile } from "./list-inputs.ts";

/** Files that one task reads: few enough that a lost task costs little, enough that sending it costs little. */
const BATCH_FILES = 64;
const BATCH_BYTES = 4 * 1024 * 1024;

/**
 * Workers read and parse, this thread writes, in the order of the files' names. Files of an earlier attempt are passed over: a batch's
 * events are committed with the rows of all its files, so they count once however the files left are cut into batches.
 */
export async function ingest(
  db: Connection,
  run: Run,
  files: readonly InputFile[],
  executor: Executor,
  progress: Progress,
): Promise<void> {
  const writer = new IngestWriter(db, run.runId);
  const left = run.resumed ? files.filter(({ path }) => !writer.hasRead(path)) : files;
  progress.enter("reading", "files", files.length, files.length - left.length);
  for await (const { item, result } of mapInOrder(
    batches(left.filter((file) => unread(file) === undefined)),
    executor.width,
    (batch) => executor.read(batch),
  )) {
    writer.write(result.files, result.events);
    const refused = result.files.reduce((sum, { diagnostics }) => sum + diagnostics.filter(isError).length, 0);
    progress.advance(item.length, refused);
  }
  writer.write(left.flatMap((file) => unread(file) ?? []).map(evidenceOf));
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

function* batches(files: readonly InputFile[]): Generator<readonly FileToRead[]> {
  let batch: FileToRead[] = [];
  let bytes = 0;
  for (const file of files) {
    if (batch.length >= BATCH_FILES || (batch.length > 0 && bytes + file.bytes > BATCH_BYTES)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(file.parts === undefined ? file.path : { path: file.path, parts: file.parts.map(({ path }) => path) });
    bytes += file.bytes;
  }
  if (batch.length > 0) yield batch;
}
