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
  /** Whether the export says when a role was last used (`RoleLastUsed`); with `lastUsedAt` null: never while AWS kept track. */
  readonly tracksLastUse: boolean;
  /** Names of the groups that a user is in. */
  readonly groups: readonly string[];
  readonly tags: readonly Tag[];
}

export interface Tag {
  readonly key: string;
  readonly value: string;
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
  /** How many users, groups and roles AWS says have it; null where the export does not say. */
  readonly attachmentCount: number | null;
  /** How many users and roles AWS says have it as their boundary; null where the export does not say. */
  readonly boundaryCount: number | null;
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

/** Sources that report on the use of single principals. CloudTrail's events are `EventRecord`s. */
export type UsageSource = "access-analyzer" | "last-accessed" | "plain-list";

/** What one source says of one principal. */
export interface UsageRecord {
  /** The principal's ARN, or `ACCOUNT:kind/name` where the source does not know its path. */
  readonly principalArn: string;
  readonly source: UsageSource;
  /**
   * The finding's id; `ACTION_LEVEL` or `SERVICE_LEVEL` for last accessed details; empty for a plain list. Reports of one source
   * with the same id and date are pages of one.
   */
  readonly reportId: string;
  /** Whether the report counts: an archived or resolved finding takes back what the same finding said before. */
  readonly active: boolean;
  /** When the source last changed or made it: ISO 8601 in UTC; null where it does not say. */
  readonly updatedAt: string | null;
  readonly lines: readonly UsageLine[];
}

/**
 * What a report says of one service.
 *
 * - `access-analyzer`, `plain-list`: the named actions are reported unused, the whole service where none are named.
 * - `last-accessed`: when the service was accessed, and each action that the report lists.
 */
export interface UsageLine {
  readonly service: string;
  /** When any action of the service was last accessed: ISO 8601 in UTC; null where the report has no date. */
  readonly lastAccessed: string | null;
  /** Bare names; null where no single action is named. */
  readonly actions: readonly string[] | null;
  /** When those of the actions were last accessed that have a date. */
  readonly accessed: readonly (readonly [name: string, date: string])[];
}

/** How often one principal made one kind of call, by CloudTrail's names (`s3.amazonaws.com`, `ListObjectsV2`). */
export interface EventRecord {
  /** The principal's ARN; `ACCOUNT:kind/name` where an event knows no path; `type:AWSService` and such for callers that IAM has no principal for. */
  readonly principalArn: string;
  readonly eventSource: string;
  readonly eventName: string;
  /** All events, denied ones too. */
  readonly events: number;
  /** Those that AWS refused for want of permission: they prove no use. */
  readonly denied: number;
  /** The newest event that was not denied: ISO 8601 in UTC; null where all were. */
  readonly lastAt: string | null;
}

/** A principal that Access Analyzer reports as unused altogether (finding type UnusedIAMRole). */
export interface UnusedPrincipalRecord {
  readonly principalArn: string;
  readonly reportId: string;
  readonly active: boolean;
  readonly updatedAt: string | null;
  readonly lastAccessed: string | null;
}

/** AWS's own recommendation for one principal, or one page of it. */
export interface AwsRecommendationRecord {
  readonly principalArn: string;
  readonly source: "access-analyzer" | "security-hub";
  readonly status: "SUCCEEDED" | "FAILED" | "IN_PROGRESS";
  /** What AWS says why there is none; empty where there is one. */
  readonly error: string;
  readonly completedAt: string | null;
  readonly steps: readonly AwsStep[];
}

export interface AwsStep {
  readonly recommendedAction: "CREATE_POLICY" | "DETACH_POLICY";
  /** The ARN of a managed policy, the name of an inline one. */
  readonly policyId: string;
  readonly policyUpdatedAt: string | null;
  /** The document to create; null for DETACH_POLICY. */
  readonly recommendedSha256: string | null;
  /** The document that it is to replace; null where AWS does not show it. */
  readonly existingSha256: string | null;
}

/** Part of an account's authorization details: a page of them, or all. */
export interface ExportPage {
  readonly accountId: string;
  /** Whether no page follows, as it says itself. */
  readonly isLast: boolean;
}

/** That somebody in an account is not known whole, and might be in its groups or have its policies. */
export interface IncompleteAccount {
  /** Null where nobody knows which account it is. */
  readonly accountId: string | null;
  /** Who it is, where that is known; another input may know the rest. */
  readonly principalArn: string | null;
  /** Goes on where `of an account not everybody is known, since` ends. */
  readonly reason: string;
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
  readonly events: readonly EventRecord[];
  readonly unusedPrincipals: readonly UnusedPrincipalRecord[];
  readonly awsRecommendations: readonly AwsRecommendationRecord[];
  readonly exportPages: readonly ExportPage[];
  readonly incompleteAccounts: readonly IncompleteAccount[];
  readonly diagnostics: readonly Diagnostic[];
}
