import { fold, regExpOf } from "./glob.ts";

export interface Action {
  readonly text: string;
  readonly folded: string;
}

/** What is computed once per catalog. */
export interface Catalog {
  /** In the order of their folded names, each once. */
  readonly actions: readonly Action[];
  /** Folded word prefix → its spelling. */
  readonly spelling: ReadonlyMap<string, string>;
  /** Folded action → every folded word prefix, of any action, that it starts with; shortest first. */
  readonly prefixesOf: ReadonlyMap<string, readonly string[]>;
  /** Folded entry → C(e). */
  readonly matched: Map<string, readonly Action[]>;
}

export function readCatalog(catalog: readonly string[]): Catalog {
  const byName = new Map<string, Action>();
  for (const text of [...catalog].sort(ascending)) {
    const folded = fold(text);
    if (!byName.has(folded)) byName.set(folded, { text, folded });
  }
  const actions = [...byName.values()].sort((a, b) => ascending(a.folded, b.folded));

  const spelling = new Map<string, string>();
  for (const { text } of actions) {
    for (const prefix of wordPrefixes(text)) {
      if (!spelling.has(fold(prefix))) spelling.set(fold(prefix), prefix);
    }
  }
  const starting = new Map<string, readonly string[]>();
  for (const { folded } of actions) {
    const starts = Array.from({ length: folded.length + 1 }, (_, length) => folded.slice(0, length));
    starting.set(
      folded,
      starts.filter((start) => spelling.has(start)),
    );
  }
  return { actions, spelling, prefixesOf: starting, matched: new Map() };
}

/** The prefixes of `service:Name` that end just before a word of the name. Letters and digits are those of ASCII. */
export function wordPrefixes(action: string): string[] {
  const colon = action.indexOf(":");
  if (colon < 0) return [];
  const prefixes: string[] = [];
  for (let at = colon + 1; at < action.length; at++) {
    const before = action.charAt(at - 1);
    const here = action.charAt(at);
    const after = action.charAt(at + 1);
    const afterColon = at === colon + 1;
    const capital = /[A-Z]/.test(here) && /[a-z0-9]/.test(before);
    const lastCapital = /[A-Z]/.test(here) && /[a-z]/.test(after);
    const afterSign = !/[A-Za-z0-9]/.test(before);
    if (afterColon || capital || lastCapital || afterSign) prefixes.push(action.slice(0, at));
  }
  return prefixes;
}

export function prefixesOf(action: Action, c: Catalog): readonly string[] {
  return c.prefixesOf.get(action.folded)!; // every action of the catalog has a list
}

export function spell(q: string, c: Catalog): string {
  return c.spelling.get(q)!; // q is one of the catalog's word prefixes
}

/** Word prefix → those of `actions` that it covers, for each prefix that covers any. */
export function groupByPrefix(actions: readonly Action[], c: Catalog): Map<string, Action[]> {
  const groups = new Map<string, Action[]>();
  for (const action of actions) {
    for (const q of prefixesOf(action, c)) {
      const group = groups.get(q);
      if (group === undefined) groups.set(q, [action]);
      else group.push(action);
    }
  }
  return groups;
}

/** C(e) for a folded entry. */
export function matchedBy(e: string, c: Catalog): readonly Action[] {
  const known = c.matched.get(e);
  if (known !== undefined) return known;
  const pattern = regExpOf(e);
  const matched = c.actions.filter((action) => pattern.test(action.folded));
  c.matched.set(e, matched);
  return matched;
}

export function ascending(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
