import { type PolicyDocument, wildcardsOf } from "@leastwise/core";
import type { Connection } from "../../database.ts";
import { grown } from "./grown.ts";
import { NumberPlaces } from "./number-places.ts";
import { shapeOf } from "./shape.ts";

/** Places of an existing document and of what is to be in its place, and how many attached policies that is. */
interface Pair {
  readonly existing: number;
  readonly final: number;
  readonly attachments: number;
}

/**
 * How many attached policies have which document before and after. Documents have places, in the order in which they are added. Memory: some
 * numbers for each document and each pair of them.
 */
export class DocumentWeights {
  readonly #places = new NumberPlaces();
  #before = new Int32Array(1024);
  #after = new Int32Array(1024);
  /** Of each pair the places and the number of attached policies, one after the other. */
  #pairs = new Int32Array(1024);
  #used = 0;

  get size(): number {
    return this.#places.size;
  }

  /** -1: it is none of the run's. */
  placeOf(documentId: number): number {
    return this.#places.find(documentId);
  }

  idAt(place: number): number {
    return this.#places.at(place);
  }

  before(place: number): number {
    return this.#before[place]!; // places are inside, here and below
  }

  after(place: number): number {
    return this.#after[place]!;
  }

  /** @param finalId null where no document is to be in its place */
  add(existingId: number, finalId: number | null, attachments: number): void {
    const existing = this.#place(existingId);
    this.#before[existing]! += attachments;
    if (finalId === null) return;
    const final = this.#place(finalId);
    this.#after[final]! += attachments;
    this.#pairs = grown(this.#pairs, this.#used + 2);
    this.#pairs[this.#used++] = existing;
    this.#pairs[this.#used++] = final;
    this.#pairs[this.#used++] = attachments;
  }

  /** Those that have a document afterwards. */
  *pairs(): Generator<Pair> {
    for (let i = 0; i < this.#used; i += 3)
      yield { existing: this.#pairs[i]!, final: this.#pairs[i + 1]!, attachments: this.#pairs[i + 2]! }; // three are inside
  }

  ids(): Float64Array {
    return this.#places.sorted();
  }

  #place(documentId: number): number {
    const place = this.#places.add(documentId);
    this.#before = grown(this.#before, place);
    this.#after = grown(this.#after, place);
    return place;
  }
}

/** Weighs all documents of a run. O(units) */
export function weighDocuments(db: Connection, runId: number): DocumentWeights {
  const pairs = db
    .prepare<[number], [existing: number, final: number | null, attachments: number]>(
      `SELECT u.document_id, u.final_document_id, count(*)
       FROM unit u INDEXED BY unit_by_document CROSS JOIN recommendation r ON r.unit_id = u.unit_id AND r.run_id = ?
       GROUP BY u.document_id, u.final_document_id`,
    )
    .raw();
  const weights = new DocumentWeights();
  for (const [existing, final, attachments] of pairs.iterate(runId)) weights.add(existing, final, attachments);
  return weights;
}

/**
 * What touched principals have in a run less what they had in its base: weights may be negative, or 0 for documents that both have. By the
 * temporary tables of `findUntouched`. O(attachments of touched accounts).
 */
export function weighDifference(db: Connection, runId: number, base: number): DocumentWeights {
  const pairs = db
    .prepare<[number], [existing: number, final: number | null, attachments: number]>(
      `SELECT u.document_id, u.final_document_id, count(*)
       FROM temp.touched_principal t CROSS JOIN recommendation r ON r.run_id = ? AND r.principal_id = t.principal_id
       CROSS JOIN unit u ON u.unit_id = r.unit_id
       GROUP BY u.document_id, u.final_document_id`,
    )
    .raw();
  const weights = new DocumentWeights();
  for (const [existing, final, attachments] of pairs.iterate(runId)) weights.add(existing, final, attachments);
  for (const [existing, final, attachments] of pairs.iterate(base)) weights.add(existing, final, -attachments);
  return weights;
}

/** What a worker would have told of a document that none could tell of, since all of its units failed. */
export interface UntoldDocument {
  readonly documentId: number;
  readonly wildcards: readonly string[];
  readonly shape: string | null;
}

export function untoldDocuments(
  db: Connection,
  run: { readonly runId: number; readonly catalogId: number },
): readonly UntoldDocument[] {
  return db
    .prepare<[{ readonly runId: number; readonly catalogId: number }], [documentId: number, text: string]>(
      `SELECT DISTINCT u.document_id, d.text FROM unit u JOIN document d USING (document_id)
       WHERE u.state = 'failed' AND EXISTS (SELECT 1 FROM recommendation r WHERE r.unit_id = u.unit_id AND r.run_id = $runId)
         AND NOT EXISTS (SELECT 1 FROM grant_set g WHERE g.catalog_id = $catalogId AND g.document_id = u.document_id)`,
    )
    .raw()
    .all(run)
    .map(([documentId, text]) => {
      const wildcards = wildcardsOf(JSON.parse(text) as PolicyDocument); // checked when it was read
      return { documentId, wildcards, shape: shapeOf(text) };
    });
}
