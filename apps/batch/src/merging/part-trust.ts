import { randomInt } from "node:crypto";
import type { Unit } from "@leastwise/core";
import { type Connection, closeWriting } from "@leastwise/store";

/** Whether one of so many in a hundred is chosen. */
export type Draw = (percent: number) => boolean;

/** Nobody can foresee it. */
export function drawnAtRandom(percent: number): boolean {
  return randomInt(1_000_000) < percent * 10_000;
}

/**
 * Which answers of parts are held against their questions. Once one of a part does not hold, all of that part are, and what had been taken from
 * it unchecked is not to stay: what a document grants stands in the merged database once, whoever said it first, so that is begun anew.
 */
export class PartTrust {
  readonly #percent: number;
  readonly #draw: Draw;
  #isBelievedBefore: boolean;
  readonly #doubted = new Set<string>();
  readonly #believed = new Set<string>();

  /**
   * @param percent how many answers of a part that is not doubted are checked, from 0 to 100
   * @param isBelievedBefore whether an interrupted merge may have taken over answers of any part unchecked
   */
  constructor(percent: number, isBelievedBefore = false, draw: Draw = drawnAtRandom) {
    this.#percent = percent;
    this.#isBelievedBefore = isBelievedBefore;
    this.#draw = draw;
  }

  /** Whether every answer is checked, whatever becomes of the parts. */
  get checksAll(): boolean {
    return this.#percent >= 100;
  }

  /** The units whose answers are checked, each drawn by itself: a part with many wrong answers is found all the sooner. */
  drawn(path: string, units: readonly Unit[]): "all" | ReadonlySet<number> {
    if (this.checksAll || this.#doubted.has(path)) return "all";
    return new Set(units.filter(() => this.#draw(this.#percent)).map(({ unitId }) => unitId));
  }

  /** Something of this part has been taken over unchecked. */
  believe(path: string): void {
    this.#believed.add(path);
  }

  /** An answer of this part does not hold. */
  doubt(path: string): void {
    this.#doubted.add(path);
  }

  /** Whether answers of a part that is doubted now have been taken over unchecked. */
  isToRepeat(): boolean {
    return [...this.#doubted].some((path) => this.#isBelievedBefore || this.#believed.has(path));
  }

  /** The merged database is as it was in the beginning; who is doubted stays so. */
  beginAnew(): void {
    this.#isBelievedBefore = false;
    this.#believed.clear();
  }
}

/**
 * Merges, and again from the beginning as long as something was taken unchecked from a part that turned out not to hold. At most as many times as
 * there are parts, and once more. Gives the connection that is open in the end; after an exception none is.
 *
 * @param renewed the database as it was in the beginning
 */
export async function untilTrusted<T>(
  begun: Connection,
  trust: PartTrust,
  round: (db: Connection) => Promise<T>,
  renewed: () => Promise<Connection>,
): Promise<{ readonly db: Connection; readonly result: T }> {
  let db = begun;
  try {
    for (;;) {
      const result = await round(db);
      if (!trust.isToRepeat()) return { db, result };
      closeWriting(db);
      db = await renewed();
      trust.beginAnew();
    }
  } catch (error) {
    if (db.open) db.close();
    throw error;
  }
}
