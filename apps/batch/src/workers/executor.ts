import type { MessagePort } from "node:worker_threads";
import { type OutcomeRows, type Shard, type UsageBatch, type UsageOutcome, settleBatch } from "@leastwise/core";
import { Piscina } from "piscina";
import hashFiles, { type HashTask } from "./hash-files.ts";
import { partsFrom } from "./parts-from.ts";
import { type LargeTask, readInParts } from "./read-large-file.ts";
import readFiles, { type ReadBatch, type ReadTask } from "./read-files.ts";
import { engineOf, refineToRows } from "./refine-shards.ts";
import { settlingContextOf } from "./settle-usage.ts";
import splitPolicies, { type SplitOutcome, type SplitTask } from "./split-policies.ts";

/** Where work is done. All executors give the same results for the same work; they differ in where it runs. */
export interface Executor {
  /** How many tasks are worth having under way at once. */
  readonly width: number;
  read(task: ReadTask): Promise<ReadBatch>;
  /** The hashes of the bytes of files, for each its own; null where there is none. */
  hash(task: HashTask): Promise<readonly (string | null)[]>;
  /** What a large file says, in parts. Begins at once; few parts are made before they are taken. */
  readLarge(task: LargeTask): AsyncIterable<ReadBatch>;
  settle(batch: UsageBatch): Promise<readonly UsageOutcome[]>;
  refine(shard: Shard): Promise<OutcomeRows>;
  split(task: SplitTask): Promise<readonly SplitOutcome[]>;
  /** Ends the threads, so that their memory is free; a later task would begin new ones. */
  close(): Promise<void>;
}

/** Heap of a thread in MB: for its work, and for each MB that it may have to parse at once. */
const HEAP_MB = 128;
const HEAP_MB_PER_PARSED_MB = 16;
/** What is new in it, in MB: half of what V8 takes by itself, which costs 1 % more CPU and saves 20 MB a thread. */
const YOUNG_HEAP_MB = 24;

/**
 * A pool of threads; the catalog image is shared, not copied. The heap limit keeps V8 from letting garbage pile up because the
 * machine has room for it.
 *
 * @param parsedMb how much a thread may have to parse at once, at the most, in MB (`mostParsedAtOnce`)
 */
export function poolExecutor(image: SharedArrayBuffer, threads: number, parsedMb: number): Executor {
  const begin = (): Piscina<unknown, unknown> =>
    new Piscina<unknown, unknown>({
      minThreads: threads,
      maxThreads: threads,
      idleTimeout: Infinity,
      atomics: "sync",
      recordTiming: false,
      workerData: { image },
      resourceLimits: {
        maxOldGenerationSizeMb: HEAP_MB + Math.ceil(HEAP_MB_PER_PARSED_MB * parsedMb),
        maxYoungGenerationSizeMb: YOUNG_HEAP_MB,
      },
    });
  let pool: Piscina<unknown, unknown> | null = begin();
  const work = (task: unknown, filename: string, transferList: readonly MessagePort[] = []): Promise<unknown> =>
    (pool ??= begin()).run(task, { filename, transferList });
  const readWorker = new URL("./read-files.js", import.meta.url).href;
  const hashWorker = new URL("./hash-files.js", import.meta.url).href;
  const largeWorker = new URL("./read-large-file.js", import.meta.url).href;
  const settleWorker = new URL("./settle-usage.js", import.meta.url).href;
  const refineWorker = new URL("./refine-shards.js", import.meta.url).href;
  const splitWorker = new URL("./split-policies.js", import.meta.url).href;
  return {
    width: 2 * threads, // one under way and one waiting for each thread
    read: async (task) => (await work(task, readWorker)) as ReadBatch, // the worker's return type
    hash: async (task) => (await work(task, hashWorker)) as readonly (string | null)[], // the worker's return type
    readLarge: (task) => partsFrom<ReadBatch>((port) => work({ ...task, port }, largeWorker, [port])),
    settle: async (batch) => (await work(batch, settleWorker)) as readonly UsageOutcome[], // the worker's return type
    refine: async (shard) => (await work(shard, refineWorker)) as OutcomeRows, // the worker's return type
    split: async (task) => (await work(task, splitWorker)) as readonly SplitOutcome[], // the worker's return type
    close: async () => {
      const ending = pool;
      pool = null;
      await ending?.destroy();
    },
  };
}

/** This thread: the serial twin of the pool, for tests and for looking at a problem in a debugger. */
export function inlineExecutor(image: ArrayBufferLike): Executor {
  const engine = engineOf(image);
  const context = settlingContextOf(image);
  return {
    width: 1,
    read: readFiles,
    hash: (task) => Promise.resolve(hashFiles(task)),
    readLarge: readInParts,
    settle: (batch) => Promise.resolve(settleBatch(context, batch)),
    refine: (shard) => Promise.resolve(refineToRows(engine, shard)),
    split: (task) => Promise.resolve(splitPolicies(task)),
    close: () => Promise.resolve(),
  };
}
