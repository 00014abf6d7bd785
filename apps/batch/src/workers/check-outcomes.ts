import { workerData } from "node:worker_threads";
import type { Engine, OutcomeRows, Shard } from "@leastwise/core";
import { type FailingAnswer, checkOutcome } from "../recheck/check-outcome.ts";
import { engineOf } from "./refine-shards.ts";

/** A shard and what somebody else says that it comes to. */
export interface CheckTask {
  readonly shard: Shard;
  readonly outcome: OutcomeRows;
}

let engine: Engine | undefined;

/** Worker task: holds an outcome against its shard with the catalog image that the pool shares with all its threads. */
export default function checkOutcomes({ shard, outcome }: CheckTask): readonly FailingAnswer[] {
  engine ??= engineOf((workerData as { readonly image: SharedArrayBuffer }).image); // what the pool was made with
  return checkOutcome(engine, shard, outcome);
}
