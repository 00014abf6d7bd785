import type { Question } from "./question.ts";

/** What the run found, and what is to be done. */
export const CHANGES: readonly Question[] = [
  {
    name: "overview",
    sentence: "what the current run found, in one row",
    parameters: [],
    sql: `SELECT count(*) AS accounts, sum(holders) AS principals, sum(attachments) AS attachments, sum(to_replace) AS to_replace,
  sum(to_detach) AS to_detach, sum(unchanged) AS unchanged, sum(actions_before) AS actions_before, sum(actions_after) AS actions_after
FROM accounts WHERE holders > 0`,
  },
  {
    name: "by-account",
    sentence: "for each account what its policies grant, before and after",
    parameters: [],
    sql: `SELECT account_id AS account, holders AS principals, attachments, to_replace + to_detach AS to_change, actions_before, actions_after,
  round(100.0 * (actions_before - actions_after) / max(actions_before, 1), 1) AS percent_removed
FROM accounts WHERE holders > 0 ORDER BY actions_before - actions_after DESC, account_id`,
  },
  {
    name: "largest-reductions",
    sentence: "the attached policies that lose the most actions",
    parameters: [],
    sql: `SELECT pr.arn AS principal, po.name AS policy, u.recommended_action AS action, u.actions_before AS before,
  u.actions_before - u.actions_removed AS after, u.actions_removed AS removed
FROM unit u
CROSS JOIN recommendation r ON r.unit_id = u.unit_id AND r.run_id = (SELECT run_id FROM current_run)
CROSS JOIN principal pr ON pr.principal_id = r.principal_id
CROSS JOIN policy po ON po.policy_id = r.policy_id
WHERE u.actions_removed > 0 ORDER BY u.actions_removed DESC`,
  },
  {
    name: "to-detach",
    sentence: "attached policies of which nothing is used, those that grant the most first",
    parameters: [],
    sql: `SELECT pr.arn AS principal, po.kind, po.name AS policy, u.actions_before AS actions
FROM unit u
CROSS JOIN recommendation r ON r.unit_id = u.unit_id AND r.run_id = (SELECT run_id FROM current_run)
CROSS JOIN principal pr ON pr.principal_id = r.principal_id
CROSS JOIN policy po ON po.policy_id = r.policy_id
WHERE u.actions_removed >= 0 AND u.recommended_action = 'DETACH_POLICY' ORDER BY u.actions_removed DESC`,
  },
  {
    name: "left-alone",
    sentence: "whom and what the run left alone, and by which rule",
    parameters: [],
    sql: `SELECT rule, account_id AS account, principal_arn AS principal, policy_key AS policy, statement FROM left_alone`,
  },
  {
    name: "compare",
    sentence: "our recommendations beside AWS's own",
    parameters: [],
    sql: `SELECT c.verdict, pr.arn AS principal, po.name AS policy, u.recommended_action AS ours, c.aws_action AS aws, c.is_current
FROM aws_comparison c
CROSS JOIN recommendation r ON r.run_id = c.run_id AND r.principal_id = c.principal_id AND r.policy_id = c.policy_id
CROSS JOIN unit u ON u.unit_id = r.unit_id
CROSS JOIN principal pr ON pr.principal_id = c.principal_id
CROSS JOIN policy po ON po.policy_id = c.policy_id
WHERE c.run_id = (SELECT run_id FROM current_run) ORDER BY c.verdict`,
  },
  {
    name: "refused",
    sentence: "what was refused, could not be answered or should be looked at, with the way out; errors first",
    parameters: [],
    sql: `SELECT severity, code, path, pointer, message, hint FROM diagnostics`,
  },
];
