import { type IntervalSet, ids, intersect, intersects, intervalSetOf, subtract } from "../../interval/interval-set.ts";
import { fold } from "../../pattern/fold.ts";
import { holdsPattern } from "../../pattern/holds-pattern.ts";
import { type Pattern, matches, parsePattern } from "../../pattern/pattern.ts";
import type { CatalogTrie } from "../../trie/trie.ts";
import { type EntryOutcome, namesOf, sortedByFold } from "../entry.ts";
import type { Fit } from "../options.ts";
import type { ResolvedUnused } from "../resolved-unused.ts";
import { type ServiceEntries, fitService } from "./fit-service.ts";
import { type ServiceQuery, nameOf } from "./service-query.ts";

/** An entry of an `Action` as read, with what becomes of it in the form of word prefixes. */
export interface EntryToFit {
  readonly pattern: Pattern;
  readonly matched: IntervalSet;
  readonly outcome: EntryOutcome;
}

/** What becomes of each entry in a form, and whether nothing of this form is shorter for certain. */
export interface FittedEntries {
  readonly outcomes: readonly EntryOutcome[];
  readonly isProven: boolean;
}

/** What is appended to a `NotAction` in a form, sorted, and whether nothing of this form is shorter for certain. */
export interface FittedExceptions {
  readonly appended: readonly string[];
  readonly isProven: boolean;
}

/**
 * SEMANTICS 9: what the replaced entries of a statement become together where few characters count. Entries that are kept or dropped
 * are so in every form. Each entry generated stands in the place of the first replaced one that it lies inside. One answer for each
 * form up to the one asked for.
 */
export function fitEntries(
  trie: CatalogTrie,
  unused: ResolvedUnused,
  exact: IntervalSet,
  fit: Fit,
  entries: readonly EntryToFit[],
): readonly FittedEntries[] {
  const replaced = entries.filter(({ outcome }) => outcome !== "kept" && outcome.length > 0);
  const matched = union(replaced);
  const left = subtract(matched, unused.ids);
  const wanted = subtract(left, union(entries.filter(({ outcome }) => outcome === "kept")));
  const byName = intervalSetOf([...intersect(wanted, exact), ...intersect(wanted, unused.wholeIds)]);
  const prefixes = byService(replaced.flatMap(({ outcome }) => (outcome === "kept" ? [] : outcome)));
  const blocked = byService([
    ...Array.from(ids(intersect(matched, unused.ids)), (id) => fold(trie.name(id))),
    ...unused.unlisted.filter((action) => replaced.some(({ pattern }) => matches(pattern, action))),
  ]);
  const fitted = Array.from(servicesOf(trie, subtract(wanted, byName)), ([service, lo, hi]) => {
    const inService = [lo, hi];
    const near = replaced.filter((entry) => intersects(inService, entry.matched)).map(({ pattern }) => pattern);
    const query: ServiceQuery = {
      service,
      names: namesIn(trie, intersect(left, inService), wanted),
      blocked: blocked.get(service) ?? [],
      isInside: insideAny(near, service),
      heads: near.map(({ folded, headLength }) => folded.slice(0, headLength)),
    };
    return fitService(query, fit, prefixes.get(service) ?? []);
  });
  return formsUpTo(fit).map((_, form) => {
    const { generated, isProven } = joined(fitted, form, namesOf(trie, byName));
    return { outcomes: placed(entries, generated), isProven };
  });
}

/**
 * SEMANTICS 9 for what is appended to a `NotAction`: what covers `removed` and nothing of `kept`. `prefixes` is what word prefixes write.
 * One answer for each form up to the one asked for.
 */
export function fitExceptions(
  trie: CatalogTrie,
  exact: IntervalSet,
  fit: Fit,
  removed: IntervalSet,
  kept: IntervalSet,
  prefixes: readonly string[],
): readonly FittedExceptions[] {
  const written = byService(prefixes);
  const wanted = subtract(removed, exact);
  const fitted = Array.from(servicesOf(trie, wanted), ([service, lo, hi]) => {
    const query: ServiceQuery = {
      service,
      names: namesIn(trie, subtract([lo, hi], kept), wanted),
      blocked: Array.from(ids(intersect(kept, [lo, hi])), (id) => fold(trie.name(id))),
      isInside: () => true,
      heads: [""],
    };
    return fitService(query, fit, written.get(service) ?? []);
  });
  return formsUpTo(fit).map((_, form) => {
    const { generated, isProven } = joined(fitted, form, namesOf(trie, intersect(removed, exact)));
    return { appended: sortedByFold(generated), isProven };
  });
}

/** The answers of all services in one form, and what is written by its name in every form. */
function joined(
  fitted: readonly (readonly ServiceEntries[])[],
  form: number,
  names: readonly string[],
): { readonly generated: readonly string[]; readonly isProven: boolean } {
  const answers = fitted.map((forms) => forms[form]!); // one for each form
  return {
    generated: [...names, ...answers.flatMap(({ entries }) => entries)],
    isProven: answers.every(({ isProven }) => isProven),
  };
}

/** Beyond word prefixes, in the order of the ladder. */
function formsUpTo({ form }: Fit): readonly Fit["form"][] {
  return form === "inner" ? ["inner"] : ["inner", "characters"];
}

function union(entries: readonly { readonly matched: IntervalSet }[]): IntervalSet {
  return intervalSetOf(entries.flatMap(({ matched }) => matched));
}

/** The services that a set has actions of: folded, with the colon, and all their ids. O(services × log actions). */
function* servicesOf(
  trie: CatalogTrie,
  set: IntervalSet,
): Generator<readonly [service: string, lo: number, hi: number]> {
  let next = 0;
  for (const id of ids(set)) {
    if (id < next) continue;
    const service = serviceOf(fold(trie.name(id)));
    const lo = trie.lowerBound(service);
    next = trie.upperBound(service, lo);
    yield [service, lo, next];
  }
}

/** With the colon. */
function serviceOf(entry: string): string {
  return entry.slice(0, entry.indexOf(":") + 1);
}

/** By folded service and colon. What is generated names its service. */
function byService(texts: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>();
  for (const text of texts) {
    const service = serviceOf(fold(text));
    const group = groups.get(service);
    if (group === undefined) groups.set(service, [text]);
    else group.push(text);
  }
  return groups;
}

function namesIn(trie: CatalogTrie, set: IntervalSet, wanted: IntervalSet): ServiceQuery["names"] {
  const isWanted = new Set(ids(intersect(set, wanted)));
  let element = 0;
  return Array.from(ids(set), (id) => {
    const spelled = trie.name(id);
    return nameOf(spelled, fold(spelled), isWanted.has(id) ? element++ : -1);
  });
}

function insideAny(entries: readonly Pattern[], service: string): ServiceQuery["isInside"] {
  const takesAll = ({ kind, headLength, folded }: Pattern): boolean =>
    kind === "prefix" && service.startsWith(folded.slice(0, headLength));
  if (entries.some(takesAll)) return () => true;
  return (text) => entries.some((entry) => holdsPattern(entry, text));
}

/** What is generated in the place of the first replaced entry that it lies inside; the other entries as they were. */
function placed(entries: readonly EntryToFit[], generated: readonly string[]): readonly EntryOutcome[] {
  const outcomes = entries.map(({ outcome }): "kept" | string[] => (outcome === "kept" ? outcome : []));
  for (const text of generated) {
    const { folded } = parsePattern(text);
    const place = entries.findIndex(
      ({ outcome, pattern }) => outcome !== "kept" && outcome.length > 0 && holdsPattern(pattern, folded),
    );
    const outcome = outcomes[place];
    if (outcome === undefined || outcome === "kept") throw new Error(`\`${text}\` lies inside no replaced entry`);
    outcome.push(text);
  }
  return outcomes.map((outcome) => (outcome === "kept" ? outcome : sortedByFold(outcome)));
}
