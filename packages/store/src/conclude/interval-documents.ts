import type { Connection } from "../database.ts";
import { type GrantedIntervals, PACK, grantedIntervals } from "./granted-intervals.ts";
import { grown } from "./totals/grown.ts";
import { NumberPlaces } from "./totals/number-places.ts";

/** Documents that are indexed together, by their ids: as many rows for an interval that all of them grant, and no more are held at once. */
export const BLOCK = 65_536;

/** The longest list in a row: it stays in the page, and the first row of an answer needs no more. */
const MOST_DOCUMENTS = 256;

/** A row of interval_document. */
export interface IntervalRow {
  readonly lo: number;
  readonly hi: number;
  readonly first: number;
  /** JSON list. */
  readonly documents: string;
}

/**
 * Brings interval_document up to date with what the documents of a catalog grant. Blocks that have as many granting documents as when they were
 * written are left as they are, each other one is written in a transaction of its own; may be repeated, and interrupted between two.
 * O(intervals); memory: those of one block.
 *
 * @param tell is told what each document grants, in the order of ids, since it is read here anyway
 */
export function indexIntervals(
  db: Connection,
  catalogId: number,
  tell?: (page: readonly GrantedIntervals[]) => void,
): void {
  const remove = db.prepare(
    "DELETE FROM interval_document WHERE catalog_id = ? AND first_document_id >= ? AND first_document_id < ?",
  );
  const insert = db.prepare("INSERT INTO interval_document VALUES (?, ?, ?, ?, ?)");
  const indexed = db.prepare("INSERT OR REPLACE INTO interval_block VALUES (?, ?, ?)");
  for (const { block, documents, was } of blocksOf(db, catalogId)) {
    if (documents === was && tell === undefined) continue;
    const intervals = new BlockIntervals();
    for (const page of grantedIntervals(db, catalogId, block * BLOCK, (block + 1) * BLOCK)) {
      tell?.(page);
      if (documents !== was) intervals.add(page);
    }
    if (documents === was) continue;
    db.transaction(() => {
      if (was > 0) remove.run(catalogId, block * BLOCK, (block + 1) * BLOCK);
      for (const { lo, hi, first, documents: ids } of intervals.rows()) insert.run(catalogId, lo, hi, first, ids);
      indexed.run(catalogId, block, documents);
    })();
  }
}

/** Makes it anew for all catalogs, since documents are gone. In one transaction with whatever has taken them away. */
export function indexAllIntervals(db: Connection): void {
  db.exec("DELETE FROM interval_document; DELETE FROM interval_block");
  for (const catalogId of db.prepare<[], number>("SELECT catalog_id FROM catalog").pluck().all())
    indexIntervals(db, catalogId);
}

/** How many documents of a block grant something: the others are in no row of interval_document. */
export interface BlockCount {
  readonly block: number;
  readonly documents: number;
  /** The same when it was written; 0 before. */
  readonly was: number;
}

export function blocksOf(db: Connection, catalogId: number): readonly BlockCount[] {
  return db
    .prepare<[{ readonly catalogId: number }], BlockCount>(
      `SELECT g.block, g.documents, coalesce(b.documents, 0) AS was FROM (
         SELECT document_id / ${BLOCK} AS block, sum(actions > 0) AS documents FROM grant_set
         WHERE catalog_id = $catalogId GROUP BY document_id / ${BLOCK}) AS g
       LEFT JOIN interval_block b ON b.catalog_id = $catalogId AND b.block = g.block ORDER BY g.block`,
    )
    .all({ catalogId });
}

/** Turns what documents grant into who grants an interval. Documents come in the order of their ids. */
export class BlockIntervals {
  readonly #places = new NumberPlaces();
  /** By place: how many documents grant the interval. */
  #counts = new Int32Array(1024);
  /** For each document and each of its intervals: the interval's place; and where the documents' begin. */
  #granted = new Int32Array(1024);
  #used = 0;
  readonly #documents: number[] = [];
  readonly #starts: number[] = [];

  /** How many of them grant something. */
  get documents(): number {
    return this.#documents.length;
  }

  add(page: readonly GrantedIntervals[]): void {
    for (const { documentId, intervals } of page) {
      if (intervals.length === 0) continue;
      this.#documents.push(documentId);
      this.#starts.push(this.#used);
      for (const packed of intervals) {
        const place = this.#places.add(packed);
        this.#counts = grown(this.#counts, place);
        this.#counts[place]!++; // there is room now, here and below
        this.#granted = grown(this.#granted, this.#used);
        this.#granted[this.#used++] = place;
      }
    }
  }

  /** In the order in which they are stored. */
  *rows(): Generator<IntervalRow> {
    const holders = this.#holders();
    const sorted = this.#places.sorted();
    for (const packed of sorted) {
      const lo = Math.floor(packed / PACK);
      const place = this.#places.find(packed);
      const end = this.#counts[place]!; // places are inside, here and below; counts have become ends
      for (let start = place === 0 ? 0 : this.#counts[place - 1]!; start < end; start += MOST_DOCUMENTS) {
        let documents = "";
        for (let i = start; i < end && i < start + MOST_DOCUMENTS; i++)
          documents += `${i === start ? "[" : ","}${this.#documents[holders[i]!]!}`; // i is inside
        yield { lo, hi: packed - lo * PACK, first: this.#documents[holders[start]!]!, documents: `${documents}]` };
      }
    }
  }

  /** Places of documents, those of each interval together. Afterwards counts hold where each interval's end. */
  #holders(): Int32Array {
    const holders = new Int32Array(this.#used);
    let sum = 0;
    for (let place = 0; place < this.#places.size; place++) {
      const count = this.#counts[place]!;
      this.#counts[place] = sum; // where the next one goes
      sum += count;
    }
    this.#starts.push(this.#used);
    for (let document = 0; document < this.#documents.length; document++) {
      for (let i = this.#starts[document]!; i < this.#starts[document + 1]!; i++)
        holders[this.#counts[this.#granted[i]!]!++] = document;
    }
    return holders;
  }
}
