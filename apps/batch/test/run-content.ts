import type { Connection } from "@leastwise/store";

/** What the ids in a run's tables stand for, so that runs of different databases can be compared. */
const MEANING: Readonly<Record<string, string>> = {
  principal_id: "(SELECT arn FROM principal p WHERE p.principal_id = t.principal_id)",
  user_id: "(SELECT arn FROM principal p WHERE p.principal_id = t.user_id)",
  policy_id: "(SELECT key || kind || name FROM policy p WHERE p.policy_id = t.policy_id)",
  document_id: "(SELECT sha256 FROM document d WHERE d.document_id = t.document_id)",
  aws_document_id: "(SELECT sha256 FROM document d WHERE d.document_id = t.aws_document_id)",
  unused_id: "(SELECT sha256 FROM unused_set u WHERE u.unused_id = t.unused_id)",
  removable_id: "(SELECT sha256 FROM unused_set u WHERE u.unused_id = t.removable_id)",
  unit_id: `(SELECT json_array(d.sha256, s.sha256, o.sha256, u.state, u.recommended_action, f.sha256, u.actions_before, u.actions_removed, u.certificate)
    FROM unit u JOIN document d USING (document_id) JOIN unused_set s USING (unused_id) JOIN option_set o USING (option_set_id)
    LEFT JOIN document f ON f.document_id = u.final_document_id WHERE u.unit_id = t.unit_id)`,
  claims_id: "(SELECT text FROM usage_claims c WHERE c.claims_id = t.claims_id)",
  input_id: "(SELECT path FROM input i WHERE i.input_id = t.input_id)",
  inputs: "(SELECT json_group_array(i.path) FROM json_each(t.inputs) e LEFT JOIN input i ON i.input_id = e.value)",
};

/** What says which run it is and how it came about, and not what it found. */
const APART: Readonly<Record<string, readonly string[]>> = {
  run: ["run_key", "started_at", "finished_at", "units_reused", "base_run_id", "catalog_id", "option_set_id"],
  input: ["input_id", "base_input_id"],
  usage_report: ["usage_report_id"],
  diagnostic: ["diagnostic_id"],
  incomplete_account: ["incomplete_account_id"],
  policy_blocker: ["policy_blocker_id"],
  size_total: ["principal_id"], // 0 for a policy in place; its unit and policy say whose it is
  usage_page: ["usage_page_id"],
};

/** Every row that a run has in any table, ids replaced by what they stand for. Diagnostics in the order in which they are told. */
export function contentOf(db: Connection, runId: number): ReadonlyMap<string, readonly string[]> {
  const tables = db
    .prepare<[], string>(
      `SELECT m.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c ON c.name = 'run_id'
       WHERE m.type = 'table' ORDER BY m.name`,
    )
    .pluck()
    .all();
  return new Map(
    tables.map((table): [string, readonly string[]] => {
      const columns = db.prepare<[], string>(`SELECT name FROM pragma_table_info('${table}')`).pluck().all();
      const shown = columns.filter((column) => column !== "run_id" && APART[table]?.includes(column) !== true);
      const selected = shown.map((column) => MEANING[column] ?? column);
      const rows = db.prepare<[number], unknown[]>(`SELECT ${selected.join()} FROM ${table} t WHERE run_id = ?`);
      const texts = rows
        .raw()
        .all(runId)
        .map((row) => JSON.stringify(row));
      return [table, table === "diagnostic" ? texts : texts.sort()];
    }),
  );
}
