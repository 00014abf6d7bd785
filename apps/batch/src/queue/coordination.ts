import type { Catalog } from "@leastwise/catalog";
import type { Executor, ShardExecutor } from "../workers/executor.ts";
import type { QueueAddress } from "./connection.ts";
import type { Connections } from "./connections.ts";
import type { FleetMember } from "./fleet.ts";

/** What a coordinator works with. */
export interface Coordination {
  readonly address: QueueAddress;
  /** Its own: they end with it. */
  readonly connections: Connections;
  /** What all keys begin with. */
  readonly prefix: string;
  readonly catalog: Catalog;
  /** Refines what no worker should, and checks what workers say. */
  readonly local: Executor;
  /** Shards that are sent and not answered, at the most: what Redis and this process hold. */
  readonly inFlight: number;
  /** Of 100 outcomes so many are held against their shards, drawn at random, until one does not hold: then all. */
  readonly checkPercent: number;
  /** Says a line to people. */
  readonly tell: (line: string) => void;
  /** Shows how far it is, now and then, also while nothing is written. */
  readonly tick: () => void;
}

/** What is known of the workers when the run is over. */
export interface FleetReport {
  readonly members: readonly FleetMember[];
  /** Outcomes that were held against their shards with the verifier. */
  readonly checked: number;
  /** Workers of which an outcome did not hold. */
  readonly refused: readonly string[];
  /** What was believed unchecked until then: the first and the last unit of each shard. */
  readonly believed: readonly (readonly [first: number, last: number])[];
}

export interface QueueExecutor extends ShardExecutor {
  report(): FleetReport;
  /** For the line of progress. */
  notes(): readonly string[];
  /** Everything that is asked fails, now and from now on. */
  fail(error: Error): void;
  /** Ends the connections and leaves everything where it is, so that the run can go on. */
  leave(): void;
}
