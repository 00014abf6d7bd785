import type { AwsRecommendationRecord, AwsStep, DocumentRecord } from "@leastwise/core";
import { describe, expect, test } from "vitest";
import { type ComparisonRow, readComparisonCounts, readComparisons } from "../src/index.ts";
import {
  allowing,
  answered,
  file,
  finding,
  newDatabase,
  planned,
  role,
  temporaryFolder,
  withInline,
} from "./organization.ts";

const folder = temporaryFolder();
const SEPTEMBER = "2026-09-24T00:00:00.000Z";
const web = role("web");
const existing = allowing("s3:Get*");
/** What Leastwise makes of it: GetBucketAcl is unused. */
const ours = allowing("s3:GetObject*");

function create(document: DocumentRecord, more: Partial<AwsStep> = {}): AwsStep {
  return {
    recommendedAction: "CREATE_POLICY",
    policyId: "inline-1",
    policyUpdatedAt: null,
    recommendedSha256: document.sha256,
    existingSha256: null,
    ...more,
  };
}
const DETACH: AwsStep = {
  recommendedAction: "DETACH_POLICY",
  policyId: "inline-1",
  policyUpdatedAt: null,
  recommendedSha256: null,
  existingSha256: null,
};

function answer(steps: readonly AwsStep[], more: Partial<AwsRecommendationRecord> = {}): AwsRecommendationRecord {
  return {
    principalArn: web.arn,
    source: "access-analyzer",
    status: "SUCCEEDED",
    error: "",
    completedAt: SEPTEMBER,
    steps,
    ...more,
  };
}

function compared(
  awsRecommendations: readonly AwsRecommendationRecord[],
  ...documents: readonly DocumentRecord[]
): readonly ComparisonRow[] {
  const { db } = newDatabase(folder);
  const said = withInline(web, existing);
  const usage = [finding(web, "f", SEPTEMBER, { s3: ["GetBucketAcl"] })];
  const all = [...(said.documents ?? []), ours, ...documents];
  answered(db, planned(db, [file("export.json", { ...said, documents: all, usage, awsRecommendations })]));
  const rows = [...readComparisons(db)];
  expect(readComparisonCounts(db).reduce((sum, { policies }) => sum + policies, 0)).toBe(rows.length);
  db.close();
  return rows;
}

describe("our recommendation beside AWS's own", () => {
  test("is the same, or the same in another form", () => {
    expect(compared([answer([create(ours), DETACH])])).toMatchObject([
      { verdict: "same", recommendedAction: "CREATE_POLICY", awsAction: "CREATE_POLICY", oursOnly: [], awsOnly: [] },
    ]);
    const expanded = allowing("s3:getobject", "s3:getobjectacl");
    expect(compared([answer([create(expanded), DETACH])], expanded)).toMatchObject([{ verdict: "different-in-form" }]);
  });

  test("is tighter or looser, by these actions", () => {
    const wide = allowing("s3:Get*", "s3:ListBucket");
    expect(compared([answer([create(wide), DETACH])], wide)).toMatchObject([
      { verdict: "tighter", awsOnly: ["s3:GetBucketAcl", "s3:ListBucket"] },
    ]);
    expect(compared([answer([DETACH])])).toMatchObject([
      { verdict: "looser", awsAction: "DETACH_POLICY", oursOnly: ["s3:GetObject", "s3:GetObjectAcl"] },
    ]);
  });

  test("stands beside the policy as it is where AWS does not name it", () => {
    expect(compared([answer([])])).toMatchObject([
      { verdict: "tighter", awsAction: "NONE", awsOnly: ["s3:GetBucketAcl"] },
    ]);
  });

  test("has none beside it where AWS could not say, and says why", () => {
    expect(compared([answer([], { status: "FAILED", error: "the user is in a group" })])).toMatchObject([
      { verdict: "no-answer", awsAction: null, awsError: "the user is in a group" },
    ]);
    expect(compared([answer([], { status: "IN_PROGRESS" })])).toMatchObject([{ verdict: "no-answer" }]);
  });

  test("of several answers the newest counts, its pages together, and each source for itself", () => {
    const other = allowing("s3:PutObject");
    const old = answer([create(other), DETACH], { completedAt: "2026-08-01T00:00:00.000Z" });
    const pages = [answer([create(ours)]), answer([DETACH])];
    const hub = answer([DETACH], { source: "security-hub" });
    const rows = compared([old, ...pages, hub], other);
    expect(rows.map(({ source, verdict }) => `${source} ${verdict}`)).toEqual([
      "access-analyzer same",
      "security-hub looser",
    ]);
    expect(compared([pages[1]!, hub, pages[0]!, old], other)).toEqual(rows); // there are two pages
  });

  test("says where AWS has looked at another version of the policy", () => {
    expect(compared([answer([create(ours, { existingSha256: existing.sha256 })])])).toMatchObject([
      { isCurrent: true },
    ]);
    expect(compared([answer([create(ours, { existingSha256: ours.sha256 })])])).toMatchObject([{ isCurrent: false }]);
  });
});
