import type { Connection } from "./database.ts";

/** The figures of a run. Every figure is also a query away; see the views. */
export interface Summary {
  readonly accounts: number;
  readonly principals: number;
  readonly principalsWithoutEvidence: number;
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
  readonly diagnostics: { readonly error: number; readonly warning: number; readonly info: number };
}

export function summarise(db: Connection, runId: number): Summary {
  const one = <T extends string>(sql: string): Readonly<Record<T, number>> =>
    db.prepare<[number], Record<T, number>>(sql).get(runId)!; // aggregates always give a row
  const principals = one<"accounts" | "principals" | "linked" | "unknown">(
    `SELECT count(DISTINCT p.account_id) AS accounts, count(*) AS principals,
            coalesce(sum(p.marked IS 'service-linked'), 0) AS linked,
            coalesce(sum(rp.evidence = 'none' AND p.marked IS NOT 'service-linked'), 0) AS unknown
     FROM run_principal rp JOIN principal p USING (principal_id) WHERE rp.run_id = ?`,
  );
  const attachments = one<"attachments" | "policies">(
    `SELECT count(*) AS attachments, count(DISTINCT a.policy_id) AS policies
     FROM attachment a JOIN principal p USING (principal_id) WHERE a.run_id = ? AND p.marked IS NOT 'service-linked'`,
  );
  const results = one<"answered" | "asked" | "before" | "after" | "replace" | "detach" | "unchanged">(
    `SELECT count(DISTINCT unit_id) AS asked,
            coalesce(sum(state = 'done'), 0) AS answered,
            coalesce(sum(actions_before), 0) AS before,
            coalesce(sum(actions_before - actions_removed), 0) AS after,
            coalesce(sum(recommended_action = 'CREATE_POLICY'), 0) AS replace,
            coalesce(sum(recommended_action = 'DETACH_POLICY'), 0) AS detach,
            coalesce(sum(recommended_action = 'NONE'), 0) AS unchanged
     FROM recommendation r JOIN unit u USING (unit_id) WHERE r.run_id = ?`,
  );
  const diagnostics = one<"error" | "warning" | "info">(
    `SELECT coalesce(sum(severity = 'error'), 0) AS error, coalesce(sum(severity = 'warning'), 0) AS warning,
            coalesce(sum(severity = 'info'), 0) AS info FROM diagnostic WHERE run_id = ?`,
  );
  const failed = one<"failed" | "unknown">(
    `SELECT coalesce(sum(state = 'failed'), 0) AS failed,
            coalesce(sum(json_array_length(coalesce(unknown_actions, '[]'))), 0) AS unknown
     FROM recommendation r JOIN unit u USING (unit_id) WHERE r.run_id = ?`,
  );
  return {
    accounts: principals.accounts,
    principals: principals.principals,
    principalsWithoutEvidence: principals.unknown,
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
    diagnostics: {
      error: diagnostics.error + failed.failed,
      warning: diagnostics.warning + failed.unknown,
      info: diagnostics.info,
    },
  };
}
