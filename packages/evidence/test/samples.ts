import type { Diagnostic, Evidence } from "@leastwise/core";
import { readEvidence } from "../src/index.ts";

/** Inputs as AWS documents them (botocore iam 2010-05-08, accessanalyzer 2019-11-01), to be varied by each test. */

export const ACCOUNT = "111122223333";
export const ROLE_ARN = `arn:aws:iam::${ACCOUNT}:role/service/orders`;

export const POLICY = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: ["s3:GetObject", "s3:PutObject"], Resource: "arn:aws:s3:::orders/*" }],
};

export function role(fields: object = {}): Record<string, unknown> {
  return {
    Path: "/service/",
    RoleName: "orders",
    RoleId: "AROAEXAMPLEORDERS0001",
    Arn: ROLE_ARN,
    CreateDate: "2024-02-11T08:30:00+00:00",
    AssumeRolePolicyDocument: { Version: "2012-10-17", Statement: [] },
    InstanceProfileList: [],
    RolePolicyList: [],
    AttachedManagedPolicies: [],
    Tags: [],
    RoleLastUsed: {},
    ...fields,
  };
}

export function managedPolicy(fields: object = {}): Record<string, unknown> {
  return {
    PolicyName: "OrdersAccess",
    PolicyId: "ANPAEXAMPLEORDERS0001",
    Arn: `arn:aws:iam::${ACCOUNT}:policy/OrdersAccess`,
    Path: "/",
    DefaultVersionId: "v1",
    AttachmentCount: 1,
    PermissionsBoundaryUsageCount: 0,
    IsAttachable: true,
    CreateDate: "2024-02-11T08:30:00+00:00",
    UpdateDate: "2025-06-01T10:00:00+00:00",
    PolicyVersionList: [
      { Document: POLICY, VersionId: "v1", IsDefaultVersion: true, CreateDate: "2024-02-11T08:30:00+00:00" },
    ],
    ...fields,
  };
}

/** An export of `get-account-authorization-details`. */
export function account(lists: object = {}): Record<string, unknown> {
  return { UserDetailList: [], GroupDetailList: [], RoleDetailList: [], Policies: [], IsTruncated: false, ...lists };
}

export function withInline(document: unknown): Record<string, unknown> {
  return account({ RoleDetailList: [role({ RolePolicyList: [{ PolicyName: "inline", PolicyDocument: document }] })] });
}

/** The output of `get-finding-v2` for one role. */
export function finding(fields: object = {}): Record<string, unknown> {
  return {
    analyzedAt: "2026-09-24T11:43:36+00:00",
    createdAt: "2026-05-14T13:52:52+00:00",
    id: "0fcf4a18-be20-4205-abf3-db867f8479be",
    resource: ROLE_ARN,
    resourceType: "AWS::IAM::Role",
    resourceOwnerAccount: ACCOUNT,
    status: "ACTIVE",
    updatedAt: "2026-09-24T09:38:48+00:00",
    findingDetails: [unusedPermission("s3", [{ action: "PutObject", lastAccessed: "2026-01-02T03:04:05+00:00" }])],
    findingType: "UnusedPermission",
    ...fields,
  };
}

export function unusedPermission(serviceNamespace: string, actions?: unknown): object {
  return { unusedPermissionDetails: { serviceNamespace, ...(actions === undefined ? {} : { actions }) } };
}

/** The output of `get-service-last-accessed-details` for one principal. */
export function lastAccessed(fields: object = {}): Record<string, unknown> {
  return {
    JobStatus: "COMPLETED",
    JobType: "ACTION_LEVEL",
    JobCreationDate: "2026-09-24T09:00:00+00:00",
    JobCompletionDate: "2026-09-24T09:00:07+00:00",
    ServicesLastAccessed: [
      {
        ServiceName: "Amazon S3",
        LastAuthenticated: "2026-09-20T08:00:00+00:00",
        ServiceNamespace: "s3",
        LastAuthenticatedEntity: ROLE_ARN,
        LastAuthenticatedRegion: "eu-central-1",
        TotalAuthenticatedEntities: 1,
        TrackedActionsLastAccessed: [
          {
            ActionName: "PutBucketPolicy",
            LastAccessedEntity: ROLE_ARN,
            LastAccessedTime: "2026-09-20T08:00:00+00:00",
            LastAccessedRegion: "eu-central-1",
          },
          { ActionName: "DeleteBucket" },
        ],
      },
      { ServiceName: "Amazon SQS", ServiceNamespace: "sqs", TotalAuthenticatedEntities: 0 },
    ],
    IsTruncated: false,
    ...fields,
  };
}

/** One step of a recommendation. */
function step(recommendedAction: string, more: object = {}): object {
  return { unusedPermissionsRecommendedStep: { recommendedAction, ...more } };
}

/** The output of `get-finding-recommendation` for one role. */
export function recommendation(fields: object = {}): Record<string, unknown> {
  const managed = {
    existingPolicyId: "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess",
    policyUpdatedAt: "2023-08-10T21:31:39+00:00",
  };
  return {
    startedAt: "2026-09-24T09:00:00+00:00",
    completedAt: "2026-09-24T09:00:04+00:00",
    status: "SUCCEEDED",
    resourceArn: ROLE_ARN,
    recommendationType: "UnusedPermissionRecommendation",
    recommendedSteps: [
      step("CREATE_POLICY", { ...managed, recommendedPolicy: JSON.stringify(POLICY) }),
      step("DETACH_POLICY", managed),
      step("DETACH_POLICY", { existingPolicyId: "inline" }),
    ],
    ...fields,
  };
}

export function readText(text: string, path = "export.json"): Evidence {
  return readEvidence(path, Buffer.from(text));
}

export function readJson(value: unknown, path?: string): Evidence {
  return readText(JSON.stringify(value), path);
}

export function codes({ diagnostics }: Evidence): readonly string[] {
  return diagnostics.map(({ code }) => code);
}

/** `code at pointer`, which is what a person follows to the place. */
export function places({ diagnostics }: Evidence): readonly string[] {
  return diagnostics.map(({ code, pointer }) => `${code} at ${pointer}`);
}

/** What is wrong with a diagnostic by the house's own rules (STYLE 9 and 10); empty when it keeps them. */
export function faultsOf({ code, severity, path, message, hint }: Diagnostic): readonly string[] {
  const faults: string[] = [];
  if (!/^[a-z0-9]+(-[a-z0-9]+)+$/.test(code)) faults.push(`code: ${code}`);
  if (!["error", "warning", "info"].includes(severity)) faults.push(`severity: ${severity}`);
  if (path === "") faults.push("no path");
  if (message === "" || /^\p{Lu}\p{Ll}/u.test(message) || message.endsWith(".")) faults.push(`message: ${message}`);
  if (/[\p{Cc}\p{Zl}\p{Zp}]/u.test(message + hint)) faults.push(`not one line: ${JSON.stringify(message)}`);
  return faults;
}
