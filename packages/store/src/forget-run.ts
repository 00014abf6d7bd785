import { indexAllIntervals } from "./conclude/interval-documents.ts";
import { TOTAL_TABLE_NAMES } from "./conclude/totals/sink.ts";
import type { Connection } from "./database.ts";

/** What a run alone has, by `run_id`; the run's own row comes last. */
const OWN = [
  ...TOTAL_TABLE_NAMES,
  "inline_size",
  "rung",
  "policy_blocker",
  "aws_comparison",
  "policy_recommendation",
  "recommendation",
  "attachment",
  "aws_policy_document",
  "policy_document",
  "membership",
  "run_principal",
  "usage_page",
  "usage_report",
  "event_use",
  "event_name",
  "unused_principal",
  "aws_recommendation",
  "diagnostic",
  "export_page",
  "incomplete_account",
  "input_account",
  "input",
  "run",
] as const;

/** What runs share, and goes with the last that needs it; each after everything that refers to it. */
const SHARED = [
  `DELETE FROM unit WHERE NOT EXISTS (SELECT 1 FROM recommendation r WHERE r.unit_id = unit.unit_id)
     AND NOT EXISTS (SELECT 1 FROM policy_recommendation r WHERE r.unit_id = unit.unit_id)
     AND NOT EXISTS (SELECT 1 FROM rung WHERE rung.unit_id = unit.unit_id)`,
  "DELETE FROM unit_part WHERE NOT EXISTS (SELECT 1 FROM unit u WHERE u.unit_id = unit_part.unit_id)",
  "DELETE FROM unit_split WHERE NOT EXISTS (SELECT 1 FROM unit u WHERE u.unit_id = unit_split.unit_id)",
  "DELETE FROM unit_change WHERE NOT EXISTS (SELECT 1 FROM unit u WHERE u.unit_id = unit_change.unit_id)",
  "DELETE FROM usage_claims WHERE claims_id NOT IN (SELECT claims_id FROM usage_report)",
  `DELETE FROM document WHERE document_id NOT IN (
     SELECT document_id FROM unit UNION SELECT final_document_id FROM unit WHERE final_document_id IS NOT NULL
     UNION SELECT document_id FROM policy_document UNION SELECT document_id FROM aws_policy_document UNION SELECT document_id FROM unit_part
     UNION SELECT aws_document_id FROM aws_comparison WHERE aws_document_id IS NOT NULL)
   AND sha256 NOT IN (SELECT sha.value FROM aws_recommendation a JOIN json_each(a.steps) AS step
     JOIN json_each(json_array(json_extract(step.value, '$.recommendedSha256'), json_extract(step.value, '$.existingSha256'))) AS sha
     WHERE sha.value IS NOT NULL)`,
  "DELETE FROM document_shape WHERE NOT EXISTS (SELECT 1 FROM document d WHERE d.document_id = document_shape.document_id)",
  "DELETE FROM grant_set WHERE NOT EXISTS (SELECT 1 FROM document d WHERE d.document_id = grant_set.document_id)",
  `DELETE FROM unused_set WHERE unused_id NOT IN (SELECT unused_id FROM unit
     UNION SELECT unused_id FROM run_principal WHERE unused_id IS NOT NULL
     UNION SELECT removable_id FROM run_principal WHERE removable_id IS NOT NULL)`,
  "DELETE FROM option_set WHERE option_set_id NOT IN (SELECT option_set_id FROM unit UNION SELECT option_set_id FROM run)",
  `DELETE FROM policy WHERE policy_id NOT IN (SELECT policy_id FROM attachment UNION SELECT policy_id FROM policy_document
     UNION SELECT policy_id FROM aws_policy_document)`,
  "DELETE FROM principal WHERE principal_id NOT IN (SELECT principal_id FROM run_principal UNION SELECT user_id FROM membership)",
  "DELETE FROM account WHERE NOT EXISTS (SELECT 1 FROM principal p WHERE p.account_id = account.account_id)",
  "CREATE TEMP TABLE unneeded AS SELECT catalog_id FROM catalog WHERE catalog_id NOT IN (SELECT catalog_id FROM run UNION SELECT catalog_id FROM unit)",
  ...["grant_set", "action", "service", "catalog"].map(
    (table) => `DELETE FROM ${table} WHERE catalog_id IN (SELECT catalog_id FROM temp.unneeded)`,
  ),
  "DROP TABLE temp.unneeded",
] as const;

/**
 * Takes a run out of the database, and what no other run needs: everything or nothing. What several runs share stays. The file does not
 * shrink, the next run uses the room. O(size of the database).
 */
export function forgetRun(db: Connection, runId: number): void {
  db.pragma("foreign_keys = OFF"); // it would look for referring rows one by one, where many tables have no index for that
  try {
    db.transaction(() => {
      for (const table of OWN) db.prepare(`DELETE FROM ${table} WHERE run_id = ?`).run(runId);
      for (const sql of SHARED) db.exec(sql);
      indexAllIntervals(db);
    }).immediate();
  } finally {
    db.pragma("foreign_keys = ON");
  }
}
