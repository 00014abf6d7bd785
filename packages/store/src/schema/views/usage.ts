/** What is known of use. */
export const USAGE_VIEWS = `
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
  JOIN usage_claims uc USING (claims_id)
  JOIN json_each(uc.text) AS claim
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
  SELECT n.service, CASE WHEN n.service IS NULL THEN n.event_source END AS event_source, sum(n.events) AS events,
         coalesce(sum(CASE WHEN n.actions IS NOT NULL THEN n.events END), 0) AS mapped, sum(n.denied) AS denied,
         round(100.0 * coalesce(sum(CASE WHEN n.actions IS NOT NULL THEN n.events END), 0) / sum(n.events), 1) AS percent_mapped
  FROM current_run cr
  JOIN event_name n ON n.run_id = cr.run_id
  GROUP BY 1, 2;

-- CloudTrail's names, what they stand for (JSON list of actions, null where that is not known), how it was found and where it is written.
CREATE VIEW event_names AS
  SELECT n.event_source, n.event_name, n.service, n.actions, n.via, n.reference, n.events, n.denied, n.principals, n.last_at
  FROM current_run cr
  JOIN event_name n ON n.run_id = cr.run_id;
`;
