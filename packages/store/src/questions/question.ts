import type { Connection } from "../database.ts";

/** A question that security teams ask, with a name. `$` parameters are given by name; all have texts as values. */
export interface Question {
  readonly name: string;
  /** One sentence that says what the answer is. */
  readonly sentence: string;
  readonly parameters: readonly Parameter[];
  /** Static SQL over tables and views, without LIMIT. Where the answer can be long its rows come in the order of an index. */
  readonly sql: string;
}

/** What a question asks for. */
export interface Parameter {
  readonly name: string;
  readonly example: string;
  /**
   * Static SQL with one parameter that gives a row when the value exists: one that it does not find is a typing error, not an empty
   * answer. Null where any text may be asked about, and no rows say what they seem to say.
   */
  readonly known: string | null;
}

export const ACTION: readonly Parameter[] = [
  { name: "action", example: "iam:PassRole", known: "SELECT 1 FROM actions WHERE action = ?" },
];
export const ACCOUNT: readonly Parameter[] = [
  { name: "account", example: "123456789012", known: "SELECT 1 FROM accounts WHERE account_id = ?" },
];
export const ENTRY: readonly Parameter[] = [{ name: "entry", example: "s3:Get*", known: null }];

/** Whether the current run has the value that a question is asked about, where it has to. */
export function isKnown(db: Connection, { known }: Parameter, value: string): boolean {
  return known === null || db.prepare<[string]>(known).get(value) !== undefined;
}
