/** What many results come to: small organizations whose totals one can count in one's head. */
import { DEFAULT_LIMITS, DEFAULT_SETTINGS, type DocumentRecord, type PrincipalRecord } from "@leastwise/core";
import { describe, expect, test } from "vitest";
import { type Connection, QUESTIONS, ask, wrongTotals } from "../src/index.ts";
import { dropQuestionIndexes, makeQuestionIndexes } from "../src/question-indexes.ts";
import { QUESTION_INDEXES } from "../src/schema/question-indexes.ts";
import { shapeOf } from "../src/conclude/totals/shape.ts";
import { fillTotals } from "../src/conclude/totals/totals.ts";
import {
  allowing,
  answered,
  engine,
  file,
  finding,
  managedPolicy,
  newDatabase,
  newRun,
  planned,
  role,
  rows,
  sha256,
  temporaryFolder,
  together,
  withInline,
} from "./organization.ts";

const folder = temporaryFolder();
const OTHER = "210987654321";
const AUGUST = "2026-08-25T00:00:00.000Z";

/** The same role in another account. */
function elsewhere(name: string): PrincipalRecord {
  return role(name, { accountId: OTHER, arn: `arn:aws:iam::${OTHER}:role/${name}` });
}

function document(...statements: readonly object[]): DocumentRecord {
  const text = JSON.stringify({ Version: "2012-10-17", Statement: statements });
  return { sha256: sha256(text), text };
}

/** A policy that names its own account. */
const own = (account: string): DocumentRecord =>
  document({
    Sid: "KeepMe",
    Effect: "Allow",
    Action: ["sqs:Send*"],
    Resource: `arn:aws:sqs:eu-west-1:${account}:jobs`,
  });

/**
 * web uses s3:GetObject alone and loses sqs; twin is of unknown use and keeps both; far, in another account, has a policy that differs from
 * web's second one by its account only.
 */
function organization(): Connection {
  const { db } = newDatabase(folder);
  const both = allowing("s3:Get*", "sqs:*");
  const said = together(
    withInline(role("web"), both, own("123456789012")),
    withInline(role("twin"), both),
    withInline(elsewhere("far"), both, own(OTHER)),
  );
  const usage = [
    finding(role("web"), "f1", AUGUST, { s3: ["GetBucketAcl", "GetObjectAcl"], sqs: null }),
    finding(elsewhere("far"), "f2", AUGUST, { sqs: null }),
  ];
  const options = { granularity: "word", services: [], keptSids: ["Keep"] } as const;
  const settings = JSON.stringify({ limits: { ...DEFAULT_LIMITS, managed: 100, roleInline: 150 }, fit: null });
  answered(db, planned(db, [file("a.json", { ...said, usage })], { options, settings }));
  return db;
}

const db = organization();
const named = (name: string, parameters: Readonly<Record<string, string>> = {}): readonly unknown[] => {
  const { columns, rows: answer } = ask(
    db,
    QUESTIONS.find((question) => question.name === name)?.sql ?? "",
    parameters,
  );
  return [...answer].map((row) => Object.fromEntries(columns.map((column, i) => [column, row[i]])));
};

describe("totals", () => {
  test("of accounts", () => {
    expect(rows(db, "SELECT * FROM accounts ORDER BY account_id")).toEqual([
      {
        account_id: "123456789012",
        principals: 2,
        holders: 2,
        attachments: 3,
        to_replace: 1,
        to_detach: 0,
        unchanged: 2,
        failed: 0,
        actions_before: 5 + 1 + 5,
        actions_after: 1 + 1 + 5,
      },
      expect.objectContaining({
        account_id: OTHER,
        principals: 1,
        attachments: 2,
        actions_before: 6,
        actions_after: 4,
      }),
    ]);
  });

  test("of services: who keeps one only because nothing is known of its use is told apart", () => {
    expect(rows(db, "SELECT * FROM services ORDER BY service")).toEqual([
      {
        service: "s3",
        verdict: "kept",
        accounts_before: 2,
        accounts_after: 2,
        attachments_before: 3,
        attachments_after: 3,
        principals_before: 3,
        principals_after: 3,
        principals_unknown: 1,
      },
      expect.objectContaining({
        service: "sqs",
        verdict: "kept", // by its Sid
        attachments_before: 5,
        attachments_after: 3,
        principals_before: 3,
        principals_after: 3,
        principals_unknown: 1,
      }),
    ]);
  });

  test("of a service that nobody uses, and of one of which only that is unknown", () => {
    const { db: small } = newDatabase(folder);
    const said = together(
      withInline(role("web"), allowing("s3:*", "sqs:*")),
      withInline(role("dark"), allowing("sqs:*")),
    );
    const usage = [finding(role("web"), "f", AUGUST, { sqs: null, s3: null })];
    answered(small, planned(small, [file("a.json", { ...said, usage })]));
    expect(
      rows(small, "SELECT service, verdict, principals_before, principals_after FROM services ORDER BY service"),
    ).toEqual([
      { service: "s3", verdict: "unused", principals_before: 1, principals_after: 0 },
      { service: "sqs", verdict: "unknown", principals_before: 2, principals_after: 1 },
    ]);
    expect(
      rows(small, "SELECT services_before, services_removed, is_unknown FROM principal_totals ORDER BY principal_arn"),
    ).toEqual([
      { services_before: 1, services_removed: 0, is_unknown: 1 },
      { services_before: 2, services_removed: 2, is_unknown: 0 },
    ]);
  });

  test("of what is left alone: kept for a rule, not for use", () => {
    const { db: small } = newDatabase(folder);
    const said = withInline(role("web"), allowing("sqs:*"));
    const exclude = { ...DEFAULT_SETTINGS.exclude, policies: ["inline-1"] };
    const usage = [finding(role("web"), "f", AUGUST, { sqs: null })];
    answered(small, planned(small, [file("a.json", { ...said, usage })], {}, { exclude }));
    expect(rows(small, "SELECT service, verdict FROM services")).toEqual([{ service: "sqs", verdict: "unknown" }]);
  });

  test("of actions, access levels and wildcards", () => {
    expect(
      rows(db, "SELECT action, attachments_before AS b, attachments_after AS a FROM actions ORDER BY action_id"),
    ).toEqual([
      { action: "s3:GetBucketAcl", b: 3, a: 2 },
      { action: "s3:GetObject", b: 3, a: 3 },
      { action: "s3:GetObjectAcl", b: 3, a: 2 },
      { action: "s3:ListBucket", b: 0, a: 0 },
      { action: "s3:PutObject", b: 0, a: 0 },
      { action: "sqs:DeleteMessage", b: 3, a: 1 },
      { action: "sqs:SendMessage", b: 5, a: 3 },
    ]);
    expect(named("access-levels", { account: OTHER })).toEqual([{ access_level: "Read", before: 6, after: 4 }]);
    expect(rows(db, "SELECT * FROM wildcards ORDER BY attachments DESC, entry")).toEqual([
      { entry: "s3:Get*", element: "Action", attachments: 2, kept: 2, generated: 0, actions: 3, worst_level: "Read" },
      { entry: "sqs:Send*", element: "Action", attachments: 2, kept: 2, generated: 0, actions: 1, worst_level: "Read" },
      { entry: "sqs:*", element: "Action", attachments: 1, kept: 1, generated: 0, actions: 2, worst_level: "Read" },
    ]);
  });

  test("a generated wildcard is told from a kept one", () => {
    const { db: small } = newDatabase(folder);
    const usage = [finding(role("web"), "f", AUGUST, { s3: ["GetBucketAcl"] })];
    answered(small, planned(small, [file("a.json", { ...withInline(role("web"), allowing("s3:Get*")), usage })]));
    expect(rows(small, "SELECT entry, kept, generated, actions FROM wildcards")).toEqual([
      { entry: "s3:GetObject*", kept: 0, generated: 1, actions: 2 },
    ]);
  });

  test("of what stands in several accounts, word for word or but for the account", () => {
    expect(named("repeated-documents")).toMatchObject([{ named: "inline-1", attachments: 3, accounts: 2 }]);
    expect(named("alike-but-for-account")).toMatchObject([{ documents: 2, attachments: 2, accounts: 2 }]);
    expect(
      rows(
        db,
        "SELECT count(DISTINCT shape_sha256) AS shapes, count(DISTINCT document_sha256) AS documents FROM policies",
      ),
    ).toEqual([{ shapes: 2, documents: 3 }]);
  });

  test("of managed policies on several principals", () => {
    const { db: small } = newDatabase(folder);
    const shared = managedPolicy("Shared", allowing("sqs:*"));
    const who = [role("a"), role("b"), role("c")];
    const attachments = who.map(({ arn }) => ({ principalArn: arn, policyKey: shared.key }));
    const usage = [role("a"), role("b")].map((one) => finding(one, one.name, AUGUST, { sqs: ["SendMessage"] }));
    const said = { principals: who, policies: [shared], documents: [allowing("sqs:*")], attachments, usage };
    answered(small, planned(small, [file("a.json", said)]));
    expect(
      rows(
        small,
        "SELECT policy_name, principals, accounts, different_results, to_change, blockers FROM shared_policies",
      ),
    ).toEqual([{ policy_name: "Shared", principals: 3, accounts: 1, different_results: 2, to_change: 2, blockers: 1 }]);
  });

  test("statements that their Sid keeps", () => {
    expect(named("left-alone")).toMatchObject([
      { rule: "exclude.sids: Keep", policy: "arn:aws:iam::123456789012:role/web#inline-2", statement: 0 },
      { rule: "exclude.sids: Keep", policy: `arn:aws:iam::${OTHER}:role/far#inline-2`, statement: 0 },
    ]);
  });
});

describe("who may call an action", () => {
  const { db: small } = newDatabase(folder);
  const entries = document(
    { Effect: "Deny", Action: "*", Resource: "*" },
    {
      Sid: "Reads",
      Effect: "Allow",
      Action: ["s3:get*", "S3:G?tObject", "s3:GetObjects", "S3:getobject"],
      Resource: "*",
      Condition: { Bool: { "aws:SecureTransport": "true" } },
    },
    { Effect: "Allow", NotAction: ["sqs:*", "s3:PutObject"], Resource: "*" },
    { Effect: "Allow", NotAction: "s3:*", Resource: "*" },
    { Effect: "Allow", NotAction: ["S3:GETOBJECT", "s3:putobject"], Resource: "*" },
    { Effect: "Allow", Action: "*", Resource: "arn:aws:s3:::b" },
  );
  const single = {
    sha256: "",
    text: JSON.stringify({ Statement: { Effect: "Allow", Action: "s3:GetObject", Resource: "*" } }),
  };
  const said = together(
    withInline(role("web"), entries),
    withInline(role("api"), { ...single, sha256: sha256(single.text) }),
  );
  answered(small, planned(small, [file("a.json", said)]));

  test("by which statement and entry, in whatever case and form these are", () => {
    const sql =
      "SELECT principal_arn, statement, sid, element, entry, condition IS NOT NULL AS c FROM allowed_after WHERE action = 'S3:GETOBJECT'";
    const web = role("web").arn;
    const row = { principal_arn: web, sid: null, c: 0 };
    expect(rows(small, sql)).toEqual([
      { ...row, principal_arn: role("api").arn, statement: 0, element: "Action", entry: "s3:GetObject" },
      { ...row, statement: 1, sid: "Reads", element: "Action", entry: "s3:get*", c: 1 },
      { ...row, statement: 1, sid: "Reads", element: "Action", entry: "S3:G?tObject", c: 1 },
      { ...row, statement: 1, sid: "Reads", element: "Action", entry: "S3:getobject", c: 1 },
      { ...row, statement: 2, element: "NotAction", entry: '["sqs:*","s3:PutObject"]' },
      { ...row, statement: 5, element: "Action", entry: "*" },
    ]);
  });

  test("what NotAction names is not allowed by it", () => {
    const sql = "SELECT statement FROM allowed_before WHERE action = 's3:PutObject'";
    expect(rows(small, sql)).toEqual([{ statement: 5 }]);
  });
});

/** A text that names an account twice. */
const arn = (account: string): string =>
  JSON.stringify({ Resource: `arn:aws:sqs:eu-west-1:${account}:q`, root: `arn:aws:iam::${account}:root` });

describe("shapes", () => {
  test("are equal for texts that name the same accounts in the same places", () => {
    expect(shapeOf(arn("111111111111"))).toBe(shapeOf(arn("222222222222")));
    expect(shapeOf(`${arn("111111111111")}${arn("222222222222")}`)).not.toBe(
      shapeOf(`${arn("111111111111")}${arn("111111111111")}`),
    );
  });

  test("only ARNs name accounts, and only in their fifth part", () => {
    expect(shapeOf('{"Resource":"arn:aws:s3:::bucket-123456789012","Id":"123456789012"}')).toBeNull();
    expect(shapeOf('{"Resource":"arn:aws:iam::aws:policy/123456789012:x"}')).toBeNull();
    expect(shapeOf('{"Resource":"arn:aws:iam::1234567890123:x"}')).toBeNull();
  });
});

describe("checked", () => {
  test("they are right as they were written, and after they were written twice", () => {
    expect([...wrongTotals(db)]).toEqual([]);
  });

  const tables = rows(
    db,
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND (name LIKE '%_total' OR name IN ('document_shape', 'kept_statement', 'interval_document', 'interval_block')) ORDER BY name",
  ).map(({ name }) => String(name));
  const filled = tables.filter((table) => rows(db, `SELECT 1 FROM ${table} LIMIT 1`).length > 0);

  test("each has rows here but those of shared policies", () => {
    expect(tables.filter((table) => !filled.includes(table))).toEqual(["policy_total"]);
  });

  test.each(filled)("%s: any value edited, a row gone or a row more is found", (table) => {
    db.pragma("foreign_keys = OFF");
    const attempt = (sql: string): readonly string[] => {
      let wrong: readonly string[] = [];
      db.exec("BEGIN");
      db.exec(sql);
      wrong = [...wrongTotals(db)];
      db.exec("ROLLBACK");
      return wrong;
    };
    const columns = rows(db, `SELECT name, type FROM pragma_table_info('${table}')`);
    for (const { name, type } of columns) {
      const value = type === "INTEGER" ? `coalesce(${String(name)}, 0) + 1000` : `coalesce(${String(name)}, '') || 'x'`;
      expect([name, attempt(`UPDATE ${table} SET ${String(name)} = ${value}`)]).toEqual([name, [table]]);
    }
    expect(attempt(`DELETE FROM ${table}`)).toEqual([table]);
    const first = columns.find(({ name }) => name !== "run_id") ?? {};
    const key = String(first["name"]);
    const others = columns.map(({ name }) =>
      name === key ? (first["type"] === "INTEGER" ? `max(${key}) + 1` : `max(${key}) || 'y'`) : String(name),
    );
    expect(attempt(`INSERT INTO ${table} SELECT ${others.join()} FROM ${table}`)).toEqual([table]);
  });
});

test("shapes of documents whose units have all failed are kept all together or not at all", () => {
  const { db: failed } = newDatabase(folder);
  const run = answered(
    failed,
    planned(failed, [file("a.json", withInline(role("web"), own("123456789012"), own(OTHER)))]),
  );
  const { shapes } = rows(failed, "SELECT count(*) AS shapes FROM document_shape")[0] ?? {};
  failed.exec(`DELETE FROM document_shape; DELETE FROM grant_set; UPDATE unit SET state = 'failed';
    CREATE TEMP TRIGGER disk BEFORE INSERT ON main.document_shape WHEN EXISTS (SELECT 1 FROM main.document_shape)
    BEGIN SELECT RAISE(ABORT, 'in the way'); END`);
  expect(() => fillTotals(failed, run, engine().trie)).toThrow("in the way");
  expect(rows(failed, "SELECT * FROM document_shape")).toEqual([]);
  failed.exec("DROP TRIGGER disk");
  fillTotals(failed, run, engine().trie);
  expect(rows(failed, "SELECT count(*) AS shapes FROM document_shape")).toEqual([{ shapes }]);
  expect(shapes).toBe(2);
  failed.close();
});

test("those of an older run are looked at too, since people may look at it", () => {
  const { db: twice } = newDatabase(folder);
  const org = [file("a.json", withInline(role("web"), allowing("sqs:*")))];
  answered(twice, planned(twice, org));
  answered(twice, planned(twice, org, { runKey: "again" }));
  expect([...wrongTotals(twice)]).toEqual([]);
  twice.exec("UPDATE service_total SET principals_after = 0 WHERE run_id = 1");
  expect([...wrongTotals(twice)]).toEqual(["service_total"]);
});

test("nobody sees some of the rows: until a run has ended its totals are empty, in every view and question", () => {
  const { db: ending } = newDatabase(folder);
  const wide = allowing("s3:*", "ec2:Describe*");
  answered(
    ending,
    planned(ending, [file("a.json", together(withInline(role("web"), wide), withInline(role("app"), wide)))]),
  );
  const views = rows(ending, "SELECT name, sql FROM sqlite_schema WHERE type = 'view'")
    .filter(({ sql }) => String(sql).includes("concluded_run"))
    .map(({ name }) => String(name));
  const sizes = (): Readonly<Record<string, unknown>> =>
    Object.fromEntries(
      views.map((view) => {
        const about = view === "actions" || view === "escalation_actions" ? "attachments_before" : "*";
        return [view, rows(ending, `SELECT count(${about}) AS n FROM ${view}`)[0]?.["n"]];
      }),
    );
  const filled = Object.entries(sizes()).filter(([, n]) => Number(n) > 0);
  expect(filled.map(([view]) => view)).toEqual(
    expect.arrayContaining(["accounts", "actions", "allowed_before", "services", "wildcards", "principal_totals"]),
  );
  const asking = (): readonly string[] =>
    Object.values(QUESTIONS)
      .filter(({ sql, parameters }) => parameters.length === 0 && /_total [ts]/.test(sql))
      .filter((question) => rows(ending, question.sql).length > 0)
      .map(({ sql }) => sql);
  expect(asking().length).toBeGreaterThan(0);
  ending.exec("UPDATE run SET state = 'execute'"); // as while its rows are written
  const seen = Object.entries(sizes()).filter(([view, n]) => view !== "left_alone" && n !== 0); // which shows rules too
  expect(seen).toEqual([]);
  expect(asking()).toEqual([]);
  expect(rows(ending, "SELECT run_id FROM current_run")).toHaveLength(1);
  ending.close();
});

const names = (one: Connection): readonly unknown[] =>
  rows(one, "SELECT name FROM sqlite_schema WHERE type = 'index'").map(({ name }) => name);

describe("indexes for questions", () => {
  const questions = QUESTION_INDEXES.map(({ name }) => name);

  test("go before the first large run writes its results, and come back when it ends", () => {
    const { db: small } = newDatabase(folder);
    const run = planned(small, [file("a.json", withInline(role("web"), allowing("sqs:*")))]);
    dropQuestionIndexes(small, run.runId, 2);
    expect(names(small)).toEqual(expect.arrayContaining([...questions])); // one attachment is too few
    dropQuestionIndexes(small, run.runId, 1);
    expect(names(small).filter((name) => questions.includes(String(name)))).toEqual([]);
    answered(small, run);
    expect(names(small)).toEqual(expect.arrayContaining([...questions]));
    expect([...wrongTotals(small)]).toEqual([]);
  });

  test("stay once a run has ended, for those who ask about it", () => {
    const { db: small } = newDatabase(folder);
    answered(small, planned(small, [file("a.json", withInline(role("web"), allowing("sqs:*")))]));
    dropQuestionIndexes(small, newRun(small, { runKey: "next" }).runId, 0);
    expect(names(small)).toEqual(expect.arrayContaining([...questions]));
    makeQuestionIndexes(small);
  });
});
