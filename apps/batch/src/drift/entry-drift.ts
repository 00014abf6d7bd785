import type { Catalog } from "@leastwise/catalog";
import {
  type IntervalSet,
  type PolicyDocument,
  type Statement,
  entriesOf,
  fold,
  hasWildcard,
  intersect,
  intervalSetOf,
  matchedBy,
  parsePattern,
  size,
  statementsOf,
  subtract,
} from "@leastwise/core";
import type { CatalogChanges } from "../catalogs/catalog-changes.ts";

/** What a newer catalog means for one entry, or for all entries of a `NotAction`, wherever they stand. */
export interface EntryDrift {
  /** Its place in `Drift.entries`. */
  readonly index: number;
  /** `NotAction`: the statement grants what its entries do not match, so they count together. */
  readonly element: "Action" | "NotAction";
  readonly effect: Statement["Effect"];
  /** The entries as somebody spelled them: one of an `Action`, all of a `NotAction`. */
  readonly entries: readonly string[];
  /** Ids of the newer catalog: actions that the older lacks, and that the entry lets through. Empty for literals and for Deny. */
  readonly admitted: IntervalSet;
  /** Ids of the older catalog: actions that the newer lacks. A literal names them; a wildcard of an Allow statement matched them. */
  readonly gone: IntervalSet;
  readonly isLiteral: boolean;
}

/** An entry of a document that something has happened to. `statement` counts from 0. */
export interface PlacedDrift {
  readonly statement: number;
  readonly drift: EntryDrift;
}

/**
 * Looks what a newer catalog means for policy documents. Each distinct entry is looked at once, and each distinct list of a `NotAction`,
 * so many documents cost little more than reading them.
 */
export class Drift {
  readonly #older: Catalog;
  readonly #newer: Catalog;
  readonly #added: IntervalSet;
  readonly #gone: IntervalSet;
  /** By entry, as spelled and folded. */
  readonly #known = { Allow: new Map<string, EntryDrift | null>(), Deny: new Map<string, EntryDrift | null>() };
  /** By the folded list of a `NotAction`. */
  readonly #knownLists = new Map<string, EntryDrift | null>();
  readonly #entries: EntryDrift[] = [];

  constructor(older: Catalog, newer: Catalog, changes: CatalogChanges) {
    this.#older = older;
    this.#newer = newer;
    this.#added = intervalSetOf(changes.added.flatMap(({ id }) => [id, id + 1]));
    this.#gone = intervalSetOf(changes.gone.flatMap(({ id }) => [id, id + 1]));
  }

  /** Every entry met so far that something has happened to, in the order of meeting. */
  get entries(): readonly EntryDrift[] {
    return this.#entries;
  }

  /** What has happened to a document's entries, each once a statement. O(entries) and, for new ones, what they match. */
  of(document: PolicyDocument): readonly PlacedDrift[] {
    const found: PlacedDrift[] = [];
    statementsOf(document).forEach((statement, place) => {
      const see = (drift: EntryDrift | null): void => {
        if (drift === null || found.some((seen) => seen.drift === drift && seen.statement === place)) return;
        found.push({ statement: place, drift });
      };
      const { Effect, NotAction } = statement;
      for (const entry of entriesOf(statement.Action)) see(this.#entry(Effect, entry));
      if (NotAction !== undefined) {
        const entries = entriesOf(NotAction);
        for (const entry of entries) if (!hasWildcard(entry)) see(this.#entry(Effect, entry)); // it names an action, whatever for
        if (Effect === "Allow") see(this.#notAction(entries));
      }
    });
    return found;
  }

  #entry(effect: Statement["Effect"], text: string): EntryDrift | null {
    const known = this.#known[effect];
    const before = known.get(text);
    if (before !== undefined) return before;
    const folded = fold(text); // spelled in several ways, it is kept once
    let drift = known.get(folded);
    if (drift === undefined) known.set(folded, (drift = this.#looked(effect, text)));
    known.set(text, drift);
    return drift;
  }

  #looked(effect: Statement["Effect"], text: string): EntryDrift | null {
    const pattern = parsePattern(text);
    const isLiteral = pattern.kind === "literal";
    if (!isLiteral && effect === "Deny") return null; // what it matches more or less gives nobody anything
    const admitted = isLiteral ? [] : intersect(matchedBy(this.#newer.trie, pattern), this.#added);
    const gone = intersect(matchedBy(this.#older.trie, pattern), this.#gone);
    return this.#kept({ element: "Action", effect, entries: [text], admitted, gone, isLiteral });
  }

  /** The dual: what the statement grants is what no entry matches. */
  #notAction(entries: readonly string[]): EntryDrift | null {
    const key = JSON.stringify(entries.map(fold).sort());
    const known = this.#knownLists.get(key);
    if (known !== undefined) return known;
    const matched = entries.flatMap((entry) => matchedBy(this.#newer.trie, parsePattern(entry)));
    const admitted = subtract(this.#added, intervalSetOf(matched));
    const drift = this.#kept({
      element: "NotAction",
      effect: "Allow",
      entries,
      admitted,
      gone: [],
      isLiteral: false,
    });
    this.#knownLists.set(key, drift);
    return drift;
  }

  #kept(drift: Omit<EntryDrift, "index">): EntryDrift | null {
    if (size(drift.admitted) === 0 && size(drift.gone) === 0) return null;
    const kept = { ...drift, index: this.#entries.length };
    this.#entries.push(kept);
    return kept;
  }
}
