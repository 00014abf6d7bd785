import { randomInt } from "node:crypto";
import type { OutcomeRows, Shard } from "@leastwise/core";
import type { Run } from "@leastwise/store";
import { type Job, Queue, Worker } from "bullmq";
import type { Redis } from "ioredis";
import { ENGINE_VERSION, VERSION } from "../version.ts";
import { type Turns, turnsFor } from "../workers/turns.ts";
import type { Connections } from "./connections.ts";
import type { Coordination, FleetReport, QueueExecutor } from "./coordination.ts";
import { Fleet } from "./fleet.ts";
import { LOCKS } from "./locks.ts";
import { lookAtRun } from "./look-at-run.ts";
import { QUEUES, type RunKeys, runKeys, runName, runsKey } from "./names.ts";
import { isWithin, packed } from "./packing.ts";
import {
  type Notice,
  type OutcomeJob,
  PROTOCOL,
  type ShardJob,
  readOutcome,
  readOutcomeJob,
  writeShard,
} from "./protocol.ts";
import { structureProblem } from "./structure.ts";
import { toldCatalog } from "./told-catalog.ts";
import { Trust } from "./trust.ts";

const LOOK_MS = 1000;
const NOBODY_AFTER_MS = 10_000;
const NOBODY_EVERY_MS = 60_000;
/** A worker whose last outcome is here already has to say only that it has finished. */
const FINISHING_MS = 1000;

/** A shard that was sent. */
interface Awaited {
  readonly body: string;
  readonly answer: (answer: Answer) => void;
  readonly fail: (error: Error) => void;
}

type Answer =
  { readonly of: OutcomeJob; readonly outcome: OutcomeRows } | { readonly of: OutcomeJob; readonly problem: string };

/**
 * Sends the shards of a run to whoever works at the queue. Not isolating: a shard that workers held and did not finish, again and again,
 * fails.
 */
export async function queueExecutor(run: Run, coordination: Coordination): Promise<QueueExecutor> {
  const coordinator = new Coordinator(run, coordination, toldCatalog(coordination.catalog));
  await coordinator.begin();
  return coordinator;
}

class Coordinator implements QueueExecutor {
  readonly width: number;
  readonly #coordination: Coordination;
  readonly #connections: Connections;
  readonly #redis: Redis;
  readonly #name: string;
  readonly #keys: RunKeys;
  readonly #notice: Omit<Notice, "refused">;
  readonly #catalog: string;
  readonly #shards: Queue<ShardJob, undefined, "shard">;
  readonly #outcomes: Worker<unknown, undefined, "outcome">;
  readonly #awaited = new Map<string, Awaited>();
  readonly #turns: Turns;
  readonly #fleet = new Fleet();
  readonly #trust: Trust;
  #looking: NodeJS.Timeout | undefined;
  #failure: Error | undefined;
  #isEnded = false;
  #isAsking = false;
  #checked = 0;
  /** Since when nobody has held a shard. */
  #idleSince = performance.now();
  #toldAt = -Infinity;

  constructor(run: Run, coordination: Coordination, catalog: string) {
    const { prefix, inFlight, checkPercent, connections } = coordination;
    const { sha256, source, date } = coordination.catalog;
    this.width = inFlight;
    this.#coordination = coordination;
    this.#connections = connections;
    this.#redis = connections.client;
    this.#name = runName(run);
    this.#keys = runKeys(prefix, this.#name);
    this.#catalog = catalog;
    this.#notice = {
      protocol: PROTOCOL,
      engineVersion: ENGINE_VERSION,
      toolVersion: VERSION,
      catalog: sha256,
      catalogSource: source,
      catalogDate: date,
      startedAt: run.startedAt,
    };
    this.#turns = turnsFor(inFlight);
    this.#trust = new Trust(checkPercent, (percent) => randomInt(1_000_000) < percent * 10_000);
    const shared = { connection: this.#redis, prefix: this.#keys.prefix };
    this.#shards = new Queue(QUEUES.shards, {
      ...shared,
      streams: { events: { maxLen: 100 } }, // nobody reads them
      defaultJobOptions: {
        attempts: 3,
        backoff: { type: "exponential", delay: 1000 },
        removeOnComplete: true,
        removeOnFail: false, // until it is seen here
        stackTraceLimit: 1,
      },
    });
    const take = (job: Job<unknown, undefined, "outcome">): Promise<undefined> => Promise.resolve(this.#take(job));
    this.#outcomes = new Worker(QUEUES.outcomes, take, {
      ...shared,
      ...LOCKS,
      autorun: false,
      concurrency: Math.min(inFlight, 16),
      removeOnComplete: { count: 0 },
      removeOnFail: { count: 0 },
    });
    this.#shards.on("error", () => undefined); // of the connection, which is told of already; else the next look finds it, here and below
    this.#outcomes.on("error", () => undefined);
  }

  /** Takes away what an earlier attempt at the run asked and nobody has taken, makes the run known and begins to listen. */
  async begin(): Promise<void> {
    await this.#shards.waitUntilReady();
    await this.#shards.drain(true);
    await this.#shards.clean(0, 0, "failed");
    await this.#publish();
    void this.#outcomes.run().catch((error: unknown) => this.fail(error as Error)); // BullMQ throws errors
    this.#lookLater();
  }

  refine(shard: Shard): Promise<OutcomeRows> {
    this.#isAsking = true;
    return this.#turns.take(async () => {
      const { key, text } = writeShard(shard);
      const { local } = this.#coordination;
      if (!isWithin("shard", text)) return local.refine(shard);
      return this.#believed(shard, await this.#answered(key, packed(text)));
    });
  }

  report(): FleetReport {
    return { members: this.#fleet.members(), checked: this.#checked, ...this.#trust.found() };
  }

  notes(): readonly string[] {
    return this.#isEnded || !this.#isAsking ? [] : this.#fleet.notes();
  }

  fail(error: Error): void {
    this.#failure ??= error;
    for (const { fail } of this.#awaited.values()) fail(error);
    this.#awaited.clear();
  }

  /** The run has all its answers: nothing of it stays in Redis. */
  async close(): Promise<void> {
    if (this.#isEnded) return;
    this.#end();
    await this.#outcomes.close();
    await this.#redis
      .multi()
      .srem(runsKey(this.#coordination.prefix), this.#name)
      .del(this.#keys.about, this.#keys.catalog)
      .exec();
    const until = performance.now() + FINISHING_MS;
    while ((await this.#shards.getActiveCount()) > 0 && performance.now() < until)
      await new Promise((resolve) => setTimeout(resolve, 20));
    await this.#shards.obliterate({ force: true });
    const outcomes = new Queue(QUEUES.outcomes, { connection: this.#redis, prefix: this.#keys.prefix });
    await outcomes.obliterate({ force: true });
    await Promise.all([outcomes.close(), this.#shards.close()]);
    this.#connections.end();
  }

  leave(): void {
    if (this.#isEnded) return;
    this.#end();
    this.#connections.end();
  }

  #end(): void {
    this.#isEnded = true;
    clearTimeout(this.#looking);
    this.fail(new Error("the run does not ask any more"));
  }

  #answered(key: string, body: string): Promise<Answer> {
    return new Promise<Answer>((resolve, reject) => {
      if (this.#failure !== undefined) {
        reject(this.#failure);
        return;
      }
      const same = this.#awaited.get(key); // somebody else waits for the very same
      this.#awaited.set(key, {
        body,
        answer: (answer) => {
          same?.answer(answer);
          resolve(answer);
        },
        fail: (error) => {
          same?.fail(error);
          reject(error);
        },
      });
      this.#send(key, body).catch((error: unknown) => this.fail(error as Error)); // ioredis throws errors
    });
  }

  async #send(key: string, body: string): Promise<void> {
    await this.#shards.add("shard", { protocol: PROTOCOL, body }, { jobId: key });
  }

  /** An outcome has come. It is acknowledged at once: what is lost with this process is asked for again by the next one. */
  #take({ id = "", data }: Job<unknown, undefined, "outcome">): undefined {
    const awaited = this.#awaited.get(id);
    if (awaited === undefined) return undefined; // delivered twice, or asked for by an earlier attempt
    const nobody: OutcomeJob = { protocol: PROTOCOL, worker: "unknown", threads: 0, attempt: 1, ms: 0, body: "" };
    let of = nobody;
    let answer: Answer;
    try {
      of = readOutcomeJob(data);
      answer = { of, outcome: readOutcome(of.body) };
    } catch (error) {
      answer = { of, problem: (error as Error).message }; // a ProtocolError
    }
    this.#awaited.delete(id);
    awaited.answer(answer);
  }

  /** What the outcome says where it can be believed; else what is found here. */
  async #believed(shard: Shard, answer: Answer): Promise<OutcomeRows> {
    const { local } = this.#coordination;
    const { worker } = answer.of;
    if (this.#trust.isRefused(worker)) {
      this.#fleet.refused(worker);
      return local.refine(shard);
    }
    const problem = "problem" in answer ? answer.problem : await this.#problemOf(shard, answer.outcome);
    if (problem !== null || "problem" in answer) {
      await this.#refuse(worker, problem ?? "");
      return local.refine(shard);
    }
    this.#fleet.took(answer.of, shard.units.length);
    // what a worker could not do may be done with the limits that this run has, and only then is it a failure
    return answer.outcome.units.every(({ ok }) => ok) ? answer.outcome : local.refine(shard);
  }

  async #problemOf(shard: Shard, outcome: OutcomeRows): Promise<string | null> {
    const problem = structureProblem(shard, outcome);
    if (problem !== null) return problem;
    if (!this.#trust.isToCheck()) {
      this.#trust.believe(shard.units);
      return null;
    }
    this.#checked++;
    const [failing] = await this.#coordination.local.check({ shard, outcome });
    return failing === undefined ? null : `unit ${failing.unitId}: ${failing.reasons.join(", ")}`;
  }

  async #refuse(worker: string, problem: string): Promise<void> {
    this.#fleet.refused(worker);
    if (!this.#trust.refuse(worker)) return;
    this.#coordination.tell(
      `an outcome of worker ${worker} does not hold (${problem}); nothing is taken from it any more, and every outcome is checked from now on`,
    );
    await this.#publish();
  }

  #lookLater(): void {
    this.#looking = setTimeout(() => {
      this.#look()
        .catch((error: unknown) => this.fail(error as Error)) // ioredis throws errors
        .finally(() => {
          if (!this.#isEnded) this.#lookLater();
        });
    }, LOOK_MS);
  }

  /**
   * Looks what became of the shards that are awaited: asks again for those that are neither asked nor answered, which a server that
   * forgets leaves, and gives up those that failed for good.
   */
  async #look(): Promise<void> {
    const { prefix, tick } = this.#coordination;
    const { isKnown, shards } = await lookAtRun(this.#redis, prefix, this.#name, [...this.#awaited.keys()]);
    if (this.#isEnded) return;
    if (!isKnown) await this.#publish();
    const holders: string[] = [];
    for (const [key, seen] of shards) {
      const awaited = this.#awaited.get(key);
      if (awaited === undefined) continue;
      if (seen.is === "failed") await this.#giveUp(key, awaited, seen.reason);
      else if (seen.is === "lost") await this.#send(key, awaited.body);
      else if (seen.is === "held") holders.push(seen.worker);
    }
    this.#fleet.see(holders);
    this.#tellOfNobody(holders.length);
    tick();
  }

  async #giveUp(key: string, { fail }: Awaited, reason: string): Promise<void> {
    this.#awaited.delete(key);
    await this.#shards.remove(key);
    fail(new Error(`no worker finished it: ${reason}`));
  }

  #tellOfNobody(held: number): void {
    const now = performance.now();
    if (held > 0 || this.#awaited.size === 0 || this.#fleet.present > 0) this.#idleSince = now;
    if (now - this.#idleSince < NOBODY_AFTER_MS || now - this.#toldAt < NOBODY_EVERY_MS) return;
    this.#toldAt = now;
    const { address, tell } = this.#coordination;
    tell(`no worker takes shards: start \`leastwise worker --queue ${address.shown}\``);
  }

  async #publish(): Promise<void> {
    const notice: Notice = { ...this.#notice, refused: this.#trust.found().refused };
    const { about, catalog } = this.#keys;
    await this.#redis
      .multi()
      .set(catalog, this.#catalog)
      .set(about, JSON.stringify(notice))
      .sadd(runsKey(this.#coordination.prefix), this.#name)
      .exec();
  }
}
