import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { readEvidence } from "../src/index.ts";
import { ROLE_ARN, codes, lastAccessed, places, readJson, readText } from "./samples.ts";

/** A reply bound to a role, one service of it varied. */
function bound(fields: object = {}): Record<string, unknown> {
  return { arn: ROLE_ARN, details: lastAccessed(fields) };
}

function service(fields: object): Record<string, unknown> {
  const ServicesLastAccessed = [{ ServiceName: "Amazon S3", ServiceNamespace: "s3", ...fields }];
  return bound({ ServicesLastAccessed });
}

/** The line of the one service, or the code of what is wrong. */
function lineOf(fields: object): unknown {
  const { usage, diagnostics } = readJson(service(fields));
  return diagnostics[0]?.code ?? usage[0]?.lines[0];
}

const REPORT = {
  principalArn: ROLE_ARN,
  source: "last-accessed",
  reportId: "ACTION_LEVEL",
  active: true,
  updatedAt: "2026-09-24T09:00:00.000Z",
  lines: [
    {
      service: "s3",
      lastAccessed: "2026-09-20T08:00:00.000Z",
      actions: ["PutBucketPolicy", "DeleteBucket"],
      accessed: [["PutBucketPolicy", "2026-09-20T08:00:00.000Z"]],
    },
    { service: "sqs", lastAccessed: null, actions: null, accessed: [] },
  ],
};

describe("wrapped with its principal", () => {
  test("is one report on it: every service with its date, the tracked actions with theirs", () => {
    const evidence = readJson(bound());
    expect(evidence).toMatchObject({ kinds: ["service last accessed details"], diagnostics: [] });
    expect(evidence.usage).toEqual([REPORT]);
  });

  test("several, in a list or one on each line, plain or gzipped", () => {
    const two = [bound(), { arn: "arn:aws:iam::111122223333:group/a", details: lastAccessed() }];
    const lines = two.map((item) => JSON.stringify(item)).join("\n");
    for (const text of [JSON.stringify(two), lines]) {
      expect(readText(text).usage.map(({ principalArn }) => principalArn)).toEqual(two.map(({ arn }) => arn));
      expect(readEvidence("x.json.gz", gzipSync(text)).usage.length).toBe(2);
    }
  });

  test("pages in one wrapper are records of one report", () => {
    const first = lastAccessed({
      IsTruncated: true,
      Marker: "AAA",
      ServicesLastAccessed: [{ ServiceNamespace: "s3" }],
    });
    const second = lastAccessed({ ServicesLastAccessed: [{ ServiceNamespace: "sqs" }] });
    const { usage, diagnostics } = readJson({ arn: ROLE_ARN, details: [first, second] });
    expect(diagnostics).toEqual([]);
    expect(usage.map(({ lines }) => lines.map((line) => line.service))).toEqual([["s3"], ["sqs"]]);
    expect(
      new Set(usage.map(({ principalArn, reportId, updatedAt }) => `${principalArn} ${reportId} ${updatedAt}`)).size,
    ).toBe(1);
  });

  test("a bad page costs that page", () => {
    const pages = [lastAccessed(), { ServicesLastAccessed: [] }, 5];
    const evidence = readJson({ arn: ROLE_ARN, details: pages });
    expect(places(evidence)).toEqual(["wrong-shape at /details/1/JobStatus", "wrong-shape at /details/2"]);
    expect(evidence.usage.length).toBe(1);
  });

  test.each([
    ["a bucket", "arn:aws:s3:::orders"],
    ["a session", "arn:aws:sts::111122223333:assumed-role/orders/s"],
    ["a bare name", "orders"],
  ])("%s is no principal", (_, arn) => {
    const evidence = readJson({ arn, details: lastAccessed() });
    expect(places(evidence)).toEqual(["wrong-shape at /arn"]);
    expect(evidence.usage.filter(({ active }) => active)).toEqual([]);
  });

  test.each(["arn:aws:iam::111122223333:policy/OrdersAccess", "arn:aws:iam::aws:policy/ReadOnlyAccess"])(
    "a report on the managed policy %s speaks of all who have it: refused, with the command for each of them",
    (arn) => {
      const evidence = readJson({ arn, details: lastAccessed() });
      expect(places(evidence)).toEqual(["unsupported-input at /arn"]);
      expect(evidence.diagnostics[0]?.hint).toContain("aws iam generate-service-last-accessed-details --arn ARN");
      expect(evidence.usage.filter(({ active }) => active)).toEqual([]);
    },
  );

  test.each([
    ["no arn", { details: lastAccessed() }, "wrong-shape at /arn"],
    ["a field that is none of ours", { ...bound(), accountId: "111122223333" }, "wrong-shape at "],
  ])("%s: refused", (_, value, place) => {
    expect(places(readJson(value))).toEqual([place]);
  });
});

describe("bare, with the principal in the file's path", () => {
  test.each([
    [`exports/${ROLE_ARN}.json`, ROLE_ARN],
    [`exports/${encodeURIComponent(ROLE_ARN)}.json`, ROLE_ARN],
    ["exports/111122223333/role/orders.json", "111122223333:role/orders"],
  ])("%s", (path, principal) => {
    const evidence = readJson(lastAccessed(), path);
    expect(evidence.usage).toEqual([{ ...REPORT, principalArn: principal }]);
    expect(evidence.diagnostics).toEqual([]);
  });

  test("the pages in one file are all the path's", () => {
    const evidence = readJson([lastAccessed({ IsTruncated: true, Marker: "A" }), lastAccessed()], `${ROLE_ARN}.json`);
    expect(evidence.usage.map(({ principalArn }) => principalArn)).toEqual([ROLE_ARN, ROLE_ARN]);
  });

  test("a wrapper counts more than the path", () => {
    expect(readJson(bound(), "111122223333/role/other.json").usage).toMatchObject([{ principalArn: ROLE_ARN }]);
  });

  test("nobody in the path: refused, with the two ways out", () => {
    const evidence = readJson(lastAccessed());
    expect(places(evidence)).toEqual(["unbound-last-accessed at "]);
    expect(evidence.diagnostics[0]?.hint).toMatch(/"arn".*role\/NAME\.json/);
    expect(evidence.usage.filter(({ active }) => active)).toEqual([]);
  });

  test("a managed policy in the path is refused for what it is", () => {
    const evidence = readJson(lastAccessed(), "x/arn:aws:iam::aws:policy/ReadOnlyAccess.json");
    expect(codes(evidence)).toEqual(["unsupported-input"]);
    expect(evidence.diagnostics[0]?.message).toContain("arn:aws:iam::aws:policy/ReadOnlyAccess");
  });
});

describe("a job that has no report", () => {
  test("in progress: ask again", () => {
    const evidence = readJson({
      arn: ROLE_ARN,
      details: {
        JobStatus: "IN_PROGRESS",
        JobType: "ACTION_LEVEL",
        JobCreationDate: "2026-09-24T09:00:00Z",
        IsTruncated: false,
      },
    });
    expect(places(evidence)).toEqual(["unfinished-report at /details"]);
    expect(evidence.diagnostics[0]?.hint).toContain("get-service-last-accessed-details --job-id");
    expect(evidence.usage.filter(({ active }) => active)).toEqual([]);
  });

  test("in progress with a list of nothing is not taken for a report of nothing", () => {
    expect(codes(readJson(bound({ JobStatus: "IN_PROGRESS", ServicesLastAccessed: [] })))).toEqual([
      "unfinished-report",
    ]);
  });

  test.each([
    [
      "with a reason",
      { Code: "InternalFailure", Message: "Try again." },
      "AWS could not make the report: InternalFailure, Try again",
    ],
    ["without one", null, "AWS could not make the report"],
  ])("failed, %s: generate it again", (_, Error, message) => {
    const evidence = readJson(bound({ JobStatus: "FAILED", Error }));
    expect(evidence.diagnostics).toMatchObject([{ code: "unfinished-report", message }]);
    expect(evidence.diagnostics[0]?.hint).toContain("generate-service-last-accessed-details");
    expect(evidence.usage.filter(({ active }) => active)).toEqual([]);
  });
});

describe("the level", () => {
  const tracked = [{ ServiceNamespace: "s3", TrackedActionsLastAccessed: [{ ActionName: "DeleteBucket" }] }];
  const untracked = [{ ServiceNamespace: "s3", TrackedActionsLastAccessed: [] }];

  test.each([
    ["ACTION_LEVEL", untracked, "ACTION_LEVEL", null],
    ["ACTION_LEVEL", tracked, "ACTION_LEVEL", ["DeleteBucket"]],
    ["SERVICE_LEVEL", tracked, "SERVICE_LEVEL", null],
    [undefined, tracked, "ACTION_LEVEL", ["DeleteBucket"]],
    [null, untracked, "SERVICE_LEVEL", null],
  ])("JobType %s", (JobType, ServicesLastAccessed, reportId, actions) => {
    expect(readJson(bound({ JobType, ServicesLastAccessed })).usage).toMatchObject([
      { reportId, lines: [{ actions }] },
    ]);
  });

  test("dates of actions do not count in a report on services", () => {
    const TrackedActionsLastAccessed = [{ ActionName: "DeleteBucket", LastAccessedTime: "2026-09-20T08:00:00Z" }];
    const ServicesLastAccessed = [{ ServiceNamespace: "s3", TrackedActionsLastAccessed }];
    expect(readJson(bound({ JobType: "SERVICE_LEVEL", ServicesLastAccessed })).usage[0]?.lines).toEqual([
      { service: "s3", lastAccessed: null, actions: null, accessed: [] },
    ]);
  });

  test("another one is refused", () => {
    expect(places(readJson(bound({ JobType: "REGION_LEVEL" })))).toEqual(["wrong-shape at /details/JobType"]);
  });
});

describe("dates", () => {
  test.each([
    ["the job's creation", {}, "2026-09-24T09:00:00.000Z"],
    ["its completion where that is null", { JobCreationDate: null }, "2026-09-24T09:00:07.000Z"],
    ["its completion where that is absent", { JobCreationDate: undefined }, "2026-09-24T09:00:07.000Z"],
    ["none", { JobCreationDate: null, JobCompletionDate: null }, null],
  ])("of the report: %s", (_, fields, updatedAt) => {
    expect(readJson(bound(fields)).usage).toMatchObject([{ updatedAt }]);
  });

  test.each([undefined, null])("%s: never accessed while AWS kept track", (date) => {
    const TrackedActionsLastAccessed = [{ ActionName: "DeleteBucket", LastAccessedTime: date }];
    expect(lineOf({ LastAuthenticated: date, TrackedActionsLastAccessed })).toEqual({
      service: "s3",
      lastAccessed: null,
      actions: ["DeleteBucket"],
      accessed: [],
    });
  });

  test("text with an offset, or seconds", () => {
    const TrackedActionsLastAccessed = [{ ActionName: "DeleteBucket", LastAccessedTime: 1_767_323_045 }];
    expect(lineOf({ LastAuthenticated: "2026-01-02T05:04:05+02:00", TrackedActionsLastAccessed })).toMatchObject({
      lastAccessed: "2026-01-02T03:04:05.000Z",
      accessed: [["DeleteBucket", "2026-01-02T03:04:05.000Z"]],
    });
  });

  test.each(["", "N/A", "last spring", "Sep 24 2026", 1_758_326_400_000_000, "/Date(x)/", {}])(
    "%j is no date and must not pass for `never accessed`: the report is refused",
    (date) => {
      const action = [{ ActionName: "DeleteBucket", LastAccessedTime: date }];
      expect(lineOf({ LastAuthenticated: date })).toBe("wrong-shape");
      expect(lineOf({ TrackedActionsLastAccessed: action })).toBe("wrong-shape");
      expect(codes(readJson(bound({ JobCreationDate: date })))).toEqual(["wrong-shape"]);
    },
  );
});

describe("tracked actions", () => {
  test.each([
    ["absent", undefined],
    ["null", null],
    ["empty", []],
  ])("%s: nothing is said of single ones", (_, TrackedActionsLastAccessed) => {
    expect(lineOf({ LastAuthenticated: "2026-09-20T08:00:00Z", TrackedActionsLastAccessed })).toEqual({
      service: "s3",
      lastAccessed: "2026-09-20T08:00:00.000Z",
      actions: null,
      accessed: [],
    });
  });

  test("a name may bear its own service's prefix, in any case", () => {
    const TrackedActionsLastAccessed = [{ ActionName: "s3:DeleteBucket" }, { ActionName: "S3:PutBucketAcl" }];
    expect(lineOf({ TrackedActionsLastAccessed })).toMatchObject({ actions: ["DeleteBucket", "PutBucketAcl"] });
  });

  test("fields that AWS may add are no reason to refuse anything", () => {
    const TrackedActionsLastAccessed = [{ ActionName: "DeleteBucket", Future: 1 }];
    expect(lineOf({ Future: {}, TrackedActionsLastAccessed })).toMatchObject({ actions: ["DeleteBucket"] });
    expect(readJson(bound({ Future: [] })).diagnostics).toEqual([]);
  });

  test.each(["*", "Delete*", "", "s3:", "sqs:SendMessage", "Delete Bucket", "Größe"])(
    "%j cannot be one: the whole report is left out",
    (ActionName) => {
      const ServicesLastAccessed = [
        { ServiceNamespace: "sqs" },
        { ServiceNamespace: "s3", TrackedActionsLastAccessed: [{ ActionName: "DeleteBucket" }, { ActionName }] },
      ];
      const evidence = readJson(bound({ ServicesLastAccessed }));
      expect(places(evidence)).toEqual([
        "bad-action-name at /details/ServicesLastAccessed/1/TrackedActionsLastAccessed/1/ActionName",
      ]);
      expect(evidence.usage.filter(({ active }) => active)).toEqual([]);
    },
  );

  test.each(["", "*", "s 3", "s3:"])("service %j cannot be one: the whole report is left out", (ServiceNamespace) => {
    const evidence = readJson(bound({ ServicesLastAccessed: [{ ServiceNamespace: "sqs" }, { ServiceNamespace }] }));
    expect(places(evidence)).toEqual(["bad-action-name at /details/ServicesLastAccessed/1/ServiceNamespace"]);
    expect(evidence.usage.filter(({ active }) => active)).toEqual([]);
  });
});

test.each([
  ["no list of services", { ServicesLastAccessed: undefined }, "/ServicesLastAccessed"],
  ["a null list of services", { ServicesLastAccessed: null }, "/ServicesLastAccessed"],
  ["no status", { JobStatus: undefined }, "/JobStatus"],
  ["an unknown status", { JobStatus: "DONE" }, "/JobStatus"],
  [
    "a service without a namespace",
    { ServicesLastAccessed: [{ ServiceName: "Amazon S3" }] },
    "/ServicesLastAccessed/0/ServiceNamespace",
  ],
  [
    "an action without a name",
    { ServicesLastAccessed: [{ ServiceNamespace: "s3", TrackedActionsLastAccessed: [{}] }] },
    "/ServicesLastAccessed/0/TrackedActionsLastAccessed/0/ActionName",
  ],
])("%s: refused with the place", (_, fields, pointer) => {
  const evidence = readJson(bound(fields));
  expect(places(evidence)).toEqual([`wrong-shape at /details${pointer}`]);
  expect(evidence.usage.filter(({ active }) => active)).toEqual([]);
});

test("no service at all is a report that nothing can be accessed", () => {
  expect(readJson(bound({ ServicesLastAccessed: [] })).usage).toMatchObject([{ lines: [] }]);
});
