import type { PolicyDocument, Statement, Unused } from "@leastwise/core";

/**
 * SEMANTICS 1-4 written down as slowly and plainly as they read: sets, loops and regular expressions. Nothing here is shared with
 * core, so that the two can only agree by both being right. Words used below:
 *
 * - *text* is what the author or the catalog wrote, *folded* is the same with A-Z turned into a-z. Only folded strings are compared.
 * - an *entry* is one glob over the whole string `service:Name`; `*` may cross the colon.
 */
export interface ReferenceResult {
  readonly action: "CREATE_POLICY" | "DETACH_POLICY" | "NONE";
  /** `null` when the policy is to be detached, the very object that was given when nothing changes. */
  readonly policy: PolicyDocument | null;
}

interface Action {
  readonly text: string;
  readonly folded: string;
}

/** What is computed once per catalog. */
interface Catalog {
  /** In the order of their folded names, each once. */
  readonly actions: readonly Action[];
  /** Folded word prefix → its spelling. */
  readonly spelling: ReadonlyMap<string, string>;
  /** Folded action → every folded word prefix, of any action, that it starts with; shortest first. */
  readonly prefixesOf: ReadonlyMap<string, readonly string[]>;
  /** Folded entry → C(e). */
  readonly matched: Map<string, readonly Action[]>;
}

/** U, split by how it is given. Everything folded. */
interface UnusedActions {
  readonly named: ReadonlySet<string>;
  readonly services: readonly WholeService[];
}

/** Every string that starts with `prefix`, but for `exceptions`. */
interface WholeService {
  readonly prefix: string;
  readonly exceptions: ReadonlySet<string>;
}

type Granularity = "word" | "exact";

/** What becomes of one entry: it stays as it is, or these texts take its place (none: it is dropped). */
type Outcome = "kept" | readonly string[];

const catalogs = new WeakMap<readonly string[], Catalog>();
const unusedActions = new WeakMap<Unused, UnusedActions>();

/**
 * The recommendation for `policy` when `unused` is unused. `catalog` lists `service:Name` as spelled there, in any order. The
 * catalog and `unused` are cached by identity and must not change between calls; nothing is ever mutated.
 */
export function referenceRefine(
  policy: PolicyDocument,
  unused: Unused,
  catalog: readonly string[],
  granularity: Granularity,
): ReferenceResult {
  const c = remember(catalogs, catalog, readCatalog);
  const u = remember(unusedActions, unused, readUnused);
  const before = Array.isArray(policy.Statement) ? (policy.Statement as Statement[]) : [policy.Statement as Statement]; // TypeScript does not narrow readonly arrays by Array.isArray
  const after = before.map((statement) => refineStatement(statement, u, c, granularity));
  if (after.every((statement, i) => statement === before[i])) return { action: "NONE", policy };
  const left = after.filter((statement) => statement !== null);
  if (left.length === 0) return { action: "DETACH_POLICY", policy: null };
  const Statement = Array.isArray(policy.Statement) ? left : left[0]!; // not empty: checked the line before
  return { action: "CREATE_POLICY", policy: { ...policy, Statement } };
}

/** The same object when nothing changes, `null` when the statement goes. */
function refineStatement(
  statement: Statement,
  u: UnusedActions,
  c: Catalog,
  granularity: Granularity,
): Statement | null {
  if (statement.Effect !== "Allow") return statement;
  if (statement.Action !== undefined) return refineAction(statement, statement.Action, u, c, granularity);
  if (statement.NotAction !== undefined) return refineNotAction(statement, statement.NotAction, u, c, granularity);
  return statement;
}

/** SEMANTICS 2, for all entries of a statement. */
function refineAction(
  statement: Statement,
  element: string | readonly string[],
  u: UnusedActions,
  c: Catalog,
  granularity: Granularity,
): Statement | null {
  const entries = listOf(element);
  const outcomes = entries.map((entry) => refineEntry(entry, u, c, granularity));
  if (outcomes.every((outcome) => outcome === "kept")) return statement;

  const written = new Set(entries.filter((_, i) => outcomes[i] === "kept").map(fold));
  const after: string[] = [];
  for (const [i, entry] of entries.entries()) {
    const outcome = outcomes[i]!; // one outcome an entry
    if (outcome === "kept") {
      after.push(entry);
      continue;
    }
    for (const generated of outcome) {
      if (written.has(fold(generated))) continue;
      written.add(fold(generated));
      after.push(generated);
    }
  }
  if (after.length === 0) return null;
  return { ...statement, Action: typeof element === "string" && after.length === 1 ? after[0]! : after }; // has one: just counted
}

/** SEMANTICS 2, steps 1 to 4. */
function refineEntry(entry: string, u: UnusedActions, c: Catalog, granularity: Granularity): Outcome {
  const e = fold(entry);
  if (!hasWildcard(e)) return isUnused(e, u) ? [] : "kept";

  const isUnsafe = unsafePrefixes(e, u);
  if (!isUnsafe("")) return "kept";
  const remaining = matchedBy(e, c).filter((action) => !isUnused(action.folded, u));
  if (remaining.length === 0 || granularity === "exact") return sorted(remaining.map((action) => action.text));

  const headLength = e.search(/[*?]/);
  const coveredBy = groupByPrefix(remaining, c);
  const chosen = new Set<string>();
  const generated = new Set<string>();
  for (const action of remaining) {
    const candidates = prefixesOf(action, c).filter((q) => q.length >= headLength);
    const q = candidates.find((candidate) => !isUnsafe(candidate));
    if (q === undefined) generated.add(action.text);
    else chosen.add(q);
  }
  for (const q of chosen) {
    const covered = coveredBy.get(q)!; // q is a prefix of the action that chose it
    if (covered.length === 1) {
      generated.add(covered[0]!.text); // has one: just counted
      continue;
    }
    const alone = new Set<Action>();
    const together = new Set<Action>();
    for (const rest of remaindersAfter(q, entry)) {
      const granted = covered.filter((action) => matches(fold(rest), action.folded.slice(q.length)));
      if (granted.length === 1) alone.add(granted[0]!); // has one: just counted
      if (granted.length < 2) continue;
      generated.add(spell(q, c) + rest);
      for (const action of granted) together.add(action);
    }
    for (const action of alone) if (!together.has(action)) generated.add(action.text);
  }
  return sorted(generated);
}

/** SEMANTICS 3. */
function refineNotAction(
  statement: Statement,
  element: string | readonly string[],
  u: UnusedActions,
  c: Catalog,
  granularity: Granularity,
): Statement | null {
  const entries = listOf(element);
  const excepted = new Set(entries.flatMap((entry) => matchedBy(fold(entry), c)));
  const granted = c.actions.filter((action) => !excepted.has(action));
  const removed = granted.filter((action) => isUnused(action.folded, u));
  const remaining = granted.filter((action) => !isUnused(action.folded, u));
  if (removed.length === 0) return statement;
  if (remaining.length === 0) return null;

  const needed = groupByPrefix(remaining, c);
  const covered = groupByPrefix(c.actions, c);
  const appended = new Set<string>();
  for (const action of removed) {
    const q = granularity === "exact" ? undefined : prefixesOf(action, c).find((candidate) => !needed.has(candidate));
    if (q === undefined || covered.get(q)!.length === 1)
      appended.add(action.text); // covers at least this action
    else appended.add(spell(q, c) + "*");
  }
  return { ...statement, NotAction: [...entries, ...sorted(appended)] };
}

// Unused ---------------------------------------------------------------------------------------------------------------------

function readUnused(unused: Unused): UnusedActions {
  const named = new Set<string>();
  const services: WholeService[] = [];
  for (const { service, whole, names } of unused) {
    const actions = names.map((name) => fold(`${service}:${name}`));
    if (whole) services.push({ prefix: fold(`${service}:`), exceptions: new Set(actions) });
    else for (const action of actions) named.add(action);
  }
  return { named, services };
}

function isUnused(action: string, u: UnusedActions): boolean {
  return u.named.has(action) || u.services.some((s) => action.startsWith(s.prefix) && !s.exceptions.has(action));
}

/** For one folded entry e: whether some string of U ∩ L(e) starts with a given folded prefix. */
function unsafePrefixes(e: string, u: UnusedActions): (q: string) => boolean {
  const unsafe = new Set<string>();
  const pattern = regExpOf(e);
  for (const action of u.named) {
    if (!pattern.test(action)) continue;
    for (let length = 0; length <= action.length; length++) unsafe.add(action.slice(0, length));
  }
  return (q) => unsafe.has(q) || u.services.some((service) => someUnusedStartsWith(q, e, service));
}

/** Whether some string matches e, starts with q and belongs to the service without being one of its exceptions. */
function someUnusedStartsWith(q: string, e: string, service: WholeService): boolean {
  if (!q.startsWith(service.prefix) && !service.prefix.startsWith(q)) return false;
  const start = q.length > service.prefix.length ? q : service.prefix;
  return positionsAfter(start, e).some((at) => {
    const rest = e.slice(at);
    // a wildcard stands for more strings than there can be exceptions
    return hasWildcard(rest) || !service.exceptions.has(start + rest);
  });
}

// Catalog --------------------------------------------------------------------------------------------------------------------

function readCatalog(catalog: readonly string[]): Catalog {
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
  const prefixesOf = new Map<string, readonly string[]>();
  for (const { folded } of actions) {
    const starts = Array.from({ length: folded.length + 1 }, (_, length) => folded.slice(0, length));
    prefixesOf.set(
      folded,
      starts.filter((start) => spelling.has(start)),
    );
  }
  return { actions, spelling, prefixesOf, matched: new Map() };
}

/** The prefixes of `service:Name` that end just before a word of the name. Letters and digits are those of ASCII. */
function wordPrefixes(action: string): string[] {
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

function prefixesOf(action: Action, c: Catalog): readonly string[] {
  return c.prefixesOf.get(action.folded)!; // every action of the catalog has a list
}

function spell(q: string, c: Catalog): string {
  return c.spelling.get(q)!; // q is one of the catalog's word prefixes
}

/** Word prefix → those of `actions` that it covers, for each prefix that covers any. */
function groupByPrefix(actions: readonly Action[], c: Catalog): Map<string, Action[]> {
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
function matchedBy(e: string, c: Catalog): readonly Action[] {
  const known = c.matched.get(e);
  if (known !== undefined) return known;
  const pattern = regExpOf(e);
  const matched = c.actions.filter((action) => pattern.test(action.folded));
  c.matched.set(e, matched);
  return matched;
}

// Globs ----------------------------------------------------------------------------------------------------------------------

/** ASCII only: `K` (U+212A, the Kelvin sign) is no k. Keeps the length. */
function fold(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 32));
}

function hasWildcard(glob: string): boolean {
  return /[*?]/.test(glob);
}

/** Both folded. */
function matches(glob: string, text: string): boolean {
  return regExpOf(glob).test(text);
}

/** Without the flags `i`, `u` and `s` on purpose: `[^]` is then exactly one UTF-16 code unit, whichever. */
function regExpOf(glob: string): RegExp {
  const source = glob.replace(/\*+|[^*]/g, (part) => {
    if (part.startsWith("*")) return "[^]*";
    if (part === "?") return "[^]";
    return `\\u${part.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
  return new RegExp(`^${source}$`);
}

/** Where reading the glob can have got to after `text`, ascending; a `*` that matched nothing is passed as well. Both folded. */
function positionsAfter(text: string, glob: string): number[] {
  let positions = passStars([0], glob);
  for (let i = 0; i < text.length; i++) positions = step(positions, text.charAt(i), glob);
  return positions;
}

/** `letter` is one code unit, or `""` for any that the glob does not name. */
function step(positions: readonly number[], letter: string, glob: string): number[] {
  const next: number[] = [];
  for (const at of positions) {
    if (at === glob.length) continue;
    if (glob.charAt(at) === "*") next.push(at);
    else if (glob.charAt(at) === "?" || glob.charAt(at) === letter) next.push(at + 1);
  }
  return passStars(next, glob);
}

function passStars(positions: readonly number[], glob: string): number[] {
  const passed = new Set<number>();
  for (const position of positions) {
    passed.add(position);
    for (let at = position; glob.charAt(at) === "*"; at++) passed.add(at + 1);
  }
  return [...passed].sort((a, b) => a - b);
}

/** What `entry` can still require after the folded prefix q: the author's text, nothing that another remainder contains. */
function remaindersAfter(q: string, entry: string): string[] {
  const rests = positionsAfter(q, fold(entry)).map((at) => entry.slice(at)); // no two equally long
  return rests.filter((rest) => !rests.some((other) => other !== rest && makesNeedless(fold(other), fold(rest))));
}

function makesNeedless(other: string, rest: string): boolean {
  if (!isIncluded(rest, other)) return false;
  return !isIncluded(other, rest) || other.length < rest.length;
}

/**
 * Whether every string that the folded glob `inner` matches is matched by `outer`. Walks both at once over every string that
 * matters: of the letters that neither names, one stands for all.
 */
function isIncluded(inner: string, outer: string): boolean {
  const letters = new Set((inner + outer).split("").filter((letter) => !hasWildcard(letter)));
  letters.add("");
  const todo = [{ a: positionsAfter("", inner), b: positionsAfter("", outer) }];
  const seen = new Set<string>();
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    const { a, b } = next;
    const key = `${a.join()}|${b.join()}`;
    if (a.length === 0 || seen.has(key)) continue;
    seen.add(key);
    if (a.includes(inner.length) && !b.includes(outer.length)) return false;
    for (const letter of letters) todo.push({ a: step(a, letter, inner), b: step(b, letter, outer) });
  }
  return true;
}

// Plain things ---------------------------------------------------------------------------------------------------------------

function listOf(element: string | readonly string[]): readonly string[] {
  return typeof element === "string" ? [element] : element;
}

function sorted(texts: Iterable<string>): string[] {
  return [...texts].sort((a, b) => ascending(fold(a), fold(b)));
}

function ascending(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function remember<K extends object, V>(known: WeakMap<K, V>, key: K, compute: (key: K) => V): V {
  const value = known.get(key) ?? compute(key);
  known.set(key, value);
  return value;
}
