import { type Connection, Plan, type PlanInput, type Run } from "@leastwise/store";
import type { Progress } from "../progress.ts";
import type { Executor } from "../workers/executor.ts";
import { mapInOrder } from "../workers/in-order.ts";

/**
 * Workers settle what the inputs say of every principal, this thread writes, in the order of the principals. One transaction: an
 * attempt that is interrupted leaves nothing, and the next one begins with what was read.
 *
 * @param now the moment, ISO 8601 in UTC
 */
export async function plan(
  db: Connection,
  run: Run,
  input: PlanInput,
  executor: Executor,
  progress: Progress,
  now: () => string,
): Promise<Run> {
  const planned = new Plan(db, run, input);
  try {
    progress.enter("planning", "principals", planned.countPrincipals(), 0);
    for await (const { item, result } of mapInOrder(planned.batches(), executor.width, ({ batch }) =>
      executor.settle(batch),
    )) {
      planned.keep(item, result);
      progress.advance(item.principals.length, 0);
    }
    return planned.finish(now());
  } catch (error) {
    planned.abandon();
    throw error;
  }
}
