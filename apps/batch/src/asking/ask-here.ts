import { type Connection, ask } from "@leastwise/store";
import type { Asked, Row, Rows } from "./rows.ts";

const BATCH_ROWS = 64;

/** Asks in this process: for SQL of our own, whose cost is known. Nothing limits it. */
export function askHere(db: Connection, { sql, parameters, mostRows }: Omit<Asked, "database">): Rows {
  const { columns, rows } = ask(db, sql, parameters);
  return { columns, batches: batchesOf(rows, mostRows), untimed: (work) => work() };
}

// eslint-disable-next-line typescript/require-await -- the same shape as an answer from elsewhere
async function* batchesOf(rows: Iterable<Row>, mostRows: number): AsyncGenerator<readonly Row[]> {
  let batch: Row[] = [];
  let given = 0;
  for (const row of rows) {
    batch.push(row);
    given++;
    if (given === mostRows) break;
    if (batch.length === BATCH_ROWS) {
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}
