import type { IntervalSet } from "@leastwise/core";
import type { Connection } from "../../database.ts";

/** From the least to the most weighty. What a catalog calls otherwise weighs least. */
const BY_WEIGHT = ["Unknown", "List", "Read", "Write", "Tagging", "Permissions management"];

/** What a catalog's rows say of actions by their ids, so that an interval is two look-ups. Memory: O(actions × access levels). */
export class CatalogFacts {
  /** By place; the places are what other functions count by. */
  readonly services: readonly string[];
  readonly levels: readonly string[];
  readonly actions: number;
  readonly #serviceOf: Uint16Array;
  /** For each level, how many actions of lower ids have it. */
  readonly #before: readonly Int32Array[];

  constructor(db: Connection, catalogId: number) {
    const services = db
      .prepare<[number], { service: string; lo: number; hi: number }>(
        "SELECT service, lo, hi FROM service WHERE catalog_id = ? ORDER BY lo, hi",
      )
      .all(catalogId);
    const levels = db
      .prepare<[number], string>("SELECT access_level FROM action WHERE catalog_id = ? ORDER BY action_id")
      .pluck()
      .all(catalogId);
    this.actions = levels.length;
    this.services = services.map(({ service }) => service);
    this.#serviceOf = new Uint16Array(levels.length);
    for (const [place, { lo, hi }] of services.entries()) this.#serviceOf.fill(place, lo, hi);
    this.levels = [...new Set(levels)].sort((a, b) => BY_WEIGHT.indexOf(a) - BY_WEIGHT.indexOf(b) || (a < b ? -1 : 1));
    this.#before = this.levels.map((level) => {
      const before = new Int32Array(levels.length + 1);
      levels.forEach((one, id) => (before[id + 1] = before[id]! + (one === level ? 1 : 0))); // id is inside
      return before;
    });
  }

  /** The place of the service that an action belongs to. */
  serviceOf(action: number): number {
    return this.#serviceOf[action]!; // ids of the catalog are inside
  }

  /** How many actions of [lo, hi) have the level at that place. O(1). */
  count(level: number, lo: number, hi: number): number {
    const before = this.#before[level]!; // places are inside, ids of the catalog too
    return before[hi]! - before[lo]!;
  }

  /** The most weighty level of a set's actions; null where it is empty. */
  worstOf(set: IntervalSet): string | null {
    for (let level = this.levels.length - 1; level >= 0; level--) {
      for (let i = 0; i < set.length; i += 2)
        if (this.count(level, set[i]!, set[i + 1]!) > 0) return this.levels[level]!; // pairs
    }
    return null;
  }
}
