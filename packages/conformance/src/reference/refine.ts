import type { Fit, RefinementOptions, Statement, Unused } from "@leastwise/core";
import type { Answer, Question, Refiner } from "../refiner.ts";
import {
  type Action,
  type Catalog,
  ascending,
  groupByPrefix,
  matchedBy,
  prefixesOf,
  readCatalog,
  spell,
} from "./catalog.ts";
import { type Wanted, holderOf, shortestTexts } from "./forms.ts";
import { fold, hasWildcard, matches, remaindersAfter } from "./glob.ts";
import { type UnusedActions, isUnused, readUnused, unsafePrefixes } from "./unused-actions.ts";

/** What becomes of one entry: it stays as it is, or these texts take its place (none: it is dropped). */
type Outcome = "kept" | readonly string[];

/** Counted on the way: statements whose entries were chosen to fit, and those of which everything was tried. */
interface Fitted {
  statements: number;
  shortest: number;
}

const catalogs = new WeakMap<readonly string[], Catalog>();
const unusedActions = new WeakMap<Unused, UnusedActions>();

/**
 * SEMANTICS 1-4 written down as slowly and plainly as they read: sets, loops and regular expressions. Nothing here is shared with
 * core, so that the two can only agree by both being right. Words used below:
 *
 * - *text* is what the author or the catalog wrote, *folded* is the same with A-Z turned into a-z. Only folded strings are compared.
 * - an *entry* is one glob over the whole string `service:Name`; `*` may cross the colon.
 *
 * The catalog and `unused` are cached by identity. About O(entries × (actions + reported names)).
 */
export const reference: Refiner = { name: "reference", refine };

function refine({ policy, unused, catalog, options }: Question): Answer {
  const c = remember(catalogs, catalog, readCatalog);
  const u = remember(unusedActions, unused, readUnused);
  const before = Array.isArray(policy.Statement) ? (policy.Statement as Statement[]) : [policy.Statement as Statement]; // TypeScript does not narrow readonly arrays by Array.isArray
  const fitted: Fitted = { statements: 0, shortest: 0 };
  const told = options.fit === undefined ? {} : { fitted };
  const after = before.map((statement) => refineStatement(statement, u, c, options, fitted));
  if (after.every((statement, i) => statement === before[i])) return { recommendedAction: "NONE", policy, ...told };
  const left = after.filter((statement) => statement !== null);
  if (left.length === 0) return { recommendedAction: "DETACH_POLICY", policy: null, ...told };
  const Statement = Array.isArray(policy.Statement) ? left : left[0]!; // not empty: checked the line before
  return { recommendedAction: "CREATE_POLICY", policy: { ...policy, Statement }, ...told };
}

/** The same object when nothing changes, `null` when the statement goes. */
function refineStatement(
  statement: Statement,
  u: UnusedActions,
  c: Catalog,
  options: RefinementOptions,
  fitted: Fitted,
): Statement | null {
  if (statement.Effect !== "Allow" || isKept(statement, options)) return statement;
  if (statement.Action !== undefined) return refineAction(statement, statement.Action, u, c, options, fitted);
  if (statement.NotAction !== undefined) return refineNotAction(statement, statement.NotAction, u, c, options, fitted);
  return statement;
}

/** SEMANTICS 2, for all entries of a statement. */
function refineAction(
  statement: Statement,
  element: string | readonly string[],
  u: UnusedActions,
  c: Catalog,
  options: RefinementOptions,
  fitted: Fitted,
): Statement | null {
  const entries = listOf(element);
  const outcomes = entries.map((entry) => refineEntry(entry, u, c, options));
  if (outcomes.every((outcome) => outcome === "kept")) return statement;
  const inPrefixes = assembled(statement, element, entries, outcomes);
  if (options.fit === undefined || !outcomes.some((outcome) => outcome !== "kept" && outcome.length > 0))
    return inPrefixes;
  const inForms = formsUpTo(options.fit).map((fit) => {
    const { chosen, isShortest } = fitAction(entries, outcomes, fit, u, c, options);
    return { statement: assembled(statement, element, entries, chosen), isShortest };
  });
  fitted.statements++;
  if (inForms.at(-1)?.isShortest === true) fitted.shortest++;
  return shortest([inPrefixes, ...inForms.map((form) => form.statement)]);
}

/** The statement with these outcomes in their entries' places; null where nothing is left. */
function assembled(
  statement: Statement,
  element: string | readonly string[],
  entries: readonly string[],
  outcomes: readonly Outcome[],
): Statement | null {
  const written = new Set(entries.filter((_, i) => outcomes[i] === "kept").map(fold));
  const after: string[] = [];
  for (const [i, entry] of entries.entries()) {
    const outcome = outcomes[i]!; // one outcome an entry
    if (outcome === "kept") {
      after.push(entry);
      continue;
    }
    for (const generated of outcome) {
      if (written.has(fold(generated))) continue;
      written.add(fold(generated));
      after.push(generated);
    }
  }
  if (after.length === 0) return null;
  return { ...statement, Action: typeof element === "string" && after.length === 1 ? after[0]! : after }; // has one: just counted
}

/** SEMANTICS 9.1 and 9.2, for the entries of an `Action` that are replaced. */
function fitAction(
  entries: readonly string[],
  outcomes: readonly Outcome[],
  fit: Fit,
  u: UnusedActions,
  c: Catalog,
  options: RefinementOptions,
): { readonly chosen: readonly Outcome[]; readonly isShortest: boolean } {
  const isReplaced = (i: number): boolean => outcomes[i] !== "kept" && outcomes[i]!.length > 0; // one outcome an entry, here and below
  const replaced = entries.filter((_, i) => isReplaced(i)).map(fold);
  const kept = entries.filter((_, i) => outcomes[i] === "kept").map(fold);
  const holders = replaced.map(holderOf);
  const left = c.actions.filter(({ folded }) => replaced.some((e) => matches(e, folded)) && !isUnused(folded, u));
  const wanted = left.filter(({ folded }) => !kept.some((e) => matches(e, folded)));
  const named = (action: Action): boolean =>
    isNamed(action, options) || u.services.some(({ prefix }) => action.folded.startsWith(prefix));
  const generated = new Set(wanted.filter(named).map(({ text }) => text));
  let isShortest = true;
  for (const service of new Set(wanted.filter((action) => !named(action)).map(serviceOf))) {
    const ofService = ({ folded }: { readonly folded: string }): boolean => folded.startsWith(service);
    const query: Wanted = {
      actions: wanted.filter(ofService),
      coverable: left.filter(ofService),
      isAllowed: (pattern, glob) =>
        holders.some((holder) => holder.test(pattern)) && ![...u.named].some((action) => glob.test(action)), // of a service that is unused whole nothing is written but names
      prefixes: outcomes
        .flatMap((outcome) => (outcome === "kept" ? [] : outcome))
        .filter((text) => fold(text).startsWith(service)),
    };
    const written = shortestTexts(query, fit, c);
    for (const text of written.texts) generated.add(text);
    isShortest &&= written.isShortest;
  }
  const places = [...entries.keys()].filter(isReplaced);
  const placeOf = (text: string): number => places.find((i) => holderOf(fold(entries[i]!)).test(fold(text)))!; // each lies inside one
  const chosen = outcomes.map((outcome, i) =>
    outcome === "kept" ? outcome : sorted([...generated].filter((text) => placeOf(text) === i)),
  );
  return { chosen, isShortest };
}

function formsUpTo(fit: Fit): readonly Fit[] {
  return fit.form === "inner" ? [fit] : [{ form: "inner" }, fit];
}

/** By the characters of its entries; of equally short ones the first. */
function shortest(statements: readonly (Statement | null)[]): Statement | null {
  return statements.reduce((best, other) => (sizeOf(other) < sizeOf(best) ? other : best));
}

function sizeOf(statement: Statement | null): number {
  return JSON.stringify(statement?.NotAction ?? statement?.Action ?? "").length;
}

function serviceOf({ folded }: Action): string {
  return folded.slice(0, folded.indexOf(":") + 1);
}

/** SEMANTICS 2, steps 1 to 4. */
function refineEntry(entry: string, u: UnusedActions, c: Catalog, options: RefinementOptions): Outcome {
  const e = fold(entry);
  if (!hasWildcard(e)) return isUnused(e, u) ? [] : "kept";

  const isUnsafe = unsafePrefixes(e, u);
  if (!isUnsafe("")) return "kept";
  const remaining = matchedBy(e, c).filter((action) => !isUnused(action.folded, u));
  if (remaining.length === 0) return [];

  const headLength = e.search(/[*?]/);
  const coveredBy = groupByPrefix(remaining, c);
  const chosen = new Set<string>();
  const generated = new Set<string>();
  for (const action of remaining) {
    const candidates = isNamed(action, options) ? [] : prefixesOf(action, c).filter((q) => q.length >= headLength);
    const q = candidates.find((candidate) => !isUnsafe(candidate));
    if (q === undefined) generated.add(action.text);
    else chosen.add(q);
  }
  for (const q of chosen) {
    const covered = coveredBy.get(q)!; // q is a prefix of the action that chose it
    if (covered.length === 1) {
      generated.add(covered[0]!.text); // has one: just counted
      continue;
    }
    const alone = new Set<Action>();
    const together = new Set<Action>();
    for (const rest of remaindersAfter(q, entry)) {
      const granted = covered.filter((action) => matches(fold(rest), action.folded.slice(q.length)));
      if (granted.length === 1) alone.add(granted[0]!); // has one: just counted
      if (granted.length < 2) continue;
      generated.add(spell(q, c) + rest);
      for (const action of granted) together.add(action);
    }
    for (const action of alone) if (!together.has(action)) generated.add(action.text);
  }
  return sorted(generated);
}

/** SEMANTICS 3. */
function refineNotAction(
  statement: Statement,
  element: string | readonly string[],
  u: UnusedActions,
  c: Catalog,
  options: RefinementOptions,
  fitted: Fitted,
): Statement | null {
  const entries = listOf(element);
  const excepted = new Set(entries.flatMap((entry) => matchedBy(fold(entry), c)));
  const granted = c.actions.filter((action) => !excepted.has(action));
  const removed = granted.filter((action) => isUnused(action.folded, u));
  const remaining = granted.filter((action) => !isUnused(action.folded, u));
  if (removed.length === 0) return statement;
  if (remaining.length === 0) return null;

  const needed = groupByPrefix(remaining, c);
  const covered = groupByPrefix(c.actions, c);
  const appended = new Set<string>();
  for (const action of removed) {
    const candidates = isNamed(action, options) ? [] : prefixesOf(action, c);
    const q = candidates.find((candidate) => !needed.has(candidate));
    // q covers at least this action
    if (q === undefined || covered.get(q)!.length === 1) appended.add(action.text);
    else appended.add(spell(q, c) + "*");
  }
  const withAppended = (texts: Iterable<string>): Statement => ({
    ...statement,
    NotAction: [...entries, ...sorted(texts)],
  });
  if (options.fit === undefined) return withAppended(appended);
  const isByName = (action: Action): boolean => isNamed(action, options);
  const inForms = formsUpTo(options.fit).map((fit) => {
    const texts = removed.filter(isByName).map(({ text }) => text);
    let isShortest = true;
    for (const service of new Set(removed.filter((action) => !isByName(action)).map(serviceOf))) {
      const ofService = ({ folded }: Action): boolean => folded.startsWith(service);
      const written = shortestTexts(
        {
          actions: removed.filter(ofService),
          coverable: c.actions.filter((action) => ofService(action) && !remaining.includes(action)),
          isAllowed: (_, glob) => !remaining.some(({ folded }) => glob.test(folded)),
          prefixes: [...appended].filter((text) => fold(text).startsWith(service)),
        },
        fit,
        c,
      );
      texts.push(...written.texts);
      isShortest &&= written.isShortest;
    }
    return { statement: withAppended(texts), isShortest };
  });
  fitted.statements++;
  if (inForms.at(-1)?.isShortest === true) fitted.shortest++;
  return shortest([withAppended(appended), ...inForms.map((form) => form.statement)]);
}

/** SEMANTICS 4: whether its Sid keeps the statement. */
function isKept({ Sid }: Statement, { keptSids }: RefinementOptions): boolean {
  return Sid !== undefined && keptSids.some((start) => Sid.startsWith(start));
}

/** SEMANTICS 2: whether the action's service is one whose actions are written by their names. */
function isNamed({ folded }: Action, { granularity, services }: RefinementOptions): boolean {
  const own = services.find(([service]) => folded.startsWith(`${service}:`));
  return (own === undefined ? granularity : own[1]) === "exact";
}

function listOf(element: string | readonly string[]): readonly string[] {
  return typeof element === "string" ? [element] : element;
}

function sorted(texts: Iterable<string>): string[] {
  return [...texts].sort((a, b) => ascending(fold(a), fold(b)));
}

function remember<K extends object, V>(known: WeakMap<K, V>, key: K, compute: (key: K) => V): V {
  const value = known.get(key) ?? compute(key);
  known.set(key, value);
  return value;
}
