/**
 * Version 1 of the views: the public face. Plain names, texts instead of ids, and only the current run: the newest that is
 * finished, or the newest of all while none is.
 */
export const VIEWS = `
-- The run that the other views show.
CREATE VIEW current_run AS
  SELECT run_id, catalog_id FROM run ORDER BY state = 'done' DESC, run_id DESC LIMIT 1;

-- All runs, with the catalog they used.
CREATE VIEW runs AS
  SELECT r.run_id, r.state, r.started_at, r.finished_at, r.tool_version, r.granularity, r.options,
         c.source AS catalog, c.date AS catalog_date, c.sha256 AS catalog_sha256,
         (SELECT count(*) FROM input i WHERE i.run_id = r.run_id) AS inputs
  FROM run r JOIN catalog c USING (catalog_id);

-- The catalogs of all runs.
CREATE VIEW catalogs AS
  SELECT c.catalog_id, c.source, c.date, c.sha256,
         (SELECT count(*) FROM service s WHERE s.catalog_id = c.catalog_id) AS services,
         (SELECT count(*) FROM action a WHERE a.catalog_id = c.catalog_id) AS actions
  FROM catalog c;

-- Every action of the current run's catalog.
CREATE VIEW actions AS
  SELECT a.action_id, a.action, a.service, a.name, a.access_level
  FROM current_run JOIN action a USING (catalog_id);

-- Roles, users and groups, and whether anything is known of their use.
CREATE VIEW principals AS
  SELECT p.principal_id, p.arn, p.account_id, p.kind, p.name, p.path, p.created_at, p.last_used_at, p.boundary_arn, p.marked,
         rp.evidence
  FROM current_run cr
  JOIN run_principal rp ON rp.run_id = cr.run_id
  JOIN principal p USING (principal_id);

-- Accounts with their numbers of principals and attached policies.
CREATE VIEW accounts AS
  SELECT p.account_id, count(DISTINCT p.principal_id) AS principals, count(a.policy_id) AS attachments
  FROM current_run cr
  JOIN run_principal rp ON rp.run_id = cr.run_id
  JOIN principal p USING (principal_id)
  LEFT JOIN attachment a ON a.run_id = cr.run_id AND a.principal_id = p.principal_id
  GROUP BY p.account_id;

-- Policies with their documents and how many principals they are attached to.
CREATE VIEW policies AS
  SELECT p.policy_id, p.key, p.kind, p.name, p.account_id, pd.version_id, pd.updated_at, d.sha256 AS document_sha256,
         d.text AS document, d.characters,
         (SELECT count(*) FROM attachment a WHERE a.run_id = cr.run_id AND a.policy_id = p.policy_id) AS attachments
  FROM current_run cr
  JOIN policy_document pd ON pd.run_id = cr.run_id
  JOIN policy p USING (policy_id)
  JOIN document d USING (document_id);

-- Which principal has which policy.
CREATE VIEW attachments AS
  SELECT pr.account_id, pr.arn AS principal_arn, po.key AS policy_key, po.kind AS policy_kind, po.name AS policy_name
  FROM current_run cr
  JOIN attachment a ON a.run_id = cr.run_id
  JOIN principal pr USING (principal_id)
  JOIN policy po USING (policy_id);

-- What every source says, service by service; actions is null where the whole service is unused.
CREATE VIEW usage AS
  SELECT ur.principal_arn, ur.source, ur.report_id, ur.active, ur.updated_at,
         json_extract(line.value, '$.service') AS service, json_extract(line.value, '$.actions') AS actions, i.path
  FROM current_run cr
  JOIN usage_report ur ON ur.run_id = cr.run_id
  JOIN input i USING (input_id)
  JOIN json_each(ur.unused) AS line;

-- One row an attachment: what to do with the policy, and what that removes. Sizes are counted as IAM counts them.
CREATE VIEW recommendations AS
  SELECT pr.account_id, pr.arn AS principal_arn, pr.kind AS principal_kind, pr.name AS principal_name, pr.marked,
         rp.evidence, po.policy_id, po.key AS policy_key, po.kind AS policy_kind, po.name AS policy_name,
         u.unit_id, u.state, u.recommended_action, u.actions_before, u.actions_removed,
         u.actions_before - u.actions_removed AS actions_after,
         before.characters AS characters_before,
         CASE WHEN u.state = 'done' THEN coalesce(after.characters, 0) END AS characters_after,
         before.text AS existing_policy, after.text AS recommended_policy,
         u.state = 'done' AS verified, u.granularity, c.date AS catalog_date, c.sha256 AS catalog_sha256
  FROM current_run cr
  JOIN recommendation r ON r.run_id = cr.run_id
  JOIN unit u USING (unit_id)
  JOIN principal pr USING (principal_id)
  JOIN policy po USING (policy_id)
  JOIN run_principal rp ON rp.run_id = cr.run_id AND rp.principal_id = r.principal_id
  JOIN document before ON before.document_id = u.document_id
  LEFT JOIN document after ON after.document_id = u.final_document_id
  JOIN catalog c ON c.catalog_id = u.catalog_id;

-- One row a changed entry. statement counts from 0; replaced_by is a JSON list, empty where the entry goes.
CREATE VIEW changes AS
  SELECT pr.account_id, pr.arn AS principal_arn, po.key AS policy_key, po.name AS policy_name,
         json_extract(change.value, '$[0]') AS statement,
         json_extract(change.value, '$[1]') AS element,
         json_extract(change.value, '$[2]') AS entry,
         json_remove(change.value, '$[0]', '$[0]', '$[0]') AS replaced_by
  FROM current_run cr
  JOIN recommendation r ON r.run_id = cr.run_id
  JOIN unit_change uc USING (unit_id)
  JOIN principal pr USING (principal_id)
  JOIN policy po USING (policy_id)
  JOIN json_each(uc.changes) AS change;

-- One row an interval of actions [lo, hi) that an attached policy grants today.
CREATE VIEW granted_before AS
  SELECT pr.account_id, pr.arn AS principal_arn, po.key AS policy_key, gi.lo, gi.hi
  FROM current_run cr
  JOIN recommendation r ON r.run_id = cr.run_id
  JOIN unit u USING (unit_id)
  JOIN grant_interval gi ON gi.catalog_id = u.catalog_id AND gi.document_id = u.document_id
  JOIN principal pr USING (principal_id)
  JOIN policy po USING (policy_id);

-- The same once the recommendations are applied.
CREATE VIEW granted_after AS
  SELECT pr.account_id, pr.arn AS principal_arn, po.key AS policy_key, gi.lo, gi.hi
  FROM current_run cr
  JOIN recommendation r ON r.run_id = cr.run_id
  JOIN unit u USING (unit_id)
  JOIN grant_interval gi ON gi.catalog_id = u.catalog_id AND gi.document_id = u.final_document_id
  JOIN principal pr USING (principal_id)
  JOIN policy po USING (policy_id);

-- What goes: the bounds of both that are not bounds of the other, since what is left is part of what was there.
CREATE VIEW granted_removed AS
  SELECT account_id, principal_arn, policy_key, lo, hi FROM (
    SELECT account_id, principal_arn, policy_key, point AS lo,
           lead(point) OVER (PARTITION BY principal_arn, policy_key ORDER BY point) AS hi,
           row_number() OVER (PARTITION BY principal_arn, policy_key ORDER BY point) AS place
    FROM (
      SELECT account_id, principal_arn, policy_key, lo AS point FROM granted_before
      UNION ALL SELECT account_id, principal_arn, policy_key, hi FROM granted_before
      UNION ALL SELECT account_id, principal_arn, policy_key, lo FROM granted_after
      UNION ALL SELECT account_id, principal_arn, policy_key, hi FROM granted_after
    ) GROUP BY account_id, principal_arn, policy_key, point HAVING count(*) = 1
  ) WHERE place % 2 = 1;

-- One row an answered recommendation: all that is needed to check it again. sha256(statement) is the certificate; before,
-- removed and after are the bounds of intervals [lo, hi) of action ids: lo, hi, lo, hi, …
CREATE VIEW certificates AS
  SELECT account_id, principal_arn, policy_key, policy_name, certificate,
         json_object('certificate', 1, 'catalog', catalog_sha256, 'catalogSource', catalog_source, 'catalogDate', catalog_date,
           'engineVersion', engine_version, 'granularity', granularity, 'existing', existing_sha256, 'unused', unused_sha256,
           'recommendedAction', recommended_action, 'recommended', recommended_sha256,
           'actions', json_array(actions_before, actions_removed, actions_after),
           'before', json(before), 'removed', json(removed), 'after', json(after),
           'changes', json(changes), 'unknownActions', json(unknown_actions)) AS statement,
         catalog_sha256, existing_sha256, recommended_sha256, unused_sha256, granularity, engine_version, recommended_action,
         actions_before, actions_removed, actions_after, before, removed, after
  FROM (
    SELECT pr.account_id, pr.arn AS principal_arn, po.key AS policy_key, po.name AS policy_name, u.certificate,
           c.sha256 AS catalog_sha256, c.source AS catalog_source, c.date AS catalog_date, u.engine_version, u.granularity,
           d.sha256 AS existing_sha256, s.sha256 AS unused_sha256, u.recommended_action, f.sha256 AS recommended_sha256,
           u.actions_before, u.actions_removed, u.actions_before - u.actions_removed AS actions_after,
           (SELECT json_group_array(point) FROM (
              SELECT lo AS point FROM grant_interval b WHERE b.catalog_id = u.catalog_id AND b.document_id = u.document_id
              UNION ALL
              SELECT hi FROM grant_interval b WHERE b.catalog_id = u.catalog_id AND b.document_id = u.document_id
              ORDER BY point)) AS before,
           (SELECT json_group_array(point) FROM (
              SELECT point FROM (
                SELECT lo AS point FROM grant_interval b WHERE b.catalog_id = u.catalog_id AND b.document_id = u.document_id
                UNION ALL
                SELECT hi FROM grant_interval b WHERE b.catalog_id = u.catalog_id AND b.document_id = u.document_id
                UNION ALL
                SELECT lo FROM grant_interval a WHERE a.catalog_id = u.catalog_id AND a.document_id = u.final_document_id
                UNION ALL
                SELECT hi FROM grant_interval a WHERE a.catalog_id = u.catalog_id AND a.document_id = u.final_document_id
              ) GROUP BY point HAVING count(*) = 1 ORDER BY point)) AS removed,
           (SELECT json_group_array(point) FROM (
              SELECT lo AS point FROM grant_interval a WHERE a.catalog_id = u.catalog_id AND a.document_id = u.final_document_id
              UNION ALL
              SELECT hi FROM grant_interval a WHERE a.catalog_id = u.catalog_id AND a.document_id = u.final_document_id
              ORDER BY point)) AS after,
           coalesce(uc.changes, '[]') AS changes, coalesce(u.unknown_actions, '[]') AS unknown_actions
    FROM current_run cr
    JOIN recommendation r ON r.run_id = cr.run_id
    JOIN unit u USING (unit_id)
    JOIN principal pr USING (principal_id)
    JOIN policy po USING (policy_id)
    JOIN catalog c ON c.catalog_id = u.catalog_id
    JOIN document d ON d.document_id = u.document_id
    JOIN unused_set s ON s.unused_id = u.unused_id
    LEFT JOIN document f ON f.document_id = u.final_document_id
    LEFT JOIN unit_change uc ON uc.unit_id = u.unit_id
    WHERE u.state = 'done'
  );

-- What was refused, could not be answered, or should be looked at: of the inputs, and of single results.
CREATE VIEW diagnostics AS
  SELECT d.severity, d.code, d.path, d.pointer, d.message, d.hint
  FROM current_run cr JOIN diagnostic d ON d.run_id = cr.run_id
  UNION ALL
  SELECT 'error', u.failure_code, pr.arn, po.name, u.failure, 'this is a bug in Leastwise: nothing was stored for this policy'
  FROM current_run cr
  JOIN recommendation r ON r.run_id = cr.run_id
  JOIN unit u USING (unit_id)
  JOIN principal pr USING (principal_id)
  JOIN policy po USING (policy_id)
  WHERE u.state = 'failed'
  UNION ALL
  SELECT 'warning', 'unknown-action', pr.arn, po.name || ', statement ' || json_extract(entry.value, '$.statement'),
         'the catalog has no action \`' || json_extract(entry.value, '$.entry') || '\`',
         'kept unless reported unused; check the spelling, or use a newer catalog'
  FROM current_run cr
  JOIN recommendation r ON r.run_id = cr.run_id
  JOIN unit u USING (unit_id)
  JOIN principal pr USING (principal_id)
  JOIN policy po USING (policy_id)
  JOIN json_each(u.unknown_actions) AS entry;
`;
