import type { ApiFailure, Page } from "@leastwise/api";
import { failureOf } from "./failure.ts";

/** What is known of a list so far. */
interface Loaded<Row> {
  readonly rows: readonly Row[];
  /** How many rows the list has without a search; null where nobody has counted. */
  readonly total: number | null;
  /** How many rows a search has looked at. */
  readonly looked: number;
  readonly over: boolean;
  readonly busy: boolean;
  readonly failure: ApiFailure | null;
}

/** Loads a list page by page. */
export interface RowLoader<Row> {
  readonly loaded: () => Loaded<Row>;
  /** Goes on until there are as many rows, or no more. */
  readonly reach: (rows: number) => void;
  readonly retry: () => void;
  readonly stop: () => void;
}

/**
 * `page` gives the rows after a key. A page may have few rows or none and still not be the last, since a search looks at so many rows at a time; the loader
 * goes on by itself until it has what is wanted. One request at a time; `changed` is called after each.
 */
export function createRowLoader<Row>(
  page: (after: string | undefined, signal: AbortSignal) => Promise<Page<Row>>,
  changed: () => void,
): RowLoader<Row> {
  const rows: Row[] = []; // grows in place: a copy for each page would make a million rows slow
  let loaded: Loaded<Row> = { rows, total: null, looked: 0, over: false, busy: false, failure: null };
  let next: string | undefined;
  let wanted = 0;
  const abort = new AbortController();

  async function run(): Promise<void> {
    while (!abort.signal.aborted && !loaded.over && loaded.failure === null && loaded.rows.length < wanted) {
      const before = loaded;
      loaded = { ...before, busy: true };
      try {
        const { rows: more, next: after, total, looked } = await page(next, abort.signal);
        rows.push(...more);
        next = after ?? undefined;
        loaded = {
          rows,
          total: total ?? before.total,
          looked: before.looked + looked,
          over: after === null,
          busy: false,
          failure: null,
        };
      } catch (error) {
        loaded = { ...before, busy: false, failure: failureOf(error) };
      }
      if (!abort.signal.aborted) changed();
    }
  }

  function start(): void {
    if (loaded.busy || abort.signal.aborted) return;
    void run();
    if (loaded.busy) changed();
  }

  return {
    loaded: () => loaded,
    reach: (many) => {
      wanted = Math.max(wanted, many);
      start();
    },
    retry: () => {
      loaded = { ...loaded, failure: null };
      start();
    },
    stop: () => abort.abort(),
  };
}
