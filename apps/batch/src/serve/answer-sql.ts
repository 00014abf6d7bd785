import type { Table } from "@leastwise/api";
import { askApart } from "../asking/ask-apart.ts";
import { type QueryLimits } from "../asking/limits.ts";
import { Stopped, stoppedFailure } from "../asking/stopped.ts";
import { MOST_TABLE_ROWS, rowsStopped, tableCell } from "../pages/named-question.ts";
import { type PageFailure, pageFailure } from "../pages/page-failure.ts";

/** What a person's SQL may take: as for `leastwise query`, with less output, since a page shows it. */
const LIMITS: QueryLimits = { seconds: 30, memoryMb: 512, bytes: 8_000_000 };
const MOST_AT_ONCE = 2;
const MOST_WAITING = 6;

/** Answers a person's SQL, each in a process of its own, two at a time. */
export class SqlAnswers {
  readonly #database: string;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(database: string) {
    this.#database = database;
  }

  /** Ends the process when `signal` says that nobody wants the answer. Never rejects. */
  async answer(sql: string, run: string | undefined, signal: AbortSignal): Promise<Table | PageFailure> {
    if (this.#waiting.length >= MOST_WAITING) {
      const body = { code: "busy", message: "too many questions at once", hint: "wait until one of them is answered" };
      return { status: 429, body };
    }
    if (this.#running >= MOST_AT_ONCE) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#running++;
    try {
      if (signal.aborted) return { status: 499, body: { code: "gone", message: "nobody waits", hint: "" } };
      return await this.#table(sql, run, signal);
    } catch (error) {
      return pageFailure(error instanceof Stopped ? stoppedFailure(error, LIMITS, 0) : error);
    } finally {
      this.#running--;
      this.#waiting.shift()?.();
    }
  }

  async #table(sql: string, run: string | undefined, signal: AbortSignal): Promise<Table> {
    const database = this.#database;
    const asked = {
      database,
      ...(run === undefined ? {} : { run }),
      sql,
      parameters: {},
      mostRows: MOST_TABLE_ROWS + 1,
    };
    const { columns, batches } = await askApart(asked, LIMITS, signal);
    const rows: Table["rows"][number][] = [];
    let bytes = 0;
    try {
      for await (const batch of batches) {
        for (const row of batch) {
          const cells = row.map(tableCell);
          bytes += JSON.stringify(cells).length;
          if (bytes > (LIMITS.bytes ?? Infinity)) throw new Stopped("bytes");
          if (rows.length === MOST_TABLE_ROWS) return { columns, rows, stopped: rowsStopped(MOST_TABLE_ROWS) };
          rows.push(cells);
        }
      }
    } catch (error) {
      if (!(error instanceof Stopped) || signal.aborted) throw error;
      return { columns, rows, stopped: stoppedFailure(error, LIMITS, rows.length).message };
    }
    return { columns, rows, stopped: null };
  }
}
