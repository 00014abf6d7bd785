import type { Redis } from "ioredis";
import { QUEUES, runKeys, runsKey } from "./names.ts";

/** What Redis says of a run. */
export interface RunSeen {
  /** Whether workers can find it: its name, its notice and its catalog. */
  readonly isKnown: boolean;
  /** By key, in the order in which they were asked for. */
  readonly shards: ReadonlyMap<string, ShardSeen>;
}

/**
 * What Redis says of a shard that was sent: that it failed for good, that there is neither it nor its outcome, that a worker has it, or
 * that it waits, or its outcome does.
 */
type ShardSeen =
  | { readonly is: "failed"; readonly reason: string }
  | { readonly is: "lost" }
  | { readonly is: "held"; readonly worker: string }
  | { readonly is: "waiting" };

/**
 * Looks once what became of a run and of some of its shards, and changes nothing. One round trip, three commands a shard, none of which
 * reads its body.
 *
 * @throws Error of ioredis
 */
export async function lookAtRun(
  client: Redis,
  prefix: string,
  name: string,
  shards: readonly string[],
): Promise<RunSeen> {
  const { prefix: own, about, catalog } = runKeys(prefix, name);
  const asked = client.pipeline().exists(about, catalog).sismember(runsKey(prefix), name);
  for (const key of shards) {
    asked.hmget(`${own}:${QUEUES.shards}:${key}`, "timestamp", "pb", "failedReason"); // BullMQ's names; `pb` is who has it
    asked.zscore(`${own}:${QUEUES.shards}:failed`, key);
    asked.exists(`${own}:${QUEUES.outcomes}:${key}`);
  }
  const replies = ((await asked.exec()) ?? []).map(([error, reply]) => {
    if (error !== null) throw error;
    return reply;
  });
  return {
    isKnown: replies[0] === 2 && replies[1] === 1,
    shards: new Map(shards.map((key, place) => [key, shardSeen(replies.slice(2 + 3 * place, 5 + 3 * place))])),
  };
}

function shardSeen([fields, failedAt, outcomes]: readonly unknown[]): ShardSeen {
  const [sentAt, worker, reason] = fields as readonly (string | null)[]; // as HMGET answers
  if (failedAt !== null) return { is: "failed", reason: reason ?? "nobody says why" };
  if (sentAt === null && outcomes === 0) return { is: "lost" };
  return typeof worker === "string" ? { is: "held", worker } : { is: "waiting" };
}
