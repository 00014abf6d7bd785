import { z } from "zod";
import { isObject } from "../fields.ts";
import { isCountOrNone, isListOrNone, isObjectOrNone, isText, isTextOrNone } from "../quick-checks.ts";

/** A shape twice: `fits` says yes quickly, and only to what `schema` takes as well, which says what is wrong otherwise. */
export interface Shape<T> {
  readonly schema: z.ZodType<T>;
  readonly fits: (item: unknown) => item is T;
}

type Maybe<T> = T | null | undefined;

/** What users, groups and roles have in common. */
export interface Owner {
  readonly Arn: string;
  readonly CreateDate?: Maybe<string>;
  readonly AttachedManagedPolicies?: Maybe<readonly { readonly PolicyArn: string }[]>;
}

export type InlinePolicies = Maybe<readonly { readonly PolicyName: string; readonly PolicyDocument?: unknown }[]>;
export type Tags = Maybe<readonly { readonly Key: string; readonly Value?: Maybe<string> }[]>;
type Boundary = Maybe<{ readonly PermissionsBoundaryArn?: Maybe<string> }>;

export interface User extends Owner {
  readonly UserId?: Maybe<string>;
  readonly UserPolicyList?: InlinePolicies;
  readonly GroupList?: Maybe<readonly string[]>;
  readonly PermissionsBoundary?: Boundary;
  readonly Tags?: Tags;
}

export interface Group extends Owner {
  readonly GroupId?: Maybe<string>;
  readonly GroupPolicyList?: InlinePolicies;
}

export interface Role extends Owner {
  readonly RoleId?: Maybe<string>;
  readonly RolePolicyList?: InlinePolicies;
  readonly PermissionsBoundary?: Boundary;
  readonly RoleLastUsed?: Maybe<{ readonly LastUsedDate?: Maybe<string> }>;
  readonly Tags?: Tags;
}

export interface ManagedPolicy {
  readonly Arn: string;
  readonly DefaultVersionId?: Maybe<string>;
  readonly AttachmentCount?: Maybe<number>;
  readonly PermissionsBoundaryUsageCount?: Maybe<number>;
  readonly UpdateDate?: Maybe<string>;
  readonly PolicyVersionList?: Maybe<readonly PolicyVersion[]>;
}

interface PolicyVersion {
  readonly VersionId?: Maybe<string>;
  readonly IsDefaultVersion?: Maybe<boolean>;
  readonly CreateDate?: Maybe<string>;
  readonly Document?: unknown;
}

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

export const USER: Shape<User> = {
  schema: user,
  fits: (item): item is User =>
    isObject(item) &&
    isOwner(item, "UserName", "UserId", "UserPolicyList") &&
    isListOrNone(item["GroupList"], isText) &&
    isObjectOrNone(item["PermissionsBoundary"], isBoundary) &&
    isListOrNone(item["Tags"], isTag),
};

export const GROUP: Shape<Group> = {
  schema: group,
  fits: (item): item is Group => isObject(item) && isOwner(item, "GroupName", "GroupId", "GroupPolicyList"),
};

export const ROLE: Shape<Role> = {
  schema: role,
  fits: (item): item is Role =>
    isObject(item) &&
    isOwner(item, "RoleName", "RoleId", "RolePolicyList") &&
    isObjectOrNone(item["PermissionsBoundary"], isBoundary) &&
    isObjectOrNone(item["RoleLastUsed"], ({ LastUsedDate }) => isTextOrNone(LastUsedDate)) &&
    isListOrNone(item["Tags"], isTag),
};

export const MANAGED_POLICY: Shape<ManagedPolicy> = {
  schema: managedPolicy,
  fits: (item): item is ManagedPolicy =>
    isObject(item) &&
    isText(item["PolicyName"]) &&
    isText(item["Arn"]) &&
    isTextOrNone(item["DefaultVersionId"]) &&
    isCountOrNone(item["AttachmentCount"]) &&
    isCountOrNone(item["PermissionsBoundaryUsageCount"]) &&
    isTextOrNone(item["UpdateDate"]) &&
    isListOrNone(item["PolicyVersionList"], isVersion),
};

function isOwner(item: Record<string, unknown>, name: string, id: string, inline: string): boolean {
  return (
    isText(item["Arn"]) &&
    isText(item[name]) &&
    isTextOrNone(item[id]) &&
    isTextOrNone(item["CreateDate"]) &&
    isListOrNone(item["AttachedManagedPolicies"], isAttached) &&
    isListOrNone(item[inline], isInline)
  );
}

function isInline(item: unknown): boolean {
  return isObject(item) && isText(item["PolicyName"]);
}

function isAttached(item: unknown): boolean {
  return isObject(item) && isText(item["PolicyArn"]) && isTextOrNone(item["PolicyName"]);
}

function isBoundary({ PermissionsBoundaryArn }: Record<string, unknown>): boolean {
  return isTextOrNone(PermissionsBoundaryArn);
}

function isTag(item: unknown): boolean {
  return isObject(item) && isText(item["Key"]) && isTextOrNone(item["Value"]);
}

function isVersion(item: unknown): boolean {
  if (!isObject(item)) return false;
  const { VersionId, IsDefaultVersion, CreateDate } = item;
  const isFlag = typeof IsDefaultVersion === "boolean" || IsDefaultVersion === undefined || IsDefaultVersion === null;
  return isFlag && isTextOrNone(VersionId) && isTextOrNone(CreateDate);
}
