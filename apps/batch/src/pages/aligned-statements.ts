import type { AlignedEntry, AlignedStatement, EntryEvidence } from "@leastwise/api";
import {
  type Change,
  type PolicyDocument,
  type RecommendedAction,
  type Statement,
  entriesOf,
  hasWildcard,
  statementsOf,
} from "@leastwise/core";

/** What is to be shown of a policy's statements. */
export interface Alignment {
  readonly document: PolicyDocument;
  readonly recommendedAction: RecommendedAction | null;
  readonly changes: readonly Change[];
  /** The rule by which the policy is left alone, or null. */
  readonly leftBecause: string | null;
  /** Beginnings of Sids whose statements are left as they are. */
  readonly keptSids: readonly string[];
  /** What says that what goes with some entries is unused; of a NotAction, of what it grants. */
  readonly evidenceOf: (element: "Action" | "NotAction", entries: readonly string[]) => readonly EntryEvidence[];
}

/** Each statement of today beside what becomes of it, as its changes say. O(entries + what changed entries match) */
export function alignedStatements(alignment: Alignment): readonly AlignedStatement[] {
  const { document, changes, recommendedAction } = alignment;
  let place = 0;
  return statementsOf(document).map((statement, before) => {
    const own = changes.filter((change) => change.statement === before);
    const goes = recommendedAction === "DETACH_POLICY" || isGone(statement, own);
    const element = statement.NotAction === undefined ? "Action" : "NotAction";
    const entries =
      element === "Action"
        ? actionEntries(statement, own, alignment)
        : notActionEntries(statement, own, goes, alignment);
    return {
      before,
      after: goes ? null : place++,
      sid: statement.Sid ?? null,
      effect: statement.Effect,
      element,
      entries,
      rest: restOf(statement),
      untouched: untouched(statement, alignment),
    };
  });
}

function actionEntries(
  statement: Statement,
  changes: readonly Change[],
  { evidenceOf }: Alignment,
): readonly AlignedEntry[] {
  const open = new Map(changes.map((change) => [change.entry, change.replacedBy]));
  const changed = new Set(open.keys());
  return entriesOf(statement.Action).map((before): AlignedEntry => {
    const after = open.get(before);
    open.delete(before); // an entry that stands there twice is replaced once
    if (after === undefined && !changed.has(before)) return { is: "kept", before, after: before };
    const evidence = evidenceOf("Action", [before]);
    if (after === undefined || after.length === 0) return { is: "removed", before, evidence };
    return { is: "replaced", before, after, evidence, hasTree: hasWildcard(before) };
  });
}

/** What a NotAction names stays; it gains what is unused, or the statement goes. */
function notActionEntries(
  statement: Statement,
  changes: readonly Change[],
  goes: boolean,
  { evidenceOf }: Alignment,
): readonly AlignedEntry[] {
  const named = entriesOf(statement.NotAction);
  const gained = changes.flatMap(({ entry, replacedBy }) => (entry === null ? replacedBy : []));
  const evidence = goes || gained.length > 0 ? evidenceOf("NotAction", named) : [];
  if (goes && changes.length > 0) return named.map((before): AlignedEntry => ({ is: "removed", before, evidence }));
  const kept = named.map((before): AlignedEntry => ({ is: "kept", before, after: before }));
  return gained.length === 0 ? kept : [...kept, { is: "added", after: gained, evidence }];
}

/** Nothing is left of its Action; or of what a NotAction grants, which its one change says by naming nothing. */
function isGone(statement: Statement, changes: readonly Change[]): boolean {
  if (changes.length === 0) return false;
  if (statement.NotAction !== undefined) return changes.every(({ replacedBy }) => replacedBy.length === 0);
  const gone = new Set(changes.filter(({ replacedBy }) => replacedBy.length === 0).map(({ entry }) => entry));
  return entriesOf(statement.Action).every((entry) => gone.has(entry));
}

function restOf(statement: Statement): string {
  const { Sid: _sid, Effect: _effect, Action: _action, NotAction: _notAction, ...rest } = statement;
  return JSON.stringify(rest, null, 2);
}

function untouched({ Effect, Sid }: Statement, { leftBecause, keptSids, recommendedAction }: Alignment): string | null {
  if (recommendedAction === "DETACH_POLICY") return null;
  if (leftBecause !== null) return `left alone: ${leftBecause}`;
  if (Effect === "Deny") return "a Deny statement is never changed";
  const start = keptSids.find((one) => Sid?.startsWith(one) === true);
  return start === undefined ? null : `left alone: exclude.sids: ${start}`;
}
