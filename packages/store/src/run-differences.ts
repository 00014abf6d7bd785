import type { IntervalSet, PolicyKind, RecommendedAction } from "@leastwise/core";
import type Database from "better-sqlite3";
import type { Connection } from "./database.ts";

/** What one run says of one attached policy, or of a shared policy in place. */
export interface RunAnswer {
  readonly policyId: number;
  readonly policyKey: string;
  readonly policyName: string;
  readonly policyKind: PolicyKind;
  readonly unitId: number;
  readonly documentId: number;
  /** Null to detach. */
  readonly finalDocumentId: number | null;
  readonly unusedId: number;
  /** Null where the unit has no answer. */
  readonly recommendedAction: RecommendedAction | null;
}

/** A principal with an answer that differs between two runs. */
export interface DifferingPrincipal {
  readonly principalId: number;
  readonly arn: string;
  readonly accountId: string;
  /** Whether each run's exports have it. */
  readonly isInFrom: boolean;
  readonly isInTo: boolean;
}

/** How many there are in one run and not in the other. */
export interface ComeAndGone {
  readonly principalsCame: number;
  readonly principalsGone: number;
  readonly policiesCame: number;
  readonly policiesGone: number;
  /** Policies of both runs whose document is another. */
  readonly policiesChanged: number;
}

const ANSWER = `r.policy_id AS policyId, po.key AS policyKey, po.name AS policyName, po.kind AS policyKind, r.unit_id AS unitId,
  u.document_id AS documentId, u.final_document_id AS finalDocumentId, u.unused_id AS unusedId, u.recommended_action AS recommendedAction`;

/**
 * Reads what differs between two runs of a database. Answers are kept by content, so equal ones are one unit, and only what is not
 * equal is read. Both runs are walked by their keys; what differs is sorted by SQLite. O(recommendations of both); nothing of it is held.
 */
export class RunDifferences {
  readonly #db: Connection;
  readonly #runs: { readonly from: number; readonly to: number };
  readonly #ofPrincipal: Database.Statement<[number, number], RunAnswer>;
  readonly #inPlace: Database.Statement<[number, number], RunAnswer>;
  readonly #granted: Database.Statement<[number, number], [number, number]>;
  readonly #isGranted: Database.Statement<[number, number]>;
  readonly #text: Database.Statement<[number], string>;

  /** @param from the earlier run's id @param to the later one's */
  constructor(db: Connection, from: number, to: number) {
    this.#db = db;
    this.#runs = { from, to };
    this.#ofPrincipal = db.prepare(
      `SELECT ${ANSWER} FROM recommendation r JOIN unit u USING (unit_id) JOIN policy po USING (policy_id)
       WHERE r.run_id = ? AND r.principal_id = ? ORDER BY po.key`,
    );
    this.#inPlace = db.prepare(
      `SELECT ${ANSWER} FROM policy_recommendation r JOIN unit u USING (unit_id) JOIN policy po USING (policy_id)
       WHERE r.run_id = ? AND r.policy_id = ?`,
    );
    this.#granted = db
      .prepare<[number, number], [number, number]>(
        "SELECT lo, hi FROM grant_interval WHERE catalog_id = ? AND document_id = ? ORDER BY lo",
      )
      .raw();
    this.#isGranted = db.prepare("SELECT 1 FROM grant_set WHERE catalog_id = ? AND document_id = ?");
    this.#text = db.prepare<[number], string>("SELECT text FROM document WHERE document_id = ?").pluck();
  }

  /** In the order of ARNs. */
  *principals(): Generator<DifferingPrincipal> {
    const rows = this.#db
      .prepare<[object], Omit<DifferingPrincipal, "isInFrom" | "isInTo"> & { isInFrom: 0 | 1; isInTo: 0 | 1 }>(
        `SELECT p.principal_id AS principalId, p.arn, p.account_id AS accountId,
           EXISTS (SELECT 1 FROM run_principal x WHERE x.run_id = $from AND x.principal_id = p.principal_id) AS isInFrom,
           EXISTS (SELECT 1 FROM run_principal x WHERE x.run_id = $to AND x.principal_id = p.principal_id) AS isInTo
         FROM (
           SELECT b.principal_id FROM recommendation b
           LEFT JOIN recommendation a ON a.run_id = $from AND a.principal_id = b.principal_id AND a.policy_id = b.policy_id
           WHERE b.run_id = $to AND a.unit_id IS NOT b.unit_id
           UNION
           SELECT a.principal_id FROM recommendation a
           LEFT JOIN recommendation b ON b.run_id = $to AND b.principal_id = a.principal_id AND b.policy_id = a.policy_id
           WHERE a.run_id = $from AND b.unit_id IS NULL
         ) CROSS JOIN principal p USING (principal_id)
         ORDER BY p.arn`,
      )
      .iterate(this.#runs);
    for (const { isInFrom, isInTo, ...principal } of rows) {
      yield { ...principal, isInFrom: isInFrom === 1, isInTo: isInTo === 1 };
    }
  }

  /** All answers of each run for a principal, by policy key. */
  answersOf(principalId: number): { readonly from: readonly RunAnswer[]; readonly to: readonly RunAnswer[] } {
    const { from, to } = this.#runs;
    return { from: this.#ofPrincipal.all(from, principalId), to: this.#ofPrincipal.all(to, principalId) };
  }

  /** Shared policies whose answer in place differs, in the order of their keys. */
  *inPlace(): Generator<{ readonly from: RunAnswer | undefined; readonly to: RunAnswer | undefined }> {
    const { from, to } = this.#runs;
    const ids = this.#db
      .prepare<[object], number>(
        `SELECT po.policy_id FROM (
           SELECT b.policy_id FROM policy_recommendation b
           LEFT JOIN policy_recommendation a ON a.run_id = $from AND a.policy_id = b.policy_id
           WHERE b.run_id = $to AND a.unit_id IS NOT b.unit_id
           UNION
           SELECT a.policy_id FROM policy_recommendation a
           LEFT JOIN policy_recommendation b ON b.run_id = $to AND b.policy_id = a.policy_id
           WHERE a.run_id = $from AND b.unit_id IS NULL
         ) CROSS JOIN policy po USING (policy_id)
         ORDER BY po.key`,
      )
      .pluck();
    for (const id of ids.iterate(this.#runs))
      yield { from: this.#inPlace.get(from, id), to: this.#inPlace.get(to, id) };
  }

  comeAndGone(): ComeAndGone {
    return this.#db
      .prepare<[object], ComeAndGone>(
        `SELECT
           (SELECT count(*) FROM run_principal b WHERE b.run_id = $to AND NOT EXISTS (
              SELECT 1 FROM run_principal a WHERE a.run_id = $from AND a.principal_id = b.principal_id)) AS principalsCame,
           (SELECT count(*) FROM run_principal a WHERE a.run_id = $from AND NOT EXISTS (
              SELECT 1 FROM run_principal b WHERE b.run_id = $to AND b.principal_id = a.principal_id)) AS principalsGone,
           (SELECT count(*) FROM policy_document b WHERE b.run_id = $to AND NOT EXISTS (
              SELECT 1 FROM policy_document a WHERE a.run_id = $from AND a.policy_id = b.policy_id)) AS policiesCame,
           (SELECT count(*) FROM policy_document a WHERE a.run_id = $from AND NOT EXISTS (
              SELECT 1 FROM policy_document b WHERE b.run_id = $to AND b.policy_id = a.policy_id)) AS policiesGone,
           (SELECT count(*) FROM policy_document b JOIN policy_document a ON a.run_id = $from AND a.policy_id = b.policy_id
            WHERE b.run_id = $to AND a.document_id <> b.document_id) AS policiesChanged`,
      )
      .get(this.#runs)!; // an aggregate gives a row
  }

  /** What a document's Allow statements grant by a catalog of the database; undefined where no run has asked that. */
  granted(catalogId: number, documentId: number): IntervalSet | undefined {
    if (this.#isGranted.get(catalogId, documentId) === undefined) return undefined;
    return this.#granted.all(catalogId, documentId).flat();
  }

  /** A document as minified JSON. */
  text(documentId: number): string {
    return this.#text.get(documentId)!; // ids that the database gave
  }
}
