import { describe, expect, test } from "vitest";
import { POLICY, ROLE_ARN, codes, finding, readJson, readText } from "./samples.ts";

/** A finding of Security Hub CSPM as the Access Analyzer integration sends it. */
const ASFF = {
  SchemaVersion: "2018-10-08",
  Id: `arn:aws:access-analyzer:us-west-2:111122223333:analyzer/unused/${ROLE_ARN}/UnusedPermissions`,
  ProductArn: "arn:aws:securityhub:us-west-2::product/aws/access-analyzer",
  GeneratorId: "aws/access-analyzer",
  Types: ["Software and Configuration Checks/AWS Security Best Practices/Unused Permission"],
  ProductFields: { numberOfUnusedActions: "256", findingType: "UnusedPermission", findingId: "0fcf4a18-be20-4205" },
  Resources: [{ Type: "AwsIamRole", Id: ROLE_ARN }],
};
const OCSF = {
  class_uid: 2004,
  class_name: "Detection Finding",
  metadata: { uid: "abc", version: "1.6.0", product: { name: "Security Hub" } },
  finding_info: { uid: "1", title: "Unused permission" },
  resources: [{ uid: ROLE_ARN, type: "AWS::IAM::Role" }],
};
const ROLE = { Path: "/", RoleName: "orders", RoleId: "AROAEXAMPLE", Arn: "arn:aws:iam::111122223333:role/orders" };

function securityHubEvent(type: string, found: object): object {
  return { version: "0", id: "1", "detail-type": type, source: "aws.securityhub", detail: { findings: [found] } };
}

/** What AWS documents and no form reads: known by name, with the command that serves instead, never silent. */
const UNUSABLE: readonly (readonly [string, unknown, RegExp, RegExp])[] = [
  ["list-findings-v2", { findings: [finding({ findingDetails: undefined })] }, /list of findings/, /get-finding-v2/],
  [
    "an EventBridge event",
    {
      version: "0",
      id: "1",
      "detail-type": "Unused Access Finding for IAM entities",
      source: "aws.access-analyzer",
      resources: ["arn:aws:access-analyzer:us-west-2:111122223333:analyzer/unused"],
      detail: { findingId: "0fcf4a18-be20", findingType: "UnusedPermission", resource: ROLE_ARN, status: "ACTIVE" },
    },
    /EventBridge/,
    /`aws accessanalyzer get-finding-v2 --analyzer-arn arn:aws:access-analyzer:us-west-2:111122223333:analyzer\/unused --id 0fcf4a18-be20`/,
  ],
  [
    "an EventBridge event whose id would do something in a shell",
    {
      "detail-type": "Unused Access Finding for IAM entities",
      source: "aws.access-analyzer",
      detail: { findingId: "1; rm" },
    },
    /EventBridge/,
    /`aws accessanalyzer get-finding-v2 --analyzer-arn ARN --id ID`$/,
  ],
  ["a finding in ASFF", ASFF, /ASFF/, /`aws accessanalyzer get-finding-v2 --analyzer-arn ARN --id 0fcf4a18-be20-4205`/],
  ["get-findings of Security Hub", { Findings: [ASFF, ASFF] }, /ASFF/, /get-finding-v2/],
  ["get-findings of Security Hub, empty", { Findings: [] }, /Security Hub/, /get-finding-v2/],
  ["an ASFF finding in an event", securityHubEvent("Security Hub Findings - Imported", ASFF), /ASFF/, /get-finding-v2/],
  ["a finding in OCSF", OCSF, /OCSF/, /get-finding-v2.*`aws securityhub get-recommended-policy-v2 --metadata-uid UID`/],
  ["get-findings-v2 of Security Hub", { Findings: [OCSF], NextToken: "A" }, /OCSF/, /get-recommended-policy-v2/],
  ["an OCSF finding in an event", securityHubEvent("Findings Imported V2", OCSF), /OCSF/, /get-finding-v2/],
  [
    "another event of Security Hub",
    securityHubEvent("Security Hub Insight Results", {}),
    /Security Hub/,
    /get-finding-v2/,
  ],
  [
    "get-credential-report",
    { Content: "dXNlcixhcm4=", ReportFormat: "text/csv", GeneratedTime: "2026-09-24T09:00:00+00:00" },
    /credential report/,
    /`aws iam get-account-authorization-details`/,
  ],
  [
    "generate-service-last-accessed-details",
    { JobId: "examplea-1234-b567-cde8-90fg123abcd4" },
    /only the job's id/,
    /`aws iam get-service-last-accessed-details --job-id examplea-1234-b567-cde8-90fg123abcd4`/,
  ],
  [
    "get-service-last-accessed-details-with-entities",
    {
      JobStatus: "COMPLETED",
      JobCreationDate: "2026-09-24T09:00:00+00:00",
      JobCompletionDate: "2026-09-24T09:00:07+00:00",
      EntityDetailsList: [
        { EntityInfo: { Arn: ROLE_ARN, Name: "orders", Type: "ROLE", Id: "AROA" }, LastAuthenticated: "2026-09-20" },
      ],
      IsTruncated: false,
    },
    /with entities/,
    /`aws iam generate-service-last-accessed-details --arn ARN --granularity ACTION_LEVEL`/,
  ],
  [
    "get-organizations-access-report",
    {
      JobStatus: "COMPLETED",
      JobCreationDate: "2026-09-24T09:00:00+00:00",
      NumberOfServicesAccessible: 1,
      NumberOfServicesNotAccessed: 0,
      AccessDetails: [{ ServiceName: "Amazon S3", ServiceNamespace: "s3", EntityPath: "o-1/r-1/111122223333" }],
    },
    /Organizations/,
    /generate-service-last-accessed-details/,
  ],
  [
    "last accessed details cut down with --query",
    [{ ServiceName: "Amazon S3", ServiceNamespace: "s3", TotalAuthenticatedEntities: 0 }],
    /one service/,
    /`aws iam get-service-last-accessed-details --job-id JOB`, without `--query`/,
  ],
  [
    "list-roles",
    { Roles: [ROLE], IsTruncated: false },
    /part of an account/,
    /list-roles.*get-account-authorization-details/,
  ],
  ["list-users", { Users: [] }, /part of an account/, /list-users.*get-account-authorization-details/],
  ["list-groups", { Groups: [] }, /part of an account/, /list-groups/],
  [
    "list-policies",
    { Policies: [{ PolicyName: "p", Arn: "arn:aws:iam::aws:policy/p" }] },
    /part of an account/,
    /list-policies/,
  ],
  ["get-role", { Role: ROLE }, /part of an account/, /get-role .*get-account-authorization-details/],
  [
    "get-policy-version",
    { PolicyVersion: { Document: POLICY, VersionId: "v1" } },
    /part of an account/,
    /get-policy-version/,
  ],
  ["get-role-policy", { RoleName: "orders", PolicyName: "p", PolicyDocument: POLICY }, /part of/, /get-role-policy/],
  [
    "get-role-policy, encoded",
    { RoleName: "a", PolicyName: "p", PolicyDocument: "%7B%7D" },
    /part of/,
    /get-role-policy/,
  ],
  [
    "a service reference",
    {
      Name: "s3",
      Version: "v1.4",
      Actions: [
        { Name: "GetObject", Annotations: { Properties: {} }, SupportedBy: { "IAM Action Last Accessed": false } },
      ],
    },
    /service reference/,
    /`--service-reference FILE`/,
  ],
  [
    "the index of service references, however long: one diagnostic",
    ["s3", "sqs"].map((service) => ({
      service,
      url: `https://servicereference.us-east-1.amazonaws.com/v1/${service}/${service}.json`,
    })),
    /index/,
    /`--service-reference FOLDER`/,
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

  test.each(["report.csv", "report.json"])("a credential report is CSV, whatever its file is called: %s", (path) => {
    const csv =
      "user,arn,user_creation_time,password_enabled\n<root_account>,arn:aws:iam::111122223333:root,2020-01-01T00:00:00+00:00,not_supported\n";
    expect(readText(csv, path).diagnostics).toMatchObject([
      {
        code: "unsupported-input",
        message: expect.stringContaining("credential report"),
        hint: expect.stringContaining("aws iam"),
      },
    ]);
  });

  test("a CloudTrail digest file lies beside the logs, one an hour: recognised in silence", () => {
    const digest = {
      awsAccountId: "111122223333",
      digestStartTime: "2015-08-17T14:01:31Z",
      digestEndTime: "2015-08-17T15:01:31Z",
      digestS3Bucket: "amzn-s3-demo-bucket",
      logFiles: [],
    };
    const { kinds, diagnostics } = readJson(digest);
    expect([kinds, diagnostics]).toEqual([["CloudTrail digest"], []]);
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
