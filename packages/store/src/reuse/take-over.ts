import type { Connection } from "../database.ts";
import { readFitting } from "../fit/fitting.ts";
import type { Run } from "../runs.ts";
import { accountOfSql } from "./account-of.ts";

/**
 * What a run takes over from the one that it builds on: the rows of all accounts of which it has read no file. `facts` goes before anything
 * is planned, `answers` after what has been read is planned, so that neither is planned again. A run that builds on none has nothing to take
 * over; then both leave everything as it is. Within the transaction of the plan.
 */
export class TakeOver {
  readonly #db: Connection;
  readonly #run: Run;
  readonly #parameters: { readonly runId: number; readonly base: number };

  constructor(db: Connection, run: Run) {
    this.#db = db;
    this.#run = run;
    this.#parameters = { runId: run.runId, base: run.baseRunId ?? 0 };
    for (const sql of TEMPORARY) db.exec(sql);
    this.#all([
      `INSERT INTO temp.kept_input SELECT base_input_id, input_id FROM input WHERE run_id = $runId AND base_input_id IS NOT NULL`,
      `INSERT INTO temp.closed SELECT DISTINCT account_id FROM input_account
       WHERE run_id = $runId AND input_id IN (SELECT input_id FROM temp.kept_input)`,
    ]);
    const both = db.prepare<[number], string>(
      `SELECT account_id FROM input_account a JOIN input i USING (input_id) JOIN temp.closed USING (account_id)
       WHERE a.run_id = ? AND i.base_input_id IS NULL LIMIT 1`,
    );
    const account = both.pluck().get(run.runId);
    if (account !== undefined) throw new Error(`only some files of account \`${account}\` were read`);
  }

  /** Whether there is anything to take over. */
  get isAny(): boolean {
    return this.#db.prepare("SELECT 1 FROM temp.kept_input LIMIT 1").get() !== undefined;
  }

  /** What the base's inputs say, and what was settled of its principals. */
  facts(): void {
    if (this.isAny) this.#all(FACTS);
  }

  /** To be called once it is decided which documents AWS's own policies have: who has another one than in the base is asked about again. */
  redecide(): void {
    if (this.isAny) this.#all(REDECIDED);
  }

  /** Recommendations, as they were planned. */
  answers(): void {
    if (!this.isAny) return;
    const isFitted = readFitting(this.#db, this.#run.runId).shortest !== null;
    this.#all([...ATTACHED, ...(isFitted ? RECOMMENDED_IN_FIRST_FORM : RECOMMENDED), ...BLOCKED]);
  }

  /** Whatever else is temporary goes. */
  end(): void {
    for (const table of ["kept_input", "closed", "closed_principal", "redecided"])
      this.#db.exec(`DROP TABLE temp.${table}`); // the program's own names
  }

  #all(statements: readonly string[]): void {
    for (const sql of statements) {
      const statement = this.#db.prepare(sql);
      statement.run(this.#parameters);
    }
  }
}

const TEMPORARY = [
  "CREATE TEMP TABLE kept_input (base_input_id INTEGER PRIMARY KEY, input_id INTEGER NOT NULL)",
  "CREATE TEMP TABLE closed (account_id TEXT PRIMARY KEY) WITHOUT ROWID",
  "CREATE TEMP TABLE closed_principal (principal_id INTEGER PRIMARY KEY)",
  "CREATE TEMP TABLE redecided (policy_id INTEGER PRIMARY KEY)",
] as const;

const COLUMNS = {
  unused_principal: "principal_arn, report_id, updated_at, active, last_accessed",
  aws_recommendation: "principal_arn, source, completed_at, status, error, steps",
  event_use: "principal_arn, event_source, event_name, events, denied, last_at",
} as const;

function copyOf(table: keyof typeof COLUMNS): string {
  return `INSERT INTO ${table} (run_id, ${COLUMNS[table]}) SELECT $runId, ${COLUMNS[table]} FROM ${table}
    WHERE run_id = $base AND ${accountOfSql("principal_arn")} IN (SELECT account_id FROM temp.closed)`;
}

/** In the order of keys, so that rows are only appended. */
const FACTS = [
  `INSERT INTO temp.closed_principal SELECT rp.principal_id FROM run_principal rp JOIN principal p USING (principal_id)
   WHERE rp.run_id = $base AND p.account_id IN (SELECT account_id FROM temp.closed)`,
  `INSERT INTO run_principal (run_id, principal_id, created_at, last_used_at, tracks_last_use, boundary_arn, tags, unused_id, removable_id,
     evidence, left_because, unused_by, unused_since, young_after)
   SELECT $runId, principal_id, created_at, last_used_at, tracks_last_use, boundary_arn, tags, unused_id, removable_id,
     evidence, left_because, unused_by, unused_since, young_after
   FROM temp.closed_principal CROSS JOIN run_principal rp USING (principal_id) WHERE rp.run_id = $base ORDER BY principal_id`,
  `INSERT INTO membership (run_id, account_id, group_name, user_id)
   SELECT $runId, account_id, group_name, user_id FROM membership
   WHERE run_id = $base AND account_id IN (SELECT account_id FROM temp.closed)`,
  // which of them are left alone is decided again with all others, since rules that meet none are told of
  `INSERT INTO policy_document (run_id, policy_id, document_id, version_id, updated_at, attachment_count, boundary_count)
   SELECT $runId, pd.policy_id, pd.document_id, pd.version_id, pd.updated_at, pd.attachment_count, pd.boundary_count
   FROM policy_document pd JOIN policy po USING (policy_id)
   WHERE pd.run_id = $base AND po.account_id IN (SELECT account_id FROM temp.closed) ORDER BY pd.policy_id`,
  `INSERT INTO aws_policy_document (run_id, policy_id, input_id, document_id, version_id, updated_at, attachment_count, boundary_count)
   SELECT $runId, t.policy_id, k.input_id, t.document_id, t.version_id, t.updated_at, t.attachment_count, t.boundary_count
   FROM aws_policy_document t JOIN temp.kept_input k ON k.base_input_id = t.input_id WHERE t.run_id = $base ORDER BY t.policy_id, k.input_id`,
  `INSERT INTO usage_report (run_id, principal_id, source, report_id, updated_at, standing, window_days, claims_id, inputs)
   SELECT $runId, ur.principal_id, ur.source, ur.report_id, ur.updated_at, ur.standing, ur.window_days, ur.claims_id,
     (SELECT json_group_array(k.input_id) FROM json_each(ur.inputs) AS place JOIN temp.kept_input k ON k.base_input_id = place.value)
   FROM temp.closed_principal c CROSS JOIN usage_report ur ON ur.run_id = $base AND ur.principal_id = c.principal_id
   ORDER BY ur.usage_report_id`,
  ...(["unused_principal", "aws_recommendation", "event_use"] as const).map((table) => copyOf(table)),
  `INSERT INTO incomplete_account (run_id, input_id, account_id, principal_arn, reason)
   SELECT $runId, k.input_id, a.account_id, a.principal_arn, a.reason
   FROM incomplete_account a JOIN temp.kept_input k ON k.base_input_id = a.input_id
   WHERE a.run_id = $base ORDER BY a.incomplete_account_id`,
  // files' messages stand in the order of the files' names, as if all had been read now
  `CREATE TEMP TABLE said AS
   SELECT i.path AS file, d.diagnostic_id, i.input_id, d.severity, d.code, d.path, d.pointer, d.message, d.hint
   FROM diagnostic d JOIN input i USING (input_id) WHERE d.run_id = $runId`,
  `INSERT INTO temp.said
   SELECT i.path, d.diagnostic_id, k.input_id, d.severity, d.code, d.path, d.pointer, d.message, d.hint
   FROM diagnostic d JOIN temp.kept_input k ON k.base_input_id = d.input_id JOIN input i ON i.input_id = d.input_id
   WHERE d.run_id = $base`,
  "DELETE FROM diagnostic WHERE run_id = $runId",
  `INSERT INTO diagnostic (run_id, input_id, severity, code, path, pointer, message, hint)
   SELECT $runId, input_id, severity, code, path, pointer, message, hint FROM temp.said ORDER BY file, diagnostic_id`,
  "DROP TABLE temp.said",
];

/** Policies managed by AWS that have another document than in the base, or none any more. */
export const REDECIDED_POLICIES: string = `SELECT policy_id FROM policy po WHERE kind = 'aws'
     AND (SELECT document_id FROM policy_document pd WHERE pd.run_id = $runId AND pd.policy_id = po.policy_id)
       IS NOT (SELECT document_id FROM policy_document pd WHERE pd.run_id = $base AND pd.policy_id = po.policy_id)`;

const REDECIDED = [
  `INSERT INTO temp.redecided ${REDECIDED_POLICIES}`,
  `INSERT INTO attachment (run_id, principal_id, policy_id)
   SELECT $runId, a.principal_id, a.policy_id FROM temp.redecided r CROSS JOIN attachment a ON a.run_id = $base AND a.policy_id = r.policy_id
   WHERE a.principal_id IN (SELECT principal_id FROM temp.closed_principal)`,
];

const OF_CLOSED = `temp.closed_principal c CROSS JOIN`;
const ATTACHED = [
  `INSERT INTO attachment (run_id, principal_id, policy_id)
   SELECT $runId, a.principal_id, a.policy_id FROM ${OF_CLOSED} attachment a ON a.run_id = $base AND a.principal_id = c.principal_id
   WHERE a.policy_id NOT IN (SELECT policy_id FROM temp.redecided) ORDER BY c.principal_id, a.policy_id`,
];

const RECOMMENDED = [
  `INSERT INTO recommendation (run_id, principal_id, policy_id, unit_id, left_because)
   SELECT $runId, r.principal_id, r.policy_id, r.unit_id, r.left_because
   FROM ${OF_CLOSED} recommendation r ON r.run_id = $base AND r.principal_id = c.principal_id
   WHERE r.policy_id NOT IN (SELECT policy_id FROM temp.redecided) ORDER BY c.principal_id, r.policy_id`,
  `INSERT INTO policy_recommendation (run_id, policy_id, unit_id)
   SELECT $runId, r.policy_id, r.unit_id FROM policy_recommendation r JOIN policy po USING (policy_id)
   WHERE r.run_id = $base AND po.account_id IN (SELECT account_id FROM temp.closed) ORDER BY r.policy_id`,
];

/** The unit of the run's own options that asks what this one asks: the ladder has put the form in its place that it chose. */
const FIRST_FORM = `(SELECT first.unit_id FROM unit chosen JOIN unit first ON first.unused_id = chosen.unused_id
   AND first.document_id = chosen.document_id AND first.catalog_id = chosen.catalog_id AND first.engine_version = chosen.engine_version
   AND first.option_set_id = (SELECT option_set_id FROM run WHERE run_id = $runId)
   WHERE chosen.unit_id = r.unit_id)`;
const RECOMMENDED_IN_FIRST_FORM = RECOMMENDED.map((sql) => sql.replace("r.unit_id", FIRST_FORM));

/** Whoever blocks a policy is named when the run ends. */
const BLOCKED = [
  `INSERT INTO policy_blocker (run_id, policy_id, principal_id, reason, actions)
   SELECT $runId, b.policy_id, b.principal_id, b.reason, b.actions FROM policy_blocker b JOIN policy po USING (policy_id)
   WHERE b.run_id = $base AND b.principal_id IS NULL AND po.account_id IN (SELECT account_id FROM temp.closed) ORDER BY b.policy_blocker_id`,
];
