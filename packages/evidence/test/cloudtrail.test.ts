import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { EventRecord } from "@leastwise/core";
import { describe, expect, test } from "vitest";
import { mergeEvents, readEvidence } from "../src/index.ts";
import { assumedRole, record, recordWithout } from "./cloudtrail-samples.ts";
import { ACCOUNT, ROLE_ARN, places, readJson, readText } from "./samples.ts";

const LISTED: EventRecord = {
  principalArn: ROLE_ARN,
  eventSource: "s3.amazonaws.com",
  eventName: "ListObjects",
  events: 1,
  denied: 0,
  lastAt: "2026-09-24T09:00:00.000Z",
};

const callers = (userIdentity: unknown): readonly string[] =>
  readJson(record({ userIdentity })).events.map(({ principalArn }) => principalArn);

const federated = (issuer: object): object => ({
  type: "FederatedUser",
  arn: `arn:aws:sts::${ACCOUNT}:federated-user/bob`,
  sessionContext: { sessionIssuer: issuer },
});

const lastAt = (eventTime: string): readonly (string | null)[] =>
  readJson(record({ eventTime })).events.map((event) => event.lastAt);

describe("the forms that CloudTrail records come in", () => {
  const lookedUp = { EventId: "1", EventName: "ListObjects", CloudTrailEvent: JSON.stringify(record()) };

  test.each<[string, string]>([
    ["a log file", JSON.stringify({ Records: [record()] })],
    ["one record", JSON.stringify(record())],
    ["one record, printed over many lines", JSON.stringify(record(), null, 2)],
    ["a list of records", JSON.stringify([record()])],
    ["lookup-events", JSON.stringify({ Events: [lookedUp], NextToken: "x" })],
    ["lookup-events --query Events", JSON.stringify([lookedUp])],
    [
      "an event that EventBridge passed on",
      JSON.stringify({
        version: "0",
        "detail-type": "AWS API Call via CloudTrail",
        source: "aws.s3",
        detail: record(),
      }),
    ],
  ])("%s", (_, text) => {
    expect(readText(text)).toMatchObject({ kinds: ["CloudTrail records"], events: [LISTED], diagnostics: [] });
  });

  test("one record a line", () => {
    const text = `${JSON.stringify(record())}\n${JSON.stringify(record({ eventTime: "2026-09-24T09:00:01Z" }))}\n`;
    expect(readText(text)).toMatchObject({
      events: [{ ...LISTED, events: 2, lastAt: "2026-09-24T09:00:01.000Z" }],
      diagnostics: [],
    });
  });

  test("a trail's file where S3 has it, and the digest beside it", () => {
    const folder = mkdtempSync(join(tmpdir(), "leastwise-trail-"));
    try {
      const [log, digest] = ["CloudTrail", "CloudTrail-Digest"].map((kind) => {
        const day = join(folder, `AWSLogs/o-example/${ACCOUNT}/${kind}/eu-central-1/2026/09/24`);
        mkdirSync(day, { recursive: true });
        return join(day, `${ACCOUNT}_${kind}_eu-central-1_20260924T0905Z_ExAmPlE.json.gz`);
      }) as [string, string]; // two kinds
      writeFileSync(log, gzipSync(JSON.stringify({ Records: [record(), record()] })));
      const digestFile = { awsAccountId: ACCOUNT, digestS3Bucket: "trail", logFiles: [{ s3Object: "x" }] };
      writeFileSync(digest, gzipSync(JSON.stringify(digestFile)));
      expect(readEvidence(log, readFileSync(log))).toMatchObject({
        events: [{ ...LISTED, events: 2 }],
        diagnostics: [],
      });
      expect(readEvidence(digest, readFileSync(digest))).toMatchObject({
        kinds: ["CloudTrail digest"],
        events: [],
        diagnostics: [],
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test("a log file without a record, as S3 gets it in quiet hours, is nothing to complain of", () => {
    expect(readJson({ Records: [] })).toMatchObject({ kinds: ["CloudTrail records"], events: [], diagnostics: [] });
    expect(readJson({ Events: [] })).toMatchObject({ kinds: ["CloudTrail records"], events: [], diagnostics: [] });
  });
});

describe("whose permissions a call used", () => {
  test("a role's, with the path that only the session's issuer tells", () => {
    expect(callers(assumedRole(ROLE_ARN))).toEqual([ROLE_ARN]);
  });

  test("the role of another partition, the role of an Identity Center permission set", () => {
    const china = "arn:aws-cn:iam::111122223333:role/app/orders";
    const gov = "arn:aws-us-gov:iam::111122223333:role/orders";
    const sso = `arn:aws:iam::${ACCOUNT}:role/aws-reserved/sso.amazonaws.com/eu-central-1/AWSReservedSSO_Admin_0123456789abcdef`;
    expect([china, gov, sso].flatMap((arn) => callers(assumedRole(arn)))).toEqual([china, gov, sso]);
  });

  test("a role of another account, in the log of the account whose bucket it read", () => {
    const other = "arn:aws:iam::999988887777:role/reader";
    expect(readJson(record({ userIdentity: assumedRole(other), recipientAccountId: ACCOUNT })).events).toMatchObject([
      { principalArn: other },
    ]);
  });

  test.each([
    ["no session context", { sessionContext: undefined }],
    ["no issuer", { sessionContext: {} }],
    ["an issuer without ARN", { sessionContext: { sessionIssuer: { type: "Role" } } }],
    ["an issuer that is no role", { sessionContext: { sessionIssuer: { arn: `arn:aws:iam::${ACCOUNT}:root` } } }],
  ])("a role without its path: %s", (_, fields) => {
    expect(callers(assumedRole(ROLE_ARN, fields))).toEqual([`${ACCOUNT}:role/orders`]);
  });

  test("a session name may hold what a role's name may, and more would not matter", () => {
    const arn = "arn:aws-cn:sts::111122223333:assumed-role/orders+=,.@-_x/a@b.example/c";
    expect(callers({ type: "AssumedRole", arn })).toEqual(["111122223333:role/orders+=,.@-_x"]);
  });

  test("a user's own, also in a session that the user got with MFA", () => {
    const arn = `arn:aws:iam::${ACCOUNT}:user/people/alice`;
    const sessionContext = { attributes: { mfaAuthenticated: "true", creationDate: "2026-09-24T08:30:00Z" } };
    expect(callers({ type: "IAMUser", arn, userName: "alice" })).toEqual([arn]);
    expect(callers({ type: "IAMUser", arn, userName: "alice", sessionContext })).toEqual([arn]);
  });

  test("a federated session has the permissions of the user who asked for it", () => {
    const user = `arn:aws:iam::${ACCOUNT}:user/broker`;
    expect(callers(federated({ type: "IAMUser", arn: user }))).toEqual([user]);
    expect(callers(federated({ type: "Root", arn: `arn:aws:iam::${ACCOUNT}:root` }))).toEqual(["type:FederatedUser"]);
  });

  test("a role that calls as itself", () => {
    expect(callers({ type: "Role", arn: ROLE_ARN })).toEqual([ROLE_ARN]);
  });

  test.each([
    ["Root", { type: "Root", arn: `arn:aws:iam::${ACCOUNT}:root` }],
    ["AWSService", { type: "AWSService", invokedBy: "autoscaling.amazonaws.com" }],
    ["AWSAccount", { type: "AWSAccount", principalId: "AROAX:session", accountId: "999988887777" }],
    ["SAMLUser", { type: "SAMLUser", principalId: "x", userName: "alice" }],
    ["WebIdentityUser", { type: "WebIdentityUser", principalId: "x" }],
    ["IdentityCenterUser", { type: "IdentityCenterUser", onBehalfOf: { userId: "x" } }],
    ["Unknown", { type: "Unknown" }],
    ["Unknown", undefined],
    ["Unknown", null],
    ["Unknown", { type: 5 }],
    ["Unknown", { type: "x\u0000y" }],
    ["Unknown", { type: "A".repeat(65) }],
    ["IAMUser", { type: "IAMUser", userName: "HIDDEN_DUE_TO_SECURITY_REASONS" }],
    ["IAMUser", { type: "IAMUser", arn: ROLE_ARN }],
    ["AssumedRole", { type: "AssumedRole" }],
    ["AssumedRole", assumedRole(`arn:aws:iam::1:role/${"a".repeat(1000)}`, { arn: "arn:aws:sts::1:x" })],
  ])("nobody that IAM has policies for: %s", (type, userIdentity) => {
    expect(
      readJson({ Records: [record({ userIdentity }), record({ userIdentity, eventName: "GetObject" })] }),
    ).toMatchObject({
      events: [{ principalArn: `type:${type}`, eventSource: "", eventName: "", events: 2 }],
      diagnostics: [],
    });
  });
});

describe("what counts as use", () => {
  test.each([
    "AccessDenied",
    "AccessDeniedException",
    "UnauthorizedOperation",
    "Client.UnauthorizedOperation",
    "UnauthorizedException",
    "AuthorizationError",
    "AuthorizationErrorException",
    "NotAuthorized",
    "VpceAccessDenied",
  ])("a call refused for want of permission proves none: %s", (errorCode) => {
    expect(readJson(record({ errorCode, errorMessage: "not authorized" })).events).toEqual([
      { ...LISTED, denied: 1, lastAt: null },
    ]);
  });

  test.each([
    "NoSuchBucket",
    "Client.DryRunOperation",
    "ThrottlingException",
    "Client.AuthFailure",
    "NotAuthorizedException",
    "KMSAccessDeniedException",
    "Client.OperationNotPermitted",
    "__proto__",
    "",
  ])("any other error came after the check of permissions, or may have: %s", (errorCode) => {
    expect(readJson(record({ errorCode })).events).toEqual([LISTED]);
  });

  test("denied calls count, and do not make the last use later", () => {
    const records = [
      record(),
      record({ eventTime: "2026-09-25T09:00:00Z", errorCode: "AccessDenied" }),
      record({ eventTime: "2026-09-23T09:00:00Z" }),
    ];
    expect(readJson({ Records: records }).events).toEqual([{ ...LISTED, events: 3, denied: 1 }]);
  });

  test.each(["AwsServiceEvent", "AwsConsoleSignIn", "AwsConsoleAction", "AwsCloudTrailInsight", "AwsVpceEvent"])(
    "only calls need a permission: %s",
    (eventType) => {
      expect(readJson(record({ eventType })).events).toEqual([
        { ...LISTED, principalArn: `type:${eventType}`, eventSource: "", eventName: "" },
      ]);
    },
  );

  test("an Insights event has no source and no caller, and is no fault", () => {
    const insight = { eventVersion: "1.08", eventTime: "2026-09-24T09:00:00Z", eventType: "AwsCloudTrailInsight" };
    expect(readJson({ Records: [{ ...insight, eventCategory: "Insight", insightDetails: {} }] })).toMatchObject({
      events: [{ principalArn: "type:AwsCloudTrailInsight", events: 1 }],
      diagnostics: [],
    });
  });

  test("management and data events, and records of old versions without a type, are calls", () => {
    const records = [
      record({ eventCategory: "Management" }),
      record({ eventCategory: "Data" }),
      recordWithout("eventType"),
      recordWithout("eventCategory"),
    ];
    expect(readJson({ Records: records }).events).toEqual([{ ...LISTED, events: 4 }]);
  });

  test("times with an offset or fractions become UTC", () => {
    expect(lastAt("2026-09-24T11:00:00+02:00")).toEqual(["2026-09-24T09:00:00.000Z"]);
    expect(lastAt("2026-09-24T09:00:00.25Z")).toEqual(["2026-09-24T09:00:00.250Z"]);
    expect(lastAt("2026-09-24T09:00:00")).toEqual(["2026-09-24T09:00:00.000Z"]);
  });
});

describe("counted by principal, source and name", () => {
  test("each kind of call once, however often and in whatever order", () => {
    const other = `arn:aws:iam::${ACCOUNT}:role/billing`;
    const records = [
      record(),
      record({ eventName: "GetObject" }),
      record({ userIdentity: assumedRole(other) }),
      record({ eventSource: "sqs.amazonaws.com" }),
      record({ eventTime: "2026-09-24T10:00:00Z" }),
    ];
    const expected = [
      { ...LISTED, events: 2, lastAt: "2026-09-24T10:00:00.000Z" },
      { ...LISTED, eventName: "GetObject" },
      { ...LISTED, eventSource: "sqs.amazonaws.com" },
      { ...LISTED, principalArn: other },
    ];
    expect(readJson({ Records: records }).events).toEqual(expected);
    expect(readJson(records).events).toEqual(expected);
    expect(readText(records.map((one) => JSON.stringify(one)).join("\n")).events).toEqual(expected);
    expect(readJson({ Records: records.toReversed() }).events).toEqual(expect.arrayContaining(expected));
  });

  test("files merge as if they were one", () => {
    const denied = record({ errorCode: "AccessDenied" });
    const later = record({ eventTime: "2026-09-26T00:00:00Z" });
    const files = [[record(), denied], [later], [denied, record({ eventName: "GetObject" })], []];
    const merged = mergeEvents(files.map((records) => readJson({ Records: records }).events));
    expect(merged).toEqual(readJson({ Records: files.flat() }).events);
    expect(merged).toEqual([
      { ...LISTED, events: 4, denied: 2, lastAt: "2026-09-26T00:00:00.000Z" },
      { ...LISTED, eventName: "GetObject" },
    ]);
    expect(mergeEvents([])).toEqual([]);
  });
});

describe("records that are damaged or hostile", () => {
  test("one of a wrong shape costs itself; a file says it once, with the first place and the number", () => {
    const bad = [
      5,
      null,
      [],
      "x",
      recordWithout("eventTime"),
      recordWithout("eventName"),
      recordWithout("eventSource"),
    ];
    const evidence = readJson({ Records: [record(), ...bad, record()] });
    expect(evidence.events).toEqual([{ ...LISTED, events: 2 }]);
    expect(evidence.diagnostics).toMatchObject([
      { code: "wrong-shape", severity: "error", pointer: "/Records/1", message: expect.stringContaining("7 records") },
    ]);
  });

  test.each(["yesterday", "2026-09-24 09:00:00", "2026-13-45T09:00:00Z", "1695546000", "", 1_695_546_000])(
    "a record whose time is no ISO 8601: %s",
    (eventTime) => {
      expect(places(readJson(record({ eventTime })))).toEqual(["wrong-shape at "]);
    },
  );

  test("S3's own notifications look much the same and are none of CloudTrail's", () => {
    const notification = {
      eventVersion: "2.1",
      eventSource: "aws:s3",
      eventTime: "2026-09-24T09:00:00.000Z",
      eventName: "ObjectCreated:Put",
      userIdentity: { principalId: "AWS:AROAX" },
    };
    expect(readJson({ Records: [notification] })).toMatchObject({ events: [], diagnostics: [{ code: "wrong-shape" }] });
  });

  test("names of 200 characters are kept; longer ones, and with control characters, are only told of", () => {
    const names = ["a".repeat(200), "a".repeat(201), "Get\u0000Object", "Get\nObject", "Gët", "\u202Eteg", ""];
    const evidence = readJson({ Records: names.map((eventName) => record({ eventName })) });
    expect(evidence.events).toEqual([{ ...LISTED, eventName: "a".repeat(200) }]);
    expect(evidence.diagnostics).toMatchObject([
      { code: "bad-event-name", pointer: "/Records/1", message: expect.stringContaining("6 records") },
    ]);
  });

  test("`__proto__` and `constructor` are names like any other", () => {
    const names = ["__proto__", "constructor", "toString", "__proto__"];
    expect(readJson({ Records: names.map((eventName) => record({ eventName })) }).events).toEqual([
      { ...LISTED, eventName: "__proto__", events: 2 },
      { ...LISTED, eventName: "constructor" },
      { ...LISTED, eventName: "toString" },
    ]);
    expect(mergeEvents([[{ ...LISTED, principalArn: "__proto__" }]])).toEqual([
      { ...LISTED, principalArn: "__proto__" },
    ]);
    expect(({} as { events?: unknown }).events).toBeUndefined(); // nothing was put on every object
  });

  test("lookup-events with an event whose text is no JSON", () => {
    const events = [{ CloudTrailEvent: "{" }, {}, { CloudTrailEvent: JSON.stringify(record()) }];
    const evidence = readJson({ Events: events });
    expect(evidence.events).toEqual([LISTED]);
    expect(places(evidence)).toEqual(["wrong-shape at /Events/0/CloudTrailEvent"]);
  });

  test("a cut file of lines gives what its whole lines say", () => {
    const line = JSON.stringify(record());
    const evidence = readText(`${line}\n${line}\n${line.slice(0, 100)}`);
    expect(evidence.events).toEqual([{ ...LISTED, events: 2 }]);
    expect(places(evidence)).toEqual(["truncated-json at line 3"]);
  });

  test("a log file in the midst of other things", () => {
    const evidence = readJson([{ Records: [record(), 1] }, { arn: ROLE_ARN, unused: [] }, record()]);
    expect(evidence).toMatchObject({ kinds: ["CloudTrail records", "list of unused actions"], usage: [{}] });
    expect(evidence.events).toEqual([{ ...LISTED, events: 2 }]);
    expect(places(evidence)).toEqual(["wrong-shape at /0/Records/1"]);
  });
});
