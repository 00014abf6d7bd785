import type { EventRecord, UsageRecord } from "@leastwise/core";
import { describe, expect, test } from "vitest";
import {
  ACCOUNT,
  allowing,
  answered,
  event,
  file,
  finding,
  newDatabase,
  planned,
  role,
  rows,
  temporaryFolder,
  together,
  withInline,
} from "./organization.ts";

const folder = temporaryFolder();
const SEPTEMBER = "2026-09-24T00:00:00.000Z";
const web = role("web", { path: "/apps/" });
const everything = allowing("s3:*", "sqs:*");

/** The actions that the one policy still allows. */
function left(
  events: readonly EventRecord[],
  usage: readonly UsageRecord[] = [],
  settings: Parameters<typeof planned>[3] = {},
): unknown {
  const { db } = newDatabase(folder);
  answered(db, planned(db, [file("export.json", { ...withInline(web, everything), usage, events })], {}, settings));
  const row = rows(
    db,
    "SELECT recommended_action, json_extract(recommended_policy, '$.Statement[0].Action') AS actions FROM recommendations",
  )[0];
  db.close();
  return row?.["recommended_action"] === "DETACH_POLICY" ? [] : JSON.parse(String(row?.["actions"]));
}

const allUnused = finding(web, "f", SEPTEMBER, { s3: null, sqs: ["SendMessage"] });

describe("CloudTrail's events", () => {
  test("alone remove nothing", () => {
    expect(left([event(web, "s3.amazonaws.com", "GetObject")])).toEqual(["s3:*", "sqs:*"]);
  });

  test("keep what they show in use, though a finding calls it unused", () => {
    expect(
      left([event(web, "s3.amazonaws.com", "GetObject"), event(web, "sqs.amazonaws.com", "SendMessage")], [allUnused]),
    ).toEqual(["s3:GetObject", "sqs:*"]);
  });

  test("that were all denied prove no use", () => {
    expect(
      left([event(web, "s3.amazonaws.com", "GetObject", { events: 5, denied: 5, lastAt: null })], [allUnused]),
    ).toEqual(["sqs:DeleteMessage"]);
  });

  test("of an unknown name keep the whole service", () => {
    expect(left([event(web, "s3.amazonaws.com", "GetSomethingNew")], [allUnused])).toEqual([
      "s3:*",
      "sqs:DeleteMessage",
    ]);
  });

  test("of an action that the catalog lacks, or of a service, keep what reports name so", () => {
    const newer = allowing("s3:GetNewThing", "s3:PutObject", "new:*", "new:Do");
    const { db } = newDatabase(folder);
    const usage = [finding(web, "f", SEPTEMBER, { s3: ["GetNewThing", "PutObject"], new: null })];
    const events = [event(web, "s3.amazonaws.com", "GetNewThing"), event(web, "new.amazonaws.com", "Something")];
    answered(db, planned(db, [file("export.json", { ...withInline(web, newer), usage, events })]));
    const row = rows(
      db,
      "SELECT json_extract(recommended_policy, '$.Statement[0].Action') AS actions FROM recommendations",
    )[0];
    expect(JSON.parse(String(row?.["actions"]))).toEqual(["s3:GetNewThing", "new:*", "new:Do"]);
    db.close();
  });

  test("outside a window that is set prove no use", () => {
    const old = event(web, "s3.amazonaws.com", "GetObject", { lastAt: "2026-03-01T00:00:00.000Z" });
    expect(left([old], [allUnused])).toEqual(["s3:GetObject", "sqs:DeleteMessage"]);
    expect(left([old], [allUnused], { windows: { accessAnalyzer: null, lastAccessed: 90, cloudTrail: 30 } })).toEqual([
      "sqs:DeleteMessage",
    ]);
  });

  test("outside a window that is set are shown as stale", () => {
    const { db } = newDatabase(folder);
    const events = ["2026-03-01", "2026-09-01"].map((day) =>
      event(web, "s3.amazonaws.com", day < "2026-09" ? "GetObject" : "PutObject", { lastAt: `${day}T00:00:00.000Z` }),
    );
    const inputs = [file("export.json", { ...withInline(web, everything), events })];
    const windows = { accessAnalyzer: null, lastAccessed: 90, cloudTrail: 30 };
    planned(db, inputs, { settings: JSON.stringify({ windows }) }, { windows, asOf: SEPTEMBER });
    expect(
      rows(db, "SELECT json_extract(actions, '$[0]') AS action, standing, age_days, window_days FROM usage ORDER BY 1"),
    ).toEqual([
      { action: "GetObject", standing: "stale", age_days: 207, window_days: 30 },
      { action: "PutObject", standing: "counts", age_days: 23, window_days: 30 },
    ]);
    db.close();
  });

  test("of a principal that is only known by name are its, whatever its path and case; together with those that know it", () => {
    const byName = { arn: `${ACCOUNT}:role/WEB` };
    expect(left([event(byName, "s3.amazonaws.com", "GetObject")], [allUnused])).toEqual([
      "s3:GetObject",
      "sqs:DeleteMessage",
    ]);
    const { db } = newDatabase(folder);
    const events = [
      event(byName, "s3.amazonaws.com", "GetObject", { events: 2, lastAt: "2026-09-21T00:00:00.000Z" }),
      event(web, "s3.amazonaws.com", "GetObject", { events: 3, denied: 1 }),
      event({ arn: `${ACCOUNT}:role/nobody` }, "s3.amazonaws.com", "GetObject"),
      event({ arn: "type:AWSService" }, "", "", { events: 9 }),
    ];
    planned(db, [file("export.json", { ...withInline(web, everything), events })]);
    expect(rows(db, "SELECT principal_arn, events, denied, last_at FROM event_use ORDER BY events DESC")).toEqual([
      { principal_arn: "type:AWSService", events: 9, denied: 0, last_at: "2026-09-20T12:00:00.000Z" },
      { principal_arn: web.arn, events: 5, denied: 1, last_at: "2026-09-21T00:00:00.000Z" },
      { principal_arn: `${ACCOUNT}:role/nobody`, events: 1, denied: 0, last_at: "2026-09-20T12:00:00.000Z" },
    ]);
    expect(rows(db, "SELECT code, message FROM diagnostics")).toEqual([
      {
        code: "events-of-unknown-principals",
        message: `1 principal with events is in no export: \`${ACCOUNT}:role/nobody\``,
      },
    ]);
    db.close();
  });

  test("by an ARN whose path or case differs are of the principal of that name; where it may mean two, of both", () => {
    const arns = ["role/web", "role/other/WEB"].map((end) => `arn:aws:iam::${ACCOUNT}:${end}`);
    for (const arn of arns)
      expect(left([event({ arn }, "s3.amazonaws.com", "GetObject")], [allUnused])).toEqual([
        "s3:GetObject",
        "sqs:DeleteMessage",
      ]);
    const { db } = newDatabase(folder);
    const twin = role("web", { path: "/old/" });
    const said = together(withInline(web, everything), withInline(twin, everything));
    const usage = [allUnused, finding(twin, "g", SEPTEMBER, { s3: null })];
    answered(
      db,
      planned(db, [
        file("export.json", {
          ...said,
          usage,
          events: [event({ arn: `${ACCOUNT}:role/web` }, "s3.amazonaws.com", "GetObject")],
        }),
      ]),
    );
    const actions = rows(db, "SELECT recommended_policy AS policy FROM recommendations").map(({ policy }) =>
      String(policy),
    );
    expect(actions.map((policy) => policy.includes("s3:GetObject"))).toEqual([true, true]);
    db.close();
  });

  test("are counted by service, with the share that stands for known actions, and the rest is listed", () => {
    const { db } = newDatabase(folder);
    const events = [
      event(web, "s3.amazonaws.com", "GetObject", { events: 6, denied: 2 }),
      event(web, "s3.amazonaws.com", "GetSomethingNew", { events: 2 }),
      event(role("other"), "s3.amazonaws.com", "GetSomethingNew"),
    ];
    answered(db, planned(db, [file("export.json", { ...withInline(web, everything), events })]));
    expect(rows(db, "SELECT service, events, mapped, denied, percent_mapped FROM event_shares")).toEqual([
      { service: "s3", events: 9, mapped: 6, denied: 2, percent_mapped: 66.7 },
    ]);
    expect(rows(db, "SELECT event_name, events, principals FROM event_names WHERE actions IS NULL")).toEqual([
      { event_name: "GetSomethingNew", events: 3, principals: 2 },
    ]);
    expect(rows(db, "SELECT code FROM diagnostics ORDER BY code").map(({ code }) => code)).toEqual([
      "events-of-unknown-principals",
      "unmapped-events",
    ]);
    db.close();
  });
});

function asOf(settings: Parameters<typeof planned>[3]): unknown {
  const { db } = newDatabase(folder);
  planned(
    db,
    [
      file("export.json", {
        ...withInline(web, everything),
        usage: [allUnused],
        events: [event(web, "s3.amazonaws.com", "GetObject")],
      }),
    ],
    {},
    settings,
  );
  const found = rows(db, "SELECT as_of FROM run")[0]?.["as_of"];
  db.close();
  return found;
}

describe("the day that ages are counted to", () => {
  test("is the newest that the inputs bear, so that the same inputs give the same results on any day", () => {
    expect(asOf({})).toBe(SEPTEMBER);
  });

  test("is the day of the run where evidence must not be stale, and the one that is given where one is", () => {
    expect(asOf({ maxAge: 400 })).toBe("2026-11-21T22:00:00.000Z");
    expect(asOf({ maxAge: 400, asOf: "2026-10-01T00:00:00.000Z" })).toBe("2026-10-01T00:00:00.000Z");
  });

  test("stale evidence is refused with its dates, and removes nothing", () => {
    const { db } = newDatabase(folder);
    answered(
      db,
      planned(db, [file("export.json", { ...withInline(web, everything), usage: [allUnused] })], {}, { maxAge: 30 }),
    );
    expect(rows(db, "SELECT recommended_action AS action, evidence FROM recommendations")).toEqual([
      { action: "NONE", evidence: "none" },
    ]);
    expect(rows(db, "SELECT severity, code, path, message FROM diagnostics")).toEqual([
      {
        severity: "error",
        code: "stale-evidence",
        path: web.arn,
        message: "the report is of 2026-09-24, more than 30 days before 2026-11-21; it removes nothing",
      },
    ]);
    expect(rows(db, "SELECT source, standing, state, age_days FROM usage WHERE service = 's3'")).toEqual([
      { source: "access-analyzer", standing: "stale", state: "unused", age_days: 58 },
    ]);
    db.close();
  });
});
