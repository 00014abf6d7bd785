import type { Fit } from "@leastwise/core";
import { type Action, type Catalog, ascending, wordPrefixes } from "./catalog.ts";
import { fold, hasWildcard, matches, regExpOf } from "./glob.ts";

/** What has to be written for one service of a statement. */
export interface Wanted {
  /** Actions that have to be covered, and all that may be: those too. */
  readonly actions: readonly Action[];
  readonly coverable: readonly Action[];
  /** Whether a folded pattern, also given as a regular expression, matches nothing that it must not, and lies inside one of the entries that are replaced. */
  readonly isAllowed: (pattern: string, glob: RegExp) => boolean;
  /** What the form of word prefixes writes for the service. */
  readonly prefixes: readonly string[];
}

/** Texts that cover what is wanted, and whether nothing of the form costs less for certain. */
export interface Written {
  readonly texts: readonly string[];
  readonly isShortest: boolean;
}

/** Beyond this many actions to cover, or words in a name, trying everything takes too long. */
const MOST_ACTIONS = 8;
const MOST_WORDS = 5;

/**
 * SEMANTICS 9.1 and 9.2 by trying everything: every pattern that the form allows, made from every name, and every set of actions that
 * some of them cover together. Where there is too much to try, what word prefixes write is the answer, and not called the shortest.
 */
export function shortestTexts(wanted: Wanted, fit: Fit, c: Catalog): Written {
  const { actions, coverable, prefixes } = wanted;
  if (actions.length > MOST_ACTIONS || coverable.some(({ text }) => wordsOf(text).length > MOST_WORDS)) {
    const needed = prefixes.filter((text) => actions.some(({ folded }) => matches(fold(text), folded)));
    return { texts: needed, isShortest: false };
  }
  const texts = [
    ...prefixes,
    ...actions.map(({ text }) => text),
    ...[...new Set(coverable.flatMap(({ text }) => patternsOf(text, fit)))].filter((text) =>
      mayStand(text, wanted, fit, c),
    ),
  ];
  const cheapest = new Map<number, string>();
  for (const text of texts) {
    const glob = regExpOf(fold(text));
    const covered = actions.reduce((bits, { folded }, i) => (glob.test(folded) ? bits | (1 << i) : bits), 0);
    const other = cheapest.get(covered);
    if (covered !== 0 && (other === undefined || isBefore(text, other))) cheapest.set(covered, text);
  }
  let covers = new Map<number, readonly string[]>([[0, []]]);
  for (const [covered, text] of cheapest) {
    const next = new Map(covers);
    for (const [done, chosen] of covers) {
      const together = [...chosen, text];
      const other = next.get(done | covered);
      if (other === undefined || costOf(together) < costOf(other)) next.set(done | covered, together);
    }
    covers = next;
  }
  return { texts: covers.get((1 << actions.length) - 1)!, isShortest: true }; // each action covers itself
}

/** Two quotes and a comma stand around each. */
function costOf(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + text.length + 3, 0);
}

/** Whether a pattern is one of the form's candidates; how it is made is known. */
function mayStand(text: string, { isAllowed }: Wanted, { form }: Fit, c: Catalog): boolean {
  const glob = regExpOf(fold(text));
  return (
    isAllowed(fold(text), glob) &&
    (form === "characters" || c.actions.filter(({ folded }) => glob.test(folded)).length >= 2)
  );
}

/** The patterns made from a name: stars for any of its words and between them; where characters count, also any prefix long enough. */
function patternsOf(action: string, fit: Fit): string[] {
  const service = action.slice(0, action.indexOf(":") + 1);
  const name = action.slice(service.length);
  const patterns = starred(wordsOf(action), false);
  const lengths = Array.from({ length: name.length }, (_, length) => length);
  const cut = fit.form === "inner" ? [] : lengths.filter((length) => length >= fit.shortest);
  return [...new Set([...patterns, ...cut.map((length) => `${name.slice(0, length)}*`)])]
    .filter(hasWildcard)
    .map((pattern) => service + pattern);
}

/** Each word stays or is what a star stands for; a star may stand for none. No two stars stand together. */
function starred(words: readonly string[], isBehindStar: boolean): string[] {
  const [word, ...rest] = words;
  if (word === undefined) return isBehindStar ? [""] : ["", "*"];
  const staying = starred(rest, false).map((end) => word + end);
  return isBehindStar
    ? [...staying, ...starred(rest, true)]
    : [...staying, ...starred(words, true).map((end) => `*${end}`)];
}

/** The words of an action's name: its word prefixes are where they start. */
function wordsOf(action: string): readonly string[] {
  const starts = wordPrefixes(action).map(({ length }) => length);
  return starts.map((start, i) => action.slice(start, starts[i + 1]));
}

/** Shorter, or as long and a name where the other is a pattern, or first by folded text. */
function isBefore(text: string, other: string): boolean {
  if (text.length !== other.length) return text.length < other.length;
  if (hasWildcard(text) !== hasWildcard(other)) return hasWildcard(other);
  return ascending(fold(text), fold(other)) < 0;
}

/** What an entry holds letter by letter, folded: as a regular expression over the texts of folded patterns, a star of which only a star takes. */
export function holderOf(entry: string): RegExp {
  return new RegExp(regExpOf(entry).source.replaceAll("[^]", "[^*]").replaceAll("[^*]*", "[^]*"));
}
