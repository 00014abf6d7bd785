import { createHash } from "node:crypto";
import {
  NOTHING_UNUSED,
  type Report,
  type Unused,
  type UnusedReport,
  type UsageSource,
  intersectionOf,
  settleReports,
  unionOf,
} from "@leastwise/core";
import type Database from "better-sqlite3";
import type { Connection } from "./database.ts";
import type { Run } from "./runs.ts";

const CHUNK = 1000;

/**
 * Turns what a run has read into units of work: U of every principal, the distinct pairs of document and U, and a recommendation
 * for every attachment that points to its pair. Written in one transaction; planning again starts over.
 */
export function plan(db: Connection, run: Run): void {
  db.transaction(() => {
    forget(db, run);
    const planner = new Planner(db, run);
    planner.settleUsersAndRoles();
    planner.settleGroups();
    planUnits(db, run);
    diagnose(db, run);
  })();
}

function forget(db: Connection, { runId }: Run): void {
  db.prepare("DELETE FROM recommendation WHERE run_id = ?").run(runId);
  db.prepare(
    "DELETE FROM diagnostic WHERE run_id = ? AND code IN ('missing-policy-document', 'unknown-principal')",
  ).run(runId);
  db.prepare("UPDATE run_principal SET unused_id = NULL, evidence = NULL WHERE run_id = ?").run(runId);
}

interface ReportRow {
  readonly source: UsageSource;
  readonly report_id: string;
  readonly active: 0 | 1;
  readonly updated_at: string | null;
  readonly unused: string;
}

/** What is known of a principal, and how: from reports on it, or (a group) from its members. */
interface Settled {
  readonly unused: Unused;
  readonly evidence: "reported" | "members" | "none";
}

interface PrincipalRow {
  readonly principal_id: number;
  readonly arn: string;
  readonly account_id: string;
  readonly name: string;
}

/** U of every principal (SEMANTICS 6 and 7). */
class Planner {
  readonly #db: Connection;
  readonly #runId: number;
  readonly #setIds = new Map<string, number>();
  readonly #reports: Database.Statement<[number, string], ReportRow>;
  readonly #members: Database.Statement<[number, string, string], { evidence: string; text: string }>;
  readonly #settle: Database.Statement;
  readonly #insertSet: Database.Statement;
  readonly #findSet: Database.Statement<[string], number>;

  constructor(db: Connection, run: Run) {
    this.#db = db;
    this.#runId = run.runId;
    this.#reports = db.prepare(
      `SELECT source, report_id, active, updated_at, unused FROM usage_report WHERE run_id = ? AND principal_arn = ?`,
    );
    this.#members = db.prepare(
      `SELECT rp.evidence, s.text FROM membership m
       JOIN run_principal rp ON rp.run_id = m.run_id AND rp.principal_id = m.user_id
       JOIN unused_set s USING (unused_id)
       WHERE m.run_id = ? AND m.account_id = ? AND m.group_name = ?`,
    );
    this.#settle = db.prepare(
      "UPDATE run_principal SET unused_id = ?, evidence = ? WHERE run_id = ? AND principal_id = ?",
    );
    this.#insertSet = db.prepare("INSERT INTO unused_set (sha256, text) VALUES (?, ?) ON CONFLICT DO NOTHING");
    this.#findSet = db.prepare<[string], number>("SELECT unused_id FROM unused_set WHERE sha256 = ?").pluck();
  }

  settleUsersAndRoles(): void {
    this.#eachPrincipal(0, ({ arn }) => this.#reported(arn));
  }

  /** A group's U is what none of its members uses; a member of whom nothing is known blocks. After the users. */
  settleGroups(): void {
    this.#eachPrincipal(1, ({ arn, account_id, name }) => {
      const own = this.#reported(arn);
      const members = this.#members.all(this.#runId, account_id, name);
      if (members.length === 0 || members.some(({ evidence }) => evidence !== "reported")) return own;
      const shared = members.map(({ text }) => JSON.parse(text) as Unused).reduce(intersectionOf); // this program wrote it
      return own.evidence === "none"
        ? { unused: shared, evidence: "members" }
        : { unused: unionOf(own.unused, shared), evidence: "reported" };
    });
  }

  /** A page at a time, because a connection that is being read from row by row cannot write. */
  #eachPrincipal(isGroup: 0 | 1, settle: (principal: PrincipalRow) => Settled): void {
    const page = this.#db.prepare<[number, number, 0 | 1, number], PrincipalRow>(
      `SELECT p.principal_id, p.arn, p.account_id, p.name FROM run_principal rp JOIN principal p USING (principal_id)
       WHERE rp.run_id = ? AND rp.principal_id > ? AND (p.kind = 'group') = ? ORDER BY rp.principal_id LIMIT ?`,
    );
    let last = 0;
    for (
      let rows = page.all(this.#runId, last, isGroup, CHUNK);
      rows.length > 0;
      rows = page.all(this.#runId, last, isGroup, CHUNK)
    ) {
      for (const row of rows) {
        const { unused, evidence } = settle(row);
        this.#settle.run(this.#setId(unused), evidence, this.#runId, row.principal_id);
        last = row.principal_id;
      }
    }
  }

  #reported(arn: string): Settled {
    const unused = settleReports(this.#reports.all(this.#runId, arn).map(reportOf));
    return unused === undefined ? { unused: NOTHING_UNUSED, evidence: "none" } : { unused, evidence: "reported" };
  }

  #setId(unused: Unused): number {
    const text = JSON.stringify(unused);
    const sha256 = createHash("sha256").update(text).digest("hex");
    const known = this.#setIds.get(sha256);
    if (known !== undefined) return known;
    this.#insertSet.run(sha256, text);
    const id = this.#findSet.get(sha256)!; // the line above has made sure of it
    if (this.#setIds.size >= CHUNK) this.#setIds.clear();
    this.#setIds.set(sha256, id);
    return id;
  }
}

function reportOf({ source, report_id, active, updated_at, unused }: ReportRow): Report {
  const lines = JSON.parse(unused) as UnusedReport[]; // this program wrote it
  return { source, reportId: report_id, active: active === 1, updatedAt: updated_at, unused: lines };
}

/** Equal units are one unit, in this run and over all runs; what an earlier run has answered stays answered. */
function planUnits(db: Connection, { runId, catalogId, granularity, engineVersion }: Run): void {
  const settings = { runId, catalogId, granularity, engineVersion };
  const asked = `
    FROM attachment a
    JOIN run_principal rp USING (run_id, principal_id)
    JOIN principal pr USING (principal_id)
    JOIN policy_document pd USING (run_id, policy_id)`;
  const counts = "a.run_id = $runId AND pr.marked IS NOT 'service-linked'";
  db.prepare(
    `INSERT INTO unit (document_id, unused_id, catalog_id, granularity, engine_version)
     SELECT DISTINCT pd.document_id, rp.unused_id, $catalogId, $granularity, $engineVersion ${asked}
     WHERE ${counts} ORDER BY rp.unused_id, pd.document_id
     ON CONFLICT DO NOTHING`,
  ).run(settings);
  db.prepare(
    `INSERT INTO recommendation (run_id, principal_id, policy_id, unit_id)
     SELECT a.run_id, a.principal_id, a.policy_id, u.unit_id ${asked}
     JOIN unit u ON u.unused_id = rp.unused_id AND u.document_id = pd.document_id AND u.catalog_id = $catalogId
       AND u.granularity = $granularity AND u.engine_version = $engineVersion
     WHERE ${counts}`,
  ).run(settings);
}

/** What only the whole organization shows: attached policies without a document, evidence on principals that no export has. */
function diagnose(db: Connection, { runId }: Run): void {
  db.prepare(
    `INSERT INTO diagnostic (run_id, severity, code, path, pointer, message, hint)
     SELECT a.run_id, 'error', 'missing-policy-document', pr.arn, po.key,
            'the attached policy \`' || po.name || '\` is in no export, so it was not refined',
            CASE po.kind WHEN 'aws' THEN 'export with the filter AWSManagedPolicy as well' ELSE 'export with the filter LocalManagedPolicy as well' END
     FROM attachment a JOIN principal pr USING (principal_id) JOIN policy po USING (policy_id)
     LEFT JOIN policy_document pd ON pd.run_id = a.run_id AND pd.policy_id = a.policy_id
     WHERE a.run_id = ? AND pd.policy_id IS NULL AND pr.marked IS NOT 'service-linked'
     ORDER BY pr.arn, po.key`,
  ).run(runId);
  db.prepare(
    `INSERT INTO diagnostic (run_id, severity, code, path, pointer, message, hint)
     SELECT r.run_id, 'warning', 'unknown-principal', min(i.path), r.principal_arn,
            'there is evidence on \`' || r.principal_arn || '\`, which is in no export', 'add the account''s authorization details'
     FROM usage_report r JOIN input i USING (input_id)
     LEFT JOIN principal p ON p.arn = r.principal_arn
     LEFT JOIN run_principal rp ON rp.run_id = r.run_id AND rp.principal_id = p.principal_id
     WHERE r.run_id = ? AND rp.principal_id IS NULL
     GROUP BY r.principal_arn ORDER BY r.principal_arn`,
  ).run(runId);
}
