import { type IntervalSet, intersect, intervalSetOf, size, subtract } from "../interval/interval-set.ts";
import { type PolicyDocument, type Statement, statementsOf } from "../policy/document.ts";
import type { CatalogTrie } from "../trie/trie.ts";
import type { Granularity } from "./entry.ts";
import type { ResolvedUnused } from "./resolved-unused.ts";
import { type EntryChange, refineStatement } from "./statement.ts";

/** AWS's own words for what to do with an attached policy. */
export type RecommendedAction = "CREATE_POLICY" | "DETACH_POLICY" | "NONE";

/** One changed entry, and the statement it stands in: its place in the document before, counted from 0. */
export interface Change extends EntryChange {
  readonly statement: number;
}

/** How many distinct actions of the catalog the Allow statements grant together. */
export interface GrantCounts {
  readonly before: number;
  readonly removed: number;
  readonly after: number;
}

export interface Refinement {
  readonly recommendedAction: RecommendedAction;
  /** The document to put in place: the same object for NONE, null for DETACH_POLICY. */
  readonly policy: PolicyDocument | null;
  readonly changes: readonly Change[];
  readonly grants: GrantCounts;
  /** What the Allow statements grant before and after, as action ids of this catalog. */
  readonly grantedBefore: IntervalSet;
  readonly grantedAfter: IntervalSet;
  /** Literal entries of Allow statements, `NotAction` too, that the catalog lacks, as spelled; whether kept or dropped. */
  readonly unknownActions: readonly { readonly statement: number; readonly entry: string }[];
}

/**
 * Refines a policy (SEMANTICS 2-4): drops what is unused, replaces wildcards by their shortest safe prefixes, and leaves
 * everything else as it is. Pure and deterministic; the input is not changed, the result shares parts with it.
 *
 * The result is a proposal until `verify` has passed it.
 */
export function refinePolicy(
  trie: CatalogTrie,
  unused: ResolvedUnused,
  granularity: Granularity,
  policy: PolicyDocument,
): Refinement {
  const refined = statementsOf(policy).map((statement) => refineStatement(trie, unused, granularity, statement));
  const changes: Change[] = [];
  const unknownActions: { statement: number; entry: string }[] = [];
  const granted: number[] = [];
  refined.forEach((part, statement) => {
    for (const { element, entry, replacedBy } of part.changes) changes.push({ statement, element, entry, replacedBy });
    for (const entry of part.unknownActions) unknownActions.push({ statement, entry });
    for (const bound of part.granted) granted.push(bound);
  });
  const grantedBefore = intervalSetOf(granted);
  const grantedAfter = subtract(grantedBefore, unused.ids);
  const before = size(grantedBefore);
  const removed = size(intersect(grantedBefore, unused.ids));
  const facts = {
    changes,
    grants: { before, removed, after: before - removed },
    grantedBefore,
    grantedAfter,
    unknownActions,
  };
  if (changes.length === 0) return { recommendedAction: "NONE", policy, ...facts };
  const left = refined
    .map(({ statement }) => statement)
    .filter((statement): statement is Statement => statement !== null);
  if (left.length === 0) return { recommendedAction: "DETACH_POLICY", policy: null, ...facts };
  const Statement = Array.isArray(policy.Statement) ? left : left[0]!; // a single statement that is left
  return { recommendedAction: "CREATE_POLICY", policy: { ...policy, Statement }, ...facts };
}
