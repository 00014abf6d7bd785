import { type PolicyDocument, statementsOf } from "@leastwise/core";
import type { Connection } from "../../database.ts";
import type { Sink } from "./sink.ts";
import type { DocumentWeights } from "./weigh-documents.ts";

/** Tells the statements that a run keeps by their Sid. Only where it keeps any are its existing documents read, in the order of ids. O(text) */
export function findKeptStatements(db: Connection, runId: number, weights: DocumentWeights, sink: Sink): void {
  const starts = keptSids(db, runId);
  if (starts.size === 0) return;
  const textOf = db.prepare<[number], string>("SELECT text FROM document WHERE document_id = ?").pluck();
  for (const documentId of weights.ids()) {
    if (weights.before(weights.placeOf(documentId)) === 0) continue; // only ever recommended
    const document = JSON.parse(textOf.get(documentId) ?? "{}") as PolicyDocument; // units refer to documents, which were checked when they were read
    for (const [statement, { Effect, Sid }] of statementsOf(document).entries()) {
      if (Effect !== "Allow" || Sid === undefined) continue;
      for (const start of starts) if (Sid.startsWith(start)) sink("kept_statement", documentId, statement, start);
    }
  }
}

function keptSids(db: Connection, runId: number): ReadonlySet<string> {
  const sql = `SELECT start.value FROM run JOIN option_set USING (option_set_id) JOIN json_each(text, '$.keptSids') AS start WHERE run_id = ?`;
  return new Set(db.prepare<[number], string>(sql).pluck().all(runId));
}
