import type { IntervalSet } from "@leastwise/core";
import type { Connection } from "../database.ts";

/** What a document grants, and its wildcards. */
export interface GrantedIntervals {
  readonly documentId: number;
  /** Ascending, each as one number, `lo × 2^26 + hi`. */
  readonly intervals: readonly number[];
  /** As `wildcardsOf` the document. */
  readonly wildcards: readonly string[];
}

const PAGE = 2048;
/** What an interval's `lo` is multiplied by. */
export const PACK: number = 2 ** 26;

/** What the documents of a catalog with ids from `from` to before `to` grant, in the order of their ids, a page at a time: between two pages nothing is being read. */
export function* grantedIntervals(
  db: Connection,
  catalogId: number,
  from: number,
  to: number,
): Generator<readonly GrantedIntervals[]> {
  const page = db
    .prepare<[number, number, number, number], [documentId: number, intervals: string, wildcards: string | null]>(
      `SELECT document_id, intervals, wildcards FROM grant_set
       WHERE catalog_id = ? AND document_id >= ? AND document_id < ? ORDER BY document_id LIMIT ?`,
    )
    .raw();
  for (let next = from; ;) {
    const rows = page.all(catalogId, next, to, PAGE);
    yield rows.map(([documentId, intervals, wildcards]) => {
      return { documentId, intervals: numbers(intervals), wildcards: wildcards === null ? [] : texts(wildcards) };
    });
    const last = rows.at(-1);
    if (rows.length < PAGE || last === undefined) return;
    next = last[0] + 1;
  }
}

/** The same of documents of these ids, those that a worker has told of. */
export function* grantedBy(
  db: Connection,
  catalogId: number,
  documentIds: Iterable<number>,
): Generator<readonly GrantedIntervals[]> {
  const find = db
    .prepare<[number, number], readonly [intervals: string, wildcards: string | null]>(
      "SELECT intervals, wildcards FROM grant_set WHERE catalog_id = ? AND document_id = ?",
    )
    .raw();
  for (const documentId of documentIds) {
    const row = find.get(catalogId, documentId);
    if (row === undefined) continue;
    const [intervals, wildcards] = row;
    yield [{ documentId, intervals: numbers(intervals), wildcards: wildcards === null ? [] : texts(wildcards) }];
  }
}

function numbers(text: string): readonly number[] {
  return JSON.parse(text) as readonly number[]; // a worker wrote it, here and below
}

function texts(text: string): readonly string[] {
  return JSON.parse(text) as readonly string[];
}

/** The set that the column `intervals` of grant_set holds. */
export function boundsOf(intervals: string): IntervalSet {
  const bounds: number[] = [];
  for (const packed of numbers(intervals)) {
    const lo = Math.floor(packed / PACK);
    bounds.push(lo, packed - lo * PACK);
  }
  return bounds;
}
