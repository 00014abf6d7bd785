/** A short question for each view: what docs/schema.md shows, and a test asks of the made-up organization. */
export const EXAMPLES: Readonly<Record<string, string>> = {
  does_not_fit: "SELECT policy_name, size_after, size_limit, parts_needed, parts_allowed FROM does_not_fit",
  oversized_statements: "SELECT policy_name, statement, characters FROM oversized_statements ORDER BY characters DESC",
  access_levels:
    "SELECT access_level, sum(actions_before), sum(actions_after) FROM access_levels GROUP BY access_level",
  account_services: "SELECT account_id, service, principals_before FROM account_services WHERE verdict = 'unused'",
  accounts: "SELECT account_id, actions_before - actions_after AS removed FROM accounts ORDER BY removed DESC",
  actions: "SELECT action FROM actions WHERE attachments_after < attachments_before AND access_level = 'Write'",
  allowed_after: "SELECT principal_arn, policy_name, entry FROM allowed_after WHERE action = 'iam:PassRole'",
  allowed_before:
    "SELECT account_id, count(DISTINCT principal_arn) FROM allowed_before WHERE action = 'kms:Decrypt' GROUP BY 1",
  attachments: "SELECT principal_arn FROM attachments WHERE policy_name = 'AdministratorAccess'",
  aws_comparisons: "SELECT verdict, count(*) FROM aws_comparisons GROUP BY verdict",
  catalogs: "SELECT date, actions, tracked FROM catalogs",
  certificates: "SELECT certificate, statement FROM certificates WHERE policy_name = 'deploy' LIMIT 1",
  changes:
    "SELECT policy_name, entry, change.value AS becomes FROM changes, json_each(replaced_by) AS change WHERE element = 'Action'",
  concluded_run: "SELECT run_id FROM concluded_run",
  current_run: "SELECT run_id FROM current_run",
  diagnostics: "SELECT severity, code, count(*) FROM diagnostics GROUP BY severity, code",
  document_shapes: "SELECT accounts, documents, document FROM document_shapes ORDER BY attachments DESC",
  escalation_actions: "SELECT action, reason, attachments_after FROM escalation_actions WHERE attachments_after > 0",
  event_names: "SELECT event_source, event_name, events FROM event_names WHERE actions IS NULL",
  event_shares: "SELECT service, percent_mapped FROM event_shares ORDER BY events DESC",
  evidence_sources: "SELECT source, principals, oldest_days FROM evidence_sources",
  grant_intervals: "SELECT document_id, sum(hi - lo) AS actions FROM grant_intervals GROUP BY document_id",
  granted_after:
    "SELECT principal_arn FROM granted_after, actions WHERE action = 's3:GetObject' AND lo <= action_id AND action_id < hi",
  granted_before: "SELECT principal_arn, sum(hi - lo) AS actions FROM granted_before GROUP BY principal_arn",
  granted_removed:
    "SELECT action FROM granted_removed JOIN actions ON lo <= action_id AND action_id < hi WHERE policy_key = (SELECT policy_key FROM recommendations LIMIT 1)",
  incomplete_accounts: "SELECT account_id, reason, path FROM incomplete_accounts",
  left_alone: "SELECT rule, count(*) FROM left_alone GROUP BY rule",
  policies:
    "SELECT shape_sha256, count(*) FROM policies GROUP BY shape_sha256 HAVING count(DISTINCT document_sha256) > 1",
  policy_blockers:
    "SELECT principal_arn, actions, reason FROM policy_blockers WHERE policy_name = 'shared' ORDER BY actions DESC",
  policy_recommendations: "SELECT policy_key, actions_before, actions_after, blockers FROM policy_recommendations",
  principal_totals: "SELECT principal_arn, services_removed FROM principal_totals ORDER BY services_removed DESC",
  principals: "SELECT arn FROM principals WHERE evidence = 'none' AND julianday('now') - julianday(created_at) > 90",
  recommendations: "SELECT policy_name, recommended_policy FROM recommendations WHERE principal_arn LIKE '%:role/ci/%'",
  repeated_documents: "SELECT accounts, attachments, document FROM repeated_documents ORDER BY attachments DESC",
  runs: "SELECT run_id, date(started_at), state FROM runs",
  services: "SELECT service, principals_before FROM services WHERE verdict <> 'kept' ORDER BY 2 DESC",
  shared_policies: "SELECT policy_name, principals, different_results FROM shared_policies WHERE policy_kind = 'aws'",
  unused_intervals: "SELECT principal_arn, sum(hi - lo) AS unused FROM unused_intervals GROUP BY principal_arn",
  usage: "SELECT service, state, date(last_accessed) FROM usage WHERE principal_arn LIKE '%:role/ci/%'",
  usage_intervals: "SELECT source, state, sum(hi - lo) AS actions FROM usage_intervals GROUP BY source, state",
  wildcards: "SELECT entry, attachments, actions FROM wildcards WHERE worst_level = 'Permissions management'",
};
