import { type Connection, openForReading } from "./database.ts";
import { SQL_HINT, refuseUnlessQuestion } from "./refuse-sql.ts";
import { StoreError } from "./store-error.ts";

export type Cell = string | number | bigint | null;

/** Rows as they come; `columns` is known before the first. */
export interface Answer {
  readonly columns: readonly string[];
  readonly rows: IterableIterator<readonly Cell[]>;
}

/**
 * Opens a database for a person's SQL: as for reading, and in a way that no file is made anywhere. What SQLite has to sort or keep for a
 * question stays in memory, which whoever runs it has to watch: in this build SQLite's own heap limits have no effect.
 *
 * @param run as in `openForReading`
 * @throws StoreError as `openForReading`
 */
export function openForAsking(path: string, run?: string): Connection {
  const db = openForReading(path, run);
  db.pragma("temp_store = MEMORY");
  db.pragma("mmap_size = 0"); // a damaged file is an error, not a signal
  return db;
}

/**
 * Runs a person's SQL on a read-only connection.
 *
 * A read-only connection alone is not enough, so the text is looked at before SQLite sees it (`refuseUnlessQuestion`), and afterwards it
 * must say itself that it only reads. How long it may run and what memory it may take is not decided here: a native query cannot be
 * interrupted from its own process.
 *
 * @throws StoreError `refused-sql` or `bad-sql`; SQLite's own errors where the file is at fault
 */
export function ask(db: Connection, sql: string, parameters: Readonly<Record<string, string | number>> = {}): Answer {
  refuseUnlessQuestion(sql);
  const statement = sqlErrors(() => {
    const prepared = db.prepare<[object], readonly unknown[]>(sql);
    if (prepared.reader && prepared.readonly) return prepared.raw(true).safeIntegers(true);
    throw new StoreError("refused-sql", "only questions are answered here", SQL_HINT);
  });
  const columns = statement.columns().map(({ name }) => name);
  const rows = sqlErrors(() => statement.iterate(parameters));
  return { columns, rows: cells(rows) };
}

/** What is wrong with the file or the machine, not with the question. */
const NOT_THE_QUESTION = /^SQLITE_(?:CORRUPT|IOERR|CANTOPEN|FULL|NOTADB|BUSY|PROTOCOL|NOMEM)/;

/** SQLite's complaints about a person's SQL, at whatever moment they come. */
function sqlErrors<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    const { code } = error as { readonly code?: unknown };
    if (error instanceof StoreError || (typeof code === "string" && NOT_THE_QUESTION.test(code))) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new StoreError("bad-sql", `the SQL cannot be run: ${reason}`, SQL_HINT, { cause: error });
  }
}

function* cells(rows: IterableIterator<readonly unknown[]>): Generator<readonly Cell[]> {
  try {
    for (let row = sqlErrors(() => rows.next()); row.done !== true; row = sqlErrors(() => rows.next()))
      yield row.value.map(cell);
  } finally {
    rows.return?.();
  }
}

/** Integers come as bigint; those that a number holds exactly become one. */
function cell(value: unknown): Cell {
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  if (value === null || typeof value === "string" || typeof value === "number") return value;
  return Buffer.isBuffer(value) ? value.toString("hex") : JSON.stringify(value); // SQLite has no further types
}
