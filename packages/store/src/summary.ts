import type { ComparisonRow } from "./comparisons.ts";
import type { Connection } from "./database.ts";
import { statementsOf } from "./schema/statements-of.ts";

/** The figures of a run. Every figure is also a query away; see the views. */
export interface Summary {
  readonly accounts: number;
  readonly principals: number;
  readonly principalsWithoutEvidence: number;
  /** Those of which only use is known: nothing goes. */
  readonly principalsWithUseOnly: number;
  /** Roles and users that are unused altogether. */
  readonly unusedPrincipals: number;
  readonly serviceLinkedRoles: number;
  /** Distinct policies that are attached to anybody. */
  readonly policies: number;
  readonly attachments: number;
  /** Distinct pairs of document and unused set. */
  readonly unitsAsked: number;
  /** Sums over all attachments with an answer: how many actions each policy grants. */
  readonly actionsBefore: number;
  readonly actionsAfter: number;
  readonly toReplace: number;
  readonly toDetach: number;
  readonly unchanged: number;
  /** Attachments without an answer: no document, or the result was refused by the verifier. */
  readonly unanswered: number;
  /** How many principals, and attachments of other principals, each rule left alone. */
  readonly leftAlone: readonly { readonly rule: string; readonly principals: number; readonly attachments: number }[];
  /** Attached policies with statements that their Sid keeps as they are. */
  readonly keptBySid: number;
  /** Customer managed policies that several principals share, and how many of them can lose something in place. */
  readonly sharedPolicies: number;
  readonly sharedToReplace: number;
  /** CloudTrail's events by principals, known or not, and how many of them stand for a known action. */
  readonly events: number;
  readonly eventsMapped: number;
  /** How many policies have each verdict beside AWS's own recommendations. */
  readonly comparisons: readonly { readonly verdict: ComparisonRow["verdict"]; readonly policies: number }[];
  /** How many recommendations, in place or not, are over a limit of IAM's or were until something was done about it. */
  readonly sizes: SizeCounts;
  readonly diagnostics: { readonly error: number; readonly warning: number; readonly info: number };
}

export interface SizeCounts {
  /** Over the limit, and nobody has asked to fit. */
  readonly tooLarge: number;
  /** They fit in a shorter form. */
  readonly shortened: number;
  readonly split: number;
  readonly doesNotFit: number;
}

/** Sums of what the totals of a run say, once they are filled, and of what they do not hold. O(attachments) */
export function summarise(db: Connection, runId: number): Summary {
  const one = <T extends string>(sql: string): Readonly<Record<T, number>> =>
    db.prepare<[{ readonly runId: number }], Record<T, number>>(sql).get({ runId })!; // aggregates always give a row
  const principals = one<"accounts" | "principals" | "linked" | "unknown" | "useOnly" | "unused">(
    `SELECT count(DISTINCT p.account_id) AS accounts, count(*) AS principals,
            coalesce(sum(p.marked IS 'service-linked'), 0) AS linked,
            coalesce(sum(rp.evidence = 'none' AND rp.unused_by IS NULL AND p.marked IS NOT 'service-linked'), 0) AS unknown,
            coalesce(sum(rp.evidence = 'use-only' AND rp.unused_by IS NULL AND p.marked IS NOT 'service-linked'), 0) AS useOnly,
            coalesce(sum(rp.unused_by IS NOT NULL AND p.marked IS NOT 'service-linked'), 0) AS unused
     FROM run_principal rp JOIN principal p USING (principal_id) WHERE rp.run_id = $runId`,
  );
  const attachments = one<"attachments" | "policies">(
    `SELECT count(*) AS attachments, count(DISTINCT a.policy_id) AS policies
     FROM attachment a JOIN principal p USING (principal_id) WHERE a.run_id = $runId AND p.marked IS NOT 'service-linked'`,
  );
  const results = one<"answered" | "asked" | "before" | "after" | "replace" | "detach" | "unchanged">(
    `SELECT (SELECT count(*) FROM unit u
              WHERE EXISTS (SELECT 1 FROM recommendation r WHERE r.unit_id = u.unit_id AND r.run_id = $runId)
                OR EXISTS (SELECT 1 FROM policy_recommendation r WHERE r.unit_id = u.unit_id AND r.run_id = $runId)
                OR EXISTS (SELECT 1 FROM rung r WHERE r.run_id = $runId AND r.unit_id = u.unit_id)) AS asked,
            coalesce(sum(attachments - failed), 0) AS answered,
            coalesce(sum(actions_before), 0) AS before, coalesce(sum(actions_after), 0) AS after,
            coalesce(sum(to_replace), 0) AS "replace", coalesce(sum(to_detach), 0) AS detach,
            coalesce(sum(unchanged), 0) AS unchanged
     FROM account_total WHERE run_id = $runId`,
  );
  const diagnostics = one<"error" | "warning" | "info">(
    `SELECT coalesce(sum(severity = 'error'), 0) AS error, coalesce(sum(severity = 'warning'), 0) AS warning,
            coalesce(sum(severity = 'info'), 0) AS info FROM diagnostic WHERE run_id = $runId`,
  );
  const failed = one<"failed" | "unknown">(
    `SELECT (SELECT count(*) FROM unit u INDEXED BY unit_failed CROSS JOIN recommendation r ON r.unit_id = u.unit_id AND r.run_id = $runId
             WHERE u.state = 'failed')
              + (SELECT count(*) FROM rung JOIN unit USING (unit_id)
                 WHERE run_id = $runId AND state = 'failed' AND option_set_id <> (SELECT option_set_id FROM run WHERE run_id = $runId)) AS failed,
            coalesce(sum(json_array_length(unknown_actions)), 0) AS unknown
     FROM unit u INDEXED BY unit_with_unknown_actions CROSS JOIN recommendation r ON r.unit_id = u.unit_id AND r.run_id = $runId
     WHERE u.unknown_actions IS NOT NULL`,
  );
  const shared = one<"policies" | "changing">(
    `SELECT count(*) AS policies, coalesce(sum(u.recommended_action <> 'NONE'), 0) AS changing
     FROM policy_recommendation JOIN unit u USING (unit_id) WHERE run_id = $runId`,
  );
  const events = one<"events" | "mapped">(
    `SELECT coalesce(sum(e.events), 0) AS events, coalesce(sum(CASE WHEN n.actions IS NOT NULL THEN e.events END), 0) AS mapped
     FROM event_use e JOIN event_name n USING (run_id, event_source, event_name) WHERE e.run_id = $runId`,
  );
  return {
    accounts: principals.accounts,
    principals: principals.principals,
    principalsWithoutEvidence: principals.unknown,
    principalsWithUseOnly: principals.useOnly,
    unusedPrincipals: principals.unused,
    serviceLinkedRoles: principals.linked,
    policies: attachments.policies,
    attachments: attachments.attachments,
    unitsAsked: results.asked,
    actionsBefore: results.before,
    actionsAfter: results.after,
    toReplace: results.replace,
    toDetach: results.detach,
    unchanged: results.unchanged,
    unanswered: attachments.attachments - results.answered,
    leftAlone: leftAlone(db, runId),
    keptBySid: keptBySid(db, runId),
    sharedPolicies: shared.policies,
    sharedToReplace: shared.changing,
    events: events.events,
    eventsMapped: events.mapped,
    comparisons: db
      .prepare<[number], { verdict: ComparisonRow["verdict"]; policies: number }>(
        "SELECT verdict, count(*) AS policies FROM aws_comparison WHERE run_id = ? GROUP BY verdict ORDER BY count(*) DESC, verdict",
      )
      .all(runId),
    sizes: one<keyof SizeCounts>(SIZE_COUNTS),
    diagnostics: {
      error: diagnostics.error + failed.failed,
      warning: diagnostics.warning + failed.unknown,
      info: diagnostics.info,
    },
  };
}

/** What has no row there fits, in the form that it was asked for. */
const SIZE_COUNTS = `
  SELECT coalesce(sum(fit = 'too-large'), 0) AS tooLarge, coalesce(sum(fit = 'fits'), 0) AS shortened,
         coalesce(sum(fit = 'split'), 0) AS split, coalesce(sum(fit = 'does-not-fit'), 0) AS doesNotFit
  FROM size_total WHERE run_id = $runId`;

/** A principal that is left alone counts once, and its attachments do not count besides. */
function leftAlone(db: Connection, runId: number): Summary["leftAlone"] {
  return db
    .prepare<[{ readonly runId: number }], Summary["leftAlone"][number]>(
      `SELECT rule, sum(principals) AS principals, sum(attachments) AS attachments FROM (
         SELECT rp.left_because AS rule, count(*) AS principals, 0 AS attachments
         FROM run_principal rp JOIN principal p USING (principal_id)
         WHERE rp.run_id = $runId AND rp.left_because IS NOT NULL AND p.marked IS NOT 'service-linked' GROUP BY rp.left_because
         UNION ALL
         SELECT r.left_because, 0, count(*) FROM recommendation r JOIN run_principal rp USING (run_id, principal_id)
         WHERE r.run_id = $runId AND r.left_because IS NOT NULL AND rp.left_because IS NULL GROUP BY r.left_because)
       GROUP BY rule ORDER BY rule`,
    )
    .all({ runId });
}

/** Only looked for where the run keeps statements at all: every document has to be read for it. */
function keptBySid(db: Connection, runId: number): number {
  const keeps = db.prepare<[number], number>(
    "SELECT json_array_length(text, '$.keptSids') FROM run JOIN option_set USING (option_set_id) WHERE run_id = ?",
  );
  if ((keeps.pluck().get(runId) ?? 0) === 0) return 0;
  return db
    .prepare<[{ readonly runId: number }], number>(
      `WITH kept (start) AS (
         SELECT start.value FROM run JOIN option_set USING (option_set_id) JOIN json_each(text, '$.keptSids') AS start
         WHERE run_id = $runId)
       SELECT count(*) FROM recommendation r JOIN unit u USING (unit_id) JOIN document d USING (document_id)
       WHERE r.run_id = $runId AND EXISTS (
         SELECT 1 FROM kept, ${statementsOf("d.text")} AS statement
         WHERE json_extract(statement.value, '$.Effect') = 'Allow'
           AND substr(json_extract(statement.value, '$.Sid'), 1, length(start)) = start)`,
    )
    .pluck()
    .get({ runId })!; // an aggregate gives a row
}
