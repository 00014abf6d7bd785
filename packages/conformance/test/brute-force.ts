import { type PolicyDocument, type Statement, type Unused } from "@leastwise/core";

/** What SEMANTICS says of globs, grants and words, once more and by trying: shared with neither the engine nor the reference. */

export function statementsOf(policy: PolicyDocument | null): readonly Statement[] {
  const statements: unknown = policy?.Statement ?? [];
  return (Array.isArray(statements) ? statements : [statements]) as Statement[]; // one or a list
}

export function actionsOf(statement: Statement): string[] {
  return [statement.Action ?? []].flat();
}

/** What a statement lists, allows or denies: the actions of the catalog that its `Action` matches or its `NotAction` does not. */
export function grantedBy(statement: Statement, catalog: readonly string[]): string[] {
  const entries = [statement.Action ?? statement.NotAction ?? []].flat();
  const listed = (action: string): boolean => entries.some((entry) => matches(entry, action));
  return catalog.filter((action) => listed(action) === (statement.Action !== undefined));
}

export function isUnused(action: string, unused: Unused): boolean {
  const [service, ...name] = fold(action).split(":");
  return unused.some((record) => record.service === service && record.names.includes(name.join(":")) !== record.whole);
}

/** By recursion on the first character of the glob. */
export function matches(glob: string, text: string): boolean {
  if (glob === "") return text === "";
  if (glob.startsWith("*")) return matches(glob.slice(1), text) || (text !== "" && matches(glob, text.slice(1)));
  return (
    text !== "" &&
    (glob.startsWith("?") || fold(glob.charAt(0)) === fold(text.charAt(0))) &&
    matches(glob.slice(1), text.slice(1))
  );
}

/** The folded word prefixes of a catalog: the name cut into words, and those joined again but for the last. */
export function wordPrefixesOf(catalog: readonly string[]): Set<string> {
  const prefixes = new Set<string>();
  for (const action of catalog.map((name) => ({ name, colon: name.indexOf(":") + 1 }))) {
    const words = action.name
      .slice(action.colon)
      .split(/(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[^A-Za-z0-9])/);
    words.forEach((_, i) => prefixes.add(fold(action.name.slice(0, action.colon) + words.slice(0, i).join(""))));
  }
  return prefixes;
}

/** What e can still require once q is consumed: each end of e whose start matches q, a `*` in the middle of matching included. */
export function endsAfter(q: string, e: string): string[] {
  const places = Array.from({ length: e.length + 1 }, (_, i) => i);
  const fits = (i: number): boolean =>
    matches(e.slice(0, i), q) || (e.charAt(i) === "*" && matches(e.slice(0, i + 1), q));
  return places.filter(fits).map((i) => e.slice(i));
}

export function fold(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
