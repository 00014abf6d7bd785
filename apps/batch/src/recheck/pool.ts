import { availableParallelism } from "node:os";
import { Piscina } from "piscina";
import { mapInOrder } from "../workers/in-order.ts";
import { DatabaseChecker, type FailingResult } from "./check-results.ts";

/** Results that one task checks. */
const TASK = 1000;
/** Fewer are checked in this thread, since starting others takes longer. */
const WORTH_A_POOL = 4 * TASK;
/** What is parsed lives no longer than one result, so room for it saves collecting; more brings nothing. */
const YOUNG_MB = 64;

/** What came of one task. */
export interface CheckedUnits {
  readonly checked: number;
  readonly failing: readonly FailingResult[];
}

export function threadsFor(results: number): number {
  return results < WORTH_A_POOL ? 0 : availableParallelism();
}

/**
 * Checks the results of units on that many threads, each with a connection of its own, or in this one where it is 0. Outcomes come in
 * the order of the units.
 */
export async function* checkAll(
  database: string,
  unitIds: readonly number[],
  threads: number,
): AsyncGenerator<CheckedUnits> {
  const tasks = Array.from({ length: Math.ceil(unitIds.length / TASK) }, (_, i) =>
    unitIds.slice(i * TASK, (i + 1) * TASK),
  );
  if (threads === 0) {
    const checker = new DatabaseChecker(database);
    try {
      for (const task of tasks) yield { checked: task.length, failing: checker.check(task) };
    } finally {
      checker.close();
    }
    return;
  }
  const pool = new Piscina<readonly number[], readonly FailingResult[]>({
    filename: new URL("./check-results.js", import.meta.url).href,
    minThreads: Math.min(threads, tasks.length),
    maxThreads: Math.max(1, Math.min(threads, tasks.length)),
    idleTimeout: Infinity,
    recordTiming: false,
    workerData: { database },
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
  });
  try {
    for await (const { item, result } of mapInOrder(tasks, 2 * threads, (task) => pool.run(task))) {
      yield { checked: item.length, failing: result };
    }
  } finally {
    await pool.destroy();
  }
}
