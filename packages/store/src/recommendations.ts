import {
  type Change,
  type ChangeRow,
  type PolicyKind,
  type PrincipalKind,
  type RecommendedAction,
  changeOf,
} from "@leastwise/core";
import type { Connection } from "./database.ts";

/** A recommendation of the current run, as exports and reports need it. Documents are minified JSON. */
export interface RecommendationRow {
  readonly account_id: string;
  readonly principal_arn: string;
  readonly principal_kind: PrincipalKind;
  readonly policy_key: string;
  readonly policy_kind: PolicyKind;
  readonly policy_name: string;
  readonly policy_updated_at: string | null;
  readonly unit_id: number;
  readonly recommended_action: RecommendedAction;
  readonly actions_before: number;
  readonly actions_after: number;
  readonly characters_before: number;
  readonly characters_after: number;
  readonly existing_policy: string;
  readonly recommended_policy: string | null;
  readonly catalog_sha256: string;
  readonly started_at: string;
  readonly finished_at: string | null;
}

interface Page {
  readonly arn: string;
  readonly key: string;
}

const CHUNK = 500;

/** Answered recommendations in the order of principal ARN and policy key, a page at a time; of one principal where an ARN is given. */
export function* readRecommendations(db: Connection, principalArn?: string): Generator<RecommendationRow> {
  const select = db.prepare<[Page & { readonly only: string | null; readonly limit: number }], RecommendationRow>(
    `SELECT pr.account_id, pr.arn AS principal_arn, pr.kind AS principal_kind, po.key AS policy_key, po.kind AS policy_kind,
            po.name AS policy_name, pd.updated_at AS policy_updated_at, u.unit_id, u.recommended_action, u.actions_before,
            u.actions_before - u.actions_removed AS actions_after, before.characters AS characters_before,
            coalesce(after.characters, 0) AS characters_after, before.text AS existing_policy, after.text AS recommended_policy,
            c.sha256 AS catalog_sha256, run.started_at, run.finished_at
     FROM current_run cr
     JOIN run ON run.run_id = cr.run_id
     JOIN principal pr
     JOIN recommendation r ON r.run_id = cr.run_id AND r.principal_id = pr.principal_id
     JOIN policy po ON po.policy_id = r.policy_id
     JOIN policy_document pd ON pd.run_id = cr.run_id AND pd.policy_id = r.policy_id
     JOIN unit u ON u.unit_id = r.unit_id
     JOIN document before ON before.document_id = u.document_id
     LEFT JOIN document after ON after.document_id = u.final_document_id
     JOIN catalog c ON c.catalog_id = u.catalog_id
     WHERE u.state = 'done' AND pr.arn >= $arn AND (pr.arn > $arn OR po.key > $key) AND ($only IS NULL OR pr.arn = $only)
     ORDER BY pr.arn, po.key LIMIT $limit`,
  );
  let last: Page = { arn: principalArn ?? "", key: "" };
  for (;;) {
    const rows = select.all({ ...last, only: principalArn ?? null, limit: CHUNK });
    yield* rows;
    const end = rows.at(-1);
    if (end === undefined || rows.length < CHUNK) return;
    last = { arn: end.principal_arn, key: end.policy_key };
  }
}

/** What changed in a unit, entry by entry. */
export function readChanges(db: Connection, unitId: number): readonly Change[] {
  const text = db.prepare<[number], string>("SELECT changes FROM unit_change WHERE unit_id = ?").pluck().get(unitId);
  return text === undefined ? [] : (JSON.parse(text) as readonly ChangeRow[]).map(changeOf); // a worker wrote it
}

/** A principal of the current run. */
export interface PrincipalView {
  readonly principal_id: number;
  readonly arn: string;
  readonly account_id: string;
  readonly kind: PrincipalKind;
  readonly name: string;
  readonly path: string;
  readonly created_at: string | null;
  readonly last_used_at: string | null;
  readonly boundary_arn: string | null;
  readonly marked: string | null;
  readonly evidence: "reported" | "members" | "none" | null;
}

export function findPrincipal(db: Connection, arn: string): PrincipalView | undefined {
  return db.prepare<[string], PrincipalView>("SELECT * FROM principals WHERE arn = ?").get(arn);
}

/** ARNs of the current run that end alike or contain the text: what a person may have meant. */
export function suggestPrincipals(db: Connection, text: string): readonly string[] {
  const name = text.slice(text.lastIndexOf("/") + 1);
  return db
    .prepare<[string], string>("SELECT arn FROM principals WHERE instr(lower(arn), lower(?)) > 0 ORDER BY arn LIMIT 5")
    .pluck()
    .all(name);
}

/** Where what is known of a principal's use comes from. */
export interface EvidenceView {
  readonly source: string;
  readonly report_id: string;
  readonly active: 0 | 1;
  readonly updated_at: string | null;
  readonly path: string;
}

export function readEvidenceOf(db: Connection, arn: string): readonly EvidenceView[] {
  return db
    .prepare<[string], EvidenceView>(
      `SELECT ur.source, ur.report_id, ur.active, ur.updated_at, i.path
       FROM current_run cr JOIN usage_report ur ON ur.run_id = cr.run_id JOIN input i USING (input_id)
       WHERE ur.principal_arn = ? ORDER BY ur.updated_at, ur.report_id, i.path`,
    )
    .all(arn);
}

/** The groups that a user is in, by ARN. */
export function readGroupsOf(db: Connection, principalId: number): readonly string[] {
  return db
    .prepare<[number], string>(
      `SELECT g.arn FROM current_run cr JOIN membership m ON m.run_id = cr.run_id
       JOIN principal g ON g.account_id = m.account_id AND g.kind = 'group' AND g.name = m.group_name
       WHERE m.user_id = ? ORDER BY g.arn`,
    )
    .pluck()
    .all(principalId);
}

/** All diagnostics of one code: how many, and the first of them in the order of places. */
export interface DiagnosticsOfCode {
  readonly severity: "error" | "warning" | "info";
  readonly code: string;
  readonly number: number;
  readonly path: string;
  readonly pointer: string;
  readonly message: string;
  readonly hint: string;
}

/** Diagnostics of the current run by code, the worst first. */
export function readDiagnosticsByCode(db: Connection): readonly DiagnosticsOfCode[] {
  return db
    .prepare<[], DiagnosticsOfCode>(
      // with a single min() SQLite takes the other columns from the row that has the minimum
      `SELECT severity, code, count(*) AS number, path, pointer, message, hint, min(path || ' ' || pointer)
       FROM diagnostics GROUP BY severity, code
       ORDER BY CASE severity WHEN 'error' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END, code`,
    )
    .all();
}

export interface CatalogView {
  readonly source: string;
  readonly date: string;
  readonly sha256: string;
  readonly services: number;
  readonly actions: number;
}

export function readCatalogs(db: Connection): readonly CatalogView[] {
  return db
    .prepare<[], CatalogView>("SELECT source, date, sha256, services, actions FROM catalogs ORDER BY date, sha256")
    .all();
}
