import { parentPort, workerData } from "node:worker_threads";
import { gzipSync } from "node:zlib";
import type { Page } from "@leastwise/api";
import { csvLine } from "../format/csv.ts";
import { ANSWERERS } from "../pages/answers.ts";
import { PageCatalogs } from "../pages/catalogs.ts";
import { type PageFailure, isOfFile, pageFailure } from "../pages/page-failure.ts";
import { ShownDatabase } from "../pages/shown-database.ts";
import type { Answer, Task, ThreadFacts } from "./messages.ts";

/** A thread that answers the page's questions one after the other, each on one state of the database. */

/** How long looking at rows may take, in a list; a named question has rows of its own to find. */
const LOOKING_MS = 100;
const QUESTION_MS = 5000;
/** Rows of a part of CSV. */
const PART_ROWS = 5000;
/** Less is not worth it. */
const GZIP_BYTES = 4096;

const { database } = workerData as ThreadFacts; // what the thread that makes this one has given
const shownDatabase = new ShownDatabase(database);
const catalogs = new PageCatalogs();

parentPort?.on("message", (task: Task) => {
  const answer = answered(task);
  parentPort?.postMessage(answer, [answer.body.buffer]);
});

function answered(task: Task): Answer {
  try {
    return task.form === "csv" ? csvPart(task) : json(task, 200, replyTo(task).reply);
  } catch (error) {
    const failure = pageFailure(error);
    if (isOfFile(failure)) shownDatabase.close();
    return failed(task, failure, error);
  }
}

function replyTo({ name, asked, gone, form }: Task): { readonly reply: unknown; readonly runId: number } {
  const until = performance.now() + (name === "question" ? QUESTION_MS : LOOKING_MS);
  const isOver = (): boolean => performance.now() > until || Atomics.load(gone, 0) !== 0;
  const run = asked["run"] === "" ? undefined : asked["run"];
  return shownDatabase.with(run, (shown) => {
    const rows = form === "csv" ? { mostRows: PART_ROWS } : {};
    return { reply: ANSWERERS[name].answer({ shown, asked, catalogs, isOver, ...rows }), runId: shown.runId };
  });
}

function csvPart(task: Task): Answer {
  const columns = ANSWERERS[task.name].columns ?? [];
  const { reply, runId } = replyTo({ ...task, asked: { ...task.asked, limit: String(PART_ROWS) } });
  const { rows, next } = reply as Page<Readonly<Record<string, string | number | boolean | null>>>; // only lists have CSV
  const head = (task.asked["after"] ?? "") === "" ? csvLine(columns) : "";
  const lines = rows.map((row) =>
    csvLine(
      columns.map((column) => {
        const value = row[column] ?? null;
        return typeof value === "boolean" ? String(value) : value;
      }),
    ),
  );
  return { status: 200, body: bytesOf(head + lines.join("")), isGzipped: false, next, runId, stack: null };
}

function json({ mayGzip }: Task, status: number, value: unknown): Answer {
  const body = bytesOf(JSON.stringify(value));
  const isGzipped = mayGzip && body.length > GZIP_BYTES;
  const bytes = isGzipped ? new Uint8Array(gzipSync(body, { level: 4 })) : body;
  return { status, body: bytes, isGzipped, next: null, runId: null, stack: null };
}

function failed(task: Task, { status, body }: PageFailure, error: unknown): Answer {
  const stack = status === 500 && error instanceof Error ? (error.stack ?? error.message) : null;
  return { ...json(task, status, body), stack };
}

/** In a buffer of its own, which can be handed over. */
function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}
