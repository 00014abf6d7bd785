import { type IntervalSet, intervalSetOf, size, subtract } from "../interval/interval-set.ts";
import { type PolicyDocument, type Statement, statementsOf } from "../policy/document.ts";
import type { CatalogTrie } from "../trie/trie.ts";
import { exactActions } from "./exact-actions.ts";
import { type RefinementOptions, keeps } from "./options.ts";
import type { ResolvedUnused } from "./resolved-unused.ts";
import { type EntryChange, leaveStatement, refineStatement } from "./statement.ts";

/** AWS's own words for what to do with an attached policy. */
export type RecommendedAction = "CREATE_POLICY" | "DETACH_POLICY" | "NONE";

/** One changed entry, and the statement it stands in: its place in the document before, counted from 0. */
export interface Change extends EntryChange {
  readonly statement: number;
}

/** How many distinct actions of the catalog the Allow statements grant together; what a kept statement still grants is not removed. */
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
  /** Of how many statements entries were chosen to fit (SEMANTICS 9), and of how many of these nothing of the form takes less for certain. */
  readonly fitted: { readonly statements: number; readonly shortest: number };
}

/**
 * Refines a policy (SEMANTICS 2-4): drops what is unused, replaces wildcards by their shortest safe prefixes, and leaves
 * everything else as it is, statements that the options keep altogether; in the form that the options ask for (SEMANTICS 9). Pure and deterministic; the input is not changed, the result shares parts with it.
 *
 * The result is a proposal until `verify` has passed it.
 */
export function refinePolicy(
  trie: CatalogTrie,
  unused: ResolvedUnused,
  options: RefinementOptions,
  policy: PolicyDocument,
): Refinement {
  const exact = exactActions(trie, options);
  const statements = statementsOf(policy);
  const isKept = statements.map((statement) => keeps(options, statement));
  const refined = statements.map((statement, i) =>
    isKept[i] === true ? leaveStatement(trie, statement) : refineStatement(trie, unused, exact, options.fit, statement),
  );
  const changes: Change[] = [];
  const unknownActions: { statement: number; entry: string }[] = [];
  const granted: number[] = [];
  const keptGranted: number[] = [];
  refined.forEach((part, statement) => {
    for (const { element, entry, replacedBy } of part.changes) changes.push({ statement, element, entry, replacedBy });
    for (const entry of part.unknownActions) unknownActions.push({ statement, entry });
    for (const bound of part.granted) (isKept[statement] === true ? keptGranted : granted).push(bound);
  });
  const grantedBefore = intervalSetOf([...granted, ...keptGranted]);
  const used = subtract(grantedBefore, unused.ids);
  const grantedAfter = keptGranted.length === 0 ? used : intervalSetOf([...used, ...keptGranted]);
  const before = size(grantedBefore);
  const after = size(grantedAfter);
  const facts = {
    changes,
    grants: { before, removed: before - after, after },
    grantedBefore,
    grantedAfter,
    unknownActions,
    fitted: {
      statements: refined.filter(({ isShortest }) => isShortest !== undefined).length,
      shortest: refined.filter(({ isShortest }) => isShortest === true).length,
    },
  };
  if (changes.length === 0) return { recommendedAction: "NONE", policy, ...facts };
  const left = refined
    .map(({ statement }) => statement)
    .filter((statement): statement is Statement => statement !== null);
  if (left.length === 0) return { recommendedAction: "DETACH_POLICY", policy: null, ...facts };
  const Statement = Array.isArray(policy.Statement) ? left : left[0]!; // a single statement that is left
  return { recommendedAction: "CREATE_POLICY", policy: { ...policy, Statement }, ...facts };
}
