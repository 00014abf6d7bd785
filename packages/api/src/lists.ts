/** Where what is known of a principal's use comes from: reports of its own, of a group's members, only use, or nothing. */
export type EvidenceKind = "reported" | "members" | "use-only" | "none";

/** Sums are over attached policies: pairs of attachment and action. */
export interface AccountRow {
  readonly accountId: string;
  readonly principals: number;
  readonly attachments: number;
  readonly toReplace: number;
  readonly toDetach: number;
  readonly unchanged: number;
  readonly failed: number;
  readonly actionsBefore: number;
  readonly actionsAfter: number;
}
export interface AccountFilter {
  /** Accounts that grant this service today. */
  readonly service?: string;
}

export interface PrincipalRow {
  readonly arn: string;
  readonly accountId: string;
  readonly kind: "role" | "user" | "group";
  readonly name: string;
  readonly evidence: EvidenceKind | null;
  /** The rule by which it is left alone, or null. */
  readonly leftBecause: string | null;
  /** The source that says that it is unused altogether, or null. */
  readonly unusedBy: string | null;
  readonly attachments: number;
  readonly actionsBefore: number;
  readonly actionsAfter: number;
  readonly servicesRemoved: number;
}
export interface PrincipalFilter {
  readonly account?: string;
  readonly kind?: PrincipalRow["kind"];
  readonly evidence?: EvidenceKind;
  /** `yes`: only those that are left alone; `no`: only the others. */
  readonly left?: "yes" | "no";
  /** `yes`: only those that a source says to be unused altogether. */
  readonly unused?: "yes";
}

/** An attached policy and what to do with it. */
export interface RecommendationRow {
  readonly accountId: string;
  readonly principalArn: string;
  readonly principalName: string;
  readonly principalKind: PrincipalRow["kind"];
  readonly policyKey: string;
  readonly policyName: string;
  readonly policyKind: "inline" | "customer" | "aws";
  /** Null where there is no answer. */
  readonly recommendedAction: "CREATE_POLICY" | "DETACH_POLICY" | "NONE" | null;
  readonly actionsBefore: number | null;
  readonly actionsAfter: number | null;
  readonly sizeAfter: number | null;
  readonly sizeLimit: number | null;
  readonly fit: "fits" | "split" | "does-not-fit" | "too-large" | null;
  readonly leftBecause: string | null;
  readonly state: "done" | "failed" | "planned";
}
export interface RecommendationFilter {
  readonly account?: string;
  readonly principal?: string;
  /** A managed policy: everybody who has it. */
  readonly policy?: string;
  readonly policyKind?: RecommendationRow["policyKind"];
  readonly action?: "replace" | "detach" | "none" | "failed";
  readonly fit?: "fits" | "split" | "does-not-fit" | "too-large";
  /**
   * At least this share of its actions goes, in percent, and less than `removedBelow`: a bar of the distribution. Below 100 takes what goes
   * altogether with it.
   */
  readonly removedFrom?: string;
  readonly removedBelow?: string;
}

/** A managed policy on several principals. */
export interface SharedPolicyRow {
  readonly policyKey: string;
  readonly policyName: string;
  readonly policyKind: "customer" | "aws";
  readonly accountId: string | null;
  readonly principals: number;
  readonly accounts: number;
  readonly differentResults: number;
  readonly toChange: number;
  readonly blockers: number;
}

export interface ServiceRow {
  readonly service: string;
  readonly verdict: "unused" | "unknown" | "kept";
  readonly accountsBefore: number;
  readonly accountsAfter: number;
  readonly principalsBefore: number;
  readonly principalsAfter: number;
  readonly attachmentsBefore: number;
  readonly attachmentsAfter: number;
}
export interface ServiceFilter {
  readonly account?: string;
  readonly verdict?: ServiceRow["verdict"];
}

export interface ActionRow {
  readonly action: string;
  readonly accessLevel: string;
  readonly tracked: boolean;
  /** How it leads to more than one has, where it does. */
  readonly escalation: string | null;
  readonly attachmentsBefore: number;
  readonly attachmentsAfter: number;
}
export interface ActionFilter {
  readonly service?: string;
  readonly level?: string;
  readonly escalation?: "yes";
  /** `yes`: granted to somebody today. */
  readonly granted?: "yes";
}

/** A statement entry by which a principal may call an action. */
export interface HolderRow {
  readonly accountId: string;
  readonly principalArn: string;
  readonly principalKind: PrincipalRow["kind"];
  readonly policyKey: string;
  readonly policyName: string;
  readonly policyKind: RecommendationRow["policyKind"];
  /** Counts from 0. */
  readonly statement: number;
  readonly sid: string | null;
  readonly element: "Action" | "NotAction";
  readonly entry: string;
  /** JSON as the statement has it; null where it has none. */
  readonly resource: string | null;
  readonly condition: string | null;
}

export interface DiagnosticRow {
  readonly severity: "error" | "warning" | "info";
  readonly code: string;
  readonly path: string;
  readonly pointer: string;
  readonly message: string;
  readonly hint: string;
}
export interface DiagnosticFilter {
  readonly severity?: DiagnosticRow["severity"];
  readonly code?: string;
}
