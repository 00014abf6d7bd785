import type { Engine, OutcomeRows, Shard } from "@leastwise/core";
import { PartAnswers, openForReading } from "@leastwise/store";
import { reasonOf } from "../reason.ts";
import { structureProblem } from "../queue/structure.ts";
import { type FailingAnswer, checkOutcome } from "../recheck/check-outcome.ts";
import { shapeProblem } from "../recheck/shape-problem.ts";
import { threadEngine } from "./refine-shards.ts";

/** Units whose answers are to be taken over from a part. */
export interface TakeTask {
  /** Of the part's database. */
  readonly path: string;
  readonly shard: Shard;
  /** The units whose answers are held against their questions; of the others only the form is looked at. */
  readonly checked: "all" | ReadonlySet<number>;
}

/** What a part says of a shard and what holds of that. */
export interface TakenAnswers {
  /** The places in the shard of the units that are answered here. */
  readonly places: readonly number[];
  /** Of these units, in their order. */
  readonly outcome: OutcomeRows;
  /** How many of them nobody has held against its question. */
  readonly unchecked: number;
  /** What the part says, and what does not hold: it stays open. */
  readonly refused: readonly FailingAnswer[];
}

/** The parts that a thread reads from, each on one connection. */
export class OpenParts {
  readonly #open = new Map<string, PartAnswers>();

  answersOf(path: string): PartAnswers {
    const known = this.#open.get(path);
    if (known !== undefined) return known;
    if (this.#open.size >= MOST_OPEN) this.close();
    const answers = new PartAnswers(openForReading(path));
    this.#open.set(path, answers);
    return answers;
  }

  close(): void {
    for (const answers of this.#open.values()) answers.close();
    this.#open.clear();
  }
}

/** Parts are taken over one after another, so the one before is of use for a moment only. */
const MOST_OPEN = 2;

const parts = new OpenParts();

/**
 * Worker task: finds the answers of a part and holds against their questions those that are asked for, all where one has not even the form of
 * an answer. What the part does not say stays open.
 */
export default function takeAnswers(task: TakeTask): TakenAnswers {
  return takeWith(threadEngine(), parts, task);
}

export function takeWith(engine: Engine, open: OpenParts, { path, shard, checked }: TakeTask): TakenAnswers {
  try {
    const { places, outcome } = open.answersOf(path).of(shard);
    const found = { ...shard, units: places.map((place) => shard.units[place]!) }; // they are the shard's
    const isDrawn =
      checked === "all" || shapeProblem(outcome) !== null || structureProblem(found, outcome) !== null
        ? () => true
        : ({ unitId }: { readonly unitId: number }) => checked.has(unitId);
    const drawn = { ...found, units: found.units.filter(isDrawn) };
    const refused = checkOutcome(engine, drawn, { ...outcome, units: outcome.units.filter(isDrawn) });
    const unchecked = places.length - drawn.units.length;
    if (refused.length === 0) return { places, outcome, unchecked, refused };
    const bad = new Set(refused.map(({ unitId }) => unitId));
    const units = outcome.units.filter(({ unitId }) => !bad.has(unitId));
    const good = places.filter((place) => !bad.has(shard.units[place]!.unitId)); // see above
    const documents = new Set(good.map((place) => shard.units[place]!.document));
    const grants = outcome.grants.filter(({ document }) => documents.has(document));
    return { places: good, outcome: { units, grants }, unchecked, refused };
  } catch (error) {
    return noneTaken(shard, `the part cannot be read: ${reasonOf(error)}`);
  }
}

/** Nothing of a shard is taken over, for one reason. */
export function noneTaken({ units }: Shard, reason: string): TakenAnswers {
  const refused = units.map(({ unitId }) => ({ unitId, reasons: [reason] }));
  return { places: [], outcome: { units: [], grants: [] }, unchecked: 0, refused };
}
