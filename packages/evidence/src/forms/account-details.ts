import type { PrincipalKind } from "@leastwise/core";
import { z } from "zod";
import { parsePrincipalArn } from "../arn.ts";
import type { Draft } from "../draft.ts";
import { dateOrNull, isObject, quoted } from "../fields.ts";
import { firstIssue } from "../zod-issue.ts";
import { type Page, damagedPrincipal, pageOf } from "./completeness.ts";
import { addDocument, addInlinePolicy, attachManagedPolicy, managedPolicyRecord } from "./policies.ts";

/** `aws iam get-account-authorization-details`. Source: botocore model iam 2010-05-08. */
const KIND = "account authorization details";

const list = <T extends z.ZodType>(item: T) => z.array(item).nullish();
// Documents are checked by readDocument, one by one: an absent one costs its policy, not its principal.
const inlinePolicies = list(z.looseObject({ PolicyName: z.string(), PolicyDocument: z.unknown().optional() }));
const attachedPolicies = list(z.looseObject({ PolicyName: z.string().nullish(), PolicyArn: z.string() }));
const boundary = z.looseObject({ PermissionsBoundaryArn: z.string().nullish() }).nullish();
const text = z.string().nullish();
const count = z.int().min(0).nullish();
const tags = list(z.looseObject({ Key: z.string(), Value: text }));
const common = { Arn: z.string(), CreateDate: text, AttachedManagedPolicies: attachedPolicies };

const user = z.looseObject({
  ...common,
  UserName: z.string(),
  UserId: text,
  UserPolicyList: inlinePolicies,
  GroupList: list(z.string()),
  PermissionsBoundary: boundary,
  Tags: tags,
});
const group = z.looseObject({ ...common, GroupName: z.string(), GroupId: text, GroupPolicyList: inlinePolicies });
const role = z.looseObject({
  ...common,
  RoleName: z.string(),
  RoleId: text,
  RolePolicyList: inlinePolicies,
  PermissionsBoundary: boundary,
  RoleLastUsed: z.looseObject({ LastUsedDate: text }).nullish(),
  Tags: tags,
});
const managedPolicy = z.looseObject({
  PolicyName: z.string(),
  Arn: z.string(),
  DefaultVersionId: text,
  AttachmentCount: count,
  PermissionsBoundaryUsageCount: count,
  UpdateDate: text,
  PolicyVersionList: list(
    z.looseObject({
      VersionId: text,
      IsDefaultVersion: z.boolean().nullish(),
      CreateDate: text,
      Document: z.unknown().optional(),
    }),
  ),
});

const LISTS = ["UserDetailList", "GroupDetailList", "RoleDetailList", "Policies"] as const;
const KINDS = { UserDetailList: "user", GroupDetailList: "group", RoleDetailList: "role" } as const;

export function isAccountDetails(value: unknown): value is Record<string, unknown> {
  if (!isObject(value)) return false;
  if (LISTS.some((name) => name !== "Policies" && Array.isArray(value[name]))) return true;
  const policies = value["Policies"]; // a last page may hold nothing else; list-policies has no versions
  return Array.isArray(policies) && policies.some((item) => isObject(item) && "PolicyVersionList" in item);
}

/** Reads one export or one page of it. Each user, group, role and policy stands or falls by itself. */
export function readAccountDetails(draft: Draft, value: Record<string, unknown>, pointer: string): void {
  draft.recognised(KIND);
  const page = pageOf(draft, value);
  each(draft, page, pointer, "Policies", managedPolicy, (item, place) => readManagedPolicy(draft, item, place));
  each(draft, page, pointer, "UserDetailList", user, (item, place) => {
    const { UserId, UserPolicyList, GroupList, PermissionsBoundary, Tags } = item;
    readPrincipal(draft, page, place, "user", {
      ...item,
      uniqueId: UserId,
      inline: UserPolicyList,
      inlineName: "UserPolicyList",
      groups: GroupList,
      boundaryArn: PermissionsBoundary?.PermissionsBoundaryArn,
      tags: Tags,
    });
  });
  each(draft, page, pointer, "GroupDetailList", group, (item, place) => {
    const { GroupId, GroupPolicyList } = item;
    readPrincipal(draft, page, place, "group", {
      ...item,
      uniqueId: GroupId,
      inline: GroupPolicyList,
      inlineName: "GroupPolicyList",
    });
  });
  each(draft, page, pointer, "RoleDetailList", role, (item, place) => {
    const { RoleId, RolePolicyList, PermissionsBoundary, RoleLastUsed, Tags } = item;
    readPrincipal(draft, page, place, "role", {
      ...item,
      uniqueId: RoleId,
      inline: RolePolicyList,
      inlineName: "RolePolicyList",
      boundaryArn: PermissionsBoundary?.PermissionsBoundaryArn,
      tracksLastUse: isObject(RoleLastUsed), // `{}` of a role that was not used while AWS kept track
      lastUsed: RoleLastUsed?.LastUsedDate,
      tags: Tags,
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
  readonly tracksLastUse?: boolean;
  readonly lastUsed?: string | null | undefined;
  readonly tags?: readonly { readonly Key: string; readonly Value?: string | null | undefined }[] | null | undefined;
}

function readPrincipal(draft: Draft, page: Page, place: string, kind: PrincipalKind, raw: RawPrincipal): void {
  const arn = parsePrincipalArn(raw.Arn);
  if (arn?.kind !== kind) {
    draft.refuse(
      "wrong-shape",
      `${place}/Arn`,
      `${quoted(raw.Arn)} is no ARN of a ${kind}`,
      "export the account again",
    );
    damagedPrincipal(draft, page, kind, null);
    return;
  }
  draft.principals.push({
    arn: raw.Arn,
    ...arn,
    uniqueId: raw.uniqueId ?? "",
    createdAt: dateOrNull(raw.CreateDate),
    lastUsedAt: dateOrNull(raw.lastUsed),
    boundaryArn: raw.boundaryArn ?? null,
    tracksLastUse: raw.tracksLastUse ?? false,
    groups: raw.groups ?? [],
    tags: (raw.tags ?? []).map(({ Key, Value }) => ({ key: Key, value: Value ?? "" })),
  });
  (raw.inline ?? []).forEach(({ PolicyName, PolicyDocument }, index) => {
    const at = `${place}/${raw.inlineName}/${index}/PolicyDocument`;
    addInlinePolicy(draft, { arn: raw.Arn, accountId: arn.accountId }, PolicyName, PolicyDocument, at);
  });
  (raw.AttachedManagedPolicies ?? []).forEach(({ PolicyArn }, index) => {
    attachManagedPolicy(draft, raw.Arn, PolicyArn, `${place}/AttachedManagedPolicies/${index}/PolicyArn`);
  });
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
    updatedAt: dateOrNull(raw.UpdateDate) ?? dateOrNull(version.CreateDate),
    attachmentCount: raw.AttachmentCount ?? null,
    boundaryCount: raw.PermissionsBoundaryUsageCount ?? null,
  });
}

/** Two absent ids are not the same one. */
function isSame(id: string | null | undefined, other: string | null | undefined): boolean {
  return typeof id === "string" && id === other;
}

function each<T extends z.ZodType>(
  draft: Draft,
  page: Page,
  pointer: string,
  name: (typeof LISTS)[number],
  schema: T,
  read: (item: z.infer<T>, place: string) => void,
): void {
  const items = page.value[name];
  if (items === undefined || items === null) return;
  if (!Array.isArray(items)) {
    draft.refuse("wrong-shape", `${pointer}/${name}`, `\`${name}\` is no list`, "export the account again");
    if (name !== "Policies") damagedPrincipal(draft, page, KINDS[name], null);
    return;
  }
  items.forEach((item: unknown, index) => {
    const place = `${pointer}/${name}/${index}`;
    const checked = schema.safeParse(item);
    if (checked.success) {
      read(checked.data, place);
      return;
    }
    if (name !== "Policies") damagedPrincipal(draft, page, KINDS[name], item);
    const issue = firstIssue(checked.error);
    draft.refuse(
      "wrong-shape",
      place + issue.pointer,
      issue.message,
      "this item is left out; export the account again",
    );
  });
}
