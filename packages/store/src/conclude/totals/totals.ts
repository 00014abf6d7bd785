import { CatalogTrie, buildImage, intervalSetOf, matchedBy, parsePattern, size } from "@leastwise/core";
import type { Connection } from "../../database.ts";
import { type GrantedIntervals, grantedIntervals } from "../granted-intervals.ts";
import { indexIntervals } from "../interval-documents.ts";
import { sumAccounts } from "./account-totals.ts";
import { CatalogFacts } from "./catalog-facts.ts";
import { sumEvidence } from "./evidence-totals.ts";
import { findKeptStatements } from "./kept-statements.ts";
import { GrantedFacts } from "./granted-facts.ts";
import { SharedTotals } from "./shared-totals.ts";
import { sumSizes } from "./size-totals.ts";
import { type Sink, comparingWith, writeTotals } from "./sink.ts";
import { type DocumentWeights, untoldDocuments, weighDocuments } from "./weigh-documents.ts";
import { WildcardUses } from "./wildcard-uses.ts";
import { wrongFacts } from "./wrong-facts.ts";

/** Which run, and by which catalog its answers count. */
interface TotalledRun {
  readonly runId: number;
  readonly catalogId: number;
}

/**
 * Fills the derived tables of a run whose units all have their answers; what they held before goes. In several transactions; may be repeated.
 *
 * O(units × intervals + attachments × services); memory: some numbers for each document, and the services that it grants.
 */
export function fillTotals(db: Connection, run: TotalledRun, trie: CatalogTrie): void {
  const keep = db.prepare(
    "INSERT INTO document_shape (document_id, shape_sha256) VALUES (?, ?) ON CONFLICT DO NOTHING",
  );
  db.transaction(() => {
    for (const { documentId, shape } of untoldDocuments(db, run)) if (shape !== null) keep.run(documentId, shape);
  })();
  const documents = documentsOf(db, run);
  indexIntervals(db, run.catalogId, documents.add);
  writeTotals(db, run.runId, (sink) => {
    sumUp(db, run, documents, trie, sink);
  });
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
  const wrong = new Set(wrongFacts(db));
  if (wrong.size > 0) return wrong; // the others are made from these
  const tries = new Map<number, CatalogTrie>();
  for (const run of runs) {
    const trie = tries.get(run.catalogId) ?? trieOf(db, run.catalogId);
    tries.set(run.catalogId, trie);
    const { sink, different } = comparingWith(db, run.runId);
    const documents = documentsOf(db, run);
    for (const page of grantedIntervals(db, run.catalogId, 0, Number.MAX_SAFE_INTEGER)) documents.add(page);
    sumUp(db, run, documents, trie, sink);
    for (const table of different()) wrong.add(table);
  }
  return wrong;
}

/** What is known of a run's documents once all pages of grant_set have been added. */
interface Documents {
  readonly catalog: CatalogFacts;
  readonly weights: DocumentWeights;
  readonly granted: GrantedFacts;
  readonly wildcards: WildcardUses;
  readonly add: (page: readonly GrantedIntervals[]) => void;
}

function documentsOf(db: Connection, run: TotalledRun): Documents {
  const catalog = new CatalogFacts(db, run.catalogId);
  const weights = weighDocuments(db, run.runId);
  const granted = new GrantedFacts(catalog, weights);
  const wildcards = new WildcardUses(weights);
  wildcards.add(untoldDocuments(db, run));
  const add: Documents["add"] = (page) => {
    granted.add(page);
    wildcards.add(page);
  };
  return { catalog, weights, granted, wildcards, add };
}

/** Tells the sink all rows. */
function sumUp(
  db: Connection,
  { runId }: TotalledRun,
  { catalog, weights, granted, wildcards }: Documents,
  trie: CatalogTrie,
  sink: Sink,
): void {
  findKeptStatements(db, runId, weights, sink);
  for (const { element, entry, kept, generated } of wildcards.uses()) {
    const matched = intervalSetOf(matchedBy(trie, parsePattern(entry)));
    const counts = [kept + generated, kept, generated, size(matched)];
    sink("wildcard_total", element, entry, ...counts, catalog.worstOf(matched));
  }
  for (const row of granted.intervals()) sink("interval_total", ...row);
  for (const row of granted.actions()) sink("action_total", ...row);
  const shared = new SharedTotals(db, runId, weights);
  sumAccounts(db, { runId, catalog, weights, granted, shared }, sink);
  shared.write(sink);
  sumEvidence(db, runId, sink);
  sumSizes(db, runId, sink);
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
