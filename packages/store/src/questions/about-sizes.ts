import type { Question } from "./question.ts";

/** How large policies are beside IAM's limits. */
export const SIZES: readonly Question[] = [
  {
    name: "too-large",
    sentence:
      "recommendations that are over one of IAM's size limits; an inline policy counts with all others of its principal",
    parameters: [],
    sql: `SELECT coalesce(p.arn, 'in place') AS principal, po.kind, po.name AS policy, s.fit, s.size, s.size_limit
FROM size_total s INDEXED BY size_total_by_excess
CROSS JOIN policy po ON po.policy_id = s.policy_id
LEFT JOIN principal p ON p.principal_id = s.principal_id
WHERE s.run_id = (SELECT run_id FROM concluded_run) AND s.is_over = 1 ORDER BY s.excess DESC`,
  },
  {
    name: "fitted",
    sentence: "recommendations that --fit has made fit: in which form, and in how many policies where they are split",
    parameters: [],
    sql: `SELECT coalesce(p.arn, 'in place') AS principal, po.kind, po.name AS policy, s.form, s.policies, s.size, s.size_limit
FROM size_total s INDEXED BY size_total_by_policies
CROSS JOIN policy po ON po.policy_id = s.policy_id
LEFT JOIN principal p ON p.principal_id = s.principal_id
WHERE s.run_id = (SELECT run_id FROM concluded_run) AND s.is_over = 0 ORDER BY s.policies DESC, s.excess DESC`,
  },
  {
    name: "does-not-fit",
    sentence:
      "what --fit could not make fit: the smallest form, policies needed and allowed, and the statement that costs most",
    parameters: [],
    sql: `SELECT coalesce(principal_arn, 'in place') AS principal, policy_name AS policy, form, size_after AS size, size_limit,
  parts_needed, parts_allowed, largest_statement, largest_characters
FROM does_not_fit`,
  },
];
