import type Database from "better-sqlite3";
import type { Connection } from "../../database.ts";

/** Derived tables of a run with their columns, the first of which is run_id. */
const COLUMNS = {
  kept_statement: ["run_id", "document_id", "statement", "sid_start"],
  account_total: [
    "run_id",
    "account_id",
    "principals",
    "holders",
    "attachments",
    "to_replace",
    "to_detach",
    "unchanged",
    "failed",
    "actions_before",
    "actions_after",
  ],
  account_level_total: ["run_id", "account_id", "access_level", "actions_before", "actions_after"],
  reduction_total: ["run_id", "account_id", "tenth", "attachments"],
  account_service_total: [
    "run_id",
    "account_id",
    "service",
    "attachments_before",
    "attachments_after",
    "principals_before",
    "principals_after",
    "principals_unknown",
  ],
  service_total: [
    "run_id",
    "service",
    "accounts_before",
    "accounts_after",
    "attachments_before",
    "attachments_after",
    "principals_before",
    "principals_after",
    "principals_unknown",
  ],
  interval_total: ["run_id", "lo", "hi", "attachments_before", "attachments_after"],
  action_total: ["run_id", "action_id", "attachments_before", "attachments_after"],
  principal_total: [
    "run_id",
    "principal_id",
    "attachments",
    "actions_before",
    "actions_after",
    "services_before",
    "services_removed",
    "is_unknown",
  ],
  policy_total: ["run_id", "policy_id", "kind", "principals", "accounts", "different_results", "to_change", "blockers"],
  document_total: ["run_id", "document_id", "attachments", "accounts"],
  shape_total: ["run_id", "shape_sha256", "document_id", "documents", "attachments", "accounts"],
  wildcard_total: ["run_id", "element", "entry", "attachments", "kept", "generated", "actions", "worst_level"],
  size_total: [
    "run_id",
    "policy_id",
    "principal_id",
    "unit_id",
    "is_over",
    "fit",
    "form",
    "size",
    "size_limit",
    "excess",
    "policies",
  ],
  evidence_total: ["run_id", "source", "reports", "principals", "newest", "oldest"],
} as const;

/** What sums over all accounts count by, and what is added up: with each row something is granted. */
const SUMS = {
  interval_total: ["lo, hi", "attachments_before", "attachments_after"],
  action_total: ["action_id", "attachments_before", "attachments_after"],
  wildcard_total: ["element, entry", "attachments", "kept", "generated"],
} as const;

export type TotalTable = keyof typeof COLUMNS;
export const TOTAL_TABLE_NAMES: readonly TotalTable[] = Object.keys(COLUMNS) as TotalTable[]; // its own keys

/** Takes rows of derived tables; a row has the table's columns in their order, without run_id. */
export type Sink = (table: TotalTable, ...row: readonly (string | number | null)[]) => void;

/** So many rows are committed together: as many as fit into the write-ahead log before it is copied back. */
const ROWS_PER_COMMIT = 50_000;

/**
 * Writes the rows that `fill` tells, after those go that were there before. In several transactions, so that the write-ahead log stays
 * small: whoever is interrupted begins anew. Nothing may be read halfway when a row is told.
 */
export function writeTotals<T>(db: Connection, runId: number, fill: (sink: Sink) => T): T {
  const statements = prepared(db, (table, columns) => {
    return `INSERT INTO ${table} (${columns.join()}) VALUES (${columns.map(() => "?").join()})`;
  });
  let rows = 0;
  db.exec("BEGIN");
  try {
    for (const table of TOTAL_TABLE_NAMES) db.prepare(`DELETE FROM ${table} WHERE run_id = ?`).run(runId); // the names are the program's own
    const filled = fill((table, ...row) => {
      statements[table].run(runId, ...row);
      if (++rows % ROWS_PER_COMMIT === 0) db.exec("COMMIT; BEGIN");
    });
    db.exec("COMMIT");
    return filled;
  } finally {
    if (db.inTransaction) db.exec("ROLLBACK");
  }
}

/** The sink that adds what it is told to the rows that are there, in tables of sums over all accounts. */
export function addingTo(db: Connection, runId: number): Sink {
  const names = Object.keys(SUMS) as (keyof typeof SUMS)[]; // its own keys
  const statements = new Map<TotalTable, Database.Statement>(
    names.map((table) => {
      const [key, ...summed] = SUMS[table];
      const columns = COLUMNS[table];
      const sums = summed.map((column) => `${column} = ${column} + excluded.${column}`);
      const insert = `INSERT INTO ${table} (${columns.join()}) VALUES (${columns.map(() => "?").join()})`;
      return [table, db.prepare(`${insert} ON CONFLICT (run_id, ${key}) DO UPDATE SET ${sums.join()}`)];
    }),
  );
  return (table, ...row) => {
    statements.get(table)!.run(runId, ...row); // only such tables are told to it
  };
}

/** Looks whether rows are there, and counts them. `different` is told the tables that say something else, each once. */
export function comparingWith(
  db: Connection,
  runId: number,
): { readonly sink: Sink; readonly different: () => ReadonlySet<TotalTable> } {
  const found = prepared(db, (table, columns) => {
    return `SELECT 1 FROM ${table} WHERE ${columns.map((column) => `${column} IS ?`).join(" AND ")}`;
  });
  const number = prepared(db, (table) => `SELECT count(*) AS n FROM ${table} WHERE run_id = ?`);
  const rows = new Map<TotalTable, number>();
  const wrong = new Set<TotalTable>();
  return {
    sink: (table, ...row) => {
      rows.set(table, (rows.get(table) ?? 0) + 1);
      if (found[table].get(runId, ...row) === undefined) wrong.add(table);
    },
    different: () => {
      for (const table of TOTAL_TABLE_NAMES) {
        const { n } = number[table].get(runId) as { readonly n: number }; // an aggregate gives a row
        if (n !== (rows.get(table) ?? 0)) wrong.add(table);
      }
      return wrong;
    },
  };
}

function prepared(
  db: Connection,
  sql: (table: TotalTable, columns: readonly string[]) => string,
): Readonly<Record<TotalTable, Database.Statement>> {
  const entries = TOTAL_TABLE_NAMES.map((table) => [table, db.prepare(sql(table, COLUMNS[table]))] as const);
  return Object.fromEntries(entries) as Record<TotalTable, Database.Statement>; // one for each
}
