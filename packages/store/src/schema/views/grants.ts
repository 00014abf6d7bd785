import { entryMatchesOrIsLong } from "../entry-matches.ts";
import { statementsOf } from "../statements-of.ts";

/**
 * SQL: who may call what by a document of units, from the action by its intervals to documents, and from them to attachments; the order of
 * the loops is fixed, since it is what makes this quick. A statement has a row for each entry of Action (of one text json_each makes one
 * row), or one for NotAction, which is a list and so no text.
 */
const allowedBy = (when: "before" | "after", document: "document_id" | "final_document_id"): string => `
  SELECT a.action, pr.account_id, pr.arn AS principal_arn, pr.kind AS principal_kind, po.key AS policy_key, po.kind AS policy_kind,
         po.name AS policy_name, s.key AS statement, s.value ->> '$.Sid' AS sid,
         CASE entry.type WHEN 'text' THEN 'Action' ELSE 'NotAction' END AS element, entry.value AS entry,
         s.value -> '$.Resource' AS resource, s.value -> '$.Condition' AS condition
  FROM concluded_run cr
  CROSS JOIN action a ON a.catalog_id = cr.catalog_id
  CROSS JOIN interval_total t ON t.run_id = cr.run_id AND t.lo <= a.action_id AND t.hi > a.action_id AND t.attachments_${when} > 0
  CROSS JOIN interval_document i ON i.catalog_id = cr.catalog_id AND i.lo = t.lo AND i.hi = t.hi
  CROSS JOIN json_each(i.documents) AS one
  CROSS JOIN unit u ON u.${document} = one.value AND +u.catalog_id = cr.catalog_id
  CROSS JOIN recommendation r ON r.unit_id = u.unit_id AND r.run_id = cr.run_id
  CROSS JOIN principal pr ON pr.principal_id = r.principal_id
  CROSS JOIN policy po ON po.policy_id = r.policy_id
  CROSS JOIN document d ON d.document_id = u.${document}
  CROSS JOIN ${statementsOf("d.text")} AS s
  CROSS JOIN json_each(CASE json_type(s.value, '$.NotAction') WHEN 'array' THEN json_array(json_extract(s.value, '$.NotAction'))
      WHEN 'text' THEN json_array(json_array(s.value ->> '$.NotAction')) ELSE s.value END,
    CASE WHEN json_type(s.value, '$.NotAction') IS NULL THEN '$.Action' ELSE '$' END) AS entry
  WHERE s.value ->> '$.Effect' = 'Allow'
    AND CASE entry.type WHEN 'text' THEN ${entryMatchesOrIsLong("entry.value")}
      ELSE NOT EXISTS (SELECT 1 FROM json_each(entry.value) AS n WHERE ${entryMatchesOrIsLong("n.value")}) END;`;

/** What is granted before and after, and the certificates of it. */
export const GRANT_VIEWS: string = `
-- One row an interval of actions [lo, hi) of a catalog that a document's Allow statements grant. They neither overlap nor touch.
CREATE VIEW grant_intervals AS
  SELECT g.catalog_id, g.document_id, i.value >> 26 AS lo, i.value & 0x3ffffff AS hi
  FROM grant_set g CROSS JOIN json_each(g.intervals) AS i;

-- Who may call an action today, by which attached policy, and by which of its statements and entries: one row an entry that allows it. Ask
-- for one action. statement counts from 0. element: Action, or NotAction, whose entry is the list of what is not granted. resource and
-- condition: JSON as the statement has them. Whether a Deny, a boundary or a service control policy forbids the call is not looked at.
CREATE VIEW allowed_before AS${allowedBy("before", "document_id")}

-- The same once the recommendations are applied.
CREATE VIEW allowed_after AS${allowedBy("after", "final_document_id")}

-- One row an interval of actions [lo, hi) that an attached policy grants today.
CREATE VIEW granted_before AS
  SELECT pr.account_id, pr.arn AS principal_arn, po.key AS policy_key, gi.lo, gi.hi
  FROM current_run cr
  JOIN recommendation r ON r.run_id = cr.run_id
  JOIN unit u USING (unit_id)
  JOIN grant_intervals gi ON gi.catalog_id = u.catalog_id AND gi.document_id = u.document_id
  JOIN principal pr USING (principal_id)
  JOIN policy po USING (policy_id);

-- The same once the recommendations are applied.
CREATE VIEW granted_after AS
  SELECT pr.account_id, pr.arn AS principal_arn, po.key AS policy_key, gi.lo, gi.hi
  FROM current_run cr
  JOIN recommendation r ON r.run_id = cr.run_id
  JOIN unit u USING (unit_id)
  JOIN grant_intervals gi ON gi.catalog_id = u.catalog_id AND gi.document_id = u.final_document_id
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
              SELECT lo AS point FROM grant_intervals b WHERE b.catalog_id = u.catalog_id AND b.document_id = u.document_id
              UNION ALL
              SELECT hi FROM grant_intervals b WHERE b.catalog_id = u.catalog_id AND b.document_id = u.document_id
              ORDER BY point)) AS before,
           (SELECT json_group_array(point) FROM (
              SELECT point FROM (
                SELECT lo AS point FROM grant_intervals b WHERE b.catalog_id = u.catalog_id AND b.document_id = u.document_id
                UNION ALL
                SELECT hi FROM grant_intervals b WHERE b.catalog_id = u.catalog_id AND b.document_id = u.document_id
                UNION ALL
                SELECT lo FROM grant_intervals a WHERE a.catalog_id = u.catalog_id AND a.document_id = u.final_document_id
                UNION ALL
                SELECT hi FROM grant_intervals a WHERE a.catalog_id = u.catalog_id AND a.document_id = u.final_document_id
              ) GROUP BY point HAVING count(*) = 1 ORDER BY point)) AS removed,
           (SELECT json_group_array(point) FROM (
              SELECT lo AS point FROM grant_intervals a WHERE a.catalog_id = u.catalog_id AND a.document_id = u.final_document_id
              UNION ALL
              SELECT hi FROM grant_intervals a WHERE a.catalog_id = u.catalog_id AND a.document_id = u.final_document_id
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
`;
