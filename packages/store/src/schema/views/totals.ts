import { ESCALATION } from "./escalation.ts";

/** What many results come to: filled when a run ends, and empty before. */
export const TOTAL_VIEWS: string = `
-- Accounts: their principals, which of them have recommendations (holders), the attached policies with a recommendation and what becomes
-- of them, and the sums of the actions that these grant.
CREATE VIEW accounts AS
  SELECT t.account_id, t.principals, t.holders, t.attachments, t.to_replace, t.to_detach, t.unchanged, t.failed, t.actions_before,
         t.actions_after
  FROM account_total t
  WHERE t.run_id = (SELECT run_id FROM concluded_run);

-- What the attached policies of an account grant by access level, as pairs of attachment and action.
CREATE VIEW access_levels AS
  SELECT t.account_id, t.access_level, t.actions_before, t.actions_after
  FROM account_level_total t
  WHERE t.run_id = (SELECT run_id FROM concluded_run);

-- Services that anybody in the organization has, by how many accounts, attached policies and principals, before and after. verdict: unused
-- (granted today, and nothing of it is left to anybody), unknown (left only to principals_unknown: those of whom no report says what
-- they do not use, or whose policies are left alone) or kept.
CREATE VIEW services AS
  SELECT t.service, CASE WHEN t.principals_after = 0 THEN 'unused' WHEN t.principals_unknown = t.principals_after THEN 'unknown' ELSE 'kept' END AS verdict,
         t.accounts_before, t.accounts_after, t.attachments_before, t.attachments_after, t.principals_before, t.principals_after,
         t.principals_unknown
  FROM service_total t
  WHERE t.run_id = (SELECT run_id FROM concluded_run);

-- The same account by account.
CREATE VIEW account_services AS
  SELECT t.account_id, t.service, CASE WHEN t.principals_after = 0 THEN 'unused' WHEN t.principals_unknown = t.principals_after THEN 'unknown' ELSE 'kept' END AS verdict,
         t.attachments_before, t.attachments_after, t.principals_before, t.principals_after, t.principals_unknown
  FROM account_service_total t
  WHERE t.run_id = (SELECT run_id FROM concluded_run);

-- Entries with a wildcard that stay in Allow statements. attachments: how many attached policies have it afterwards: kept from the policy
-- of today, or generated. actions: how many of the catalog it matches; worst_level: the most weighty of their access levels. element: what
-- an entry of NotAction matches is not granted.
CREATE VIEW wildcards AS
  SELECT t.entry, t.element, t.attachments, t.kept, t.generated, t.actions, t.worst_level
  FROM wildcard_total t
  WHERE t.run_id = (SELECT run_id FROM concluded_run);

-- Managed policies that several principals have: into how many different documents, or none, they would split, on how many principals
-- they do not stay as they are, and how many principals or reasons keep more in a customer managed one that is narrowed in place.
CREATE VIEW shared_policies AS
  SELECT po.account_id, po.key AS policy_key, po.kind AS policy_kind, po.name AS policy_name, t.principals, t.accounts,
         t.different_results, t.to_change, t.blockers
  FROM policy_total t
  CROSS JOIN policy po ON po.policy_id = t.policy_id
  WHERE t.run_id = (SELECT run_id FROM concluded_run);

-- Documents that stand in several accounts, word for word.
CREATE VIEW repeated_documents AS
  SELECT d.sha256 AS document_sha256, t.attachments, t.accounts, d.characters, d.text AS document
  FROM document_total t
  CROSS JOIN document d ON d.document_id = t.document_id
  WHERE t.run_id = (SELECT run_id FROM concluded_run);

-- Documents that differ by account ids alone and stand in several accounts: how many there are, and one of them. The view policies has
-- the shape_sha256 of each.
CREATE VIEW document_shapes AS
  SELECT t.shape_sha256, t.documents, t.attachments, t.accounts, d.sha256 AS document_sha256, d.text AS document
  FROM shape_total t
  CROSS JOIN document d ON d.document_id = t.document_id
  WHERE t.run_id = (SELECT run_id FROM concluded_run);

-- Principals with recommendations: how many, what they grant together, how many services that is, and how many of those go altogether.
-- is_unknown: 1 where no report says what it does not use.
CREATE VIEW principal_totals AS
  SELECT p.account_id, p.arn AS principal_arn, p.kind AS principal_kind, t.attachments, t.actions_before, t.actions_after,
         t.services_before, t.services_removed, t.is_unknown
  FROM principal_total t
  CROSS JOIN principal p ON p.principal_id = t.principal_id
  WHERE t.run_id = (SELECT run_id FROM concluded_run);

-- Sources of evidence: how many reports they gave (of CloudTrail, kinds of calls by principals), about how many principals those that
-- count speak, and how old, in days before the run's day, the newest and the oldest are.
CREATE VIEW evidence_sources AS
  SELECT t.source, t.reports, t.principals,
         CAST(julianday(run.as_of) - julianday(t.newest) AS INTEGER) AS youngest_days,
         CAST(julianday(run.as_of) - julianday(t.oldest) AS INTEGER) AS oldest_days
  FROM evidence_total t
  CROSS JOIN run ON run.run_id = t.run_id
  WHERE t.run_id = (SELECT run_id FROM concluded_run);

-- Actions with which one can give oneself more than one has, and how; those that the catalog has. path: what it leads to: policy,
-- credentials, role, code, trust or boundary. attachments_before, attachments_after: how many attached policies grant it.
CREATE VIEW escalation_actions AS
  WITH known (action, path, reason) AS (VALUES
${ESCALATION})
  SELECT a.action, known.path, known.reason, t.attachments_before, t.attachments_after
  FROM current_run cr
  CROSS JOIN known
  CROSS JOIN action a ON a.catalog_id = cr.catalog_id AND a.action = known.action
  LEFT JOIN action_total t ON t.run_id = (SELECT run_id FROM concluded_run) AND t.action_id = a.action_id;
`;
