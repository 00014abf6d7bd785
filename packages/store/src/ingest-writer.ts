import type {
  AttachmentRecord,
  AwsRecommendationRecord,
  Diagnostic,
  EventRecord,
  Evidence,
  ExportPage,
  IncompleteAccount,
  PolicyRecord,
  PrincipalRecord,
  UnusedPrincipalRecord,
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

  /**
   * All or nothing. The order of calls decides between sources that contradict each other, so it must not vary.
   *
   * @param events of the batch's files together, where the reader has merged them; those in `batch` count besides
   */
  write(batch: readonly Evidence[], events: readonly EventRecord[] = []): void {
    try {
      this.#db.transaction(() => {
        for (const evidence of batch) this.#writeFile(evidence);
        for (const event of events) this.#writeEvent(event);
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
    for (const event of evidence.events) this.#writeEvent(event);
    for (const unused of evidence.unusedPrincipals) this.#writeUnusedPrincipal(unused);
    for (const recommendation of evidence.awsRecommendations) this.#writeAwsRecommendation(recommendation);
    for (const page of evidence.exportPages) this.#writeExportPage(page, inputId);
    for (const account of evidence.incompleteAccounts) this.#writeIncompleteAccount(account, inputId);
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
    const { insertAccount, upsertPrincipal, upsertRunPrincipal, insertMembership } = this.#statements;
    const { arn, accountId, kind, name, path, uniqueId, createdAt, lastUsedAt, boundaryArn, groups, tags } = principal;
    insertAccount.run(accountId);
    const marked = markOf(principal);
    const id = upsertPrincipal.get({ arn, accountId, kind, name, path, uniqueId, marked })!; // RETURNING gives it
    upsertRunPrincipal.run({
      runId: this.#runId,
      id,
      createdAt,
      lastUsedAt,
      tracksLastUse: principal.tracksLastUse ? 1 : 0,
      boundaryArn,
      tags: JSON.stringify(Object.fromEntries(tags.map(({ key, value }) => [key, value]))),
    });
    for (const group of groups) insertMembership.run(this.#runId, accountId, group, id);
  }

  #writePolicy(policy: PolicyRecord, path: string): void {
    const {
      insertPolicy,
      insertPolicyDocument,
      findPolicyDocument,
      replacePolicyDocument,
      raiseCounts,
      insertDiagnostic,
    } = this.#statements;
    const { key, kind, name, accountId, documentSha256, versionId, updatedAt, attachmentCount, boundaryCount } = policy;
    if (kind !== "inline" && !this.#isNew(`${key} ${documentSha256} ${updatedAt} ${attachmentCount} ${boundaryCount}`))
      return;
    insertPolicy.run(key, kind, name, accountId);
    if (documentSha256 === null) return;
    const row = { runId: this.#runId, key, documentSha256, versionId, updatedAt, attachmentCount, boundaryCount };
    if (insertPolicyDocument.run(row).changes > 0) return;
    const known = findPolicyDocument.get(this.#runId, key);
    if (known === undefined) return;
    raiseCounts.run(row);
    const dates = [updatedAt ?? "", known.updated_at ?? ""] as const;
    const isNewer = dates[0] > dates[1] || (dates[0] === dates[1] && documentSha256 > known.sha256); // of one date always the same
    if (isNewer) replacePolicyDocument.run(row); // also an equal document: its date decides against others
    if (known.sha256 === documentSha256) return;
    const conflict: Diagnostic = {
      code: "conflicting-documents",
      severity: "warning",
      path,
      pointer: key,
      message: `another input gives \`${name}\` with a different document; ${isNewer ? "this one" : "the other one"}${dates[0] === dates[1] ? "" : " is newer and"} counts`,
      hint: "leave exports of different days out of one run",
    };
    insertDiagnostic.run({ ...conflict, runId: this.#runId });
  }

  #writeAttachment({ principalArn, policyKey }: AttachmentRecord): void {
    this.#statements.insertAttachment.run({ runId: this.#runId, principalArn, policyKey });
  }

  #writeUsage(usage: UsageRecord, inputId: number): void {
    const { principalArn, source, reportId, active, updatedAt, lines } = usage;
    this.#statements.insertUsagePage.run({
      runId: this.#runId,
      inputId,
      principalArn,
      source,
      reportId,
      active: active ? 1 : 0,
      updatedAt,
      lines: JSON.stringify(lines),
    });
  }

  #writeEvent({ principalArn, eventSource, eventName, events, denied, lastAt }: EventRecord): void {
    this.#statements.addEvents.run(this.#runId, principalArn, eventSource, eventName, events, denied, lastAt);
  }

  #writeUnusedPrincipal({ principalArn, reportId, active, updatedAt, lastAccessed }: UnusedPrincipalRecord): void {
    const { insertUnusedPrincipal } = this.#statements;
    insertUnusedPrincipal.run(this.#runId, principalArn, reportId, updatedAt ?? "", active ? 1 : 0, lastAccessed);
  }

  #writeExportPage({ accountId, isLast }: ExportPage, inputId: number): void {
    this.#statements.insertExportPage.run(this.#runId, inputId, accountId, isLast ? 1 : 0);
  }

  #writeIncompleteAccount({ accountId, principalArn, reason }: IncompleteAccount, inputId: number): void {
    this.#statements.insertIncompleteAccount.run(this.#runId, inputId, accountId, principalArn, reason);
  }

  #writeAwsRecommendation(recommendation: AwsRecommendationRecord): void {
    const { principalArn, source, completedAt, status, error, steps } = recommendation;
    const { insertAwsRecommendation } = this.#statements;
    insertAwsRecommendation.run(
      this.#runId,
      principalArn,
      source,
      completedAt ?? "",
      status,
      error,
      JSON.stringify(steps),
    );
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
  readonly upsertRunPrincipal: Database.Statement;
  readonly insertMembership: Database.Statement;
  readonly insertPolicy: Database.Statement;
  readonly insertPolicyDocument: Database.Statement;
  readonly findPolicyDocument: Database.Statement<[number, string], { sha256: string; updated_at: string | null }>;
  readonly replacePolicyDocument: Database.Statement;
  readonly raiseCounts: Database.Statement;
  readonly insertAttachment: Database.Statement;
  readonly insertUsagePage: Database.Statement;
  readonly addEvents: Database.Statement;
  readonly insertUnusedPrincipal: Database.Statement;
  readonly insertAwsRecommendation: Database.Statement;
  readonly insertExportPage: Database.Statement;
  readonly insertIncompleteAccount: Database.Statement;
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
        `INSERT INTO principal (arn, account_id, kind, name, path, unique_id, marked)
         VALUES ($arn, $accountId, $kind, $name, $path, $uniqueId, $marked)
         ON CONFLICT (arn) DO UPDATE SET unique_id = excluded.unique_id
         RETURNING principal_id`,
      )
      .pluck(),
    // several inputs may tell of one principal, some of them less: whatever any of them says counts, in whatever order they come
    upsertRunPrincipal: db.prepare(
      `INSERT INTO run_principal (run_id, principal_id, created_at, last_used_at, tracks_last_use, boundary_arn, tags)
       VALUES ($runId, $id, $createdAt, $lastUsedAt, $tracksLastUse, $boundaryArn, $tags)
       ON CONFLICT DO UPDATE SET
         created_at = coalesce(max(created_at, excluded.created_at), created_at, excluded.created_at),
         last_used_at = coalesce(max(last_used_at, excluded.last_used_at), last_used_at, excluded.last_used_at),
         tracks_last_use = max(tracks_last_use, excluded.tracks_last_use),
         boundary_arn = coalesce(max(boundary_arn, excluded.boundary_arn), boundary_arn, excluded.boundary_arn),
         tags = json_patch(min(tags, excluded.tags), max(tags, excluded.tags))`,
    ),
    insertMembership: db.prepare(
      "INSERT INTO membership (run_id, account_id, group_name, user_id) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
    ),
    insertPolicy: db.prepare(
      "INSERT INTO policy (key, kind, name, account_id) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
    ),
    insertPolicyDocument: db.prepare(
      `INSERT INTO policy_document (run_id, policy_id, document_id, version_id, updated_at, attachment_count, boundary_count)
       SELECT $runId, p.policy_id, d.document_id, $versionId, $updatedAt, $attachmentCount, $boundaryCount
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
    raiseCounts: db.prepare(
      `UPDATE policy_document SET
         attachment_count = coalesce(max(attachment_count, $attachmentCount), attachment_count, $attachmentCount),
         boundary_count = coalesce(max(boundary_count, $boundaryCount), boundary_count, $boundaryCount)
       WHERE run_id = $runId AND policy_id = (SELECT policy_id FROM policy WHERE key = $key)`,
    ),
    insertAttachment: db.prepare(
      `INSERT INTO attachment (run_id, principal_id, policy_id)
       SELECT $runId, pr.principal_id, po.policy_id FROM principal pr, policy po
       WHERE pr.arn = $principalArn AND po.key = $policyKey
       ON CONFLICT DO NOTHING`,
    ),
    insertUsagePage: db.prepare(
      `INSERT INTO usage_page (run_id, input_id, principal_arn, source, report_id, active, updated_at, lines)
       VALUES ($runId, $inputId, $principalArn, $source, $reportId, $active, $updatedAt, $lines)`,
    ),
    addEvents: db.prepare(
      `INSERT INTO event_use (run_id, principal_arn, event_source, event_name, events, denied, last_at) VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET events = events + excluded.events, denied = denied + excluded.denied,
         last_at = coalesce(max(last_at, excluded.last_at), last_at, excluded.last_at)`,
    ),
    insertUnusedPrincipal: db.prepare(
      `INSERT INTO unused_principal (run_id, principal_arn, report_id, updated_at, active, last_accessed) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET active = min(active, excluded.active),
         last_accessed = coalesce(max(last_accessed, excluded.last_accessed), last_accessed, excluded.last_accessed)`,
    ),
    insertAwsRecommendation: db.prepare(
      `INSERT INTO aws_recommendation (run_id, principal_arn, source, completed_at, status, error, steps) VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT DO NOTHING`,
    ),
    insertExportPage: db.prepare(
      "INSERT INTO export_page (run_id, input_id, account_id, is_last) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
    ),
    insertIncompleteAccount: db.prepare(
      "INSERT INTO incomplete_account (run_id, input_id, account_id, principal_arn, reason) VALUES (?, ?, ?, ?, ?)",
    ),
    insertDiagnostic: db.prepare(
      `INSERT INTO diagnostic (run_id, severity, code, path, pointer, message, hint)
       VALUES ($runId, $severity, $code, $path, $pointer, $message, $hint)`,
    ),
  };
}
