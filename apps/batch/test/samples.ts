/** Inputs as AWS's own commands give them (botocore iam 2010-05-08, accessanalyzer 2019-11-01, securityhub 2018-10-26), to be varied by each test. */
import type { PolicyDocument } from "./leastwise.ts";

export const ACCOUNT = "123456789012";

export type Kind = "role" | "user" | "group";

export function arnOf(kind: Kind | "policy", name: string, path = "/"): string {
  return `arn:aws:iam::${ACCOUNT}:${kind}${path}${name}`;
}

/** A role, user or group of the account, with its policies. */
export interface Member {
  readonly kind: Kind;
  readonly name: string;
  readonly path?: string;
  readonly created?: string;
  readonly inline?: Readonly<Record<string, unknown>>;
  /** ARNs. */
  readonly attached?: readonly string[];
  readonly groups?: readonly string[];
  readonly tags?: Readonly<Record<string, string>>;
  /** Other fields as AWS has them. */
  readonly more?: object;
}

/** `aws iam get-account-authorization-details` of the account. Managed policies by their ARNs. */
export function account(
  members: readonly Member[],
  policies: Readonly<Record<string, { readonly document: unknown; readonly updated?: string }>> = {},
): object {
  const detail = ({
    kind,
    name,
    path = "/",
    created,
    inline = {},
    attached = [],
    groups,
    tags,
    more,
  }: Member): object => {
    const Kind = { role: "Role", user: "User", group: "Group" }[kind];
    return {
      Path: path,
      [`${Kind}Name`]: name,
      [`${Kind}Id`]: `${{ role: "AROA", user: "AIDA", group: "AGPA" }[kind]}${name.toUpperCase().replaceAll(/\W/g, "")}`,
      Arn: arnOf(kind, name, path),
      CreateDate: created ?? "2024-01-01T00:00:00+00:00",
      [`${Kind}PolicyList`]: Object.entries(inline).map(([PolicyName, PolicyDocument]) => ({
        PolicyName,
        PolicyDocument,
      })),
      AttachedManagedPolicies: attached.map((PolicyArn) => ({ PolicyName: PolicyArn.split("/").at(-1), PolicyArn })),
      AssumeRolePolicyDocument: kind === "role" ? {} : undefined, // left out of JSON, here and below
      GroupList: kind === "user" ? (groups ?? []) : undefined,
      Tags: kind === "group" ? undefined : Object.entries(tags ?? {}).map(([Key, Value]) => ({ Key, Value })),
      ...more,
    };
  };
  const of = (kind: Kind): readonly object[] => members.filter((member) => member.kind === kind).map(detail);
  return {
    UserDetailList: of("user"),
    GroupDetailList: of("group"),
    RoleDetailList: of("role"),
    Policies: Object.entries(policies).map(([Arn, { document, updated }]) => ({
      PolicyName: Arn.split("/").at(-1),
      PolicyId: `ANPA${Arn.length}`,
      Arn,
      Path: "/",
      DefaultVersionId: "v1",
      AttachmentCount: members.filter(({ attached = [] }) => attached.includes(Arn)).length,
      PermissionsBoundaryUsageCount: 0,
      UpdateDate: updated ?? "2024-01-01T00:00:00+00:00",
      PolicyVersionList: [
        {
          VersionId: "v1",
          IsDefaultVersion: true,
          Document: document,
          CreateDate: updated ?? "2024-01-01T00:00:00+00:00",
        },
      ],
    })),
    IsTruncated: false,
  };
}

/** What is unused, by service; null is the whole service. A list may say when an action was last accessed. */
export type Unused = Readonly<
  Record<string, readonly (string | readonly [action: string, lastAccessed: string])[] | null>
>;

/** `aws accessanalyzer get-finding-v2`, type UnusedPermission. */
export function finding(resource: string, unused: Unused, fields: object = {}): object {
  return {
    id: `finding-${resource.split("/").at(-1)}`,
    findingType: "UnusedPermission",
    resource,
    resourceType: resource.includes(":user/") ? "AWS::IAM::User" : "AWS::IAM::Role",
    resourceOwnerAccount: ACCOUNT,
    status: "ACTIVE",
    analyzedAt: "2026-11-20T00:00:00Z",
    createdAt: "2026-06-01T00:00:00Z",
    updatedAt: "2026-11-20T00:00:00Z",
    findingDetails: Object.entries(unused).map(([serviceNamespace, actions]) => ({
      unusedPermissionDetails: {
        serviceNamespace,
        actions: actions?.map((action) => {
          const [name, time] = typeof action === "string" ? [action] : action;
          return { action: name, lastAccessed: time }; // a time that is undefined is left out of JSON, here and below
        }),
      },
    })),
    ...fields,
  };
}

/** When a service was last accessed, and its tracked actions; null is never. */
export interface Accessed {
  readonly at: string | null;
  readonly actions?: Readonly<Record<string, string | null>>;
}

/** `aws iam get-service-last-accessed-details`, wrapped with its principal. */
export function lastAccessed(
  arn: string,
  level: "ACTION_LEVEL" | "SERVICE_LEVEL",
  services: Readonly<Record<string, Accessed>>,
  fields: object = {},
): object {
  const details = {
    JobStatus: "COMPLETED",
    JobType: level,
    JobCreationDate: "2026-11-20T00:00:00+00:00",
    JobCompletionDate: "2026-11-20T00:00:07+00:00",
    ServicesLastAccessed: Object.entries(services).map(([ServiceNamespace, { at, actions }]) => ({
      ServiceName: ServiceNamespace.toUpperCase(),
      ServiceNamespace,
      TotalAuthenticatedEntities: at === null ? 0 : 1,
      LastAuthenticated: at ?? undefined, // left out of JSON, here and below
      LastAuthenticatedEntity: at === null ? undefined : arn,
      TrackedActionsLastAccessed:
        actions === undefined || level === "SERVICE_LEVEL"
          ? undefined
          : Object.entries(actions).map(([ActionName, time]) => ({
              ActionName,
              LastAccessedEntity: time === null ? undefined : arn,
              LastAccessedTime: time ?? undefined,
            })),
    })),
    IsTruncated: false,
    ...fields,
  };
  return { arn, details };
}

/** A record of a CloudTrail log file: `source` is `s3` for `s3.amazonaws.com`. */
export function trailRecord(
  arn: string,
  source: string,
  eventName: string,
  eventTime: string,
  fields: object = {},
): object {
  const name = arn.split("/").at(-1);
  const isUser = arn.includes(":user/");
  return {
    eventVersion: "1.11",
    userIdentity: isUser
      ? { type: "IAMUser", principalId: "AIDAEXAMPLE", arn, accountId: ACCOUNT, userName: name }
      : {
          type: "AssumedRole",
          principalId: "AROAEXAMPLE:session",
          arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${name}/session`,
          accountId: ACCOUNT,
          sessionContext: {
            sessionIssuer: { type: "Role", principalId: "AROAEXAMPLE", arn, accountId: ACCOUNT, userName: name },
          },
        },
    eventTime,
    eventSource: `${source}.amazonaws.com`,
    eventName,
    awsRegion: "eu-west-1",
    eventType: "AwsApiCall",
    managementEvent: true,
    recipientAccountId: ACCOUNT,
    eventCategory: "Management",
    ...fields,
  };
}

/** What AWS recommends for one policy: a document to put in its place, or null to detach it. */
export interface AwsAnswer {
  readonly id: string;
  readonly document: PolicyDocument | null;
  readonly updated?: string;
  readonly existing?: PolicyDocument;
}

/** `aws accessanalyzer get-finding-recommendation`. */
export function awsRecommendation(resourceArn: string, answers: readonly AwsAnswer[], fields: object = {}): object {
  const step = (recommendedAction: string, { id, updated, document }: AwsAnswer): object => ({
    unusedPermissionsRecommendedStep: {
      recommendedAction,
      existingPolicyId: id,
      policyUpdatedAt: updated,
      recommendedPolicy: recommendedAction === "CREATE_POLICY" ? JSON.stringify(document) : undefined,
    },
  });
  return {
    startedAt: "2026-11-20T00:00:00Z",
    completedAt: "2026-11-20T00:00:04Z",
    status: "SUCCEEDED",
    resourceArn,
    recommendationType: "UnusedPermissionRecommendation",
    recommendedSteps: answers.flatMap((answer) =>
      answer.document === null
        ? [step("DETACH_POLICY", answer)]
        : [step("CREATE_POLICY", answer), step("DETACH_POLICY", answer)],
    ),
    ...fields,
  };
}

/** `aws securityhub get-recommended-policy-v2`. */
export function hubRecommendation(ResourceArn: string, answers: readonly AwsAnswer[], fields: object = {}): object {
  return {
    ResourceArn,
    RecommendationType: "UNUSED_PERMISSION_RECOMMENDATION",
    Status: "SUCCEEDED",
    RecommendationSteps: answers.map(({ id, document, updated, existing }) => ({
      UnusedPermissions: {
        RecommendedAction: document === null ? "DETACH_POLICY" : "CREATE_POLICY",
        ExistingPolicyId: id,
        PolicyUpdatedAt: updated,
        ExistingPolicy: existing === undefined ? undefined : JSON.stringify(existing),
        RecommendedPolicy: document === null ? undefined : JSON.stringify(document),
      },
    })),
    ...fields,
  };
}
