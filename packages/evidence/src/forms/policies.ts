import type { PolicyKind, PolicyRecord } from "@leastwise/core";
import { parsePolicyArn } from "../arn.ts";
import type { Draft } from "../draft.ts";
import { isWholeText, quoted } from "../fields.ts";
import { readDocument } from "../policy-document.ts";

/** What is unknown of a policy that is only known to be attached, or that belongs to its principal. */
const UNKNOWN = { versionId: null, updatedAt: null, attachmentCount: null, boundaryCount: null };

/** Adds a document and gives its SHA-256; null, with a diagnostic, where it is no IAM policy. */
export function addDocument(draft: Draft, raw: unknown, place: string): string | null {
  const result = readDocument(raw);
  if ("record" in result) {
    draft.addDocument(result.record);
    return result.record.sha256;
  }
  draft.refuse(
    result.code,
    place + result.pointer,
    result.message,
    "the policy is left out; check it with IAM's policy validation",
  );
  return null;
}

/** Adds a principal's own policy, unless its document is none. */
export function addInlinePolicy(
  draft: Draft,
  principal: { readonly arn: string; readonly accountId: string },
  name: string,
  document: unknown,
  place: string,
): void {
  if (!isWholeText(name)) {
    const message = `${quoted(name)} is no name of a policy`;
    return draft.refuse("wrong-shape", place, message, "the policy is left out; export the account again");
  }
  const documentSha256 = addDocument(draft, document, place);
  if (documentSha256 === null) return;
  const key = `${principal.arn}#${name}`;
  draft.addPolicy({ key, kind: "inline", name, accountId: principal.accountId, documentSha256, ...UNKNOWN });
  draft.attachments.push({ principalArn: principal.arn, policyKey: key });
}

/** Notes that a managed policy is attached; its document may be in another page, file or nowhere. */
export function attachManagedPolicy(draft: Draft, principalArn: string, policyArn: string, place: string): void {
  if (!draft.knowsPolicy(policyArn)) {
    const policy = managedPolicyRecord(policyArn);
    if (policy === undefined) {
      const message = `${quoted(policyArn)} is no ARN of a managed policy`;
      draft.refuse("wrong-shape", place, message, "export the account again");
      return;
    }
    draft.addPolicy(policy);
  }
  draft.attachments.push({ principalArn, policyKey: policyArn });
}

/** A managed policy as far as its ARN tells; undefined where it is none. */
export function managedPolicyRecord(arn: string): PolicyRecord | undefined {
  const parts = parsePolicyArn(arn);
  if (parts === undefined) return undefined;
  const kind: PolicyKind = parts.accountId === null ? "aws" : "customer";
  return { key: arn, kind, ...parts, documentSha256: null, ...UNKNOWN };
}
