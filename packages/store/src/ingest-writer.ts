import type {
  AwsRecommendationRow,
  Diagnostic,
  DocumentRecord,
  EventRecord,
  EvidenceRows,
  ExportPage,
  IncompleteAccount,
  PolicyRecord,
  PrincipalRow,
  UnusedPrincipalRecord,
  UsageRow,
} from "@leastwise/core";
import type Database from "better-sqlite3";
import type { Connection } from "./database.ts";

/** Ids and policies that are remembered, at the most: what stands in the export of every account is looked up once. */
const MOST_REMEMBERED = 50_000;

/** What the run knows of a policy's document so far. */
interface StoredDocument {
  readonly sha256: string;
  readonly updated_at: string | null;
  readonly attachment_count: number | null;
  readonly boundary_count: number | null;
}

interface KnownPolicy {
  readonly id: number;
  document: StoredDocument | undefined;
}

/** The input that is being written. */
interface Told {
  readonly inputId: number;
  readonly path: string;
}

/** A part of a file: what it says beside its events, and these. */
export interface FilePart {
  readonly files: readonly EvidenceRows[];
  readonly events: readonly EventRecord[];
  /** It stands for the whole file: the parts before it do not count, since the file could not be read to its end. */
  readonly isInstead?: true;
}

/** Writes what input files say, a batch of files in one transaction. A file counts as read once its batch has committed. */
export class IngestWriter {
  readonly #db: Connection;
  readonly #runId: number;
  readonly #statements: Statements;
  readonly #accounts = new Set<string>();
  readonly #documentIds = new Map<string, number>();
  readonly #managed = new Map<string, KnownPolicy>();
  /** Policies and documents of the input that contradict what is known and have been told of: a file in parts has them in many. */
  readonly #contradicting = new Set<string>();

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
   * Documents that an earlier batch of the same writer had may be left out.
   */
  write(batch: readonly EvidenceRows[], events: readonly EventRecord[] = []): void {
    try {
      this.#db.transaction(() => {
        for (const evidence of batch) this.#writeEvidence(evidence, this.#writeInput(evidence));
        for (const event of events) this.#writeEvent(event);
      })();
    } catch (error) {
      this.#forget(); // nothing of the batch is there
      throw error;
    }
  }

  /**
   * The same for one file that comes in parts, none of which counts before all have come. Nothing else may use the connection meanwhile.
   *
   * @param written is told of each part
   */
  async writeInParts<T extends FilePart>(parts: AsyncIterable<T>, written: (part: T) => void): Promise<void> {
    this.#db.exec("BEGIN");
    try {
      let input: { readonly id: number; kinds: string; sha256: string | undefined } | undefined;
      for await (const part of parts) {
        if (part.isInstead === true) {
          this.#db.exec("ROLLBACK; BEGIN");
          this.#forget();
          input = undefined;
        }
        for (const evidence of part.files) {
          input ??= { id: this.#writeInput(evidence), kinds: evidence.kinds, sha256: evidence.sha256 };
          input.kinds = evidence.kinds;
          input.sha256 = evidence.sha256;
          this.#writeEvidence(evidence, input.id);
        }
        for (const event of part.events) this.#writeEvent(event);
        written(part);
      }
      if (input !== undefined) this.#statements.completeInput.run(input.kinds, input.sha256 ?? null, input.id); // each part says what holds for all before it
      this.#db.exec("COMMIT");
    } catch (error) {
      if (this.#db.inTransaction) this.#db.exec("ROLLBACK");
      this.#forget();
      throw error;
    }
  }

  #forget(): void {
    this.#accounts.clear();
    this.#documentIds.clear();
    this.#managed.clear();
    this.#contradicting.clear();
  }

  #writeInput({ path, kinds, sha256 }: EvidenceRows): number {
    this.#contradicting.clear();
    return Number(this.#statements.insertInput.run(this.#runId, path, kinds, sha256 ?? null).lastInsertRowid);
  }

  #writeEvidence(evidence: EvidenceRows, inputId: number): void {
    const { insertDiagnostic, insertAttachment, insertInputAccount } = this.#statements;
    for (const document of evidence.documents) this.#writeDocument(document);
    const principalIds = evidence.principals.map((principal) => this.#writePrincipal(principal));
    const told: Told = { inputId, path: evidence.path };
    const policyIds = evidence.policies.map((policy) => this.#writePolicy(policy, told));
    const places = evidence.attachments;
    for (let at = 0; at < places.length; at += 2)
      insertAttachment.run(this.#runId, principalIds[places[at]!], policyIds[places[at + 1]!]); // places in just these lists
    for (const usage of evidence.usage) this.#writeUsage(usage, inputId);
    for (const unused of evidence.unusedPrincipals) this.#writeUnusedPrincipal(unused);
    for (const recommendation of evidence.awsRecommendations) this.#writeAwsRecommendation(recommendation);
    for (const page of evidence.exportPages) this.#writeExportPage(page, inputId);
    for (const account of evidence.incompleteAccounts) this.#writeIncompleteAccount(account, inputId);
    for (const diagnostic of evidence.diagnostics) insertDiagnostic.run({ ...diagnostic, runId: this.#runId, inputId });
    for (const { accountId, newestReport } of evidence.accounts)
      insertInputAccount.run(this.#runId, inputId, accountId, newestReport);
  }

  #writeDocument({ sha256, text }: DocumentRecord): void {
    if (this.#documentIds.has(sha256)) return;
    const { insertDocument } = this.#statements;
    const inserted = insertDocument.run(sha256, text, text.length);
    if (inserted.changes > 0) remember(this.#documentIds, sha256, Number(inserted.lastInsertRowid));
  }

  #documentId(sha256: string): number {
    const known = this.#documentIds.get(sha256);
    if (known !== undefined) return known;
    const found = this.#statements.findDocument.get(sha256);
    if (found === undefined) throw new Error(`the document ${sha256} has not been written`);
    remember(this.#documentIds, sha256, found);
    return found;
  }

  #writePrincipal(principal: PrincipalRow): number {
    const { insertAccount, upsertPrincipal, upsertRunPrincipal, insertMembership } = this.#statements;
    const { arn, accountId, kind, name, path, uniqueId, createdAt, lastUsedAt, boundaryArn, groups, tags } = principal;
    if (!this.#accounts.has(accountId)) {
      insertAccount.run(accountId);
      this.#accounts.add(accountId);
    }
    const id = upsertPrincipal.get(arn, accountId, kind, name, path, uniqueId, markOf(principal))!; // RETURNING gives it
    const tracksLastUse = principal.tracksLastUse ? 1 : 0;
    upsertRunPrincipal.run(this.#runId, id, createdAt, lastUsedAt, tracksLastUse, boundaryArn, tags);
    for (const group of groups) insertMembership.run(this.#runId, accountId, group, id);
    return id;
  }

  /** Gives the policy's id. */
  #writePolicy(policy: PolicyRecord, told: Told): number {
    if (policy.kind === "inline") {
      const id = this.#policyId(policy);
      this.#writePolicyDocument(policy, { id, document: undefined }, told);
      return id;
    }
    let known = this.#managed.get(policy.key);
    if (known === undefined) {
      known = { id: this.#policyId(policy), document: undefined };
      remember(this.#managed, policy.key, known);
    }
    if (policy.kind === "aws") this.#writeAwsPolicyDocument(policy, known.id, told);
    else if (!isCovered(policy, known.document)) this.#writePolicyDocument(policy, known, told);
    return known.id;
  }

  /** Which of them counts is decided when all are there: other accounts' files may not have been read. */
  #writeAwsPolicyDocument(policy: PolicyRecord, id: number, { inputId }: Told): void {
    const { documentSha256, versionId, updatedAt, attachmentCount, boundaryCount } = policy;
    if (documentSha256 === null) return;
    const documentId = this.#documentId(documentSha256);
    const facts = { documentId, versionId, updatedAt, attachmentCount, boundaryCount };
    this.#statements.upsertAwsPolicyDocument.run({ runId: this.#runId, id, inputId, ...facts });
  }

  #policyId({ key, kind, name, accountId }: PolicyRecord): number {
    const { insertPolicy, findPolicy } = this.#statements;
    const inserted = insertPolicy.run(key, kind, name, accountId);
    return inserted.changes > 0 ? Number(inserted.lastInsertRowid) : findPolicy.get(key)!; // one that is there
  }

  #writePolicyDocument(policy: PolicyRecord, known: KnownPolicy, { inputId, path }: Told): void {
    const { insertPolicyDocument, findPolicyDocument, replacePolicyDocument, raiseCounts, insertDiagnostic } =
      this.#statements;
    const { key, name, documentSha256, versionId, updatedAt, attachmentCount, boundaryCount } = policy;
    if (documentSha256 === null) return;
    const { id } = known;
    const documentId = this.#documentId(documentSha256);
    const inserted = insertPolicyDocument.run(
      this.#runId,
      id,
      documentId,
      versionId,
      updatedAt,
      attachmentCount,
      boundaryCount,
    );
    if (inserted.changes > 0) {
      known.document = {
        sha256: documentSha256,
        updated_at: updatedAt,
        attachment_count: attachmentCount,
        boundary_count: boundaryCount,
      };
      return;
    }
    const before = findPolicyDocument.get(this.#runId, id)!; // what the insertion has met
    raiseCounts.run({ runId: this.#runId, id, attachmentCount, boundaryCount });
    const dates = [updatedAt ?? "", before.updated_at ?? ""] as const;
    const isNewer = dates[0] > dates[1] || (dates[0] === dates[1] && documentSha256 > before.sha256); // of one date always the same
    if (isNewer) replacePolicyDocument.run({ runId: this.#runId, id, documentId, versionId, updatedAt }); // also an equal document: its date decides against others
    known.document = findPolicyDocument.get(this.#runId, id);
    const contradiction = `${id} ${documentId}`;
    if (before.sha256 === documentSha256 || this.#contradicting.has(contradiction)) return;
    this.#contradicting.add(contradiction);
    const conflict: Diagnostic = {
      code: "conflicting-documents",
      severity: "warning",
      path,
      pointer: key,
      message: `another input gives \`${name}\` with a different document; ${isNewer ? "this one" : "the other one"}${dates[0] === dates[1] ? "" : " is newer and"} counts`,
      hint: "leave exports of different days out of one run",
    };
    insertDiagnostic.run({ ...conflict, runId: this.#runId, inputId });
  }

  #writeUsage(usage: UsageRow, inputId: number): void {
    const { principalArn, source, reportId, active, updatedAt, lines } = usage;
    const { insertUsagePage } = this.#statements;
    insertUsagePage.run(this.#runId, inputId, principalArn, source, reportId, active ? 1 : 0, updatedAt, lines);
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

  #writeAwsRecommendation(recommendation: AwsRecommendationRow): void {
    const { principalArn, source, completedAt, status, error, steps } = recommendation;
    const { insertAwsRecommendation } = this.#statements;
    insertAwsRecommendation.run(this.#runId, principalArn, source, completedAt ?? "", status, error, steps);
  }
}

function remember<T>(memory: Map<string, T>, key: string, value: T): void {
  if (memory.size >= MOST_REMEMBERED) memory.clear();
  memory.set(key, value);
}

/** Whether a policy says nothing that the run does not know. */
function isCovered(policy: PolicyRecord, known: StoredDocument | undefined): boolean {
  const { documentSha256, updatedAt, attachmentCount, boundaryCount } = policy;
  if (documentSha256 === null) return true;
  if (known?.sha256 !== documentSha256 || known.updated_at !== updatedAt) return false;
  return (
    (attachmentCount ?? -1) <= (known.attachment_count ?? -1) && (boundaryCount ?? -1) <= (known.boundary_count ?? -1)
  );
}

/** Principals that AWS manages in a way that matters here (SEMANTICS 7). */
function markOf({ kind, path, name }: PrincipalRow): string | null {
  if (kind !== "role") return null;
  if (path.startsWith("/aws-service-role/")) return "service-linked";
  return name.startsWith("AWSReservedSSO_") ? "identity-center" : null;
}

interface Statements {
  readonly findInput: Database.Statement<[number, string]>;
  readonly insertInput: Database.Statement;
  readonly completeInput: Database.Statement;
  readonly insertInputAccount: Database.Statement;
  readonly insertDocument: Database.Statement;
  readonly findDocument: Database.Statement<[string], number>;
  readonly insertAccount: Database.Statement;
  readonly upsertPrincipal: Database.Statement<[string, string, string, string, string, string, string | null], number>;
  readonly upsertRunPrincipal: Database.Statement;
  readonly insertMembership: Database.Statement;
  readonly insertPolicy: Database.Statement;
  readonly findPolicy: Database.Statement<[string], number>;
  readonly insertPolicyDocument: Database.Statement;
  readonly findPolicyDocument: Database.Statement<[number, number], StoredDocument>;
  readonly upsertAwsPolicyDocument: Database.Statement;
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
    insertInput: db.prepare("INSERT INTO input (run_id, path, kinds, sha256) VALUES (?, ?, ?, ?)"),
    completeInput: db.prepare("UPDATE input SET kinds = ?, sha256 = ? WHERE input_id = ?"),
    insertInputAccount: db.prepare(
      `INSERT INTO input_account (run_id, input_id, account_id, newest_report) VALUES (?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET newest_report = coalesce(max(newest_report, excluded.newest_report), newest_report, excluded.newest_report)`,
    ),
    insertDocument: db.prepare(
      "INSERT INTO document (sha256, text, characters) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
    ),
    findDocument: db.prepare<[string], number>("SELECT document_id FROM document WHERE sha256 = ?").pluck(),
    insertAccount: db.prepare("INSERT INTO account (account_id) VALUES (?) ON CONFLICT DO NOTHING"),
    upsertPrincipal: db
      .prepare<[string, string, string, string, string, string, string | null], number>(
        `INSERT INTO principal (arn, account_id, kind, name, path, unique_id, marked) VALUES (?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (arn) DO UPDATE SET unique_id = excluded.unique_id
         RETURNING principal_id`,
      )
      .pluck(),
    // several inputs may tell of one principal, some of them less: whatever any of them says counts, in whatever order they come
    upsertRunPrincipal: db.prepare(
      `INSERT INTO run_principal (run_id, principal_id, created_at, last_used_at, tracks_last_use, boundary_arn, tags)
       VALUES (?, ?, ?, ?, ?, ?, ?)
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
    findPolicy: db.prepare<[string], number>("SELECT policy_id FROM policy WHERE key = ?").pluck(),
    insertPolicyDocument: db.prepare(
      `INSERT INTO policy_document (run_id, policy_id, document_id, version_id, updated_at, attachment_count, boundary_count)
       VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
    ),
    // a file may have one policy twice: what says most counts, whatever comes first
    upsertAwsPolicyDocument: db.prepare(
      `INSERT INTO aws_policy_document (run_id, policy_id, input_id, document_id, version_id, updated_at, attachment_count, boundary_count)
       VALUES ($runId, $id, $inputId, $documentId, $versionId, $updatedAt, $attachmentCount, $boundaryCount)
       ON CONFLICT DO UPDATE SET
         version_id = CASE WHEN coalesce(excluded.updated_at, '') > coalesce(updated_at, '') THEN excluded.version_id ELSE version_id END,
         updated_at = coalesce(max(updated_at, excluded.updated_at), updated_at, excluded.updated_at),
         attachment_count = coalesce(max(attachment_count, excluded.attachment_count), attachment_count, excluded.attachment_count),
         boundary_count = coalesce(max(boundary_count, excluded.boundary_count), boundary_count, excluded.boundary_count)`,
    ),
    findPolicyDocument: db.prepare(
      `SELECT d.sha256, pd.updated_at, pd.attachment_count, pd.boundary_count FROM policy_document pd JOIN document d USING (document_id)
       WHERE pd.run_id = ? AND pd.policy_id = ?`,
    ),
    replacePolicyDocument: db.prepare(
      `UPDATE policy_document SET version_id = $versionId, updated_at = $updatedAt, document_id = $documentId
       WHERE run_id = $runId AND policy_id = $id`,
    ),
    raiseCounts: db.prepare(
      `UPDATE policy_document SET
         attachment_count = coalesce(max(attachment_count, $attachmentCount), attachment_count, $attachmentCount),
         boundary_count = coalesce(max(boundary_count, $boundaryCount), boundary_count, $boundaryCount)
       WHERE run_id = $runId AND policy_id = $id`,
    ),
    insertAttachment: db.prepare(
      "INSERT INTO attachment (run_id, principal_id, policy_id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
    ),
    insertUsagePage: db.prepare(
      `INSERT INTO usage_page (run_id, input_id, principal_arn, source, report_id, active, updated_at, lines)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
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
      `INSERT INTO diagnostic (run_id, input_id, severity, code, path, pointer, message, hint)
       VALUES ($runId, $inputId, $severity, $code, $path, $pointer, $message, $hint)`,
    ),
  };
}
