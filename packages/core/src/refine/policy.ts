import { type IntervalSet, intervalSetOf, size, subtract } from "../interval/interval-set.ts";
import type { PolicyDocument, Statement } from "../policy/document.ts";
import { grantedByStatements, unknownOf } from "../policy/grant.ts";
import { readEntry } from "../policy/read-entry.ts";
import { spelledPolicy } from "../spelling/spellings.ts";
import type { CatalogTrie } from "../trie/trie.ts";
import { exactActions } from "./exact-actions.ts";
import { type RefinementOptions, keeps } from "./options.ts";
import type { ResolvedUnused } from "./resolved-unused.ts";
import { type EntryChange, type StatementRefinement, refineStatement } from "./statement.ts";

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
 * everything else as it is, statements that the options keep altogether; in the form that the options ask for (SEMANTICS 9). Pure and deterministic; the input is not changed, and must not be by others, since an object is read once; the result shares parts with it.
 *
 * The result is a proposal until `verify` has passed it.
 */
export function refinePolicy(
  trie: CatalogTrie,
  unused: ResolvedUnused,
  options: RefinementOptions,
  policy: PolicyDocument,
): Refinement {
  const { statements } = spelledPolicy(policy);
  const rules = { trie, unused, exact: exactActions(trie, options), fit: options.fit };
  const refined: (StatementRefinement | undefined)[] = [];
  const changes: Change[] = [];
  const unknownActions: { statement: number; entry: string }[] = [];
  let hasKept = false;
  for (let place = 0; place < statements.length; place++) {
    const spelled = statements[place]!; // place is inside
    const entries = spelled.entries.map((entry) => readEntry(trie, entry)); // none where it does not allow
    for (const entry of unknownOf(entries)) unknownActions.push({ statement: place, entry });
    const isKept = spelled.allows && keeps(options, spelled.statement);
    hasKept ||= isKept;
    const refinement = spelled.allows && !isKept ? refineStatement(rules, spelled, entries) : undefined;
    refined.push(refinement);
    for (const { element, entry, replacedBy } of refinement?.changes ?? [])
      changes.push({ statement: place, element, entry, replacedBy });
  }
  const grantedBefore = grantedByStatements(trie, statements);
  const used = subtract(grantedBefore, unused.ids);
  const kept = hasKept ? statements.filter(({ statement }) => keeps(options, statement)) : [];
  const grantedAfter = hasKept ? intervalSetOf([...used, ...grantedByStatements(trie, kept)]) : used;
  const before = size(grantedBefore);
  const after = size(grantedAfter);
  const facts = {
    changes,
    grants: { before, removed: before - after, after },
    grantedBefore,
    grantedAfter,
    unknownActions,
    fitted: fittedOf(refined),
  };
  if (changes.length === 0) return { recommendedAction: "NONE", policy, ...facts };
  const left: Statement[] = [];
  for (let place = 0; place < statements.length; place++) {
    const refinement = refined[place];
    const statement = refinement === undefined ? statements[place]!.statement : refinement.statement; // place is inside
    if (statement !== null) left.push(statement);
  }
  if (left.length === 0) return { recommendedAction: "DETACH_POLICY", policy: null, ...facts };
  const Statement = Array.isArray(policy.Statement) ? left : left[0]!; // a single statement that is left
  return { recommendedAction: "CREATE_POLICY", policy: { ...policy, Statement }, ...facts };
}

function fittedOf(refined: readonly (StatementRefinement | undefined)[]): Refinement["fitted"] {
  let [statements, shortest] = [0, 0];
  for (const refinement of refined) {
    if (refinement?.isShortest !== undefined) statements++;
    if (refinement?.isShortest === true) shortest++;
  }
  return { statements, shortest };
}
