import { type Unused, unionOf, unusedOf } from "@leastwise/core";
import type { Case } from "../generate/cases.ts";
import { type HeardStatement, type Hearing, hearEntry } from "./hearing.ts";
import {
  endsAfter,
  entriesOf,
  fold,
  grantedBy,
  isByName,
  isUnused,
  matches,
  mayChange,
  wordPrefixesOf,
} from "./plainly.ts";

/**
 * Law 5: no generated prefix has a shorter safe word prefix, and no two entries generated from one can be merged by one. Of a service
 * whose granularity is exact no prefix is safe: what is generated there is actions' names.
 */
export function shortest(hearing: Hearing): string | null {
  for (const statement of hearing.statements) {
    const broken = generalised(statement, hearing);
    if (broken !== null) return broken;
  }
  return null;
}

function generalised({ before, after, entries }: HeardStatement, hearing: Hearing): string | null {
  const { refiner, asked } = hearing;
  if (after?.NotAction !== undefined && mayChange(before, asked.options)) {
    const appended = entriesOf(after.NotAction).slice(entriesOf(before.NotAction).length);
    return notActionTooLong(appended, grantedBy(before, asked.catalog), hearing);
  }
  for (const { entry, becomes } of entries) {
    if (becomes === "kept") continue;
    const isPrefix = /^[^*?]*\*$/.test(entry);
    const unused = isPrefix ? asked.unused : spelledOut(asked.unused, asked.catalog);
    const generated = isPrefix ? becomes : hearEntry(refiner, { ...asked, unused }, entry).becomes;
    const broken = generated === "kept" ? null : tooLong(entry, generated, { ...asked, unused });
    if (broken !== null) return broken;
  }
  return null;
}

/** U with services that are unused whole given by the names that the catalog has: then what starts with a prefix can be counted. */
function spelledOut(unused: Unused, catalog: readonly string[]): Unused {
  const whole = unused.filter((service) => service.whole);
  if (whole.length === 0) return unused;
  const actions = catalog.filter((action) => isUnused(action, whole));
  const reports = actions.map((action) => {
    const colon = action.indexOf(":");
    return { service: action.slice(0, colon), actions: [action.slice(colon + 1)] };
  });
  return unionOf(
    unused.filter((service) => !service.whole),
    unusedOf(reports),
  );
}

/**
 * What is wrong with the entries generated for one entry, in words. A service that is unused whole counts as endlessly many
 * actions, which holds for entries that end in their only `*`; other entries are asked with a U that has none.
 */
function tooLong(entry: string, generated: readonly string[], { unused, catalog, options }: Case): string | null {
  const e = fold(entry);
  const remaining = catalog.filter((action) => matches(e, fold(action)) && !isUnused(action, unused));
  const services = unused.filter(({ whole }) => whole).map(({ service }) => `${service}:`);
  const reported = unused
    .filter(({ whole }) => !whole)
    .flatMap(({ service, names }) => names.map((name) => `${service}:${name}`))
    .filter((action) => matches(e, action));
  const isSafe = (q: string): boolean =>
    !reported.some((action) => action.startsWith(q)) &&
    !services.some((service) => service.startsWith(q) || q.startsWith(service));
  const safe = [...wordPrefixesOf(catalog)]
    .filter((q) => q.length >= e.search(/[*?]/) && !isByName(q, options) && isSafe(q))
    .sort((a, b) => a.length - b.length);

  for (const text of generated) {
    const g = fold(text);
    const other = generated.find((one) => one !== text && matches(fold(one), g));
    if (other !== undefined) return `${entry}: ${text} is inside ${other}`;
    const q = safe.find((candidate) => g.startsWith(candidate));
    if (remaining.includes(text)) {
      const general = q === undefined ? undefined : patternsFor(q, e, remaining).find((pattern) => matches(pattern, g));
      if (general !== undefined) return `${entry}: ${text} could be ${general}`;
    } else {
      if (q === undefined) return `${entry}: ${text} has no safe prefix`;
      if (!patternsFor(q, e, remaining).includes(g)) return `${entry}: ${text} could start with ${q}`;
    }
  }
  return null;
}

/** What could be written for a safe prefix: whatever e still requires after it, where that grants more than one action. */
function patternsFor(q: string, e: string, remaining: readonly string[]): string[] {
  return endsAfter(q, e)
    .map((end) => q + end)
    .filter((pattern) => remaining.filter((action) => matches(pattern, fold(action))).length > 1);
}

/** The dual, SEMANTICS 3: what is appended covers nothing that is to stay granted, and nothing shorter would do. */
function notActionTooLong(appended: readonly string[], granted: readonly string[], { asked }: Hearing): string | null {
  const kept = granted.filter((action) => !isUnused(action, asked.unused)).map(fold);
  const all = asked.catalog.map(fold);
  const safe = [...wordPrefixesOf(asked.catalog)]
    .filter((q) => !isByName(q, asked.options) && !kept.some((action) => action.startsWith(q)))
    .sort((a, b) => a.length - b.length);
  for (const text of appended) {
    const g = fold(text);
    const q = safe.find((candidate) => g.startsWith(candidate));
    if (asked.catalog.includes(text)) {
      if (q !== undefined && all.filter((action) => action.startsWith(q)).length > 1) return `${text} could be ${q}*`;
    } else if (g !== `${q}*`) return `${text} is not the shortest: ${q === undefined ? "no prefix is safe" : `${q}*`}`;
  }
  return null;
}
