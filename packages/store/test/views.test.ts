import { DEFAULT_LIMITS, DEFAULT_SETTINGS } from "@leastwise/core";
import { describe, expect, test } from "vitest";
import {
  QUESTIONS,
  ask,
  closeWriting,
  findPrincipal,
  openForReading,
  readEventsOf,
  readEvidenceOf,
  readGroupsOf,
  suggestPrincipals,
} from "../src/index.ts";
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
const AUGUST = "2026-08-25T00:00:00.000Z";

function readOnly(): ReturnType<typeof openForReading> {
  const { db, path } = newDatabase(folder);
  const ana = user("ana", ["team"]);
  const shared = managedPolicy("Shared", allowing("s3:Get*", "sqs:*"));
  const holders = ["web", "api"].map((name) => ({ principalArn: role(name).arn, policyKey: shared.key }));
  const said = together(
    {
      principals: [role("api", { tags: [{ key: "keep", value: "yes" }] })],
      policies: [shared],
      documents: [allowing("s3:Get*", "sqs:*")],
    },
    withInline(role("web"), allowing("s3:Get*")),
    withInline(group("team"), allowing("sqs:*")),
    withInline(ana, allowing("s3:PutObject")),
    { attachments: holders },
  );
  const usage = [
    finding(role("web"), "f1", AUGUST, { s3: ["GetObject"] }),
    finding(ana, "f2", AUGUST, { s3: ["PutObject"], sqs: ["SendMessage"] }),
  ];
  const events = [
    event(role("web"), "s3.amazonaws.com", "GetObjectAcl", {
      events: 3,
      denied: 1,
      lastAt: "2026-09-20T00:00:00.000Z",
    }),
  ];
  const recommended = allowing("s3:GetObjectAcl");
  const step = { policyUpdatedAt: null, existingSha256: null };
  const awsRecommendations = [
    {
      principalArn: role("web").arn,
      source: "access-analyzer" as const,
      status: "SUCCEEDED" as const,
      error: "",
      completedAt: AUGUST,
      steps: [
        {
          ...step,
          recommendedAction: "CREATE_POLICY" as const,
          policyId: "inline-1",
          recommendedSha256: recommended.sha256,
        },
        { ...step, recommendedAction: "DETACH_POLICY" as const, policyId: "inline-1", recommendedSha256: null },
      ],
    },
  ];
  const documents = [...(said.documents ?? []), recommended];
  const exportPages = [{ accountId: "210987654321", isLast: false }];
  const settings = { exclude: { ...DEFAULT_SETTINGS.exclude, tags: [{ key: "keep", value: null }] } };
  const run = planned(
    db,
    [file("export.json", { ...said, usage, events, documents, awsRecommendations, exportPages })],
    // so little that something does not fit, whatever its form
    { settings: JSON.stringify({ limits: { ...DEFAULT_LIMITS, managed: 60, roleInline: 60 }, fit: { shortest: 4 } }) },
    settings,
  );
  answered(db, run);
  closeWriting(db);
  return openForReading(path);
}

const db = readOnly();
/** Views of which this organization gives no rows: it has one account, and none of the actions. */
const EMPTY = new Set(["document_shapes", "repeated_documents", "escalation_actions"]);

describe("views", () => {
  const views = [
    "access_levels",
    "account_services",
    "accounts",
    "actions",
    "allowed_after",
    "allowed_before",
    "attachments",
    "aws_comparisons",
    "catalogs",
    "certificates",
    "changes",
    "concluded_run",
    "current_run",
    "diagnostics",
    "document_shapes",
    "does_not_fit",
    "escalation_actions",
    "event_names",
    "event_shares",
    "evidence_sources",
    "grant_intervals",
    "granted_after",
    "granted_before",
    "granted_removed",
    "incomplete_accounts",
    "left_alone",
    "oversized_statements",
    "policies",
    "policy_blockers",
    "policy_recommendations",
    "principal_totals",
    "principals",
    "recommendations",
    "repeated_documents",
    "runs",
    "services",
    "shared_policies",
    "unused_intervals",
    "usage",
    "usage_intervals",
    "wildcards",
  ];

  test("these are the public face", () => {
    const found = rows(db, "SELECT name FROM sqlite_schema WHERE type = 'view' ORDER BY name").map(({ name }) => name);
    expect(found).toEqual(views);
  });

  test.each(views)("%s can be asked on a read-only connection", (view) => {
    const { columns, rows: answer } = ask(db, `SELECT * FROM ${view}`);
    expect(columns).not.toEqual([]);
    expect([...answer].length > 0).toBe(!EMPTY.has(view));
  });
});

describe("named questions", () => {
  test("have different names, and a sentence each", () => {
    expect(new Set(QUESTIONS.map(({ name }) => name)).size).toBe(QUESTIONS.length);
    for (const { sentence } of QUESTIONS) expect(sentence).toMatch(/^[a-z].*[^.]$/);
  });

  test.each(QUESTIONS.map((question) => [question.name, question] as const))(
    "%s runs",
    (_name, { sql, parameters }) => {
      const given = Object.fromEntries(parameters.map(({ name, example }) => [name, example]));
      const { columns, rows: answer } = ask(db, sql, given);
      expect(columns).not.toEqual([]);
      expect([...answer].every((row) => row.length === columns.length)).toBe(true);
    },
  );
});

describe("one principal", () => {
  test("with the sources of what is known", () => {
    expect(findPrincipal(db, role("web").arn)).toMatchObject({ kind: "role", name: "web", evidence: "reported" });
    expect(readEvidenceOf(db, role("web").arn)).toEqual([
      {
        source: "access-analyzer",
        report_id: "f1",
        standing: "counts",
        updated_at: AUGUST,
        window_days: null,
        age_days: 26,
        claims: [{ service: "s3", state: "unused", actions: ["GetObject"], lastAccessed: null }],
        inputs: ["export.json"],
      },
    ]);
    expect(readEventsOf(db, role("web").arn)).toMatchObject([
      {
        event_source: "s3.amazonaws.com",
        event_name: "GetObjectAcl",
        events: 3,
        denied: 1,
        actions: ["s3:GetObjectAcl"],
      },
    ]);
  });

  test("a user's groups by their ARN", () => {
    const ana = findPrincipal(db, user("ana").arn);
    expect(readGroupsOf(db, ana?.principal_id ?? 0)).toEqual([group("team").arn]);
  });

  test("what somebody may have meant", () => {
    expect(findPrincipal(db, "WEB")).toBeUndefined();
    expect(suggestPrincipals(db, "WEB")).toEqual([role("web").arn]);
    expect(suggestPrincipals(db, "arn:aws:iam::123456789012:role/other-path/web")).toEqual([role("web").arn]);
    expect(suggestPrincipals(db, "50% of_all")).toEqual([]);
  });
});
