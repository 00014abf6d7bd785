import { once } from "node:events";
import { statSync } from "node:fs";
import type { MessagePort } from "node:worker_threads";
import type { Evidence } from "@leastwise/core";
import { ChangedFile, readLargeJson, readLinesInParts, startsAsLargeJson, startsAsLines } from "@leastwise/evidence";
import { isUnchanged } from "./file-stamp.ts";
import { sha256WhileSame } from "./input-hash.ts";
import readFiles, {
  CHANGED,
  NOT_A_FILE,
  type ReadBatch,
  batchOf,
  evidenceOf,
  forgetGiven,
  refusal,
  unreadable,
} from "./read-files.ts";

/** A large file that a thread is to read. */
export interface LargeTask {
  readonly path: string;
  /** As in `ReadTask`. */
  readonly attempt?: string;
}

/** So many parts may be on their way to the writing thread. */
const AHEAD = 4;

/**
 * Worker task: sends what a large file says to the port, part by part, and null behind the last; waits for a message for each part before
 * there are too many. The port's other end may be closed before.
 */
export default async function sendLargeFile({
  port,
  ...task
}: LargeTask & { readonly port: MessagePort }): Promise<void> {
  const way = { open: 0, isClosed: false };
  port.on("message", () => way.open--);
  port.once("close", () => (way.isClosed = true));
  const closed = once(port, "close");
  for await (const part of readInParts(task)) {
    port.postMessage(part);
    way.open++;
    while (way.open >= AHEAD && !way.isClosed) await Promise.race([once(port, "message"), closed]);
    if (way.isClosed) return;
  }
  port.postMessage(null);
}

/**
 * What a large file says, in parts of which each is one file's: line by line, item by item, or whole where it is neither lines nor lists.
 * Where reading it fails behind some parts, the last one stands for all, since half a file is not to count.
 */
export async function* readInParts({ path, attempt }: LargeTask): AsyncGenerator<ReadBatch, void> {
  const sha256 = sha256WhileSame(path);
  const parts = evidenceParts(path);
  for (let given = 0; ; given++) {
    let next: IteratorResult<Evidence, boolean>;
    try {
      next = await parts.next();
    } catch (error) {
      if (!isSystemError(error) && !(error instanceof ChangedFile)) throw error;
      forgetGiven(); // documents of the parts before go with them
      const reason = error instanceof ChangedFile ? refusal(path, CHANGED) : unreadable(path, error);
      const said = batchOf(evidenceOf(reason), attempt, undefined);
      return yield given === 0 ? said : { ...said, isInstead: true };
    }
    if (next.done !== true) yield batchOf(next.value, attempt, sha256());
    else if (next.value) return;
    else return yield await readFiles({ files: [path], ...(attempt === undefined ? {} : { attempt }) });
  }
}

/** Gives whether the file could be read so. @throws ChangedFile where it is another one in the end than in the beginning */
async function* evidenceParts(path: string): AsyncGenerator<Evidence, boolean> {
  const before = statSync(path, { bigint: true });
  if (!before.isFile()) {
    yield evidenceOf(refusal(path, NOT_A_FILE)); // not opened, since a pipe that nobody writes to would hold the run up
    return true;
  }
  if (await startsAsLines(path)) yield* readLinesInParts(path);
  else if (!(await startsAsLargeJson(path)) || !(yield* readLargeJson(path))) return false;
  if (!isUnchanged(before, statSync(path, { bigint: true }))) throw new ChangedFile(path);
  return true;
}

/** Of opening and reading a file. */
function isSystemError(error: unknown): boolean {
  return error instanceof Error && "syscall" in error;
}
