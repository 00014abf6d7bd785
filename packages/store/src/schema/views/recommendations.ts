import { FIT_COLUMNS, FIT_COLUMNS_IN_PLACE } from "../../fit/fit-columns.ts";
import { statementsOf } from "../statements-of.ts";

/** What to do, and why not more. */
export const RECOMMENDATION_VIEWS: string = `
-- One row an attachment: what to do with the policy, and what that removes. Sizes are counted as IAM counts them. left_because: the
-- rule by which it is left alone. made_as: where the recommended document belongs; AWS managed policies become a customer managed copy,
-- and so does an inline policy that had to be split.
-- size_before, size_after, size_limit: characters that count against IAM's limit, of a managed policy its own (of the largest part where
-- it is split), of an inline one the sum over all inline policies of the principal. form: how wildcards are written, prefixes, inner or
-- characters. fit: fits, split, does-not-fit, too-large (over the limit, and nobody has asked to fit), null without an answer. Where
-- fit is split, parts is a JSON list of the documents' texts, in order.
CREATE VIEW recommendations AS
  SELECT pr.account_id, pr.arn AS principal_arn, pr.kind AS principal_kind, pr.name AS principal_name, pr.marked,
         rp.evidence, r.left_because, po.policy_id, po.key AS policy_key, po.kind AS policy_kind, po.name AS policy_name,
         CASE WHEN pr.marked = 'identity-center' THEN 'permission set' WHEN po.kind = 'aws' OR (po.kind = 'inline' AND r.is_split) THEN 'customer managed copy'
           WHEN po.kind = 'customer' THEN 'customer managed policy' ELSE 'inline policy' END AS made_as,
         u.unit_id, u.state, u.recommended_action, u.actions_before, u.actions_removed,
         u.actions_before - u.actions_removed AS actions_after,
         before.characters AS characters_before,
         CASE WHEN u.state = 'done' THEN coalesce(after.characters, 0) END AS characters_after,
         ${FIT_COLUMNS},
         before.text AS existing_policy, after.text AS recommended_policy,
         u.state = 'done' AS verified, json_extract(o.text, '$.granularity') AS granularity, c.date AS catalog_date, c.sha256 AS catalog_sha256
  FROM current_run cr
  JOIN run ON run.run_id = cr.run_id
  JOIN recommendation r ON r.run_id = cr.run_id
  JOIN unit u USING (unit_id)
  JOIN principal pr USING (principal_id)
  JOIN policy po USING (policy_id)
  JOIN run_principal rp ON rp.run_id = cr.run_id AND rp.principal_id = r.principal_id
  JOIN document before ON before.document_id = u.document_id
  LEFT JOIN document after ON after.document_id = u.final_document_id
  JOIN catalog c ON c.catalog_id = u.catalog_id
  JOIN option_set o ON o.option_set_id = u.option_set_id
  LEFT JOIN inline_size isz ON isz.run_id = cr.run_id AND isz.principal_id = r.principal_id;

-- One row a customer managed policy that several principals share: what may go from it in place. blockers: how many keep more in it.
-- Sizes, form and fit as in recommendations; it is not split in place, so parts is null.
CREATE VIEW policy_recommendations AS
  SELECT po.account_id, po.key AS policy_key, po.name AS policy_name, u.unit_id, u.state, u.recommended_action, u.actions_before,
         u.actions_removed, u.actions_before - u.actions_removed AS actions_after, before.characters AS characters_before,
         CASE WHEN u.state = 'done' THEN coalesce(after.characters, 0) END AS characters_after,
         ${FIT_COLUMNS_IN_PLACE},
         before.text AS existing_policy, after.text AS recommended_policy,
         (SELECT count(*) FROM attachment a WHERE a.run_id = cr.run_id AND a.policy_id = pr.policy_id) AS principals,
         (SELECT count(*) FROM policy_blocker b WHERE b.run_id = cr.run_id AND b.policy_id = pr.policy_id) AS blockers
  FROM current_run cr
  JOIN run ON run.run_id = cr.run_id
  JOIN policy_recommendation pr ON pr.run_id = cr.run_id
  JOIN policy po USING (policy_id)
  JOIN unit u USING (unit_id)
  JOIN option_set o ON o.option_set_id = u.option_set_id
  JOIN document before ON before.document_id = u.document_id
  LEFT JOIN document after ON after.document_id = u.final_document_id;

-- One row a statement of a recommended policy that is over its limit, and how many characters it takes. statement counts from 0.
-- principal_arn is null for a shared policy in place.
CREATE VIEW oversized_statements AS
  SELECT coalesce(p.account_id, po.account_id) AS account_id, p.arn AS principal_arn, po.key AS policy_key, po.name AS policy_name,
         statement.key AS statement, json_extract(statement.value, '$.Sid') AS sid, length(statement.value) AS characters
  FROM concluded_run cr
  CROSS JOIN size_total s ON s.run_id = cr.run_id AND s.is_over = 1
  CROSS JOIN policy po ON po.policy_id = s.policy_id
  CROSS JOIN unit u ON u.unit_id = s.unit_id
  CROSS JOIN document d ON d.document_id = u.final_document_id
  CROSS JOIN ${statementsOf("d.text")} AS statement
  LEFT JOIN principal p ON p.principal_id = s.principal_id;

-- One row a recommendation that does not fit although it was asked to, those furthest over the limit first: the smallest form that was
-- reached, into how many documents that form splits (null where it does not), and how many there may be so that the principal has no
-- more managed policies than the limit. In place, where principal_arn is null, nothing is split. largest_statement, largest_characters:
-- the statement that costs most, counted from 0, and its size.
CREATE VIEW does_not_fit AS
  SELECT coalesce(p.account_id, po.account_id) AS account_id, p.arn AS principal_arn, po.key AS policy_key, po.kind AS policy_kind,
         po.name AS policy_name, s.size AS size_after, s.size_limit, s.form,
         CASE WHEN s.principal_id <> 0 THEN (
           SELECT nullif(parts, 0) FROM unit_split split
           WHERE split.unit_id = s.unit_id AND split.size_limit = json_extract(run.settings, '$.limits.managed')) END AS parts_needed,
         CASE WHEN s.principal_id <> 0 THEN max(0, json_extract(run.settings, '$.limits.attachments') + (po.kind <> 'inline') - (
           SELECT count(*) FROM attachment a JOIN policy other USING (policy_id)
           LEFT JOIN recommendation r ON r.run_id = a.run_id AND r.principal_id = a.principal_id AND r.policy_id = a.policy_id
           LEFT JOIN unit u ON u.unit_id = r.unit_id
           WHERE a.run_id = cr.run_id AND a.principal_id = s.principal_id AND other.kind <> 'inline'
             AND u.recommended_action IS NOT 'DETACH_POLICY' AND coalesce(r.is_split, 0) = 0) - (
           SELECT count(*) FROM recommendation r
           JOIN unit_part part ON part.unit_id = r.unit_id AND part.size_limit = json_extract(run.settings, '$.limits.managed')
           WHERE r.run_id = cr.run_id AND r.principal_id = s.principal_id AND r.is_split = 1)) END AS parts_allowed,
         (SELECT statement.key FROM ${statementsOf("d.text")} AS statement
          ORDER BY length(statement.value) DESC, statement.key LIMIT 1) AS largest_statement,
         (SELECT max(length(statement.value)) FROM ${statementsOf("d.text")} AS statement) AS largest_characters
  FROM concluded_run cr
  CROSS JOIN run ON run.run_id = cr.run_id
  CROSS JOIN size_total s INDEXED BY size_total_by_excess ON s.run_id = cr.run_id AND s.is_over = 1 AND s.fit = 'does-not-fit'
  CROSS JOIN policy po ON po.policy_id = s.policy_id
  CROSS JOIN unit final ON final.unit_id = s.unit_id
  CROSS JOIN document d ON d.document_id = final.final_document_id
  LEFT JOIN principal p ON p.principal_id = s.principal_id
  ORDER BY s.excess DESC;

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
  CROSS JOIN run_principal rp ON rp.run_id = cr.run_id
  CROSS JOIN principal p ON p.principal_id = rp.principal_id
  WHERE rp.left_because IS NOT NULL
  UNION ALL
  SELECT p.account_id, p.arn, po.key, NULL, r.left_because
  FROM current_run cr
  CROSS JOIN recommendation r ON r.run_id = cr.run_id
  CROSS JOIN run_principal rp ON rp.run_id = cr.run_id AND rp.principal_id = r.principal_id
  CROSS JOIN principal p ON p.principal_id = r.principal_id
  CROSS JOIN policy po ON po.policy_id = r.policy_id
  WHERE r.left_because IS NOT NULL AND rp.left_because IS NULL
  UNION ALL
  SELECT p.account_id, p.arn, po.key, kept.statement, 'exclude.sids: ' || kept.sid_start
  FROM concluded_run cr
  CROSS JOIN kept_statement kept ON kept.run_id = cr.run_id
  CROSS JOIN unit u ON u.document_id = kept.document_id
  CROSS JOIN recommendation r ON r.unit_id = u.unit_id AND r.run_id = cr.run_id
  CROSS JOIN principal p ON p.principal_id = r.principal_id
  CROSS JOIN policy po ON po.policy_id = r.policy_id;

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
`;
