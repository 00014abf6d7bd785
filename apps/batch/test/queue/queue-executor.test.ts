/** What the coordinator makes of what comes back, whoever sends it; of a server that forgets; and how much it asks at once. */
import type { OutcomeRows, UnitRow } from "@leastwise/core";
import { Queue } from "bullmq";
import { describe, expect, test } from "vitest";
import { QUEUES } from "../../dist/queue/names.js";
import { packed, unpacked } from "../../dist/queue/packing.js";
import { PROTOCOL } from "../../dist/queue/protocol.js";
import { isolatingShards } from "../../dist/workers/isolating-executor.js";
import { type Answering, INLINE, coordinated, outcomeData, served, shardOf, stranger } from "./in-process.ts";
import { until } from "./programs.ts";
import { HAS_REDIS, startRedis } from "./redis-server.ts";

const ten = Array.from({ length: 10 }, (_, i) => shardOf(i + 1));

/** Another first answer than the honest one. */
function withFirst(honest: OutcomeRows, change: (row: Extract<UnitRow, { ok: true }>) => object): OutcomeRows {
  const [first, ...others] = honest.units;
  if (first?.ok !== true) throw new Error("the first unit has an answer");
  return { ...honest, units: [{ ...first, ...change(first) }, ...others] };
}

/** An honest outcome as a worker sends it, with another text in its body. */
function withText(change: (text: string) => string, honest: OutcomeRows): object {
  const data = outcomeData(honest) as { body: string }; // among others
  return { ...data, body: packed(change(unpacked("outcome", data.body).toString())) };
}

describe.runIf(HAS_REDIS)("an outcome that is not what it should be", async () => {
  const redis = HAS_REDIS ? await startRedis() : undefined!; // nothing of this runs without one
  test.each<[string, Answering, RegExp]>([
    ["is of another shard", () => INLINE.refine(shardOf(99)), /not to the shard's questions/],
    ["lacks an answer", (_, honest) => ({ ...honest, units: honest.units.slice(1) }), /not to the shard's questions/],
    [
      "has a text under another hash",
      (_, honest) => withFirst(honest, ({ created }) => ({ created: { ...created, text: `${created?.text} ` } })),
      /another SHA-256/,
    ],
    [
      "has a document where there is none",
      (_, honest) => withFirst(honest, () => ({ recommendedAction: "NONE" })),
      /NONE goes with/,
    ],
    ["says nothing of what is granted", (_, honest) => ({ ...honest, grants: [] }), /does not say what an existing/],
    [
      "says it of a document that is not there",
      (_, { units, grants }) => ({ units, grants: grants.map((grant) => ({ ...grant, document: 3 })) }),
      /nobody asked about/,
    ],
    [
      "is for another protocol",
      (_, honest) => ({ data: { ...outcomeData(honest), protocol: PROTOCOL + 1 } }),
      /form that protocol/,
    ],
    ["is nothing", () => ({ data: null }), /form that protocol/],
    [
      "has a field that nobody knows",
      (_, honest) => ({ data: { ...outcomeData(honest), more: 1 } }),
      /form that protocol/,
    ],
    [
      "has a name that moves the cursor",
      (_, honest) => ({ data: { ...outcomeData(honest), worker: "\u001B[2J" } }),
      /form that protocol/,
    ],
    ["is not packed", (_, honest) => ({ data: { ...outcomeData(honest), body: "{}" } }), /cannot be unpacked/],
    [
      "is shorter than it says",
      (_, honest) => ({ data: withText((text) => text.slice(0, -1), honest) }),
      /other lengths/,
    ],
    ["is longer than it says", (_, honest) => ({ data: withText((text) => `${text} `, honest) }), /other lengths/],
    ["is no JSON", (_, honest) => ({ data: withText((text) => text.slice(1), honest) }), /no JSON/],
    [
      "has an action that is none",
      (_, honest) => ({ data: withText((text) => text.replace("CREATE_POLICY", "DELETE_ALL"), honest) }),
      /at outcome\.units\.0/,
    ],
    [
      "would fill the memory",
      (_, honest) => ({ data: withText((text) => text + " ".repeat(65 << 20), honest) }),
      /longer than/,
    ],
  ])("%s: is found here instead, is told of, and nothing more is taken", async (_what, answering, reason) => {
    const { executor, own, told, here } = await coordinated(redis);
    const { close } = stranger(redis, own, answering);
    expect(await Promise.all(ten.map((shard) => executor.refine(shard)))).toEqual(
      await Promise.all(ten.map((shard) => INLINE.refine(shard))),
    );
    expect(here.refined).toBe(10);
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(reason);
    const { refused, members } = executor.report();
    expect(refused).toHaveLength(1);
    expect(members).toMatchObject([{ worker: refused[0], shards: 0, refused: 10 }]);
    await close();
    await executor.close();
  });

  test("that only the verifier sees through: is checked where it is drawn, then all are, also those of others", async () => {
    const { executor, own, here } = await coordinated(redis, { checkPercent: 100 });
    const { close } = stranger(redis, own, (_, honest) =>
      withFirst(honest, ({ actionsRemoved }) => ({ actionsRemoved: actionsRemoved - 1 })),
    );
    const [one = shardOf(1), ...others] = ten;
    expect(await executor.refine(one)).toEqual(await INLINE.refine(one));
    await close();
    stranger(redis, own, (_, honest) => honest, "honest:1");
    await Promise.all(others.map((shard) => executor.refine(shard)));
    const { refused, checked, members } = executor.report();
    expect({ refused, checked }).toEqual({ refused: ["stranger:1"], checked: 10 });
    expect(members).toMatchObject([
      { worker: "honest:1", shards: 9 },
      { worker: "stranger:1", refused: 1 },
    ]);
    expect(here).toEqual({ refined: 1, checked: 10 });
    await executor.close();
  });

  test("is believed where nobody looks, and remembered for the day on which one does not hold", async () => {
    const { executor, own } = await coordinated(redis);
    let isHonest = true;
    stranger(redis, own, (_, honest) => (isHonest ? honest : { ...honest, grants: [] }));
    await executor.refine(shardOf(7));
    await executor.refine(shardOf(5));
    isHonest = false;
    await executor.refine(shardOf(6));
    expect(executor.report()).toMatchObject({
      refused: ["stranger:1"],
      believed: [
        [14, 15],
        [10, 11],
      ],
    });
    await executor.close();
  });

  test("fails where this host does not: what is found here counts, and nobody is blamed", async () => {
    const { executor, own, told, here } = await coordinated(redis);
    stranger(redis, own, (_, honest) => {
      const [{ unitId } = { unitId: 0 }, ...others] = honest.units;
      return { ...honest, units: [{ unitId, ok: false, code: "out-of-time", message: "it took too long" }, ...others] };
    });
    expect(await executor.refine(shardOf(1))).toEqual(await INLINE.refine(shardOf(1)));
    expect({ told, refused: executor.report().refused, refined: here.refined }).toEqual({
      told: [],
      refused: [],
      refined: 1,
    });
    await executor.close();
  });
});

describe.runIf(HAS_REDIS)("the queue", async () => {
  const redis = HAS_REDIS ? await startRedis() : undefined!; // nothing of this runs without one

  test("delivers an outcome twice, or one that nobody asked for: it changes nothing", async () => {
    const { executor, own, told } = await coordinated(redis);
    const outcomes = new Queue(QUEUES.outcomes, { connection: redis.client, prefix: own });
    stranger(redis, own, async (_, honest, { id = "" }) => {
      const data = outcomeData(honest);
      for (const jobId of [id, id, "f".repeat(64)]) {
        await outcomes.add("outcome", data, { jobId, removeOnComplete: true });
        await until(async () => (await outcomes.getJobCountByTypes("waiting", "active")) === 0);
      }
      return honest;
    });
    const found = await Promise.all(ten.map((shard) => executor.refine(shard)));
    expect(found).toEqual(await Promise.all(ten.map((shard) => INLINE.refine(shard))));
    expect(executor.report().members).toMatchObject([{ shards: 10, units: 20, refused: 0 }]);
    expect(told).toEqual([]);
    await executor.close();
  });

  test("is asked the same shard twice at once: both who ask are answered", async () => {
    const { executor, own } = await coordinated(redis);
    stranger(redis, own, (_, honest) => honest);
    const [one, two] = await Promise.all([executor.refine(shardOf(1)), executor.refine(shardOf(1))]);
    expect(two).toEqual(one);
    await executor.close();
  });

  test("never holds more shards than are allowed, and as many outcomes", async () => {
    const { executor, own } = await coordinated(redis, { inFlight: 3 });
    const [shards, outcomes] = [QUEUES.shards, QUEUES.outcomes].map(
      (name) => new Queue(name, { connection: redis.client, prefix: own }),
    );
    const held: number[] = [];
    const come: number[] = [];
    stranger(redis, own, async (_, honest) => {
      held.push((await shards?.getJobCountByTypes("waiting", "active", "delayed", "failed")) ?? Infinity);
      come.push((await outcomes?.getJobCountByTypes("waiting", "active")) ?? Infinity);
      return honest;
    });
    await Promise.all(Array.from({ length: 30 }, (_, i) => executor.refine(shardOf(i))));
    expect(held).toHaveLength(30);
    expect(Math.max(...held)).toBe(3);
    expect(Math.max(...come)).toBeLessThanOrEqual(3);
    await executor.close();
  });

  test("has lost everything: it is asked again", async () => {
    const { executor, own } = await coordinated(redis);
    const found = Promise.all(ten.map((shard) => executor.refine(shard)));
    const shards = new Queue(QUEUES.shards, { connection: redis.client, prefix: own });
    await until(async () => (await shards.getWaitingCount()) === 10);
    await redis.client.flushall();
    const { stop } = await served(redis, { worker: "late:1" }); // finds the run only once it stands there again
    expect(await found).toEqual(await Promise.all(ten.map((shard) => INLINE.refine(shard))));
    expect(executor.report().members).toMatchObject([{ worker: "late:1", shards: 10 }]);
    await executor.close();
    await stop();
  });

  test("has a shard that no worker finishes: it is asked unit by unit, and one unit has no answer", async () => {
    const { executor, own } = await coordinated(redis);
    const isolating = isolatingShards(executor);
    const poison = shardOf(4);
    stranger(redis, own, ({ units }, honest) => {
      if (units.some(({ unitId }) => unitId === 9)) throw new Error("it dies of this");
      return honest;
    });
    const [with9, other] = await Promise.all([isolating.refine(poison), isolating.refine(shardOf(3))]);
    const whole = await INLINE.refine(poison);
    expect(with9).toEqual({
      units: [
        whole.units[0],
        { unitId: 9, ok: false, code: "refinement-failed", message: "no worker finished it: it dies of this" },
      ],
      grants: whole.grants,
    });
    expect(other).toEqual(await INLINE.refine(shardOf(3)));
    await isolating.close();
  });

  test("goes on with what an earlier attempt at the run has asked", async () => {
    const first = await coordinated(redis);
    const asked = Promise.allSettled(ten.map((shard) => first.executor.refine(shard)));
    const shards = new Queue(QUEUES.shards, { connection: redis.client, prefix: first.own });
    await until(async () => (await shards.getWaitingCount()) === 10);
    first.executor.leave();
    expect((await asked).map(({ status }) => status)).toEqual(ten.map(() => "rejected"));
    const second = await coordinated(redis, {}, first.run);
    expect(second.own).toBe(first.own);
    const found = Promise.all(ten.slice(5).map((shard) => second.executor.refine(shard)));
    stranger(redis, second.own, (_, honest) => honest);
    expect(await found).toEqual(await Promise.all(ten.slice(5).map((shard) => INLINE.refine(shard))));
    expect(second.executor.report().members).toMatchObject([{ shards: 5 }]); // what nobody asks any more is not done
    await second.executor.close();
  });
});

test.runIf(HAS_REDIS)(
  "the queue has nothing left of a run that is over, and all that anybody else has put there",
  async () => {
    const redis = await startRedis();
    await redis.client.mset("leastwise", "mine", "test:runs-of-others", "theirs", "bull:shards:1", "a job");
    const { executor } = await coordinated(redis);
    const { told, stop } = await served(redis, { worker: "tidy:1" });
    await Promise.all(ten.map((shard) => executor.refine(shard)));
    await executor.close();
    await until(() => told.some((line) => /10 shards, 20 units/.test(line)));
    const left = async (): Promise<readonly string[]> => (await redis.client.keys("*")).sort();
    await stop();
    await until(async () => (await left()).length <= 3); // a worker that did not know yet has left a key that goes by itself
    expect(await left()).toEqual(["bull:shards:1", "leastwise", "test:runs-of-others"]);
  },
);
