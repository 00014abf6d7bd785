import type { Fit, Statement } from "@leastwise/core";
import type { Case } from "../generate/cases.ts";
import { type HeardStatement, type Hearing, alone } from "./hearing.ts";
import {
  elementOf,
  endsAfter,
  entriesOf,
  fold,
  isByName,
  isUnused,
  matches,
  mayChange,
  wordPrefixesOf,
} from "./plainly.ts";

/**
 * What holds instead of law 5 in the forms of SEMANTICS 9: no form takes more characters than the one before it; every pattern is one
 * that the form allows; and where a refiner says that nothing takes less, nothing that is generated is needless, and none of it could be a shorter pattern that
 * covers as much.
 */
export function fitting(hearing: Hearing): string | null {
  for (const heard of hearing.statements) {
    const broken = fittingOne(heard, hearing);
    if (broken !== null) return broken;
  }
  return null;
}

function fittingOne({ before, after }: HeardStatement, { refiner, asked, answer }: Hearing): string | null {
  const { fit, ...others } = asked.options;
  if (fit === undefined || after === null || after === before || !mayChange(before, asked.options)) return null;
  const sizeIn = (options: Case["options"]): number => entriesSize(alone(refiner, { ...asked, options }, before));
  if (entriesSize(after) > sizeIn(others)) return "word prefixes take fewer characters";
  if (fit.form === "characters" && entriesSize(after) > sizeIn({ ...others, fit: { form: "inner" } }))
    return "inner patterns take fewer characters";
  const site = siteOf(before, after, asked);
  const isProven = answer.fitted === undefined || answer.fitted.shortest === answer.fitted.statements;
  for (const text of site.generated) {
    const broken =
      patternBroken(text, site, fit, asked) ??
      (isProven ? (needless(text, site) ?? couldBeShorter(text, site, fit, asked)) : null);
    if (broken !== null) return `${text} ${broken}`;
  }
  return null;
}

function entriesSize(statement: Statement | null): number {
  return JSON.stringify(statement === null ? [] : statement[elementOf(statement)]).length;
}

/** A statement of which something was generated. All folded but `generated`. */
interface Site {
  readonly generated: readonly string[];
  /** What stands there now. */
  readonly now: readonly string[];
  /** The wildcards of an `Action` that were replaced; of a `NotAction` one that holds everything. */
  readonly replaced: readonly string[];
  /** What has to be covered. */
  readonly wanted: readonly string[];
  /** What must not be. */
  readonly forbidden: readonly string[];
}

function siteOf(before: Statement, after: Statement, { catalog, unused }: Case): Site {
  const old = entriesOf(before[elementOf(before)]);
  const now = entriesOf(after[elementOf(after)]);
  const actions = catalog.map(fold);
  const isGone = (action: string): boolean => isUnused(action, unused);
  if (before.NotAction !== undefined) {
    const granted = actions.filter((action) => !old.some((entry) => matches(fold(entry), action)));
    const generated = now.slice(old.length);
    const forbidden = granted.filter((action) => !isGone(action));
    return { generated, now: now.map(fold), replaced: ["*"], wanted: granted.filter(isGone), forbidden };
  }
  const replaced = old.filter((entry) => !now.includes(entry) && /[*?]/.test(entry)).map(fold);
  const wanted = actions.filter((action) => replaced.some((entry) => matches(entry, action)) && !isGone(action));
  const named = unused.flatMap(({ service, whole, names }) => (whole ? [] : names.map((name) => `${service}:${name}`)));
  const forbidden = [...named, ...actions.filter(isGone)];
  return { generated: now.filter((entry) => !old.includes(entry)), now: now.map(fold), replaced, wanted, forbidden };
}

/** What a pattern is not that the form demands; null for a name. */
function patternBroken(text: string, site: Site, fit: Fit, asked: Case): string | null {
  const pattern = fold(text);
  if (!/[*?]/.test(pattern)) return null;
  if (!/^[^:*?]*:/.test(pattern)) return "has a wildcard in its service";
  if (isByName(pattern, asked.options)) return "is of a service that goes by names";
  const matched = asked.catalog.filter((action) => matches(pattern, fold(action)));
  if (matched.length < (fit.form === "inner" ? 2 : 1)) return "is a pattern for too few actions";
  if (!site.replaced.some((entry) => holds(entry, pattern))) return "lies inside no entry that was replaced";
  if (matched.some((action) => isMadeOf(pattern, action))) return null;
  if (fit.form === "characters" && isLongPrefix(pattern, fit.shortest)) return null;
  const isWritten = [...wordPrefixesOf(asked.catalog)].some(
    (q) =>
      pattern.startsWith(q) && site.replaced.some((entry) => endsAfter(q, entry).includes(pattern.slice(q.length))),
  );
  return isWritten ? null : "is of no form that was asked for";
}

function needless(text: string, { now, wanted }: Site): string | null {
  const others = [...now];
  others.splice(others.indexOf(fold(text)), 1);
  const isNeeded = wanted.some(
    (action) => matches(fold(text), action) && !others.some((entry) => matches(entry, action)),
  );
  return isNeeded ? null : "covers nothing that nothing else covers";
}

/** Names of more words have too many patterns to try them all. */
const MOST_WORDS = 5;

function couldBeShorter(
  text: string,
  { now, wanted, forbidden, replaced }: Site,
  fit: Fit,
  asked: Case,
): string | null {
  const others = now.filter((entry) => entry !== fold(text));
  const own = wanted.filter((action) => matches(fold(text), action) && !others.some((entry) => matches(entry, action)));
  const isOwn = (action: string): boolean => fold(action) === own[0];
  const action = asked.catalog.find(isOwn);
  if (action === undefined || isByName(fold(action), asked.options)) return null;
  if (asked.unused.some(({ service, whole }) => whole && own[0]!.startsWith(`${service}:`))) return null; // has one: just found
  const patterns = wordsOf(action).length > MOST_WORDS ? [] : patternsFrom(action);
  const service = action.indexOf(":") + 1;
  if (fit.form === "characters")
    for (let end = service + fit.shortest; end < action.length; end++) patterns.push(fold(`${action.slice(0, end)}*`));
  const shorter = patterns.find((pattern) => {
    return (
      pattern.length < text.length &&
      replaced.some((entry) => holds(entry, pattern)) &&
      own.every((one) => matches(pattern, one)) &&
      !forbidden.some((one) => matches(pattern, one)) &&
      (fit.form === "characters" || asked.catalog.filter((one) => matches(pattern, fold(one))).length > 1)
    );
  });
  return shorter === undefined ? null : `could be ${shorter}`;
}

/** Whether a pattern that ends in its only star is a prefix with so many characters of a name. */
export function isLongPrefix(pattern: string, shortest: number): boolean {
  return /^[^*?]*\*$/.test(pattern) && pattern.length - 1 - (pattern.indexOf(":") + 1) >= shortest;
}

/** Whether a folded pattern comes of an action's name by putting stars for words of it, or between them. */
export function isMadeOf(pattern: string, action: string): boolean {
  const service = fold(action.slice(0, action.indexOf(":") + 1));
  if (!pattern.startsWith(service) || pattern.includes("?") || pattern.includes("**")) return false;
  return comesOf(pattern.slice(service.length), wordsOf(action));
}

function comesOf(pattern: string, words: readonly string[]): boolean {
  const [word, ...rest] = words;
  if (word === undefined) return pattern === "" || pattern === "*";
  if (pattern.startsWith(word) && comesOf(pattern.slice(word.length), rest)) return true;
  if (!pattern.startsWith("*")) return false;
  if (comesOf(pattern, rest)) return true; // the star stands for this word too
  return pattern.startsWith(`*${word}`) && comesOf(pattern.slice(1 + word.length), rest);
}

/** All patterns that come of an action's name, folded. */
function patternsFrom(action: string): string[] {
  let starts = [fold(action.slice(0, action.indexOf(":") + 1))];
  for (const word of wordsOf(action)) {
    starts = starts.flatMap((start) => {
      const starred = start.endsWith("*") ? start : `${start}*`;
      return [start + word, starred, starred + word];
    });
  }
  return [...new Set(starts.flatMap((start) => (start.endsWith("*") ? [start] : [start, `${start}*`])))].filter(
    (start) => start.includes("*"),
  );
}

/** The folded words of an action's name: its own word prefixes are where they start. */
function wordsOf(action: string): readonly string[] {
  const starts = [...wordPrefixesOf([action])].map(({ length }) => length).sort((a, b) => a - b);
  return starts.map((start, i) => fold(action).slice(start, starts[i + 1]));
}

/** Whether an entry holds a pattern letter by letter, a star of it by a star. Both folded. */
export function holds(entry: string, pattern: string): boolean {
  if (entry === "") return pattern === "";
  if (entry.startsWith("*"))
    return holds(entry.slice(1), pattern) || (pattern !== "" && holds(entry.replace(/^\*+/, "*"), pattern.slice(1)));
  const letter = pattern.charAt(0); // empty behind the end
  const isTaken = letter !== "" && letter !== "*" && (entry.startsWith("?") || entry.startsWith(letter));
  return isTaken && holds(entry.slice(1), pattern.slice(1));
}
