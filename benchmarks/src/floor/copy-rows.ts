import type Database from "better-sqlite3";
import { NOTHING, type Taken, added, stopwatch } from "../measure/stopwatch.ts";

/** A transaction holds about this many characters: what the program reads at once, and what a thousand results come to. */
const CHARACTERS_PER_COMMIT = 4 * 1024 * 1024;
/** What a value that is no text counts for. */
const NUMBER_CHARACTERS = 8;

export interface Copied {
  readonly rows: number;
  /** What reading the rows from `source` took, which is no part of the floor. */
  readonly loading: Taken;
}

/**
 * Inserts every row of every table of a result into plain tables: the same columns with the same affinities, and no key, index or
 * constraint. Columns that stand for the row's id in the result are columns here.
 *
 * @param earlier a database of which rows that are there as well are left out: what a later run added or changed
 */
export function copyRows(source: Database.Database, target: Database.Database, earlier?: string): Copied {
  if (earlier !== undefined) source.prepare("ATTACH ? AS earlier").run(earlier);
  const tables = tablesOf(source).map((name) => ({ name, columns: columnsOf(source, name) }));
  target.transaction(() => {
    for (const table of tables) target.exec(createPlain(table));
  })();
  const inserts = tables.map(({ name, columns }) =>
    target.prepare(`INSERT INTO ${quoted(name)} VALUES (${columns.map(() => "?").join()})`),
  );
  const insertAll = target.transaction((batch: readonly Row[]) => {
    for (const { table, values } of batch) inserts[table]!.run(values); // rows are of these tables
  });
  let rows = 0;
  let loading = NOTHING;
  const batches = batchesOf(source, tables, earlier !== undefined);
  for (;;) {
    const time = stopwatch();
    const next = batches.next();
    loading = added(loading, time());
    if (next.done === true) break;
    insertAll(next.value);
    rows += next.value.length;
  }
  if (earlier !== undefined) source.exec("DETACH earlier");
  return { rows, loading };
}

interface Table {
  readonly name: string;
  readonly columns: readonly Column[];
}

/** A row, and the place of its table in the list of tables. */
interface Row {
  readonly table: number;
  readonly values: readonly unknown[];
}

interface Column {
  readonly name: string;
  readonly type: string;
}

function tablesOf(db: Database.Database): readonly string[] {
  return db
    .prepare<[], string>(
      "SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
    )
    .pluck()
    .all();
}

function columnsOf(db: Database.Database, table: string): readonly Column[] {
  return db.prepare<[string], Column>("SELECT name, type FROM pragma_table_info(?, 'main')").all(table);
}

function createPlain({ name, columns }: Table): string {
  return `CREATE TABLE ${quoted(name)} (${columns.map((column) => `${quoted(column.name)} ${column.type}`).join()})`;
}

/** Rows table by table; a batch may hold some of several. */
function* batchesOf(
  db: Database.Database,
  tables: readonly Table[],
  onlyNew: boolean,
): Generator<readonly Row[], undefined> {
  let batch: Row[] = [];
  let characters = 0;
  for (const [table, { name, columns }] of tables.entries()) {
    const names = columns.map((column) => quoted(column.name)).join();
    const from = (schema: string): string => `SELECT ${names} FROM ${schema}.${quoted(name)}`;
    const sql = onlyNew ? `${from("main")} EXCEPT ${from("earlier")}` : from("main");
    for (const values of db.prepare<[], readonly unknown[]>(sql).raw().iterate()) {
      batch.push({ table, values });
      for (const value of values) characters += typeof value === "string" ? value.length : NUMBER_CHARACTERS;
      if (characters < CHARACTERS_PER_COMMIT) continue;
      yield batch;
      batch = [];
      characters = 0;
    }
  }
  if (batch.length > 0) yield batch;
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
