import type { Connection, Run } from "@leastwise/store";
import { OutcomeWriter, countUnits, readShards, shardLimits } from "@leastwise/store";
import type { Progress } from "../progress.ts";
import type { Executor } from "../workers/executor.ts";
import { mapInOrder } from "../workers/in-order.ts";

/** Workers refine and verify, this thread writes, in plan order. Gives how many units were computed now. */
export async function execute(
  db: Connection,
  run: Run,
  catalog: string,
  executor: Executor,
  progress: Progress,
): Promise<number> {
  const writer = new OutcomeWriter(db, run);
  const { open } = countUnits(db, run);
  progress.enter("refining", "units", open, 0);
  const shards = readShards(db, run, catalog, shardLimits(open));
  for await (const { item, result } of mapInOrder(shards, executor.width, ({ shard }) => executor.refine(shard))) {
    writer.write(item, result);
    progress.advance(result.units.length, result.units.filter(({ ok }) => !ok).length);
  }
  return open;
}
