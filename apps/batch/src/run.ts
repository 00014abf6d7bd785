import type { Catalog } from "@leastwise/catalog";
import {
  type Connection,
  type Run,
  type Share,
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
  const { catalog } = job;
  const times = new StageTimes();
  const begun = begin(db, job, null);
  const shards = await shardsOf(begun); // who works elsewhere gets ready meanwhile
  const current = await readAndPlan(db, begun, job, executor, progress, times);
  times.enter("refining");
  const unitsReused = readReusedUnits(db, current);
  const asked = await execute(db, current, shards, progress);
  times.enter("fitting");
  const shorter = await fit(db, current, executor, progress, () => execute(db, current, shards, progress, "fitting"));
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

/**
 * A new run, or the unfinished one of the same job.
 *
 * @param share the share that the run is to be; null for a run that is whole
 */
export function begin(
  db: Connection,
  { files, catalog, settings, isFull = false }: RefineJob,
  share: Share | null,
): Run {
  const catalogId = ensureCatalog(db, catalog.sha256, () => catalogRows(catalog));
  const { options } = settings;
  const versions = { toolVersion: VERSION, engineVersion: ENGINE_VERSION };
  const rules = { rulesKey: rulesKey(catalog, settings), isFull, share };
  const told = { ...versions, catalogId, options, settings: settingsText(settings), ...rules };
  return beginRun(db, { ...told, runKey: runKey(files, catalog, settings) }, now());
}

/** The stages that every share of a run does whole, since what there is to refine is known only behind them. */
export async function readAndPlan(
  db: Connection,
  begun: Run,
  { files, catalog, settings }: RefineJob,
  executor: Executor,
  progress: Progress,
  times: StageTimes,
): Promise<Run> {
  let current = begun;
  if (current.state === "ingest") {
    times.enter("reading");
    current = await ingest(db, current, { files, settings }, executor, progress, now);
  }
  if (current.state === "plan") {
    times.enter("planning");
    current = await plan(db, current, planInput(catalog, settings), executor, progress, now);
  }
  return current;
}

function now(): string {
  return new Date().toISOString();
}
