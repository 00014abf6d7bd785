import { describe, expect, test } from "vitest";
import {
  QUESTIONS,
  ask,
  closeWriting,
  findPrincipal,
  openForReading,
  readEvidenceOf,
  readGroupsOf,
  suggestPrincipals,
} from "../src/index.ts";
import {
  allowing,
  answered,
  file,
  finding,
  group,
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
  const said = together(
    withInline(role("web"), allowing("s3:Get*")),
    withInline(group("team"), allowing("sqs:*")),
    withInline(ana, allowing("s3:PutObject")),
  );
  const usage = [
    finding(role("web"), "f1", AUGUST, { s3: ["GetObject"] }),
    finding(ana, "f2", AUGUST, { s3: ["PutObject"], sqs: ["SendMessage"] }),
  ];
  answered(db, planned(db, [file("export.json", { ...said, usage })]));
  closeWriting(db);
  return openForReading(path);
}

const db = readOnly();

describe("views", () => {
  const views = [
    "accounts",
    "actions",
    "attachments",
    "catalogs",
    "certificates",
    "changes",
    "current_run",
    "diagnostics",
    "granted_after",
    "granted_before",
    "granted_removed",
    "policies",
    "principals",
    "recommendations",
    "runs",
    "usage",
  ];

  test("these are the public face", () => {
    const found = rows(db, "SELECT name FROM sqlite_schema WHERE type = 'view' ORDER BY name").map(({ name }) => name);
    expect(found).toEqual(views);
  });

  test.each(views)("%s can be asked on a read-only connection", (view) => {
    const { columns, rows: answer } = ask(db, `SELECT * FROM ${view}`);
    expect(columns).not.toEqual([]);
    const filled = view === "diagnostics" ? 0 : 1;
    expect([...answer].length).toBeGreaterThanOrEqual(filled);
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
      { source: "access-analyzer", report_id: "f1", active: 1, updated_at: AUGUST, path: "export.json" },
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
