import { type Change, type IntervalSet, type Unused, certificateText, optionsOf, subtract } from "@leastwise/core";
import type { RecommendedAction } from "@leastwise/core";
import type { Connection } from "../database.ts";
import { readChanges } from "../recommendations.ts";

/** What a run says of one attached policy, or of a customer managed policy in place. Documents are minified JSON. */
export interface PolicyFacts {
  readonly unitId: number;
  readonly principalId: number | null;
  readonly policyId: number;
  readonly policyKey: string;
  readonly policyKind: "inline" | "customer" | "aws";
  readonly state: "done" | "failed" | "planned";
  readonly recommendedAction: RecommendedAction | null;
  readonly leftBecause: string | null;
  readonly before: string;
  /** Null to detach, and without an answer. */
  readonly after: string | null;
  /** What of the principals' unused actions may go. */
  readonly unused: Unused;
  readonly changes: readonly Change[];
  readonly certificate: string | null;
  /** The text whose SHA-256 the certificate is. */
  readonly certificateStatement: string | null;
  readonly failure: string | null;
  /** Beginnings of Sids whose statements the run leaves as they are. */
  readonly keptSids: readonly string[];
}

interface Row {
  readonly unitId: number;
  readonly principalId: number | null;
  readonly policyId: number;
  readonly policyKey: string;
  readonly policyKind: PolicyFacts["policyKind"];
  readonly state: PolicyFacts["state"];
  readonly recommendedAction: RecommendedAction | null;
  readonly leftBecause: string | null;
  readonly before: string;
  readonly beforeSha256: string;
  readonly after: string | null;
  readonly afterSha256: string | null;
  readonly unused: string;
  readonly unusedSha256: string;
  readonly certificate: string | null;
  readonly failure: string | null;
  readonly options: string;
  readonly engineVersion: number;
  readonly catalogId: number;
  readonly catalogSha256: string;
  readonly catalogSource: string;
  readonly catalogDate: string;
  readonly documentId: number;
  readonly finalDocumentId: number | null;
  readonly actionsBefore: number | null;
  readonly actionsRemoved: number | null;
  readonly unknownActions: string | null;
}

const COLUMNS = `u.unit_id AS unitId, po.policy_id AS policyId, po.key AS policyKey, po.kind AS policyKind, u.state,
  u.recommended_action AS recommendedAction, d.text AS before, d.sha256 AS beforeSha256, f.text AS after, f.sha256 AS afterSha256,
  s.text AS unused, s.sha256 AS unusedSha256, u.certificate, u.failure, o.text AS options, u.engine_version AS engineVersion,
  u.catalog_id AS catalogId, c.sha256 AS catalogSha256, c.source AS catalogSource, c.date AS catalogDate, u.document_id AS documentId,
  u.final_document_id AS finalDocumentId, u.actions_before AS actionsBefore, u.actions_removed AS actionsRemoved,
  u.unknown_actions AS unknownActions`;
const JOINS = `JOIN unit u USING (unit_id)
  JOIN document d ON d.document_id = u.document_id
  LEFT JOIN document f ON f.document_id = u.final_document_id
  JOIN unused_set s ON s.unused_id = u.unused_id
  JOIN option_set o ON o.option_set_id = u.option_set_id
  JOIN catalog c ON c.catalog_id = u.catalog_id`;

/**
 * @param principalArn whose policy; absent: the policy in place, for all who have it
 * @returns undefined where the run has no recommendation for it
 */
export function readPolicyFacts(
  db: Connection,
  runId: number,
  policyKey: string,
  principalArn?: string,
): PolicyFacts | undefined {
  const row =
    principalArn === undefined
      ? db
          .prepare<[number, string], Row>(
            `SELECT NULL AS principalId, pd.left_because AS leftBecause, ${COLUMNS} FROM policy po
             JOIN policy_recommendation r ON r.run_id = ? AND r.policy_id = po.policy_id
             JOIN policy_document pd ON pd.run_id = r.run_id AND pd.policy_id = r.policy_id ${JOINS} WHERE po.key = ?`,
          )
          .get(runId, policyKey)
      : db
          .prepare<[number, string, string], Row>(
            `SELECT r.principal_id AS principalId, r.left_because AS leftBecause, ${COLUMNS} FROM principal p
             JOIN recommendation r ON r.run_id = ? AND r.principal_id = p.principal_id
             JOIN policy po ON po.policy_id = r.policy_id ${JOINS} WHERE p.arn = ? AND po.key = ?`,
          )
          .get(runId, principalArn, policyKey);
  if (row === undefined) return undefined;
  return {
    unitId: row.unitId,
    principalId: row.principalId,
    policyId: row.policyId,
    policyKey: row.policyKey,
    policyKind: row.policyKind,
    state: row.state,
    recommendedAction: row.recommendedAction,
    leftBecause: row.leftBecause,
    before: row.before,
    after: row.after,
    unused: JSON.parse(row.unused) as Unused, // the plan wrote it
    changes: readChanges(db, row.unitId),
    certificate: row.certificate,
    certificateStatement: statementOf(db, row),
    failure: row.failure,
    keptSids: optionsOf(row.options)?.keptSids ?? [],
  };
}

function statementOf(db: Connection, row: Row): string | null {
  const { recommendedAction, actionsBefore, actionsRemoved } = row;
  const options = optionsOf(row.options);
  if (
    options === undefined ||
    row.certificate === null ||
    recommendedAction === null ||
    actionsBefore === null ||
    actionsRemoved === null
  )
    return null;
  const before = grantedOf(db, row.catalogId, row.documentId);
  const after = row.finalDocumentId === null ? [] : grantedOf(db, row.catalogId, row.finalDocumentId);
  const changes = db
    .prepare<[number], string>("SELECT changes FROM unit_change WHERE unit_id = ?")
    .pluck()
    .get(row.unitId);
  return certificateText({
    catalog: row.catalogSha256,
    origin: {
      engineVersion: row.engineVersion,
      catalogSource: row.catalogSource,
      catalogDate: row.catalogDate,
    },
    options,
    existing: row.beforeSha256,
    unused: row.unusedSha256,
    recommendedAction,
    recommended: row.afterSha256,
    grants: { before: actionsBefore, removed: actionsRemoved, after: actionsBefore - actionsRemoved },
    granted: { before, removed: subtract(before, after), after },
    changes: changes ?? "[]",
    unknownActions: row.unknownActions ?? "[]",
  });
}

function grantedOf(db: Connection, catalogId: number, documentId: number): IntervalSet {
  return db
    .prepare<[number, number], [number, number]>(
      "SELECT lo, hi FROM grant_intervals WHERE catalog_id = ? AND document_id = ? ORDER BY lo",
    )
    .raw()
    .all(catalogId, documentId)
    .flat();
}
