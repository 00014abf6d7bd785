import { type GrantedIntervals, PACK } from "../granted-intervals.ts";
import type { CatalogFacts } from "./catalog-facts.ts";
import { grown } from "./grown.ts";
import { NumberPlaces } from "./number-places.ts";
import type { DocumentWeights } from "./weigh-documents.ts";

/**
 * What documents grant, by their places: tell all of them, then ask. Memory: a number for each access level and service of each document, and
 * for each different interval.
 */
export class GrantedFacts {
  /** How many attached policies grant an action and not the one before it, less those the other way round; by its id. */
  readonly #rises: Float64Array;
  readonly #risesAfter: Float64Array;
  /** The different intervals as they are stored, and how many attached policies have just that one. */
  readonly #intervals = new NumberPlaces();
  #intervalBefore = new Int32Array(1024);
  #intervalAfter = new Int32Array(1024);
  readonly #catalog: CatalogFacts;
  readonly #weights: DocumentWeights;
  readonly #levels: number;
  readonly #byLevel: Int32Array;
  readonly #start: Int32Array;
  readonly #end: Int32Array;
  #services = new Uint16Array(1024);
  #used = 0;

  constructor(catalog: CatalogFacts, weights: DocumentWeights) {
    this.#catalog = catalog;
    this.#weights = weights;
    this.#levels = catalog.levels.length;
    this.#byLevel = new Int32Array(weights.size * this.#levels);
    this.#start = new Int32Array(weights.size);
    this.#end = new Int32Array(weights.size);
    this.#rises = new Float64Array(catalog.actions + 1);
    this.#risesAfter = new Float64Array(catalog.actions + 1);
  }

  /** O(intervals + services granted) */
  add(page: readonly GrantedIntervals[]): void {
    for (const { documentId, intervals } of page) {
      const place = this.#weights.placeOf(documentId);
      if (place < 0) continue; // of another run
      const [before, after] = [this.#weights.before(place), this.#weights.after(place)];
      this.#start[place] = this.#used;
      let last = -1;
      for (const packed of intervals) {
        const lo = Math.floor(packed / PACK);
        const hi = packed - lo * PACK;
        this.#rises[lo]! += before; // ids of the catalog are inside, here and below
        this.#rises[hi]! -= before;
        this.#risesAfter[lo]! += after;
        this.#risesAfter[hi]! -= after;
        this.#addInterval(packed, before, after);
        for (let level = 0; level < this.#levels; level++)
          this.#byLevel[place * this.#levels + level]! += this.#catalog.count(level, lo, hi); // places are inside
        const end = this.#catalog.serviceOf(hi - 1);
        for (let service = this.#catalog.serviceOf(lo); service <= end; service++) {
          if (service === last) continue; // intervals ascend
          this.#services = grown(this.#services, this.#used);
          this.#services[this.#used++] = last = service;
        }
      }
      this.#end[place] = this.#used;
    }
  }

  /** Every action of the catalog, and how many attached policies grant it. */
  *actions(): Generator<readonly [actionId: number, before: number, after: number]> {
    let [before, after] = [0, 0];
    for (let id = 0; id < this.#catalog.actions; id++)
      yield [id, (before += this.#rises[id]!), (after += this.#risesAfter[id]!)]; // both have one for each action
  }

  /** The different intervals in the order in which they are stored, and how many attached policies have just that one. */
  *intervals(): Generator<readonly [lo: number, hi: number, before: number, after: number]> {
    const sorted = this.#intervals.sorted();
    for (let end = sorted.length; end > 0;) {
      const lo = Math.floor(sorted[end - 1]! / PACK); // inside, here and below
      let start = end - 1;
      while (start > 0 && sorted[start - 1]! >= lo * PACK) start--;
      for (const packed of sorted.subarray(start, end)) {
        const place = this.#intervals.find(packed);
        yield [lo, packed - lo * PACK, this.#intervalBefore[place]!, this.#intervalAfter[place]!]; // each has a place
      }
      end = start;
    }
  }

  #addInterval(packed: number, before: number, after: number): void {
    const place = this.#intervals.add(packed);
    this.#intervalBefore = grown(this.#intervalBefore, place);
    this.#intervalAfter = grown(this.#intervalAfter, place);
    this.#intervalBefore[place]! += before; // there is room now, here and below
    this.#intervalAfter[place]! += after;
  }

  /** How many actions of the access level at that place a document grants. */
  actionsOf(place: number, level: number): number {
    return this.#byLevel[place * this.#levels + level]!; // places are inside
  }

  /** The places of the services that a document grants anything of, ascending. */
  servicesOf(place: number): Uint16Array {
    return this.#services.subarray(this.#start[place], this.#end[place]);
  }
}
