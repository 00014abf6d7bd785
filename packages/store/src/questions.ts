import type { Connection } from "./database.ts";

/** A question that security teams ask, with a name. `$` parameters are given by name; all have texts as values. */
export interface Question {
  readonly name: string;
  /** One sentence that says what the answer is. */
  readonly sentence: string;
  readonly parameters: readonly Parameter[];
  /** Static SQL over tables and views, without LIMIT. */
  readonly sql: string;
}

/** What a question asks for. A value that `known` does not find is a typing error, not an empty answer. */
export interface Parameter {
  readonly name: string;
  readonly example: string;
  /** Static SQL with one parameter that gives a row when the value exists. */
  readonly known: string;
}

/** Whether the current run has the value that a question is asked about. */
export function isKnown(db: Connection, { known }: Parameter, value: string): boolean {
  return db.prepare<[string]>(known).get(value) !== undefined;
}

/** Actions with which a principal can give itself more than it has. Source: AWS's and public research's lists of such paths. */
const ESCALATION = [
  "iam:AddUserToGroup",
  "iam:AttachGroupPolicy",
  "iam:AttachRolePolicy",
  "iam:AttachUserPolicy",
  "iam:CreateAccessKey",
  "iam:CreateLoginProfile",
  "iam:CreatePolicyVersion",
  "iam:DeleteRolePermissionsBoundary",
  "iam:DeleteUserPermissionsBoundary",
  "iam:PassRole",
  "iam:PutGroupPolicy",
  "iam:PutRolePolicy",
  "iam:PutUserPolicy",
  "iam:SetDefaultPolicyVersion",
  "iam:UpdateAssumeRolePolicy",
  "iam:UpdateLoginProfile",
  "lambda:UpdateFunctionCode",
  "sso:CreateAccountAssignment",
  "sso:PutInlinePolicyToPermissionSet",
]
  .map((action) => `('${action}')`)
  .join(", ");

/** Who may call an action, before or after; `document` is the unit's column that says which document counts. */
function whoMayCall(document: "document_id" | "final_document_id"): string {
  return `SELECT pr.account_id AS account, pr.kind, pr.arn AS principal, po.kind AS policy_kind, po.name AS policy
FROM current_run cr
JOIN action a ON a.catalog_id = cr.catalog_id AND a.action = $action
JOIN grant_interval gi ON gi.catalog_id = a.catalog_id AND gi.lo <= a.action_id AND a.action_id < gi.hi
JOIN unit u ON u.catalog_id = a.catalog_id AND u.${document} = gi.document_id
JOIN recommendation r ON r.unit_id = u.unit_id AND r.run_id = cr.run_id
JOIN principal pr ON pr.principal_id = r.principal_id
JOIN policy po ON po.policy_id = r.policy_id
ORDER BY pr.arn, po.name`;
}

const ACTION: readonly Parameter[] = [
  { name: "action", example: "iam:PassRole", known: "SELECT 1 FROM actions WHERE action = ?" },
];

export const QUESTIONS: readonly Question[] = [
  {
    name: "overview",
    sentence: "what the current run found, in one row",
    parameters: [],
    sql: `SELECT count(DISTINCT account_id) AS accounts, count(DISTINCT principal_arn) AS principals, count(*) AS attachments,
  sum(recommended_action = 'CREATE_POLICY') AS to_replace, sum(recommended_action = 'DETACH_POLICY') AS to_detach,
  sum(recommended_action = 'NONE') AS unchanged, sum(actions_before) AS actions_before, sum(actions_after) AS actions_after
FROM recommendations`,
  },
  {
    name: "by-account",
    sentence: "for each account what its policies grant, before and after",
    parameters: [],
    sql: `SELECT account_id AS account, count(DISTINCT principal_arn) AS principals, count(*) AS attachments,
  sum(recommended_action <> 'NONE') AS to_change, sum(actions_before) AS actions_before, sum(actions_after) AS actions_after,
  round(100.0 * (sum(actions_before) - sum(actions_after)) / max(sum(actions_before), 1), 1) AS percent_removed
FROM recommendations GROUP BY account_id ORDER BY sum(actions_before) - sum(actions_after) DESC, account_id`,
  },
  {
    name: "largest-reductions",
    sentence: "the attached policies that lose the most actions",
    parameters: [],
    sql: `SELECT principal_arn AS principal, policy_name AS policy, recommended_action AS action, actions_before AS before,
  actions_after AS after, actions_removed AS removed
FROM recommendations WHERE actions_removed > 0 ORDER BY actions_removed DESC, principal_arn, policy_name`,
  },
  {
    name: "to-detach",
    sentence: "attached policies of which nothing is used",
    parameters: [],
    sql: `SELECT principal_arn AS principal, policy_kind AS kind, policy_name AS policy, actions_before AS actions
FROM recommendations WHERE recommended_action = 'DETACH_POLICY' ORDER BY principal_arn, policy_name`,
  },
  {
    name: "who-can",
    sentence: "who may still call ACTION once the recommendations are applied, and by which policy",
    parameters: ACTION,
    sql: whoMayCall("final_document_id"),
  },
  {
    name: "who-could",
    sentence: "who may call ACTION today, and by which policy",
    parameters: ACTION,
    sql: whoMayCall("document_id"),
  },
  {
    name: "escalation",
    sentence: "who keeps actions with which one can give oneself more than one has",
    parameters: [],
    sql: `WITH risky (action) AS (VALUES ${ESCALATION})
SELECT pr.account_id AS account, pr.arn AS principal, po.name AS policy, a.action
FROM current_run cr
JOIN risky
JOIN action a ON a.catalog_id = cr.catalog_id AND a.action = risky.action
JOIN grant_interval gi ON gi.catalog_id = a.catalog_id AND gi.lo <= a.action_id AND a.action_id < gi.hi
JOIN unit u ON u.catalog_id = a.catalog_id AND u.final_document_id = gi.document_id
JOIN recommendation r ON r.unit_id = u.unit_id AND r.run_id = cr.run_id
JOIN principal pr ON pr.principal_id = r.principal_id
JOIN policy po ON po.policy_id = r.policy_id
ORDER BY pr.arn, po.name, a.action`,
  },
  {
    name: "without-evidence",
    sentence: "principals with policies of which nothing, or only use, is known; they keep everything",
    parameters: [],
    sql: `SELECT p.account_id AS account, p.kind, p.arn AS principal, p.evidence, p.last_used_at, count(*) AS policies,
  sum(r.actions_before) AS actions
FROM principals p JOIN recommendations r ON r.principal_arn = p.arn
WHERE p.evidence IN ('none', 'use-only') GROUP BY p.arn ORDER BY sum(r.actions_before) DESC, p.arn`,
  },
  {
    name: "services-removed",
    sentence: "services that a principal loses altogether",
    parameters: [],
    sql: `WITH had AS (
  SELECT DISTINCT r.principal_id, s.service, s.lo, s.hi FROM current_run cr
  JOIN recommendation r ON r.run_id = cr.run_id JOIN unit u USING (unit_id)
  JOIN grant_interval gi ON gi.catalog_id = u.catalog_id AND gi.document_id = u.document_id
  JOIN service s ON s.catalog_id = u.catalog_id AND s.lo < gi.hi AND gi.lo < s.hi),
keeps AS (
  SELECT DISTINCT r.principal_id, s.service FROM current_run cr
  JOIN recommendation r ON r.run_id = cr.run_id JOIN unit u USING (unit_id)
  JOIN grant_interval gi ON gi.catalog_id = u.catalog_id AND gi.document_id = u.final_document_id
  JOIN service s ON s.catalog_id = u.catalog_id AND s.lo < gi.hi AND gi.lo < s.hi)
SELECT pr.account_id AS account, pr.arn AS principal, count(*) AS services, group_concat(had.service, ' ') AS removed
FROM had JOIN principal pr USING (principal_id)
WHERE NOT EXISTS (SELECT 1 FROM keeps WHERE keeps.principal_id = had.principal_id AND keeps.service = had.service)
GROUP BY pr.arn ORDER BY count(*) DESC, pr.arn`,
  },
  {
    name: "access-levels",
    sentence: "what the policies of ACCOUNT grant by access level, before and after (pairs of attachment and action)",
    parameters: [
      { name: "account", example: "123456789012", known: "SELECT 1 FROM principals WHERE account_id = ? LIMIT 1" },
    ],
    sql: `WITH asked AS (
  SELECT u.catalog_id, u.document_id, u.final_document_id FROM current_run cr
  JOIN recommendation r ON r.run_id = cr.run_id JOIN unit u USING (unit_id)
  JOIN principal pr USING (principal_id) WHERE pr.account_id = $account),
granted AS (
  SELECT 0 AS final, catalog_id, document_id FROM asked UNION ALL SELECT 1, catalog_id, final_document_id FROM asked)
SELECT a.access_level, sum(g.final = 0) AS before, sum(g.final = 1) AS after
FROM granted g
JOIN grant_interval gi ON gi.catalog_id = g.catalog_id AND gi.document_id = g.document_id
JOIN action a ON a.catalog_id = g.catalog_id AND a.action_id >= gi.lo AND a.action_id < gi.hi
GROUP BY a.access_level ORDER BY sum(g.final = 0) DESC`,
  },
  {
    name: "wildcards-left",
    sentence: "wildcard entries that stay in Allow statements, by how many attached policies have them",
    parameters: [],
    sql: `WITH entry AS (
  SELECT u.unit_id, d.text, e.value AS entry,
    CASE WHEN e.key IN ('Action', 'NotAction') THEN e.path ELSE substr(e.path, 1, length(e.path) - length('.Action')) END AS statement
  FROM unit u JOIN document d ON d.document_id = u.final_document_id JOIN json_tree(d.text, '$.Statement') AS e
  WHERE e.type = 'text' AND (e.key = 'Action' OR e.path LIKE '%.Action') AND (instr(e.value, '*') OR instr(e.value, '?')))
SELECT entry.entry, count(*) AS attached_policies
FROM current_run cr
JOIN recommendation r ON r.run_id = cr.run_id
JOIN entry USING (unit_id)
WHERE json_extract(entry.text, entry.statement || '.Effect') = 'Allow'
GROUP BY entry.entry ORDER BY count(*) DESC, entry.entry`,
  },
  {
    name: "nearly-everything",
    sentence: "who holds more than half of all actions through one policy, before and after",
    parameters: [],
    sql: `SELECT r.principal_arn AS principal, r.policy_name AS policy, r.actions_before AS before, r.actions_after AS after, r.evidence
FROM recommendations r, (SELECT count(*) AS n FROM actions) AS catalog
WHERE 2 * r.actions_before > catalog.n ORDER BY r.actions_after DESC, r.principal_arn`,
  },
  {
    name: "shared-policies",
    sentence:
      "customer managed policies on several principals: what may go in place, and how many principals block more",
    parameters: [],
    sql: `SELECT policy_key AS policy, principals, recommended_action AS in_place, actions_before AS before, actions_after AS after, blockers
FROM policy_recommendations ORDER BY principals DESC, policy_key`,
  },
  {
    name: "blockers",
    sentence: "who keeps actions in a shared policy that others do not use, and why",
    parameters: [],
    sql: `SELECT policy_key AS policy, coalesce(principal_arn, '') AS principal, actions, reason
FROM policy_blockers ORDER BY policy_key, actions DESC, principal_arn`,
  },
  {
    name: "aws-managed",
    sentence: "policies managed by AWS on several principals, and into how many different copies they would split",
    parameters: [],
    sql: `SELECT policy_key AS policy, count(*) AS principals, count(DISTINCT account_id) AS accounts,
  count(DISTINCT coalesce(recommended_policy, '')) AS different_results, sum(recommended_action <> 'NONE') AS to_change
FROM recommendations WHERE policy_kind = 'aws' GROUP BY policy_key HAVING count(*) > 1
ORDER BY count(*) DESC, policy_key`,
  },
  {
    name: "unused-principals",
    sentence: "roles and users that are unused altogether; their policies are left as they are",
    parameters: [],
    sql: `SELECT account_id AS account, kind, arn AS principal, unused_by AS said_by, unused_since AS last_used
FROM principals WHERE unused_by IS NOT NULL ORDER BY arn`,
  },
  {
    name: "left-alone",
    sentence: "whom and what the run left alone, and by which rule",
    parameters: [],
    sql: `SELECT rule, account_id AS account, principal_arn AS principal, policy_key AS policy, statement
FROM left_alone ORDER BY rule, principal_arn, policy_key, statement`,
  },
  {
    name: "evidence-age",
    sentence: "how old the reports on use are, by source, and how many count",
    parameters: [],
    sql: `SELECT source, count(DISTINCT report_id || ' ' || principal_arn) AS reports,
  count(DISTINCT CASE WHEN standing = 'counts' THEN principal_arn END) AS principals,
  min(age_days) AS youngest_days, max(age_days) AS oldest_days
FROM usage GROUP BY source ORDER BY source`,
  },
  {
    name: "events",
    sentence: "how many of CloudTrail's events stand for a known action, service by service",
    parameters: [],
    sql: `SELECT coalesce(service, event_source) AS service, events, mapped, percent_mapped, denied
FROM event_shares ORDER BY events DESC, coalesce(service, event_source)`,
  },
  {
    name: "unmapped-events",
    sentence: "names of CloudTrail's events that stand for no known action",
    parameters: [],
    sql: `SELECT event_source, event_name, service, events, principals, last_at
FROM event_names WHERE actions IS NULL ORDER BY events DESC, event_source, event_name`,
  },
  {
    name: "compare",
    sentence: "our recommendations beside AWS's own",
    parameters: [],
    sql: `SELECT verdict, principal_arn AS principal, policy_name AS policy, recommended_action AS ours, aws_action AS aws, is_current
FROM aws_comparisons ORDER BY verdict, principal_arn, policy_name`,
  },
  {
    name: "repeated-documents",
    sentence: "documents that stand in more than one account, most often first",
    parameters: [],
    sql: `SELECT d.sha256 AS document, min(po.name) AS named, count(*) AS attachments, count(DISTINCT pr.account_id) AS accounts,
  d.characters
FROM current_run cr
JOIN recommendation r ON r.run_id = cr.run_id
JOIN unit u USING (unit_id) JOIN document d ON d.document_id = u.document_id
JOIN principal pr USING (principal_id) JOIN policy po USING (policy_id)
GROUP BY d.document_id HAVING count(DISTINCT pr.account_id) > 1 ORDER BY count(*) DESC, d.sha256`,
  },
  {
    name: "too-large",
    sentence: "recommended documents over IAM's limit of 6,144 characters for a managed policy",
    parameters: [],
    sql: `SELECT principal_arn AS principal, policy_kind AS kind, policy_name AS policy, characters_before AS before,
  characters_after AS after
FROM recommendations WHERE characters_after > 6144 AND recommended_action = 'CREATE_POLICY'
ORDER BY characters_after DESC, principal_arn`,
  },
  {
    name: "refused",
    sentence: "what was refused, could not be answered or should be looked at, with the way out",
    parameters: [],
    sql: `SELECT severity, code, path, pointer, message, hint FROM diagnostics
ORDER BY CASE severity WHEN 'error' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END, code, path, pointer`,
  },
];
