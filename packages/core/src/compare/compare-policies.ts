import { type IntervalSet, intervalSetOf, subtract } from "../interval/interval-set.ts";
import { fold } from "../pattern/fold.ts";
import { type PolicyDocument, type Statement, entriesOf, statementsOf } from "../policy/document.ts";
import { readStatement } from "../policy/grant.ts";
import type { CatalogTrie } from "../trie/trie.ts";

/** How one policy stands to another. `tighter`: the first grants less; `different`: each grants something that the other does not. */
export type ComparisonVerdict = "same" | "different-in-form" | "tighter" | "looser" | "different";

export interface Comparison {
  readonly verdict: ComparisonVerdict;
  /** Actions of the catalog that only the first grants, in some statement's resources and conditions; and only the second. */
  readonly firstOnly: IntervalSet;
  readonly secondOnly: IntervalSet;
}

/**
 * Compares what two policies grant; null is no policy. Two statements are about the same where everything but their Sid and actions is
 * equal (lists in any order), so it does not matter how actions are spelled, or spread over such statements. What a Deny holds counts
 * against what is granted. Only actions of the catalog and literal names outside it are compared. O(n log n) in the length of the policies.
 */
export function comparePolicies(
  trie: CatalogTrie,
  first: PolicyDocument | null,
  second: PolicyDocument | null,
): Comparison {
  if (formOf(first) === formOf(second)) return { verdict: "same", firstOnly: [], secondOnly: [] };
  const a = grantsOf(trie, first);
  const b = grantsOf(trie, second);
  const firstOnly = onlyIn(a, b);
  const secondOnly = onlyIn(b, a);
  const more = firstOnly.ids.length > 0 || firstOnly.hasNames;
  const less = secondOnly.ids.length > 0 || secondOnly.hasNames;
  const verdict = more ? (less ? "different" : "looser") : less ? "tighter" : "different-in-form";
  return { verdict, firstOnly: firstOnly.ids, secondOnly: secondOnly.ids };
}

/** What a policy looks like but for the order and case of its actions, and for lists of one item. */
function formOf(policy: PolicyDocument | null): string {
  return policy === null ? "" : stable({ ...policy, Statement: statementsOf(policy).map(plainStatement) });
}

function plainStatement({ Action, NotAction, ...rest }: Statement): object {
  return { ...rest, Action: listed(Action), NotAction: listed(NotAction) };
}

function listed(entries: Statement["Action"]): readonly string[] | null {
  return entries === undefined ? null : entriesOf(entries).map(fold).sort();
}

/** What the statements about the same things grant together. */
interface Granted {
  readonly ids: IntervalSet;
  /** Literal names that the catalog lacks, folded. */
  readonly names: ReadonlySet<string>;
}

/** By effect, resources, conditions and whatever else a statement has. */
type Grants = ReadonlyMap<string, Granted>;

function grantsOf(trie: CatalogTrie, policy: PolicyDocument | null): Grants {
  const grants = new Map<string, { pairs: number[]; names: Set<string> }>();
  for (const statement of policy === null ? [] : statementsOf(policy)) {
    const { Sid: _sid, Action: _action, NotAction, ...about } = statement;
    const { matched, unknown } = readStatement(trie, statement);
    const key = stable(about);
    let granted = grants.get(key);
    if (granted === undefined) grants.set(key, (granted = { pairs: [], names: new Set() }));
    const ids = NotAction === undefined ? matched : subtract([0, trie.actionCount], matched);
    for (const bound of ids) granted.pairs.push(bound);
    if (NotAction === undefined) for (const name of unknown) granted.names.add(fold(name));
  }
  return new Map([...grants].map(([key, { pairs, names }]) => [key, { ids: intervalSetOf(pairs), names }]));
}

/** What `a` grants beyond `b`; of Deny statements, what `b` denies beyond `a`. */
function onlyIn(a: Grants, b: Grants): { readonly ids: IntervalSet; readonly hasNames: boolean } {
  const pairs: number[] = [];
  let hasNames = false;
  const add = (these: Granted, others: Granted | undefined): void => {
    for (const bound of subtract(these.ids, others?.ids ?? [])) pairs.push(bound);
    hasNames ||= [...these.names].some((name) => others?.names.has(name) !== true);
  };
  for (const [key, granted] of a) if (!isDeny(key)) add(granted, b.get(key));
  for (const [key, denied] of b) if (isDeny(key)) add(denied, a.get(key));
  return { ids: intervalSetOf(pairs), hasNames };
}

function isDeny(key: string): boolean {
  return (JSON.parse(key) as { readonly Effect?: unknown }).Effect !== "Allow"; // made by `stable`
}

/** JSON with sorted keys; a list is its items in the order of their texts, and a single item a list of one. */
function stable(value: unknown): string {
  return JSON.stringify(value, (key, inner: unknown) => {
    if (Array.isArray(inner))
      return key === "Statement" ? inner : (inner as readonly unknown[]).map((item) => JSON.stringify(item)).sort();
    if (typeof inner !== "object" || inner === null) return inner;
    return Object.fromEntries(
      Object.entries(inner)
        .sort(([x], [y]) => (x < y ? -1 : 1))
        .map(([name, item]) => [name, lists.has(name) && typeof item === "string" ? [item] : item]),
    );
  });
}

/** Elements that may be one text or a list of texts. */
const lists: ReadonlySet<string> = new Set(["Resource", "NotResource"]);
