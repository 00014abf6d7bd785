import {
  DEFAULT_SETTINGS,
  type Exclusions,
  type PlanSettings,
  type PrincipalRecord,
  type UsageRecord,
} from "@leastwise/core";
import { describe, expect, test } from "vitest";
import {
  allowing,
  answered,
  event,
  file,
  finding,
  group,
  managedPolicy,
  newDatabase,
  planned,
  role,
  rows,
  temporaryFolder,
  together,
  user,
  withInline,
} from "./organization.ts";

const folder = temporaryFolder();
const SEPTEMBER = "2026-09-24T00:00:00.000Z";
const LONG_AGO = "2020-01-01T00:00:00.000Z";

/** Last accessed details that say that S3 was not accessed. */
function notAccessed({ arn }: { readonly arn: string }, updatedAt: string | null = SEPTEMBER): UsageRecord {
  const lines = [{ service: "s3", lastAccessed: null, actions: null, accessed: [] }];
  return { principalArn: arn, source: "last-accessed", reportId: "ACTION_LEVEL", active: true, updatedAt, lines };
}

interface Outcome {
  readonly recommended: unknown;
  readonly because: unknown;
  readonly evidence: unknown;
  readonly unusedBy: unknown;
}

/** What becomes of the principal's one policy, which allows all of S3. */
function outcomeFor(
  who: PrincipalRecord,
  settings: Partial<PlanSettings>,
  said: Parameters<typeof file>[1] = {},
): Outcome {
  const { db } = newDatabase(folder);
  const usage = [...(said.usage ?? [notAccessed(who)])];
  answered(
    db,
    planned(db, [file("export.json", { ...withInline(who, allowing("s3:*")), ...said, usage })], {}, settings),
  );
  const row = rows(
    db,
    "SELECT r.recommended_action, r.left_because, p.evidence, p.unused_by FROM recommendations r JOIN principals p ON p.arn = r.principal_arn",
  )[0];
  db.close();
  return {
    recommended: row?.["recommended_action"],
    because: row?.["left_because"],
    evidence: row?.["evidence"],
    unusedBy: row?.["unused_by"],
  };
}

function excluding(exclude: Partial<Exclusions>): Partial<PlanSettings> {
  return { exclude: { ...DEFAULT_SETTINGS.exclude, ...exclude } };
}

const web = role("web", { path: "/apps/", tags: [{ key: "team", value: "red" }] });

describe("exclusions", () => {
  test("without one the policy goes", () => {
    expect(outcomeFor(web, {})).toMatchObject({ recommended: "DETACH_POLICY", because: null });
  });

  test.each([
    [{ accounts: ["123456789012"] }, "exclude.accounts: 123456789012"],
    [{ principals: ["WEB"] }, "exclude.principals: WEB"],
    [{ principals: ["other", "*:role/apps/w?b"] }, "exclude.principals: *:role/apps/w?b"],
    [{ paths: ["/apps/"] }, "exclude.paths: /apps/"],
    [{ tags: [{ key: "team", value: null }] }, "exclude.tags: team"],
    [{ tags: [{ key: "team", value: "red" }] }, "exclude.tags: team=red"],
    [{ tags: [{ key: "Team", value: null }] }, "exclude.tags: Team"],
    [{ policies: ["inline-*"] }, "exclude.policies: inline-*"],
  ])("%o leaves it alone and says so", (exclude, because) => {
    expect(outcomeFor(web, excluding(exclude))).toMatchObject({ recommended: "NONE", because, evidence: "reported" });
  });

  test.each([
    [{ accounts: ["210987654321"] }],
    [{ principals: ["we", "api"] }],
    [{ paths: ["/app", "/apps/red/"].slice(1) }],
    [
      {
        tags: [
          { key: "team", value: "blue" },
          { key: "teams", value: null },
        ],
      },
    ],
    [{ policies: ["inline", "web", "*web*"] }],
  ])("%o means somebody else", (exclude) => {
    expect(outcomeFor(web, excluding(exclude))).toMatchObject({ recommended: "DETACH_POLICY", because: null });
  });

  test("an excluded member keeps its group's permissions, though evidence on the group itself says otherwise", () => {
    const { db } = newDatabase(folder);
    const said = together(
      { principals: [user("ana", ["team"]), user("ben", ["team"])] },
      withInline(group("team"), allowing("s3:*")),
    );
    answered(
      db,
      planned(
        db,
        [file("export.json", { ...said, usage: [notAccessed(group("team"))] })],
        {},
        excluding({ principals: ["ben"] }),
      ),
    );
    expect(rows(db, "SELECT recommended_action AS action, left_because AS because FROM recommendations")).toEqual([
      { action: "NONE", because: "member-left-alone: ben" },
    ]);
    db.close();
  });

  test("an excluded member keeps its group's permissions", () => {
    const { db } = newDatabase(folder);
    const said = together(
      { principals: [user("ana", ["team"]), user("ben", ["team"])] },
      withInline(group("team"), allowing("s3:*")),
    );
    const usage = ["ana", "ben"].map((name) => notAccessed(user(name)));
    const inputs = [file("export.json", { ...said, usage })];
    answered(db, planned(db, inputs, {}, excluding({ principals: ["ben"] })));
    expect(rows(db, "SELECT recommended_action AS action, evidence FROM recommendations")).toEqual([
      { action: "NONE", evidence: "members" },
    ]);
    db.close();
  });
});

function created(day: string): PrincipalRecord {
  return role("web", { createdAt: `${day}T00:00:00.000Z` });
}

describe("a rule that meets nobody", () => {
  test.each([
    [{ accounts: ["210987654321"] }, "exclude.accounts: 210987654321"],
    [{ principals: ["wbe"] }, "exclude.principals: wbe"],
    [{ paths: ["/apps/red/"] }, "exclude.paths: /apps/red/"],
    [{ tags: [{ key: "teams", value: null }] }, "exclude.tags: teams"],
    [{ policies: ["nosuch*"] }, "exclude.policies: nosuch*"],
  ])("%o is told of, since it may be misspelt", (exclude, rule) => {
    const { db } = newDatabase(folder);
    const inputs = [file("export.json", withInline(web, allowing("s3:*")))];
    planned(
      db,
      inputs,
      {},
      excluding({ ...exclude, principals: ["web", ...((exclude as Partial<Exclusions>).principals ?? [])] }),
    );
    expect(rows(db, "SELECT severity, pointer FROM diagnostics WHERE code = 'rule-without-effect'")).toEqual([
      { severity: "warning", pointer: rule },
    ]);
    db.close();
  });
});

describe("too young", () => {
  test("a principal that came within the window of its last accessed details", () => {
    expect(outcomeFor(created("2026-07-01"), {})).toMatchObject({ recommended: "NONE", because: "min-age: 90 days" });
    expect(outcomeFor(created("2026-06-01"), {})).toMatchObject({ recommended: "DETACH_POLICY" });
    expect(outcomeFor(created("2026-07-01"), { minAge: 30 })).toMatchObject({ recommended: "DETACH_POLICY" });
    expect(outcomeFor(created("2026-09-01"), { minAge: 30 })).toMatchObject({
      recommended: "NONE",
      because: "min-age: 30 days",
    });
    expect(outcomeFor(created("2026-09-23"), { minAge: 0 })).toMatchObject({ recommended: "DETACH_POLICY" });
  });

  test("findings have judged that themselves, unless an age is given", () => {
    const usage = [finding(web, "f", SEPTEMBER, { s3: null })];
    const young = { ...web, createdAt: "2026-09-20T00:00:00.000Z" };
    expect(outcomeFor(young, {}, { usage })).toMatchObject({ recommended: "DETACH_POLICY" });
    expect(outcomeFor(young, { minAge: 30 }, { usage })).toMatchObject({ recommended: "NONE" });
  });

  test("a customer managed policy that changed within it, and no AWS managed one", () => {
    const document = allowing("s3:*");
    const { db } = newDatabase(folder);
    const changed = managedPolicy("Changed", document, "2026-09-01T00:00:00.000Z");
    const settledOne = managedPolicy("Settled", document, "2025-09-01T00:00:00.000Z");
    const ofAws = {
      ...managedPolicy("OfAws", document, "2026-09-01T00:00:00.000Z"),
      kind: "aws" as const,
      accountId: null,
    };
    const policies = [changed, settledOne, ofAws];
    const attachments = policies.map(({ key }) => ({ principalArn: role("old").arn, policyKey: key }));
    const said = {
      principals: [role("old", { createdAt: LONG_AGO })],
      policies,
      documents: [document],
      attachments,
      usage: [notAccessed(role("old"))],
    };
    answered(db, planned(db, [file("export.json", said)]));
    expect(
      rows(
        db,
        "SELECT policy_name AS name, recommended_action AS action, left_because AS because FROM recommendations ORDER BY 1",
      ),
    ).toEqual([
      { name: "Changed", action: "NONE", because: "min-age: changed 2026-09-01" },
      { name: "OfAws", action: "DETACH_POLICY", because: null },
      { name: "Settled", action: "DETACH_POLICY", because: null },
    ]);
    db.close();
  });
});

describe("unused principals are reported, not refined away", () => {
  const idle = role("idle", { createdAt: LONG_AGO, tracksLastUse: true });
  const unusedFinding = {
    principalArn: idle.arn,
    reportId: "u",
    active: true,
    updatedAt: SEPTEMBER,
    lastAccessed: null,
  };

  test("a role that its export says was never used", () => {
    expect(outcomeFor(idle, {})).toEqual({
      recommended: "NONE",
      because: "unused-principal",
      evidence: "reported",
      unusedBy: "role-last-used",
    });
  });

  test("a role that was last used before the window, and not one that was used in it", () => {
    expect(outcomeFor({ ...idle, lastUsedAt: "2026-06-01T00:00:00.000Z" }, {})).toMatchObject({
      unusedBy: "role-last-used",
    });
    expect(outcomeFor({ ...idle, lastUsedAt: "2026-09-01T00:00:00.000Z" }, {})).toMatchObject({
      recommended: "DETACH_POLICY",
      unusedBy: null,
    });
  });

  test("not a role that was used, or made, after the finding, nor one of which a newer finding speaks, stale or not", () => {
    const used = { ...idle, lastUsedAt: "2026-09-30T00:00:00.000Z" };
    const reported = { unusedPrincipals: [unusedFinding] };
    expect(outcomeFor(used, {}, reported)).toMatchObject({ unusedBy: null });
    expect(
      outcomeFor({ ...used, createdAt: "2026-09-29T00:00:00.000Z" }, { minAge: 0 }, { ...reported, usage: [] }),
    ).toMatchObject({ unusedBy: null });
    const stale = [finding(idle, "f", "2026-09-30T00:00:00.000Z", { s3: null })];
    const settings = { maxAge: 1, asOf: "2026-11-01T00:00:00.000Z" };
    expect(outcomeFor(role("idle", { createdAt: LONG_AGO }), settings, { ...reported, usage: stale })).toMatchObject({
      unusedBy: null,
    });
  });

  test("not a role whose export does not say, nor one that came within the window", () => {
    expect(outcomeFor({ ...idle, tracksLastUse: false }, {})).toMatchObject({ unusedBy: null });
    expect(outcomeFor({ ...idle, createdAt: "2026-09-01T00:00:00.000Z" }, { minAge: 0 })).toMatchObject({
      unusedBy: null,
    });
  });

  test("not a role of which a finding speaks, since those are on roles in use", () => {
    const usage = [finding(idle, "f", SEPTEMBER, { s3: null })];
    expect(outcomeFor(idle, {}, { usage })).toMatchObject({ recommended: "DETACH_POLICY", unusedBy: null });
  });

  test("not a role that CloudTrail saw in the window", () => {
    const events = [event(idle, "sqs.amazonaws.com", "SendMessage")];
    expect(outcomeFor(idle, {}, { events })).toMatchObject({ recommended: "DETACH_POLICY", unusedBy: null });
  });

  test("one that an active finding calls unused, whatever another finding's state", () => {
    const used = role("idle", { createdAt: LONG_AGO });
    const archived = { ...unusedFinding, reportId: "v", active: false, updatedAt: "2026-09-30T00:00:00.000Z" };
    expect(outcomeFor(used, {}, { unusedPrincipals: [unusedFinding, archived] })).toMatchObject({
      unusedBy: "access-analyzer",
    });
    expect(outcomeFor(used, {}, { unusedPrincipals: [unusedFinding, { ...archived, reportId: "u" }] })).toMatchObject({
      unusedBy: null,
    });
  });

  test("one that a finding calls unused, unless a newer finding or event shows it in use", () => {
    const reported = { unusedPrincipals: [unusedFinding] };
    const used = role("idle", { createdAt: LONG_AGO });
    expect(outcomeFor(used, {}, reported)).toMatchObject({ because: "unused-principal", unusedBy: "access-analyzer" });
    expect(outcomeFor(used, {}, { unusedPrincipals: [{ ...unusedFinding, active: false }] })).toMatchObject({
      unusedBy: null,
    });
    const newer = [finding(used, "f", "2026-09-30T00:00:00.000Z", { s3: null })];
    expect(outcomeFor(used, {}, { ...reported, usage: newer })).toMatchObject({
      recommended: "DETACH_POLICY",
      unusedBy: null,
    });
    const events = [event(used, "sqs.amazonaws.com", "SendMessage", { lastAt: "2026-09-30T00:00:00.000Z" })];
    expect(outcomeFor(used, {}, { ...reported, events })).toMatchObject({
      recommended: "DETACH_POLICY",
      unusedBy: null,
    });
    const denied = [event(used, "sqs.amazonaws.com", "SendMessage", { denied: 1, lastAt: null })];
    expect(outcomeFor(used, {}, { ...reported, events: denied })).toMatchObject({ unusedBy: "access-analyzer" });
  });
});

describe("protected actions", () => {
  test("stay, and the rest goes", () => {
    const { db } = newDatabase(folder);
    const inputs = [file("export.json", { ...withInline(web, allowing("s3:*")), usage: [notAccessed(web)] })];
    answered(db, planned(db, inputs, {}, { protected: ["s3:GetObject*"] }));
    const policy = String(rows(db, "SELECT recommended_policy FROM recommendations")[0]?.["recommended_policy"]);
    expect(JSON.parse(policy)).toMatchObject({ Statement: [{ Action: ["s3:GetObject*"] }] });
    expect(rows(db, "SELECT count(*) AS unused FROM unused_intervals")).toEqual([{ unused: 1 }]);
    db.close();
  });
});
