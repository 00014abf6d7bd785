/**
 * The columns that say how a recommendation stands to IAM's limits, in one place for the view and for what reads without it. SQL over
 * `recommendation r`, its `unit u`, `option_set o`, `policy po`, `principal pr` and `run`, the documents `before` and `after`, and the
 * `inline_size isz` of its principal, which may be missing.
 */
export const FIT_COLUMNS = `
         CASE po.kind WHEN 'inline' THEN isz.characters_before ELSE before.characters END AS size_before,
         CASE WHEN u.state <> 'done' THEN NULL WHEN po.kind = 'inline' THEN isz.characters_after
           WHEN r.is_split THEN (
             SELECT max(d.characters) FROM unit_part up JOIN document d USING (document_id)
             WHERE up.unit_id = u.unit_id AND up.size_limit = json_extract(run.settings, '$.limits.managed'))
           ELSE coalesce(after.characters, 0) END AS size_after,
         json_extract(run.settings, CASE po.kind WHEN 'inline' THEN '$.limits.' || pr.kind || 'Inline' ELSE '$.limits.managed' END)
           AS size_limit,
         coalesce(json_extract(o.text, '$.fit.form'), 'prefixes') AS form,
         CASE WHEN u.state <> 'done' OR (po.kind = 'inline' AND isz.characters_after IS NULL) THEN NULL
           WHEN u.recommended_action <> 'CREATE_POLICY' THEN 'fits' WHEN r.is_split THEN 'split'
           WHEN CASE po.kind WHEN 'inline' THEN isz.characters_after ELSE after.characters END <= json_extract(run.settings,
             CASE po.kind WHEN 'inline' THEN '$.limits.' || pr.kind || 'Inline' ELSE '$.limits.managed' END) THEN 'fits'
           WHEN json_type(run.settings, '$.fit') = 'object' THEN 'does-not-fit' ELSE 'too-large' END AS fit,
         CASE WHEN r.is_split THEN (
           SELECT json_group_array(text) FROM (
             SELECT d.text FROM unit_part up JOIN document d USING (document_id)
             WHERE up.unit_id = u.unit_id AND up.size_limit = json_extract(run.settings, '$.limits.managed')
             ORDER BY up.place)) END AS parts`;

/** The same for a policy in place, whose size is its own and which is not split: SQL over `unit u`, `option_set o`, `run` and both documents. */
export const FIT_COLUMNS_IN_PLACE = `
         before.characters AS size_before, CASE WHEN u.state = 'done' THEN coalesce(after.characters, 0) END AS size_after,
         json_extract(run.settings, '$.limits.managed') AS size_limit,
         coalesce(json_extract(o.text, '$.fit.form'), 'prefixes') AS form,
         CASE WHEN u.state <> 'done' THEN NULL WHEN u.recommended_action <> 'CREATE_POLICY' THEN 'fits'
           WHEN after.characters <= json_extract(run.settings, '$.limits.managed') THEN 'fits'
           WHEN json_type(run.settings, '$.fit') = 'object' THEN 'does-not-fit' ELSE 'too-large' END AS fit,
         NULL AS parts`;
