import { CatalogTrie, buildImage, intervalSetOf, matchedBy, parsePattern, size } from "@leastwise/core";
import type { Connection } from "../../database.ts";
import { sumAccounts } from "./account-totals.ts";
import { readAnsweredTexts, wildcardOf } from "./answered-texts.ts";
import { CatalogFacts } from "./catalog-facts.ts";
import { sumEvidence } from "./evidence-totals.ts";
import { GrantedFacts } from "./granted-facts.ts";
import { SharedTotals } from "./shared-totals.ts";
import { shapeOf } from "./shape.ts";
import { sumSizes } from "./size-totals.ts";
import { type Sink, TOTAL_TABLE_NAMES, comparingWith, writingTo } from "./sink.ts";

/** Which run, and by which catalog its answers count. */
interface TotalledRun {
  readonly runId: number;
  readonly catalogId: number;
}

/**
 * Fills the derived tables of a run whose units all have their answers; what they held before goes.
 *
 * O(units × intervals + text of their documents + attachments × services); memory: some numbers for each document, and the services that
 * it grants.
 */
export function fillTotals(db: Connection, run: TotalledRun, trie: CatalogTrie): void {
  const { runId } = run;
  for (const table of TOTAL_TABLE_NAMES) db.prepare(`DELETE FROM ${table} WHERE run_id = ?`).run(runId); // the names are the program's own
  const shapes = sumUp(db, run, trie, writingTo(db, runId));
  const keep = db.prepare(
    "INSERT INTO document_shape (document_id, shape_sha256) VALUES (?, ?) ON CONFLICT DO NOTHING",
  );
  for (const [documentId, shape] of shapes) keep.run(documentId, shape);
}

/**
 * Derived tables that do not say what runs come to that are done, by name, each once: people may look at any of them. The cost of filling
 * them, for each run.
 */
export function wrongTotals(db: Connection): ReadonlySet<string> {
  const runs = db
    .prepare<[], TotalledRun>(
      "SELECT run_id AS runId, catalog_id AS catalogId FROM run WHERE state = 'done' ORDER BY run_id",
    )
    .all();
  const wrong = new Set<string>();
  const tries = new Map<number, CatalogTrie>();
  const shaped = new Set<number>();
  for (const run of runs) {
    const trie = tries.get(run.catalogId) ?? trieOf(db, run.catalogId);
    tries.set(run.catalogId, trie);
    const { sink, different } = comparingWith(db, run.runId);
    for (const documentId of sumUp(db, run, trie, sink).keys()) shaped.add(documentId);
    for (const table of different()) wrong.add(table);
  }
  if (runs.length > 0 && !areShapes(db, shaped)) wrong.add("document_shape");
  return wrong;
}

/** Whether all stored shapes are those of their documents, and all of these documents have one. */
function areShapes(db: Connection, documentIds: ReadonlySet<number>): boolean {
  const told = db.prepare<[], [documentId: number, sha256: string, text: string | null]>(
    "SELECT s.document_id, s.shape_sha256, d.text FROM document_shape s LEFT JOIN document d USING (document_id)",
  );
  let seen = 0;
  for (const [documentId, sha256, text] of told.raw().iterate()) {
    if (text === null || shapeOf(text) !== sha256) return false;
    if (documentIds.has(documentId)) seen++;
  }
  return seen === documentIds.size;
}

/** Tells the sink all rows, and gives the documents' shapes. */
function sumUp(
  db: Connection,
  { runId, catalogId }: TotalledRun,
  trie: CatalogTrie,
  sink: Sink,
): ReadonlyMap<number, string> {
  const catalog = new CatalogFacts(db, catalogId);
  const { weights, wildcards, shapes, kept } = readAnsweredTexts(db, runId);
  for (const { documentId, statement, start } of kept) sink("kept_statement", documentId, statement, start);
  for (const key of [...wildcards.keys()].sort()) {
    const { element, entry } = wildcardOf(key);
    const { kept: keeping, generated } = wildcards.get(key)!; // it is one of its keys
    if (keeping + generated === 0) continue; // it only stands in policies of today
    const matched = intervalSetOf(matchedBy(trie, parsePattern(entry)));
    const counts = [keeping + generated, keeping, generated, size(matched)];
    sink("wildcard_total", element, entry, ...counts, catalog.worstOf(matched));
  }
  const granted = new GrantedFacts(db, catalogId, catalog, weights);
  for (const row of granted.intervals()) sink("interval_total", ...row);
  for (let id = 0; id < catalog.actions; id++)
    sink("action_total", id, granted.attachmentsBefore[id]!, granted.attachmentsAfter[id]!); // both have one for each action
  const shared = new SharedTotals(db, runId, shapes);
  sumAccounts(db, { runId, catalog, weights, granted, shared }, sink);
  shared.write(sink);
  sumEvidence(db, runId, sink);
  sumSizes(db, runId, sink);
  return shapes;
}

/** Made from the stored rows, so that nothing but the database is asked. Access levels are read from the rows. */
function trieOf(db: Connection, catalogId: number): CatalogTrie {
  const services = db.prepare<[number], string>("SELECT service FROM service WHERE catalog_id = ? ORDER BY service");
  const actions = db.prepare<[number], string>("SELECT action FROM action WHERE catalog_id = ? ORDER BY action_id");
  const image = buildImage({
    services: services.pluck().all(catalogId),
    actions: actions
      .pluck()
      .all(catalogId)
      .map((action) => ({ action, level: 0 })),
    contentHash: "0".repeat(64),
    label: "as stored",
  });
  return new CatalogTrie(image);
}
