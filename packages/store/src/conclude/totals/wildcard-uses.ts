import type { GrantedIntervals } from "../granted-intervals.ts";
import { grown } from "./grown.ts";
import type { DocumentWeights } from "./weigh-documents.ts";

/** How many attached policies have a wildcard entry afterwards. */
export interface WildcardUse {
  readonly element: "Action" | "NotAction";
  readonly entry: string;
  /** From the policy of today. */
  readonly kept: number;
  readonly generated: number;
}

/**
 * The wildcards of documents, by the documents' places: tell all of them, then count. Memory: the different wildcards, and a number for each
 * that a document has.
 */
export class WildcardUses {
  readonly #weights: DocumentWeights;
  /** By what `wildcardsOf` says of one. */
  readonly #places = new Map<string, number>();
  readonly #start: Int32Array;
  readonly #end: Int32Array;
  #listed = new Int32Array(1024);
  #used = 0;

  constructor(weights: DocumentWeights) {
    this.#weights = weights;
    this.#start = new Int32Array(weights.size);
    this.#end = new Int32Array(weights.size);
  }

  /** O(their wildcards) */
  add(page: readonly Pick<GrantedIntervals, "documentId" | "wildcards">[]): void {
    for (const { documentId, wildcards } of page) {
      const document = this.#weights.placeOf(documentId);
      if (document < 0) continue; // of another run
      this.#start[document] = this.#used;
      for (const wildcard of wildcards) {
        let place = this.#places.get(wildcard);
        if (place === undefined) this.#places.set(wildcard, (place = this.#places.size));
        this.#listed = grown(this.#listed, this.#used);
        this.#listed[this.#used++] = place;
      }
      this.#end[document] = this.#used;
    }
  }

  /** Those that anybody has afterwards, in the order of elements and entries. O(wildcards of all pairs of documents) */
  *uses(): Generator<WildcardUse> {
    const kept = new Int32Array(this.#places.size);
    const generated = new Int32Array(this.#places.size);
    /** In which pair's policy of today a wildcard was last seen. */
    const seen = new Int32Array(this.#places.size).fill(-1);
    let number = 0;
    for (const { existing, final, attachments } of this.#weights.pairs()) {
      for (const place of this.#of(existing)) seen[place] = number;
      for (const place of this.#of(final)) (seen[place] === number ? kept : generated)[place]! += attachments; // places are inside
      number++;
    }
    for (const [key, place] of [...this.#places].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const use = { kept: kept[place]!, generated: generated[place]! };
      if (use.kept === 0 && use.generated === 0) continue; // it only stands in policies of today
      const element = key.startsWith("Action ") ? "Action" : "NotAction";
      yield { element, entry: key.slice(element.length + 1), ...use };
    }
  }

  #of(document: number): Int32Array {
    return this.#listed.subarray(this.#start[document], this.#end[document]);
  }
}
