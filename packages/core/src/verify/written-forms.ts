import type { Fit } from "../refine/options.ts";
import type { Entry, Expansion } from "./expansion.ts";
import { literalService } from "./glob.ts";

/**
 * Whether what was generated is of the form that was asked for (SEMANTICS 2.4, 3 and 9). Words are told apart by rules of its own, from
 * the catalog's spelling; those of a name once somebody asks.
 */
export class WrittenForms {
  readonly #expansion: Expansion;
  readonly #spelled: ReadonlyMap<string, string>;
  readonly #bounds: (ReadonlySet<number> | undefined)[] = [];

  /** @param spelled folded action → as the catalog spells it */
  constructor(expansion: Expansion, spelled: ReadonlyMap<string, string>) {
    this.#expansion = expansion;
    this.#spelled = spelled;
  }

  /** Why an entry cannot stand in an `Action` for one of `old`; null where it can. O(its characters × what it matches). */
  ofAction(entry: Entry, fit: Fit | undefined, old: readonly Entry[]): string | null {
    if (!entry.isGlob) return null;
    if (fit === undefined) {
      if (entry.ids.length < 2) return "is a pattern for a single action";
      const tail = entry.folded.slice(firstWildcard(entry.folded));
      return endsOne(old, tail) ? null : "goes on after its first wildcard as no entry did that stood there";
    }
    return this.#isRemainder(entry, old) ? null : this.#whyNot(entry, fit);
  }

  /** The same of an entry appended to `NotAction`. */
  ofNotAction(entry: Entry, fit: Fit | undefined): string | null {
    if (fit === undefined) {
      return /^[^*?]*\*?$/.test(entry.folded) ? null : "is neither a name nor a prefix of names of one service";
    }
    return entry.isGlob ? this.#whyNot(entry, fit) : null;
  }

  /** Why a pattern is of neither kind that the form adds to word prefixes. */
  #whyNot(entry: Entry, fit: Fit): string | null {
    if (fit.form === "inner") {
      if (entry.ids.length < 2) return "is a pattern for a single action";
      return this.#isWhole(entry) ? null : "is not made of whole words of an action that it matches";
    }
    if (this.#isWhole(entry) || isLongEnough(entry, fit.shortest)) return null;
    return `is neither made of whole words nor a prefix of ${fit.shortest} characters or more`;
  }

  /** Whether some action that the entry matches has the entry's pieces as whole words in their order. */
  #isWhole({ folded, ids }: Entry): boolean {
    if (literalService(folded) === undefined || folded.includes("?") || folded.includes("**")) return false;
    const pieces = folded.slice(folded.indexOf(":") + 1).split("*");
    return ids.some((id) => this.#consistsOf(id, pieces));
  }

  /** The pieces leftmost, the first at the name's start and the last at its end where they are not empty. */
  #consistsOf(id: number, pieces: readonly string[]): boolean {
    const name = this.#expansion.names[id]!; // ids are places in the list
    const bounds = this.#boundsOf(id);
    let from = name.indexOf(":") + 1;
    for (const [i, piece] of pieces.entries()) {
      const isFirst = i === 0;
      const isLast = i === pieces.length - 1;
      if (piece === "") continue; // a star at one of the ends
      let at = isLast ? Math.max(from, name.length - piece.length) : from;
      const fits = (): boolean => name.startsWith(piece, at) && bounds.has(at) && bounds.has(at + piece.length);
      while (!fits()) if (isFirst || ++at + piece.length > name.length) return false;
      if (isLast && at + piece.length !== name.length) return false;
      from = at + piece.length;
    }
    return true;
  }

  /** Whether the entry is, for two actions or more, a word prefix and what is left of an entry that stood there after it, as in the form of word prefixes. */
  #isRemainder({ folded, ids }: Entry, old: readonly Entry[]): boolean {
    if (ids.length < 2) return false;
    for (let cut = firstWildcard(folded); cut > folded.indexOf(":"); cut--) {
      if (endsOne(old, folded.slice(cut)) && this.#isWordPrefix(folded.slice(0, cut))) return true;
    }
    return false;
  }

  #isWordPrefix(text: string): boolean {
    return this.#expansion
      .idsStartingWith(text)
      .some((id) => this.#expansion.names[id]!.length > text.length && this.#boundsOf(id).has(text.length)); // ids are places in the list
  }

  /** Offsets in the name where its words start, and its end. */
  #boundsOf(id: number): ReadonlySet<number> {
    const known = this.#bounds[id];
    if (known !== undefined) return known;
    const folded = this.#expansion.names[id]!; // ids are places in the list
    const spelled = this.#spelled.get(folded)!; // of every name
    const bounds = new Set<number>();
    let at = spelled.indexOf(":") + 1;
    for (const word of spelled.slice(at).split(BETWEEN_WORDS)) {
      bounds.add(at);
      at += word.length;
    }
    this.#bounds[id] = bounds.add(at);
    return bounds;
  }
}

/** SEMANTICS 1: behind a lower-case letter or digit and before an upper-case one; before the last of a run of them; behind a sign. */
const BETWEEN_WORDS = /(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[^A-Za-z0-9])/;

function firstWildcard(folded: string): number {
  return folded.search(/[*?]/);
}

function endsOne(old: readonly Entry[], tail: string): boolean {
  return old.some(({ isGlob, folded }) => isGlob && folded.endsWith(tail));
}

/** Whether the entry is a prefix with that many characters of the name. */
function isLongEnough({ folded }: Entry, shortest: number): boolean {
  if (!/^[^*?:]*:[^*?]*\*$/.test(folded)) return false;
  return folded.length - 1 - (folded.indexOf(":") + 1) >= shortest;
}
