import { type PlanSettings, daysBefore } from "@leastwise/core";
import type { Connection } from "../database.ts";
import type { Run } from "../runs.ts";

/**
 * The day that ages are counted to, which the run keeps. Where nobody names one it is the newest date that the inputs bear, so that
 * the same inputs give the same results on any day (dates after the run began are somebody's error); with a greatest age for evidence it is the day of the run, since stale means
 * stale today.
 */
export function asOfDay(db: Connection, { runId }: Run, { asOf, maxAge }: PlanSettings): string {
  const one = (sql: string): string | null =>
    db.prepare<[{ readonly runId: number }], string | null>(sql).pluck().get({ runId }) ?? null;
  const started = "SELECT started_at FROM run WHERE run_id = $runId";
  const newest = `SELECT max(day) FROM (
      SELECT updated_at AS day FROM usage_page WHERE run_id = $runId
      UNION ALL SELECT newest_report FROM input_account JOIN input USING (run_id, input_id) WHERE run_id = $runId AND base_input_id IS NOT NULL
      UNION ALL SELECT last_at FROM event_use WHERE run_id = $runId
      UNION ALL SELECT updated_at FROM unused_principal WHERE run_id = $runId
      UNION ALL SELECT updated_at FROM policy_document WHERE run_id = $runId
      UNION ALL SELECT created_at FROM run_principal WHERE run_id = $runId
      UNION ALL SELECT last_used_at FROM run_principal WHERE run_id = $runId)
    WHERE day <= (${started})`;
  const day = asOf ?? (maxAge === null ? one(newest) : null);
  const known = day === null || day === "" ? one(started)! : day; // a run has started
  return known;
}

/** The day before which events prove no use; empty where all do. */
export function eventsSince(asOf: string, { windows }: PlanSettings): string {
  return windows.cloudTrail === null ? "" : daysBefore(asOf, windows.cloudTrail);
}
