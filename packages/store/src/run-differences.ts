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
  /** The ARN of the group that a user has it by; null where it is the principal's own, or in place. */
  readonly group: string | null;
}

/** A principal with an answer that differs between two runs, or a user who is in other groups. */
export interface DifferingPrincipal {
  readonly principalId: number;
  readonly arn: string;
  readonly accountId: string;
  /** Whether each run's exports have it. */
  readonly isInFrom: boolean;
  readonly isInTo: boolean;
  /** Whether both runs have it and it has come into a group or has left one. */
  readonly isRegrouped: boolean;
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

type DifferingRow = Omit<DifferingPrincipal, "isInFrom" | "isInTo" | "isRegrouped"> & {
  readonly isInFrom: 0 | 1;
  readonly isInTo: 0 | 1;
  readonly isRegrouped: 0 | 1;
};

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
  readonly #ofGroups: Database.Statement<[number, number], RunAnswer>;
  readonly #inPlace: Database.Statement<[number, number], RunAnswer>;
  readonly #granted: Database.Statement<[number, number], [number, number]>;
  readonly #isGranted: Database.Statement<[number, number]>;
  readonly #text: Database.Statement<[number], string>;

  /** @param from the earlier run's id @param to the later one's */
  constructor(db: Connection, from: number, to: number) {
    this.#db = db;
    this.#runs = { from, to };
    this.#ofPrincipal = db.prepare(
      `SELECT ${ANSWER}, NULL AS "group" FROM recommendation r JOIN unit u USING (unit_id) JOIN policy po USING (policy_id)
       WHERE r.run_id = ? AND r.principal_id = ? ORDER BY po.key`,
    );
    this.#ofGroups = db.prepare(
      `SELECT ${ANSWER}, g.arn AS "group"
       FROM principal p
       CROSS JOIN membership m ON m.run_id = ? AND m.account_id = p.account_id AND m.user_id = p.principal_id
       CROSS JOIN principal g ON g.account_id = m.account_id AND g.kind = 'group' AND g.name = m.group_name
       CROSS JOIN recommendation r ON r.run_id = m.run_id AND r.principal_id = g.principal_id
       CROSS JOIN unit u ON u.unit_id = r.unit_id
       CROSS JOIN policy po ON po.policy_id = r.policy_id
       WHERE p.principal_id = ? ORDER BY po.key, g.arn`,
    );
    this.#inPlace = db.prepare(
      `SELECT ${ANSWER}, NULL AS "group" FROM policy_recommendation r JOIN unit u USING (unit_id) JOIN policy po USING (policy_id)
       WHERE r.run_id = ? AND r.policy_id = ?`,
    );
    this.#granted = db
      .prepare<[number, number], [number, number]>(
        "SELECT lo, hi FROM grant_intervals WHERE catalog_id = ? AND document_id = ? ORDER BY lo",
      )
      .raw();
    this.#isGranted = db.prepare("SELECT 1 FROM grant_set WHERE catalog_id = ? AND document_id = ?");
    this.#text = db.prepare<[number], string>("SELECT text FROM document WHERE document_id = ?").pluck();
  }

  /** In the order of ARNs. */
  *principals(): Generator<DifferingPrincipal> {
    const rows = this.#db
      .prepare<[object], DifferingRow>(
        `WITH regrouped (user_id) AS MATERIALIZED (
           SELECT user_id FROM (SELECT account_id, group_name, user_id FROM membership WHERE run_id = $to
             EXCEPT SELECT account_id, group_name, user_id FROM membership WHERE run_id = $from)
           UNION
           SELECT user_id FROM (SELECT account_id, group_name, user_id FROM membership WHERE run_id = $from
             EXCEPT SELECT account_id, group_name, user_id FROM membership WHERE run_id = $to))
         SELECT p.principal_id AS principalId, p.arn, p.account_id AS accountId,
           EXISTS (SELECT 1 FROM run_principal x WHERE x.run_id = $from AND x.principal_id = p.principal_id) AS isInFrom,
           EXISTS (SELECT 1 FROM run_principal x WHERE x.run_id = $to AND x.principal_id = p.principal_id) AS isInTo,
           p.principal_id IN (SELECT user_id FROM regrouped) AS isRegrouped
         FROM (
           SELECT b.principal_id FROM recommendation b
           LEFT JOIN recommendation a ON a.run_id = $from AND a.principal_id = b.principal_id AND a.policy_id = b.policy_id
           WHERE b.run_id = $to AND a.unit_id IS NOT b.unit_id
           UNION
           SELECT a.principal_id FROM recommendation a
           LEFT JOIN recommendation b ON b.run_id = $to AND b.principal_id = a.principal_id AND b.policy_id = a.policy_id
           WHERE a.run_id = $from AND b.unit_id IS NULL
           UNION
           SELECT user_id FROM regrouped
         ) CROSS JOIN principal p USING (principal_id)
         ORDER BY p.arn`,
      )
      .iterate(this.#runs);
    for (const { isInFrom, isInTo, isRegrouped, ...principal } of rows) {
      const isInBoth = isInFrom === 1 && isInTo === 1;
      yield {
        ...principal,
        isInFrom: isInFrom === 1,
        isInTo: isInTo === 1,
        isRegrouped: isInBoth && isRegrouped === 1,
      };
    }
  }

  /** All answers of each run for a principal, by policy key; with those of all its groups where these are others. */
  answersOf({ principalId, isRegrouped }: DifferingPrincipal): {
    readonly from: readonly RunAnswer[];
    readonly to: readonly RunAnswer[];
  } {
    const of = (run: number): readonly RunAnswer[] => {
      const own = this.#ofPrincipal.all(run, principalId);
      return isRegrouped ? [...own, ...this.#ofGroups.all(run, principalId)] : own;
    };
    return { from: of(this.#runs.from), to: of(this.#runs.to) };
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
