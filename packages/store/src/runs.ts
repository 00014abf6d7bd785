import type { RefinementOptions } from "@leastwise/core";
import type { Connection } from "./database.ts";
import { ensureOptionSet } from "./option-sets.ts";
import type { Summary } from "./summary.ts";

export type RunState = "ingest" | "plan" | "execute" | "done";

/** What makes a run: two runs with equal keys do the same work. */
export interface RunSettings {
  /** Hash of tool version, catalog, options and the inputs' names, sizes and dates. */
  readonly runKey: string;
  readonly toolVersion: string;
  /** Raised whenever the engine could answer differently; results of other versions are not reused. */
  readonly engineVersion: number;
  readonly catalogId: number;
  readonly options: RefinementOptions;
  /** All settings of the run as JSON, for people. */
  readonly settings: string;
}

export interface Run extends RunSettings {
  readonly runId: number;
  /** What the store calls the options. */
  readonly optionSetId: number;
  readonly state: RunState;
  /** Whether an interrupted run with the same key is being finished. */
  readonly resumed: boolean;
}

/** Goes on with the newest unfinished run of the same key, or begins a new one. */
export function beginRun(db: Connection, settings: RunSettings, now: string): Run {
  return db.transaction(() => begin(db, settings, now))();
}

function begin(db: Connection, settings: RunSettings, now: string): Run {
  const { options, ...rest } = settings;
  const optionSetId = ensureOptionSet(db, options);
  const open = db
    .prepare<[string], { run_id: number; state: RunState }>(
      "SELECT run_id, state FROM run WHERE run_key = ? AND state <> 'done' ORDER BY run_id DESC LIMIT 1",
    )
    .get(settings.runKey);
  if (open !== undefined) return { ...settings, optionSetId, runId: open.run_id, state: open.state, resumed: true };
  const runId = db
    .prepare(
      `INSERT INTO run (run_key, tool_version, engine_version, catalog_id, option_set_id, settings, state, started_at)
       VALUES ($runKey, $toolVersion, $engineVersion, $catalogId, $optionSetId, $settings, 'ingest', $now)`,
    )
    .run({ ...rest, optionSetId, now }).lastInsertRowid;
  return { ...settings, optionSetId, runId: Number(runId), state: "ingest", resumed: false };
}

/** Ends a run, and keeps what it found. `now` is kept as its end. */
export function finishRun(db: Connection, run: Run, found: Summary, now: string): Run {
  db.prepare("UPDATE run SET found = ? WHERE run_id = ?").run(JSON.stringify(found), run.runId);
  return enterState(db, run, "done", now);
}

/** How many of the questions of a planned run had been answered by earlier ones. */
export function readReusedUnits(db: Connection, { runId }: Run): number {
  const find = db.prepare<[number], number>("SELECT coalesce(units_reused, 0) FROM run WHERE run_id = ?").pluck();
  return find.get(runId)!; // the run is there
}

/** Moves a run to its next stage. `now` is kept as the end when it is done. */
export function enterState(db: Connection, run: Run, state: RunState, now: string): Run {
  const finished = state === "done" ? now : null;
  db.prepare("UPDATE run SET state = ?, finished_at = ? WHERE run_id = ?").run(state, finished, run.runId);
  return { ...run, state };
}
