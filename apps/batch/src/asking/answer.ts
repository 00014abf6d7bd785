import { readFileSync, writeSync } from "node:fs";
import { Worker } from "node:worker_threads";
import { StoreError, ask, openForAsking } from "@leastwise/store";
import { type Message, type Task, wireRow } from "./messages.ts";

/** The process that answers one question: a task on standard input, messages on standard output, nothing anywhere else. */

const FLUSH_CHARACTERS = 64 * 1024;
const FLUSH_MS = 10;
const SLEEP = new Int32Array(new SharedArrayBuffer(4));

const task = JSON.parse(readFileSync(0, "utf8")) as Task; // `askApart` has written it
new Worker(new URL("./guard.js", import.meta.url), {
  workerData: { memoryMb: task.memoryMb, parent: task.parent },
}).unref();
try {
  answer(task);
} catch (error) {
  const message = messageOf(error);
  if (message === null) throw error;
  say(message);
}
process.exit(0);

function answer({ database, run, sql, parameters, mostRows }: Task): void {
  const { columns, rows } = ask(openForAsking(database, run), sql, parameters);
  let pending: string[] = [];
  let characters = 0;
  let saidAt = performance.now();
  let isFirst = true;
  const flush = (): void => {
    if (isFirst) say({ columns }); // not before the first row is found, so that a question that fails at once prints nothing
    if (pending.length > 0) write(`{"rows":[${pending.join(",")}]}\n`);
    [pending, characters, isFirst, saidAt] = [[], 0, false, performance.now()];
  };
  let given = 0;
  try {
    for (const row of rows) {
      const text = wireRow(row);
      if (text === null) {
        flush();
        say({ tooLong: true });
        return;
      }
      pending.push(text);
      characters += text.length;
      given++;
      if (given === mostRows) break;
      if (isFirst || characters >= FLUSH_CHARACTERS || performance.now() - saidAt > FLUSH_MS) flush();
    }
  } catch (error) {
    if (!isFirst) flush(); // what was found before it is right
    throw error;
  }
  flush();
  say({ end: true });
}

/** What can go wrong without being a bug. */
function messageOf(error: unknown): Message | null {
  if (error instanceof StoreError) {
    const { code, message, hint } = error;
    return { refused: { code, message, hint } };
  }
  const { code } = error as { readonly code?: unknown };
  if (!(error instanceof Error) || typeof code !== "string" || !code.startsWith("SQLITE_")) return null;
  return { sqlite: { code, message: error.message } };
}

function say(message: Message): void {
  write(`${JSON.stringify(message)}\n`);
}

/** Waits until the reader has taken it, so that no more is computed than is wanted. */
function write(text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length;) {
    try {
      at += writeSync(1, bytes, at);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "EPIPE") process.exit(0); // nobody reads any more
      if (code !== "EAGAIN") throw error;
      Atomics.wait(SLEEP, 0, 0, 1); // the pipe is full; a millisecond empties it if somebody reads
    }
  }
}
