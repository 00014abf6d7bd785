import type { Catalog } from "@leastwise/catalog";
import { type Run, StoredResults, openForReading } from "@leastwise/store";
import type { Progress } from "../progress.ts";
import { checkAll, threadsFor } from "../recheck/pool.ts";
import type { Executor, ShardExecutor } from "../workers/executor.ts";
import { isolatingShards } from "../workers/isolating-executor.ts";
import { queueAddress } from "./connection.ts";
import { openConnections } from "./connections.ts";
import type { FleetReport, QueueExecutor } from "./coordination.ts";
import { queueExecutor } from "./queue-executor.ts";

/** Shards that are in the queue at once, where nothing else is said. */
const IN_FLIGHT = 64;
/** Of a hundred outcomes. */
const CHECKED_PERCENT = 5;

export interface FleetOptions {
  readonly queue: string;
  readonly queuePrefix: string;
  readonly inFlight?: number;
  readonly checkOutcomes?: number;
}

/** What the workers of a run did, and what is known of their honesty. */
export interface FleetSummary extends Omit<FleetReport, "believed"> {
  /** Results that had been believed before an outcome did not hold, and have been checked since. 0 where all hold. */
  readonly doubted: number;
  /** Of these, how many do not hold. */
  readonly failing: number;
}

/** The workers that refine for a run. */
export interface RunFleet {
  /** Makes the run known to them. */
  begin(catalog: Catalog, local: Executor, progress: Progress): (run: Run) => Promise<ShardExecutor>;
  /** Once the run is over. Checks what had been believed, where that is in doubt. */
  summary(database: string): Promise<FleetSummary>;
  /** Ends the connections; what a run that is not over has in the queue stays there. */
  leave(): void;
}

/**
 * Connects to the queue.
 *
 * @throws Failure usage for the URL, I/O when nobody answers there
 */
export async function openFleet(options: FleetOptions, tell: (line: string) => void): Promise<RunFleet> {
  const address = queueAddress(options.queue);
  let executor: QueueExecutor | undefined;
  let refused: Error | undefined;
  const connections = await openConnections(address, {
    away: (reason) => tell(`the queue ${address.shown} is away (${reason}); this waits until it is back`),
    back: () => tell(`the queue ${address.shown} is back`),
    refused: (error) => {
      refused = error;
      executor?.fail(error);
    },
  });
  return {
    begin: (catalog, local, progress) => async (run) => {
      if (refused !== undefined) throw refused;
      executor = await queueExecutor(run, {
        address,
        connections,
        prefix: options.queuePrefix,
        catalog,
        local,
        inFlight: options.inFlight ?? IN_FLIGHT,
        checkPercent: options.checkOutcomes ?? CHECKED_PERCENT,
        tell,
        tick: () => progress.advance(0, 0),
      });
      const made = executor;
      progress.note(() => made.notes());
      return isolatingShards(made);
    },
    summary: async (database) => {
      const { believed, ...report } = executor?.report() ?? { members: [], checked: 0, refused: [], believed: [] };
      if (report.refused.length === 0) return { ...report, doubted: 0, failing: 0 };
      return { ...report, ...(await doubtsOf(database, believed)) };
    },
    leave: () => {
      executor?.leave();
      connections.end();
    },
  };
}

/** Checks the stored answers to the units in these ranges. */
async function doubtsOf(
  database: string,
  ranges: readonly (readonly [first: number, last: number])[],
): Promise<{ readonly doubted: number; readonly failing: number }> {
  const db = openForReading(database);
  let units: readonly number[];
  try {
    const sorted = ranges.toSorted(([a], [b]) => a - b);
    let at = 0;
    units = new StoredResults(db).answered(undefined).filter((unit) => {
      while (at < sorted.length && sorted[at]![1] < unit) at++; // at is inside
      const range = sorted[at];
      return range !== undefined && range[0] <= unit;
    });
  } finally {
    db.close();
  }
  let failing = 0;
  for await (const part of checkAll(database, units, threadsFor(units.length))) failing += part.failing.length;
  return { doubted: units.length, failing };
}
