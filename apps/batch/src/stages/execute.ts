import type { Connection, Run, Share } from "@leastwise/store";
import {
  type FinishedShard,
  OutcomeWriter,
  type ShardLimits,
  countUnits,
  readReusedUnits,
  readShards,
  shardLimits,
} from "@leastwise/store";
import type { Progress } from "../progress.ts";
import type { ShardExecutor } from "../workers/executor.ts";
import { mapInOrder } from "../workers/in-order.ts";

/** Shards are committed together up to this many units: every commit writes the index pages that it touched once more. */
const UNITS_PER_COMMIT = 1000;

/**
 * Workers refine and verify, this thread writes, in plan order. Gives how many units were computed now.
 *
 * @param limitsOf what a shard holds, by the number of units: in the main stage of those that the run computes by itself, whether they are
 *   open or not, so that a run that was interrupted asks for the same shards again
 * @param share whose units are computed; absent: all
 */
export async function execute(
  db: Connection,
  run: Run,
  executor: ShardExecutor,
  progress: Progress,
  stage: "refining" | "fitting" = "refining",
  limitsOf: (units: number) => ShardLimits = shardLimits,
  share?: Share,
): Promise<number> {
  const writer = new OutcomeWriter(db, run);
  const { asked, open } = countUnits(db, run, share);
  const own = stage === "refining" ? Math.max(open, asked - readReusedUnits(db, run)) : open;
  progress.enter(stage, "units", open, 0);
  const shards = readShards(db, run, limitsOf(own), share);
  let done: FinishedShard[] = [];
  let units = 0;
  const commit = (): void => {
    writer.write(done);
    progress.advance(
      units,
      done.reduce((sum, { outcome }) => sum + outcome.units.filter(({ ok }) => !ok).length, 0),
    );
    done = [];
    units = 0;
  };
  for await (const { item, result } of mapInOrder(shards, executor.width, ({ shard }) => executor.refine(shard))) {
    done.push({ planned: item, outcome: result });
    units += result.units.length;
    if (units >= UNITS_PER_COMMIT) commit();
  }
  commit();
  return open;
}
