import { type OutcomeRows, type Shard, type UnitFailure, unsettled } from "@leastwise/core";
import { mergeEvents } from "@leastwise/evidence";
import { answerOf, shardOf } from "../queue/shard-task.ts";
import type { Executor, ShardExecutor } from "./executor.ts";
import { type FileToRead, type ReadBatch, type ReadTask, batchOf, evidenceOf, refusal } from "./read-files.ts";
import type { LargeTask } from "./read-large-file.ts";
import { TaskFault } from "./task-fault.ts";

/** Work that can be done item by item. */
interface Divisible<W, R> {
  readonly whole: W;
  /** With one item each. */
  readonly items: () => readonly W[];
  /** With none: fails only where no item is to blame. */
  readonly nothing: W;
  readonly work: (some: W) => Promise<R>;
  readonly failed: (item: W, fault: Fault) => R;
  /** @param results of the items, in their order */
  readonly joined: (results: readonly R[]) => R;
}

/** What a person is told of an item that cannot be worked on; the code is that of its stage where the item was too much for no limit. */
interface Fault {
  readonly code: TaskFault["code"] | null;
  readonly message: string;
  readonly hint: string;
}

/** What was under way before the threads were ended is not done again. */
interface Closing {
  /** Tells from then on whether they have been ended since. */
  watch(): () => boolean;
  close(): Promise<void>;
}

function closingOf(executor: ShardExecutor): Closing {
  let closings = 0;
  return {
    watch: () => {
      const before = closings;
      return () => closings > before;
    },
    close: () => {
      closings++;
      return executor.close();
    },
  };
}

async function divided<W, R>(
  { whole, items, nothing, work, failed, joined }: Divisible<W, R>,
  isClosed: () => boolean,
): Promise<R> {
  const alone = async (item: W): Promise<R> => {
    try {
      return await work(item);
    } catch (error) {
      if (isClosed()) throw error;
      await work(nothing);
      return failed(item, faultOf(error));
    }
  };
  try {
    return await work(whole);
  } catch (error) {
    if (isClosed()) throw error;
    return joined(await Promise.all(items().map(alone)));
  }
}

/**
 * The same executor, with which a unit that nobody gets done costs no other unit anything. A shard that fails is done once more unit by
 * unit; a unit that fails by itself is told of. Where a shard without any unit fails too, nothing is to blame but the surroundings, and that
 * error stands.
 */
export function isolatingShards(executor: ShardExecutor): ShardExecutor {
  const closing = closingOf(executor);
  return {
    width: executor.width,
    refine: (shard) =>
      divided(
        {
          whole: shard,
          items: () => unitsOf(shard),
          nothing: { ...shard, documents: [], unused: [], units: [] },
          work: (some) => executor.refine(some),
          failed: unanswered,
          joined: (outcomes) => joinedRows(shard, outcomes),
        },
        closing.watch(),
      ),
    close: () => closing.close(),
  };
}

/**
 * The same executor, with which an item that no thread gets done costs nobody else anything. A task that fails is done once more item by
 * item, each with the whole of a thread's limits, so a task that was only too much at once is no failure; an item that fails by itself is
 * told of, and left out. Where a task without any item fails too, nothing is to blame but the surroundings, and that error stands.
 */
export function isolatingExecutor(executor: Executor): Executor {
  const shards = isolatingShards(executor);
  const closing = closingOf(shards);
  const toRead = async function* (task: LargeTask, parts: AsyncIterable<ReadBatch>): AsyncGenerator<ReadBatch> {
    const isClosed = closing.watch();
    let given = false;
    const taken = async function* (some: AsyncIterable<ReadBatch>): AsyncGenerator<ReadBatch> {
      let isAgain = given;
      for await (const part of some) {
        yield isAgain ? { ...part, isInstead: true } : part;
        isAgain = false;
        given = true;
      }
    };
    try {
      return yield* taken(parts);
    } catch (error) {
      if (isClosed()) throw error; // else once more: the thread may have died of something else
    }
    try {
      yield* taken(executor.readLarge({ path: task.path })); // no attempt, as below
    } catch (error) {
      if (isClosed()) throw error;
      await executor.read({ files: [] });
      const said = unreadBatch(task.path, faultOf(error));
      yield given ? { ...said, isInstead: true } : said;
    }
  };
  return {
    width: executor.width,
    read: (task) =>
      divided<ReadTask, ReadBatch>(
        {
          whole: task,
          items: () => task.files.map((file) => ({ files: [file] })), // no attempt: others may have been given its documents meanwhile
          nothing: { files: [] },
          work: (some) => executor.read(some),
          failed: ({ files: [file] }, fault) => unreadBatch(pathOf(file!), fault), // an item has one
          joined: (batches) => ({
            files: batches.flatMap(({ files }) => files),
            events: mergeEvents(batches.map(({ events }) => events)),
          }),
        },
        closing.watch(),
      ),
    hash: (task) =>
      divided(
        {
          whole: task,
          items: () => task.files.map((file) => ({ files: [file] })),
          nothing: { files: [] },
          work: (some) => executor.hash(some),
          failed: () => [null], // so it is read, and what is wrong is told of then
          joined: (hashes) => hashes.flat(),
        },
        closing.watch(),
      ),
    readLarge: (task) => toRead(task, executor.readLarge(task)), // begins at once
    settle: (batch) =>
      divided(
        {
          whole: batch,
          items: () => batch.principals.map((principal) => ({ ...batch, principals: [principal] })),
          nothing: { ...batch, principals: [] },
          work: (some) => executor.settle(some),
          failed: (_, { code, message, hint }) => [unsettled({ code: code ?? "settling-failed", message, hint })],
          joined: (outcomes) => outcomes.flat(),
        },
        closing.watch(),
      ),
    refine: (shard) => shards.refine(shard),
    serve: async (task) => {
      const isClosed = closing.watch();
      try {
        return await executor.serve(task);
      } catch (error) {
        if (isClosed()) throw error;
        const shard = shardOf(task); // it was one, or it would have been said
        return answerOf(shard, await shards.refine(shard));
      }
    },
    check: (task) => executor.check(task), // who cannot be checked is not believed
    split: (task) =>
      divided(
        {
          whole: task,
          items: () => task.policies.map((policy) => ({ ...task, policies: [policy] })),
          nothing: { ...task, policies: [] },
          work: (some) => executor.split(some),
          failed: ({ policies }, { message }) =>
            policies.map(({ unitId }) => ({ unitId, parts: [], problem: message })),
          joined: (outcomes) => outcomes.flat(),
        },
        closing.watch(),
      ),
    close: () => closing.close(),
  };
}

function faultOf(error: unknown): Fault {
  if (error instanceof TaskFault) return error;
  return {
    code: null,
    message: error instanceof Error ? error.message : String(error),
    hint: "please report it: a bug",
  };
}

function pathOf(file: FileToRead): string {
  return typeof file === "string" ? file : file.path;
}

function unreadBatch(path: string, { code, message, hint }: Fault): ReadBatch {
  const reason = code === null ? { code: "reading-failed", message, hint } : { code, message, hint };
  return batchOf(evidenceOf(refusal(path, reason)), undefined, undefined); // without a hash, so that a later run reads it again
}

/** A shard for each unit, with what it asks about. */
function unitsOf(shard: Shard): readonly Shard[] {
  return shard.units.map(({ unitId, document, unused }) => ({
    ...shard,
    documents: [shard.documents[document]!], // its places are inside, here and below
    unused: [shard.unused[unused]!],
    units: [{ unitId, document: 0, unused: 0 }],
  }));
}

function unanswered({ units }: Shard, { code, message }: Fault): OutcomeRows {
  const failed = units.map(({ unitId }): UnitFailure => ({
    unitId,
    ok: false,
    code: code ?? "refinement-failed",
    message,
  }));
  return { units: failed, grants: [] };
}

/** What the shard as a whole would have said: what each document grants once, with the first unit that is answered. */
function joinedRows(shard: Shard, outcomes: readonly OutcomeRows[]): OutcomeRows {
  const told = new Set<number>();
  const grants = outcomes.flatMap((outcome, place) => {
    const { document } = shard.units[place]!; // an outcome for each unit
    if (outcome.grants.length === 0 || told.has(document)) return [];
    told.add(document);
    return outcome.grants.map(({ granted }) => ({ document, granted }));
  });
  return { units: outcomes.flatMap(({ units }) => units), grants };
}
