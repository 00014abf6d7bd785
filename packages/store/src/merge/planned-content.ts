import { createHash } from "node:crypto";
import type Database from "better-sqlite3";
import type { Connection } from "../database.ts";

const PRINCIPAL = "JOIN principal p USING (principal_id)";
const POLICY = "JOIN policy po USING (policy_id)";
const WHO = "p.arn, p.account_id, p.kind, p.name, p.path, p.unique_id, p.marked";
const WHAT = "po.key, po.kind, po.name, po.account_id";
const DOCUMENT = "(SELECT sha256 FROM document d WHERE d.document_id = t.document_id)";
const INPUT = "(SELECT path FROM input i WHERE i.input_id = t.input_id)";
const QUESTION = `(SELECT json_array(d.sha256, s.sha256, u.catalog_id = r.catalog_id, u.option_set_id = r.option_set_id, u.engine_version = r.engine_version)
  FROM unit u JOIN run r ON r.run_id = t.run_id JOIN document d USING (document_id) JOIN unused_set s USING (unused_id) WHERE u.unit_id = t.unit_id)`;

/** A set of unused actions by its hash. */
function setOf(column: string): string {
  return `(SELECT sha256 FROM unused_set s WHERE s.unused_id = t.${column})`;
}

/**
 * What a run has read and planned, table by table, with what ids stand for in their place: equal in all databases whose run was told the
 * same and read the same, whatever else they hold. `t` is the table.
 */
const CONTENTS: Readonly<Record<string, string>> = {
  input: "SELECT path, kinds, sha256 FROM input t",
  input_account: `SELECT ${INPUT}, account_id, newest_report FROM input_account t`,
  incomplete_account: `SELECT ${INPUT}, account_id, principal_arn, reason FROM incomplete_account t`,
  diagnostic: `SELECT ${INPUT}, severity, code, path, pointer, message, hint FROM diagnostic t`,
  run_principal: `SELECT ${WHO}, created_at, last_used_at, tracks_last_use, boundary_arn, tags, ${setOf("unused_id")}, ${setOf("removable_id")},
    evidence, left_because, unused_by, unused_since, young_after FROM run_principal t ${PRINCIPAL}`,
  membership: "SELECT t.account_id, group_name, p.arn FROM membership t JOIN principal p ON p.principal_id = t.user_id",
  policy_document: `SELECT ${WHAT}, ${DOCUMENT}, version_id, updated_at, attachment_count, boundary_count, left_because FROM policy_document t ${POLICY}`,
  aws_policy_document: `SELECT ${WHAT}, ${INPUT}, ${DOCUMENT}, version_id, updated_at, attachment_count, boundary_count
    FROM aws_policy_document t ${POLICY}`,
  attachment: `SELECT p.arn, po.key FROM attachment t ${PRINCIPAL} ${POLICY}`,
  usage_report: `SELECT p.arn, source, report_id, updated_at, standing, window_days, c.text,
    (SELECT json_group_array(i.path) FROM json_each(t.inputs) e LEFT JOIN input i ON i.input_id = e.value)
    FROM usage_report t ${PRINCIPAL} JOIN usage_claims c USING (claims_id)`,
  event_use: "SELECT principal_arn, event_source, event_name, events, denied, last_at FROM event_use t",
  event_name: `SELECT event_source, event_name, service, services, actions, via, reference, events, denied, principals, last_at
    FROM event_name t`,
  unused_principal: "SELECT principal_arn, report_id, updated_at, active, last_accessed FROM unused_principal t",
  aws_recommendation: "SELECT principal_arn, source, completed_at, status, error, steps FROM aws_recommendation t",
  recommendation: `SELECT p.arn, po.key, ${QUESTION}, left_because FROM recommendation t ${PRINCIPAL} ${POLICY}`,
  policy_recommendation: `SELECT po.key, ${QUESTION} FROM policy_recommendation t ${POLICY}`,
};

/** By table, the hash of what a planned run has in it. O(rows × log rows); SQLite sorts. */
export function plannedContent(db: Connection, runId: number): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(CONTENTS).map(([table, sql]) => {
      const ofRun = `${sql} WHERE t.run_id = ?`;
      const places = db
        .prepare(ofRun)
        .columns()
        .map((_, i) => i + 1);
      const rows: Database.Statement<[number], unknown[]> = db.prepare(`${ofRun} ORDER BY ${places.join()}`);
      const hash = createHash("sha256");
      for (const row of rows.raw().iterate(runId)) hash.update(`${JSON.stringify(row)}\n`);
      return [table, hash.digest("hex")];
    }),
  );
}
