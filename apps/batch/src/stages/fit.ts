import {
  type Connection,
  type FinishedSplit,
  type Run,
  SplitWriter,
  askRungs,
  readFitting,
  readSplits,
} from "@leastwise/store";
import type { Progress } from "../progress.ts";
import type { Executor, ShardExecutor } from "../workers/executor.ts";
import { mapInOrder } from "../workers/in-order.ts";
import { execute } from "./execute.ts";

/** Documents that are split together, and committed together. */
const BATCH = 16;

/**
 * Climbs the ladder for everything that is too large, where the run was asked to: asks for the next form, has it refined like any other
 * unit, and at last splits, until nothing more has to be known. What is chosen is decided when the run concludes. Gives how many units
 * were computed now.
 *
 * @param shards who refines; splitting is `executor`'s
 */
export async function fit(
  db: Connection,
  run: Run,
  executor: Executor,
  progress: Progress,
  shards: ShardExecutor = executor,
): Promise<number> {
  const fitting = readFitting(db, run.runId);
  if (fitting.shortest === null) return 0;
  let units = 0;
  for (;;) {
    const asked = askRungs(db, run, fitting);
    if (asked.units === 0 && asked.splits.length === 0) return units;
    if (asked.units > 0) units += await execute(db, run, shards, progress, "fitting");
    if (asked.splits.length > 0) await split(db, run, asked.splits, fitting.limits.managed, executor, progress);
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
