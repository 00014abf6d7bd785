/** The run that is shown: its number as text; absent: the current one. */
export interface RunAsk {
  readonly run?: string;
}

/**
 * A part of a list. Pages are found by key, never by counting rows, and filtered in SQL.
 *
 * Filters join by "and". `q` is searched for anywhere in what a row is called, case ignored.
 */
export interface ListAsk extends RunAsk {
  readonly q?: string;
  /** `next` of the page before; opaque. */
  readonly after?: string;
  /** Rows at the most, as text; 1 to 500, 100 where absent. */
  readonly limit?: string;
}

/** The order of a list; each list says which columns it can be sorted by. Names ascend and numbers descend where nobody says. */
export interface Sorted<Column extends string> {
  readonly sort?: Column;
  readonly order?: "asc" | "desc";
}

/**
 * Rows in order. An answer takes a bounded time: where a search has to look at more rows than that allows, a page comes with fewer rows, perhaps
 * none, and goes on at `next`; the list is over only when `next` is null.
 */
export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly next: string | null;
  /** How many rows the list has without `q`; null where counting them would take long. */
  readonly total: number | null;
  /** How many rows were looked at for this page. */
  readonly looked: number;
}
