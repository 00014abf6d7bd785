import type { OutcomeRows, Shard } from "@leastwise/core";
import { Piscina } from "piscina";
import readFiles, { type FileToRead, type ReadBatch } from "./read-files.ts";
import { engineOf, refineToRows } from "./refine-shards.ts";
import splitPolicies, { type SplitOutcome, type SplitTask } from "./split-policies.ts";

/** Where work is done. All executors give the same results for the same work; they differ in where it runs. */
export interface Executor {
  /** How many tasks are worth having under way at once. */
  readonly width: number;
  read(files: readonly FileToRead[]): Promise<ReadBatch>;
  refine(shard: Shard): Promise<OutcomeRows>;
  split(task: SplitTask): Promise<readonly SplitOutcome[]>;
  close(): Promise<void>;
}

/** Heap of a thread in MB: for its work, and for each MB that it may have to parse at once. */
const HEAP_MB = 128;
const HEAP_MB_PER_PARSED_MB = 16;

/**
 * A pool of threads; the catalog image is shared, not copied. The heap limit keeps V8 from letting garbage pile up because the
 * machine has room for it.
 *
 * @param parsedMb how much a thread may have to parse at once, at the most, in MB (`mostParsedAtOnce`)
 */
export function poolExecutor(image: SharedArrayBuffer, threads: number, parsedMb: number): Executor {
  const pool = new Piscina<unknown, unknown>({
    minThreads: threads,
    maxThreads: threads,
    idleTimeout: Infinity,
    atomics: "sync",
    recordTiming: false,
    workerData: { image },
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB + Math.ceil(HEAP_MB_PER_PARSED_MB * parsedMb) },
  });
  const readWorker = new URL("./read-files.js", import.meta.url).href;
  const refineWorker = new URL("./refine-shards.js", import.meta.url).href;
  const splitWorker = new URL("./split-policies.js", import.meta.url).href;
  return {
    width: 2 * threads, // one under way and one waiting for each thread
    read: async (files) => (await pool.run(files, { filename: readWorker })) as ReadBatch, // the worker's return type
    refine: async (shard) => (await pool.run(shard, { filename: refineWorker })) as OutcomeRows, // the worker's return type
    split: async (task) => (await pool.run(task, { filename: splitWorker })) as readonly SplitOutcome[], // the worker's return type
    close: () => pool.destroy(),
  };
}

/** This thread: the serial twin of the pool, for tests and for looking at a problem in a debugger. */
export function inlineExecutor(image: ArrayBufferLike): Executor {
  const engine = engineOf(image);
  return {
    width: 1,
    read: (files) => readFiles(files),
    refine: (shard) => Promise.resolve(refineToRows(engine, shard)),
    split: (task) => Promise.resolve(splitPolicies(task)),
    close: () => Promise.resolve(),
  };
}
