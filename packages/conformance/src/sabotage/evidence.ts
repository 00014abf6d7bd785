import type { Fit, Law, PolicyDocument, RefinementOptions, Statement } from "@leastwise/core";
import { isLongPrefix, isMadeOf } from "../laws/fitting.ts";
import { elementOf, mayChange, statementsOf, wordPrefixesOf } from "../laws/plainly.ts";
import type { Action, Catalog } from "../reference/catalog.ts";
import { fold, hasWildcard, regExpOf } from "../reference/glob.ts";
import type { Planted } from "./operator.ts";
import { type Pair, type RightResult, type Standing, entriesIn, rightResultOf, stands } from "./right-result.ts";

/**
 * Why an answer is wrong, found by brute force: an action, a string or a place that proves it. Nothing here is shared with the
 * verifier, and nothing is taken for wrong without proof: a sabotage that came out as another right answer leaves no evidence.
 */
export interface Evidence {
  readonly rule: Rule;
  readonly law: Law;
  /** The statement's place in the document before; null for the document as a whole. */
  readonly statement: number | null;
  /** Whether the verdict has to name this law and this place. Where statements shift, the first to differ may be any. */
  readonly isNamed: boolean;
  /** The action, the string or the entry that proves it. */
  readonly witness: string;
}

/** What an answer can be proved to break, and where that is written (sections are those of docs/semantics.md). */
export type Rule =
  | "is a policy"
  | "entries are strings"
  | "recommended action: 4"
  | "around the statements: 4"
  | "as many statements: 4"
  | "around the entries: 4"
  | "string or list: 4"
  | "Deny is never touched: law 4"
  | "kept by its Sid: 4"
  | "granted: law 1"
  | "nothing unused beyond the catalog: 2"
  | "never broader: law 2"
  | "kept as it is spelled: 2"
  | "nothing twice: 2.5"
  | "nothing twice in another case: 2.5"
  | "nothing twice in NotAction: 3"
  | "existing entries stay: 3"
  | "NotAction excepts more of what is unused only: 3, 6"
  | "of the form that was asked for: 2.4, 3, 9"
  | "untouched where nothing is unused: 2, 3, 4";

const LAWS: Readonly<Record<Rule, Law>> = {
  "is a policy": "structure",
  "entries are strings": "structure",
  "recommended action: 4": "structure",
  "around the statements: 4": "structure",
  "as many statements: 4": "structure",
  "around the entries: 4": "structure",
  "string or list: 4": "structure",
  "Deny is never touched: law 4": "deny-intact",
  "kept by its Sid: 4": "structure",
  "granted: law 1": "all-and-only",
  "nothing unused beyond the catalog: 2": "all-and-only",
  "never broader: law 2": "never-broader",
  "kept as it is spelled: 2": "structure",
  "nothing twice: 2.5": "structure",
  "nothing twice in another case: 2.5": "structure",
  "nothing twice in NotAction: 3": "structure",
  "existing entries stay: 3": "structure",
  "NotAction excepts more of what is unused only: 3, 6": "structure",
  "of the form that was asked for: 2.4, 3, 9": "structure",
  "untouched where nothing is unused: 2, 3, 4": "structure",
};

/** What stands for `*` in strings that no catalog has: nothing, letters, another service, a line break, a surrogate. */
const FILLERS = ["", "Q", "qq:Qq", "\n", "\ud800"];

export function evidenceAgainst(planted: Planted, asked: RightResult): readonly Evidence[] {
  const right = claimedOf(planted, asked);
  const { after, recommendedAction } = planted;
  const evidence: Evidence[] = [];
  const add: Add = (rule, statement, witness, isNamed = true) => {
    evidence.push({ rule, law: LAWS[rule], statement, isNamed, witness });
  };
  const text = JSON.stringify(after);
  if (recommendedAction !== right.recommendedAction) {
    // what contradicts itself is named; that a change claimed is none of the right ones shows in the statements
    const contradictsItself =
      (recommendedAction === "DETACH_POLICY") !== (after === null) ||
      (recommendedAction === "NONE") !== (text === JSON.stringify(right.before));
    add("recommended action: 4", null, right.recommendedAction, contradictsItself);
  }
  if (after === null) {
    if (right.after !== null) for (const pair of right.pairs) addThrownAway(pair, add);
    return evidence;
  }
  const shape = shapeBrokenBy(after);
  if (shape !== undefined) {
    add(shape, null, "", false);
    return evidence;
  }
  if (text === JSON.stringify(right.after)) return evidence;
  if (frameOf(after) !== frameOf(right.before)) add("around the statements: 4", null, "");
  const staying = right.pairs.filter(stands);
  const now = statementsOf(after);
  if (now.length !== staying.length) {
    const [denies, were] = [now, staying.map((pair) => pair.after)].map((list) =>
      JSON.stringify(list.filter(({ Effect }) => Effect !== "Allow")),
    );
    const rule = denies === were ? "as many statements: 4" : "Deny is never touched: law 4";
    add(rule, null, `${now.length} for ${staying.length}`, false);
    return evidence;
  }
  staying.forEach((pair, i) => {
    const statement = now[i]!; // as many as there are pairs
    if (JSON.stringify(statement) !== JSON.stringify(pair.after)) addOfStatement(pair, statement, right, add);
  });
  return evidence;
}

/** What would be right for the U and the options that the answer is claimed for. */
function claimedOf({ unused, keptSids, fit }: Planted, asked: RightResult): RightResult {
  if (unused === undefined && keptSids === undefined && fit === undefined) return asked;
  const { question } = asked;
  const options = optionsClaimed(question.options, { keptSids, fit });
  return rightResultOf({ ...question, unused: unused ?? question.unused, options });
}

/** The options of an answer that is claimed for others. */
export function optionsClaimed(
  { fit: askedFit, ...asked }: RefinementOptions,
  { keptSids = asked.keptSids, fit = askedFit ?? null }: { readonly [K in "keptSids" | "fit"]: Planted[K] | undefined },
): RefinementOptions {
  return { ...asked, keptSids, ...(fit === null ? {} : { fit }) };
}

type Add = (rule: Rule, statement: number | null, witness: string, isNamed?: boolean) => void;

function addThrownAway({ place, before, after }: Pair, add: Add): void {
  if (before.Effect !== "Allow") add("Deny is never touched: law 4", place, "");
  else if (after !== null) add("granted: law 1", place, "", false);
}

function addOfStatement(pair: Standing, now: Statement, right: RightResult, add: Add): void {
  const { place, before } = pair;
  if (before.Effect !== "Allow") {
    add("Deny is never touched: law 4", place, "");
    return;
  }
  if (!mayChange(before, right.question.options)) {
    add("kept by its Sid: 4", place, "");
    return;
  }
  if (skeletonOf(now) !== skeletonOf(before)) {
    add("around the entries: 4", place, "");
    return;
  }
  const entries = entriesIn(now);
  const isString = typeof now[elementOf(now)] === "string";
  if (isString !== (entries.length === 1 && typeof before[elementOf(before)] === "string")) {
    add("string or list: 4", place, "");
  }
  if (entriesIn(before).every((entry, i) => entry === entries[i]) && entries.length === entriesIn(before).length) {
    const reached = elementOf(before) === "Action" ? entries.find(right.reaches) : undefined;
    if (reached !== undefined) add("nothing unused beyond the catalog: 2", place, reached);
    if (elementOf(before) === "NotAction") addGranted(pair, now, right, add);
    return;
  }
  if (pair.after === pair.before) add("untouched where nothing is unused: 2, 3, 4", place, "", false);
  addGranted(pair, now, right, add);
  if (elementOf(before) === "NotAction") addOfNotAction(pair, now, right, add);
  else addOfAction(pair, now, right, add);
}

/** Law 1, in the catalog. */
function addGranted({ place, before }: Standing, now: Statement, right: RightResult, add: Add): void {
  const had = grantedBefore(before, right.catalog);
  const has = grantedBy(now, right.catalog);
  const isRight = (action: Action): boolean => has.has(action) === (had.has(action) && !right.isUnused(action.folded));
  const wrong = [...had, ...has].find((action) => !isRight(action));
  if (wrong !== undefined) add("granted: law 1", place, wrong.text);
}

function addOfAction({ place, before }: Standing, now: Statement, right: RightResult, add: Add): void {
  const old = entriesIn(before);
  const entries = entriesIn(now);
  const beyond = entries.find((entry) => right.reaches(entry));
  if (beyond !== undefined) add("nothing unused beyond the catalog: 2", place, beyond);

  const broader = stringsOf(entries.filter((entry) => !old.includes(entry))).find(
    (text) => !isMatched(text, old, right),
  );
  if (broader !== undefined) add("never broader: law 2", place, broader);

  const wrong = entries.find((entry) => !old.includes(entry) && !isOfFormForAction(entry, old, right));
  if (wrong !== undefined) add("of the form that was asked for: 2.4, 3, 9", place, wrong);

  const kept = old.filter((entry) => !right.reaches(entry));
  let next = 0;
  for (const entry of entries) if (entry === kept[next]) next++;
  if (next < kept.length) add("kept as it is spelled: 2", place, kept[next]!); // inside: just compared

  const mayStand = countsOf(kept);
  for (const [entry, count] of countsOf(entries)) {
    if (count <= Math.max(1, mayStand.get(entry) ?? 0)) continue;
    const isKeptInAnotherCase =
      mayStand.has(entry) && entries.filter((other) => fold(other) === entry && !old.includes(other)).length > 0;
    if (isKeptInAnotherCase) add("nothing twice in another case: 2.5", place, entry, false);
    else add("nothing twice: 2.5", place, entry);
  }
}

function addOfNotAction({ place, before }: Standing, now: Statement, right: RightResult, add: Add): void {
  const old = entriesIn(before);
  const entries = entriesIn(now);
  const broader = stringsOf(old.filter((entry) => !entries.includes(entry))).find(
    (text) => !isMatched(text, entries, right),
  );
  if (broader !== undefined) add("never broader: law 2", place, broader);
  // SEMANTICS 3: existing entries stay. The verifier speaks of law 2, also where an entry is only respelled or moved
  if (old.some((entry, i) => entry !== entries[i])) add("existing entries stay: 3", place, "", false);
  const granted = grantedBefore(before, right.catalog);
  const removes = (entry: string): boolean =>
    actionsMatching(fold(entry), right.catalog).some((action) => granted.has(action) && right.isUnused(action.folded));
  const needless = entries.slice(old.length).find((entry) => !removes(entry) && !old.includes(entry));
  if (needless !== undefined) add("NotAction excepts more of what is unused only: 3, 6", place, needless, false);
  const wrong = entries.slice(old.length).find((entry) => !isOfFormForNotAction(entry, right));
  if (wrong !== undefined && old.every((entry, i) => entry === entries[i]))
    add("of the form that was asked for: 2.4, 3, 9", place, wrong);
  const appended = countsOf(entries.slice(old.length));
  for (const entry of old) if (appended.has(fold(entry))) add("nothing twice in NotAction: 3", place, entry, false);
  for (const [entry, count] of appended) if (count > 1) add("nothing twice in NotAction: 3", place, entry, false);
}

/** SEMANTICS 2.4 and 9. Of word prefixes only what shows at a glance: for one action, or with another tail than any entry had. */
function isOfFormForAction(entry: string, old: readonly string[], { catalog, question }: RightResult): boolean {
  const text = fold(entry);
  if (!hasWildcard(text)) return true;
  const { fit } = question.options;
  const matched = actionsMatching(text, catalog);
  const globs = old.map(fold).filter(hasWildcard);
  const endsOne = (tail: string): boolean => globs.some((glob) => glob.endsWith(tail));
  if (fit === undefined) return matched.length > 1 && endsOne(text.slice(text.search(/[*?]/)));
  if (isOfFittingForm(text, matched, fit)) return true;
  return (
    matched.length > 1 &&
    [...wordPrefixesOf(question.catalog)].some((q) => text.startsWith(q) && endsOne(text.slice(q.length)))
  );
}

function isOfFormForNotAction(entry: string, { catalog, question }: RightResult): boolean {
  const text = fold(entry);
  const { fit } = question.options;
  if (fit === undefined) return /^[^*?]*\*?$/.test(text);
  return !hasWildcard(text) || isOfFittingForm(text, actionsMatching(text, catalog), fit);
}

function isOfFittingForm(text: string, matched: readonly Action[], fit: Fit): boolean {
  const isWhole = matched.some((action) => isMadeOf(text, action.text));
  if (fit.form === "inner") return matched.length > 1 && isWhole;
  return isWhole || isLongPrefix(text, fit.shortest);
}

const remembered = new WeakMap<Statement, ReadonlySet<Action>>();

/** Remembered, since every sabotage of a statement asks for it; a statement belongs to one question, and so to one catalog. */
function grantedBefore(statement: Statement, catalog: Catalog): ReadonlySet<Action> {
  const granted = remembered.get(statement) ?? grantedBy(statement, catalog);
  remembered.set(statement, granted);
  return granted;
}

/** What a statement grants of the catalog. */
function grantedBy(statement: Statement, catalog: Catalog): ReadonlySet<Action> {
  const listed = new Set(entriesIn(statement).flatMap((entry) => actionsMatching(fold(entry), catalog)));
  return elementOf(statement) === "Action" ? listed : new Set(catalog.actions.filter((action) => !listed.has(action)));
}

const services = new WeakMap<Catalog, ReadonlyMap<string, readonly Action[]>>();

/** Every action against the regular expression; of one service only where the entry spells it out. */
export function actionsMatching(e: string, catalog: Catalog): readonly Action[] {
  const before = catalog.matched.get(e);
  if (before !== undefined) return before;
  const service = e.slice(0, e.indexOf(":") + 1);
  const candidates = service === "" || hasWildcard(service) ? catalog.actions : (byService(catalog).get(service) ?? []);
  const pattern = regExpOf(e);
  const matched = candidates.filter(({ folded }) => pattern.test(folded));
  catalog.matched.set(e, matched);
  return matched;
}

function byService(catalog: Catalog): ReadonlyMap<string, readonly Action[]> {
  const read = services.get(catalog);
  if (read !== undefined) return read;
  const grouped = new Map<string, Action[]>();
  for (const action of catalog.actions) {
    const service = action.folded.slice(0, action.folded.indexOf(":") + 1);
    const group = grouped.get(service);
    if (group === undefined) grouped.set(service, [action]);
    else group.push(action);
  }
  services.set(catalog, grouped);
  return grouped;
}

/** Strings that the entries match, a few for each. */
function stringsOf(entries: readonly string[]): string[] {
  return entries.flatMap((entry) => FILLERS.map((filler) => fold(entry.replaceAll("*", filler).replaceAll("?", "q"))));
}

function isMatched(text: string, entries: readonly string[], { patternOf }: RightResult): boolean {
  return entries.some((entry) => patternOf(entry).test(text));
}

function countsOf(entries: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const entry of entries.map(fold)) counts.set(entry, (counts.get(entry) ?? 0) + 1);
  return counts;
}

/** All of a statement but the text of its entries. */
function skeletonOf(statement: Statement): string {
  return JSON.stringify({ ...statement, [elementOf(statement)]: null });
}

function frameOf(policy: PolicyDocument): string {
  return JSON.stringify({ ...policy, Statement: Array.isArray(policy.Statement) });
}

/** Whether a value has the shape that JSON has to have to be read as a policy at all. */
function shapeBrokenBy(value: unknown): Rule | undefined {
  if (!isObject(value)) return "is a policy";
  const statements: unknown = value["Statement"];
  for (const statement of [statements].flat()) {
    if (!isObject(statement)) return "is a policy";
    const element = statement["NotAction"] === undefined ? statement["Action"] : statement["NotAction"];
    if (element === undefined || typeof element === "string") continue;
    if (!Array.isArray(element)) return "is a policy";
    if (!element.every((entry) => typeof entry === "string")) return "entries are strings";
  }
  return undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
