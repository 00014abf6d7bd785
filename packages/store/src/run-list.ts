import type { RunState } from "./runs.ts";
import type { Connection } from "./database.ts";

/** A run and what it found; the figures are null until it is done. */
export interface RunView {
  readonly run_id: number;
  readonly state: RunState;
  /** `2/4` where only that share of the questions is answered here. */
  readonly share: string | null;
  readonly started_at: string;
  readonly finished_at: string | null;
  readonly as_of: string | null;
  readonly tool_version: string;
  readonly granularity: string;
  /** JSON */
  readonly settings: string;
  readonly catalog: string;
  readonly catalog_date: string;
  readonly catalog_sha256: string;
  readonly inputs: number;
  readonly accounts: number | null;
  readonly principals: number | null;
  readonly attachments: number | null;
  /** Sums over all attached policies of how many actions each grants: today, and once the recommendations are applied. */
  readonly actions_before: number | null;
  readonly actions_after: number | null;
  /** Attached policies to replace or detach. */
  readonly to_change: number | null;
  readonly units_asked: number | null;
  /** Questions that an earlier run had answered. */
  readonly units_reused: number | null;
}

/** All runs, the newest last. */
export function readRuns(db: Connection): readonly RunView[] {
  return db.prepare<[], RunView>("SELECT * FROM runs ORDER BY run_id").all();
}

/** The run that the views show, where it is not finished. */
export function readShownUnfinished(db: Connection): Pick<RunView, "run_id" | "state" | "share"> | undefined {
  return db
    .prepare<[], Pick<RunView, "run_id" | "state" | "share">>(
      "SELECT run_id, state, share FROM run WHERE state <> 'done' AND run_id = (SELECT run_id FROM current_run)",
    )
    .get();
}
