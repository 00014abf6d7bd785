import { fold, hasWildcard } from "../reference/glob.ts";
import { actionsMatching } from "./evidence.ts";
import type { EntriesSite } from "./operator.ts";
import { type Random, below, pick, shuffled } from "./random.ts";

/** What operators put in an entry's place, and the actions that they choose from. */

export function granted(entry: string, { right }: EntriesSite): readonly string[] {
  return actionsMatching(fold(entry), right.catalog).map(({ text }) => text);
}

/** The actions of the catalog that the statement grants no more. */
export function removed(site: EntriesSite): string[] {
  return site.old.flatMap((entry) => granted(entry, site)).filter(site.right.isUnused);
}

export function grantedByNotAction(site: EntriesSite): string[] {
  const excepted = new Set(site.now.flatMap((entry) => granted(entry, site)));
  return site.right.catalog.actions.map(({ text }) => text).filter((action) => !excepted.has(action));
}

export function replaced({ old, right }: EntriesSite): string[] {
  return old.filter((entry) => right.reaches(entry));
}

/** Unused actions that the catalog lacks, of services that the statement speaks of. */
export function unusedBeyondCatalog({ old, right }: EntriesSite): string[] {
  const text = fold(old.join(" "));
  return right.question.unused
    .filter(({ service }) => text.includes(`${service}:`))
    .flatMap(({ service, whole, names }) =>
      whole ? [`${service}:UnheardOf`] : names.map((name) => `${service}:${name}`),
    )
    .filter((action) => actionsMatching(action, right.catalog).length === 0);
}

export function allNamesButOne(entry: string, random: Random, site: EntriesSite): readonly string[] | undefined {
  const names = shuffled(random, granted(entry, site));
  return hasWildcard(entry) && names.length > 1 ? names.slice(1) : undefined;
}

export function oneCharacterMore(entry: string, random: Random, site: EntriesSite): readonly string[] | undefined {
  const longer = shuffled(random, granted(entry, site)).find((name) => name.length >= entry.length);
  return entry.endsWith("*") && longer !== undefined ? [`${longer.slice(0, entry.length)}*`] : undefined;
}

/** A prefix cut by one to three characters, where an entry that stood there still holds it. */
export function stopsEarly(entry: string, random: Random, site: EntriesSite): readonly string[] | undefined {
  const prefix = entry.replace(/\*$/, "").slice(0, -1 - below(random, 3));
  const holds = (wide: string): boolean => /^[^*?]*\*$/.test(wide) && fold(prefix).startsWith(fold(wide.slice(0, -1)));
  return site.old.some(holds) ? [`${prefix}*`] : undefined;
}

/** U+212A folds to k and U+017F to s, but not in ASCII. */
export function unicodeTwin(entry: string, random: Random): readonly string[] | undefined {
  const twins = [
    ...(replacedOne(entry, /k/gi, "\u212a", random) ?? []),
    ...(replacedOne(entry, /s/gi, "\u017f", random) ?? []),
  ];
  return twins.length === 0 ? undefined : [pick(random, twins)];
}

export function replacedOne(
  entry: string,
  what: RegExp,
  by: string | ((found: string) => string),
  random: Random,
): readonly string[] | undefined {
  const places = [...entry.matchAll(what)].map(({ index }) => index);
  if (places.length === 0) return undefined;
  const place = pick(random, places);
  const found = entry.charAt(place);
  return [entry.slice(0, place) + (typeof by === "string" ? by : by(found)) + entry.slice(place + 1)];
}

export function inserted(text: string, place: number, what: string): string {
  return text.slice(0, place) + what + text.slice(place);
}

export function insertedAnywhere(entries: readonly string[], entry: string, random: Random): readonly string[] {
  return entries.toSpliced(below(random, entries.length + 1), 0, entry);
}
