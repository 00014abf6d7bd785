import type { Connection } from "../database.ts";
import type { Run } from "../runs.ts";
import { REDECIDED_POLICIES } from "./take-over.ts";

/** The run whose figures hold for all accounts but those that are touched. */
export interface Untouched {
  readonly base: number;
}

/**
 * Where a run has taken accounts over: makes the temporary tables `untouched_account`, of those in which everything is as in the base, and
 * `touched_principal`, of everybody else in this run or the base. Undefined, and no tables, where all figures are to be made anew: the run
 * builds on none, or its base is gone; or where they hang on what no table says, as in case of failed answers or statements kept by their Sid.
 */
export function findUntouched(
  db: Connection,
  { runId, baseRunId }: Pick<Run, "runId" | "baseRunId">,
): Untouched | undefined {
  if (baseRunId === null) return undefined;
  const isUsable = db.prepare<[{ readonly runId: number; readonly base: number }], number>(
    `SELECT EXISTS (SELECT 1 FROM run WHERE run_id = $base AND state = 'done')
       AND EXISTS (SELECT 1 FROM input WHERE run_id = $runId AND base_input_id IS NOT NULL)
       AND NOT EXISTS (SELECT 1 FROM unit INDEXED BY unit_failed WHERE state = 'failed')
       AND (SELECT json_array_length(o.text, '$.keptSids') FROM run JOIN option_set o USING (option_set_id) WHERE run_id = $runId) = 0`,
  );
  const parameters = { runId, base: baseRunId };
  if (isUsable.pluck().get(parameters) !== 1) return undefined;
  forgetUntouched(db);
  db.exec("CREATE TEMP TABLE untouched_account (account_id TEXT PRIMARY KEY) WITHOUT ROWID");
  db.exec("CREATE TEMP TABLE touched_principal (principal_id INTEGER PRIMARY KEY)");
  db.prepare(
    `INSERT INTO temp.untouched_account
     SELECT DISTINCT account_id FROM input_account JOIN input USING (run_id, input_id) WHERE run_id = $runId AND base_input_id IS NOT NULL
     EXCEPT
     SELECT p.account_id FROM (${REDECIDED_POLICIES}) AS po CROSS JOIN attachment a ON a.run_id = $runId AND a.policy_id = po.policy_id
     JOIN principal p USING (principal_id)`,
  ).run(parameters);
  db.prepare(
    `INSERT INTO temp.touched_principal
     SELECT rp.principal_id FROM run_principal rp JOIN principal p USING (principal_id)
     WHERE rp.run_id IN ($runId, $base) AND p.account_id NOT IN (SELECT account_id FROM temp.untouched_account) GROUP BY 1`,
  ).run(parameters);
  return { base: baseRunId };
}

export function forgetUntouched(db: Connection): void {
  db.exec("DROP TABLE IF EXISTS temp.untouched_account; DROP TABLE IF EXISTS temp.touched_principal");
}
