/** Coordinators and workers in this process, with the built-in catalog. */
import { randomUUID } from "node:crypto";
import { builtInCatalog } from "@leastwise/catalog";
import { DEFAULT_OPTIONS, type OutcomeRows, type PolicyDocument, type Shard, type Unused } from "@leastwise/core";
import type { Run } from "@leastwise/store";
import { type Job, Queue, Worker } from "bullmq";
import { Redis } from "ioredis";
import { afterAll } from "vitest";
import { queueAddress } from "../../dist/queue/connection.js";
import { openConnections } from "../../dist/queue/connections.js";
import { LOCKS } from "../../dist/queue/locks.js";
import { QUEUES, runKeys, runName } from "../../dist/queue/names.js";
import { packed } from "../../dist/queue/packing.js";
import { PROTOCOL, readShard, writeOutcome } from "../../dist/queue/protocol.js";
import type { Coordination, QueueExecutor } from "../../dist/queue/coordination.js";
import { queueExecutor } from "../../dist/queue/queue-executor.js";
import { ServedRuns, type Service } from "../../dist/queue/serve-runs.js";
import { type Executor, inlineExecutor } from "../../dist/workers/executor.js";
import "./redis-server.ts"; // what it registers ends after what is registered here
import type { RedisServer } from "./redis-server.ts";
import "./redis-server.ts"; // so that servers end behind those who talk to them

export const CATALOG: ReturnType<typeof builtInCatalog> = builtInCatalog();
export const INLINE: Executor = inlineExecutor(CATALOG.trie.buffer);
export const PREFIX = "test";

const endings: (() => void | Promise<void>)[] = [];
afterAll(async () => {
  for (const end of endings.reverse()) await end();
});

const WATCH = { away: () => undefined, back: () => undefined, refused: () => undefined };

export interface Coordinated {
  readonly executor: QueueExecutor;
  /** What all keys of its run begin with. */
  readonly own: string;
  readonly run: Run;
  /** Lines for people. */
  readonly told: readonly string[];
  /** Shards that were found here, and outcomes that were held against theirs here. */
  readonly here: { refined: number; checked: number };
}

/** A coordinator, of a run of its own where none is named. */
export async function coordinated(
  redis: RedisServer,
  more: Partial<Coordination> = {},
  of: Run = { runKey: randomUUID(), runId: 1, startedAt: "2026-11-22T00:00:00Z" } as Run, // what names of runs are made from
): Promise<Coordinated> {
  const address = queueAddress(redis.url);
  const told: string[] = [];
  const here = { refined: 0, checked: 0 };
  const local: Executor = {
    ...INLINE,
    refine: (shard) => {
      here.refined++;
      return INLINE.refine(shard);
    },
    check: (task) => {
      here.checked++;
      return INLINE.check(task);
    },
  };
  const executor = await queueExecutor(of, {
    address,
    connections: await openConnections(address, WATCH),
    prefix: PREFIX,
    catalog: CATALOG,
    local,
    inFlight: 16,
    checkPercent: 0,
    tell: (line) => told.push(line),
    tick: () => undefined,
    ...more,
  });
  endings.push(() => executor.leave());
  return { executor, own: runKeys(PREFIX, runName(of)).prefix, run: of, told, here };
}

export interface InProcess {
  readonly runs: ServedRuns;
  readonly told: readonly string[];
  readonly stop: () => Promise<void>;
}

/** A worker as `leastwise worker` is one, with one thread. */
export async function served(redis: RedisServer, more: Partial<Service> = {}): Promise<InProcess> {
  const { client, end } = await openConnections(queueAddress(redis.url), WATCH);
  const told: string[] = [];
  const limits = { memoryMb: 128, taskSeconds: 60 };
  const runs = new ServedRuns({
    client,
    prefix: PREFIX,
    worker: `here:${process.pid}`,
    threads: 1,
    limits,
    tell: (line) => told.push(line),
    ...more,
  });
  runs.serve().catch(() => undefined); // whoever expects that asks for it
  const stop = async (): Promise<void> => {
    await runs.stop();
    end();
  };
  endings.push(stop);
  return { runs, told, stop };
}

/** What a worker of somebody else's makes of a shard: nothing where it does not answer at all. */
export type Answering = (
  shard: Shard,
  honest: OutcomeRows,
  job: Job<unknown, undefined, "shard">,
) =>
  Promise<OutcomeRows | { readonly data: unknown } | undefined> | OutcomeRows | { readonly data: unknown } | undefined;

/** A worker that answers as it likes, under a name of its own. */
export function stranger(
  redis: RedisServer,
  own: string,
  answering: Answering,
  worker = "stranger:1",
): { readonly close: () => Promise<void> } {
  const connection = new Redis(redis.port, { maxRetriesPerRequest: null });
  const outcomes = new Queue(QUEUES.outcomes, { connection, prefix: own });
  const work = async (job: Job<unknown, undefined, "shard">): Promise<undefined> => {
    const { id = "" } = job;
    const shard = readShard(id, job.data);
    const answer = await answering(shard, await INLINE.refine(shard), job);
    if (answer === undefined) return;
    const data = "data" in answer ? answer.data : outcomeData(answer, worker);
    await outcomes.add("outcome", data, { jobId: id, removeOnComplete: true });
  };
  const made = new Worker(QUEUES.shards, work, { connection, prefix: own, ...LOCKS, name: worker });
  connection.on("error", () => undefined); // what matters is what the coordinator makes of it, here and below
  outcomes.on("error", () => undefined);
  made.on("error", () => undefined);
  const close = async (): Promise<void> => {
    await made.close(true);
    await outcomes.close();
    connection.disconnect();
  };
  endings.push(close);
  return { close };
}

/** An outcome as a worker sends it. */
export function outcomeData(outcome: OutcomeRows, worker = "stranger:1"): object {
  return { protocol: PROTOCOL, worker, threads: 1, attempt: 1, ms: 5, body: packed(writeOutcome(outcome)) };
}

/** A shard that asks two questions, not the ones of another number. */
export function shardOf(number: number): Shard {
  const document: PolicyDocument = {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: ["s3:Get*", "sqs:*"], Resource: `arn:aws:s3:::bucket-${number}` }],
  };
  const unused: Unused[] = [
    [{ service: "sqs", whole: true, names: [] }],
    [{ service: "s3", whole: false, names: ["getobject"] }],
  ];
  return {
    catalog: CATALOG.sha256,
    options: DEFAULT_OPTIONS,
    origin: { engineVersion: 1, catalogSource: CATALOG.source, catalogDate: CATALOG.date },
    documents: [{ text: JSON.stringify(document), wantsGrants: true }],
    unused: unused.map((set) => JSON.stringify(set)),
    units: [
      { unitId: 2 * number, document: 0, unused: 0 },
      { unitId: 2 * number + 1, document: 0, unused: 1 },
    ],
  };
}
