import { RESULT_DIAGNOSTICS } from "./result-diagnostics.ts";

const [FAILED, FORMS, UNKNOWN] = RESULT_DIAGNOSTICS;

/** Runs, their catalogs, and what they have to say. */
export const RUN_VIEWS: string = `
-- The run that the other views show: the newest that is done; the newest of all while none is.
CREATE VIEW current_run AS
  SELECT run_id, catalog_id FROM run ORDER BY state = 'done' DESC, run_id DESC LIMIT 1;

-- The same run once it is done, and no row before. Views of what many results come to show this one, since they are filled bit by bit
-- when a run ends: half of a sum is no sum.
CREATE VIEW concluded_run AS
  SELECT run_id, catalog_id FROM current_run JOIN run USING (run_id, catalog_id) WHERE state = 'done';

-- All runs, with the catalog they used and what they found (null until a run is done). actions_before, actions_after: sums over all
-- attached policies of how many actions each grants today, and once the recommendations are applied. to_change: attached policies to
-- replace or detach. share: 2/4 where only that share of the questions is answered here. units_asked: distinct questions; units_reused: of these, how many an earlier run had answered. inputs: files.
CREATE VIEW runs AS
  SELECT r.run_id, r.state, r.share, r.started_at, r.finished_at, r.as_of, r.tool_version, json_extract(o.text, '$.granularity') AS granularity, r.settings,
         c.source AS catalog, c.date AS catalog_date, c.sha256 AS catalog_sha256,
         (SELECT count(*) FROM input i WHERE i.run_id = r.run_id) AS inputs,
         json_extract(r.found, '$.accounts') AS accounts, json_extract(r.found, '$.principals') AS principals,
         json_extract(r.found, '$.attachments') AS attachments,
         json_extract(r.found, '$.actionsBefore') AS actions_before, json_extract(r.found, '$.actionsAfter') AS actions_after,
         json_extract(r.found, '$.toReplace') + json_extract(r.found, '$.toDetach') AS to_change,
         json_extract(r.found, '$.unitsAsked') AS units_asked, r.units_reused
  FROM run r JOIN catalog c USING (catalog_id) JOIN option_set o USING (option_set_id);

-- The catalogs of all runs.
CREATE VIEW catalogs AS
  SELECT c.catalog_id, c.source, c.date, c.sha256,
         (SELECT count(*) FROM service s WHERE s.catalog_id = c.catalog_id) AS services,
         (SELECT count(*) FROM action a WHERE a.catalog_id = c.catalog_id) AS actions,
         (SELECT coalesce(sum(a.tracked), 0) FROM action a WHERE a.catalog_id = c.catalog_id) AS tracked
  FROM catalog c;

-- Every action of the current run's catalog. attachments_before, attachments_after: how many attached policies grant it; null before a run
-- has ended.
CREATE VIEW actions AS
  SELECT a.action_id, a.action, a.service, a.name, a.access_level, a.tracked, t.attachments_before, t.attachments_after
  FROM current_run cr
  JOIN action a USING (catalog_id)
  LEFT JOIN action_total t ON t.run_id = (SELECT run_id FROM concluded_run) AND t.action_id = a.action_id;

-- What was refused, could not be answered, or should be looked at: of the inputs, and of single results. Errors come first.
CREATE VIEW diagnostics AS
  ${ofInputs("error")}
  UNION ALL
  SELECT ${FAILED.columns}
  FROM current_run cr CROSS JOIN ${FAILED.from("cr.run_id")}
  UNION ALL
  SELECT ${FORMS.columns}
  FROM current_run cr CROSS JOIN ${FORMS.from("cr.run_id")}
  UNION ALL
  ${ofInputs("warning")}
  UNION ALL
  SELECT ${UNKNOWN.columns}
  FROM current_run cr CROSS JOIN ${UNKNOWN.from("cr.run_id")}
  UNION ALL
  ${ofInputs("info")};
`;

function ofInputs(severity: "error" | "warning" | "info"): string {
  return `SELECT d.severity, d.code, d.path, d.pointer, d.message, d.hint
  FROM current_run cr
  CROSS JOIN diagnostic d ON d.run_id = cr.run_id AND d.severity = '${severity}'`;
}
