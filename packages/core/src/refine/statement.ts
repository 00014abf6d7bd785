import { type IntervalSet, intersect, intervalSetOf, subtract } from "../interval/interval-set.ts";
import { fold } from "../pattern/fold.ts";
import type { Statement } from "../policy/document.ts";
import { readStatement } from "../policy/grant.ts";
import type { CatalogTrie } from "../trie/trie.ts";
import { type EntryOutcome, namesOf, refineEntry, sortedByFold } from "./entry.ts";
import { fitEntries, fitExceptions } from "./forms/fit-entries.ts";
import type { Fit } from "./options.ts";
import { coverByPrefixes } from "./prefix-cover.ts";
import type { ResolvedUnused } from "./resolved-unused.ts";

/** What became of one entry: dropped when `replacedBy` is empty. */
export interface EntryChange {
  readonly element: "Action" | "NotAction";
  /** The entry as its author spelled it; null for entries that a `NotAction` gained, or when its whole statement went. */
  readonly entry: string | null;
  readonly replacedBy: readonly string[];
}

export interface StatementRefinement {
  /** What is left: the same object when nothing changed, null when the statement goes. */
  readonly statement: Statement | null;
  readonly changes: readonly EntryChange[];
  /** What the statement granted before, as ids; nothing for a statement that does not allow. */
  readonly granted: IntervalSet;
  /** Literal entries that the catalog lacks, as spelled. */
  readonly unknownActions: readonly string[];
  /** Where a form that fits was asked for and there was something to write: whether nothing of that form takes less for certain. */
  readonly isShortest?: boolean;
}

/** SEMANTICS 2-4, and 9 where a form that fits is asked for, for one statement: only Allow statements ever change. The actions of `exact` are written by their names. */
export function refineStatement(
  trie: CatalogTrie,
  unused: ResolvedUnused,
  exact: IntervalSet,
  fit: Fit | undefined,
  statement: Statement,
): StatementRefinement {
  if (statement.Effect !== "Allow") return { statement, changes: [], granted: [], unknownActions: [] };
  return statement.NotAction === undefined
    ? refineAction(trie, unused, exact, fit, statement)
    : refineNotAction(trie, unused, exact, fit, statement);
}

/** A statement that is left as it is, whatever is unused of it, and what it grants. */
export function leaveStatement(trie: CatalogTrie, statement: Statement): StatementRefinement {
  if (statement.Effect !== "Allow") return { statement, changes: [], granted: [], unknownActions: [] };
  const { matched, unknown: unknownActions } = readStatement(trie, statement);
  const granted = statement.NotAction === undefined ? matched : allBut(trie, matched);
  return { statement, changes: [], granted, unknownActions };
}

function refineAction(
  trie: CatalogTrie,
  unused: ResolvedUnused,
  exact: IntervalSet,
  fit: Fit | undefined,
  statement: Statement,
): StatementRefinement {
  const { entries, read, matched: granted, unknown: unknownActions } = readStatement(trie, statement);
  const outcomes = read.map(({ pattern, matched }) => refineEntry(trie, unused, exact, pattern, matched));
  const inPrefixes = withEntries(statement, assemble(entries, outcomes));
  const generates = outcomes.some((outcome) => outcome !== "kept" && outcome.length > 0);
  if (fit === undefined || !generates) return { ...inPrefixes, granted, unknownActions };
  const toFit = read.map(({ pattern, matched }, i) => ({ pattern, matched, outcome: outcomes[i]! })); // one for each entry
  const fitted = fitEntries(trie, unused, exact, fit, toFit);
  const inForms = fitted.map((form) => withEntries(statement, assemble(entries, form.outcomes)));
  const isShortest = fitted[fitted.length - 1]!.isProven; // there is a form
  return { ...shortestOf([inPrefixes, ...inForms]), granted, unknownActions, isShortest };
}

type Changed = Pick<StatementRefinement, "statement" | "changes">;

/** The statement with other entries of `Action`; the same object where none has changed. */
function withEntries(statement: Statement, { left, changes }: ReturnType<typeof assemble>): Changed {
  if (changes.length === 0) return { statement, changes };
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
  entries: readonly string[],
  outcomes: readonly EntryOutcome[],
): { readonly left: readonly string[]; readonly changes: readonly EntryChange[] } {
  if (outcomes.every((outcome) => outcome === "kept")) return { left: entries, changes: [] };
  const generates = outcomes.some((outcome) => outcome !== "kept" && outcome.length > 0);
  const present = new Set(generates ? entries.filter((_, i) => outcomes[i] === "kept").map(fold) : []);
  const left: string[] = [];
  const changes: EntryChange[] = [];
  entries.forEach((entry, i) => {
    const outcome = outcomes[i]!; // one for each entry
    if (outcome === "kept") {
      left.push(entry);
      return;
    }
    const replacedBy = outcome.filter((generated) => {
      const key = fold(generated);
      return !present.has(key) && present.add(key);
    });
    for (const generated of replacedBy) left.push(generated);
    changes.push({ element: "Action", entry, replacedBy });
  });
  return { left, changes };
}

/** SEMANTICS 3: the dual. What is unused is added to what the statement leaves out. */
function refineNotAction(
  trie: CatalogTrie,
  unused: ResolvedUnused,
  exact: IntervalSet,
  fit: Fit | undefined,
  statement: Statement,
): StatementRefinement {
  const { entries, matched, unknown: unknownActions } = readStatement(trie, statement);
  const granted = allBut(trie, matched);
  const removed = intersect(granted, unused.ids);
  const kept = subtract(granted, unused.ids);
  if (removed.length === 0) return { statement, changes: [], granted, unknownActions };
  if (kept.length === 0) {
    const gone: EntryChange = { element: "NotAction", entry: null, replacedBy: [] };
    return { statement: null, changes: [gone], granted, unknownActions };
  }
  const prefixes = cover(trie, subtract(removed, exact), kept);
  const inPrefixes = appending(
    statement,
    entries,
    sortedByFold([...namesOf(trie, intersect(removed, exact)), ...prefixes]),
  );
  if (fit === undefined) return { ...inPrefixes, granted, unknownActions };
  const fitted = fitExceptions(trie, exact, fit, removed, kept, prefixes);
  const inForms = fitted.map(({ appended }) => appending(statement, entries, appended));
  const isShortest = fitted[fitted.length - 1]!.isProven; // there is a form
  return { ...shortestOf([inPrefixes, ...inForms]), granted, unknownActions, isShortest };
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
    return trie.nodeHi[node]! - lo === 1 ? trie.name(lo) : `${trie.nodePrefix(node)}*`;
  });
  return [...prefixes, ...namesOf(trie, rest)];
}

function allBut(trie: CatalogTrie, excepted: IntervalSet): IntervalSet {
  return subtract(intervalSetOf([0, trie.actionCount]), excepted);
}
