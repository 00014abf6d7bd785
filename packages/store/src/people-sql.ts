import type { Connection } from "./database.ts";
import { StoreError } from "./store-error.ts";

export type Cell = string | number | bigint | null;

/** Rows as they come; `columns` is known before the first. */
export interface Answer {
  readonly columns: readonly string[];
  readonly rows: IterableIterator<readonly Cell[]>;
}

const HINT = "one SELECT (or WITH … SELECT, VALUES, EXPLAIN) on the views; `leastwise query --list` shows examples";

/**
 * Runs a person's SQL on a read-only connection.
 *
 * A read-only connection alone is not enough: VACUUM INTO writes a file, ATTACH opens others, and some PRAGMAs act when they are
 * prepared. So the statement's first words are looked at before SQLite sees it, and afterwards it must say itself that it only reads.
 *
 * @throws StoreError `refused-sql` or `bad-sql`
 */
export function ask(db: Connection, sql: string, parameters: Readonly<Record<string, string | number>> = {}): Answer {
  if (!startsAsQuestion(sql)) throw new StoreError("refused-sql", "only questions are answered here", HINT);
  const statement = sqlErrors(() => {
    const prepared = db.prepare<[object], readonly unknown[]>(sql);
    if (prepared.reader && prepared.readonly) return prepared.raw(true).safeIntegers(true);
    throw new StoreError("refused-sql", "only questions are answered here", HINT);
  });
  const columns = statement.columns().map(({ name }) => name);
  const rows = sqlErrors(() => statement.iterate(parameters));
  return { columns, rows: cells(rows) };
}

/** SQLite's complaints about a person's SQL, at whatever moment they come. */
function sqlErrors<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof StoreError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new StoreError("bad-sql", `the SQL cannot be run: ${reason}`, HINT, { cause: error });
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

/** Whether the first words, comments aside, are those of a question. */
function startsAsQuestion(sql: string): boolean {
  const words = firstWords(sql, 4);
  const rest = words[0] === "EXPLAIN" ? words.slice(words[1] === "QUERY" && words[2] === "PLAN" ? 3 : 1) : words;
  return ["SELECT", "WITH", "VALUES"].includes(rest[0] ?? "");
}

/** The first words in upper case. White space and comments are passed over as SQLite does; anything else ends the list. */
function firstWords(sql: string, count: number): readonly string[] {
  const words: string[] = [];
  let rest = sql;
  while (words.length < count) {
    rest = rest.replace(/^(?:[\s\uFEFF]|--[^\n]*(?:\n|$)|\/\*[^]*?(?:\*\/|$))+/, "");
    const word = /^[a-z_]+/i.exec(rest)?.[0];
    if (word === undefined) break;
    words.push(word.toUpperCase());
    rest = rest.slice(word.length);
  }
  return words;
}
