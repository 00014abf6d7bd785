import { type Connection, type Share, countUnits, readKept, readReusedUnits, shardLimits } from "@leastwise/store";
import type { Progress } from "./progress.ts";
import { type RefineJob, type RunResult, begin, readAndPlan } from "./run.ts";
import { StageTimes } from "./stage-times.ts";
import { execute } from "./stages/execute.ts";
import { fitShare } from "./stages/fit.ts";
import type { Executor } from "./workers/executor.ts";

/** What one share of a run came to. The run itself is not finished: only all shares together can say what it comes to. */
export interface ShareResult extends Omit<RunResult, "summary"> {
  readonly share: Share;
  /** Of the run as a whole, and of the share: distinct questions. */
  readonly unitsAsked: number;
  readonly unitsOfShare: number;
  /** Of the share: those that could not be answered. */
  readonly unitsFailed: number;
  /** Of those that are too large, in how many shorter forms they were refined besides; 0 where nobody has asked to fit. */
  readonly unitsFitted: number;
}

/**
 * One share of the main job: reads and plans everything, and refines the units of the share. A share can be killed like a run, and goes
 * on like one.
 */
export async function runShare(
  db: Connection,
  job: RefineJob,
  share: Share,
  executor: Executor,
  progress: Progress,
): Promise<ShareResult> {
  const times = new StageTimes();
  const current = await readAndPlan(db, begin(db, job, share), job, executor, progress, times);
  times.enter("refining");
  const computed = await execute(db, current, executor, progress, "refining", shardLimits, share);
  const { asked: unitsOfShare, failed: unitsFailed } = countUnits(db, current, share);
  const { asked: unitsAsked } = countUnits(db, current);
  times.enter("fitting");
  const shorter = await fitShare(db, current, share, executor, progress);
  await executor.close();
  progress.end();
  const { runId, resumed } = current;
  return {
    runId,
    resumed,
    ...readKept(db, current),
    share,
    unitsAsked,
    unitsOfShare,
    unitsFailed,
    unitsFitted: shorter,
    unitsComputed: computed,
    unitsReused: readReusedUnits(db, current),
    stages: times.taken(),
  };
}
