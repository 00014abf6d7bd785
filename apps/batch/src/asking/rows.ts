import type { Cell } from "@leastwise/store";

export type Row = readonly Cell[];

/** An answer on its way. */
export interface Rows {
  readonly columns: readonly string[];
  /** A batch at a time, and few before somebody wants them; to be read once. Ends with `Stopped` where a limit says so. */
  readonly batches: AsyncIterable<readonly Row[]>;
  /** Does what is no part of answering, such as waiting for who reads the output: its time does not count. */
  readonly untimed: (work: () => Promise<void>) => Promise<void>;
}

/** What is asked, of which database. */
export interface Asked {
  readonly database: string;
  /** The run that the views show: a number, `latest` or `previous`; absent: the current one. */
  readonly run?: string;
  readonly sql: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** How many rows at the most; 0 is all. */
  readonly mostRows: number;
}
