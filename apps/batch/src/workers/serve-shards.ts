import { workerData } from "node:worker_threads";
import type { Engine } from "@leastwise/core";
import { ProtocolError } from "../queue/packing.ts";
import { type ServedShard, type ShardTask, answerOf, shardOf } from "../queue/shard-task.ts";
import { engineOf, refineToRows } from "./refine-shards.ts";

let engine: Engine | undefined;

/** Worker task: refines a shard as it stands in a queue, and packs its outcome, with the catalog image that the pool shares with all its threads. */
export default function serveShards(task: ShardTask): ServedShard {
  engine ??= engineOf((workerData as { readonly image: SharedArrayBuffer }).image); // what the pool was made with
  return serveShard(engine, task);
}

export function serveShard(ready: Engine, task: ShardTask): ServedShard {
  try {
    const shard = shardOf(task);
    return answerOf(shard, refineToRows(ready, shard));
  } catch (error) {
    if (error instanceof ProtocolError) return { problem: error.message };
    throw error;
  }
}
