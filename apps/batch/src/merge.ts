import type { Catalog } from "@leastwise/catalog";
import { type Connection, type Run, allowUnchecked, conclude, countUnits } from "@leastwise/store";
import type { PartTrust } from "./merging/part-trust.ts";
import type { Progress } from "./progress.ts";
import type { RunResult } from "./run.ts";
import { StageTimes } from "./stage-times.ts";
import { execute } from "./stages/execute.ts";
import { fit } from "./stages/fit.ts";
import { type PartFile, type TakenOver, takeAnswers } from "./stages/take-answers.ts";
import type { Executor, MergeExecutor } from "./workers/executor.ts";

export interface MergeJob {
  readonly run: Run;
  readonly catalog: Catalog;
  readonly parts: readonly PartFile[];
  /** Whether what no part has answered, or not rightly, is refined here. */
  readonly isComplete: boolean;
  /** Which of the parts' answers are checked. */
  readonly trust: PartTrust;
}

/** What a merge came to. */
export interface MergeResult extends RunResult {
  readonly taken: TakenOver;
}

/**
 * The main job from refining on, on a database that is planned: what the parts have answered is taken over, checked as `trust` says; the rest
 * goes as in `run`. It can be killed like that. Where something is still open, and is not to be refined here, nothing is concluded. Of the ladder the parts
 * have climbed what they could; what is missing of that, or does not hold, is refined here in any case. Nothing is concluded either where
 * `trust` says that the database has to be begun anew.
 *
 * @param takers whose threads take over
 * @param executor whose threads do the rest: the same
 */
export async function merge(
  db: Connection,
  { run, catalog, parts, isComplete, trust }: MergeJob,
  takers: MergeExecutor,
  executor: Executor,
  progress: Progress,
): Promise<MergeResult | { readonly taken: TakenOver; readonly open: number }> {
  const times = new StageTimes();
  times.enter("merging");
  if (!trust.checksAll) allowUnchecked(db, run);
  const taken = await takeAnswers(db, run, parts, takers, progress, trust);
  const { open } = countUnits(db, run);
  if (trust.isToRepeat() || (open > 0 && !isComplete)) {
    progress.end();
    return { taken, open };
  }
  times.enter("refining");
  const asked = await execute(db, run, executor, progress);
  times.enter("fitting");
  let fitted: TakenOver = NOTHING;
  const shorter = await fit(db, run, executor, progress, async () => {
    fitted = together(fitted, await takeAnswers(db, run, parts, takers, progress, trust));
    return execute(db, run, executor, progress, "fitting"); // parts climb as far as they can by themselves
  });
  if (trust.isToRepeat()) return { taken, open };
  times.enter("concluding");
  await executor.close(); // what is left is this thread's, and needs the memory
  const summary = conclude(db, run, catalog.trie, new Date().toISOString());
  progress.end();
  const { runId, resumed } = run;
  const unitsComputed = asked + shorter;
  return {
    runId,
    resumed,
    filesKept: 0,
    baseRunId: null,
    unitsComputed,
    unitsReused: 0,
    summary,
    stages: times.taken(),
    taken: together(taken, fitted),
  };
}

const NOTHING: TakenOver = { units: 0, unchecked: 0, refused: 0, refusedFirst: [] };

function together(one: TakenOver, other: TakenOver): TakenOver {
  return {
    units: one.units + other.units,
    unchecked: one.unchecked + other.unchecked,
    refused: one.refused + other.refused,
    refusedFirst: [...one.refusedFirst, ...other.refusedFirst],
  };
}
