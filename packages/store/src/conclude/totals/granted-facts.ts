import type { Connection } from "../../database.ts";
import type { DocumentWeights } from "./answered-texts.ts";
import type { CatalogFacts } from "./catalog-facts.ts";

const PACK = 2 ** 26;

/** What documents grant, by their places. Memory: a number for each access level and service of each document, and for each different interval. */
export class GrantedFacts {
  /** How many attached policies grant an action, by its id. */
  readonly attachmentsBefore: Float64Array;
  readonly attachmentsAfter: Float64Array;
  readonly #actions: number;
  /** The different intervals, as lo × (actions + 1) + hi, and their places in the two lists below. */
  readonly #intervals = new Map<number, number>();
  readonly #intervalBefore: number[] = [];
  readonly #intervalAfter: number[] = [];
  readonly #levels: number;
  readonly #byLevel: Int32Array;
  readonly #start: Int32Array;
  readonly #end: Int32Array;
  #services: Uint16Array;

  /** O(intervals + services granted) */
  constructor(db: Connection, catalogId: number, catalog: CatalogFacts, weights: DocumentWeights) {
    this.#actions = catalog.actions;
    this.#levels = catalog.levels.length;
    this.#byLevel = new Int32Array(weights.size * this.#levels);
    this.#start = new Int32Array(weights.size);
    this.#end = new Int32Array(weights.size);
    this.#services = new Uint16Array(1024);
    this.attachmentsBefore = new Float64Array(catalog.actions + 1);
    this.attachmentsAfter = new Float64Array(catalog.actions + 1);
    let used = 0;
    for (const [documentId, text] of intervalsByDocument(db, catalogId)) {
      const place = weights.placeOf(documentId);
      if (place === undefined) continue; // of another run
      const [before, after] = [weights.before[place]!, weights.after[place]!]; // it has a place
      this.#start[place] = used;
      let last = -1;
      for (const packed of JSON.parse(text) as readonly number[]) {
        const lo = Math.floor(packed / PACK);
        const hi = packed - lo * PACK;
        this.attachmentsBefore[lo]! += before; // ids of the catalog are inside, here and below; summed up in the end
        this.attachmentsBefore[hi]! -= before;
        this.attachmentsAfter[lo]! += after;
        this.attachmentsAfter[hi]! -= after;
        this.#addInterval(lo, hi, before, after);
        for (let level = 0; level < this.#levels; level++)
          this.#byLevel[place * this.#levels + level]! += catalog.count(level, lo, hi); // places are inside
        const end = catalog.serviceOf(hi - 1);
        for (let service = catalog.serviceOf(lo); service <= end; service++) {
          if (service === last) continue; // intervals ascend
          if (used === this.#services.length) this.#services = grown(this.#services);
          this.#services[used++] = last = service;
        }
      }
      this.#end[place] = used;
    }
    for (const sums of [this.attachmentsBefore, this.attachmentsAfter])
      for (let id = 1; id < sums.length; id++) sums[id]! += sums[id - 1]!; // both are inside
  }

  /** The different intervals in order, and how many attached policies have just that one. */
  *intervals(): Generator<readonly [lo: number, hi: number, before: number, after: number]> {
    const width = this.#actions + 1;
    for (const [key, place] of [...this.#intervals].sort(([a], [b]) => a - b))
      yield [Math.floor(key / width), key % width, this.#intervalBefore[place]!, this.#intervalAfter[place]!]; // each has a place
  }

  #addInterval(lo: number, hi: number, before: number, after: number): void {
    const key = lo * (this.#actions + 1) + hi;
    let place = this.#intervals.get(key);
    if (place === undefined) {
      this.#intervals.set(key, (place = this.#intervalBefore.push(0) - 1));
      this.#intervalAfter.push(0);
    }
    this.#intervalBefore[place]! += before; // it has just been looked up, here and below
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

/** Reading a row for each interval takes five times as long. */
function intervalsByDocument(db: Connection, catalogId: number): IterableIterator<[documentId: number, text: string]> {
  return db
    .prepare<[number], [number, string]>(
      `SELECT document_id, json_group_array((lo << 26) | hi) FROM grant_interval WHERE catalog_id = ?
       GROUP BY document_id`,
    )
    .raw()
    .iterate(catalogId);
}

function grown(array: Uint16Array): Uint16Array {
  const larger = new Uint16Array(2 * array.length);
  larger.set(array);
  return larger;
}
