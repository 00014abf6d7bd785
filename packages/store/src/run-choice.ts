import type { Connection } from "./database.ts";
import { StoreError } from "./store-error.ts";

/**
 * The id of a run by what a person calls it: its number, `latest` (the newest that is done, else the newest of all) or `previous` (the
 * done one before that).
 *
 * @throws StoreError `no-run`
 */
export function findRun(db: Connection, name: string): number {
  const sql = {
    latest: "SELECT run_id FROM main.current_run",
    previous: `SELECT run_id FROM run WHERE state = 'done' AND run_id < (SELECT run_id FROM main.current_run)
      ORDER BY run_id DESC LIMIT 1`,
  }[name];
  const id = /^\d{1,15}$/.test(name) ? Number(name) : -1;
  const found =
    sql === undefined
      ? db.prepare<[number], number>("SELECT run_id FROM run WHERE run_id = ?").pluck().get(id)
      : db.prepare<[], number>(sql).pluck().get();
  if (found !== undefined) return found;
  throw new StoreError(
    "no-run",
    `the database has no run \`${name}\``,
    "a run is named by its number, `latest` or `previous`; `leastwise runs --db FILE` lists them",
  );
}

/**
 * From now on the views show this run, on this connection alone: temporary views of the same names come before the stored ones, and
 * they refer to one another. Nothing is written to the file.
 */
export function showRun(db: Connection, runId: number): void {
  db.pragma("temp_store = MEMORY");
  const views = db
    .prepare<[], { name: string; sql: string }>("SELECT name, sql FROM sqlite_schema WHERE type = 'view'")
    .all();
  db.exec("CREATE TEMP TABLE chosen_run (run_id INTEGER NOT NULL)");
  db.prepare("INSERT INTO temp.chosen_run VALUES (?)").run(runId);
  db.exec(
    "CREATE TEMP VIEW current_run AS SELECT run_id, catalog_id FROM run WHERE run_id = (SELECT run_id FROM temp.chosen_run)",
  );
  for (const { name, sql } of views) {
    if (name !== "current_run") db.prepare(sql.replace(/^CREATE VIEW /, "CREATE TEMP VIEW ")).run(); // one statement, whatever the file says
  }
}
