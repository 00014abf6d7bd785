import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { UsageLine } from "../src/organization/records.ts";
import { DEFAULT_SETTINGS } from "../src/organization/settings.ts";
import { type Unused, isUnused, unusedOf } from "../src/unused/unused.ts";
import { type Report, joinPages } from "../src/usage/report.ts";
import { type EventUse, type Judgement, type Settled, settle } from "../src/usage/settle.ts";

const AS_OF = "2026-10-01T00:00:00.000Z";
const SEPTEMBER = "2026-09-20T00:00:00.000Z";
const AUGUST = "2026-08-20T00:00:00.000Z";
/** 91 days before the 20th of September, and 89. */
const OLD = "2026-06-21T00:00:00.000Z";
const RECENT = "2026-06-23T00:00:00.000Z";

const DEFAULTS: Judgement = { ...DEFAULT_SETTINGS, asOf: AS_OF, tracked: () => undefined, createdAt: null };

function line(
  service: string,
  actions: readonly string[] | null,
  lastAccessed: string | null = null,
  accessed: UsageLine["accessed"] = [],
): UsageLine {
  return { service, lastAccessed, actions, accessed };
}

function finding(lines: readonly UsageLine[], more: Partial<Report> = {}): Report {
  return { source: "access-analyzer", reportId: "f", active: true, updatedAt: SEPTEMBER, lines, ...more };
}

function details(lines: readonly UsageLine[], more: Partial<Report> = {}): Report {
  return { source: "last-accessed", reportId: "ACTION_LEVEL", active: true, updatedAt: SEPTEMBER, lines, ...more };
}

function list(lines: readonly UsageLine[], more: Partial<Report> = {}): Report {
  return { source: "plain-list", reportId: "", active: true, updatedAt: null, lines, ...more };
}

function called(action: string): EventUse {
  const [service = "", name = ""] = action.split(":");
  return { service, actions: [name] };
}

function settled(
  reports: readonly Report[],
  events: readonly EventUse[] = [],
  judgement: Partial<Judgement> = {},
): Settled {
  return settle(reports, events, { ...DEFAULTS, ...judgement });
}

/** Those of the actions that are unused by what was settled. */
function unusedAmong(actions: readonly string[], { unused }: Settled): readonly string[] {
  return actions.filter((action) => {
    const [service, name = ""] = action.toLowerCase().split(":");
    const found = unused.find((one) => one.service === service);
    return found !== undefined && isUnused(found, name);
  });
}

const S3 = ["s3:GetObject", "s3:PutObject", "s3:DeleteBucket", "s3:ListBucket"];

function trackedOfS3(service: string): readonly string[] | undefined {
  return service === "s3" ? ["DeleteBucket", "ListBucket"] : undefined;
}

describe("service last accessed details", () => {
  it("make a service without an access in the window unused whole, in the catalog or not", () => {
    expect(settled([details([line("s3", null)])]).unused).toEqual(unusedOf([{ service: "s3", actions: null }]));
    expect(settled([details([line("s3", null, OLD)])]).unused).toEqual(unusedOf([{ service: "s3", actions: null }]));
  });

  it("leave a service alone that was accessed in the window, where no action is told", () => {
    const found = settled([details([line("s3", null, RECENT)])]);
    expect(found).toMatchObject({ unused: [], evidence: "reported" });
  });

  it("in a used service make unused just the actions that they list and that have no access in the window", () => {
    const tracked = line("s3", ["DeleteBucket", "ListBucket", "PutBucketPolicy"], RECENT, [
      ["ListBucket", RECENT],
      ["PutBucketPolicy", OLD],
    ]);
    const asked = [...S3, "s3:PutBucketPolicy"];
    expect(unusedAmong(asked, settled([details([tracked])]))).toEqual(["s3:DeleteBucket", "s3:PutBucketPolicy"]);
  });

  it("in a used service make tracked actions unused that they do not list, where the service reference says what is tracked", () => {
    const used = details([line("s3", ["ListBucket"], RECENT, [["ListBucket", RECENT]])]);
    expect(unusedAmong(S3, settled([used], [], { tracked: trackedOfS3 }))).toEqual(["s3:DeleteBucket"]);
  });

  it("of service level say nothing of tracked actions: none was looked at", () => {
    const used = details([line("s3", null, RECENT)], { reportId: "SERVICE_LEVEL" });
    expect(settled([used], [], { tracked: () => ["DeleteBucket"] }).unused).toEqual([]);
  });

  it("count the window from their own date, not from the day they are read", () => {
    const read = details([line("s3", null, RECENT)]);
    expect(settled([read], [], { asOf: "2027-10-01T00:00:00.000Z" }).unused).toEqual([]);
  });

  it("take any access for use where they bear no date", () => {
    expect(settled([details([line("s3", null, OLD)], { updatedAt: null })]).unused).toEqual([]);
    expect(settled([details([line("s3", null)], { updatedAt: null })]).unused).not.toEqual([]);
  });

  it("count alone when they are the newest", () => {
    const older = details([line("s3", null), line("sqs", null)], { updatedAt: AUGUST });
    const newer = details([line("s3", null, RECENT), line("sqs", null)]);
    const found = settled([older, newer]);
    expect(found.unused).toEqual(unusedOf([{ service: "sqs", actions: null }]));
    expect(found.reports.map(({ standing }) => standing).sort()).toEqual(["counts", "superseded"]);
  });

  it("never make iam:PassRole unused, which leaves no trace", () => {
    expect(unusedAmong(["iam:PassRole", "iam:GetRole"], settled([details([line("iam", null)])]))).toEqual([
      "iam:GetRole",
    ]);
  });

  it("take another window where one is set", () => {
    const windows = { ...DEFAULT_SETTINGS.windows, lastAccessed: 400 };
    expect(settled([details([line("s3", null, OLD)])], [], { windows }).unused).toEqual([]);
  });
});

describe("used beats unused beats unknown", () => {
  it("an event takes its action out of what a finding calls unused, and nothing else", () => {
    expect(
      unusedAmong(S3, settled([finding([line("s3", ["GetObject", "PutObject"])])], [called("s3:getobject")])),
    ).toEqual(["s3:PutObject"]);
  });

  it("an event takes its action out of a service that is called unused whole", () => {
    expect(unusedAmong(S3, settled([finding([line("s3", null)])], [called("s3:GetObject")]))).toEqual(S3.slice(1));
  });

  it("an event of an unknown name takes the whole service out, since it could stand for any action; named ones stay unused", () => {
    const unknown: EventUse = { service: "S3", actions: null };
    expect(settled([finding([line("s3", null)])], [unknown]).unused).toEqual([]);
    expect(unusedAmong(S3, settled([finding([line("s3", ["GetObject"])])], [unknown]))).toEqual(["s3:GetObject"]);
  });

  it("an access to a service takes it out of what a list calls unused whole, but not what the list names", () => {
    const used = details([line("s3", null, RECENT)]);
    expect(settled([used, list([line("s3", null)])]).unused).toEqual([]);
    expect(unusedAmong(S3, settled([used, list([line("s3", ["PutObject"])])]))).toEqual(["s3:PutObject"]);
  });

  it("an access to an action in last accessed details takes it out of a finding", () => {
    const used = details([line("s3", ["ListBucket"], RECENT, [["ListBucket", RECENT]])]);
    expect(unusedAmong(S3, settled([used, finding([line("s3", ["ListBucket", "GetObject"])])]))).toEqual([
      "s3:GetObject",
    ]);
  });

  it("events alone remove nothing", () => {
    expect(settled([], [called("s3:GetObject")])).toMatchObject({ unused: [], evidence: "use-only" });
    expect(settled([])).toMatchObject({ unused: [], evidence: "none" });
  });

  it("a finding's own dates count where a window is set for it, and only then", () => {
    const dated = finding([
      line("s3", ["GetObject", "PutObject"], null, [
        ["GetObject", RECENT],
        ["PutObject", OLD],
      ]),
      line("sqs", null, RECENT),
    ]);
    const windows = { ...DEFAULT_SETTINGS.windows, accessAnalyzer: 90 };
    expect(unusedAmong([...S3, "sqs:SendMessage"], settled([dated]))).toEqual([
      "s3:GetObject",
      "s3:PutObject",
      "sqs:SendMessage",
    ]);
    expect(unusedAmong([...S3, "sqs:SendMessage"], settled([dated], [], { windows }))).toEqual(["s3:PutObject"]);
  });
});

describe("age", () => {
  it("evidence older than the greatest age removes nothing, but what it saw used stays used", () => {
    const old = details([line("s3", ["ListBucket"], AUGUST, [["ListBucket", AUGUST]]), line("sqs", null)], {
      updatedAt: AUGUST,
    });
    const fresh = finding([line("s3", ["ListBucket", "GetObject"])]);
    const found = settled([old, fresh], [], { maxAge: 30 });
    expect(found.reports.map(({ source, standing }) => `${source} ${standing}`)).toEqual([
      "access-analyzer counts",
      "last-accessed stale",
    ]);
    expect(unusedAmong([...S3, "sqs:SendMessage"], found)).toEqual(["s3:GetObject"]);
  });

  it("a report of no known age is stale where there is a greatest age", () => {
    expect(settled([list([line("s3", null)])], [], { maxAge: 3650 })).toMatchObject({ unused: [], evidence: "none" });
    expect(settled([list([line("s3", null)], { updatedAt: SEPTEMBER })], [], { maxAge: 3650 }).unused).not.toEqual([]);
  });

  it("what came after the window of last accessed details began is too young for them; findings have judged that themselves", () => {
    expect(settled([details([line("s3", null)])]).youngAfter).toBe("2026-06-22T00:00:00.000Z");
    expect(settled([finding([line("s3", null)])]).youngAfter).toBeNull();
    expect(settled([finding([line("s3", null)])], [], { minAge: 10 }).youngAfter).toBe("2026-09-10T00:00:00.000Z");
    expect(settled([details([line("s3", null)])], [], { minAge: 0 }).youngAfter).toBeNull();
    expect(settled([list([line("s3", null)])], [], { minAge: 10 }).youngAfter).toBe("2026-09-21T00:00:00.000Z");
  });
});

const someLine = fc.record({
  service: fc.constantFrom("s3", "S3", "sqs", "iam"),
  lastAccessed: fc.constantFrom(null, OLD, RECENT),
  actions: fc.option(
    fc.array(fc.constantFrom("GetObject", "getobject", "PutObject", "PassRole", "ListBucket"), { maxLength: 4 }),
  ),
  accessed: fc.array(fc.tuple(fc.constantFrom("GetObject", "PutObject", "ListBucket"), fc.constantFrom(OLD, RECENT)), {
    maxLength: 2,
  }),
});
const someReport: fc.Arbitrary<Report> = fc.record({
  source: fc.constantFrom("access-analyzer", "last-accessed", "plain-list"),
  reportId: fc.constantFrom("a", "b"),
  active: fc.boolean(),
  updatedAt: fc.constantFrom(null, AUGUST, SEPTEMBER),
  lines: fc.array(someLine, { maxLength: 4 }),
});

describe("whatever the reports", () => {
  it("order, repetition and paging change nothing", () => {
    fc.assert(
      fc.property(fc.array(someReport, { maxLength: 5 }), fc.infiniteStream(fc.nat()), (reports, random) => {
        const pages = reports.flatMap((report) =>
          report.lines.length < 2 ? [report] : report.lines.map((single) => ({ ...report, lines: [single] })),
        );
        const shuffled = [...pages, ...reports]
          .map((page) => ({ page, key: random.next().value as number })) // the stream never ends
          .sort((a, b) => a.key - b.key)
          .map(({ page }) => page);
        expect(joinPages(shuffled)).toEqual(joinPages(reports));
        expect(settled(shuffled)).toEqual(settled(reports));
      }),
    );
  });

  it("more use never makes more unused, and what was called is never unused", () => {
    fc.assert(
      fc.property(
        fc.array(someReport, { maxLength: 4 }),
        fc.subarray(["s3:GetObject", "s3:PutObject", "iam:PassRole", "sqs:SendMessage"]),
        (reports, calls) => {
          const actions = [...S3, "iam:PassRole", "iam:GetRole", "sqs:SendMessage"];
          const without = unusedAmong(actions, settled(reports));
          const withCalls = unusedAmong(actions, settled(reports, calls.map(called)));
          expect(withCalls).toEqual(without.filter((action) => !calls.includes(action)));
        },
      ),
    );
  });

  it("U is in canonical form", () => {
    fc.assert(
      fc.property(
        fc.array(someReport, { maxLength: 4 }),
        fc.subarray(["s3:GetObject", "iam:GetRole"]),
        (reports, calls) => {
          const { unused }: { unused: Unused } = settled(reports, calls.map(called));
          const services = unused.map(({ service }) => service);
          expect(services).toEqual([...new Set(services)].sort());
          for (const { names, whole } of unused) {
            expect(names).toEqual([...new Set(names.map((name) => name.toLowerCase()))].sort());
            expect(whole || names.length > 0).toBe(true);
          }
        },
      ),
    );
  });
});
