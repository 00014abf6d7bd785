import { type JudgedReport, NOTHING_UNUSED, type Unused, type UsageClaim, type UsageSource } from "@leastwise/core";
import type { Connection } from "./database.ts";

/** Where what is known of a principal's use comes from. */
export interface EvidenceView {
  readonly source: UsageSource;
  readonly report_id: string;
  readonly standing: JudgedReport["standing"];
  readonly updated_at: string | null;
  readonly window_days: number | null;
  readonly age_days: number | null;
  readonly claims: readonly UsageClaim[];
  readonly inputs: readonly string[];
}

export function readEvidenceOf(db: Connection, arn: string): readonly EvidenceView[] {
  return db
    .prepare<[string], Omit<EvidenceView, "claims" | "inputs"> & { readonly claims: string; readonly inputs: string }>(
      `SELECT ur.source, ur.report_id, ur.standing, ur.updated_at, ur.window_days,
              CAST(julianday(run.as_of) - julianday(ur.updated_at) AS INTEGER) AS age_days, uc.text AS claims,
              (SELECT json_group_array(path) FROM (
                 SELECT i.path FROM json_each(ur.inputs) AS id JOIN input i ON i.input_id = id.value ORDER BY i.path)) AS inputs
       FROM current_run cr JOIN run USING (run_id) JOIN principal p
       JOIN usage_report ur ON ur.run_id = cr.run_id AND ur.principal_id = p.principal_id
       JOIN usage_claims uc USING (claims_id)
       WHERE p.arn = ? ORDER BY ur.updated_at, ur.source, ur.report_id`,
    )
    .all(arn)
    .map((row) => {
      const claims = JSON.parse(row.claims) as readonly UsageClaim[]; // the plan wrote it
      const inputs = JSON.parse(row.inputs) as readonly string[]; // SQLite wrote it
      return Object.assign(row, { claims, inputs });
    });
}

/** What CloudTrail saw a principal call, by its names and the actions that they stand for. */
export interface EventView {
  readonly event_source: string;
  readonly event_name: string;
  readonly events: number;
  readonly denied: number;
  readonly last_at: string | null;
  /** All that its source may stand for. */
  readonly services: readonly string[];
  /** `service:Name`; null where the name stands for no known action. */
  readonly actions: readonly string[] | null;
  readonly via: string;
}

export function readEventsOf(db: Connection, arn: string): readonly EventView[] {
  return db
    .prepare<
      [string],
      Omit<EventView, "actions" | "services"> & { readonly actions: string | null; readonly services: string }
    >(
      `SELECT e.event_source, e.event_name, e.events, e.denied, e.last_at, n.services, n.actions, n.via
       FROM current_run cr JOIN event_use e ON e.run_id = cr.run_id
       JOIN event_name n ON n.run_id = e.run_id AND n.event_source = e.event_source AND n.event_name = e.event_name
       WHERE e.principal_arn = ? ORDER BY e.event_source, e.event_name`,
    )
    .all(arn)
    .map((row) => {
      const actions = row.actions === null ? null : (JSON.parse(row.actions) as readonly string[]); // the plan wrote it
      const services = JSON.parse(row.services) as readonly string[]; // the plan wrote it
      return Object.assign(row, { actions, services });
    });
}

/** What all evidence on a principal calls unused, and what of it may go. */
export function readUnusedOf(
  db: Connection,
  principalId: number,
): { readonly unused: Unused; readonly removable: Unused } {
  const row = db
    .prepare<[number], { unused: string; removable: string }>(
      `SELECT u.text AS unused, r.text AS removable FROM current_run cr JOIN run_principal rp ON rp.run_id = cr.run_id
       JOIN unused_set u ON u.unused_id = rp.unused_id JOIN unused_set r ON r.unused_id = rp.removable_id
       WHERE rp.principal_id = ?`,
    )
    .get(principalId);
  if (row === undefined) return { unused: NOTHING_UNUSED, removable: NOTHING_UNUSED };
  return { unused: JSON.parse(row.unused) as Unused, removable: JSON.parse(row.removable) as Unused }; // the plan wrote them
}
