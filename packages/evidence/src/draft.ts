import type {
  AttachmentRecord,
  AwsRecommendationRecord,
  Diagnostic,
  DocumentRecord,
  EventRecord,
  Evidence,
  ExportPage,
  IncompleteAccount,
  PolicyRecord,
  PrincipalRecord,
  UnusedPrincipalRecord,
  UsageRecord,
} from "@leastwise/core";
import { finishTrail } from "./cloudtrail/cloudtrail.ts";
import { TrailReader } from "./cloudtrail/trail-reader.ts";

/** What one file has said so far. The forms add to it; nothing is taken back. */
export class Draft {
  readonly path: string;
  readonly #kinds = new Set<string>();
  readonly #documents = new Map<string, DocumentRecord>();
  readonly principals: PrincipalRecord[] = [];
  readonly #policies = new Map<string, PolicyRecord>();
  readonly #policyKeys = new Set<string>();
  readonly attachments: AttachmentRecord[] = [];
  readonly usage: UsageRecord[] = [];
  readonly events: EventRecord[] = [];
  /** Counts the file's CloudTrail records, which become `events` in the end. */
  readonly trail: TrailReader = new TrailReader();
  readonly unusedPrincipals: UnusedPrincipalRecord[] = [];
  readonly awsRecommendations: AwsRecommendationRecord[] = [];
  readonly exportPages: ExportPage[] = [];
  #lastPage: ExportPage | undefined;
  readonly incompleteAccounts: IncompleteAccount[] = [];
  readonly diagnostics: Diagnostic[] = [];

  constructor(path: string) {
    this.path = path;
  }

  recognised(kind: string): void {
    this.#kinds.add(kind);
  }

  addDocument(document: DocumentRecord): void {
    this.#documents.set(document.sha256, document);
  }

  /**
   * Several documents of one policy all go on: who puts the files together decides which of them counts. A policy that is only known
   * to be attached goes on where no document of it is known.
   */
  addPolicy(policy: PolicyRecord): void {
    this.#policies.set(`${policy.key} ${policy.documentSha256 ?? ""} ${policy.updatedAt ?? ""}`, policy);
    this.#policyKeys.add(policy.key);
  }

  /** Whether the policy has been added: that it is attached as well says nothing more of it. */
  knowsPolicy(key: string): boolean {
    return this.#policyKeys.has(key);
  }

  refuse(code: string, pointer: string, message: string, hint: string): void {
    this.diagnostics.push({ code, severity: "error", path: this.path, pointer, message, hint });
  }

  note(code: string, pointer: string, message: string, hint: string): void {
    this.diagnostics.push({ code, severity: "info", path: this.path, pointer, message, hint });
  }

  addExportPage(page: ExportPage): void {
    this.exportPages.push(page);
    this.#lastPage = page;
  }

  /** The page that was added last, also where it has been given away. */
  get lastPage(): ExportPage | undefined {
    return this.#lastPage;
  }

  /** Takes over what another file said, or a part of one; diagnostics keep their path. */
  take(evidence: Evidence): void {
    for (const kind of evidence.kinds) this.recognised(kind);
    for (const document of evidence.documents) this.addDocument(document);
    for (const policy of evidence.policies) this.addPolicy(policy);
    for (const principal of evidence.principals) this.principals.push(principal);
    for (const attachment of evidence.attachments) this.attachments.push(attachment);
    for (const usage of evidence.usage) this.usage.push(usage);
    for (const event of evidence.events) this.events.push(event);
    for (const unused of evidence.unusedPrincipals) this.unusedPrincipals.push(unused);
    for (const recommendation of evidence.awsRecommendations) this.awsRecommendations.push(recommendation);
    for (const page of evidence.exportPages) this.addExportPage(page);
    for (const account of evidence.incompleteAccounts) this.incompleteAccounts.push(account);
    for (const diagnostic of evidence.diagnostics) this.diagnostics.push(diagnostic);
  }

  /** What has been said since the part before, for files that say too much to be kept: documents, policies and kinds may come again. */
  part(): Evidence {
    const all = [...this.#policies.values()];
    const known = new Set(all.filter(({ documentSha256 }) => documentSha256 !== null).map(({ key }) => key));
    const evidence = {
      path: this.path,
      kinds: [...this.#kinds],
      principals: this.principals.splice(0),
      policies: all.filter(({ key, documentSha256 }) => documentSha256 !== null || !known.has(key)),
      attachments: this.attachments.splice(0),
      documents: [...this.#documents.values()],
      usage: this.usage.splice(0),
      events: this.events.splice(0),
      unusedPrincipals: this.unusedPrincipals.splice(0),
      awsRecommendations: this.awsRecommendations.splice(0),
      exportPages: this.exportPages.splice(0),
      incompleteAccounts: this.incompleteAccounts.splice(0),
      diagnostics: this.diagnostics.splice(0),
    };
    this.#documents.clear();
    this.#policies.clear();
    this.#policyKeys.clear();
    return evidence;
  }

  /** What has been said, or what is left of it after the last part. */
  finish(): Evidence {
    finishTrail(this);
    return this.part();
  }
}
