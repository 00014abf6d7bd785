import type { PolicyKind, PolicyRecord, PrincipalKind } from "@leastwise/core";
import { z } from "zod";
import { parsePolicyArn, parsePrincipalArn } from "../arn.ts";
import type { Draft } from "../draft.ts";
import { dateOrNull, isObject, quoted } from "../fields.ts";
import { readDocument } from "../policy-document.ts";
import { firstIssue } from "../zod-issue.ts";

/** `aws iam get-account-authorization-details`. Source: botocore model iam 2010-05-08. */
const KIND = "account authorization details";

const list = <T extends z.ZodType>(item: T) => z.array(item).nullish();
// Documents are checked by readDocument, one by one: an absent one costs its policy, not its principal.
const inlinePolicies = list(z.looseObject({ PolicyName: z.string(), PolicyDocument: z.unknown().optional() }));
const attachedPolicies = list(z.looseObject({ PolicyName: z.string().nullish(), PolicyArn: z.string() }));
const boundary = z.looseObject({ PermissionsBoundaryArn: z.string().nullish() }).nullish();
const text = z.string().nullish();
const common = { Arn: z.string(), CreateDate: text, AttachedManagedPolicies: attachedPolicies };

const user = z.looseObject({
  ...common,
  UserName: z.string(),
  UserId: text,
  UserPolicyList: inlinePolicies,
  GroupList: list(z.string()),
  PermissionsBoundary: boundary,
});
const group = z.looseObject({ ...common, GroupName: z.string(), GroupId: text, GroupPolicyList: inlinePolicies });
const role = z.looseObject({
  ...common,
  RoleName: z.string(),
  RoleId: text,
  RolePolicyList: inlinePolicies,
  PermissionsBoundary: boundary,
  RoleLastUsed: z.looseObject({ LastUsedDate: text }).nullish(),
});
const managedPolicy = z.looseObject({
  PolicyName: z.string(),
  Arn: z.string(),
  DefaultVersionId: text,
  UpdateDate: text,
  PolicyVersionList: list(
    z.looseObject({ VersionId: text, IsDefaultVersion: z.boolean().nullish(), Document: z.unknown().optional() }),
  ),
});

const LISTS = ["UserDetailList", "GroupDetailList", "RoleDetailList", "Policies"] as const;

export function isAccountDetails(value: unknown): value is Record<string, unknown> {
  if (!isObject(value)) return false;
  if (LISTS.some((name) => name !== "Policies" && Array.isArray(value[name]))) return true;
  const policies = value["Policies"]; // a last page may hold nothing else; list-policies has no versions
  return Array.isArray(policies) && policies.some((item) => isObject(item) && "PolicyVersionList" in item);
}

/** Reads one export or one page of it. Each user, group, role and policy stands or falls by itself. */
export function readAccountDetails(draft: Draft, value: Record<string, unknown>, pointer: string): void {
  draft.recognised(KIND);
  each(draft, value, pointer, "Policies", managedPolicy, (item, place) => readManagedPolicy(draft, item, place));
  each(draft, value, pointer, "UserDetailList", user, (item, place) => {
    const { UserId, UserPolicyList, GroupList, PermissionsBoundary } = item;
    readPrincipal(draft, place, "user", {
      ...item,
      uniqueId: UserId,
      inline: UserPolicyList,
      inlineName: "UserPolicyList",
      groups: GroupList,
      boundaryArn: PermissionsBoundary?.PermissionsBoundaryArn,
    });
  });
  each(draft, value, pointer, "GroupDetailList", group, (item, place) => {
    const { GroupId, GroupPolicyList } = item;
    readPrincipal(draft, place, "group", {
      ...item,
      uniqueId: GroupId,
      inline: GroupPolicyList,
      inlineName: "GroupPolicyList",
    });
  });
  each(draft, value, pointer, "RoleDetailList", role, (item, place) => {
    const { RoleId, RolePolicyList, PermissionsBoundary, RoleLastUsed } = item;
    readPrincipal(draft, place, "role", {
      ...item,
      uniqueId: RoleId,
      inline: RolePolicyList,
      inlineName: "RolePolicyList",
      boundaryArn: PermissionsBoundary?.PermissionsBoundaryArn,
      lastUsed: RoleLastUsed?.LastUsedDate,
    });
  });
}

interface RawPrincipal {
  readonly Arn: string;
  readonly CreateDate?: string | null | undefined;
  readonly AttachedManagedPolicies?:
    readonly { readonly PolicyArn: string; readonly PolicyName?: string | null | undefined }[] | null | undefined;
  readonly uniqueId: string | null | undefined;
  readonly inline: readonly { readonly PolicyName: string; readonly PolicyDocument?: unknown }[] | null | undefined;
  readonly inlineName: string;
  readonly groups?: readonly string[] | null | undefined;
  readonly boundaryArn?: string | null | undefined;
  readonly lastUsed?: string | null | undefined;
}

function readPrincipal(draft: Draft, place: string, kind: PrincipalKind, raw: RawPrincipal): void {
  const arn = parsePrincipalArn(raw.Arn);
  if (arn?.kind !== kind) {
    draft.refuse(
      "wrong-shape",
      `${place}/Arn`,
      `${quoted(raw.Arn)} is no ARN of a ${kind}`,
      "export the account again",
    );
    return;
  }
  draft.principals.push({
    arn: raw.Arn,
    ...arn,
    uniqueId: raw.uniqueId ?? "",
    createdAt: dateOrNull(raw.CreateDate),
    lastUsedAt: dateOrNull(raw.lastUsed),
    boundaryArn: raw.boundaryArn ?? null,
    groups: raw.groups ?? [],
  });
  (raw.inline ?? []).forEach(({ PolicyName, PolicyDocument }, index) => {
    const key = `${raw.Arn}#${PolicyName}`;
    const documentSha256 = addDocument(draft, PolicyDocument, `${place}/${raw.inlineName}/${index}/PolicyDocument`);
    if (documentSha256 === null) return;
    const { accountId } = arn;
    draft.addPolicy({
      key,
      kind: "inline",
      name: PolicyName,
      accountId,
      documentSha256,
      versionId: null,
      updatedAt: null,
    });
    draft.attachments.push({ principalArn: raw.Arn, policyKey: key });
  });
  (raw.AttachedManagedPolicies ?? []).forEach(({ PolicyArn }, index) => {
    const policy = managedPolicyRecord(PolicyArn);
    if (policy === undefined) {
      const at = `${place}/AttachedManagedPolicies/${index}/PolicyArn`;
      draft.refuse("wrong-shape", at, `${quoted(PolicyArn)} is no ARN of a managed policy`, "export the account again");
      return;
    }
    draft.addPolicy(policy);
    draft.attachments.push({ principalArn: raw.Arn, policyKey: PolicyArn });
  });
}

/** A managed policy as far as its ARN tells: known to be attached, its document perhaps in another page or file. */
function managedPolicyRecord(arn: string): PolicyRecord | undefined {
  const parts = parsePolicyArn(arn);
  if (parts === undefined) return undefined;
  const kind: PolicyKind = parts.accountId === null ? "aws" : "customer";
  return { key: arn, kind, ...parts, documentSha256: null, versionId: null, updatedAt: null };
}

function readManagedPolicy(draft: Draft, raw: z.infer<typeof managedPolicy>, place: string): void {
  const record = managedPolicyRecord(raw.Arn);
  if (record === undefined) {
    draft.refuse(
      "wrong-shape",
      `${place}/Arn`,
      `${quoted(raw.Arn)} is no ARN of a managed policy`,
      "export the account again",
    );
    return;
  }
  const versions = raw.PolicyVersionList ?? [];
  const marked = versions.findIndex(({ IsDefaultVersion }) => IsDefaultVersion === true);
  const index = marked < 0 ? versions.findIndex(({ VersionId }) => isSame(VersionId, raw.DefaultVersionId)) : marked;
  const version = versions[index];
  if (version === undefined) {
    const hint = "export it with its default version";
    draft.refuse("missing-default-version", place, `the default version of \`${raw.Arn}\` is not in the export`, hint);
    return;
  }
  const documentSha256 = addDocument(draft, version.Document, `${place}/PolicyVersionList/${index}/Document`);
  if (documentSha256 === null) return;
  draft.addPolicy({
    ...record,
    documentSha256,
    versionId: version.VersionId ?? raw.DefaultVersionId ?? null,
    updatedAt: dateOrNull(raw.UpdateDate),
  });
}

/** Two absent ids are not the same one. */
function isSame(id: string | null | undefined, other: string | null | undefined): boolean {
  return typeof id === "string" && id === other;
}

function addDocument(draft: Draft, raw: unknown, place: string): string | null {
  const result = readDocument(raw);
  if ("record" in result) {
    draft.addDocument(result.record);
    return result.record.sha256;
  }
  draft.refuse(
    "invalid-policy",
    place + result.pointer,
    result.message,
    "the policy is left out; check it with IAM's policy validation",
  );
  return null;
}

function each<T extends z.ZodType>(
  draft: Draft,
  value: Record<string, unknown>,
  pointer: string,
  name: (typeof LISTS)[number],
  schema: T,
  read: (item: z.infer<T>, place: string) => void,
): void {
  const items = value[name];
  if (items === undefined || items === null) return;
  if (!Array.isArray(items)) {
    draft.refuse("wrong-shape", `${pointer}/${name}`, `\`${name}\` is no list`, "export the account again");
    return;
  }
  items.forEach((item: unknown, index) => {
    const place = `${pointer}/${name}/${index}`;
    const checked = schema.safeParse(item);
    if (checked.success) {
      read(checked.data, place);
      return;
    }
    const issue = firstIssue(checked.error);
    draft.refuse(
      "wrong-shape",
      place + issue.pointer,
      issue.message,
      "this item is left out; export the account again",
    );
  });
}
