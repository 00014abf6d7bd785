import type {
  AttachmentRecord,
  Diagnostic,
  Evidence,
  PolicyRecord,
  PrincipalRecord,
  UsageRecord,
} from "@leastwise/core";
import type Database from "better-sqlite3";
import type { Connection } from "./database.ts";

const MOST_MARKS = 50_000;

/** Writes what input files say, a batch of files in one transaction. A file counts as read once its batch has committed. */
export class IngestWriter {
  readonly #db: Connection;
  readonly #runId: number;
  readonly #statements: Statements;
  readonly #lately = new Set<string>();

  constructor(db: Connection, runId: number) {
    this.#db = db;
    this.#runId = runId;
    this.#statements = prepare(db);
  }

  /** Whether an earlier attempt at this run has committed the file. */
  hasRead(path: string): boolean {
    return this.#statements.findInput.get(this.#runId, path) !== undefined;
  }

  /** All or nothing. The order of calls decides between sources that contradict each other, so it must not vary. */
  write(batch: readonly Evidence[]): void {
    try {
      this.#db.transaction(() => {
        for (const evidence of batch) this.#writeFile(evidence);
      })();
    } catch (error) {
      this.#lately.clear(); // nothing of the batch is there
      throw error;
    }
  }

  #writeFile(evidence: Evidence): void {
    const { insertInput, insertDocument, insertDiagnostic } = this.#statements;
    const inputId = Number(insertInput.run(this.#runId, evidence.path, JSON.stringify(evidence.kinds)).lastInsertRowid);
    for (const { sha256, text } of evidence.documents) {
      if (this.#isNew(sha256)) insertDocument.run(sha256, text, text.length);
    }
    for (const principal of evidence.principals) this.#writePrincipal(principal);
    for (const policy of evidence.policies) this.#writePolicy(policy, evidence.path);
    for (const attachment of evidence.attachments) this.#writeAttachment(attachment);
    for (const usage of evidence.usage) this.#writeUsage(usage, inputId);
    for (const diagnostic of evidence.diagnostics) insertDiagnostic.run({ ...diagnostic, runId: this.#runId });
  }

  /** Whether something has not been written lately: the same managed policies stand in the export of every account. */
  #isNew(mark: string): boolean {
    if (this.#lately.has(mark)) return false;
    if (this.#lately.size >= MOST_MARKS) this.#lately.clear();
    this.#lately.add(mark);
    return true;
  }

  #writePrincipal(principal: PrincipalRecord): void {
    const { insertAccount, upsertPrincipal, insertRunPrincipal, insertMembership } = this.#statements;
    const { arn, accountId, kind, name, path, uniqueId, createdAt, lastUsedAt, boundaryArn, groups } = principal;
    insertAccount.run(accountId);
    const marked = markOf(principal);
    const id = upsertPrincipal.get({
      arn,
      accountId,
      kind,
      name,
      path,
      uniqueId,
      createdAt,
      lastUsedAt,
      boundaryArn,
      marked,
    });
    insertRunPrincipal.run(this.#runId, id);
    for (const group of groups) insertMembership.run(this.#runId, accountId, group, id);
  }

  #writePolicy(policy: PolicyRecord, path: string): void {
    const { insertPolicy, insertPolicyDocument, findPolicyDocument, replacePolicyDocument, insertDiagnostic } =
      this.#statements;
    const { key, kind, name, accountId, documentSha256, versionId, updatedAt } = policy;
    if (kind !== "inline" && !this.#isNew(`${key} ${documentSha256} ${updatedAt}`)) return;
    insertPolicy.run(key, kind, name, accountId);
    if (documentSha256 === null) return;
    const row = { runId: this.#runId, key, documentSha256, versionId, updatedAt };
    if (insertPolicyDocument.run(row).changes > 0) return;
    const known = findPolicyDocument.get(this.#runId, key);
    if (known === undefined) return;
    const isNewer = (updatedAt ?? "") > (known.updated_at ?? "");
    if (isNewer) replacePolicyDocument.run(row); // also an equal document: its date decides against others
    if (known.sha256 === documentSha256) return;
    const conflict: Diagnostic = {
      code: "conflicting-documents",
      severity: "warning",
      path,
      pointer: key,
      message: `another input gives \`${name}\` with a different document; ${isNewer ? "this one is newer and" : "the other one"} counts`,
      hint: "leave exports of different days out of one run",
    };
    insertDiagnostic.run({ ...conflict, runId: this.#runId });
  }

  #writeAttachment({ principalArn, policyKey }: AttachmentRecord): void {
    this.#statements.insertAttachment.run({ runId: this.#runId, principalArn, policyKey });
  }

  #writeUsage(usage: UsageRecord, inputId: number): void {
    const { principalArn, source, reportId, active, updatedAt, unused } = usage;
    this.#statements.insertUsageReport.run({
      runId: this.#runId,
      inputId,
      principalArn,
      source,
      reportId,
      active: active ? 1 : 0,
      updatedAt,
      unused: JSON.stringify(unused),
    });
  }
}

/** Principals that AWS manages in a way that matters here (SEMANTICS 7). */
function markOf({ kind, path, name }: PrincipalRecord): string | null {
  if (kind !== "role") return null;
  if (path.startsWith("/aws-service-role/")) return "service-linked";
  return name.startsWith("AWSReservedSSO_") ? "identity-center" : null;
}

interface Statements {
  readonly findInput: Database.Statement<[number, string]>;
  readonly insertInput: Database.Statement;
  readonly insertDocument: Database.Statement;
  readonly insertAccount: Database.Statement;
  readonly upsertPrincipal: Database.Statement<[object], number>;
  readonly insertRunPrincipal: Database.Statement;
  readonly insertMembership: Database.Statement;
  readonly insertPolicy: Database.Statement;
  readonly insertPolicyDocument: Database.Statement;
  readonly findPolicyDocument: Database.Statement<[number, string], { sha256: string; updated_at: string | null }>;
  readonly replacePolicyDocument: Database.Statement;
  readonly insertAttachment: Database.Statement;
  readonly insertUsageReport: Database.Statement;
  readonly insertDiagnostic: Database.Statement;
}

function prepare(db: Connection): Statements {
  return {
    findInput: db.prepare("SELECT 1 FROM input WHERE run_id = ? AND path = ?"),
    insertInput: db.prepare("INSERT INTO input (run_id, path, kinds) VALUES (?, ?, ?)"),
    insertDocument: db.prepare(
      "INSERT INTO document (sha256, text, characters) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
    ),
    insertAccount: db.prepare("INSERT INTO account (account_id) VALUES (?) ON CONFLICT DO NOTHING"),
    upsertPrincipal: db
      .prepare<[object], number>(
        `INSERT INTO principal (arn, account_id, kind, name, path, unique_id, created_at, last_used_at, boundary_arn, marked)
         VALUES ($arn, $accountId, $kind, $name, $path, $uniqueId, $createdAt, $lastUsedAt, $boundaryArn, $marked)
         ON CONFLICT (arn) DO UPDATE SET unique_id = excluded.unique_id, created_at = excluded.created_at,
           last_used_at = excluded.last_used_at, boundary_arn = excluded.boundary_arn
         RETURNING principal_id`,
      )
      .pluck(),
    insertRunPrincipal: db.prepare(
      "INSERT INTO run_principal (run_id, principal_id) VALUES (?, ?) ON CONFLICT DO NOTHING",
    ),
    insertMembership: db.prepare(
      "INSERT INTO membership (run_id, account_id, group_name, user_id) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
    ),
    insertPolicy: db.prepare(
      "INSERT INTO policy (key, kind, name, account_id) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
    ),
    insertPolicyDocument: db.prepare(
      `INSERT INTO policy_document (run_id, policy_id, document_id, version_id, updated_at)
       SELECT $runId, p.policy_id, d.document_id, $versionId, $updatedAt
       FROM policy p, document d WHERE p.key = $key AND d.sha256 = $documentSha256
       ON CONFLICT DO NOTHING`,
    ),
    findPolicyDocument: db.prepare(
      `SELECT d.sha256, pd.updated_at FROM policy p JOIN policy_document pd USING (policy_id) JOIN document d USING (document_id)
       WHERE pd.run_id = ? AND p.key = ?`,
    ),
    replacePolicyDocument: db.prepare(
      `UPDATE policy_document SET version_id = $versionId, updated_at = $updatedAt,
         document_id = (SELECT document_id FROM document WHERE sha256 = $documentSha256)
       WHERE run_id = $runId AND policy_id = (SELECT policy_id FROM policy WHERE key = $key)`,
    ),
    insertAttachment: db.prepare(
      `INSERT INTO attachment (run_id, principal_id, policy_id)
       SELECT $runId, pr.principal_id, po.policy_id FROM principal pr, policy po
       WHERE pr.arn = $principalArn AND po.key = $policyKey
       ON CONFLICT DO NOTHING`,
    ),
    insertUsageReport: db.prepare(
      `INSERT INTO usage_report (run_id, input_id, principal_arn, source, report_id, active, updated_at, unused)
       VALUES ($runId, $inputId, $principalArn, $source, $reportId, $active, $updatedAt, $unused)`,
    ),
    insertDiagnostic: db.prepare(
      `INSERT INTO diagnostic (run_id, severity, code, path, pointer, message, hint)
       VALUES ($runId, $severity, $code, $path, $pointer, $message, $hint)`,
    ),
  };
}
