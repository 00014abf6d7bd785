import type { Connection } from "../database.ts";
import type { Run } from "../runs.ts";
import type { UnusedSets } from "./unused-sets.ts";

/** Equal units are one unit, in this run and over all runs; what an earlier run has answered stays answered. */
export function planUnits(
  db: Connection,
  { runId, catalogId, optionSetId, engineVersion }: Run,
  sets: UnusedSets,
): void {
  const settings = { catalogId, optionSetId, engineVersion };
  db.exec("CREATE TEMP TABLE asked (principal_id, policy_id, document_id, unused_id, left_because)");
  db.prepare(
    `INSERT INTO temp.asked (principal_id, policy_id, document_id, unused_id, left_because)
     SELECT principal_id, policy_id, document_id, CASE WHEN left_because IS NULL THEN removable_id ELSE $nothing END, left_because
     FROM (
       SELECT a.principal_id, a.policy_id, pd.document_id, rp.removable_id, coalesce(rp.left_because, pd.left_because,
           CASE WHEN po.kind = 'customer' AND pd.updated_at > rp.young_after THEN 'min-age: changed ' || substr(pd.updated_at, 1, 10) END
         ) AS left_because
       FROM attachment a
       JOIN run_principal rp USING (run_id, principal_id)
       JOIN principal pr USING (principal_id)
       JOIN policy po USING (policy_id)
       JOIN policy_document pd USING (run_id, policy_id)
       WHERE a.run_id = $runId AND pr.marked IS NOT 'service-linked'
       ORDER BY a.principal_id, a.policy_id) -- as recommendations are stored, so that they are only appended`,
  ).run({ runId, nothing: sets.nothing });
  db.prepare(
    `INSERT INTO unit (document_id, unused_id, catalog_id, option_set_id, engine_version)
     SELECT document_id, unused_id, $catalogId, $optionSetId, $engineVersion FROM temp.asked
     WHERE true GROUP BY unused_id, document_id ORDER BY unused_id, document_id -- equal input gets equal ids
     ON CONFLICT DO NOTHING`,
  ).run(settings);
  db.prepare(
    `INSERT INTO recommendation (run_id, principal_id, policy_id, unit_id, left_because)
     SELECT $runId, a.principal_id, a.policy_id, u.unit_id, a.left_because FROM temp.asked AS a
     CROSS JOIN unit u ON u.unused_id = a.unused_id AND u.document_id = a.document_id AND u.catalog_id = $catalogId
       AND u.option_set_id = $optionSetId AND u.engine_version = $engineVersion`,
  ).run({ ...settings, runId });
  db.exec("DROP TABLE temp.asked");
}
