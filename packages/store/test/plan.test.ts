import { DEFAULT_OPTIONS, type Unused, type UsageRecord } from "@leastwise/core";
import { describe, expect, test } from "vitest";
import { IngestWriter, Plan, countUnits } from "../src/index.ts";
import {
  NOW,
  allowing,
  answered,
  dump,
  event,
  file,
  finding,
  group,
  managedPolicy,
  newDatabase,
  newRun,
  plan,
  planInput,
  planned,
  plannedUnused,
  plainList,
  role,
  rows,
  settled,
  temporaryFolder,
  together,
  user,
  withInline,
  toWrite,
} from "./organization.ts";

const folder = temporaryFolder();
const web = role("web");
const AUGUST = "2026-08-25T00:00:00.000Z";
const SEPTEMBER = "2026-09-24T00:00:00.000Z";
const ONE_BY_ONE = { principals: 1, characters: 1 };
const OCTOBER = "2026-10-01T00:00:00.000Z";

/** U of the role `web` when these reports come one a file, in this order. */
function unusedOfWeb(...reports: readonly UsageRecord[]): {
  readonly unused: Unused | undefined;
  readonly evidence: unknown;
} {
  const { db } = newDatabase(folder);
  const files = reports.map((usage, i) => file(`finding-${i}.json`, { usage: [usage] }));
  const run = planned(db, [file("export.json", withInline(web, allowing("s3:*"))), ...files]);
  const unused = plannedUnused(db, run)[0]?.unused;
  const evidence = rows(db, "SELECT evidence FROM principals")[0]?.["evidence"];
  db.close();
  return { unused, evidence };
}

function names(service: string, ...actions: readonly string[]): Unused[number] {
  return { service, whole: false, names: actions };
}

describe("which findings count for a principal", () => {
  test("a principal without a finding keeps everything, and this is said", () => {
    expect(unusedOfWeb()).toEqual({ unused: [], evidence: "none" });
  });

  test("an active finding counts", () => {
    const active = finding(web, "f1", AUGUST, { s3: ["GetObject"], sqs: null });
    const unused = [names("s3", "getobject"), { service: "sqs", whole: true, names: [] }];
    expect(unusedOfWeb(active)).toEqual({ unused, evidence: "reported" });
  });

  test("the newest of two findings counts alone: what it no longer lists has been used since", () => {
    const older = finding(web, "f1", AUGUST, { s3: ["GetObject", "PutObject"] });
    const newer = finding(web, "f2", SEPTEMBER, { s3: ["PutObject"] });
    expect(unusedOfWeb(older, newer).unused).toEqual([names("s3", "putobject")]);
    expect(unusedOfWeb(newer, older).unused).toEqual([names("s3", "putobject")]);
  });

  test("a finding that was resolved later takes back what it said", () => {
    const active = finding(web, "f1", AUGUST, { s3: ["GetObject"] });
    const resolved = finding(web, "f1", SEPTEMBER, "RESOLVED");
    expect(unusedOfWeb(active, resolved)).toEqual({ unused: [], evidence: "none" });
    expect(unusedOfWeb(resolved, active)).toEqual({ unused: [], evidence: "none" });
  });

  test("a finding that became active again counts", () => {
    const resolved = finding(web, "f1", AUGUST, "RESOLVED");
    const active = finding(web, "f1", SEPTEMBER, { s3: ["GetObject"] });
    expect(unusedOfWeb(resolved, active).unused).toEqual([names("s3", "getobject")]);
  });

  test("another finding that was resolved takes nothing back", () => {
    const active = finding(web, "f1", AUGUST, { s3: ["GetObject"] });
    const resolved = finding(web, "f2", SEPTEMBER, "RESOLVED");
    expect(unusedOfWeb(active, resolved).unused).toEqual([names("s3", "getobject")]);
  });

  test("pages of one finding count together", () => {
    const first = finding(web, "f1", AUGUST, { s3: ["GetObject"] });
    const second = finding(web, "f1", AUGUST, { s3: ["PutObject"], sqs: ["SendMessage"] });
    const both = [names("s3", "getobject", "putobject"), names("sqs", "sendmessage")];
    expect(unusedOfWeb(first, second).unused).toEqual(both);
    expect(unusedOfWeb(second, first).unused).toEqual(both);
  });

  test("a plain list adds to the finding that counts", () => {
    const active = finding(web, "f1", AUGUST, { s3: ["GetObject"] });
    const list = plainList(web, { s3: ["PutObject"] });
    expect(unusedOfWeb(list, active).unused).toEqual([names("s3", "getobject", "putobject")]);
  });

  test("evidence on somebody else changes nothing", () => {
    expect(unusedOfWeb(finding(role("web2"), "f1", AUGUST, { s3: null }))).toEqual({ unused: [], evidence: "none" });
  });

  test("the order of files decides nothing", () => {
    const reports = [
      finding(web, "f2", SEPTEMBER, { s3: ["PutObject"] }),
      finding(web, "f3", SEPTEMBER, { s3: ["ListBucket"] }), // as new as f2
      finding(web, "f4", SEPTEMBER, { s3: ["GetBucketAcl"] }),
      finding(web, "f4", OCTOBER, "RESOLVED"),
    ];
    const results = new Set(permutations(reports).map((order) => JSON.stringify(unusedOfWeb(...order))));
    expect([...results]).toHaveLength(1);
    expect([...results][0]).not.toContain("getbucketacl");
  });
});

function permutations<T>(items: readonly T[]): readonly (readonly T[])[] {
  if (items.length <= 1) return [items];
  return items.flatMap((item) =>
    permutations(items.filter((other) => other !== item)).map((rest) => [item].concat(rest)),
  );
}

function killed(): never {
  throw new Error("killed");
}

describe("groups", () => {
  const team = group("team");
  const ana = user("ana", ["team"]);
  const ben = user("ben", ["team"]);
  const members = together({ principals: [ana, ben] }, withInline(team, allowing("s3:*", "sqs:*")));

  function unusedOfTeam(...usage: readonly UsageRecord[]): { unused: Unused | undefined; evidence: unknown } {
    const { db } = newDatabase(folder);
    const run = planned(db, [file("export.json", { ...members, usage })]);
    const unused = plannedUnused(db, run)[0]?.unused;
    const evidence = rows(db, "SELECT evidence FROM principals WHERE kind = 'group'")[0]?.["evidence"];
    db.close();
    return { unused, evidence };
  }

  test("keep what evidence on the group itself saw used, whatever its members' findings say", () => {
    const theirs = [ana, ben].map(({ arn }, i) =>
      finding({ arn }, `f${i}`, AUGUST, { s3: ["GetObject", "PutObject"], sqs: null }),
    );
    const accessed = [["PutObject", SEPTEMBER]] as const;
    const lines = [
      { service: "s3", lastAccessed: SEPTEMBER, actions: ["PutObject"], accessed },
      { service: "sqs", lastAccessed: SEPTEMBER, actions: null, accessed: [] },
    ];
    const own: UsageRecord = {
      principalArn: team.arn,
      source: "last-accessed",
      reportId: "ACTION_LEVEL",
      active: true,
      updatedAt: OCTOBER,
      lines,
    };
    expect(unusedOfTeam(...theirs, own).unused).toEqual([names("s3", "getobject")]);
  });

  test("lose what none of their members uses", () => {
    const both = unusedOfTeam(
      finding(ana, "f1", AUGUST, { s3: ["GetObject", "PutObject"], sqs: null }),
      finding(ben, "f2", AUGUST, { s3: ["PutObject"], sqs: ["SendMessage"] }),
    );
    expect(both).toEqual({ unused: [names("s3", "putobject"), names("sqs", "sendmessage")], evidence: "members" });
  });

  test("keep everything while one member's use is unknown", () => {
    expect(unusedOfTeam(finding(ana, "f1", AUGUST, { s3: null }))).toEqual({ unused: [], evidence: "none" });
  });

  test("lose what a list on the group itself says", () => {
    const said = unusedOfTeam(plainList(team, { s3: ["GetObject"] }));
    expect(said).toEqual({ unused: [names("s3", "getobject")], evidence: "reported" });
  });

  test("without members keep everything", () => {
    const { db } = newDatabase(folder);
    const run = planned(db, [file("export.json", withInline(team, allowing("s3:*")))]);
    expect(plannedUnused(db, run)[0]?.unused).toEqual([]);
    db.close();
  });

  test("of another account are not meant by the same name", () => {
    const { db } = newDatabase(folder);
    const elsewhere = { ...team, arn: "arn:aws:iam::999988887777:group/team", accountId: "999988887777" };
    const usage = [finding(ana, "f1", AUGUST, { s3: null }), finding(ben, "f2", AUGUST, { s3: null })];
    const run = planned(db, [
      file("export.json", { ...together(members, withInline(elsewhere, allowing("s3:*"))), usage }),
    ]);
    const ofTheOther = plannedUnused(db, run).find(({ document }) => document === allowing("s3:*").text);
    expect(ofTheOther?.unused).toEqual([]);
    db.close();
  });
});

/** The role does not put objects. */
function putUnused(name: string): UsageRecord {
  return finding(role(name), `f-${name}`, AUGUST, { s3: ["PutObject"] });
}

describe("units", () => {
  const baseline = allowing("s3:*");
  test("are asked once for equal documents and equal evidence", () => {
    const { db } = newDatabase(folder);
    const roles = ["a", "b", "c"].map((name) => withInline(role(name), baseline));
    const run = planned(db, [file("export.json", { ...together(...roles), usage: [putUnused("a"), putUnused("b")] })]);
    expect(countUnits(db, run)).toEqual({ asked: 2, open: 2, failed: 0 });
    expect(rows(db, "SELECT count(*) AS n FROM recommendations")).toEqual([{ n: 3 }]);
    db.close();
  });

  test("have ids in the order of what they ask, whoever asks it first", () => {
    const { db } = newDatabase(folder);
    const roles = ["a", "b", "c"].map((name) => withInline(role(name), allowing(`s3:*`, name), baseline));
    planned(db, [file("export.json", { ...together(...roles), usage: [putUnused("b"), putUnused("a")] })]);
    const units = rows(db, "SELECT unused_id, document_id FROM unit ORDER BY unit_id");
    expect(units).toHaveLength(5);
    expect(units).toEqual(rows(db, "SELECT unused_id, document_id FROM unit ORDER BY unused_id, document_id"));
    db.close();
  });

  test("that an earlier run has answered stay answered", () => {
    const { db } = newDatabase(folder);
    const files = [file("export.json", { ...withInline(role("a"), baseline), usage: [putUnused("a")] })];
    answered(db, planned(db, files));
    const again = planned(db, files, { runKey: "the same exports a day later" });
    expect(countUnits(db, again)).toEqual({ asked: 1, open: 0, failed: 0 });
    db.close();
  });

  test.each([
    ["another granularity", { options: { ...DEFAULT_OPTIONS, granularity: "exact" as const } }],
    ["a kept Sid", { options: { ...DEFAULT_OPTIONS, keptSids: ["Keep"] } }],
    ["another engine", { engineVersion: 2 }],
  ])("are asked anew for %s", (_what, settings) => {
    const { db } = newDatabase(folder);
    const files = [file("export.json", { ...withInline(role("a"), baseline), usage: [putUnused("a")] })];
    answered(db, planned(db, files));
    const again = planned(db, files, { ...settings, runKey: "other settings" });
    expect(countUnits(db, again)).toEqual({ asked: 1, open: 1, failed: 0 });
    db.close();
  });

  test("are not asked for service-linked roles", () => {
    const { db } = newDatabase(folder);
    const linked = role("AWSServiceRoleForSupport", { path: "/aws-service-role/support.amazonaws.com/" });
    const run = planned(db, [file("export.json", withInline(linked, baseline))]);
    expect(countUnits(db, run)).toEqual({ asked: 0, open: 0, failed: 0 });
    db.close();
  });

  test("a run that was interrupted while it read keeps its evidence, whatever other run is planned meanwhile", () => {
    const { db } = newDatabase(folder);
    const inputs = [file("export.json", { ...withInline(role("a"), baseline), usage: [putUnused("a")] })];
    const interrupted = newRun(db, { runKey: "interrupted" });
    new IngestWriter(db, interrupted.runId).write(...toWrite(inputs));
    const other = planned(db, inputs, { runKey: "other" });
    plan(db, interrupted, planInput());
    expect(plannedUnused(db, interrupted)).toEqual(plannedUnused(db, other));
    expect(rows(db, "SELECT count(*) AS pages FROM usage_page")).toEqual([{ pages: 0 }]);
    expect(rows(db, "SELECT run_id, count(*) AS reports FROM usage_report GROUP BY run_id")).toHaveLength(2);
    db.close();
  });

  test("a plan that breaks off leaves nothing, and the next one gives what an undisturbed one gives", () => {
    const attached = { principals: [role("b")], policies: [managedPolicy("Absent", null)] };
    const attachments = [{ principalArn: role("b").arn, policyKey: managedPolicy("Absent", null).key }];
    const said = together(withInline(role("a"), baseline), { ...attached, attachments });
    const events = [event(role("a"), "s3.amazonaws.com", "GetObject")];
    const inputs = [file("export.json", { ...said, events, usage: [putUnused("a"), putUnused("nobody")] })];
    const undisturbed = newDatabase(folder).db;
    planned(undisturbed, inputs);
    const { db } = newDatabase(folder);
    const run = newRun(db);
    new IngestWriter(db, run.runId).write(...toWrite(inputs));
    const read = dump(db);
    expect(() => plan(db, run, { ...planInput(), mapEvent: killed })).toThrow("killed");
    expect(dump(db)).toEqual(read);
    const planning = new Plan(db, run, planInput());
    for (const cut of planning.batches(ONE_BY_ONE)) planning.keep(cut, settled(cut.batch));
    planning.abandon();
    expect(dump(db)).toEqual(read);
    plan(db, run, planInput());
    expect(dump(db)).toEqual(dump(undisturbed));
    db.close();
    undisturbed.close();
  });
});

function diagnosticsOf(...files: readonly ReturnType<typeof file>[]): readonly unknown[] {
  const { db } = newDatabase(folder);
  planned(db, files);
  const found = rows(db, "SELECT severity, code, path, pointer FROM diagnostics");
  db.close();
  return found;
}

describe("batches of principals", () => {
  const users = ["a", "b", "c"].map((name) => role(name));
  const usage = users.flatMap((who) => [
    finding(who, "f1", AUGUST, { s3: ["PutObject"] }),
    finding(who, "f1", AUGUST, { sqs: null }),
  ]);
  const inputs = [
    file("export.json", { ...together(...users.map((who) => withInline(who, allowing("s3:*")))), usage }),
    file("events.json", { events: [event(role("b"), "s3.amazonaws.com", "PutObject")] }),
  ];

  test("are cut between principals, never between the pages of one", () => {
    const { db } = newDatabase(folder);
    const run = newRun(db);
    new IngestWriter(db, run.runId).write(...toWrite(inputs));
    const planning = new Plan(db, run, planInput());
    const cut = (limits: { principals: number; characters: number }): readonly unknown[] =>
      [...planning.batches(limits)].map(({ principals, batch }) => [
        principals.map(({ name }) => name),
        batch.principals.map(({ pages, events }) => [pages.length, events.length]),
      ]);
    const [a, b, c] = [[2, 0] as const, [2, 1] as const, [2, 0] as const];
    expect(cut({ principals: 2, characters: 1_000_000 })).toEqual([
      [
        ["a", "b"],
        [a, b],
      ],
      [["c"], [c]],
    ]);
    expect(cut({ principals: 2, characters: 1 })).toEqual([
      [["a"], [a]],
      [["b"], [b]],
      [["c"], [c]],
    ]);
    expect(planning.countPrincipals()).toBe(3);
    planning.abandon();
    db.close();
  });

  test("come to the same, however they are cut", () => {
    const whole = newDatabase(folder).db;
    planned(whole, inputs);
    const { db } = newDatabase(folder);
    const run = newRun(db);
    new IngestWriter(db, run.runId).write(...toWrite(inputs));
    const planning = new Plan(db, run, planInput());
    for (const cut of planning.batches(ONE_BY_ONE)) planning.keep(cut, settled(cut.batch));
    planning.finish(NOW);
    expect(dump(db)).toEqual(dump(whole));
    db.close();
    whole.close();
  });
});

describe("what only the whole organization shows", () => {
  test("an attached policy whose document is nowhere", () => {
    const policy = managedPolicy("Absent", null);
    const attachments = [{ principalArn: web.arn, policyKey: policy.key }];
    expect(diagnosticsOf(file("export.json", { principals: [web], policies: [policy], attachments }))).toEqual([
      { severity: "error", code: "missing-policy-document", path: web.arn, pointer: policy.key },
    ]);
  });

  test("but not where the document is in another file", () => {
    const document = allowing("s3:GetObject");
    const policy = managedPolicy("Shared", null);
    const attachments = [{ principalArn: web.arn, policyKey: policy.key }];
    const page1 = file("page-1.json", { principals: [web], policies: [policy], attachments });
    const page2 = file("page-2.json", { documents: [document], policies: [managedPolicy("Shared", document)] });
    expect(diagnosticsOf(page1, page2)).toEqual([]);
  });

  test("evidence on a principal that no export has", () => {
    const usage = [finding(role("gone"), "f1", AUGUST, { s3: null })];
    expect(diagnosticsOf(file("finding.json", { usage }))).toEqual([
      { severity: "warning", code: "unknown-principal", path: "finding.json", pointer: role("gone").arn },
    ]);
  });
});
