import type {
  AttachmentRecord,
  Diagnostic,
  DocumentRecord,
  Evidence,
  PolicyRecord,
  PrincipalRecord,
  UsageRecord,
} from "@leastwise/core";

/** What one file has said so far. The forms add to it; nothing is taken back. */
export class Draft {
  readonly path: string;
  readonly #kinds = new Set<string>();
  readonly #documents = new Map<string, DocumentRecord>();
  readonly principals: PrincipalRecord[] = [];
  readonly #policies = new Map<string, PolicyRecord>();
  readonly attachments: AttachmentRecord[] = [];
  readonly usage: UsageRecord[] = [];
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

  /** A policy that is only known to be attached does not hide one whose document is known. */
  addPolicy(policy: PolicyRecord): void {
    if (policy.documentSha256 !== null || !this.#policies.has(policy.key)) this.#policies.set(policy.key, policy);
  }

  refuse(code: string, pointer: string, message: string, hint: string): void {
    this.diagnostics.push({ code, severity: "error", path: this.path, pointer, message, hint });
  }

  note(code: string, pointer: string, message: string, hint: string): void {
    this.diagnostics.push({ code, severity: "info", path: this.path, pointer, message, hint });
  }

  finish(): Evidence {
    const { path, principals, attachments, usage, diagnostics } = this;
    const documents = [...this.#documents.values()];
    const policies = [...this.#policies.values()];
    return { path, kinds: [...this.#kinds], principals, policies, attachments, documents, usage, diagnostics };
  }
}
