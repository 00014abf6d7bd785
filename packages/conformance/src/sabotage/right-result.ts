import type { PolicyDocument, RecommendedAction, Statement } from "@leastwise/core";
import { statementsOf } from "../laws/plainly.ts";
import { type Catalog, readCatalog } from "../reference/catalog.ts";
import { fold, regExpOf } from "../reference/glob.ts";
import type { Question } from "../refiner.ts";
import { reference } from "../reference/refine.ts";
import { type UnusedActions, isUnused, readUnused, unsafePrefixes } from "../reference/unused-actions.ts";

/** A statement of the document before and what is right to become of it; null when it is to go. */
export interface Pair {
  /** The statement's place in the document before, counted from 0. */
  readonly place: number;
  readonly before: Statement;
  readonly after: Statement | null;
}

/** A statement that stays. */
export interface Standing extends Pair {
  readonly after: Statement;
}

export function stands(pair: Pair): pair is Standing {
  return pair.after !== null;
}

/** A question with its right answer, as the reference gives it. What operators spoil. */
export interface RightResult {
  readonly question: Question;
  readonly before: PolicyDocument;
  readonly after: PolicyDocument | null;
  readonly recommendedAction: RecommendedAction;
  readonly pairs: readonly Pair[];
  readonly catalog: Catalog;
  /** Whether an entry matches anything unused, in the catalog or not. */
  readonly reaches: (entry: string) => boolean;
  readonly isUnused: (action: string) => boolean;
  /** An entry as a regular expression over folded text. */
  readonly patternOf: (entry: string) => RegExp;
}

const catalogs = new WeakMap<readonly string[], Catalog>();

/** O(statements × what the reference needs for one). Statements do not see one another, so each is asked alone. */
export function rightResultOf(question: Question): RightResult {
  const { catalog: actions, policy: before, unused } = question;
  const { recommendedAction, policy: after } = reference.refine(question);
  const pairs = statementsOf(before).map((statement, place): Pair => {
    const alone = reference.refine({ ...question, policy: { Statement: statement } });
    return { place, before: statement, after: alone.policy === null ? null : (alone.policy.Statement as Statement) }; // a single one went in
  });
  const catalog = catalogs.get(actions) ?? readCatalog(actions);
  catalogs.set(actions, catalog);
  const u = readUnused(unused);
  return {
    question,
    before,
    after,
    recommendedAction,
    pairs,
    catalog,
    reaches: remembering((entry) => reaches(entry, u)),
    isUnused: remembering((action) => isUnused(fold(action), u)),
    patternOf: remembering((entry) => regExpOf(fold(entry))),
  };
}

/** SEMANTICS 2.2: L(e) ∩ U is not empty. Every string starts with nothing. */
function reaches(entry: string, u: UnusedActions): boolean {
  return unsafePrefixes(fold(entry), u)("");
}

/** The entries of a statement, as they stand there: of answers that are spoiled on purpose perhaps no strings. */
export function entriesIn(statement: Statement): readonly string[] {
  const element = statement.NotAction ?? statement.Action ?? [];
  return typeof element === "string" ? [element] : element;
}

function remembering<T>(compute: (key: string) => T): (key: string) => T {
  const known = new Map<string, T>();
  return (key) => {
    const value = known.get(key) ?? compute(key);
    known.set(key, value);
    return value;
  };
}
