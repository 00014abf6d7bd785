import type { Catalog } from "@leastwise/catalog";
import {
  type Connection,
  type Run,
  type Summary,
  beginRun,
  conclude,
  ensureCatalog,
  readKept,
  readReusedUnits,
} from "@leastwise/store";
import { type Settings, settingsText } from "./config/settings.ts";
import { catalogRows } from "./stages/catalog-rows.ts";
import { execute } from "./stages/execute.ts";
import { fit } from "./stages/fit.ts";
import { ingest } from "./stages/ingest.ts";
import { type InputFile } from "./stages/list-inputs.ts";
import { planInput } from "./stages/plan-input.ts";
import { plan } from "./stages/plan.ts";
import { rulesKey, runKey } from "./stages/run-key.ts";
import type { Progress } from "./progress.ts";
import { type StageTime, StageTimes } from "./stage-times.ts";
import { ENGINE_VERSION, VERSION } from "./version.ts";
import type { Executor, ShardExecutor } from "./workers/executor.ts";

export interface RefineJob {
  readonly files: readonly InputFile[];
  readonly catalog: Catalog;
  readonly settings: Settings;
  /** Whether every file is to be read, whatever the run before has read. */
  readonly isFull?: boolean;
}

/** What a run came to. */
export interface RunResult {
  readonly runId: number;
  readonly resumed: boolean;
  /** Files that this command did not read since the run `baseRunId` has read the same bytes; 0 and null where there are none. */
  readonly filesKept: number;
  readonly baseRunId: number | null;
  /** Of the distinct questions: answered by this command, and taken over unchanged from earlier runs. */
  readonly unitsComputed: number;
  readonly unitsReused: number;
  readonly summary: Summary;
  readonly stages: readonly StageTime[];
}

/**
 * The main job: read → plan → refine and verify → persist; and once more in shorter forms where something is too large. Every stage
 * can be killed: the same job on the same database goes on with what its last committed transaction left.
 *
 * @param shardsOf who refines the shards of the run; `executor` does all other work. It is closed once every unit has its answer
 */
export async function run(
  db: Connection,
  job: RefineJob,
  executor: Executor,
  progress: Progress,
  shardsOf: (run: Run) => Promise<ShardExecutor> = () => Promise.resolve(executor),
): Promise<RunResult> {
  const { files, catalog, settings, isFull = false } = job;
  const times = new StageTimes();
  const catalogId = ensureCatalog(db, catalog.sha256, () => catalogRows(catalog));
  const { options } = settings;
  const versions = { toolVersion: VERSION, engineVersion: ENGINE_VERSION };
  const rules = { rulesKey: rulesKey(catalog, settings), isFull };
  const told = { ...versions, catalogId, options, settings: settingsText(settings), ...rules };
  let current = beginRun(db, { ...told, runKey: runKey(files, catalog, settings) }, now());
  const shards = await shardsOf(current); // who works elsewhere gets ready meanwhile
  if (current.state === "ingest") {
    times.enter("reading");
    current = await ingest(db, current, { files, settings }, executor, progress, now);
  }
  if (current.state === "plan") {
    times.enter("planning");
    current = await plan(db, current, planInput(catalog, settings), executor, progress, now);
  }
  times.enter("refining");
  const unitsReused = readReusedUnits(db, current);
  const asked = await execute(db, current, shards, progress);
  times.enter("fitting");
  const shorter = await fit(db, current, executor, progress, shards);
  times.enter("concluding");
  if (shards !== executor) await shards.close();
  await executor.close(); // what is left is this thread's, and needs the memory
  const summary = conclude(db, current, catalog.trie, now());
  progress.end();
  const { runId, resumed } = current;
  return {
    runId,
    resumed,
    ...readKept(db, current),
    unitsComputed: asked + shorter,
    unitsReused,
    summary,
    stages: times.taken(),
  };
}

function now(): string {
  return new Date().toISOString();
}
