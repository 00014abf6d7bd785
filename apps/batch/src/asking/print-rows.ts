import type { Form } from "../format/form.ts";
import { type Terminal, write } from "../terminal.ts";
import type { QueryLimits } from "./limits.ts";
import type { Rows } from "./rows.ts";
import { Stopped, stoppedFailure } from "./stopped.ts";

/** How many rows were printed, and whether the answer has more. */
export interface Printed {
  readonly rows: number;
  readonly hasMore: boolean;
}

/**
 * Prints an answer as it comes: `mostRows` of it (0 is all) and no more bytes than the limit says. However it ends, what was printed is
 * made a whole of its form.
 *
 * @throws Failure when a limit ends it; whatever the answer throws
 */
export async function printRows(
  answer: Rows,
  form: Form,
  mostRows: number,
  limits: QueryLimits,
  terminal: Terminal,
): Promise<Printed> {
  const printer = new Printer(answer, limits.bytes ?? Infinity, terminal);
  let taken = 0;
  let hasMore = false;
  const errors: unknown[] = [];
  await printer.print([form.open]);
  try {
    for await (const batch of answer.batches) {
      const wanted = mostRows === 0 ? batch : batch.slice(0, mostRows - taken);
      taken += wanted.length;
      hasMore = wanted.length < batch.length;
      await printer.printRows(wanted.flatMap(form.add));
      if (hasMore) break;
    }
  } catch (error) {
    errors.push(error);
  }
  try {
    if (!printer.isFull) await printer.printRows(form.rest());
  } catch (error) {
    errors.push(error);
  }
  await printer.print([form.close(printer.rows)]);
  if (errors.length === 0) return { rows: printer.rows, hasMore };
  const [error] = errors; // the second, if any, only says that the rest did not fit either
  throw error instanceof Stopped ? stoppedFailure(error, limits, printer.rows) : error;
}

/** Counts what goes out. */
class Printer {
  rows = 0;
  /** Whether a row did not fit any more. */
  isFull = false;
  readonly #answer: Rows;
  readonly #mostBytes: number;
  readonly #terminal: Terminal;
  #bytes = 0;

  constructor(answer: Rows, mostBytes: number, terminal: Terminal) {
    this.#answer = answer;
    this.#mostBytes = mostBytes;
    this.#terminal = terminal;
  }

  /** As many of the rows as the limit lets through. */
  async printRows(rows: readonly string[]): Promise<void> {
    let fitting = 0;
    let bytes = this.#bytes;
    for (const row of rows) {
      bytes += Buffer.byteLength(row);
      if (bytes > this.#mostBytes) break;
      fitting++;
    }
    await this.print(rows.slice(0, fitting));
    this.rows += fitting;
    this.isFull = fitting < rows.length;
    if (this.isFull) throw new Stopped("bytes");
  }

  async print(texts: readonly string[]): Promise<void> {
    const text = texts.join("");
    this.#bytes += Buffer.byteLength(text);
    if (text !== "") await this.#answer.untimed(() => write(this.#terminal.out, text));
  }
}
