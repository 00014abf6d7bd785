import { DEFAULT_SETTINGS, type PolicyRecord, type UsageRecord } from "@leastwise/core";
import { describe, expect, test } from "vitest";
import {
  allowing,
  answered,
  file,
  finding,
  managedPolicy,
  newDatabase,
  planned,
  role,
  rows,
  temporaryFolder,
} from "./organization.ts";

const folder = temporaryFolder();
const SEPTEMBER = "2026-09-24T00:00:00.000Z";
const document = allowing("s3:Get*", "s3:PutObject", "sqs:*");

interface InPlace {
  readonly recommended: unknown;
  readonly actions: unknown;
  readonly blockers: readonly Readonly<Record<string, unknown>>[];
}

/** What may go from a policy that the roles share, and who blocks more. */
function inPlace(
  usage: readonly UsageRecord[],
  policy: Partial<PolicyRecord> = {},
  holders: readonly string[] = ["a", "b"],
  boundaryOf?: string,
): InPlace {
  const { db } = newDatabase(folder);
  const shared = { ...managedPolicy("Shared", document), ...policy };
  const principals = [
    ...holders.map((name) => role(name)),
    ...(boundaryOf === undefined ? [] : [role(boundaryOf, { boundaryArn: shared.key })]),
  ];
  const attachments = holders.map((name) => ({ principalArn: role(name).arn, policyKey: shared.key }));
  const exclude = { ...DEFAULT_SETTINGS.exclude, principals: ["excluded"] };
  answered(
    db,
    planned(
      db,
      [file("export.json", { principals, policies: [shared], documents: [document], attachments, usage })],
      {},
      { exclude },
    ),
  );
  const row = rows(
    db,
    "SELECT recommended_action, json_extract(recommended_policy, '$.Statement[0].Action') AS actions FROM policy_recommendations",
  )[0];
  const blockers = rows(
    db,
    "SELECT replace(principal_arn, rtrim(principal_arn, replace(principal_arn, '/', '')), '') AS who, reason, actions FROM policy_blockers ORDER BY principal_arn",
  );
  db.close();
  return {
    recommended: row?.["recommended_action"],
    actions: row === undefined ? undefined : JSON.parse(String(row["actions"])),
    blockers,
  };
}

describe("a customer managed policy that several principals share", () => {
  test("loses in place what none of them uses, and whoever keeps more is named with how much", () => {
    const a = finding(role("a"), "f1", SEPTEMBER, { s3: ["PutObject", "GetObject"], sqs: ["SendMessage"] });
    const b = finding(role("b"), "f2", SEPTEMBER, { s3: ["PutObject"], sqs: null });
    expect(inPlace([a, b])).toEqual({
      recommended: "CREATE_POLICY",
      actions: ["s3:Get*", "sqs:DeleteMessage"],
      blockers: [
        { who: "a", reason: "uses them, or nothing is known of their use", actions: 1 },
        { who: "b", reason: "uses them, or nothing is known of their use", actions: 1 },
      ],
    });
  });

  test("keeps everything while nothing is known of one of them", () => {
    const a = finding(role("a"), "f1", SEPTEMBER, { sqs: null });
    expect(inPlace([a])).toMatchObject({
      recommended: "NONE",
      blockers: [{ who: "b", reason: "nothing is known of its use", actions: 2 }],
    });
  });

  test("keeps everything for a principal that is left alone", () => {
    const usage = ["a", "excluded"].map((name) => finding(role(name), name, SEPTEMBER, { sqs: null }));
    expect(inPlace(usage, {}, ["a", "excluded"])).toMatchObject({
      recommended: "NONE",
      blockers: [{ who: "excluded", reason: "left alone: exclude.principals: excluded", actions: 2 }],
    });
  });

  test("is not narrowed while it is a permissions boundary, by its own count or by a principal's", () => {
    const usage = ["a", "b"].map((name) => finding(role(name), name, SEPTEMBER, { sqs: null }));
    const boundary = {
      recommended: "NONE",
      blockers: [{ who: null, reason: "it is the permissions boundary of 1 principal", actions: 2 }],
    };
    expect(inPlace(usage, { boundaryCount: 1 })).toMatchObject(boundary);
    expect(inPlace(usage, {}, ["a", "b"], "bounded")).toMatchObject(boundary);
  });

  test("is not narrowed while AWS counts more principals than the exports show", () => {
    const usage = ["a", "b"].map((name) => finding(role(name), name, SEPTEMBER, { sqs: null }));
    expect(inPlace(usage, { attachmentCount: 4 })).toMatchObject({
      recommended: "NONE",
      blockers: [{ who: null, reason: "2 more principals have it and are in no export", actions: 2 }],
    });
    expect(inPlace(usage, { attachmentCount: 2 })).toMatchObject({ recommended: "CREATE_POLICY", blockers: [] });
  });

  test("is not narrowed where the export does not say who else has it", () => {
    const usage = ["a", "b"].map((name) => finding(role(name), name, SEPTEMBER, { sqs: null }));
    const unsaid = {
      recommended: "NONE",
      blockers: [
        {
          who: null,
          reason: "the export does not say who else has it, or whether it is a permissions boundary",
          actions: 2,
        },
      ],
    };
    expect(inPlace(usage, { attachmentCount: null, boundaryCount: null })).toMatchObject(unsaid);
    expect(inPlace(usage, { attachmentCount: 2, boundaryCount: null })).toMatchObject({ recommended: "CREATE_POLICY" });
  });

  test("has no recommendation in place where only one has it, nor where AWS manages it", () => {
    const a = finding(role("a"), "f1", SEPTEMBER, { sqs: null });
    expect(inPlace([a], {}, ["a"]).recommended).toBeUndefined();
    expect(inPlace([a], { kind: "aws", accountId: null }).recommended).toBeUndefined();
  });
});
