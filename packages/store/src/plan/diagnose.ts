import type { PlanSettings, UsageFailure } from "@leastwise/core";
import type { Connection } from "../database.ts";
import { accountOfSql } from "../reuse/account-of.ts";
import type { Run } from "../runs.ts";

/**
 * What only the whole organization shows.
 *
 * @param idle rules of the configuration that met nobody and nothing
 */
export function diagnose(
  db: Connection,
  { runId, baseRunId }: Run,
  { maxAge }: PlanSettings,
  idle: readonly string[],
): void {
  diagnoseMissingDocuments(db, runId);
  diagnoseUnknownPrincipals(db, runId, baseRunId);
  if (maxAge !== null) diagnoseStaleEvidence(db, runId, maxAge);
  diagnoseUnmappedEvents(db, runId);
  diagnoseIdleRules(db, runId, idle);
}

function diagnoseMissingDocuments(db: Connection, runId: number): void {
  db.prepare(
    `INSERT INTO diagnostic (run_id, severity, code, path, pointer, message, hint)
     SELECT a.run_id, 'error', 'missing-policy-document', pr.arn, po.key,
            'the attached policy \`' || po.name || '\` is in no export, so it was not refined',
            CASE po.kind WHEN 'aws' THEN 'export with the filter AWSManagedPolicy as well' ELSE 'export with the filter LocalManagedPolicy as well' END
     FROM attachment a JOIN principal pr USING (principal_id) JOIN policy po USING (policy_id)
     LEFT JOIN policy_document pd ON pd.run_id = a.run_id AND pd.policy_id = a.policy_id
     WHERE a.run_id = ? AND pd.policy_id IS NULL AND pr.marked IS NOT 'service-linked'
     ORDER BY pr.arn, po.key`,
  ).run(runId);
}

/**
 * Evidence on principals that no export has: of reports, findings and recommendations one each; of events one for all. Of accounts that are
 * taken over the pages are gone, and what was said of them holds.
 */
function diagnoseUnknownPrincipals(db: Connection, runId: number, base: number | null): void {
  const isUnknown = `NOT EXISTS (SELECT 1 FROM principal p JOIN run_principal rp ON rp.run_id = $runId AND rp.principal_id = p.principal_id
    WHERE p.arn = said.principal_arn)`;
  db.prepare(
    `INSERT INTO diagnostic (run_id, severity, code, path, pointer, message, hint)
     SELECT $runId, 'warning', 'unknown-principal', min(path), CASE WHEN min(path) = principal_arn THEN '' ELSE principal_arn END,
            'there is evidence on \`' || principal_arn || '\`, which is in no export', 'add the account''s authorization details'
     FROM (
       SELECT principal_arn, path FROM usage_page JOIN input USING (input_id) WHERE usage_page.run_id = $runId
       UNION ALL SELECT principal_arn, principal_arn FROM unused_principal WHERE run_id = $runId
       UNION ALL SELECT principal_arn, principal_arn FROM aws_recommendation WHERE run_id = $runId
       UNION ALL SELECT principal_arn, path FROM (
         SELECT path, CASE WHEN pointer = '' THEN path ELSE pointer END AS principal_arn FROM diagnostic
         WHERE run_id = $base AND severity = 'warning' AND code = 'unknown-principal')
         WHERE ${accountOfSql("principal_arn")} IN (SELECT account_id FROM temp.closed)) AS said
     WHERE ${isUnknown} GROUP BY principal_arn ORDER BY principal_arn`,
  ).run({ runId, base });
  db.prepare(
    `INSERT INTO diagnostic (run_id, severity, code, path, pointer, message, hint)
     SELECT $runId, 'info', 'events-of-unknown-principals', 'CloudTrail', '',
            count(DISTINCT principal_arn) || CASE count(DISTINCT principal_arn) WHEN 1 THEN ' principal with events is in no export: \`' ELSE ' principals with events are in no export, such as \`' END
              || min(principal_arn) || '\`',
            'other accounts'' principals and deleted ones are among them'
     FROM event_use AS said WHERE run_id = $runId AND principal_arn NOT LIKE 'type:%' AND ${isUnknown} HAVING count(*) > 0`,
  ).run({ runId });
}

function diagnoseStaleEvidence(db: Connection, runId: number, maxAge: number): void {
  db.prepare(
    `INSERT INTO diagnostic (run_id, severity, code, path, pointer, message, hint)
     SELECT ur.run_id, 'error', 'stale-evidence', p.arn, ur.source,
            CASE WHEN ur.updated_at IS NULL THEN 'the report bears no date, so nobody knows whether it is older than ' || CAST($maxAge AS INTEGER) || ' days'
              ELSE 'the report is of ' || substr(ur.updated_at, 1, 10) || ', more than ' || CAST($maxAge AS INTEGER) || ' days before ' || substr(run.as_of, 1, 10) END
              || '; it removes nothing',
            CASE WHEN ur.updated_at IS NULL THEN 'give the list a \`date\`' ELSE 'export it again, or allow more with --max-age' END
     FROM usage_report ur JOIN run USING (run_id) JOIN principal p USING (principal_id)
     WHERE ur.run_id = $runId AND ur.standing = 'stale' ORDER BY p.arn, ur.source, ur.report_id`,
  ).run({ runId, maxAge });
}

/** Names that stand for no known action prove that their service is used, and no more. */
function diagnoseUnmappedEvents(db: Connection, runId: number): void {
  db.prepare(
    `INSERT INTO diagnostic (run_id, severity, code, path, pointer, message, hint)
     SELECT run_id, 'info', 'unmapped-events', 'CloudTrail', '',
            count(*) || CASE count(*) WHEN 1 THEN ' kind of event stands for no known action: \`' ELSE ' kinds of events stand for no known action, such as \`' END || min(event_source || ' ' || event_name) || '\`',
            'leastwise query unmapped-events lists them; AWS''s service reference (--service-reference) knows more'
     FROM event_name WHERE run_id = ? AND actions IS NULL HAVING count(*) > 0`,
  ).run(runId);
}

/** A misspelt rule would leave nobody alone without a word. */
function diagnoseIdleRules(db: Connection, runId: number, idle: readonly string[]): void {
  const insert = db.prepare(
    `INSERT INTO diagnostic (run_id, severity, code, path, pointer, message, hint)
     VALUES (?, 'warning', 'rule-without-effect', 'configuration', ?, ?, 'check its spelling; what it should leave alone was refined')`,
  );
  for (const rule of idle) insert.run(runId, rule, `the rule \`${rule}\` met nobody and nothing`);
}

/** Of whom the evidence could not be settled, so that nothing goes from it. */
export function diagnoseUnsettled(
  db: Connection,
  { runId }: Run,
  arn: string,
  { code, message, hint }: UsageFailure,
): void {
  db.prepare(
    `INSERT INTO diagnostic (run_id, severity, code, path, pointer, message, hint)
     VALUES (?, 'error', ?, ?, '', 'what the inputs say of its use could not be settled, so it keeps everything: ' || ?, ?)`,
  ).run(runId, code, arn, message, hint);
}
