import type { RefinementOptions } from "@leastwise/core";
import type { Connection } from "./database.ts";
import { ensureOptionSet } from "./option-sets.ts";
import { buildOnNothing, findBaseRun } from "./reuse/base-run.ts";
import { type Share, isMerging, shareText } from "./shares.ts";
import { StoreError } from "./store-error.ts";
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
  /** Hash of all that decides what a run comes to but its inputs; absent or null where the clock decides too, or nothing is to be taken over. */
  readonly rulesKey?: string | null;
  /** Whether every file is to be read, whatever an earlier run has read. */
  readonly isFull?: boolean;
  /** Which of its units are to be answered here; absent or null: all. */
  readonly share?: Share | null;
}

export interface Run extends RunSettings {
  readonly runId: number;
  /** What the store calls the options. */
  readonly optionSetId: number;
  readonly state: RunState;
  /** When it was begun, however often it has been interrupted since: ISO 8601 in UTC. */
  readonly startedAt: string;
  /** Whether an interrupted run with the same key is being finished. */
  readonly resumed: boolean;
  /** The run from which it takes over what need not be read again; null where there is none. */
  readonly baseRunId: number | null;
}

/**
 * Goes on with the newest unfinished run of the same key, or begins a new one. Whoever is to answer all units goes on with a share, too.
 *
 * @throws StoreError `other-share` where the unfinished run is another share
 */
export function beginRun(db: Connection, settings: RunSettings, now: string): Run {
  return db.transaction(() => begin(db, settings, now))();
}

function begin(db: Connection, settings: RunSettings, now: string): Run {
  const { options, rulesKey = null, isFull, share = null, ...rest } = settings;
  const shareName = share === null ? null : shareText(share);
  const optionSetId = ensureOptionSet(db, options);
  const open = db
    .prepare<[string], OpenRun & { readonly share: string | null }>(
      `SELECT run_id AS runId, state, started_at AS startedAt, base_run_id AS baseRunId, share FROM run
       WHERE run_key = ? AND state <> 'done' ORDER BY run_id DESC LIMIT 1`,
    )
    .get(settings.runKey);
  if (open !== undefined && shareName !== null) refuseOtherShare(open.share, shareName);
  const wanted = open === undefined ? undefined : resumed(db, open, isFull === true);
  if (wanted !== undefined) {
    const { runId, state, startedAt, baseRunId } = wanted;
    db.prepare("UPDATE run SET share = ? WHERE run_id = ?").run(shareName, runId);
    return { ...settings, optionSetId, runId, state, startedAt, baseRunId, resumed: true };
  }
  const baseRunId = isFull === true ? null : findBaseRun(db, rulesKey);
  const runId = db
    .prepare(
      `INSERT INTO run (run_key, tool_version, engine_version, catalog_id, option_set_id, settings, state, rules_key, base_run_id, share, started_at)
       VALUES ($runKey, $toolVersion, $engineVersion, $catalogId, $optionSetId, $settings, 'ingest', $rulesKey, $baseRunId, $shareName, $now)`,
    )
    .run({ ...rest, rulesKey, optionSetId, baseRunId, shareName, now }).lastInsertRowid;
  return { ...settings, optionSetId, runId: Number(runId), state: "ingest", startedAt: now, baseRunId, resumed: false };
}

/** A database holds one share of a run: what two of them answered would look like one. */
function refuseOtherShare(found: string | null, wanted: string): void {
  if (found === null || found === wanted) return;
  const is = isMerging(found) ? "is being merged from its parts" : `is share ${found} of this run`;
  throw new StoreError(
    "other-share",
    `the database ${is}, not share ${wanted}`,
    "name another file with --db; without --shard, all the rest is done here",
  );
}

type OpenRun = Pick<Run, "runId" | "state" | "startedAt" | "baseRunId">;

/**
 * As it stands; without a base, where it has yet to take over from a run that has been forgotten meanwhile, or is to read everything. Undefined
 * where it is to and has taken over already.
 */
function resumed(db: Connection, open: OpenRun, isFull: boolean): OpenRun | undefined {
  const { runId, state, startedAt, baseRunId } = open;
  if (baseRunId === null) return open;
  if (state !== "ingest" && state !== "plan") return isFull ? undefined : open;
  if (!isFull && db.prepare("SELECT 1 FROM run WHERE run_id = ? AND state = 'done'").get(baseRunId) !== undefined)
    return open;
  buildOnNothing(db, runId);
  return { runId, state: "ingest", startedAt, baseRunId: null };
}

/** Ends a run, which is whole then, and keeps what it found. `now` is kept as its end. */
export function finishRun(db: Connection, run: Run, found: Summary, now: string): Run {
  db.prepare("UPDATE run SET found = ?, share = NULL WHERE run_id = ?").run(JSON.stringify(found), run.runId);
  return enterState(db, run, "done", now);
}

/** How many of the questions of a planned run had been answered by earlier ones. */
export function readReusedUnits(db: Connection, { runId }: Run): number {
  const find = db.prepare<[number], number>("SELECT coalesce(units_reused, 0) FROM run WHERE run_id = ?").pluck();
  return find.get(runId)!; // the run is there
}

/** How many of a run's files were not read but kept from the run that it builds on; null where there are none. */
export function readKept(
  db: Connection,
  { runId, baseRunId }: Run,
): { readonly filesKept: number; readonly baseRunId: number | null } {
  const count = db.prepare<[number], number>(
    "SELECT count(*) FROM input WHERE run_id = ? AND base_input_id IS NOT NULL",
  );
  const filesKept = count.pluck().get(runId)!; // a count is one row
  return { filesKept, baseRunId: filesKept === 0 ? null : baseRunId };
}

/** Moves a run to its next stage. `now` is kept as the end when it is done. */
export function enterState(db: Connection, run: Run, state: RunState, now: string): Run {
  const finished = state === "done" ? now : null;
  db.prepare("UPDATE run SET state = ?, finished_at = ? WHERE run_id = ?").run(state, finished, run.runId);
  return { ...run, state };
}
