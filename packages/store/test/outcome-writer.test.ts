import type { OutcomeRows } from "@leastwise/core";
import { describe, expect, test } from "vitest";
import {
  type Connection,
  OutcomeWriter,
  type PlannedShard,
  type Run,
  conclude,
  countUnits,
  readChanges,
  readRecommendations,
} from "../src/index.ts";
import {
  allowing,
  dump,
  engine,
  file,
  finding,
  newDatabase,
  openShards,
  outcomeOf,
  planned,
  role,
  rows,
  temporaryFolder,
  together,
  withInline,
} from "./organization.ts";

const folder = temporaryFolder();
const AUGUST = "2026-08-25T00:00:00.000Z";

/** Four roles: a policy to replace, one to detach, one of which everything is used, and one with an action nobody knows. */
function organization(): { db: Connection; run: Run; shard: PlannedShard; outcome: OutcomeRows } {
  const { db } = newDatabase(folder);
  const said = together(
    withInline(role("replace"), allowing("s3:Get*", "s3:PutObject")),
    withInline(role("detach"), allowing("sqs:SendMessage")),
    withInline(role("none"), allowing("s3:ListBucket")),
    withInline(role("unknown"), allowing("s3:GetObjectFoo")),
  );
  const usage = [
    finding(role("replace"), "f1", AUGUST, { s3: ["PutObject", "GetBucketAcl"] }),
    finding(role("detach"), "f2", AUGUST, { sqs: null }),
    finding(role("none"), "f3", AUGUST, { sqs: null }),
    finding(role("unknown"), "f4", AUGUST, { sqs: null }),
  ];
  const run = planned(db, [file("export.json", { ...said, usage })]);
  const [shard] = openShards(db, run);
  if (shard === undefined) throw new Error("four units make a shard");
  return { db, run, shard, outcome: outcomeOf(engine(), shard.shard) };
}

describe("answers", () => {
  test("a replacement, a detachment and a policy that stays", () => {
    const { db, run, shard, outcome } = organization();
    new OutcomeWriter(db, run).write([{ planned: shard, outcome }]);
    expect(countUnits(db, run)).toEqual({ asked: 4, open: 0, failed: 0 });
    const found = [...readRecommendations(db)].map((row) => ({
      role: row.principal_arn.split("/")[1],
      action: row.recommended_action,
      policy: row.recommended_policy,
      actions: [row.actions_before, row.actions_after],
    }));
    expect(found).toEqual([
      { role: "detach", action: "DETACH_POLICY", policy: null, actions: [1, 0] },
      { role: "none", action: "NONE", policy: allowing("s3:ListBucket").text, actions: [1, 1] },
      { role: "replace", action: "CREATE_POLICY", policy: allowing("s3:GetObject*").text, actions: [4, 2] },
      { role: "unknown", action: "NONE", policy: allowing("s3:GetObjectFoo").text, actions: [0, 0] },
    ]);
    db.close();
  });

  test("a replacement says entry by entry what changed", () => {
    const { db, run, shard, outcome } = organization();
    new OutcomeWriter(db, run).write([{ planned: shard, outcome }]);
    const replaced = [...readRecommendations(db, role("replace").arn)][0];
    expect(readChanges(db, replaced?.unit_id ?? 0)).toEqual([
      { statement: 0, element: "Action", entry: "s3:Get*", replacedBy: ["s3:GetObject*"] },
      { statement: 0, element: "Action", entry: "s3:PutObject", replacedBy: [] },
    ]);
    db.close();
  });

  test("who may call an action, before and after, is a look-up of intervals", () => {
    const { db, run, shard, outcome } = organization();
    new OutcomeWriter(db, run).write([{ planned: shard, outcome }]);
    const whoMayPut = (view: string): unknown =>
      rows(
        db,
        `SELECT g.principal_arn FROM ${view} g JOIN actions a ON g.lo <= a.action_id AND a.action_id < g.hi WHERE a.action = 'S3:putobject'`,
      );
    expect(whoMayPut("granted_before")).toEqual([{ principal_arn: role("replace").arn }]);
    expect(whoMayPut("granted_after")).toEqual([]);
    db.close();
  });

  test("an action that the catalog lacks is a warning with its place", () => {
    const { db, run, shard, outcome } = organization();
    new OutcomeWriter(db, run).write([{ planned: shard, outcome }]);
    expect(rows(db, "SELECT severity, code, path, pointer, message FROM diagnostics")).toEqual([
      {
        severity: "warning",
        code: "unknown-action",
        path: role("unknown").arn,
        pointer: "inline-1, statement 0",
        message: "the catalog has no action `s3:GetObjectFoo`",
      },
    ]);
    db.close();
  });

  test("writing the outcome of a shard again changes nothing", () => {
    const { db, run, shard, outcome } = organization();
    const writer = new OutcomeWriter(db, run);
    writer.write([{ planned: shard, outcome }]);
    const once = dump(db);
    writer.write([{ planned: shard, outcome }]);
    new OutcomeWriter(db, run).write([{ planned: shard, outcome }]);
    expect(dump(db)).toEqual(once);
    db.close();
  });

  test("the figures of the run", () => {
    const { db, run, shard, outcome } = organization();
    new OutcomeWriter(db, run).write([{ planned: shard, outcome }]);
    expect(conclude(db, run, engine().trie, AUGUST)).toEqual({
      accounts: 1,
      principals: 4,
      principalsWithoutEvidence: 0,
      principalsWithUseOnly: 0,
      unusedPrincipals: 0,
      serviceLinkedRoles: 0,
      policies: 4,
      attachments: 4,
      unitsAsked: 4,
      actionsBefore: 6,
      actionsAfter: 3,
      toReplace: 1,
      toDetach: 1,
      unchanged: 2,
      unanswered: 0,
      leftAlone: [],
      keptBySid: 0,
      sharedPolicies: 0,
      sharedToReplace: 0,
      events: 0,
      eventsMapped: 0,
      comparisons: [],
      sizes: { tooLarge: 0, shortened: 0, split: 0, doesNotFit: 0 },
      diagnostics: { error: 0, warning: 1, info: 0 },
    });
    db.close();
  });
});

/** The outcome in which the verifier has refused the first unit. */
function withFailure(outcome: OutcomeRows): OutcomeRows {
  const [first, ...rest] = outcome.units;
  const message = "all and only, statement 0: `s3:GetObject` was lost";
  const failure = { unitId: first?.unitId ?? 0, ok: false, code: "verification-failed", message } as const;
  return { ...outcome, units: [failure, ...rest] };
}

describe("failures", () => {
  test("nothing of a refused result is stored but the reason; the others are answered", () => {
    const { db, run, shard, outcome } = organization();
    new OutcomeWriter(db, run).write([{ planned: shard, outcome: withFailure(outcome) }]);
    const summary = conclude(db, run, engine().trie, AUGUST);
    expect([...readRecommendations(db)]).toHaveLength(3);
    expect(rows(db, "SELECT severity, code, message FROM diagnostics WHERE severity = 'error'")).toEqual([
      { severity: "error", code: "verification-failed", message: "all and only, statement 0: `s3:GetObject` was lost" },
    ]);
    expect(rows(db, "SELECT state, verified, recommended_action FROM recommendations WHERE state <> 'done'")).toEqual([
      { state: "failed", verified: 0, recommended_action: null },
    ]);
    expect(summary).toMatchObject({ unanswered: 1, diagnostics: { error: 1 } });
    db.close();
  });

  test("a policy without an answer still counts as granting what it grants", () => {
    const { db, run, shard, outcome } = organization();
    new OutcomeWriter(db, run).write([{ planned: shard, outcome: withFailure(outcome) }]);
    const before = rows(db, "SELECT DISTINCT principal_arn FROM granted_before");
    const refused = rows(db, "SELECT principal_arn FROM recommendations WHERE state = 'failed'");
    const after = rows(db, "SELECT DISTINCT principal_arn FROM granted_after").map((row) => row["principal_arn"]);
    expect(before).toContainEqual(refused[0]);
    expect(after).toContain(refused[0]?.["principal_arn"]);
    db.close();
  });

  test("an outcome that cannot be written leaves nothing of the shard", () => {
    const { db, run, shard, outcome } = organization();
    const before = dump(db);
    db.exec(
      "CREATE TEMP TRIGGER full BEFORE UPDATE ON unit WHEN old.unit_id = (SELECT max(unit_id) FROM unit) BEGIN SELECT raise(ABORT, 'disk full'); END",
    );
    expect(() => new OutcomeWriter(db, run).write([{ planned: shard, outcome }])).toThrow("disk full");
    expect(dump(db)).toEqual(before);
    db.close();
  });
});
