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
  SELECT r.run_id, r.state, r.started_at, r.finished_at, r.as_of, r.tool_version, json_extract(o.text, '$.granularity') AS granularity, r.settings,
         c.source AS catalog, c.date AS catalog_date, c.sha256 AS catalog_sha256,
         (SELECT count(*) FROM input i WHERE i.run_id = r.run_id) AS inputs
  FROM run r JOIN catalog c USING (catalog_id) JOIN option_set o USING (option_set_id);

-- The catalogs of all runs.
CREATE VIEW catalogs AS
  SELECT c.catalog_id, c.source, c.date, c.sha256,
         (SELECT count(*) FROM service s WHERE s.catalog_id = c.catalog_id) AS services,
         (SELECT count(*) FROM action a WHERE a.catalog_id = c.catalog_id) AS actions,
         (SELECT coalesce(sum(a.tracked), 0) FROM action a WHERE a.catalog_id = c.catalog_id) AS tracked
  FROM catalog c;

-- Every action of the current run's catalog.
CREATE VIEW actions AS
  SELECT a.action_id, a.action, a.service, a.name, a.access_level, a.tracked
  FROM current_run JOIN action a USING (catalog_id);

-- Roles, users and groups; whether anything is known of their use; the rule by which one is left alone; and who says that one is
-- unused altogether, since when.
CREATE VIEW principals AS
  SELECT p.principal_id, p.arn, p.account_id, p.kind, p.name, p.path, rp.created_at, rp.last_used_at, rp.boundary_arn, p.marked,
         rp.tags, rp.evidence, rp.left_because, rp.unused_by, rp.unused_since
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

-- Accounts of which not everybody is known, why, and which input says so: nothing goes from their groups and shared policies.
CREATE VIEW incomplete_accounts AS
  SELECT a.account_id, a.reason, i.path
  FROM current_run cr
  JOIN incomplete_account a ON a.run_id = cr.run_id
  JOIN input i USING (input_id);

-- Policies with their documents and how many principals they are attached to, and serve as a boundary.
CREATE VIEW policies AS
  SELECT p.policy_id, p.key, p.kind, p.name, p.account_id, pd.version_id, pd.updated_at, d.sha256 AS document_sha256,
         d.text AS document, d.characters,
         (SELECT count(*) FROM attachment a WHERE a.run_id = cr.run_id AND a.policy_id = p.policy_id) AS attachments,
         pd.attachment_count, pd.boundary_count, pd.left_because
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

-- What every source says of a principal's use, service by service: state used, unused or unknown (the service was used, and nothing
-- says by which action). actions is null for the service as a whole. standing: counts, not-active, predecessor, superseded, stale. age_days: from
-- the report to the run's day. inputs: JSON list of files. CloudTrail's rows are its events by the actions that they stand for.
CREATE VIEW usage AS
  SELECT p.account_id, p.arn AS principal_arn, ur.source, ur.report_id, ur.standing, ur.updated_at, ur.window_days,
         CAST(julianday(run.as_of) - julianday(ur.updated_at) AS INTEGER) AS age_days,
         json_extract(claim.value, '$.service') AS service, json_extract(claim.value, '$.state') AS state,
         json_extract(claim.value, '$.actions') AS actions, json_extract(claim.value, '$.lastAccessed') AS last_accessed,
         (SELECT json_group_array(path) FROM (
            SELECT i.path FROM json_each(ur.inputs) AS id JOIN input i ON i.input_id = id.value ORDER BY i.path)) AS inputs
  FROM current_run cr
  JOIN run USING (run_id)
  JOIN usage_report ur ON ur.run_id = cr.run_id
  JOIN principal p USING (principal_id)
  JOIN json_each(ur.claims) AS claim
  UNION ALL
  SELECT p.account_id, p.arn, 'cloudtrail', e.event_source || ' ' || e.event_name,
         CASE WHEN e.last_at >= run.events_since THEN 'counts' ELSE 'stale' END, e.last_at,
         json_extract(run.settings, '$.windows.cloudTrail'), CAST(julianday(run.as_of) - julianday(e.last_at) AS INTEGER),
         CASE WHEN n.actions IS NULL THEN meant.value ELSE substr(meant.value, 1, instr(meant.value, ':') - 1) END,
         CASE WHEN n.actions IS NULL THEN 'unknown' ELSE 'used' END,
         CASE WHEN n.actions IS NOT NULL THEN json_array(substr(meant.value, instr(meant.value, ':') + 1)) END, e.last_at, '[]'
  FROM current_run cr
  JOIN run USING (run_id)
  JOIN run_principal rp ON rp.run_id = cr.run_id
  JOIN principal p USING (principal_id)
  JOIN event_use e ON e.run_id = cr.run_id AND e.principal_arn = p.arn
  JOIN event_name n ON n.run_id = e.run_id AND n.event_source = e.event_source AND n.event_name = e.event_name
  JOIN json_each(coalesce(n.actions, n.services)) AS meant
  WHERE e.last_at IS NOT NULL;

-- The same by intervals [lo, hi) of action ids. iam:PassRole leaves no trace, so that iam as a whole is unused does not mean it.
CREATE VIEW usage_intervals AS
  SELECT u.account_id, u.principal_arn, s.lo, coalesce(a.action_id, s.hi) AS hi, u.state, u.source, u.report_id, u.standing,
         u.updated_at, u.window_days, u.age_days, u.last_accessed
  FROM usage u, current_run cr
  JOIN service s ON s.catalog_id = cr.catalog_id AND s.service = u.service
  LEFT JOIN action a ON a.catalog_id = cr.catalog_id AND a.action = 'iam:PassRole' AND u.service = 'iam' COLLATE NOCASE
    AND u.state = 'unused'
  WHERE u.actions IS NULL
  UNION ALL
  SELECT u.account_id, u.principal_arn, a.action_id + 1, s.hi, u.state, u.source, u.report_id, u.standing, u.updated_at,
         u.window_days, u.age_days, u.last_accessed
  FROM usage u, current_run cr
  JOIN service s ON s.catalog_id = cr.catalog_id AND s.service = u.service
  JOIN action a ON a.catalog_id = cr.catalog_id AND a.action = 'iam:PassRole' AND u.service = 'iam' COLLATE NOCASE
  WHERE u.actions IS NULL AND u.state = 'unused'
  UNION ALL
  SELECT u.account_id, u.principal_arn, a.action_id, a.action_id + 1, u.state, u.source, u.report_id, u.standing, u.updated_at,
         u.window_days, u.age_days, u.last_accessed
  FROM usage u, current_run cr
  JOIN json_each(u.actions) AS name
  JOIN action a ON a.catalog_id = cr.catalog_id AND a.action = u.service || ':' || name.value;

-- What all sources together come to: the actions that are unused, [lo, hi), for each principal. Used beats unused; what is in no row
-- is used or unknown.
CREATE VIEW unused_intervals AS
  SELECT p.account_id, p.arn AS principal_arn, s.lo, s.hi
  FROM current_run cr
  JOIN run_principal rp ON rp.run_id = cr.run_id
  JOIN principal p USING (principal_id)
  JOIN unused_set us ON us.unused_id = rp.unused_id
  JOIN json_each(us.text) AS line
  JOIN service s ON s.catalog_id = cr.catalog_id AND s.service = json_extract(line.value, '$.service')
  WHERE json_extract(line.value, '$.whole') AND json_array_length(line.value, '$.names') = 0
  UNION ALL
  SELECT p.account_id, p.arn, a.action_id, a.action_id + 1
  FROM current_run cr
  JOIN run_principal rp ON rp.run_id = cr.run_id
  JOIN principal p USING (principal_id)
  JOIN unused_set us ON us.unused_id = rp.unused_id
  JOIN json_each(us.text) AS line
  JOIN service s ON s.catalog_id = cr.catalog_id AND s.service = json_extract(line.value, '$.service')
  JOIN action a ON a.catalog_id = cr.catalog_id AND a.action_id >= s.lo AND a.action_id < s.hi
  WHERE json_extract(line.value, '$.whole') AND json_array_length(line.value, '$.names') > 0
    AND NOT EXISTS (SELECT 1 FROM json_each(line.value, '$.names') AS name WHERE name.value = a.name COLLATE NOCASE)
  UNION ALL
  SELECT p.account_id, p.arn, a.action_id, a.action_id + 1
  FROM current_run cr
  JOIN run_principal rp ON rp.run_id = cr.run_id
  JOIN principal p USING (principal_id)
  JOIN unused_set us ON us.unused_id = rp.unused_id
  JOIN json_each(us.text) AS line
  JOIN json_each(line.value, '$.names') AS name
  JOIN action a ON a.catalog_id = cr.catalog_id AND a.action = json_extract(line.value, '$.service') || ':' || name.value
  WHERE NOT json_extract(line.value, '$.whole');

-- How many of CloudTrail's events, by service, stand for a known action. service is null where not even that is known.
CREATE VIEW event_shares AS
  SELECT n.service, CASE WHEN n.service IS NULL THEN e.event_source END AS event_source, sum(e.events) AS events,
         coalesce(sum(CASE WHEN n.actions IS NOT NULL THEN e.events END), 0) AS mapped, sum(e.denied) AS denied,
         round(100.0 * coalesce(sum(CASE WHEN n.actions IS NOT NULL THEN e.events END), 0) / sum(e.events), 1) AS percent_mapped
  FROM current_run cr
  JOIN event_use e ON e.run_id = cr.run_id
  JOIN event_name n ON n.run_id = e.run_id AND n.event_source = e.event_source AND n.event_name = e.event_name
  GROUP BY 1, 2;

-- CloudTrail's names, what they stand for (JSON list of actions, null where that is not known), how it was found and where it is written.
CREATE VIEW event_names AS
  SELECT n.event_source, n.event_name, n.service, n.actions, n.via, n.reference, sum(e.events) AS events,
         count(DISTINCT e.principal_arn) AS principals, max(e.last_at) AS last_at
  FROM current_run cr
  JOIN event_name n ON n.run_id = cr.run_id
  JOIN event_use e ON e.run_id = n.run_id AND e.event_source = n.event_source AND e.event_name = n.event_name
  GROUP BY n.event_source, n.event_name;

-- One row an attachment: what to do with the policy, and what that removes. Sizes are counted as IAM counts them. left_because: the
-- rule by which it is left alone. made_as: where the recommended document belongs; AWS managed policies become a customer managed copy.
CREATE VIEW recommendations AS
  SELECT pr.account_id, pr.arn AS principal_arn, pr.kind AS principal_kind, pr.name AS principal_name, pr.marked,
         rp.evidence, r.left_because, po.policy_id, po.key AS policy_key, po.kind AS policy_kind, po.name AS policy_name,
         CASE WHEN pr.marked = 'identity-center' THEN 'permission set' WHEN po.kind = 'aws' THEN 'customer managed copy'
           WHEN po.kind = 'customer' THEN 'customer managed policy' ELSE 'inline policy' END AS made_as,
         u.unit_id, u.state, u.recommended_action, u.actions_before, u.actions_removed,
         u.actions_before - u.actions_removed AS actions_after,
         before.characters AS characters_before,
         CASE WHEN u.state = 'done' THEN coalesce(after.characters, 0) END AS characters_after,
         before.text AS existing_policy, after.text AS recommended_policy,
         u.state = 'done' AS verified, json_extract(o.text, '$.granularity') AS granularity, c.date AS catalog_date, c.sha256 AS catalog_sha256
  FROM current_run cr
  JOIN recommendation r ON r.run_id = cr.run_id
  JOIN unit u USING (unit_id)
  JOIN principal pr USING (principal_id)
  JOIN policy po USING (policy_id)
  JOIN run_principal rp ON rp.run_id = cr.run_id AND rp.principal_id = r.principal_id
  JOIN document before ON before.document_id = u.document_id
  LEFT JOIN document after ON after.document_id = u.final_document_id
  JOIN catalog c ON c.catalog_id = u.catalog_id
  JOIN option_set o ON o.option_set_id = u.option_set_id;

-- One row a customer managed policy that several principals share: what may go from it in place. blockers: how many keep more in it.
CREATE VIEW policy_recommendations AS
  SELECT po.account_id, po.key AS policy_key, po.name AS policy_name, u.unit_id, u.state, u.recommended_action, u.actions_before,
         u.actions_removed, u.actions_before - u.actions_removed AS actions_after, before.characters AS characters_before,
         CASE WHEN u.state = 'done' THEN coalesce(after.characters, 0) END AS characters_after,
         before.text AS existing_policy, after.text AS recommended_policy,
         (SELECT count(*) FROM attachment a WHERE a.run_id = cr.run_id AND a.policy_id = pr.policy_id) AS principals,
         (SELECT count(*) FROM policy_blocker b WHERE b.run_id = cr.run_id AND b.policy_id = pr.policy_id) AS blockers
  FROM current_run cr
  JOIN policy_recommendation pr ON pr.run_id = cr.run_id
  JOIN policy po USING (policy_id)
  JOIN unit u USING (unit_id)
  JOIN document before ON before.document_id = u.document_id
  LEFT JOIN document after ON after.document_id = u.final_document_id;

-- Who keeps actions in a shared policy that others do not use, why, and how many such actions. principal_arn is null where the reason
-- is not a principal.
CREATE VIEW policy_blockers AS
  SELECT po.account_id, po.key AS policy_key, po.name AS policy_name, p.arn AS principal_arn, b.reason, b.actions
  FROM current_run cr
  JOIN policy_blocker b ON b.run_id = cr.run_id
  JOIN policy po USING (policy_id)
  LEFT JOIN principal p ON p.principal_id = b.principal_id;

-- Whom and what the run left alone, and by which rule: principals, attached policies, and single statements by their Sid.
CREATE VIEW left_alone AS
  SELECT p.account_id, p.arn AS principal_arn, NULL AS policy_key, NULL AS statement, rp.left_because AS rule
  FROM current_run cr
  JOIN run_principal rp ON rp.run_id = cr.run_id
  JOIN principal p USING (principal_id)
  WHERE rp.left_because IS NOT NULL
  UNION ALL
  SELECT p.account_id, p.arn, po.key, NULL, r.left_because
  FROM current_run cr
  JOIN recommendation r ON r.run_id = cr.run_id
  JOIN run_principal rp ON rp.run_id = cr.run_id AND rp.principal_id = r.principal_id
  JOIN principal p ON p.principal_id = r.principal_id
  JOIN policy po USING (policy_id)
  WHERE r.left_because IS NOT NULL AND rp.left_because IS NULL
  UNION ALL
  SELECT p.account_id, p.arn, po.key, statement.key, 'exclude.sids: ' || start.value
  FROM current_run cr
  JOIN run ON run.run_id = cr.run_id
  JOIN option_set o ON o.option_set_id = run.option_set_id
  CROSS JOIN json_each(o.text, '$.keptSids') AS start
  CROSS JOIN recommendation r ON r.run_id = cr.run_id
  JOIN unit u USING (unit_id)
  JOIN document d USING (document_id)
  JOIN json_each(CASE json_type(d.text, '$.Statement') WHEN 'array' THEN json_extract(d.text, '$.Statement')
    ELSE json_array(json_extract(d.text, '$.Statement')) END) AS statement
  JOIN principal p ON p.principal_id = r.principal_id
  JOIN policy po ON po.policy_id = r.policy_id
  WHERE json_extract(statement.value, '$.Effect') = 'Allow'
    AND substr(json_extract(statement.value, '$.Sid'), 1, length(start.value)) = start.value;

-- Our recommendations beside AWS's own. verdict: same, different-in-form, tighter (ours grants less), looser, different, no-answer.
-- ours_only, aws_only: JSON lists of the bounds lo, hi, … of the actions that only one of both grants. is_current: whether AWS has seen
-- the same policy.
CREATE VIEW aws_comparisons AS
  SELECT p.account_id, p.arn AS principal_arn, po.key AS policy_key, po.kind AS policy_kind, po.name AS policy_name, c.source, c.verdict,
         u.recommended_action, c.aws_action, after.text AS recommended_policy, theirs.text AS aws_policy, c.aws_error, c.is_current,
         c.ours_only, c.aws_only
  FROM current_run cr
  JOIN aws_comparison c ON c.run_id = cr.run_id
  JOIN recommendation r ON r.run_id = c.run_id AND r.principal_id = c.principal_id AND r.policy_id = c.policy_id
  JOIN unit u USING (unit_id)
  JOIN principal p ON p.principal_id = c.principal_id
  JOIN policy po ON po.policy_id = c.policy_id
  LEFT JOIN document after ON after.document_id = u.final_document_id
  LEFT JOIN document theirs ON theirs.document_id = c.aws_document_id;

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
           'engineVersion', engine_version, 'options', json(options), 'existing', existing_sha256, 'unused', unused_sha256,
           'recommendedAction', recommended_action, 'recommended', recommended_sha256,
           'actions', json_array(actions_before, actions_removed, actions_after),
           'before', json(before), 'removed', json(removed), 'after', json(after),
           'changes', json(changes), 'unknownActions', json(unknown_actions)) AS statement,
         catalog_sha256, existing_sha256, recommended_sha256, unused_sha256, options,
         json_extract(options, '$.granularity') AS granularity, engine_version, recommended_action,
         actions_before, actions_removed, actions_after, before, removed, after
  FROM (
    SELECT pr.account_id, pr.arn AS principal_arn, po.key AS policy_key, po.name AS policy_name, u.certificate,
           c.sha256 AS catalog_sha256, c.source AS catalog_source, c.date AS catalog_date, u.engine_version, o.text AS options,
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
    JOIN option_set o ON o.option_set_id = u.option_set_id
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
