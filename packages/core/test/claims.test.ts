import { describe, expect, it } from "vitest";
import type { UsageLine } from "../src/organization/records.ts";
import { DEFAULT_SETTINGS } from "../src/organization/settings.ts";
import { type UsageClaim, claimsOf } from "../src/usage/claims.ts";
import { type Report, joinPages } from "../src/usage/report.ts";
import { settle, usesOf } from "../src/usage/settle.ts";

const SEPTEMBER = "2026-09-20T00:00:00.000Z";
/** Just 90 days before, and a millisecond more. */
const EDGE = "2026-06-22T00:00:00.000Z";
const BEFORE_EDGE = "2026-06-21T23:59:59.999Z";
const RECENT = "2026-09-01T00:00:00.000Z";
const OLD = "2026-01-01T00:00:00.000Z";

function line(service: string, actions: readonly string[] | null, more: Partial<UsageLine> = {}): UsageLine {
  return { service, lastAccessed: null, actions, accessed: [], ...more };
}

function report(source: Report["source"], lines: readonly UsageLine[], more: Partial<Report> = {}): Report {
  const reportId = source === "last-accessed" ? "ACTION_LEVEL" : "";
  return { source, reportId, active: true, updatedAt: SEPTEMBER, lines, ...more };
}

function claims(
  one: Report,
  tracked: readonly string[] = [],
  windows = DEFAULT_SETTINGS.windows,
): readonly UsageClaim[] {
  return claimsOf(one, windows, (service) => (service === "s3" ? tracked : undefined));
}

describe("what last accessed details claim", () => {
  it("an access on the first day of the window counts, one before it does not", () => {
    const [edge] = claims(report("last-accessed", [line("s3", null, { lastAccessed: EDGE })]));
    const [before] = claims(report("last-accessed", [line("s3", null, { lastAccessed: BEFORE_EDGE })]));
    expect(edge).toEqual({ service: "s3", state: "unknown", actions: null, lastAccessed: EDGE });
    expect(before).toEqual({ service: "s3", state: "unused", actions: null, lastAccessed: BEFORE_EDGE });
  });

  it("of a used service: that it was used, each action with its date, and the never accessed ones together", () => {
    const accessed = [
      ["ListBucket", RECENT],
      ["PutBucketPolicy", OLD],
    ] as const;
    const used = line("s3", ["DeleteBucket", "GetBucketAcl", "ListBucket", "PutBucketPolicy"], {
      lastAccessed: RECENT,
      accessed,
    });
    expect(claims(report("last-accessed", [used]))).toEqual([
      { service: "s3", state: "unknown", actions: null, lastAccessed: RECENT },
      { service: "s3", state: "used", actions: ["ListBucket"], lastAccessed: RECENT },
      { service: "s3", state: "unused", actions: ["PutBucketPolicy"], lastAccessed: OLD },
      { service: "s3", state: "unused", actions: ["DeleteBucket", "GetBucketAcl"], lastAccessed: null },
    ]);
  });

  it("an action's own access makes its service used, though the service itself bears no date", () => {
    const accessed = [
      ["ListBucket", OLD],
      ["GetBucketAcl", RECENT],
      ["PutBucketAcl", EDGE],
    ] as const;
    const [whole, ...rest] = claims(
      report("last-accessed", [
        line(
          "s3",
          accessed.map(([name]) => name),
          { accessed },
        ),
      ]),
    );
    expect(whole).toEqual({ service: "s3", state: "unknown", actions: null, lastAccessed: RECENT });
    expect(rest.map(({ state, actions }) => `${state} ${actions?.join() ?? ""}`)).toEqual([
      "unused ListBucket",
      "used GetBucketAcl",
      "used PutBucketAcl",
    ]);
  });

  it("tracked actions that are listed are not claimed twice, whatever their case; without a list only the tracked ones are", () => {
    const used = line("s3", ["listbucket"], { lastAccessed: RECENT });
    expect(claims(report("last-accessed", [used]), ["ListBucket", "DeleteBucket"]).slice(1)).toEqual([
      { service: "s3", state: "unused", actions: ["listbucket", "DeleteBucket"], lastAccessed: null },
    ]);
    expect(claims(report("last-accessed", [{ ...used, actions: null }]), ["DeleteBucket"]).slice(1)).toEqual([
      { service: "s3", state: "unused", actions: ["DeleteBucket"], lastAccessed: null },
    ]);
    expect(claims(report("last-accessed", [{ ...used, actions: null }]))).toHaveLength(1);
  });

  it("of service level: that the service was used, and no more", () => {
    const one = report("last-accessed", [line("s3", null, { lastAccessed: RECENT })], { reportId: "SERVICE_LEVEL" });
    expect(claims(one, ["DeleteBucket"])).toEqual([
      { service: "s3", state: "unknown", actions: null, lastAccessed: RECENT },
    ]);
  });
});

describe("what findings and lists claim", () => {
  const dated = [
    line("s3", ["GetObject", "PutObject", "ListBucket"], {
      accessed: [
        ["GetObject", RECENT],
        ["PutObject", OLD],
      ],
    }),
    line("sqs", null, { lastAccessed: RECENT }),
    line("sns", null),
  ];
  const withWindow = { ...DEFAULT_SETTINGS.windows, accessAnalyzer: 90 };

  it("without a window that all of it is unused, whatever their dates, which are kept", () => {
    expect(claims(report("access-analyzer", dated))).toEqual([
      { service: "s3", state: "unused", actions: ["GetObject"], lastAccessed: RECENT },
      { service: "s3", state: "unused", actions: ["PutObject"], lastAccessed: OLD },
      { service: "s3", state: "unused", actions: ["ListBucket"], lastAccessed: null },
      { service: "sqs", state: "unused", actions: null, lastAccessed: RECENT },
      { service: "sns", state: "unused", actions: null, lastAccessed: null },
    ]);
  });

  it("with a window that what they saw accessed in it is used, the service by some action", () => {
    expect(
      claims(report("access-analyzer", dated), [], withWindow).map(({ service, state }) => `${service} ${state}`),
    ).toEqual(["s3 used", "s3 unused", "s3 unused", "sqs unknown", "sns unused"]);
  });

  it("with a window and without a date of their own, any access is use", () => {
    const undated = report("plain-list", dated, { updatedAt: null });
    expect(claims(undated, [], withWindow).map(({ service, state }) => `${service} ${state}`)).toEqual([
      "s3 used",
      "s3 used",
      "s3 unused",
      "sqs unknown",
      "sns unused",
    ]);
  });
});

describe("pages joined", () => {
  it("one line a service, names once by the smallest spelling, the newest dates; a whole service beside what is named of it", () => {
    const pages = [
      report("access-analyzer", [line("S3", ["getobject", "PutObject"], { accessed: [["PutObject", OLD]] })]),
      report("access-analyzer", [
        line("s3", ["GetObject"], { lastAccessed: OLD, accessed: [["putobject", RECENT]] }),
        line("iam", null),
      ]),
      report("access-analyzer", [
        line("iam", ["PassRole"], { lastAccessed: RECENT }),
        line("s3", [], { lastAccessed: RECENT }),
      ]),
    ];
    expect(joinPages(pages)).toEqual([
      report("access-analyzer", [
        line("iam", null),
        line("iam", ["PassRole"], { lastAccessed: RECENT }),
        line("S3", ["GetObject", "PutObject"], { lastAccessed: RECENT, accessed: [["PutObject", RECENT]] }),
      ]),
    ]);
  });

  it("of last accessed details a service is one line, named or not", () => {
    const pages = [
      report("last-accessed", [line("s3", null, { lastAccessed: RECENT })]),
      report("last-accessed", [line("s3", ["ListBucket"])]),
    ];
    expect(joinPages(pages)).toEqual([report("last-accessed", [line("s3", ["ListBucket"], { lastAccessed: RECENT })])]);
  });

  it("a list of no names stays one: it does not name the whole service", () => {
    expect(joinPages([report("plain-list", [line("s3", [])])])).toEqual([report("plain-list", [line("s3", [])])]);
  });

  it("names out of order and twice are put in order", () => {
    const [one] = joinPages([report("plain-list", [line("s3", ["PutObject", "GetObject", "putobject"])])]);
    expect(one?.lines[0]?.actions).toEqual(["GetObject", "PutObject"]);
  });

  it("reports come in the order of source, date and id; those without a date first", () => {
    const finding = (reportId: string, updatedAt: string | null): Report =>
      report("access-analyzer", [], { reportId, updatedAt });
    const joined = joinPages([
      report("plain-list", []),
      finding("b", SEPTEMBER),
      finding("a", SEPTEMBER),
      finding("c", null),
      finding("d", OLD),
    ]);
    expect(joined.map(({ source, reportId }) => `${source} ${reportId}`)).toEqual([
      "access-analyzer c",
      "access-analyzer d",
      "access-analyzer a",
      "access-analyzer b",
      "plain-list ",
    ]);
  });
});

describe("how reports stand", () => {
  const judgement = { ...DEFAULT_SETTINGS, asOf: SEPTEMBER, tracked: (): undefined => undefined, createdAt: null };

  it("not active, superseded, stale or counting; only what counts or is stale proves use", () => {
    const windows = { ...DEFAULT_SETTINGS.windows, accessAnalyzer: 365 };
    const accessed = { accessed: [["X", OLD]] as const };
    const pages = [
      report("access-analyzer", [line("a", ["X"], accessed)], { reportId: "old", updatedAt: OLD }),
      report("access-analyzer", [line("b", ["X"], accessed)], { reportId: "new" }),
      report("access-analyzer", [line("gone", ["X"])], { reportId: "gone", active: false }),
      report("plain-list", [line("c", ["X"], accessed)], { updatedAt: RECENT }),
      report("plain-list", [line("d", ["X"], accessed)], { updatedAt: OLD }),
    ];
    const { reports } = settle(pages, [], { ...judgement, windows, maxAge: 30 });
    expect(reports.map(({ reportId, updatedAt, standing }) => [reportId, updatedAt, standing])).toEqual([
      ["old", OLD, "superseded"],
      ["gone", SEPTEMBER, "not-active"],
      ["new", SEPTEMBER, "counts"],
      ["", OLD, "stale"],
      ["", RECENT, "counts"],
    ]);
    expect(usesOf(reports).map(({ service }) => service)).toEqual(["b", "d", "c"]);
  });

  it("one that is older than the principal was said of another that had its name", () => {
    const pages = [
      report("access-analyzer", [line("s3", null)], { reportId: "f", updatedAt: OLD }),
      report("last-accessed", [line("sqs", null, { lastAccessed: OLD })], { updatedAt: OLD }),
      report("plain-list", [line("sns", null)], { updatedAt: null }),
    ];
    const { reports, unused } = settle(pages, [], { ...judgement, createdAt: RECENT });
    expect(reports.map(({ source, standing }) => `${source} ${standing}`)).toEqual([
      "access-analyzer predecessor",
      "last-accessed predecessor",
      "plain-list counts",
    ]);
    expect(unused.map(({ service }) => service)).toEqual(["sns"]);
  });

  it("a report of just the greatest age still counts", () => {
    const edge = report("plain-list", [line("s3", null)], { updatedAt: "2026-08-21T00:00:00.000Z" });
    expect(settle([edge], [], { ...judgement, maxAge: 30 }).evidence).toBe("reported");
    expect(settle([edge], [], { ...judgement, maxAge: 29 }).evidence).toBe("none");
  });

  it("the earliest day on which anything could be too young counts, of reports that call something unused", () => {
    const lists = [
      report("plain-list", [line("s3", null)], { updatedAt: RECENT }),
      report("last-accessed", [line("s3", null)]),
    ];
    const allUsed = report("access-analyzer", [], { reportId: "f", updatedAt: OLD });
    expect(settle([...lists, allUsed], [], { ...judgement, minAge: 10 }).youngAfter).toBe("2026-08-22T00:00:00.000Z");
    expect(settle([...lists.toReversed(), allUsed], [], { ...judgement, minAge: 10 }).youngAfter).toBe(
      "2026-08-22T00:00:00.000Z",
    );
    expect(settle(lists, [], judgement).youngAfter).toBe(EDGE);
  });
});
