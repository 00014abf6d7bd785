import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import {
  ACCOUNT,
  POLICY,
  ROLE_ARN,
  account,
  codes,
  managedPolicy,
  places,
  readJson,
  readText,
  role,
  withInline,
} from "./samples.ts";

const CUSTOMER_ARN = `arn:aws:iam::${ACCOUNT}:policy/OrdersAccess`;
const POLICY_TEXT = JSON.stringify(POLICY);
const POLICY_SHA256 = createHash("sha256").update(POLICY_TEXT).digest("hex");

function documentOf(action: string): object {
  return { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: action, Resource: "*" }] };
}

/** The default version as it was read, its id and its action; the code where it was refused. */
function versionRead(fields: object): unknown {
  const { policies, documents, diagnostics } = readJson(account({ Policies: [managedPolicy(fields)] }));
  const action = /"Action":"([^"]+)"/.exec(documents[0]?.text ?? "")?.[1];
  return diagnostics[0]?.code ?? [policies[0]?.versionId, action];
}

function policyUpdatedAt(fields: object): unknown {
  return readJson(account({ Policies: [managedPolicy(fields)] })).policies[0]?.updatedAt;
}

describe("one export", () => {
  test("a role with an inline policy, an attached one, a boundary and its last use", () => {
    const boundary = `arn:aws:iam::${ACCOUNT}:policy/Boundary`;
    const evidence = readJson(
      account({
        RoleDetailList: [
          role({
            RolePolicyList: [{ PolicyName: "write orders", PolicyDocument: POLICY }],
            AttachedManagedPolicies: [{ PolicyName: "OrdersAccess", PolicyArn: CUSTOMER_ARN }],
            PermissionsBoundary: { PermissionsBoundaryType: "Policy", PermissionsBoundaryArn: boundary },
            RoleLastUsed: { LastUsedDate: "2026-09-20T14:00:00+02:00", Region: "eu-central-1" },
            Tags: [
              { Key: "team", Value: "orders" },
              { Key: "empty", Value: "" },
            ],
          }),
        ],
        Policies: [managedPolicy()],
      }),
    );
    expect(evidence).toEqual({
      path: "export.json",
      kinds: ["account authorization details"],
      principals: [
        {
          arn: ROLE_ARN,
          accountId: ACCOUNT,
          kind: "role",
          name: "orders",
          path: "/service/",
          uniqueId: "AROAEXAMPLEORDERS0001",
          createdAt: "2024-02-11T08:30:00.000Z",
          lastUsedAt: "2026-09-20T12:00:00.000Z",
          boundaryArn: boundary,
          tracksLastUse: true,
          groups: [],
          tags: [
            { key: "team", value: "orders" },
            { key: "empty", value: "" },
          ],
        },
      ],
      policies: [
        {
          key: CUSTOMER_ARN,
          kind: "customer",
          name: "OrdersAccess",
          accountId: ACCOUNT,
          documentSha256: POLICY_SHA256,
          versionId: "v1",
          updatedAt: "2025-06-01T10:00:00.000Z",
          attachmentCount: 1,
          boundaryCount: 0,
        },
        {
          key: `${ROLE_ARN}#write orders`,
          kind: "inline",
          name: "write orders",
          accountId: ACCOUNT,
          documentSha256: POLICY_SHA256,
          versionId: null,
          updatedAt: null,
          attachmentCount: null,
          boundaryCount: null,
        },
      ],
      attachments: [
        { principalArn: ROLE_ARN, policyKey: `${ROLE_ARN}#write orders` },
        { principalArn: ROLE_ARN, policyKey: CUSTOMER_ARN },
      ],
      documents: [{ sha256: POLICY_SHA256, text: POLICY_TEXT }],
      usage: [],
      events: [],
      unusedPrincipals: [],
      awsRecommendations: [],
      exportPages: [{ accountId: ACCOUNT, isLast: true }],
      incompleteAccounts: [],
      diagnostics: [],
    });
  });

  test("a user in groups, and a group", () => {
    const user = {
      Path: "/people/",
      UserName: "jane.doe@example.com",
      UserId: "AIDAEXAMPLEJANE000001",
      Arn: `arn:aws:iam::${ACCOUNT}:user/people/jane.doe@example.com`,
      CreateDate: "2023-01-01T00:00:00+00:00",
      UserPolicyList: [{ PolicyName: "own", PolicyDocument: POLICY }],
      GroupList: ["developers", "on-call"],
      AttachedManagedPolicies: [],
      Tags: [],
    };
    const group = {
      Path: "/",
      GroupName: "developers",
      GroupId: "AGPAEXAMPLEDEVS000001",
      Arn: `arn:aws:iam::${ACCOUNT}:group/developers`,
      CreateDate: "2023-01-01T00:00:00+00:00",
      GroupPolicyList: [{ PolicyName: "shared", PolicyDocument: POLICY }],
      AttachedManagedPolicies: [{ PolicyName: "ReadOnlyAccess", PolicyArn: "arn:aws:iam::aws:policy/ReadOnlyAccess" }],
    };
    const evidence = readJson(account({ UserDetailList: [user], GroupDetailList: [group] }));
    expect(evidence.diagnostics).toEqual([]);
    expect(evidence.principals).toMatchObject([
      { kind: "user", name: "jane.doe@example.com", uniqueId: "AIDAEXAMPLEJANE000001", groups: user.GroupList },
      { kind: "group", name: "developers", uniqueId: "AGPAEXAMPLEDEVS000001", groups: [] },
    ]);
    expect(evidence.attachments).toEqual([
      { principalArn: user.Arn, policyKey: `${user.Arn}#own` },
      { principalArn: group.Arn, policyKey: `${group.Arn}#shared` },
      { principalArn: group.Arn, policyKey: "arn:aws:iam::aws:policy/ReadOnlyAccess" },
    ]);
  });

  test.each(["aws-cn", "aws-us-gov"])("partition %s", (partition) => {
    const arn = `arn:${partition}:iam::${ACCOUNT}:role/orders`;
    const managed = `arn:${partition}:iam::aws:policy/ReadOnlyAccess`;
    const evidence = readJson(
      account({
        RoleDetailList: [
          role({ Arn: arn, AttachedManagedPolicies: [{ PolicyName: "ReadOnlyAccess", PolicyArn: managed }] }),
        ],
      }),
    );
    expect(evidence.diagnostics).toEqual([]);
    expect(evidence.principals).toMatchObject([{ arn, accountId: ACCOUNT }]);
    expect(evidence.policies).toMatchObject([{ key: managed, kind: "aws", accountId: null }]);
  });

  test.each([
    ["absent", undefined],
    ["null", null],
  ])("every optional field of a role is %s", (_, value) => {
    const optional = ["CreateDate", "RoleId", "RolePolicyList", "AttachedManagedPolicies", "PermissionsBoundary"];
    const fields = [...optional, "RoleLastUsed", "Tags", "InstanceProfileList"].map((name) => [name, value]);
    const evidence = readJson(account({ RoleDetailList: [role(Object.fromEntries(fields))] }));
    expect(evidence.diagnostics).toEqual([]);
    expect(evidence.principals).toMatchObject([
      { arn: ROLE_ARN, uniqueId: "", createdAt: null, lastUsedAt: null, boundaryArn: null, groups: [] },
    ]);
  });

  test.each([
    ["absent", undefined],
    ["null", null],
  ])("every optional field of a user and of a group is %s", (_, value) => {
    const empty = { CreateDate: value, UserId: value, UserPolicyList: value, GroupList: value, Tags: value };
    const user = { UserName: "a", Arn: `arn:aws:iam::${ACCOUNT}:user/a`, ...empty, PermissionsBoundary: value };
    const group = { GroupName: "g", Arn: `arn:aws:iam::${ACCOUNT}:group/g`, GroupId: value, GroupPolicyList: value };
    const evidence = readJson(account({ UserDetailList: [user], GroupDetailList: [group] }));
    expect(evidence.diagnostics).toEqual([]);
    expect(evidence.principals).toMatchObject([
      { kind: "user", groups: [] },
      { kind: "group", uniqueId: "" },
    ]);
  });

  test("a role that AWS tracks no use of has an empty or a null RoleLastUsed", () => {
    const roles = [role(), role({ RoleLastUsed: null }), role({ RoleLastUsed: { LastUsedDate: null, Region: null } })];
    const evidence = readJson(account({ RoleDetailList: roles }));
    expect(evidence.principals.map(({ lastUsedAt }) => lastUsedAt)).toEqual([null, null, null]);
    expect(evidence.diagnostics).toEqual([]);
  });

  test.each([
    ["a date", { LastUsedDate: "2026-09-20T12:00:00+00:00", Region: "eu-central-1" }, true],
    ["an empty one: not used while AWS kept track", {}, true],
    ["one of nulls", { LastUsedDate: null, Region: null }, true],
    ["null, which tells nothing", null, false],
    ["absent, as from a collector that asks for less", undefined, false],
  ])("whether AWS tracks a role's last use: RoleLastUsed is %s", (_, RoleLastUsed, tracksLastUse) => {
    expect(readJson(account({ RoleDetailList: [role({ RoleLastUsed })] })).principals).toMatchObject([
      { tracksLastUse },
    ]);
  });

  test("the last use of users and groups is not tracked there", () => {
    const user = { UserName: "a", Arn: `arn:aws:iam::${ACCOUNT}:user/a`, Tags: [{ Key: "team", Value: "x" }] };
    const group = { GroupName: "g", Arn: `arn:aws:iam::${ACCOUNT}:group/g` };
    expect(readJson(account({ UserDetailList: [user], GroupDetailList: [group] })).principals).toMatchObject([
      { kind: "user", tracksLastUse: false, tags: [{ key: "team", value: "x" }] },
      { kind: "group", tracksLastUse: false, tags: [] },
    ]);
  });

  test.each([
    ["absent", undefined],
    ["null", null],
    ["empty", []],
  ])("tags %s are no tags; a tag without a value has an empty one", (_, Tags) => {
    expect(readJson(account({ RoleDetailList: [role({ Tags })] })).principals).toMatchObject([{ tags: [] }]);
    const valueless = role({ Tags: [{ Key: "team", Value: null }, { Key: "temporary" }] });
    expect(readJson(account({ RoleDetailList: [valueless] })).principals).toMatchObject([
      {
        tags: [
          { key: "team", value: "" },
          { key: "temporary", value: "" },
        ],
      },
    ]);
  });

  test("a date that is none is left out, not passed on", () => {
    const evidence = readJson(account({ RoleDetailList: [role({ CreateDate: "last spring" })] }));
    expect(evidence.principals).toMatchObject([{ createdAt: null }]);
  });

  test("documents as objects, as JSON text and URL-encoded are one document", () => {
    const forms = [POLICY, POLICY_TEXT, encodeURIComponent(JSON.stringify(POLICY, null, 2))];
    const inline = forms.map((PolicyDocument, index) => ({ PolicyName: `p${index}`, PolicyDocument }));
    const evidence = readJson(account({ RoleDetailList: [role({ RolePolicyList: inline })] }));
    expect(evidence.documents).toEqual([{ sha256: POLICY_SHA256, text: POLICY_TEXT }]);
    expect(evidence.policies.map(({ documentSha256 }) => documentSha256)).toEqual(forms.map(() => POLICY_SHA256));
  });

  test("fields that AWS may add are no reason to refuse anything", () => {
    const evidence = readJson(
      account({
        RoleDetailList: [role({ FutureField: { a: [1] } })],
        Policies: [managedPolicy({ FutureField: true })],
        FutureList: [{}],
      }),
    );
    expect(evidence.diagnostics).toEqual([]);
    expect([evidence.principals.length, evidence.policies.length]).toEqual([1, 1]);
  });

  test("a key `__proto__` lends a role nothing", () => {
    const text = JSON.stringify(account({ RoleDetailList: [role({ PermissionsBoundary: undefined })] })).replace(
      '"Path":',
      '"__proto__":{"PermissionsBoundary":{"PermissionsBoundaryArn":"arn:x"}},"Path":',
    );
    const evidence = readText(text);
    expect(text).toContain("__proto__");
    expect(evidence.principals).toMatchObject([{ arn: ROLE_ARN, boundaryArn: null }]);
  });
});

describe("managed policies", () => {
  const v1 = { Document: documentOf("s3:Get*"), VersionId: "v1" };
  const v2 = { Document: documentOf("s3:Put*"), VersionId: "v2" };

  test("only the default version counts, wherever it stands", () => {
    const newest = { ...v2, IsDefaultVersion: false };
    const used = { ...v1, IsDefaultVersion: true };
    for (const PolicyVersionList of [
      [newest, used],
      [used, newest],
    ]) {
      expect(versionRead({ DefaultVersionId: "v1", PolicyVersionList })).toEqual(["v1", "s3:Get*"]);
    }
  });

  test("the default version may be told by DefaultVersionId alone", () => {
    expect(versionRead({ DefaultVersionId: "v2", PolicyVersionList: [v1, v2] })).toEqual(["v2", "s3:Put*"]);
    const unmarked = [
      { ...v1, IsDefaultVersion: null },
      { ...v2, IsDefaultVersion: null },
    ];
    expect(versionRead({ DefaultVersionId: "v2", PolicyVersionList: unmarked })).toEqual(["v2", "s3:Put*"]);
  });

  test("or by the mark alone", () => {
    const PolicyVersionList = [v1, { ...v2, IsDefaultVersion: true }];
    expect(versionRead({ DefaultVersionId: null, PolicyVersionList })).toEqual(["v2", "s3:Put*"]);
  });

  test("a version without an id is not the default one for want of a DefaultVersionId", () => {
    const nameless = { Document: documentOf("s3:Get*") };
    const marked = { Document: documentOf("s3:Put*"), IsDefaultVersion: true };
    expect(versionRead({ DefaultVersionId: undefined, PolicyVersionList: [nameless, marked] })).toEqual([
      null,
      "s3:Put*",
    ]);
    expect(versionRead({ DefaultVersionId: undefined, PolicyVersionList: [nameless] })).toBe("missing-default-version");
  });

  test.each([
    ["is not among the versions", { DefaultVersionId: "v7", PolicyVersionList: [v1, v2] }],
    ["cannot be, the list being empty", { PolicyVersionList: [] }],
    ["cannot be, the list being null", { PolicyVersionList: null }],
  ])("the default version %s: said, with the policy's place", (_, fields) => {
    const evidence = readJson(account({ Policies: [managedPolicy(), managedPolicy(fields)] }));
    expect(places(evidence)).toEqual(["missing-default-version at /Policies/1"]);
    expect(evidence.diagnostics[0]?.message).toContain(CUSTOMER_ARN);
  });

  test("an AWS managed policy that was not exported is known to be attached, without a document", () => {
    const PolicyArn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole";
    const attached = [{ PolicyName: "AWSLambdaBasicExecutionRole", PolicyArn }];
    const evidence = readJson(account({ RoleDetailList: [role({ AttachedManagedPolicies: attached })] }));
    expect(evidence.policies).toEqual([
      {
        key: PolicyArn,
        kind: "aws",
        name: "AWSLambdaBasicExecutionRole",
        accountId: null,
        documentSha256: null,
        versionId: null,
        updatedAt: null,
        attachmentCount: null,
        boundaryCount: null,
      },
    ]);
    expect(evidence.attachments).toEqual([{ principalArn: ROLE_ARN, policyKey: PolicyArn }]);
    expect(evidence.diagnostics).toEqual([]);
  });

  test.each([
    ["as AWS counts", { AttachmentCount: 12, PermissionsBoundaryUsageCount: 3 }, 12, 3],
    ["absent", { AttachmentCount: undefined, PermissionsBoundaryUsageCount: undefined }, null, null],
    ["null", { AttachmentCount: null, PermissionsBoundaryUsageCount: null }, null, null],
  ])("the counts of attachments and of boundaries: %s", (_, fields, attachmentCount, boundaryCount) => {
    expect(readJson(account({ Policies: [managedPolicy(fields)] })).policies).toMatchObject([
      { attachmentCount, boundaryCount },
    ]);
  });

  test("a policy was updated at its UpdateDate, else when its default version was made", () => {
    const versions = [
      { ...v2, IsDefaultVersion: false, CreateDate: "2026-05-05T00:00:00Z" },
      { ...v1, IsDefaultVersion: true, CreateDate: "2026-03-03T00:00:00Z" },
    ];
    expect(policyUpdatedAt({ PolicyVersionList: versions })).toBe("2025-06-01T10:00:00.000Z");
    for (const UpdateDate of [undefined, null, "", "last spring"])
      expect(policyUpdatedAt({ UpdateDate, PolicyVersionList: versions })).toBe("2026-03-03T00:00:00.000Z");
    expect(policyUpdatedAt({ UpdateDate: null, PolicyVersionList: [{ ...v1, IsDefaultVersion: true }] })).toBeNull();
  });

  test("an AWS managed policy in the export has its document", () => {
    const Arn = "arn:aws:iam::aws:policy/ReadOnlyAccess";
    const evidence = readJson(account({ Policies: [managedPolicy({ Arn, PolicyName: "ReadOnlyAccess" })] }));
    expect(evidence.policies).toMatchObject([
      { key: Arn, kind: "aws", accountId: null, documentSha256: POLICY_SHA256 },
    ]);
  });

  test("an attachment does not hide the document, whichever page of the file comes first", () => {
    const attached = [{ PolicyName: "OrdersAccess", PolicyArn: CUSTOMER_ARN }];
    const principals = account({ RoleDetailList: [role({ AttachedManagedPolicies: attached })], IsTruncated: true });
    const policies = account({ Policies: [managedPolicy()] });
    for (const pages of [
      [principals, policies],
      [policies, principals],
    ]) {
      const evidence = readJson(pages);
      expect(evidence.policies).toMatchObject([{ key: CUSTOMER_ARN, documentSha256: POLICY_SHA256 }]);
      expect(evidence.diagnostics).toEqual([]);
    }
  });
});

describe("pages", () => {
  test("a page that has only one of the lists", () => {
    expect(readJson({ RoleDetailList: [role()], IsTruncated: true, Marker: "AAA" }).principals.length).toBe(1);
    expect(readJson({ GroupDetailList: [], IsTruncated: false }).kinds).toEqual(["account authorization details"]);
    expect(readJson({ Policies: [managedPolicy()], IsTruncated: false }).policies.length).toBe(1);
  });

  test("a page of policies is known by any one of them that has versions", () => {
    const evidence = readJson({ Policies: [5, managedPolicy()], IsTruncated: false });
    expect(places(evidence)).toEqual(["wrong-shape at /Policies/0"]);
    expect(evidence.policies.length).toBe(1);
  });

  test("list-policies, which has no versions, is not taken for it", () => {
    const evidence = readJson({ Policies: [managedPolicy({ PolicyVersionList: undefined })], IsTruncated: false });
    expect(codes(evidence)).toEqual(["unsupported-input"]);
  });

  test("lists that are null are lists of nothing", () => {
    const evidence = readJson(account({ UserDetailList: null, Policies: null, RoleDetailList: [role()] }));
    expect(evidence.diagnostics).toEqual([]);
    expect(evidence.principals.length).toBe(1);
  });

  test("a role that stands in two pages is reported by both: whoever merges, merges by ARN", () => {
    const evidence = readJson([account({ RoleDetailList: [role()] }), account({ RoleDetailList: [role()] })]);
    expect(evidence.principals.map(({ arn }) => arn)).toEqual([ROLE_ARN, ROLE_ARN]);
    expect(evidence.kinds).toEqual(["account authorization details"]);
  });
});

describe("one bad item costs only itself", () => {
  const good = role({ Arn: `arn:aws:iam::${ACCOUNT}:role/good`, RoleName: "good" });

  test.each([
    ["a number", 5, ""],
    ["null", null, ""],
    ["no Arn", role({ Arn: undefined }), "/Arn"],
    ["a user's Arn on a role", role({ Arn: `arn:aws:iam::${ACCOUNT}:user/orders` }), "/Arn"],
    ["an Arn of another service", role({ Arn: "arn:aws:s3:::orders" }), "/Arn"],
    ["no RoleName", role({ RoleName: undefined }), "/RoleName"],
    ["an object for RolePolicyList", role({ RolePolicyList: {} }), "/RolePolicyList"],
    [
      "an inline policy without a name",
      role({ RolePolicyList: [{ PolicyDocument: POLICY }] }),
      "/RolePolicyList/0/PolicyName",
    ],
    ["names for attached policies", role({ AttachedManagedPolicies: ["X"] }), "/AttachedManagedPolicies/0"],
    ["a boundary that is text", role({ PermissionsBoundary: "arn" }), "/PermissionsBoundary"],
    ["tags as an object", role({ Tags: { team: "orders" } }), "/Tags"],
    ["a tag without a key", role({ Tags: [{ Value: "orders" }] }), "/Tags/0/Key"],
  ])("%s", (_, item, pointer) => {
    const evidence = readJson(account({ RoleDetailList: [good, item, good] }));
    expect(places(evidence)).toEqual([`wrong-shape at /RoleDetailList/1${pointer}`]);
    expect(evidence.principals.map(({ name }) => name)).toEqual(["good", "good"]);
  });

  test("an attached policy whose ARN is none costs that attachment", () => {
    const AttachedManagedPolicies = [{ PolicyArn: "OrdersAccess" }, { PolicyArn: CUSTOMER_ARN }];
    const evidence = readJson(account({ RoleDetailList: [role({ AttachedManagedPolicies })] }));
    expect(places(evidence)).toEqual(["wrong-shape at /RoleDetailList/0/AttachedManagedPolicies/0/PolicyArn"]);
    expect(evidence.attachments).toEqual([{ principalArn: ROLE_ARN, policyKey: CUSTOMER_ARN }]);
  });

  test("a managed policy whose ARN is none", () => {
    const evidence = readJson(account({ Policies: [managedPolicy({ Arn: "arn:aws:s3:::x" }), managedPolicy()] }));
    expect(places(evidence)).toEqual(["wrong-shape at /Policies/0/Arn"]);
    expect(evidence.policies.length).toBe(1);
  });

  test.each([
    ["text for a count", { AttachmentCount: "2" }, "/AttachmentCount"],
    ["half an attachment", { AttachmentCount: 1.5 }, "/AttachmentCount"],
    ["a count below zero", { PermissionsBoundaryUsageCount: -1 }, "/PermissionsBoundaryUsageCount"],
  ])("a managed policy with %s", (_, fields, pointer) => {
    const evidence = readJson(account({ Policies: [managedPolicy(fields), managedPolicy()] }));
    expect(places(evidence)).toEqual([`wrong-shape at /Policies/0${pointer}`]);
    expect(evidence.policies.length).toBe(1);
  });

  test("a list that is none costs the list", () => {
    const evidence = readJson(account({ UserDetailList: { UserName: "x" }, RoleDetailList: [good] }));
    expect(places(evidence)).toEqual(["wrong-shape at /UserDetailList"]);
    expect(evidence.diagnostics[0]?.message).toBe("`UserDetailList` is no list");
    expect(evidence.principals.length).toBe(1);
  });

  test("an ARN in a message stays on one line and is cut, whatever stands in it", () => {
    const hostile = `arn:\u001b[2J\n\u2028\u202e${"x".repeat(10_000)}`;
    const evidence = readJson(account({ RoleDetailList: [role({ Arn: hostile })] }));
    const message = evidence.diagnostics[0]?.message ?? "";
    expect(message).toMatch(/^`arn:\\u\{1b\}\[2J\\u\{a\}\\u\{2028\}\\u\{202e\}x+…` is no ARN of a role$/);
    expect(message.length).toBeLessThan(400);
  });
});

/** Text of so many objects, and of so many lists, inside one another. */
function nested(levels: number): readonly (readonly [string, string])[] {
  return [
    ["objects", `${'{"Statement":'.repeat(levels)}1${"}".repeat(levels)}`],
    ["lists", `${"[".repeat(levels)}${"]".repeat(levels)}`],
  ];
}

describe("one invalid policy costs only itself", () => {
  test.each([
    ["both Action and NotAction", { Effect: "Allow", Action: "s3:*", NotAction: "s3:*", Resource: "*" }, ""],
    ["neither", { Effect: "Allow", Resource: "*" }, ""],
    ["another Effect", { Effect: "Permit", Action: "s3:*", Resource: "*" }, "/Effect"],
    ["a number for an Action", { Effect: "Allow", Action: 7, Resource: "*" }, "/Action"],
  ])("%s", (_, statement, pointer) => {
    const inline = [
      { PolicyName: "bad", PolicyDocument: { Version: "2012-10-17", Statement: [statement] } },
      { PolicyName: "good", PolicyDocument: POLICY },
    ];
    const evidence = readJson(account({ RoleDetailList: [role({ RolePolicyList: inline })] }));
    expect(places(evidence)).toEqual([
      `invalid-policy at /RoleDetailList/0/RolePolicyList/0/PolicyDocument/Statement/0${pointer}`,
    ]);
    expect(evidence.policies.map(({ name }) => name)).toEqual(["good"]);
    expect(evidence.attachments).toEqual([{ principalArn: ROLE_ARN, policyKey: `${ROLE_ARN}#good` }]);
  });

  test.each([
    ["no Statement", { Version: "2012-10-17" }, "/Statement"],
    ["no document", undefined, ""],
    ["null", null, ""],
    ["text that is no JSON", "Allow everything", ""],
  ])("%s", (_, document, pointer) => {
    const evidence = readJson(withInline(document));
    expect(places(evidence)).toEqual([`invalid-policy at /RoleDetailList/0/RolePolicyList/0/PolicyDocument${pointer}`]);
    expect(evidence.principals.length).toBe(1);
  });

  test.each(nested(900))("900 levels of %s", (_, document) => {
    for (const text of [document, JSON.stringify(document)]) {
      const evidence = readText(JSON.stringify(withInline("DEEP")).replace('"DEEP"', text));
      expect(places(evidence)).toEqual(["too-deep at /RoleDetailList/0/RolePolicyList/0/PolicyDocument"]);
      expect(evidence.principals.length).toBe(1);
    }
  });

  test.each(nested(20_000))("20,000 levels of %s cost the file, since it is not even parsed", (_, document) => {
    const evidence = readText(JSON.stringify(withInline("DEEP")).replace('"DEEP"', document));
    expect(places(evidence)).toEqual(["too-deep at "]);
    expect(evidence.incompleteAccounts).toMatchObject([{ accountId: ACCOUNT, principalArn: null }]);
  });

  test("an invalid default version leaves the attachment, without a document", () => {
    const attached = [{ PolicyName: "OrdersAccess", PolicyArn: CUSTOMER_ARN }];
    const PolicyVersionList = [{ Document: "{", VersionId: "v1", IsDefaultVersion: true }];
    const evidence = readJson(
      account({
        RoleDetailList: [role({ AttachedManagedPolicies: attached })],
        Policies: [managedPolicy({ PolicyVersionList })],
      }),
    );
    expect(places(evidence)).toEqual(["invalid-policy at /Policies/0/PolicyVersionList/0/Document"]);
    expect(evidence.policies).toMatchObject([{ key: CUSTOMER_ARN, documentSha256: null }]);
    expect(evidence.attachments.length).toBe(1);
  });

  test("an invalid version that is not the default one costs nothing", () => {
    const PolicyVersionList = [
      { Document: "{", VersionId: "v2", IsDefaultVersion: false },
      { Document: POLICY, VersionId: "v1", IsDefaultVersion: true },
    ];
    expect(readJson(account({ Policies: [managedPolicy({ PolicyVersionList })] })).diagnostics).toEqual([]);
  });
});
