import type { MessagePort } from "node:worker_threads";
import { type OutcomeRows, type Shard, type UsageBatch, type UsageOutcome, settleBatch } from "@leastwise/core";
import { Piscina } from "piscina";
import { type FailingAnswer, checkOutcome } from "../recheck/check-outcome.ts";
import type { ServedShard, ShardTask } from "../queue/shard-task.ts";
import { allowanceOf } from "./allowance.ts";
import type { CheckTask } from "./check-outcomes.ts";
import hashFiles, { type HashTask } from "./hash-files.ts";
import { partsFrom } from "./parts-from.ts";
import { type LargeTask, readInParts } from "./read-large-file.ts";
import readFiles, { type ReadBatch, type ReadTask } from "./read-files.ts";
import { engineOf, refineToRows } from "./refine-shards.ts";
import { serveShard } from "./serve-shards.ts";
import { settlingContextOf } from "./settle-usage.ts";
import { OpenParts, type TakeTask, type TakenAnswers, takeWith } from "./take-answers.ts";
import { TaskFault, outOfMemory } from "./task-fault.ts";
import { turnsFor } from "./turns.ts";
import type { WorkerLimits } from "./worker-limits.ts";
import splitPolicies, { type SplitOutcome, type SplitTask } from "./split-policies.ts";

/** Where shards are refined. All give the same rows for the same shard; they differ in where that happens. */
export interface ShardExecutor {
  /** How many tasks are worth having under way at once. */
  readonly width: number;
  refine(shard: Shard): Promise<OutcomeRows>;
  /** Ends what it holds: threads, so that their memory is free, or connections. */
  close(): Promise<void>;
}

/** Where work is done that stays on this host. All executors give the same results for the same work. A task after `close` begins new threads. */
export interface Executor extends ShardExecutor {
  read(task: ReadTask): Promise<ReadBatch>;
  /** The hashes of the bytes of files, for each its own; null where there is none. */
  hash(task: HashTask): Promise<readonly (string | null)[]>;
  /** What a large file says, in parts. Begins at once; few parts are made before they are taken. */
  readLarge(task: LargeTask): AsyncIterable<ReadBatch>;
  settle(batch: UsageBatch): Promise<readonly UsageOutcome[]>;
  /** What somebody else says that a shard comes to, held against it; nothing is told where it is what `refine` would give. */
  check(task: CheckTask): Promise<readonly FailingAnswer[]>;
  /** Refines a shard as it stands in a queue. */
  serve(task: ShardTask): Promise<ServedShard>;
  split(task: SplitTask): Promise<readonly SplitOutcome[]>;
}

/** One whose threads can also take answers over from a part of a run that was refined elsewhere. */
export interface MergeExecutor extends Executor {
  take(task: TakeTask): Promise<TakenAnswers>;
}

const YOUNG_HEAP_MB = 24;
/**
 * A pool of threads; the catalog image is shared, not copied. The heap limit keeps V8 from letting garbage pile up because the
 * machine has room for it. A thread that needs more than its limits is ended and another one takes its place; its task fails with a
 * TaskFault. Time begins when a thread takes the task.
 */
export function poolExecutor(
  image: SharedArrayBuffer,
  threads: number,
  { memoryMb, youngMb = YOUNG_HEAP_MB, taskSeconds }: WorkerLimits,
): MergeExecutor {
  const begin = (): Piscina<unknown, unknown> => {
    const made = new Piscina<unknown, unknown>({
      minThreads: threads,
      maxThreads: threads,
      idleTimeout: Infinity,
      atomics: "sync",
      recordTiming: false,
      workerData: { image },
      resourceLimits: { maxOldGenerationSizeMb: memoryMb, maxYoungGenerationSizeMb: youngMb },
    });
    made.on("error", () => {
      if (pool === made) pool = null; // a thread that ends without a task has not even begun: the pool would wait for it for ever
      void made.destroy();
    });
    return made;
  };
  let pool: Piscina<unknown, unknown> | null = begin();
  const turns = turnsFor(threads);
  const faultOf = (error: unknown, isSpent: boolean): unknown => {
    if (isSpent) return new TaskFault("out-of-time", `it takes longer than ${taskSeconds} s`);
    if ((error as { readonly code?: unknown }).code !== "ERR_WORKER_OUT_OF_MEMORY") return error;
    return outOfMemory(memoryMb, { cause: error });
  };
  const run = async (task: unknown, name: string, abort: AbortController, port?: MessagePort): Promise<unknown> => {
    try {
      const filename = new URL(`./${name}.js`, import.meta.url).href;
      return await (pool ??= begin()).run(task, {
        filename,
        signal: abort.signal,
        ...(port === undefined ? {} : { transferList: [port] }),
      });
    } catch (error) {
      throw faultOf(error, abort.signal.aborted);
    }
  };
  const work = (task: unknown, name: string): Promise<unknown> =>
    turns.take(async () => {
      const abort = new AbortController();
      const allowance = allowanceOf(taskSeconds, () => abort.abort());
      allowance.begin();
      try {
        return await run(task, name, abort);
      } finally {
        allowance.end();
      }
    });
  return {
    width: 2 * threads, // one under way and one waiting for each thread
    read: async (task) => (await work(task, "read-files")) as ReadBatch, // the worker's return type, here and below
    hash: async (task) => (await work(task, "hash-files")) as readonly (string | null)[],
    readLarge: (task) => {
      const abort = new AbortController();
      const begun = (port: MessagePort, running: () => void): Promise<unknown> =>
        turns.take(() => {
          running();
          return run({ ...task, port }, "read-large-file", abort, port);
        });
      return partsFrom<ReadBatch>(
        begun,
        allowanceOf(taskSeconds, () => abort.abort()),
      );
    },
    settle: async (batch) => (await work(batch, "settle-usage")) as readonly UsageOutcome[],
    refine: async (shard) => (await work(shard, "refine-shards")) as OutcomeRows,
    check: async (task) => (await work(task, "check-outcomes")) as readonly FailingAnswer[],
    serve: async (task) => (await work(task, "serve-shards")) as ServedShard,
    split: async (task) => (await work(task, "split-policies")) as readonly SplitOutcome[],
    take: async (task) => (await work(task, "take-answers")) as TakenAnswers,
    close: async () => {
      const ending = pool;
      pool = null;
      turns.refuse(new Error("the threads have been ended"));
      await ending?.destroy();
    },
  };
}

/** This thread: the serial twin of the pool, for tests and for looking at a problem in a debugger. */
export function inlineExecutor(image: ArrayBufferLike): MergeExecutor {
  const engine = engineOf(image);
  const context = settlingContextOf(image);
  const parts = new OpenParts();
  return {
    width: 1,
    read: readFiles,
    hash: (task) => Promise.resolve(hashFiles(task)),
    readLarge: readInParts,
    settle: (batch) => Promise.resolve(settleBatch(context, batch)),
    refine: (shard) => Promise.resolve(refineToRows(engine, shard)),
    check: ({ shard, outcome }) => Promise.resolve(checkOutcome(engine, shard, outcome)),
    serve: (task) => Promise.resolve(serveShard(engine, task)),
    split: (task) => Promise.resolve(splitPolicies(task)),
    take: (task) => Promise.resolve(takeWith(engine, parts, task)),
    close: () => Promise.resolve(parts.close()),
  };
}
