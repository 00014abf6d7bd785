import type { RefinementOptions, Statement, Unused } from "@leastwise/core";
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
import { fold, hasWildcard, matches, remaindersAfter } from "./glob.ts";
import { type UnusedActions, isUnused, readUnused, unsafePrefixes } from "./unused-actions.ts";

/** What becomes of one entry: it stays as it is, or these texts take its place (none: it is dropped). */
type Outcome = "kept" | readonly string[];

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
  const after = before.map((statement) => refineStatement(statement, u, c, options));
  if (after.every((statement, i) => statement === before[i])) return { recommendedAction: "NONE", policy };
  const left = after.filter((statement) => statement !== null);
  if (left.length === 0) return { recommendedAction: "DETACH_POLICY", policy: null };
  const Statement = Array.isArray(policy.Statement) ? left : left[0]!; // not empty: checked the line before
  return { recommendedAction: "CREATE_POLICY", policy: { ...policy, Statement } };
}

/** The same object when nothing changes, `null` when the statement goes. */
function refineStatement(
  statement: Statement,
  u: UnusedActions,
  c: Catalog,
  options: RefinementOptions,
): Statement | null {
  if (statement.Effect !== "Allow" || isKept(statement, options)) return statement;
  if (statement.Action !== undefined) return refineAction(statement, statement.Action, u, c, options);
  if (statement.NotAction !== undefined) return refineNotAction(statement, statement.NotAction, u, c, options);
  return statement;
}

/** SEMANTICS 2, for all entries of a statement. */
function refineAction(
  statement: Statement,
  element: string | readonly string[],
  u: UnusedActions,
  c: Catalog,
  options: RefinementOptions,
): Statement | null {
  const entries = listOf(element);
  const outcomes = entries.map((entry) => refineEntry(entry, u, c, options));
  if (outcomes.every((outcome) => outcome === "kept")) return statement;

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
  return { ...statement, NotAction: [...entries, ...sorted(appended)] };
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
