import type { Granularity } from "@leastwise/core";
import type { Catalog } from "@leastwise/catalog";
import { type Connection, type Summary, beginRun, enterState, ensureCatalog, plan, summarise } from "@leastwise/store";
import { catalogRows } from "./stages/catalog-rows.ts";
import { execute } from "./stages/execute.ts";
import { ingest } from "./stages/ingest.ts";
import { type InputFile } from "./stages/list-inputs.ts";
import { runKey } from "./stages/run-key.ts";
import type { Progress } from "./progress.ts";
import { ENGINE_VERSION, VERSION } from "./version.ts";
import type { Executor } from "./workers/executor.ts";

export interface RefineJob {
  readonly files: readonly InputFile[];
  readonly catalog: Catalog;
  readonly granularity: Granularity;
}

/** What a run came to. */
export interface RunResult {
  readonly runId: number;
  readonly resumed: boolean;
  readonly unitsComputed: number;
  readonly summary: Summary;
}

/**
 * The main job: read → plan → refine and verify → persist. Every stage can be killed: the same job on the same database goes on
 * with what its last committed transaction left.
 */
export async function run(db: Connection, job: RefineJob, executor: Executor, progress: Progress): Promise<RunResult> {
  const { files, catalog, granularity } = job;
  const catalogId = ensureCatalog(db, catalog.sha256, () => catalogRows(catalog));
  const settings = { toolVersion: VERSION, engineVersion: ENGINE_VERSION, catalogId, granularity };
  let current = beginRun(
    db,
    { ...settings, runKey: runKey(files, catalog, granularity), options: JSON.stringify({ granularity }) },
    now(),
  );
  if (current.state === "ingest") {
    await ingest(db, current, files, executor, progress);
    current = enterState(db, current, "plan", now());
  }
  if (current.state === "plan") {
    progress.enter("planning", "steps", 1, 0);
    plan(db, current);
    current = enterState(db, current, "execute", now());
  }
  const unitsComputed = await execute(db, current, executor, progress);
  enterState(db, current, "done", now());
  progress.end();
  return { runId: current.runId, resumed: current.resumed, unitsComputed, summary: summarise(db, current.runId) };
}

function now(): string {
  return new Date().toISOString();
}
