import { Queue } from "bullmq";
import type { Redis } from "ioredis";
import { QUEUES, isRunName, runKeys, runsKey } from "./names.ts";
import { ProtocolError } from "./packing.ts";
import { MOST_NOTICE_BYTES, type Notice, readNotice } from "./protocol.ts";

/** A run that stands in a queue. */
export interface QueuedRun {
  readonly name: string;
  /** Null where it has none, or one of another version. */
  readonly notice: Notice | null;
  /** Shards that nobody has taken yet, that somebody holds, that failed for good. */
  readonly waiting: number;
  readonly held: number;
  readonly failed: number;
  /** Outcomes that its coordinator has not taken yet. */
  readonly outcomes: number;
}

/** All runs under a prefix, in the order of their names. */
export async function queuedRuns(client: Redis, prefix: string): Promise<readonly QueuedRun[]> {
  const names = (await client.smembers(runsKey(prefix))).filter(isRunName).sort();
  const runs: QueuedRun[] = [];
  for (const name of names) {
    const keys = runKeys(prefix, name);
    const lengths = await client
      .pipeline()
      .llen(`${keys.prefix}:${QUEUES.shards}:wait`)
      .zcard(`${keys.prefix}:${QUEUES.shards}:delayed`)
      .llen(`${keys.prefix}:${QUEUES.shards}:active`)
      .zcard(`${keys.prefix}:${QUEUES.shards}:failed`)
      .llen(`${keys.prefix}:${QUEUES.outcomes}:wait`)
      .llen(`${keys.prefix}:${QUEUES.outcomes}:active`)
      .exec();
    const [wait = 0, delayed = 0, held = 0, failed = 0, come = 0, taken = 0] = (lengths ?? []).map(([, length]) =>
      Number(length ?? 0),
    );
    const notice = await noticeOf(client, keys.about);
    runs.push({ name, notice, waiting: wait + delayed, held, failed, outcomes: come + taken });
  }
  return runs;
}

async function noticeOf(client: Redis, about: string): Promise<Notice | null> {
  try {
    return (await client.strlen(about)) > MOST_NOTICE_BYTES ? null : readNotice((await client.get(about)) ?? "");
  } catch (error) {
    if (error instanceof ProtocolError) return null;
    throw error;
  }
}

/** Takes everything of a run out, and nothing else: its two queues, its notice, its catalog and its name. */
export async function removeRun(client: Redis, prefix: string, name: string): Promise<void> {
  const keys = runKeys(prefix, name);
  await client.multi().srem(runsKey(prefix), name).del(keys.about, keys.catalog).exec();
  for (const queue of Object.values(QUEUES)) {
    const one = new Queue(queue, { connection: client, prefix: keys.prefix });
    one.on("error", () => undefined); // of the connection; obliterate fails with it
    await one.obliterate({ force: true });
    await one.close();
  }
}
