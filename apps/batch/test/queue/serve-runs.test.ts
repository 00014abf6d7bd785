/** What a worker takes and what it leaves alone, whatever stands in the queue. */
import { hash, randomUUID } from "node:crypto";
import type { Worker } from "node:worker_threads";
import type { Shard } from "@leastwise/core";
import { loadCatalog } from "@leastwise/catalog";
import { Queue } from "bullmq";
import { describe, expect, test } from "vitest";
import { QUEUES, runKeys, runsKey } from "../../dist/queue/names.js";
import { packed, unpacked } from "../../dist/queue/packing.js";
import { PROTOCOL, writeShard } from "../../dist/queue/protocol.js";
import { toldCatalog } from "../../dist/queue/told-catalog.js";
import { ENGINE_VERSION } from "../../dist/version.js";
import { inlineExecutor } from "../../dist/workers/executor.js";
import { temporaryFolder, write } from "../leastwise.ts";
import { CATALOG, INLINE, PREFIX, coordinated, served, shardOf } from "./in-process.ts";
import { until } from "./programs.ts";
import { HAS_REDIS, type RedisServer, startRedis } from "./redis-server.ts";

const folder = temporaryFolder();
const NOTICE = {
  protocol: PROTOCOL,
  engineVersion: ENGINE_VERSION,
  toolVersion: "0",
  catalog: CATALOG.sha256,
  catalogSource: CATALOG.source,
  catalogDate: CATALOG.date,
  startedAt: "2026-11-22T00:00:00Z",
  refused: [] as string[],
};
const OTHER = loadCatalog(write(folder, "catalog.json", { s3: ["GetObject", "PutObject"], sqs: ["SendMessage"] }));

/** Puts a run there as its coordinator would. */
async function announce({ client }: RedisServer, notice: unknown, catalog?: string): Promise<string> {
  const name = hash("sha256", randomUUID()).slice(0, 32);
  const keys = runKeys(PREFIX, name);
  await client.set(keys.about, typeof notice === "string" ? notice : JSON.stringify(notice));
  if (catalog !== undefined) await client.set(keys.catalog, catalog);
  await client.sadd(runsKey(PREFIX), name);
  return name;
}

/** A job of a shard of which one does not see from its name that it is none. */
function jobOf(shard: object): { readonly id: string; readonly body: string } {
  const { key, text } = writeShard(shard as Shard); // it is written as if it were one
  return { id: key, body: packed(text) };
}

function toldText(change: (told: { services: string[]; actions: unknown[][] }) => void): string {
  const told = JSON.parse(unpacked("catalog", toldCatalog(OTHER)).toString()) as {
    services: string[];
    actions: unknown[][];
  }; // as it was just written
  change(told);
  return packed(JSON.stringify(told));
}

describe.runIf(HAS_REDIS)("a worker leaves a run alone", async () => {
  const redis = HAS_REDIS ? await startRedis() : undefined!; // nothing of this runs without one
  const other = { ...NOTICE, catalog: OTHER.sha256 };
  test.each<[string, RegExp, unknown, (() => string)?]>([
    ["of another protocol", /it is for protocol 2, and this worker speaks 1/, { ...NOTICE, protocol: PROTOCOL + 1 }],
    [
      "of another engine",
      /it is for engine 2, and this worker holds 1/,
      { ...NOTICE, engineVersion: ENGINE_VERSION + 1 },
    ],
    ["that refuses it", /takes nothing from this worker any more/, { ...NOTICE, refused: [`here:${process.pid}`] }],
    ["whose notice is no JSON", /the notice of a run is no JSON/, "{"],
    ["whose notice is endless", /its notice is too long/, JSON.stringify({ ...NOTICE, more: " ".repeat(100_000) })],
    [
      "whose notice lacks something",
      /not of the form that protocol 1 has at refused/,
      { ...NOTICE, refused: undefined },
    ],
    ["whose catalog is not there", /its catalog [\da-f]{8} is not there/, other],
    [
      "whose catalog lacks an action",
      /the catalog is not the one whose SHA-256 is/,
      other,
      () => toldText(({ actions }) => actions.pop()),
    ],
    [
      "whose catalog has an action more",
      /is not the one whose/,
      other,
      () => toldText(({ actions }) => actions.push(["s3:More", "List", false])),
    ],
    [
      "whose catalog has another access level",
      /is not the one whose/,
      other,
      () => toldText(({ actions }) => (actions[0]![1] = "List")),
    ], // there are three
    [
      "whose catalog is an image",
      /is not the one whose/,
      other,
      () => Buffer.from(OTHER.trie.buffer).toString("base64"),
    ],
    ["whose catalog would fill the memory", /is not the one whose/, other, () => packed(" ".repeat(65 << 20))],
  ])("%s, and says why", async (_what, reason, notice, catalog) => {
    await redis.client.flushall();
    const name = await announce(redis, notice, catalog?.());
    const { told, stop } = await served(redis);
    await until(() => told.length > 0);
    expect(told).toEqual([expect.stringMatching(reason)]);
    expect(told[0]).toContain(`run ${name.slice(0, 8)} is left alone: `);
    await stop();
  });

  test("says it once, and takes it when it has become another", async () => {
    await redis.client.flushall();
    const name = await announce(redis, { ...NOTICE, engineVersion: 99 });
    const { told, stop } = await served(redis);
    await until(() => told.length > 0);
    await redis.client.set(runKeys(PREFIX, name).about, JSON.stringify(NOTICE));
    await until(() => told.length > 1);
    expect(told[1]).toMatch(/taking shards/);
    await stop();
  });
});

describe.runIf(HAS_REDIS)("a worker", async () => {
  const redis = HAS_REDIS ? await startRedis() : undefined!; // nothing of this runs without one

  test("gets a catalog that it lacks, checks it, and answers with it", async () => {
    const { stop } = await served(redis);
    const { executor } = await coordinated(redis, { catalog: OTHER });
    const shard = { ...shardOf(1), catalog: OTHER.sha256 };
    expect(await executor.refine(shard)).toEqual(await inlineExecutor(OTHER.trie.buffer).refine(shard));
    await executor.close();
    await stop();
  });

  const good = shardOf(1);
  const { key, text } = writeShard(good);
  test.each<[string, RegExp, { readonly id: string; readonly body: string }]>([
    [
      "is not what its name promises",
      /not the one that its job is named after/,
      { id: "0".repeat(64), body: packed(text) },
    ],
    ["is not packed", /cannot be unpacked/, { id: key, body: "nonsense" }],
    ["would fill the memory", /longer than/, { id: key, body: packed(" ".repeat(17 << 20)) }],
    ["asks about a document that it lacks", /does not have/, jobOf({ ...good, documents: [] })],
    [
      "has options that are none",
      /at shard\.options/,
      jobOf({ ...good, options: { ...good.options, granularity: "letter" } }),
    ],
    ["has no units", /at shard\.units/, jobOf({ ...good, units: null })],
    ["is for another catalog than its run", /another catalog/, jobOf({ ...good, catalog: "0".repeat(64) })],
    [
      "is for another engine than its run",
      /another engine/,
      jobOf({ ...good, origin: { ...good.origin, engineVersion: 2 } }),
    ],
  ])("gives back a shard that %s, at once and for good", async (_what, reason, { id, body }) => {
    await redis.client.flushall();
    const { prefix } = runKeys(PREFIX, await announce(redis, NOTICE));
    const shards = new Queue(QUEUES.shards, { connection: redis.client, prefix });
    await shards.add("shard", { protocol: PROTOCOL, body }, { jobId: id, attempts: 3 });
    const { stop } = await served(redis);
    await until(async () => (await shards.getFailedCount()) === 1);
    const job = await shards.getJob(id);
    expect({ reason: job?.failedReason, attempts: job?.attemptsMade }).toEqual({
      reason: expect.stringMatching(reason),
      attempts: 1,
    });
    await stop();
  });

  test("gives back what it holds when it has to end, so that others have it at once", async () => {
    await redis.client.flushall();
    const { executor, own } = await coordinated(redis);
    const letters = "abcdefghijklmnopqrstuvwxyz";
    const slow = Array.from(
      { length: 400 },
      (_, i) => `*:*${letters[i % 26]}*${letters[(7 * i) % 26]}*${letters[(11 * i) % 26]}*${i}`,
    );
    const document = JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Action: slow, Resource: "*" }],
    });
    const shard = { ...good, documents: [{ text: document, wantsGrants: true }] };
    const { runs, stop } = await served(redis, { worker: "tired:1" });
    const answer = executor.refine(shard);
    const shards = new Queue(QUEUES.shards, { connection: redis.client, prefix: own });
    await until(() => runs.served.held > 0);
    runs.giveBack();
    await stop();
    expect(await shards.getJobCounts("active", "waiting", "failed")).toEqual({ active: 0, waiting: 1, failed: 0 });
    const fresh = await served(redis, { worker: "fresh:1" });
    expect((await answer).units.every(({ ok }) => ok)).toBe(true);
    expect(executor.report().members).toMatchObject([{ worker: "fresh:1", shards: 1, retried: 1 }]);
    await executor.close();
    await fresh.stop();
  });

  test("serves runs of one catalog and another by turns, with threads for one of them at a time", async () => {
    let [begun, ended] = [0, 0];
    const count = (thread: Worker): void => {
      begun++;
      thread.once("exit", () => ended++);
    };
    process.on("worker", count);
    const { runs, told, stop } = await served(redis);
    const threads: number[] = [];
    for (const catalog of [CATALOG, CATALOG, OTHER, CATALOG]) {
      const { executor } = await coordinated(redis, { catalog });
      const shard = { ...good, catalog: catalog.sha256 };
      expect(await executor.refine(shard)).toEqual(await inlineExecutor(catalog.trie.buffer).refine(shard));
      await executor.close();
      await until(() => told.length % 2 === 0);
      threads.push(begun, ended);
    }
    expect(runs.served).toEqual({ shards: 4, units: 8, held: 0 });
    await stop();
    process.off("worker", count);
    expect(threads).toEqual([1, 0, 1, 0, 2, 1, 3, 2]); // the second run found those of the first
    expect([begun, ended]).toEqual([3, 3]);
  });

  test("serves two runs at once, and each gets its own", async () => {
    const runs = await Promise.all([coordinated(redis), coordinated(redis, { catalog: OTHER })]);
    const { stop } = await served(redis);
    const other = { ...shardOf(2), catalog: OTHER.sha256 };
    const [here, there] = await Promise.all([runs[0].executor.refine(good), runs[1].executor.refine(other)]);
    expect(here).toEqual(await INLINE.refine(good));
    expect(there).toEqual(await inlineExecutor(OTHER.trie.buffer).refine(other));
    for (const { executor } of runs) await executor.close();
    await stop();
  });
});
