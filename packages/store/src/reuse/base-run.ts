import { ANY_ACCOUNT } from "@leastwise/core";
import type { Connection } from "../database.ts";

interface NewestRow {
  readonly run_id: number;
  readonly state: string;
  readonly rules_key: string | null;
}

/**
 * The run that a new one of these rules can build on: the newest of all, if it is done and was told the same. Not an older one: what the runs
 * after it have read may have changed what all runs share. Nor one of which somebody is left out in nobody knows which account, or
 * something was too much for its threads.
 */
export function findBaseRun(db: Connection, rulesKey: string | null): number | null {
  const newest = db
    .prepare<[], NewestRow>("SELECT run_id, state, rules_key FROM run ORDER BY run_id DESC LIMIT 1")
    .get();
  if (rulesKey === null || newest?.state !== "done" || newest.rules_key !== rulesKey) return null;
  const wasTooMuch = db.prepare(
    "SELECT 1 FROM diagnostic WHERE run_id = ? AND code IN ('out-of-memory', 'out-of-time', 'settling-failed') LIMIT 1",
  );
  if (wasTooMuch.get(newest.run_id) !== undefined) return null; // the new one's threads may be allowed more
  const isOfAny = db.prepare("SELECT 1 FROM input_account WHERE run_id = ? AND account_id = ? LIMIT 1");
  return isOfAny.get(newest.run_id, ANY_ACCOUNT) === undefined ? newest.run_id : null;
}

/** Forgets that a run builds on another, and what it was going to take over from it. Nothing has been taken over before it is planned. */
export function buildOnNothing(db: Connection, runId: number): void {
  db.prepare(
    `DELETE FROM input_account WHERE run_id = $runId AND input_id IN (
       SELECT input_id FROM input WHERE run_id = $runId AND base_input_id IS NOT NULL)`,
  ).run({ runId });
  db.prepare("DELETE FROM input WHERE run_id = ? AND base_input_id IS NOT NULL").run(runId);
  db.prepare("UPDATE run SET base_run_id = NULL, state = 'ingest' WHERE run_id = ?").run(runId);
}
