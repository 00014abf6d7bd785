import type { Diagnostic } from "@leastwise/core";
import type { Connection, Run } from "@leastwise/store";
import { IngestWriter } from "@leastwise/store";
import type { Progress } from "../progress.ts";
import type { Executor } from "../workers/executor.ts";
import { evidenceOf } from "../workers/read-files.ts";
import { mapInOrder } from "../workers/in-order.ts";
import type { InputFile } from "./list-inputs.ts";

/** Files that one task reads: few enough that a lost task costs little, enough that sending it costs little. */
const BATCH_FILES = 64;
const BATCH_BYTES = 4 * 1024 * 1024;

/** Workers read and parse, this thread writes, in the order of the files' names. Files of an earlier attempt are passed over. */
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
    batches(left.filter(({ isLink }) => !isLink)),
    executor.width,
    (batch) => executor.read(batch),
  )) {
    writer.write(result);
    const refused = result.reduce((sum, { diagnostics }) => sum + diagnostics.filter(isError).length, 0);
    progress.advance(item.length, refused);
  }
  writer.write(left.filter(({ isLink }) => isLink).map(({ path }) => evidenceOf(notFollowed(path))));
}

function notFollowed(path: string): Diagnostic {
  const message = "symbolic links inside folders are not followed";
  const hint = "name the file itself if it belongs to the inputs";
  return { code: "link-not-followed", severity: "warning", path, pointer: "", message, hint };
}

function isError({ severity }: { readonly severity: string }): boolean {
  return severity === "error";
}

function* batches(files: readonly InputFile[]): Generator<readonly string[]> {
  let batch: string[] = [];
  let bytes = 0;
  for (const file of files) {
    if (batch.length >= BATCH_FILES || (batch.length > 0 && bytes + file.bytes > BATCH_BYTES)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(file.path);
    bytes += file.bytes;
  }
  if (batch.length > 0) yield batch;
}
