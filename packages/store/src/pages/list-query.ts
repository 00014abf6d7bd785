import type { KeyValues } from "./cursor.ts";

/** SQL of the program's own for a column by which rows are ordered. */
export interface Key {
  readonly sql: string;
  readonly isDescending?: boolean;
  /** Nulls come first where it ascends and last where it descends, as SQLite has them. */
  readonly isNullable?: boolean;
}

export type Value = string | number | null;

/**
 * A list as it was asked for: static SQL, chosen by what was asked, and the values of its parameters. Nothing in `SQL` here comes from
 * outside.
 */
export interface ListQuery<Row> {
  /** What is asked, run and filters included: two questions that differ in anything but `after` and `limit` have different texts. */
  readonly question: string;
  /** SQL: `FROM …` with conditions that belong to joins. */
  readonly from: string;
  /** SQL: what rows of the list have, its filters among them. */
  readonly where: readonly string[];
  readonly keys: readonly Key[];
  /** SQL of the columns that name a row. With `keys` they make rows unique. */
  readonly ids: readonly string[];
  /**
   * Whether `from` comes in the order of `keys` by an index, so that rows can be looked at one by one and left at any moment. Otherwise all
   * rows are looked at and sorted, so there have to be few: some hundred thousand narrow ones.
   */
  readonly isWalked: boolean;
  readonly values: Readonly<Record<string, Value>>;
  /** Rows by their ids, in that order. */
  readonly rowOf: (ids: KeyValues) => Row;
  /** As `Page.total`. */
  readonly total: () => number | null;
}
