import type { PolicyDocument, RefinementOptions, Statement, Unused } from "@leastwise/core";

/** What SEMANTICS says of globs, grants and words, once more and by trying: shared with neither the engine nor the reference. */

export function statementsOf(policy: PolicyDocument | null): readonly Statement[] {
  const statements: unknown = policy?.Statement ?? [];
  return (Array.isArray(statements) ? statements : [statements]) as Statement[]; // one or a list
}

export function entriesOf(element: string | readonly string[] | undefined): readonly string[] {
  return [element ?? []].flat();
}

export function elementOf(statement: Statement): "Action" | "NotAction" {
  return statement.NotAction === undefined ? "Action" : "NotAction";
}

/** Whether a statement may change at all: it allows, and no Sid keeps it. */
export function mayChange({ Effect, Sid }: Statement, { keptSids }: RefinementOptions): boolean {
  return Effect === "Allow" && (Sid === undefined || !keptSids.some((start) => Sid.slice(0, start.length) === start));
}

/** Whether what is written for an action, or for what starts with a prefix, has to be exact names. Folded, with the whole service. */
export function isByName(text: string, { granularity, services }: RefinementOptions): boolean {
  const service = text.slice(0, text.indexOf(":"));
  const own = new Map(services).get(service);
  return (own ?? granularity) === "exact";
}

/** The statement with other entries in their place among its elements. */
export function withEntries(statement: Statement, entries: string | readonly string[]): Statement {
  return { ...statement, [elementOf(statement)]: entries };
}

/** What a statement lists, allows or denies: the actions of the catalog that its `Action` matches or its `NotAction` does not. */
export function grantedBy(statement: Statement, catalog: readonly string[]): string[] {
  const entries = entriesOf(statement.Action ?? statement.NotAction).map(fold);
  const listed = (action: string): boolean => entries.some((entry) => matches(entry, action));
  return catalog.filter((action) => listed(fold(action)) === (statement.Action !== undefined));
}

export function isUnused(action: string, unused: Unused): boolean {
  const [service, ...name] = fold(action).split(":");
  return unused.some((record) => record.service === service && record.names.includes(name.join(":")) !== record.whole);
}

/** Whether the entry matches anything unused, in the catalog or not. */
export function reachesUnused(entry: string, unused: Unused): boolean {
  const e = fold(entry);
  return unused.some(({ service, whole, names }) => {
    if (!whole) return names.some((name) => matches(e, `${service}:${name}`));
    // a wildcard stands for more names than there can be exceptions
    return endsAfter(`${service}:`, e).some((end) => /[*?]/.test(end) || !names.includes(end));
  });
}

/** Both folded. By recursion on the first character of the glob; a run of stars is one star. */
export function matches(glob: string, text: string): boolean {
  return matchesFrom(glob.replace(/\*+/g, "*"), 0, text, 0);
}

function matchesFrom(glob: string, g: number, text: string, t: number): boolean {
  if (g === glob.length) return t === text.length;
  if (glob[g] === "*")
    return matchesFrom(glob, g + 1, text, t) || (t < text.length && matchesFrom(glob, g, text, t + 1));
  return t < text.length && (glob[g] === "?" || glob[g] === text[t]) && matchesFrom(glob, g + 1, text, t + 1);
}

/** The folded word prefixes of a catalog: the name cut into words, and those joined again but for the last. */
export function wordPrefixesOf(catalog: readonly string[]): Set<string> {
  const prefixes = new Set<string>();
  for (const action of catalog) {
    const colon = action.indexOf(":") + 1;
    const words = action.slice(colon).split(/(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[^A-Za-z0-9])/);
    words.forEach((_, i) => prefixes.add(fold(action.slice(0, colon) + words.slice(0, i).join(""))));
  }
  return prefixes;
}

/** What e can still require once q is consumed: each end of e whose start matches q, a `*` in the middle of matching included. Folded. */
export function endsAfter(q: string, e: string): string[] {
  const places = Array.from({ length: e.length + 1 }, (_, i) => i);
  const fits = (i: number): boolean =>
    matches(e.slice(0, i), q) || (e.charAt(i) === "*" && matches(e.slice(0, i + 1), q));
  return places.filter(fits).map((i) => e.slice(i));
}

/** ASCII letters only. Beyond ASCII, toLowerCase would fold what IAM keeps apart. */
export function fold(text: string): string {
  return BEYOND_ASCII.test(text) ? text.replace(/[A-Z]/g, (letter) => letter.toLowerCase()) : text.toLowerCase();
}

const BEYOND_ASCII = /[^\0-\x7f]/;
