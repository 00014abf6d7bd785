import { hasWildcard } from "../../pattern/pattern.ts";
import { wordStarts } from "../../trie/words.ts";

/** An action's name as patterns are cut from it. */
export interface Name {
  /** `service:Name` as the catalog spells it, and folded. */
  readonly spelled: string;
  readonly folded: string;
  /** Where its words start, and its end: offsets in `service:Name`, ascending. */
  readonly bounds: readonly number[];
  /** Its number among what is to be covered; -1 where it need not be. */
  readonly element: number;
}

/** What is to be written for one service in one statement, and what it may be written with. */
export interface ServiceQuery {
  /** The folded service and its colon. */
  readonly service: string;
  /** All actions of the catalog that patterns may cover, in the order of their ids. */
  readonly names: readonly Name[];
  /** Actions that no pattern may cover, folded, in the catalog or not. */
  readonly blocked: readonly string[];
  /** Whether a folded pattern stands for no more than one of the entries that are replaced. */
  readonly isInside: (folded: string) => boolean;
  /** The literal heads of these entries, folded: a pattern inside one starts with its head. */
  readonly heads: readonly string[];
}

/** A pattern that may be written: safe, and inside an entry. */
export interface Candidate {
  readonly text: string;
  /** The elements that it covers, ascending. */
  readonly covers: readonly number[];
}

export function nameOf(spelled: string, folded: string, element: number): Name {
  return { spelled, folded, bounds: [...wordStarts(spelled), spelled.length], element };
}

/** Candidates of which no two cover the same: of those that do the first in the order of `isBefore`. */
export class Candidates {
  readonly #best = new Map<string, { readonly candidate: Candidate; readonly folded: string }>();

  add(folded: string, covers: readonly number[], text: string): void {
    const key = covers.join();
    const other = this.#best.get(key)?.folded;
    if (other !== undefined && !isBefore(folded, other)) return;
    this.#best.set(key, { candidate: { text, covers }, folded });
  }

  /** In the order of `isBefore`. */
  list(): readonly Candidate[] {
    return [...this.#best.values()]
      .sort((a, b) => (isBefore(a.folded, b.folded) ? -1 : 1))
      .map(({ candidate }) => candidate);
  }
}

/** Shorter ones first; of equally long ones names, which grant nothing that is not known; then by folded text. Both folded. */
export function isBefore(a: string, b: string): boolean {
  if (a.length !== b.length) return a.length < b.length;
  const isPattern = hasWildcard(a);
  return isPattern === hasWildcard(b) ? a < b : !isPattern;
}
