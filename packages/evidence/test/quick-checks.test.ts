/** What is checked by hand is checked just as its schema does: every part of a good value is replaced by everything else, in turn. */
import { describe, expect, test } from "vitest";
import { GROUP, MANAGED_POLICY, ROLE, USER } from "../src/forms/account-shapes.ts";
import { isPermissionFinding, permissionFinding } from "../src/forms/finding.ts";
import { isPolicy, policy } from "../src/policy-document.ts";

const OTHERS: readonly unknown[] = [
  null,
  undefined,
  true,
  false,
  0,
  -1,
  1.5,
  2 ** 60,
  Infinity,
  "",
  "Allow",
  [],
  {},
  [null],
  ["a", 1],
  [{}],
  [[]],
];

const DATE = "2026-09-24T09:00:00Z";
const ARN = "arn:aws:iam::123456789012:role/a";
const statement = { Sid: "A", Effect: "Allow", Action: ["s3:Get*"], Resource: "*" };
const owner = {
  Arn: ARN,
  CreateDate: DATE,
  AttachedManagedPolicies: [{ PolicyName: "a", PolicyArn: ARN }],
  PermissionsBoundary: { PermissionsBoundaryType: "Policy", PermissionsBoundaryArn: ARN },
  Tags: [{ Key: "a", Value: "b" }],
};
const inline = [{ PolicyName: "a", PolicyDocument: { Statement: [statement] } }];
const version = { VersionId: "v1", IsDefaultVersion: true, CreateDate: DATE, Document: {} };

type Check = (value: unknown) => boolean;

const CHECKS: Readonly<Record<string, readonly [quick: Check, schema: Check, good: unknown]>> = {
  role: [
    ROLE.fits,
    (value) => ROLE.schema.safeParse(value).success,
    { ...owner, RoleName: "a", RoleId: "A", RolePolicyList: inline, RoleLastUsed: { LastUsedDate: DATE, Region: "x" } },
  ],
  user: [
    USER.fits,
    (value) => USER.schema.safeParse(value).success,
    { ...owner, UserName: "a", UserId: "A", UserPolicyList: inline, GroupList: ["a"] },
  ],
  group: [
    GROUP.fits,
    (value) => GROUP.schema.safeParse(value).success,
    { ...owner, GroupName: "a", GroupId: "A", GroupPolicyList: inline },
  ],
  "managed policy": [
    MANAGED_POLICY.fits,
    (value) => MANAGED_POLICY.schema.safeParse(value).success,
    {
      PolicyName: "a",
      Arn: ARN,
      DefaultVersionId: "v1",
      AttachmentCount: 1,
      PermissionsBoundaryUsageCount: 0,
      UpdateDate: DATE,
      PolicyVersionList: [version],
    },
  ],
  finding: [
    isPermissionFinding,
    (value) => permissionFinding.safeParse(value).success,
    {
      id: "a",
      resource: ARN,
      status: "ACTIVE",
      updatedAt: DATE,
      findingDetails: [
        {
          unusedPermissionDetails: {
            serviceNamespace: "s3",
            lastAccessed: DATE,
            actions: [{ action: "Get", lastAccessed: 1 }],
          },
        },
      ],
    },
  ],
  document: [
    isPolicy,
    (value) => policy.safeParse(value).success,
    { Version: "2012-10-17", Id: "a", Statement: [statement, { Effect: "Deny", NotAction: "iam:*" }] },
  ],
  "document of one statement": [isPolicy, (value) => policy.safeParse(value).success, { Statement: statement }],
};

/** A value with one part replaced, dropped or added, in every way. */
function* changed(value: unknown): Generator {
  yield* OTHERS;
  if (typeof value !== "object" || value === null) return;
  const isList = Array.isArray(value);
  for (const [key, part] of Object.entries(value)) {
    for (const other of changed(part)) {
      if (isList)
        yield (value as unknown[]).map((item, index) => (String(index) === key ? other : item)); // Array.isArray says so
      else yield { ...value, [key]: other };
    }
    if (!isList) yield Object.fromEntries(Object.entries(value).filter(([name]) => name !== key));
  }
  if (!isList) yield { ...value, NotAction: "s3:*" };
}

describe.each(Object.entries(CHECKS))("a %s", (_, [quick, schema, good]) => {
  test("passes when it is good", () => {
    expect([quick(good), schema(good)]).toEqual([true, true]);
  });

  test("with any part replaced passes by hand just where its schema takes it", () => {
    const values = [...changed(good)];
    expect(new Set(values.map(schema)).size, "some pass, some do not").toBe(2);
    expect(values.filter((value) => quick(value) !== schema(value))).toEqual([]);
  });
});
