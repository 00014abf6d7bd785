import type { PolicyKind, PrincipalKind } from "../organization/records.ts";

/**
 * How large policies may be, in characters of minified JSON, and how many managed ones a principal may have. IAM does not count white
 * space; what stands inside strings is counted here all the same, which is the careful side.
 *
 * Source: "IAM and AWS STS quotas", AWS IAM User Guide.
 */
export interface SizeLimits {
  /** A managed policy. */
  readonly managed: number;
  /** All inline policies of a role together. */
  readonly roleInline: number;
  readonly userInline: number;
  readonly groupInline: number;
  /** Managed policies that are attached to one role, user or group: the only one of these that AWS raises on request. */
  readonly attachments: number;
}

export const DEFAULT_LIMITS: SizeLimits = {
  managed: 6144,
  roleInline: 10_240,
  userInline: 2048,
  groupInline: 5120,
  attachments: 10,
};

/** How many characters of a prefix's name a run asks for at least that may end inside a word, where nobody says. */
export const DEFAULT_SHORTEST = 4;

/** The limit that a policy's size is held against: for an inline policy that of the sum over its principal's. */
export function limitOf(limits: SizeLimits, policy: PolicyKind, principal: PrincipalKind): number {
  if (policy !== "inline") return limits.managed;
  return { role: limits.roleInline, user: limits.userInline, group: limits.groupInline }[principal];
}
