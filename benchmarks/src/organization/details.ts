import type { PolicyDocument } from "@leastwise/core";
import type { Account, Role } from "./account.ts";
import type { ManagedPolicy } from "./managed-policies.ts";
import { LATELY } from "./reports.ts";

const CREATED = "2024-05-01T10:00:00+00:00";

/** `aws iam get-account-authorization-details`, indented as AWS's CLI does, piece by piece. */
export function* detailsText({ roles, policies }: Account): Generator<string> {
  yield '{\n    "UserDetailList": [],\n    "GroupDetailList": [],\n    "RoleDetailList": ';
  yield* listText(roles, roleDetail);
  yield ',\n    "Policies": ';
  yield* listText(policies, policyDetail);
  yield "\n}";
}

/** As `JSON.stringify` with an indentation of four would write it one level down. */
function* listText<T>(items: readonly T[], detailOf: (item: T) => object): Generator<string> {
  if (items.length === 0) return yield "[]";
  for (const [i, item] of items.entries()) {
    yield `${i === 0 ? "[" : ","}\n        ${JSON.stringify(detailOf(item), null, 4).replaceAll("\n", "\n        ")}`;
  }
  yield "\n    ]";
}

function roleDetail({ n, accountId, arn, isBaseline, wasUsed, attached, inline }: Role): object {
  return {
    Path: "/app/",
    RoleName: `role-${n}`,
    RoleId: `AROA${accountId}${String(n).padStart(5, "0")}`,
    Arn: arn,
    CreateDate: CREATED,
    AssumeRolePolicyDocument: {
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }],
    },
    InstanceProfileList: [],
    RolePolicyList: [
      { PolicyName: "inline", PolicyDocument: isBaseline ? inline.document : inOwnName(inline.document, accountId, n) },
    ],
    AttachedManagedPolicies: attached.map((policy) => ({ PolicyName: policy.name, PolicyArn: policy.arn })),
    Tags: [],
    RoleLastUsed: wasUsed ? { LastUsedDate: LATELY, Region: "eu-central-1" } : {},
  };
}

/** With an `Id` of its own, so that no two inline policies are equal unless they are meant to be. */
function inOwnName(document: PolicyDocument, accountId: string, n: number): object {
  return { ...document, Id: `${accountId}-${n}` };
}

function policyDetail({ name, arn, document }: ManagedPolicy): object {
  return {
    PolicyName: name,
    PolicyId: "ANPAEXAMPLEEXAMPLE001",
    Arn: arn,
    Path: "/",
    DefaultVersionId: "v1",
    AttachmentCount: 1,
    PolicyVersionList: [{ Document: document, VersionId: "v1", IsDefaultVersion: true, CreateDate: CREATED }],
    UpdateDate: CREATED,
  };
}
