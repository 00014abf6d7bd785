import type { PolicyDocument } from "@leastwise/core";
import { type Connection, type Placement, readDocumentsInPlace, readPlacements } from "@leastwise/store";
import type { Drift, EntryDrift, PlacedDrift } from "./entry-drift.ts";

/** How often an entry stands in what should be in place. */
export interface Occurrence {
  readonly drift: EntryDrift;
  /** Recommendations for single principals that have it, and how many principals these are. */
  readonly policies: number;
  readonly principals: number;
  /** Recommendations for shared policies in place that have it. */
  readonly inPlace: number;
  /** The first of them. */
  readonly example: Placement;
}

/** Which entries each document has that something has happened to: numbers in one buffer, since documents may be half a million. */
export class DocumentDrifts {
  readonly #drift: Drift;
  /** By document id: where its pairs of statement and entry begin, and behind which they end. */
  readonly #bounds = new Map<number, readonly [from: number, to: number]>();
  #pairs = new Int32Array(1024);
  #length = 0;

  /** Reads every distinct document of the current run once. O(characters). */
  constructor(db: Connection, drift: Drift) {
    this.#drift = drift;
    for (const { documentId, text } of readDocumentsInPlace(db)) {
      const found = drift.of(JSON.parse(text) as PolicyDocument); // the edge has checked it, or a worker wrote it
      if (found.length === 0) continue;
      const from = this.#length;
      for (const { statement, drift: entry } of found) this.#push(statement, entry.index);
      this.#bounds.set(documentId, [from, this.#length]);
    }
  }

  get documents(): number {
    return this.#bounds.size;
  }

  of(documentId: number): readonly PlacedDrift[] {
    const [from, to] = this.#bounds.get(documentId) ?? [0, 0];
    const found: PlacedDrift[] = [];
    for (let i = from; i < to; i += 2) {
      found.push({ statement: this.#pairs[i]!, drift: this.#drift.entries[this.#pairs[i + 1]!]! }); // pushed below
    }
    return found;
  }

  #push(statement: number, index: number): void {
    if (this.#length + 2 > this.#pairs.length) {
      const larger = new Int32Array(2 * this.#pairs.length);
      larger.set(this.#pairs);
      this.#pairs = larger;
    }
    this.#pairs[this.#length++] = statement;
    this.#pairs[this.#length++] = index;
  }
}

/** How often each entry stands in the current run's results, by the entry's index. O(recommendations × their entries). */
export function occurrences(db: Connection, drift: Drift, documents: DocumentDrifts): readonly Occurrence[] {
  const counts = drift.entries.map(() => ({ policies: 0, principals: 0, inPlace: 0, lastPrincipal: -1, lastRow: -1 }));
  const examples: (Placement | undefined)[] = [];
  let row = 0;
  for (const placement of readPlacements(db)) {
    row++;
    const [principalId, , documentId] = placement;
    for (const { drift: entry } of documents.of(documentId)) {
      const count = counts[entry.index]!; // one for each entry
      if (count.lastRow === row) continue; // in another statement of the same document
      count.lastRow = row;
      examples[entry.index] ??= placement;
      if (principalId === null) count.inPlace++;
      else {
        count.policies++;
        if (count.lastPrincipal !== principalId) count.principals++;
        count.lastPrincipal = principalId;
      }
    }
  }
  return drift.entries.flatMap((entry, index) => {
    const { policies, principals, inPlace } = counts[index]!; // one for each entry
    const example = examples[index];
    return example === undefined ? [] : [{ drift: entry, policies, principals, inPlace, example }];
  });
}
