import type { Row } from "../asking/rows.ts";

/** Rows as text of some form, a row at a time: what it gives is to be printed in that order. */
export interface Form {
  /** Stands before the first row, and where there is none. */
  readonly open: string;
  /** The rows that can be printed now, a text each; none where more have to be seen first. */
  readonly add: (row: Row) => readonly string[];
  /** Those that it still has. */
  readonly rest: () => readonly string[];
  /** What makes an answer of so many printed rows whole, also one that ends early. */
  readonly close: (rows: number) => string;
  /** What a person should know of the form, once all is printed; empty where there is nothing. */
  readonly remark?: () => string;
}
