import {
  type Change,
  type ChangeRow,
  type Form,
  type PolicyKind,
  type PrincipalKind,
  type RecommendedAction,
  changeOf,
} from "@leastwise/core";
import type { Connection } from "./database.ts";
import { FIT_COLUMNS } from "./fit/fit-columns.ts";

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
  readonly left_because: string | null;
  readonly recommended_action: RecommendedAction;
  readonly actions_before: number;
  readonly actions_after: number;
  readonly characters_before: number;
  readonly characters_after: number;
  /** Characters that count against the limit: of a managed policy its own, of an inline one the sum over its principal's. */
  readonly size_before: number;
  readonly size_after: number;
  readonly size_limit: number;
  readonly form: Form;
  /** Null of an inline policy until the run has ended: only all answers together say what a principal's come to. */
  readonly fit: FitVerdict | null;
  /** JSON list of the documents' texts in order where it is split, else null. */
  readonly parts: string | null;
  readonly existing_policy: string;
  readonly recommended_policy: string | null;
  readonly catalog_sha256: string;
  readonly started_at: string;
  readonly finished_at: string | null;
}

/** `too-large`: over the limit, and nobody has asked to fit. */
export type FitVerdict = "fits" | "split" | "does-not-fit" | "too-large";

interface Page {
  readonly arn: string;
  readonly key: string;
}

const CHUNK = 500;

/** Answered recommendations in the order of principal ARN and policy key, a page at a time; of one principal where an ARN is given. */
export function* readRecommendations(db: Connection, principalArn?: string): Generator<RecommendationRow> {
  const select = db.prepare<[Page & { readonly only: string | null; readonly limit: number }], RecommendationRow>(
    `SELECT pr.account_id, pr.arn AS principal_arn, pr.kind AS principal_kind, po.key AS policy_key, po.kind AS policy_kind,
            po.name AS policy_name, pd.updated_at AS policy_updated_at, u.unit_id, r.left_because, u.recommended_action, u.actions_before,
            u.actions_before - u.actions_removed AS actions_after, before.characters AS characters_before,
            coalesce(after.characters, 0) AS characters_after, ${FIT_COLUMNS}, before.text AS existing_policy, after.text AS recommended_policy,
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
     JOIN option_set o ON o.option_set_id = u.option_set_id
     LEFT JOIN inline_size isz ON isz.run_id = cr.run_id AND isz.principal_id = r.principal_id
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

/** An action of the current run's catalog, as it spells it. */
export function findAction(db: Connection, action: string): string | undefined {
  return db.prepare<[string], string>("SELECT action FROM actions WHERE action = ?").pluck().get(action);
}

/** What the current run was asked for, as JSON, and the day before which events prove no use; empty where all do. */
export function readRunSettings(db: Connection): { readonly settings: string; readonly eventsSince: string } {
  return db
    .prepare<[], { settings: string; eventsSince: string }>(
      "SELECT run.settings AS settings, coalesce(run.events_since, '') AS eventsSince FROM current_run cr JOIN run USING (run_id)",
    )
    .get()!; // a database that is shown has a run
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
  /** Of the actions, those for which IAM says when they were last accessed. */
  readonly tracked: number;
}

export function readCatalogs(db: Connection): readonly CatalogView[] {
  return db
    .prepare<[], CatalogView>(
      "SELECT source, date, sha256, services, actions, tracked FROM catalogs ORDER BY date, sha256",
    )
    .all();
}
