import type { PrincipalKind } from "@leastwise/core";
import { parsePrincipalArn } from "../arn.ts";
import type { Draft } from "../draft.ts";
import { dateOrNull, isObject, quoted } from "../fields.ts";
import { firstIssue } from "../zod-issue.ts";
import {
  GROUP,
  type Group,
  type InlinePolicies,
  MANAGED_POLICY,
  type ManagedPolicy,
  type Owner,
  ROLE,
  type Role,
  type Shape,
  type Tags,
  USER,
  type User,
} from "./account-shapes.ts";
import { LISTS, type Page, damagedPrincipal, pageOf } from "./completeness.ts";
import { addDocument, addInlinePolicy, attachManagedPolicy, managedPolicyRecord } from "./policies.ts";

/** `aws iam get-account-authorization-details`. Source: botocore model iam 2010-05-08. */
const KIND = "account authorization details";

const KINDS = { UserDetailList: "user", GroupDetailList: "group", RoleDetailList: "role" } as const;

export function isAccountDetails(value: unknown): value is Record<string, unknown> {
  if (!isObject(value)) return false;
  if (LISTS.some((name) => name !== "Policies" && Array.isArray(value[name]))) return true;
  const policies = value["Policies"]; // a last page may hold nothing else; list-policies has no versions
  return Array.isArray(policies) && policies.some((item) => isObject(item) && "PolicyVersionList" in item);
}

/** The order in which lists are read, whatever their order in the file: policies before those who have them. */
export const READ_ORDER: readonly ListName[] = ["Policies", "UserDetailList", "GroupDetailList", "RoleDetailList"];

type ListName = (typeof LISTS)[number];

/** Reads one export or one page of it. Each user, group, role and policy stands or falls by itself. */
export function readAccountDetails(draft: Draft, value: Record<string, unknown>, pointer: string): void {
  const page = beginAccountDetails(draft, value);
  for (const name of READ_ORDER) readItems(draft, page, name, value[name], `${pointer}/${name}`, 0);
}

/** @param accounts those of the page's ARNs, where its lists are not in `value` */
export function beginAccountDetails(draft: Draft, value: Record<string, unknown>, accounts?: readonly string[]): Page {
  draft.recognised(KIND);
  return pageOf(draft, value, accounts);
}

/**
 * Reads one of a page's lists, or items of it.
 *
 * @param place the list's
 * @param first the number of the first of the items
 */
export function readItems(
  draft: Draft,
  page: Page,
  name: ListName,
  items: unknown,
  place: string,
  first: number,
): void {
  if (items === undefined || items === null) return;
  if (!Array.isArray(items)) {
    draft.refuse("wrong-shape", place, `\`${name}\` is no list`, "export the account again");
    if (name !== "Policies") damagedPrincipal(draft, page, KINDS[name], null);
    return;
  }
  switch (name) {
    case "Policies":
      return each(draft, page, name, MANAGED_POLICY, items, place, first, readManagedPolicy);
    case "UserDetailList":
      return each(draft, page, name, USER, items, place, first, (_, item, at) => readUser(draft, page, item, at));
    case "GroupDetailList":
      return each(draft, page, name, GROUP, items, place, first, (_, item, at) => readGroup(draft, page, item, at));
    case "RoleDetailList":
      return each(draft, page, name, ROLE, items, place, first, (_, item, at) => readRole(draft, page, item, at));
  }
}

function readUser(draft: Draft, page: Page, item: User, place: string): void {
  const { UserId, UserPolicyList, GroupList, PermissionsBoundary, Tags } = item;
  readPrincipal(draft, page, place, "user", item, {
    uniqueId: UserId,
    inline: UserPolicyList,
    inlineName: "UserPolicyList",
    groups: GroupList,
    boundaryArn: PermissionsBoundary?.PermissionsBoundaryArn,
    tags: Tags,
  });
}

function readGroup(draft: Draft, page: Page, item: Group, place: string): void {
  const { GroupId, GroupPolicyList } = item;
  readPrincipal(draft, page, place, "group", item, {
    uniqueId: GroupId,
    inline: GroupPolicyList,
    inlineName: "GroupPolicyList",
  });
}

function readRole(draft: Draft, page: Page, item: Role, place: string): void {
  const { RoleId, RolePolicyList, PermissionsBoundary, RoleLastUsed, Tags } = item;
  readPrincipal(draft, page, place, "role", item, {
    uniqueId: RoleId,
    inline: RolePolicyList,
    inlineName: "RolePolicyList",
    boundaryArn: PermissionsBoundary?.PermissionsBoundaryArn,
    tracksLastUse: isObject(RoleLastUsed), // `{}` of a role that was not used while AWS kept track
    lastUsed: RoleLastUsed?.LastUsedDate,
    tags: Tags,
  });
}

/** What is called differently in users, groups and roles, or stands in some of them only. */
interface Rest {
  readonly uniqueId: string | null | undefined;
  readonly inline: InlinePolicies;
  readonly inlineName: string;
  readonly groups?: readonly string[] | null | undefined;
  readonly boundaryArn?: string | null | undefined;
  readonly tracksLastUse?: boolean;
  readonly lastUsed?: string | null | undefined;
  readonly tags?: Tags;
}

function readPrincipal(
  draft: Draft,
  page: Page,
  place: string,
  kind: PrincipalKind,
  { Arn, CreateDate, AttachedManagedPolicies }: Owner,
  raw: Rest,
): void {
  const arn = parsePrincipalArn(Arn);
  if (arn?.kind !== kind) {
    draft.refuse("wrong-shape", `${place}/Arn`, `${quoted(Arn)} is no ARN of a ${kind}`, "export the account again");
    damagedPrincipal(draft, page, kind, null);
    return;
  }
  draft.principals.push({
    arn: Arn,
    ...arn,
    uniqueId: raw.uniqueId ?? "",
    createdAt: dateOrNull(CreateDate),
    lastUsedAt: dateOrNull(raw.lastUsed),
    boundaryArn: raw.boundaryArn ?? null,
    tracksLastUse: raw.tracksLastUse ?? false,
    groups: raw.groups ?? [],
    tags: (raw.tags ?? []).map(({ Key, Value }) => ({ key: Key, value: Value ?? "" })),
  });
  (raw.inline ?? []).forEach(({ PolicyName, PolicyDocument }, index) => {
    const at = `${place}/${raw.inlineName}/${index}/PolicyDocument`;
    addInlinePolicy(draft, { arn: Arn, accountId: arn.accountId }, PolicyName, PolicyDocument, at);
  });
  (AttachedManagedPolicies ?? []).forEach(({ PolicyArn }, index) => {
    attachManagedPolicy(draft, Arn, PolicyArn, `${place}/AttachedManagedPolicies/${index}/PolicyArn`);
  });
}

function readManagedPolicy(draft: Draft, raw: ManagedPolicy, place: string): void {
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

function each<T>(
  draft: Draft,
  page: Page,
  name: ListName,
  shape: Shape<T>,
  items: readonly unknown[],
  list: string,
  first: number,
  read: (draft: Draft, item: T, place: string) => void,
): void {
  items.forEach((item, index) => {
    const place = `${list}/${first + index}`;
    if (shape.fits(item)) {
      read(draft, item, place);
      return;
    }
    const checked = shape.schema.safeParse(item);
    if (checked.success) {
      read(draft, checked.data, place);
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
