import type { Connection } from "./database.ts";

/** A document that should be in place once the current run's recommendations are applied. */
export interface DocumentInPlace {
  readonly documentId: number;
  /** Minified JSON. */
  readonly text: string;
}

/** Where such a document goes: for one principal, or, where that is null, for a shared policy in place. */
export type Placement = readonly [principalId: number | null, policyId: number, documentId: number];

/** The ids of the run that the views show, and of its catalog; undefined where there is no run. */
export function readCurrentRun(db: Connection): { readonly runId: number; readonly catalogId: number } | undefined {
  return db
    .prepare<[], { runId: number; catalogId: number }>(
      "SELECT run_id AS runId, catalog_id AS catalogId FROM current_run",
    )
    .get();
}

/** Every distinct document that should be in place, for principals and in place, in the order of ids. */
export function readDocumentsInPlace(db: Connection): IterableIterator<DocumentInPlace> {
  return db
    .prepare<[], DocumentInPlace>(
      `SELECT document_id AS documentId, text FROM document WHERE document_id IN (
         SELECT u.final_document_id FROM current_run cr CROSS JOIN recommendation r ON r.run_id = cr.run_id
         CROSS JOIN unit u ON u.unit_id = r.unit_id
         UNION
         SELECT u.final_document_id FROM current_run cr CROSS JOIN policy_recommendation r ON r.run_id = cr.run_id
         CROSS JOIN unit u ON u.unit_id = r.unit_id)
       ORDER BY document_id`,
    )
    .iterate();
}

/** Where these documents go: for principals, ordered by principal and policy as the database numbers them, then in place. */
export function* readPlacements(db: Connection): Generator<Placement> {
  yield* db
    .prepare<[], Placement>(
      `SELECT r.principal_id, r.policy_id, u.final_document_id FROM current_run cr
       CROSS JOIN recommendation r ON r.run_id = cr.run_id CROSS JOIN unit u ON u.unit_id = r.unit_id
       WHERE u.final_document_id IS NOT NULL ORDER BY r.principal_id, r.policy_id`,
    )
    .raw()
    .iterate();
  yield* db
    .prepare<[], Placement>(
      `SELECT NULL, r.policy_id, u.final_document_id FROM current_run cr
       CROSS JOIN policy_recommendation r ON r.run_id = cr.run_id CROSS JOIN unit u ON u.unit_id = r.unit_id
       WHERE u.final_document_id IS NOT NULL ORDER BY r.policy_id`,
    )
    .raw()
    .iterate();
}

/** What principals and policies are called. */
export interface Names {
  readonly principal: (principalId: number) => string;
  readonly policy: (policyId: number) => { readonly key: string; readonly name: string; readonly kind: string };
}

export function namesOf(db: Connection): Names {
  const principal = db.prepare<[number], string>("SELECT arn FROM principal WHERE principal_id = ?").pluck();
  const policy = db.prepare<[number], ReturnType<Names["policy"]>>(
    "SELECT key, name, kind FROM policy WHERE policy_id = ?",
  );
  return {
    principal: (id) => principal.get(id)!, // ids that the database gave, here and below
    policy: (id) => policy.get(id)!,
  };
}
