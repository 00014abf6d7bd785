import { unusedOf } from "@leastwise/core";
import { describe, expect, test } from "vitest";
import { ROLE_ARN, codes, finding, places, readJson, readText, unusedPermission } from "./samples.ts";

/** What the one usage report that a finding's details become calls unused, without dates. */
function linesOf(...findingDetails: readonly unknown[]): unknown {
  const { usage, diagnostics } = readJson(finding({ findingDetails }));
  return diagnostics[0]?.code ?? usage[0]?.lines.map((line) => ({ service: line.service, actions: line.actions }));
}

function actions(...names: readonly unknown[]): object[] {
  return names.map((action) => ({ action, lastAccessed: "2026-01-02T03:04:05+00:00" }));
}

/** One line of a finding on s3 with these fields in its details. */
function lineOf(fields: object): unknown {
  const details = { unusedPermissionDetails: { serviceNamespace: "s3", ...fields } };
  return readJson(finding({ findingDetails: [details] })).usage[0]?.lines[0];
}

function unusedRole(fields: object = {}): Record<string, unknown> {
  const findingDetails = [{ unusedIamRoleDetails: { lastAccessed: "2025-11-30T10:00:00+00:00" } }];
  return finding({ findingType: "UnusedIAMRole", findingDetails, ...fields });
}

describe("an UnusedPermission finding", () => {
  test("is one report on its principal", () => {
    expect(readJson(finding())).toEqual({
      path: "export.json",
      kinds: ["Access Analyzer finding"],
      principals: [],
      policies: [],
      attachments: [],
      documents: [],
      usage: [
        {
          principalArn: ROLE_ARN,
          source: "access-analyzer",
          reportId: "0fcf4a18-be20-4205-abf3-db867f8479be",
          active: true,
          updatedAt: "2026-09-24T09:38:48.000Z",
          lines: [
            {
              service: "s3",
              lastAccessed: null,
              actions: ["PutObject"],
              accessed: [["PutObject", "2026-01-02T03:04:05.000Z"]],
            },
          ],
        },
      ],
      events: [],
      unusedPrincipals: [],
      awsRecommendations: [],
      exportPages: [],
      incompleteAccounts: [],
      diagnostics: [],
    });
  });

  test("names may be bare, prefixed, and in any case: they mean the same actions", () => {
    const bare = linesOf(unusedPermission("s3", actions("GetObject", "PutObject")));
    const prefixed = linesOf(unusedPermission("s3", actions("s3:GetObject", "S3:putobject")));
    const lower = linesOf(unusedPermission("S3", actions("getobject", "PUTOBJECT")));
    const expected = [{ service: "s3", whole: false, names: ["getobject", "putobject"] }];
    for (const lines of [bare, prefixed, lower]) {
      expect(unusedOf(lines as Parameters<typeof unusedOf>[0])).toEqual(expected); // a failed read is a code, and fails
    }
  });

  test("an action of another service than its line's counts for the service it names", () => {
    expect(linesOf(unusedPermission("s3", actions("GetObject", "sqs:SendMessage", "PutObject")))).toEqual([
      { service: "s3", actions: ["GetObject", "PutObject"] },
      { service: "sqs", actions: ["SendMessage"] },
    ]);
  });

  test.each([
    ["absent", undefined],
    ["null", null],
    ["empty", []],
  ])("with actions %s, the whole service is unused", (_, list) => {
    expect(linesOf(unusedPermission("s3", list))).toEqual([{ service: "s3", actions: null }]);
  });

  test("one finding may name several services", () => {
    expect(
      linesOf(
        unusedPermission("s3", actions("GetObject")),
        unusedPermission("sqs"),
        unusedPermission("execute-api", actions("Invoke")),
      ),
    ).toEqual([
      { service: "s3", actions: ["GetObject"] },
      { service: "sqs", actions: null },
      { service: "execute-api", actions: ["Invoke"] },
    ]);
  });

  test("details of another kind, and fields that AWS may add, are passed over", () => {
    const details = {
      unusedPermissionDetails: { serviceNamespace: "s3", lastAccessed: null, actions: actions("GetObject"), future: 1 },
    };
    expect(
      linesOf({ unusedIamRoleDetails: {} }, { futureDetails: 1 }, { unusedPermissionDetails: null }, details),
    ).toEqual([{ service: "s3", actions: ["GetObject"] }]);
  });

  test("no details are a report of nothing", () => {
    expect(linesOf()).toEqual([]);
  });

  test("names that JavaScript objects have of their own are names like others", () => {
    expect(linesOf(unusedPermission("__proto__", actions("constructor", "toString:valueOf")))).toEqual([
      { service: "__proto__", actions: ["constructor"] },
      { service: "toString", actions: ["valueOf"] },
    ]);
  });

  test("two pages of one finding keep one id, so that they can be put together", () => {
    const first = finding({ nextToken: "AAA", findingDetails: [unusedPermission("s3", actions("GetObject"))] });
    const second = finding({ nextToken: null, findingDetails: [unusedPermission("sqs")] });
    const { usage } = readJson([first, second]);
    expect(usage.map(({ reportId, updatedAt }) => `${reportId} ${updatedAt}`)).toEqual([
      "0fcf4a18-be20-4205-abf3-db867f8479be 2026-09-24T09:38:48.000Z",
      "0fcf4a18-be20-4205-abf3-db867f8479be 2026-09-24T09:38:48.000Z",
    ]);
    expect(usage.map(({ lines }) => lines.length)).toEqual([1, 1]);
  });

  test.each(["arn:aws-cn:iam::111122223333:user/a", "arn:aws-us-gov:iam::111122223333:role/x/y"])(
    "on %s",
    (resource) => {
      expect(readJson(finding({ resource })).usage).toMatchObject([{ principalArn: resource }]);
    },
  );
});

describe("when it was last accessed", () => {
  test.each([
    ["absent", undefined],
    ["null", null],
    ["empty", ""],
    ["no date", "last spring"],
  ])("%s: no date, and still unused", (_, lastAccessed) => {
    expect(lineOf({ lastAccessed })).toEqual({ service: "s3", lastAccessed: null, actions: null, accessed: [] });
    expect(lineOf({ actions: [{ action: "GetObject", lastAccessed }] })).toEqual({
      service: "s3",
      lastAccessed: null,
      actions: ["GetObject"],
      accessed: [],
    });
  });

  test("the service and each of its actions have dates of their own", () => {
    const dated = [
      { action: "GetObject", lastAccessed: "2026-01-02T03:04:05+01:00" },
      { action: "s3:PutObject", lastAccessed: 1_767_323_045 },
      { action: "DeleteObject" },
    ];
    expect(lineOf({ lastAccessed: "2026-02-03T00:00:00Z", actions: dated })).toEqual({
      service: "s3",
      lastAccessed: "2026-02-03T00:00:00.000Z",
      actions: ["GetObject", "PutObject", "DeleteObject"],
      accessed: [
        ["GetObject", "2026-01-02T02:04:05.000Z"],
        ["PutObject", "2026-01-02T03:04:05.000Z"],
      ],
    });
  });

  test("the date of a service is none of another's that an action names", () => {
    const details = {
      serviceNamespace: "s3",
      lastAccessed: "2026-02-03T00:00:00Z",
      actions: [{ action: "S3:GetObject" }, { action: "sqs:SendMessage", lastAccessed: "2026-01-01T00:00:00Z" }],
    };
    expect(readJson(finding({ findingDetails: [{ unusedPermissionDetails: details }] })).usage[0]?.lines).toEqual([
      { service: "S3", lastAccessed: "2026-02-03T00:00:00.000Z", actions: ["GetObject"], accessed: [] },
      {
        service: "sqs",
        lastAccessed: null,
        actions: ["SendMessage"],
        accessed: [["SendMessage", "2026-01-01T00:00:00.000Z"]],
      },
    ]);
  });

  test("neither text nor number: refused", () => {
    const details = { serviceNamespace: "s3", lastAccessed: { seconds: 1 } };
    expect(places(readJson(finding({ findingDetails: [{ unusedPermissionDetails: details }] })))).toEqual([
      "wrong-shape at /findingDetails/0/unusedPermissionDetails/lastAccessed",
    ]);
  });
});

describe("an UnusedIAMRole finding", () => {
  test("reports its role as unused altogether, which is no report on permissions", () => {
    expect(readJson(unusedRole())).toMatchObject({
      kinds: ["Access Analyzer finding"],
      usage: [],
      unusedPrincipals: [
        {
          principalArn: ROLE_ARN,
          reportId: "0fcf4a18-be20-4205-abf3-db867f8479be",
          active: true,
          updatedAt: "2026-09-24T09:38:48.000Z",
          lastAccessed: "2025-11-30T10:00:00.000Z",
        },
      ],
      diagnostics: [],
    });
  });

  test.each([
    ["details without a date", [{ unusedIamRoleDetails: {} }]],
    ["a null date", [{ unusedIamRoleDetails: { lastAccessed: null } }]],
    ["null details", [{ unusedIamRoleDetails: null }]],
    ["details of another kind", [{ unusedPermissionDetails: { serviceNamespace: "s3" } }]],
    ["no details", []],
  ])("%s: never accessed as far as AWS knows", (_, findingDetails) => {
    const evidence = readJson(unusedRole({ findingDetails }));
    expect(evidence.unusedPrincipals).toMatchObject([{ principalArn: ROLE_ARN, active: true, lastAccessed: null }]);
    expect(evidence.diagnostics).toEqual([]);
  });

  test("the details that speak of the role count, wherever they stand", () => {
    const findingDetails = [{}, { unusedIamRoleDetails: { lastAccessed: "2025-11-30T10:00:00Z" } }];
    expect(readJson(unusedRole({ findingDetails })).unusedPrincipals).toMatchObject([
      { lastAccessed: "2025-11-30T10:00:00.000Z" },
    ]);
  });

  test.each(["ARCHIVED", "RESOLVED"])("%s: kept as taken back, and noted", (status) => {
    const evidence = readJson(unusedRole({ status }));
    expect(evidence.unusedPrincipals).toMatchObject([{ active: false }]);
    expect(evidence.diagnostics).toMatchObject([{ code: "finding-not-active", severity: "info" }]);
  });

  test("several, in a list or one on each line", () => {
    const two = [unusedRole(), unusedRole({ id: "b", resource: "arn:aws:iam::111122223333:role/b" })];
    for (const text of [JSON.stringify(two), two.map((item) => JSON.stringify(item)).join("\n")]) {
      expect(readText(text).unusedPrincipals.map(({ reportId }) => reportId)).toEqual([two[0]?.["id"], "b"]);
    }
  });

  test.each([
    ["a user", { resource: "arn:aws:iam::111122223333:user/a" }, "/resource"],
    ["a bucket", { resource: "arn:aws:s3:::orders" }, "/resource"],
    ["an unknown status", { status: "NEW" }, "/status"],
    ["details that are text", { findingDetails: "none" }, "/findingDetails"],
    [
      "a role's details that are text",
      { findingDetails: [{ unusedIamRoleDetails: "x" }] },
      "/findingDetails/0/unusedIamRoleDetails",
    ],
  ])("%s: refused", (_, fields, pointer) => {
    const evidence = readJson(unusedRole(fields));
    expect(places(evidence)).toEqual([`wrong-shape at ${pointer}`]);
    expect(evidence.unusedPrincipals).toEqual([]);
  });
});

describe("status", () => {
  test.each(["ARCHIVED", "RESOLVED"])("%s: noted, and it removes nothing", (status) => {
    const evidence = readJson(finding({ status }));
    expect(evidence.usage).toMatchObject([{ active: false, lines: [] }]);
    expect(evidence.diagnostics).toMatchObject([
      { code: "finding-not-active", severity: "info", message: `the finding is ${status}, so it removes nothing` },
    ]);
  });

  test("one that AWS does not have is refused, not taken for active", () => {
    for (const status of ["active", "NEW", "", null, undefined]) {
      const evidence = readJson(finding({ status }));
      expect(places(evidence)).toEqual(["wrong-shape at /status"]);
      expect(evidence.usage.filter(({ active }) => active)).toEqual([]);
    }
  });
});

describe("updatedAt", () => {
  test.each([
    ["UTC", "2026-09-24T09:38:48Z", "2026-09-24T09:38:48.000Z"],
    ["an offset, as the CLI prints it", "2026-09-24T11:38:48+02:00", "2026-09-24T09:38:48.000Z"],
    ["an offset over midnight", "2026-09-24T20:00:00.500-05:30", "2026-09-25T01:30:00.500Z"],
    ["boto3's str(datetime)", "2026-09-24 09:38:48.123000+00:00", "2026-09-24T09:38:48.123Z"],
    ["seconds, as the raw API counts", 1_790_242_728, "2026-09-24T09:38:48.000Z"],
    ["seconds with a fraction", 1_790_242_728.5, "2026-09-24T09:38:48.500Z"],
    ["zero", 0, "1970-01-01T00:00:00.000Z"],
    ["null", null, null],
    ["absent", undefined, null],
    ["empty", "", null],
    ["no date", "yesterday", null],
    ["beyond all dates", 1e300, null],
    ["beyond the year 9999, as microseconds come out", 1_758_326_400_000_000, null],
    ["before the year 0", "-271821-04-20T00:00:00.000Z", null],
    ["no offset, a blank: UTC, wherever this runs", "2026-09-24 09:38:48", "2026-09-24T09:38:48.000Z"],
    ["a day", "2026-09-24", "2026-09-24T00:00:00.000Z"],
    ["a text that only JavaScript takes for a date, in its own time zone", "Sep 24 2026", null],
    ["no day of any month", "2026-09-31T25:00:00Z", null],
  ])("%s", (_, updatedAt, expected) => {
    expect(readJson(finding({ updatedAt })).usage).toMatchObject([{ updatedAt: expected }]);
  });

  test("neither text nor number: refused", () => {
    expect(places(readJson(finding({ updatedAt: { seconds: 1 } })))).toEqual(["wrong-shape at /updatedAt"]);
  });
});

describe("a page that cannot be used", () => {
  test("takes the finding's other pages back, and one that is resolved takes back whatever names it has", () => {
    const bad = finding({
      findingDetails: [{ unusedPermissionDetails: { serviceNamespace: "s3", actions: [{ action: "Get*" }] } }],
    });
    const resolved = { ...bad, status: "RESOLVED" };
    expect(readJson([finding(), bad]).usage.map(({ active }) => active)).toEqual([true, false]);
    const { usage, diagnostics } = readJson([resolved]);
    expect(usage.map(({ active, lines }) => [active, lines])).toEqual([[false, []]]);
    expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  });
});

describe("other types", () => {
  test.each(["UnusedIAMUserAccessKey", "UnusedIAMUserPassword", "ExternalAccess", "InternalAccess"])(
    "%s says nothing of single actions: noted, no error",
    (findingType) => {
      const evidence = readJson(finding({ findingType, resource: "arn:aws:s3:::any", findingDetails: [{}] }));
      expect(evidence.usage.filter(({ active }) => active)).toEqual([]);
      expect(evidence.diagnostics).toMatchObject([
        { code: "finding-type-ignored", severity: "info", message: expect.stringContaining(`\`${findingType}\``) },
      ]);
    },
  );
});

describe("a name that cannot be one refuses the whole finding, so that nothing is removed by mistake", () => {
  const badNames = [
    "*",
    "Get*",
    "s3:*",
    "Get?bject",
    "Get Object",
    " GetObject",
    "",
    "s3:",
    ":GetObject",
    "a:b:c",
    "Größe",
    "Get\nObject",
  ];

  test.each(badNames)("action %j", (name) => {
    const findingDetails = [unusedPermission("sqs"), unusedPermission("s3", actions("PutObject", name))];
    const evidence = readJson(finding({ findingDetails }));
    expect(places(evidence)).toEqual(["bad-action-name at /findingDetails/1"]);
    expect(evidence.usage.filter(({ active }) => active)).toEqual([]);
  });

  test.each(["", "*", "s 3", "s3:", "s3\n", "sé3"])("service %j", (service) => {
    const evidence = readJson(finding({ findingDetails: [unusedPermission(service)] }));
    expect(places(evidence)).toEqual(["bad-action-name at /findingDetails/0"]);
    expect(evidence.usage.filter(({ active }) => active)).toEqual([]);
  });
});

describe("a wrong shape refuses the finding, with the place", () => {
  test.each([
    ["a bucket, which is no principal", { resource: "arn:aws:s3:::orders" }, "/resource"],
    ["a session", { resource: "arn:aws:sts::111122223333:assumed-role/a/b" }, "/resource"],
    ["no resource", { resource: undefined }, "/resource"],
    ["no id", { id: undefined }, "/id"],
    ["an empty id", { id: "" }, "/id"],
    ["details that are no list", { findingDetails: {} }, "/findingDetails"],
    ["details that are null", { findingDetails: null }, "/findingDetails"],
    ["a detail that is text", { findingDetails: ["s3"] }, "/findingDetails/0"],
    [
      "no service",
      { findingDetails: [{ unusedPermissionDetails: {} }] },
      "/findingDetails/0/unusedPermissionDetails/serviceNamespace",
    ],
    [
      "actions that are text",
      { findingDetails: [unusedPermission("s3", "GetObject")] },
      "/findingDetails/0/unusedPermissionDetails/actions",
    ],
    [
      "actions as bare names, which this shape does not have",
      { findingDetails: [unusedPermission("s3", ["GetObject"])] },
      "/findingDetails/0/unusedPermissionDetails/actions/0",
    ],
    [
      "an action without a name",
      { findingDetails: [unusedPermission("s3", [{ lastAccessed: null }])] },
      "/findingDetails/0/unusedPermissionDetails/actions/0/action",
    ],
  ])("%s", (_, fields, pointer) => {
    const evidence = readJson(finding(fields));
    expect(places(evidence)).toEqual([`wrong-shape at ${pointer}`]);
    expect(evidence.usage.filter(({ active }) => active)).toEqual([]);
  });

  test("one bad finding in a list costs only itself", () => {
    const evidence = readJson([finding(), finding({ id: 5 }), finding()]);
    expect(places(evidence)).toEqual(["wrong-shape at /1/id"]);
    expect(evidence.usage.length).toBe(2);
  });
});

test("list-findings-v2 output carries no actions, and the hint says what does", () => {
  const summary = finding({ findingDetails: undefined });
  for (const value of [{ findings: [summary], nextToken: null }, { findings: [] }, summary, [summary]]) {
    const evidence = readJson(value);
    expect(codes(evidence)).toEqual(["unsupported-input"]);
    expect(evidence.diagnostics[0]?.hint).toContain("get-finding-v2");
  }
});
