import { CatalogTrie, buildImage, intervalSetOf, matchedBy, parsePattern, size } from "@leastwise/core";
import type { Connection } from "../../database.ts";
import { type GrantedIntervals, grantedBy, grantedIntervals } from "../granted-intervals.ts";
import { indexIntervals } from "../interval-documents.ts";
import { sumAccounts } from "./account-totals.ts";
import { CatalogFacts } from "./catalog-facts.ts";
import { sumEvidence } from "./evidence-totals.ts";
import { findKeptStatements } from "./kept-statements.ts";
import { GrantedFacts } from "./granted-facts.ts";
import { SharedTotals } from "./shared-totals.ts";
import { sumSizes } from "./size-totals.ts";
import type { Untouched } from "../../reuse/untouched.ts";
import { type Sink, addingTo, comparingWith, writeTotals } from "./sink.ts";
import { type DocumentWeights, untoldDocuments, weighDifference, weighDocuments } from "./weigh-documents.ts";
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
export function fillTotals(db: Connection, run: TotalledRun, trie: CatalogTrie, untouched?: Untouched): void {
  const keep = db.prepare(
    "INSERT INTO document_shape (document_id, shape_sha256) VALUES (?, ?) ON CONFLICT DO NOTHING",
  );
  db.transaction(() => {
    for (const { documentId, shape } of untoldDocuments(db, run)) if (shape !== null) keep.run(documentId, shape);
  })();
  if (untouched !== undefined) {
    indexIntervals(db, run.catalogId);
    writeTotals(db, run.runId, (sink) => {
      bringForward(db, run, untouched, trie, sink);
    });
    return;
  }
  const documents = documentsOf(db, run, weighDocuments(db, run.runId));
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
    const documents = documentsOf(db, run, weighDocuments(db, run.runId));
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

function documentsOf(db: Connection, run: TotalledRun, weights: DocumentWeights): Documents {
  const catalog = new CatalogFacts(db, run.catalogId);
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

/**
 * The same, by what differs from the base: sums over all accounts become those of the base, and what touched accounts came to is taken
 * from them and what they come to is added. O(attachments); of documents only those of touched accounts are looked into.
 */
function bringForward(db: Connection, run: TotalledRun, { base }: Untouched, trie: CatalogTrie, sink: Sink): void {
  const { runId } = run;
  const documents = documentsOf(db, run, weighDifference(db, runId, base));
  const { catalog, weights, granted, wildcards } = documents;
  for (const page of grantedBy(db, run.catalogId, weights.ids())) documents.add(page);
  for (const sql of BROUGHT_FORWARD) db.prepare(sql).run({ runId, base });
  const add = addingTo(db, runId);
  for (const { element, entry, kept, generated } of wildcards.uses()) {
    const matched = intervalSetOf(matchedBy(trie, parsePattern(entry)));
    add("wildcard_total", element, entry, kept + generated, kept, generated, size(matched), catalog.worstOf(matched));
  }
  for (const row of granted.intervals()) add("interval_total", ...row);
  for (const row of granted.actions()) if (row[1] !== 0 || row[2] !== 0) add("action_total", ...row);
  for (const sql of GONE) db.prepare(sql).run(runId);
  const shared = new SharedTotals(db, runId, weighDocuments(db, runId));
  const known = new Set(db.prepare<[], string>("SELECT account_id FROM temp.untouched_account").pluck().all());
  sumAccounts(db, { runId, catalog, weights, granted, shared, known }, sink);
  db.prepare(SERVICES).run(runId);
  shared.write(sink);
  sumEvidence(db, runId, sink);
  sumSizes(db, runId, sink, { base });
}

const OF_UNTOUCHED = "IN (SELECT account_id FROM temp.untouched_account)";

/** Rows of accounts as they are, and sums over all accounts to be corrected. */
const BROUGHT_FORWARD = [
  `INSERT INTO interval_total (run_id, lo, hi, attachments_before, attachments_after)
   SELECT $runId, lo, hi, attachments_before, attachments_after FROM interval_total WHERE run_id = $base ORDER BY lo DESC, hi`,
  `INSERT INTO action_total (run_id, action_id, attachments_before, attachments_after)
   SELECT $runId, action_id, attachments_before, attachments_after FROM action_total WHERE run_id = $base ORDER BY action_id`,
  `INSERT INTO wildcard_total (run_id, element, entry, attachments, kept, generated, actions, worst_level)
   SELECT $runId, element, entry, attachments, kept, generated, actions, worst_level FROM wildcard_total
   WHERE run_id = $base ORDER BY element, entry`,
  `INSERT INTO account_total (run_id, account_id, principals, holders, attachments, to_replace, to_detach, unchanged, failed, actions_before,
     actions_after)
   SELECT $runId, account_id, principals, holders, attachments, to_replace, to_detach, unchanged, failed, actions_before, actions_after
   FROM account_total WHERE run_id = $base AND account_id ${OF_UNTOUCHED}`,
  `INSERT INTO account_level_total (run_id, account_id, access_level, actions_before, actions_after)
   SELECT $runId, account_id, access_level, actions_before, actions_after FROM account_level_total
   WHERE run_id = $base AND account_id ${OF_UNTOUCHED}`,
  `INSERT INTO reduction_total (run_id, account_id, tenth, attachments)
   SELECT $runId, account_id, tenth, attachments FROM reduction_total WHERE run_id = $base AND account_id ${OF_UNTOUCHED}`,
  `INSERT INTO account_service_total (run_id, account_id, service, attachments_before, attachments_after, principals_before, principals_after,
     principals_unknown)
   SELECT $runId, account_id, service, attachments_before, attachments_after, principals_before, principals_after, principals_unknown
   FROM account_service_total WHERE run_id = $base AND account_id ${OF_UNTOUCHED}`,
  `INSERT INTO principal_total (run_id, principal_id, attachments, actions_before, actions_after, services_before, services_removed, is_unknown)
   SELECT $runId, principal_id, attachments, actions_before, actions_after, services_before, services_removed, is_unknown FROM principal_total
   WHERE run_id = $base AND principal_id NOT IN (SELECT principal_id FROM temp.touched_principal)`,
  `INSERT INTO size_total (run_id, policy_id, principal_id, unit_id, is_over, fit, form, size, size_limit, excess, policies)
   SELECT $runId, policy_id, principal_id, unit_id, is_over, fit, form, size, size_limit, excess, policies FROM size_total
   WHERE run_id = $base AND principal_id > 0 AND principal_id NOT IN (SELECT principal_id FROM temp.touched_principal)`,
] as const;

/** What nobody has any more. */
const GONE = [
  "DELETE FROM interval_total WHERE run_id = ? AND attachments_before = 0 AND attachments_after = 0",
  "DELETE FROM wildcard_total WHERE run_id = ? AND attachments = 0",
] as const;

const SERVICES = `
  INSERT INTO service_total (run_id, service, accounts_before, accounts_after, attachments_before, attachments_after, principals_before,
    principals_after, principals_unknown)
  SELECT run_id, service, sum(principals_before > 0), sum(principals_after > 0), sum(attachments_before), sum(attachments_after),
         sum(principals_before), sum(principals_after), sum(principals_unknown)
  FROM account_service_total WHERE run_id = ? GROUP BY service HAVING sum(principals_before > 0) + sum(principals_after > 0) > 0`;

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
