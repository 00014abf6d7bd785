import type { Question } from "./question.ts";

/** What stands in several places. */
export const SHARING: readonly Question[] = [
  {
    name: "shared-policies",
    sentence:
      "customer managed policies on several principals: what may go in place, and how many principals block more",
    parameters: [],
    sql: `SELECT po.key AS policy, t.principals, u.recommended_action AS in_place, u.actions_before AS before,
  u.actions_before - u.actions_removed AS after, t.blockers
FROM policy_total t
CROSS JOIN policy_recommendation pr ON pr.run_id = t.run_id AND pr.policy_id = t.policy_id
CROSS JOIN unit u ON u.unit_id = pr.unit_id
CROSS JOIN policy po ON po.policy_id = t.policy_id
WHERE t.run_id = (SELECT run_id FROM concluded_run) AND t.kind = 'customer' ORDER BY t.principals DESC`,
  },
  {
    name: "blockers",
    sentence: "who keeps actions in a shared policy that others do not use, and why; who keeps the most first",
    parameters: [],
    sql: `SELECT po.key AS policy, coalesce(pr.arn, '') AS principal, b.actions, b.reason
FROM policy_blocker b
CROSS JOIN policy po ON po.policy_id = b.policy_id
LEFT JOIN principal pr ON pr.principal_id = b.principal_id
WHERE b.run_id = (SELECT run_id FROM current_run) ORDER BY b.actions DESC`,
  },
  {
    name: "aws-managed",
    sentence: "policies managed by AWS on several principals, and into how many different copies they would split",
    parameters: [],
    sql: `SELECT po.key AS policy, t.principals, t.accounts, t.different_results, t.to_change
FROM policy_total t
CROSS JOIN policy po ON po.policy_id = t.policy_id
WHERE t.run_id = (SELECT run_id FROM concluded_run) AND t.kind = 'aws' ORDER BY t.principals DESC`,
  },
  {
    name: "repeated-documents",
    sentence: "documents that stand in more than one account, most often first",
    parameters: [],
    sql: `SELECT d.sha256 AS document,
  (SELECT po.name FROM unit u CROSS JOIN recommendation r ON r.unit_id = u.unit_id AND r.run_id = t.run_id
   CROSS JOIN policy po ON po.policy_id = r.policy_id WHERE u.document_id = t.document_id LIMIT 1) AS named,
  t.attachments, t.accounts, d.characters
FROM document_total t
CROSS JOIN document d ON d.document_id = t.document_id
WHERE t.run_id = (SELECT run_id FROM concluded_run) ORDER BY t.attachments DESC`,
  },
  {
    name: "alike-but-for-account",
    sentence: "documents that differ by the account ids in their ARNs alone, most often first",
    parameters: [],
    sql: `SELECT t.shape_sha256 AS shape, t.documents, t.attachments, t.accounts, d.text AS one_of_them
FROM shape_total t
CROSS JOIN document d ON d.document_id = t.document_id
WHERE t.run_id = (SELECT run_id FROM concluded_run) ORDER BY t.attachments DESC`,
  },
];
