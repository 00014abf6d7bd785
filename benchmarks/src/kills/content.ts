import { createHash } from "node:crypto";
import Database from "better-sqlite3";

/** What a database holds, and whether SQLite finds it whole. */
export interface Content {
  /** `ok`, or what PRAGMA integrity_check and foreign_key_check find. */
  readonly integrity: string;
  /** SHA-256 over every row of every table, ids included, but not the times of the run itself. */
  readonly sha256: string;
  /** Rows of each table. */
  readonly rows: Readonly<Record<string, number>>;
  /** Units without an end, and attachments of the run that have no recommendation or more than one. */
  readonly lost: number;
}

const TIMES = new Set(["started_at", "finished_at"]);

/** Reads all of a finished database. */
export function contentOf(path: string): Content {
  const db = new Database(path, { readonly: true });
  try {
    const hash = createHash("sha256");
    const rows: Record<string, number> = {};
    const tables = db
      .prepare<[], string>(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY 1",
      )
      .pluck()
      .all();
    for (const table of tables) {
      const columns = db.prepare<[], string>(`SELECT name FROM pragma_table_info('${table}')`).pluck().all();
      const told = columns.filter((column) => table !== "run" || !TIMES.has(column)).join();
      hash.update(`${table}(${told})\n`);
      let count = 0;
      for (const row of db.prepare(`SELECT ${told} FROM ${table} ORDER BY ${told}`).raw().iterate()) {
        hash.update(`${JSON.stringify(row)}\n`);
        count++;
      }
      rows[table] = count;
    }
    return { integrity: integrityOf(db), sha256: hash.digest("hex"), rows, lost: lostIn(db) };
  } finally {
    db.close();
  }
}

/** `ok` where SQLite finds nothing wrong. */
export function integrityOf(db: Database.Database): string {
  const found = db.pragma("integrity_check(1)", { simple: true }) as string; // one line of text
  const orphans = db.pragma("foreign_key_check") as readonly object[]; // rows
  return orphans.length === 0 ? found : `${found}, ${orphans.length} rows refer to nothing`;
}

function lostIn(db: Database.Database): number {
  const find = db.prepare<[], number>(
    `SELECT (SELECT count(*) FROM unit WHERE state = 'planned')
       + (SELECT count(*) FROM attachment a JOIN policy_document USING (run_id, policy_id) JOIN principal p USING (principal_id)
          WHERE p.marked IS NOT 'service-linked' AND NOT EXISTS (
            SELECT 1 FROM recommendation r WHERE r.run_id = a.run_id AND r.principal_id = a.principal_id AND r.policy_id = a.policy_id))
       + (SELECT count(*) FROM run WHERE state <> 'done')`,
  );
  return find.pluck().get() ?? 0; // a sum is one row
}
