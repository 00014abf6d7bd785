import type { UnusedReport } from "../unused/unused.ts";
import type { Diagnostic } from "./diagnostic.ts";

/** The plain records that inputs become and that the store keeps. Structured-clone-safe; never mutated. */

export type PrincipalKind = "role" | "user" | "group";

export interface PrincipalRecord {
  readonly arn: string;
  /** 12 digits. */
  readonly accountId: string;
  readonly kind: PrincipalKind;
  readonly name: string;
  /** Starts and ends with `/`. */
  readonly path: string;
  /** AWS's unique id (`AROA…`, `AIDA…`, `AGPA…`). */
  readonly uniqueId: string;
  /** ISO 8601 in UTC; null where the export has none. */
  readonly createdAt: string | null;
  /** When a role was last used, as AWS tracks it. */
  readonly lastUsedAt: string | null;
  readonly boundaryArn: string | null;
  /** Names of the groups that a user is in. */
  readonly groups: readonly string[];
}

export type PolicyKind = "inline" | "customer" | "aws";

/** A policy and where its document is. */
export interface PolicyRecord {
  /** The ARN of a managed policy; `<principal ARN>#<name>` of an inline one. */
  readonly key: string;
  readonly kind: PolicyKind;
  readonly name: string;
  /** Null for AWS managed policies, which belong to no account. */
  readonly accountId: string | null;
  /** SHA-256 of the document's minified JSON; null when only the attachment is known. */
  readonly documentSha256: string | null;
  readonly versionId: string | null;
  readonly updatedAt: string | null;
}

export interface AttachmentRecord {
  readonly principalArn: string;
  readonly policyKey: string;
}

/** A policy document by content. */
export interface DocumentRecord {
  readonly sha256: string;
  /** Minified JSON in the original key order. */
  readonly text: string;
}

export type UsageSource = "access-analyzer" | "plain-list";

/** What one source says of one principal. */
export interface UsageRecord {
  readonly principalArn: string;
  readonly source: UsageSource;
  /** The finding's id; empty for a plain list. Reports with the same id and date are pages of one. */
  readonly reportId: string;
  /** Whether the report counts: an archived or resolved finding takes back what the same finding said before. */
  readonly active: boolean;
  /** When the source last changed it: ISO 8601 in UTC; null where it does not say. */
  readonly updatedAt: string | null;
  readonly unused: readonly UnusedReport[];
}

/** Everything one input file said. */
export interface Evidence {
  readonly path: string;
  /** What the file was recognised as, each once, in order of appearance. */
  readonly kinds: readonly string[];
  readonly principals: readonly PrincipalRecord[];
  readonly policies: readonly PolicyRecord[];
  readonly attachments: readonly AttachmentRecord[];
  readonly documents: readonly DocumentRecord[];
  readonly usage: readonly UsageRecord[];
  readonly diagnostics: readonly Diagnostic[];
}
