import { type ConcernedAccount, concernedAccounts } from "./concerned-accounts.ts";
import type { AwsRecommendationRecord, Evidence, PrincipalRecord, UsageRecord } from "./records.ts";

/**
 * What one file said, as the writing thread takes it: lists that are stored as JSON are text already, and attachments are numbers, so
 * that there is little to copy from thread to thread. Its events go apart, merged with those of other files.
 */
export interface EvidenceRows extends Pick<
  Evidence,
  "path" | "policies" | "documents" | "unusedPrincipals" | "exportPages" | "incompleteAccounts" | "diagnostics"
> {
  /** JSON list. */
  readonly kinds: string;
  readonly principals: readonly PrincipalRow[];
  /** Places in `principals` and in `policies`, in turn. */
  readonly attachments: readonly number[];
  readonly usage: readonly UsageRow[];
  readonly awsRecommendations: readonly AwsRecommendationRow[];
  /** All that it says something of, its events included. */
  readonly accounts: readonly ConcernedAccount[];
  /** SHA-256 of what was read, in hexadecimal digits; absent where it is not known. */
  readonly sha256?: string;
}

/** `tags` is JSON {key: value}. */
export type PrincipalRow = Omit<PrincipalRecord, "tags"> & { readonly tags: string };

/** `lines` is a JSON list of `UsageLine`. */
export type UsageRow = Omit<UsageRecord, "lines"> & { readonly lines: string };

/** `steps` is a JSON list of `AwsStep`. */
export type AwsRecommendationRow = Omit<AwsRecommendationRecord, "steps"> & { readonly steps: string };

/** Evidence as rows. O(size). Whoever has an attachment, and the policy, must be in the same evidence, as in all that is read. */
export function evidenceRows(evidence: Evidence): EvidenceRows {
  const { path, principals, policies, documents, unusedPrincipals, exportPages, incompleteAccounts } = evidence;
  return {
    path,
    kinds: JSON.stringify(evidence.kinds),
    principals: principals.map(principalRow),
    policies,
    documents,
    attachments: attachmentPlaces(evidence),
    usage: evidence.usage.map(usageRow),
    unusedPrincipals,
    awsRecommendations: evidence.awsRecommendations.map(recommendationRow),
    exportPages,
    incompleteAccounts,
    diagnostics: evidence.diagnostics,
    accounts: concernedAccounts(evidence),
  };
}

function principalRow(principal: PrincipalRecord): PrincipalRow {
  const { tags } = principal;
  const text =
    tags.length === 0 ? "{}" : JSON.stringify(Object.fromEntries(tags.map(({ key, value }) => [key, value])));
  return { ...principal, tags: text };
}

function usageRow(usage: UsageRecord): UsageRow {
  return { ...usage, lines: JSON.stringify(usage.lines) };
}

function recommendationRow(recommendation: AwsRecommendationRecord): AwsRecommendationRow {
  return { ...recommendation, steps: JSON.stringify(recommendation.steps) };
}

function attachmentPlaces({ principals, policies, attachments }: Evidence): readonly number[] {
  if (attachments.length === 0) return [];
  const principalPlaces = new Map(principals.map(({ arn }, place) => [arn, place]));
  const policyPlaces = new Map(policies.map(({ key }, place) => [key, place]));
  const places: number[] = [];
  for (const { principalArn, policyKey } of attachments) {
    const principal = principalPlaces.get(principalArn);
    const policy = policyPlaces.get(policyKey);
    if (principal === undefined || policy === undefined)
      throw new Error(`an attachment of \`${policyKey}\` to \`${principalArn}\`, which the file does not have`);
    places.push(principal, policy);
  }
  return places;
}
