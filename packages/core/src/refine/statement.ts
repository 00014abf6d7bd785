import { type IntervalSet, intersect, subtract } from "../interval/interval-set.ts";
import { fold } from "../pattern/fold.ts";
import type { Statement } from "../policy/document.ts";
import { allBut, matchedTogether } from "../policy/grant.ts";
import type { ReadEntry } from "../policy/read-entry.ts";
import type { SpelledStatement } from "../spelling/spellings.ts";
import type { CatalogTrie } from "../trie/trie.ts";
import { type EntryOutcome, type Rules, namesOf, refineEntry, sortedByFold } from "./entry.ts";
import { fitEntries, fitExceptions } from "./forms/fit-entries.ts";
import type { Fit } from "./options.ts";
import { coverByPrefixes } from "./prefix-cover.ts";

/** What became of one entry: dropped when `replacedBy` is empty. */
export interface EntryChange {
  readonly element: "Action" | "NotAction";
  /** The entry as its author spelled it; null for entries that a `NotAction` gained, or when its whole statement went. */
  readonly entry: string | null;
  readonly replacedBy: readonly string[];
}

export interface StatementRefinement {
  /** What is left: null when the statement goes. */
  readonly statement: Statement | null;
  readonly changes: readonly EntryChange[];
  /** Where a form that fits was asked for and there was something to write: whether nothing of that form takes less for certain. */
  readonly isShortest?: boolean;
}

/** What statements are refined by. */
export interface StatementRules extends Rules {
  readonly fit: Fit | undefined;
}

/**
 * SEMANTICS 2-4, and 9 where a form that fits is asked for, for one Allow statement with its entries read. Undefined where nothing of it
 * changes.
 */
export function refineStatement(
  rules: StatementRules,
  { statement, isNot }: SpelledStatement,
  entries: readonly ReadEntry[],
): StatementRefinement | undefined {
  return isNot ? refineNotAction(rules, statement, entries) : refineAction(rules, statement, entries);
}

function refineAction(
  rules: StatementRules,
  statement: Statement,
  entries: readonly ReadEntry[],
): StatementRefinement | undefined {
  const { trie, unused, exact, fit } = rules;
  let outcomes: EntryOutcome[] | undefined;
  let generates = false;
  for (let i = 0; i < entries.length; i++) {
    const outcome = refineEntry(rules, entries[i]!); // i is inside
    if (outcome === "kept") continue;
    outcomes ??= entries.map(() => "kept");
    outcomes[i] = outcome;
    generates ||= outcome.length > 0;
  }
  if (outcomes === undefined) return undefined;
  const inPrefixes = withEntries(statement, assemble(entries, outcomes, generates));
  if (fit === undefined || !generates) return inPrefixes;
  const toFit = entries.map(({ pattern, matched }, i) => ({ pattern, matched, outcome: outcomes[i]! })); // one for each entry
  const fitted = fitEntries(trie, unused, exact, fit, toFit);
  const inForms = fitted.map((form) => withEntries(statement, assemble(entries, form.outcomes, true)));
  const isShortest = fitted[fitted.length - 1]!.isProven; // there is a form
  return { ...shortestOf([inPrefixes, ...inForms]), isShortest };
}

type Changed = Pick<StatementRefinement, "statement" | "changes">;

/** The statement with other entries of `Action`. */
function withEntries(statement: Statement, { left, changes }: ReturnType<typeof assemble>): Changed {
  if (left.length === 0) return { statement: null, changes };
  const single = typeof statement.Action === "string" && left.length === 1;
  return { statement: { ...statement, Action: single ? left[0]! : left }, changes }; // left has one item
}

/** The one whose entries take the fewest characters, of equally short ones that of the first form. */
function shortestOf(inForms: readonly Changed[]): Changed {
  const sizeOf = ({ statement }: Changed): number =>
    JSON.stringify(statement?.NotAction ?? statement?.Action ?? "").length;
  return inForms.reduce((best, other) => (sizeOf(other) < sizeOf(best) ? other : best));
}

/** The new entry list (SEMANTICS 2.5): generated entries in place of theirs, each only once and not where a kept one says it. */
function assemble(
  entries: readonly ReadEntry[],
  outcomes: readonly EntryOutcome[],
  generates: boolean,
): { readonly left: readonly string[]; readonly changes: readonly EntryChange[] } {
  const present = new Set<string>();
  const isAlone = entries.length === 1; // what is generated for one entry is without repetition
  if (generates && !isAlone) {
    for (let i = 0; i < entries.length; i++) if (outcomes[i] === "kept") present.add(entries[i]!.pattern.folded); // i is inside, here and below
  }
  const left: string[] = [];
  const changes: EntryChange[] = [];
  for (let i = 0; i < entries.length; i++) {
    const { text } = entries[i]!.pattern;
    const outcome = outcomes[i]!; // one for each entry
    if (outcome === "kept") {
      left.push(text);
      continue;
    }
    const replacedBy =
      outcome.length === 0 || isAlone ? outcome : outcome.filter((generated) => isFirst(present, generated));
    for (const generated of replacedBy) left.push(generated);
    changes.push({ element: "Action", entry: text, replacedBy });
  }
  return { left, changes };
}

function isFirst(present: Set<string>, generated: string): boolean {
  const key = fold(generated);
  if (present.has(key)) return false;
  present.add(key);
  return true;
}

/** SEMANTICS 3: the dual. What is unused is added to what the statement leaves out. */
function refineNotAction(
  { trie, unused, exact, fit }: StatementRules,
  statement: Statement,
  entries: readonly ReadEntry[],
): StatementRefinement | undefined {
  const granted = allBut(trie, matchedTogether(trie, entries));
  const removed = intersect(granted, unused.ids);
  const kept = subtract(granted, unused.ids);
  if (removed.length === 0) return undefined;
  if (kept.length === 0) return { statement: null, changes: [{ element: "NotAction", entry: null, replacedBy: [] }] };
  const old = entries.map(({ pattern }) => pattern.text);
  const prefixes = cover(trie, subtract(removed, exact), kept);
  const named = namesOf(trie, intersect(removed, exact));
  const inPrefixes = appending(statement, old, sortedByFold([...named, ...prefixes]));
  if (fit === undefined) return inPrefixes;
  const fitted = fitExceptions(trie, exact, fit, removed, kept, prefixes);
  const inForms = fitted.map(({ appended }) => appending(statement, old, appended));
  const isShortest = fitted[fitted.length - 1]!.isProven; // there is a form
  return { ...shortestOf([inPrefixes, ...inForms]), isShortest };
}

function appending(statement: Statement, entries: readonly string[], added: readonly string[]): Changed {
  const change: EntryChange = { element: "NotAction", entry: null, replacedBy: added };
  return { statement: { ...statement, NotAction: [...entries, ...added] }, changes: [change] };
}

/** Entries that leave out what is removed and nothing of what is kept; `removed` holds all or nothing of a service. */
function cover(trie: CatalogTrie, removed: IntervalSet, kept: IntervalSet): readonly string[] {
  if (removed.length === 0) return [];
  const { nodes, rest } = coverByPrefixes(trie, {
    wanted: removed,
    blocked: kept,
    lo: 0,
    hi: trie.actionCount,
  });
  const prefixes = nodes.map((node) => {
    const lo = trie.nodeLo[node]!; // the node comes from the trie
    return trie.nodeHi[node]! - lo === 1 ? trie.name(lo) : trie.nodePattern(node);
  });
  return [...prefixes, ...namesOf(trie, rest)];
}
