import {
  type Connection,
  type FinishedShard,
  OutcomeWriter,
  type Run,
  type Share,
  countUnits,
  readShards,
  shardLimits,
} from "@leastwise/store";
import type { PartTrust } from "../merging/part-trust.ts";
import type { Progress } from "../progress.ts";
import { reasonOf } from "../reason.ts";
import type { FailingAnswer } from "../recheck/check-outcome.ts";
import type { MergeExecutor } from "../workers/executor.ts";
import { mapInOrder } from "../workers/in-order.ts";
import { type TakeTask, type TakenAnswers, noneTaken } from "../workers/take-answers.ts";

/** A part to take over from. */
export interface PartFile {
  readonly path: string;
  readonly share: Share;
}

/** An answer of a part that did not hold. */
export interface RefusedAnswer extends FailingAnswer {
  /** Of the part. */
  readonly path: string;
}

/** What came of taking over. */
export interface TakenOver {
  readonly units: number;
  /** Of these, how many nobody has held against their questions. */
  readonly unchecked: number;
  /** How many answers did not hold, and the first of them. */
  readonly refused: number;
  readonly refusedFirst: readonly RefusedAnswer[];
}

/** Shards are committed together up to this many units, as when they are refined. */
const UNITS_PER_COMMIT = 1000;
/** More would be read by nobody. */
const MOST_TOLD = 100;

/**
 * Takes over what the parts have answered of the open units of a run, part by part. Workers find and check the answers, this thread writes
 * them; what a part does not say, or what does not hold, stays open, and of whom that came is checked altogether from then on.
 */
export async function takeAnswers(
  db: Connection,
  run: Run,
  parts: readonly PartFile[],
  executor: MergeExecutor,
  progress: Progress,
  trust: PartTrust,
): Promise<TakenOver> {
  const writer = new OutcomeWriter(db, run);
  const { open } = countUnits(db, run);
  progress.enter("merging", "units", open, 0);
  const refusedFirst: RefusedAnswer[] = [];
  let [units, unchecked, refused] = [0, 0, 0];
  for (const { path, share } of parts) {
    let [done, pending, refusedNow]: [FinishedShard[], number, number] = [[], 0, 0];
    const commit = (): void => {
      writer.write(done);
      progress.advance(pending, refusedNow);
      [done, pending, refusedNow] = [[], 0, 0];
    };
    const work = ({ shard }: { readonly shard: TakeTask["shard"] }): Promise<TakenAnswers> =>
      take(executor, { path, shard, checked: trust.drawn(path, shard.units) });
    for await (const { item, result } of mapInOrder(
      readShards(db, run, shardLimits(open), share),
      executor.width,
      work,
    )) {
      const { shard, documentIds } = item;
      const taken = result.places.map((place) => shard.units[place]!); // they are the shard's
      done.push({ planned: { shard: { ...shard, units: taken }, documentIds }, outcome: result.outcome });
      units += taken.length;
      unchecked += result.unchecked;
      if (result.unchecked > 0) trust.believe(path);
      if (result.refused.length > 0) trust.doubt(path);
      pending += shard.units.length;
      refused += result.refused.length;
      refusedNow += result.refused.length;
      for (const answer of result.refused) if (refusedFirst.length < MOST_TOLD) refusedFirst.push({ ...answer, path });
      if (pending >= UNITS_PER_COMMIT) commit();
    }
    commit();
  }
  return { units, unchecked, refused, refusedFirst };
}

/** An answer that takes a thread more than it may have costs nobody else anything. */
async function take(executor: MergeExecutor, task: TakeTask): Promise<TakenAnswers> {
  try {
    return await executor.take(task);
  } catch (error) {
    const { shard } = task;
    await executor.take({ ...task, shard: { ...shard, units: [] } }); // fails where no answer is to blame
    if (shard.units.length <= 1) return noneTaken(shard, `it cannot be checked: ${reasonOf(error)}`);
    const alone = await Promise.all(
      shard.units.map((unit) => take(executor, { ...task, shard: { ...shard, units: [unit] } })),
    );
    return {
      places: alone.flatMap(({ places }, place) => places.map(() => place)),
      outcome: {
        units: alone.flatMap(({ outcome }) => outcome.units),
        grants: firstOfEach(alone.flatMap(({ outcome }) => outcome.grants)),
      },
      unchecked: alone.reduce((sum, { unchecked }) => sum + unchecked, 0),
      refused: alone.flatMap(({ refused }) => refused),
    };
  }
}

type Grants = TakenAnswers["outcome"]["grants"];

/** Units that were asked about alone say of their document each what it grants. */
function firstOfEach(grants: Grants): Grants {
  return [...new Map(grants.map((grant) => [grant.document, grant])).values()];
}
