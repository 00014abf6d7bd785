/** Accounts, principals and policies. */
export const ORGANIZATION_VIEWS = `
-- Roles, users and groups; whether anything is known of their use; the rule by which one is left alone; and who says that one is
-- unused altogether, since when.
CREATE VIEW principals AS
  SELECT p.principal_id, p.arn, p.account_id, p.kind, p.name, p.path, rp.created_at, rp.last_used_at, rp.boundary_arn, p.marked,
         rp.tags, rp.evidence, rp.left_because, rp.unused_by, rp.unused_since
  FROM current_run cr
  JOIN run_principal rp ON rp.run_id = cr.run_id
  JOIN principal p USING (principal_id);

-- Accounts of which not everybody is known, why, and which input says so: nothing goes from their groups and shared policies.
CREATE VIEW incomplete_accounts AS
  SELECT a.account_id, a.reason, i.path
  FROM current_run cr
  JOIN incomplete_account a ON a.run_id = cr.run_id
  JOIN input i USING (input_id);

-- Policies with their documents and how many principals they are attached to, and serve as a boundary. shape_sha256: equal for documents
-- that differ by account ids in ARNs alone; null before a run has ended.
CREATE VIEW policies AS
  SELECT p.policy_id, p.key, p.kind, p.name, p.account_id, pd.version_id, pd.updated_at, d.document_id, d.sha256 AS document_sha256,
         d.text AS document, d.characters,
         CASE WHEN run.state = 'done' THEN coalesce(sh.shape_sha256, d.sha256) END AS shape_sha256,
         (SELECT count(*) FROM attachment a WHERE a.run_id = cr.run_id AND a.policy_id = p.policy_id) AS attachments,
         pd.attachment_count, pd.boundary_count, pd.left_because
  FROM current_run cr
  JOIN run USING (run_id)
  JOIN policy_document pd ON pd.run_id = cr.run_id
  JOIN policy p USING (policy_id)
  JOIN document d USING (document_id)
  LEFT JOIN document_shape sh ON sh.document_id = d.document_id;

-- Which principal has which policy.
CREATE VIEW attachments AS
  SELECT pr.account_id, pr.arn AS principal_arn, po.key AS policy_key, po.kind AS policy_kind, po.name AS policy_name
  FROM current_run cr
  JOIN attachment a ON a.run_id = cr.run_id
  JOIN principal pr USING (principal_id)
  JOIN policy po USING (policy_id);
`;
