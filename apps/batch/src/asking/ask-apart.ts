import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { StoreError, refuseUnlessQuestion } from "@leastwise/store";
import { EXIT, Failure } from "../exit-code.ts";
import { reasonOf } from "../reason.ts";
import type { QueryLimits } from "./limits.ts";
import { type Message, TOO_MUCH_MEMORY, type Task, rowOf } from "./messages.ts";
import type { Asked, Row, Rows } from "./rows.ts";
import { Stopped, stoppedFailure } from "./stopped.ts";
import { TimeAllowance } from "./time-allowance.ts";

const ANSWER = fileURLToPath(new URL("./answer.js", import.meta.url));
const MOST_SAID = 16 * 1024;

type Process = ChildProcessByStdio<Writable, Readable, Readable>;

/**
 * Asks in a process of its own, since nothing in ours could end a query that SQLite computes. The process is gone when the answer is:
 * read to its end, left, or stopped; and when this process ends, however it does.
 *
 * @param signal nobody wants the answer any more: the process is ended at once
 * @throws StoreError as `openForAsking` and `ask`; Failure, when a limit ends it before its first row too; `Stopped`, when one does so
 *   while rows are read
 */
export async function askApart(asked: Asked, limits: QueryLimits, signal?: AbortSignal): Promise<Rows> {
  const { seconds, memoryMb } = limits;
  refuseUnlessQuestion(asked.sql); // a process less
  const heap = memoryMb === null ? [] : [`--max-old-space-size=${memoryMb}`];
  const { NODE_OPTIONS: _, ...env } = process.env; // made for this process, not for that
  const child = spawn(process.execPath, [...heap, ANSWER], { stdio: ["pipe", "pipe", "pipe"], env });
  const kill = (): void => void child.kill("SIGKILL");
  process.once("exit", kill);
  signal?.addEventListener("abort", kill, { once: true });
  let isTimeOver = false;
  const allowance = new TimeAllowance(seconds, () => {
    isTimeOver = true;
    kill();
  });
  const close = (): void => {
    allowance.end();
    kill();
    process.off("exit", kill);
    signal?.removeEventListener("abort", kill);
  };
  const ending = endOf(child);
  const why = async (): Promise<Error> => (isTimeOver ? new Stopped("time") : reasonFor(await ending));
  const task: Task = { ...asked, memoryMb, parent: process.pid };
  child.stdin.on("error", close); // it has ended already, and `ending` says why
  child.stdin.end(JSON.stringify(task));
  const messages = messagesOf(child.stdout);
  try {
    const first = await messages.next();
    if (first.done === true) throw await why();
    if (!("columns" in first.value)) throw errorOf(first.value);
    const { columns } = first.value;
    return { columns, batches: batchesOf(messages, why, close), untimed: (work) => allowance.without(work) };
  } catch (error) {
    close();
    throw error instanceof Stopped ? stoppedFailure(error, limits, 0) : error;
  }
}

async function* batchesOf(
  messages: AsyncIterable<Message>,
  why: () => Promise<Error>,
  close: () => void,
): AsyncGenerator<readonly Row[]> {
  try {
    for await (const message of messages) {
      if ("end" in message) return;
      if (!("rows" in message)) throw errorOf(message);
      yield message.rows.map(rowOf);
    }
    throw await why();
  } finally {
    close();
  }
}

async function* messagesOf(stdout: Readable): AsyncGenerator<Message> {
  let parts: Buffer[] = [];
  for await (const chunk of stdout as AsyncIterable<Buffer>) {
    let from = 0;
    for (let to = chunk.indexOf("\n"); to !== -1; to = chunk.indexOf("\n", from)) {
      parts.push(chunk.subarray(from, to));
      yield JSON.parse(Buffer.concat(parts).toString("utf8")) as Message; // what `answer.ts` says
      parts = [];
      from = to + 1;
    }
    parts.push(chunk.subarray(from));
  }
}

function errorOf(message: Message): Error {
  if ("refused" in message) {
    const { code, message: text, hint } = message.refused;
    return new StoreError(code, text, hint);
  }
  if ("sqlite" in message) {
    const { code, message: text } = message.sqlite;
    return code.startsWith("SQLITE_NOMEM") ? new Stopped("memory") : Object.assign(new Error(text), { code });
  }
  if ("tooLong" in message) return new Stopped("row");
  throw new Error(`a message out of turn: ${Object.keys(message).join(", ")}`);
}

interface End {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The beginning of what it said on standard error: nothing, unless something went wrong. */
  readonly said: string;
  /** Why it could not even be started. */
  readonly notStarted: unknown;
}

function endOf(child: Process): Promise<End> {
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said = (said + text).slice(0, MOST_SAID)));
  return new Promise((resolve) => {
    child.on("error", (notStarted) => resolve({ code: null, signal: null, said, notStarted }));
    child.on("close", (code, signal) => resolve({ code, signal, said, notStarted: null }));
  });
}

/** Why the process ended before its answer did. */
function reasonFor({ code, signal, said, notStarted }: End): Error {
  if (notStarted !== null) {
    const message = `the process that answers cannot be started: ${reasonOf(notStarted)}`;
    return new Failure(EXIT.io, message, "check how many processes the machine allows", { cause: notStarted });
  }
  if (said.includes(TOO_MUCH_MEMORY) || said.includes("heap out of memory")) return new Stopped("memory");
  if (signal === "SIGINT" || signal === "SIGTERM") return new Failure(EXIT.interrupted, "interrupted", "");
  if (signal !== null) {
    const message = `the process that answers was ended by ${signal}`;
    return new Failure(EXIT.io, message, "the machine may be short of memory; ask for less");
  }
  return new Error(`the process that answers ended with ${code}: ${said}`);
}
