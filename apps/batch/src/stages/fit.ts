import {
  type Connection,
  type FinishedSplit,
  type Run,
  type Share,
  SplitWriter,
  askRungs,
  countUnits,
  readFitting,
  readSplits,
  shardLimits,
} from "@leastwise/store";
import type { Progress } from "../progress.ts";
import type { Executor } from "../workers/executor.ts";
import { mapInOrder } from "../workers/in-order.ts";
import { execute } from "./execute.ts";

/** Documents that are split together, and committed together. */
const BATCH = 16;

/**
 * Climbs the ladder for everything that is too large, where the run was asked to: asks for the next form, has it refined like any other
 * unit, and at last splits, until nothing more has to be known. What is chosen is decided when the run concludes. Gives how many units
 * were computed now.
 *
 * @param answer has them refined; by the executor where it is absent
 */
export async function fit(
  db: Connection,
  run: Run,
  executor: Executor,
  progress: Progress,
  answer: Answer = () => execute(db, run, executor, progress, "fitting"),
): Promise<number> {
  const fitting = readFitting(db, run.runId);
  if (fitting.shortest === null) return 0;
  let units = 0;
  for (;;) {
    const asked = askRungs(db, run, fitting);
    if (asked.units === 0 && asked.splits.length === 0) return units;
    if (asked.units > 0) units += await answer();
    if (asked.splits.length > 0) await split(db, run, asked.splits, fitting.limits.managed, executor, progress);
  }
}

/** Has all open units answered. Gives how many were computed. */
export type Answer = () => Promise<number>;

/**
 * As much of the ladder as a share can climb: the next forms of what it has answered itself and what is too large by that alone. The rest hangs on
 * answers of other shares. Nobody has to use what is asked here: whoever climbs the whole ladder finds it answered where it is needed.
 */
export async function fitShare(
  db: Connection,
  run: Run,
  share: Share,
  executor: Executor,
  progress: Progress,
): Promise<number> {
  const fitting = readFitting(db, run.runId);
  if (fitting.shortest === null) return 0;
  for (let units = 0; ;) {
    askRungs(db, run, fitting);
    if (countUnits(db, run, share).open === 0) return units;
    units += await execute(db, run, executor, progress, "fitting", shardLimits, share);
  }
}

async function split(
  db: Connection,
  run: Run,
  unitIds: readonly number[],
  limit: number,
  executor: Executor,
  progress: Progress,
): Promise<void> {
  const writer = new SplitWriter(db, run, limit);
  progress.enter("splitting", "policies", unitIds.length, 0);
  const batches = Array.from({ length: Math.ceil(unitIds.length / BATCH) }, (_, i) =>
    unitIds.slice(i * BATCH, (i + 1) * BATCH),
  );
  const work = (batch: readonly number[]): Promise<readonly FinishedSplit[]> =>
    executor.split({ limit, policies: [...readSplits(db, batch)] });
  for await (const { item, result } of mapInOrder(batches, executor.width, work)) {
    writer.write(result);
    progress.advance(item.length, 0);
  }
}
