import type Database from "better-sqlite3";
import type { Connection } from "../../database.ts";
import { BLOCK, BlockIntervals, blocksOf } from "../interval-documents.ts";
import { type GrantedIntervals, grantedIntervals } from "../granted-intervals.ts";
import { NumberPlaces } from "./number-places.ts";

/**
 * Of interval_document and interval_block those that do not say what grant_set says. A document that only an unfinished run asks about may
 * be missing: it comes when that ends.
 */
export function wrongIntervalTables(db: Connection): ReadonlySet<string> {
  const wrong = new Set<string>();
  const is = isRow(db);
  let [rows, blocks] = [0, 0];
  for (const catalogId of db.prepare<[], number>("SELECT catalog_id FROM catalog").pluck().all()) {
    const belongs = whatBelongs(db, catalogId);
    for (const { block } of blocksOf(db, catalogId)) {
      const intervals = new BlockIntervals();
      for (const page of grantedIntervals(db, catalogId, block * BLOCK, (block + 1) * BLOCK))
        intervals.add(page.filter(belongs));
      if (intervals.documents === 0) continue;
      blocks++;
      if (!is.block(catalogId, block, intervals.documents)) wrong.add("interval_block");
      for (const { lo, hi, first, documents } of intervals.rows()) {
        rows++;
        if (!is.interval(catalogId, lo, hi, first, documents)) wrong.add("interval_document");
      }
    }
  }
  if (rows !== db.prepare("SELECT count(*) FROM interval_document").pluck().get()) wrong.add("interval_document");
  if (blocks !== db.prepare("SELECT count(*) FROM interval_block").pluck().get()) wrong.add("interval_block");
  return wrong;
}

/** Whether interval_document should have a document: it has, or a run that is done has it before or after. */
function whatBelongs(db: Connection, catalogId: number): (document: GrantedIntervals) => boolean {
  const has = new NumberPlaces();
  const lists = db.prepare<[number], string>("SELECT documents FROM interval_document WHERE catalog_id = ?").pluck();
  for (const list of lists.iterate(catalogId)) for (const documentId of listed(list)) has.add(documentId);
  const isAsked = db.prepare<[{ readonly catalogId: number; readonly documentId: number }]>(
    `${ASKED("document_id")} UNION ALL ${ASKED("final_document_id")} LIMIT 1`,
  );
  return ({ documentId }) => has.find(documentId) >= 0 || isAsked.get({ catalogId, documentId }) !== undefined;
}

const ASKED = (column: "document_id" | "final_document_id"): string =>
  `SELECT 1 FROM unit u JOIN recommendation r ON r.unit_id = u.unit_id JOIN run ON run.run_id = r.run_id
   WHERE u.catalog_id = $catalogId AND u.${column} = $documentId AND run.state = 'done'`;

/** None where it is no such list: then its row is wrong anyway. */
function listed(text: string): readonly number[] {
  return /^\[\d{1,15}(?:,\d{1,15})*\]$/.test(text) ? (JSON.parse(text) as readonly number[]) : []; // it has been looked at
}

function isRow(db: Connection): {
  readonly block: (catalogId: number, block: number, documents: number) => boolean;
  readonly interval: (catalogId: number, lo: number, hi: number, first: number, documents: string) => boolean;
} {
  const block: Database.Statement<[number, number, number]> = db.prepare(
    "SELECT 1 FROM interval_block WHERE catalog_id = ? AND block = ? AND documents = ?",
  );
  const interval: Database.Statement<[number, number, number, number, string]> = db.prepare(
    "SELECT 1 FROM interval_document WHERE catalog_id = ? AND lo = ? AND hi = ? AND first_document_id = ? AND documents = ?",
  );
  return {
    block: (...row) => block.get(...row) !== undefined,
    interval: (...row) => interval.get(...row) !== undefined,
  };
}
