import type { Catalog } from "@leastwise/catalog";
import {
  type Comparison,
  type IntervalSet,
  type PolicyDocument,
  comparePolicies,
  grantedBy,
  intervalSetOf,
  statementsOf,
} from "@leastwise/core";
import type { RunDifferences } from "@leastwise/store";

const MOST_REMEMBERED = 2000;

/**
 * Measures the documents of two runs by one catalog, that of the later run, so that what AWS has added meanwhile does not look like
 * something that somebody has done. Few documents are asked for again and again, so these are remembered.
 */
export class Measure {
  readonly catalog: Catalog;
  readonly #catalogId: number;
  readonly #differences: RunDifferences;
  readonly #granted = new Map<number, IntervalSet>();
  readonly #compared = new Map<string, Comparison>();

  constructor(differences: RunDifferences, catalog: Catalog, catalogId: number) {
    this.#differences = differences;
    this.catalog = catalog;
    this.#catalogId = catalogId;
  }

  /** What a document's Allow statements grant; null is no document. */
  granted(documentId: number | null): IntervalSet {
    if (documentId === null) return [];
    return remembered(
      this.#granted,
      documentId,
      () =>
        this.#differences.granted(this.#catalogId, documentId) ??
        grantedBy(this.catalog.trie, this.#document(documentId)),
    );
  }

  /** What several documents grant together. */
  grantedByAll(documentIds: readonly (number | null)[]): IntervalSet {
    return intervalSetOf(documentIds.flatMap((id) => this.granted(id)));
  }

  /** Whether a document denies anything, so that more may be allowed without it. */
  denies(documentId: number): boolean {
    return statementsOf(this.#document(documentId)).some(({ Effect }) => Effect === "Deny");
  }

  /** How the second document stands to the first, with resources, conditions and Deny statements. */
  compared(later: number, earlier: number): Comparison {
    return remembered(this.#compared, `${later} ${earlier}`, () =>
      comparePolicies(this.catalog.trie, this.#document(later), this.#document(earlier)),
    );
  }

  /** Whether two documents say the same, in whatever order and words. */
  isSame(one: number, other: number): boolean {
    if (one === other) return true;
    const { verdict } = this.compared(one, other);
    return verdict === "same" || verdict === "different-in-form";
  }

  #document(documentId: number): PolicyDocument {
    return JSON.parse(this.#differences.text(documentId)) as PolicyDocument; // the edge has checked it, or a worker wrote it
  }
}

function remembered<K, V>(known: Map<K, V>, key: K, compute: () => V): V {
  const before = known.get(key);
  if (before !== undefined) return before;
  const value = compute();
  if (known.size >= MOST_REMEMBERED) known.clear();
  known.set(key, value);
  return value;
}
