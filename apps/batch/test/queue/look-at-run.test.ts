/** What the coordinator sees of its run in Redis, beside jobs as BullMQ writes them. */
import { Queue, Worker } from "bullmq";
import { describe, expect, test } from "vitest";
import { lookAtRun } from "../../dist/queue/look-at-run.js";
import { QUEUES, runKeys, runsKey } from "../../dist/queue/names.js";
import { HAS_REDIS, startRedis } from "./redis-server.ts";

const NAME = "0123456789abcdef0123456789abcdef";

describe.runIf(HAS_REDIS)("a look at a run", async () => {
  const redis = HAS_REDIS ? await startRedis() : undefined!; // nothing of this runs without one

  test("says of each shard whether it waits, who has it, why it failed, or that it is lost", async () => {
    const keys = runKeys("look", NAME);
    const shared = { connection: redis.client, prefix: keys.prefix };
    const shards = new Queue(QUEUES.shards, shared);
    const outcomes = new Queue(QUEUES.outcomes, shared);
    const worker = new Worker(QUEUES.shards, null, { ...shared, name: "host-a:17" });
    const take = () => worker.getNextJob("token", { block: false });

    await shards.add("shard", {}, { jobId: "hopeless" });
    await (await take())?.moveToFailed(new Error("out of memory"), "token");
    await shards.add("shard", {}, { jobId: "in-work" });
    await take();
    await shards.add("shard", {}, { jobId: "next" });
    await outcomes.add("outcome", {}, { jobId: "answered" });

    const asked = ["next", "answered", "gone", "in-work", "hopeless"];
    const { shards: seen } = await lookAtRun(redis.client, "look", NAME, asked);
    expect([...seen]).toEqual([
      ["next", { is: "waiting" }],
      ["answered", { is: "waiting" }],
      ["gone", { is: "lost" }],
      ["in-work", { is: "held", worker: "host-a:17" }],
      ["hopeless", { is: "failed", reason: "out of memory" }],
    ]);
    await Promise.all([worker.close(), shards.close(), outcomes.close()]);
  });

  test.each<[string, readonly string[], boolean]>([
    ["its notice", ["catalog", "name"], false],
    ["its catalog", ["about", "name"], false],
    ["its name among the runs", ["about", "catalog"], false],
    ["nothing", ["about", "catalog", "name"], true],
  ])("says whether workers can find a run that lacks %s", async (_, present, isKnown) => {
    const prefix = `has-${present.join("-")}`;
    const { about, catalog } = runKeys(prefix, NAME);
    if (present.includes("about")) await redis.client.set(about, "{}");
    if (present.includes("catalog")) await redis.client.set(catalog, "");
    if (present.includes("name")) await redis.client.sadd(runsKey(prefix), NAME);
    expect(await lookAtRun(redis.client, prefix, NAME, [])).toEqual({ isKnown, shards: new Map() });
  });
});
