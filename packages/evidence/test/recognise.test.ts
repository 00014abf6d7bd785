import { describe, expect, test } from "vitest";
import { POLICY, ROLE_ARN, codes, finding, readJson, readText } from "./samples.ts";

const DETAILS = {
  JobStatus: "COMPLETED",
  JobType: "ACTION_LEVEL",
  JobCreationDate: "2026-09-24T09:00:00+00:00",
  ServicesLastAccessed: [{ ServiceName: "Amazon S3", ServiceNamespace: "s3", TotalAuthenticatedEntities: 0 }],
  IsTruncated: false,
};

/** What AWS documents, and what this version makes of it: known by name, with a way out, never silent. */
const UNUSABLE: readonly (readonly [string, unknown, RegExp, RegExp])[] = [
  ["list-findings-v2", { findings: [finding({ findingDetails: undefined })] }, /list of findings/, /get-finding-v2/],
  [
    "Access Analyzer GetFindingRecommendation",
    {
      recommendationType: "UnusedPermissionRecommendation",
      resourceArn: ROLE_ARN,
      status: "SUCCEEDED",
      startedAt: "2026-09-24T09:00:00+00:00",
      completedAt: "2026-09-24T09:00:05+00:00",
      recommendedSteps: [
        {
          unusedPermissionsRecommendedStep: {
            recommendedAction: "CREATE_POLICY",
            existingPolicyId: "inline",
            recommendedPolicy: JSON.stringify(POLICY),
          },
        },
      ],
    },
    /recommendation by AWS/,
    /does not read/,
  ],
  [
    "GetFindingRecommendation that failed, without steps",
    {
      recommendationType: "UnusedPermissionRecommendation",
      resourceArn: ROLE_ARN,
      status: "FAILED",
      error: { code: "x" },
    },
    /recommendation by AWS/,
    /does not read/,
  ],
  [
    "Security Hub GetRecommendedPolicyV2",
    {
      ResourceArn: ROLE_ARN,
      Status: "SUCCEEDED",
      RecommendationType: "UNUSED_PERMISSION_RECOMMENDATION",
      RecommendationSteps: [{ UnusedPermissions: { RecommendedAction: "DETACH_POLICY", ExistingPolicyId: "inline" } }],
    },
    /recommendation by AWS/,
    /does not read/,
  ],
  ["service last accessed", DETAILS, /service last accessed/, /does not read/],
  ["service last accessed, bound", { arn: ROLE_ARN, details: DETAILS }, /service last accessed/, /does not read/],
  [
    "CloudTrail",
    {
      Records: [
        {
          eventVersion: "1.08",
          userIdentity: { type: "AssumedRole", sessionContext: { sessionIssuer: { arn: ROLE_ARN } } },
          eventTime: "2026-09-24T09:00:00Z",
          eventSource: "s3.amazonaws.com",
          eventName: "ListObjects",
        },
      ],
    },
    /CloudTrail/,
    /does not read/,
  ],
  ["CloudTrail without a record", { Records: [] }, /CloudTrail/, /does not read/],
  [
    "an EventBridge event",
    {
      version: "0",
      id: "1",
      "detail-type": "Unused Access Finding for IAM entities",
      source: "aws.access-analyzer",
      detail: { findingType: "UnusedPermission", resource: ROLE_ARN, status: "ACTIVE" },
    },
    /EventBridge/,
    /get-finding-v2/,
  ],
  ["a policy document", POLICY, /policy document/, /leastwise policy/],
  ["authorization details of a wrong shape", { UserDetailList: "x" }, /authorization details/, /get-account-auth/],
];

describe("known, and of no use here", () => {
  test.each(UNUSABLE)("%s", (_, value, message, hint) => {
    const evidence = readJson(value);
    expect(evidence.diagnostics).toMatchObject([
      {
        code: "unsupported-input",
        severity: "error",
        message: expect.stringMatching(message),
        hint: expect.stringMatching(hint),
      },
    ]);
    expect(evidence.kinds).toEqual([]);
    expect([evidence.usage, evidence.principals, evidence.policies]).toEqual([[], [], []]);
  });

  test("a credential report is CSV: no JSON from the first character on, and the hint names the way out", () => {
    const csv =
      "user,arn,user_creation_time,password_enabled\n<root_account>,arn:aws:iam::111122223333:root,2020-01-01T00:00:00+00:00,not_supported\n";
    expect(readText(csv).diagnostics).toMatchObject([
      {
        code: "not-json",
        message: "not JSON at line 1, column 1",
        hint: expect.stringMatching(/JSON.*--output json/),
      },
    ]);
  });
});

describe("unknown", () => {
  test.each([
    [
      "an object, by its first keys",
      { zebra: 1, apple: 2, c: 3, d: 4, e: 5 },
      "an object with `zebra`, `apple`, `c`, `d`",
    ],
    ["an empty object", {}, "an empty object"],
    ["null", null, "null"],
    ["a number", 5, "a number"],
    ["text", "arn", "a string"],
    ["a truth value", true, "a boolean"],
    ["an empty list", [], "an empty list"],
    ["a list of names, as iam-collect's managed-policies.json", ["arn:a", "arn:b"], "a list"],
    ["a list of lists", [[1]], "a list"],
  ])("%s", (_, value, what) => {
    const evidence = readJson(value);
    expect(evidence.diagnostics).toMatchObject([
      { code: "unrecognised-input", pointer: "", message: `${what} is nothing that Leastwise knows` },
    ]);
    expect(evidence.diagnostics[0]?.hint).not.toBe("");
  });

  test("a key `__proto__` is a key", () => {
    expect(readText('{"__proto__":{"findingType":"UnusedPermission","findingDetails":[]}}').diagnostics).toMatchObject([
      { code: "unrecognised-input", message: "an object with `__proto__` is nothing that Leastwise knows" },
    ]);
  });

  test("a million numbers in a list are one diagnostic, not a million", () => {
    expect(codes(readJson(Array.from({ length: 1_000_000 }, () => 1)))).toEqual(["unrecognised-input"]);
  });
});

test("what is in a file counts, not what it is called", () => {
  expect(readJson([finding(), POLICY, { arn: ROLE_ARN, unused: [] }])).toMatchObject({
    kinds: ["Access Analyzer finding", "list of unused actions"],
    usage: [{ source: "access-analyzer" }, { source: "plain-list" }],
    diagnostics: [{ code: "unsupported-input", path: "export.json", pointer: "/1" }],
  });
});
