import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { QUESTIONS } from "@leastwise/store";
import { describe, expect, test } from "vitest";
import { DEMO, allowing, asked, leastwise, refined, temporaryFolder, write } from "./leastwise.ts";
import { account, arnOf, awsRecommendation, finding, trailRecord } from "./samples.ts";

const folder = temporaryFolder();
const db = refined(folder, "org.db", DEMO);
const sha256 = (): string => createHash("sha256").update(readFileSync(db)).digest("hex");
const asWritten = sha256();

/** What the made-up organization lacks: CloudTrail, a policy by AWS on two principals, and a recommendation by AWS. */
const [web, batch] = [arnOf("role", "web"), arnOf("role", "batch")];
const READ_ONLY = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess";
write(folder, "more/account.json", [
  account(
    ["web", "batch"].map((name) => ({ kind: "role", name, inline: { own: allowing("sqs:*") }, attached: [READ_ONLY] })),
    { [READ_ONLY]: { document: allowing("s3:Get*", "s3:List*") } },
  ),
  finding(web, { s3: ["ListBucketVersions"], sqs: ["PurgeQueue"] }),
  awsRecommendation(web, [{ id: "own", document: allowing("sqs:SendMessage") }]),
]);
write(folder, "more/trail.json", {
  Records: [
    trailRecord(web, "s3", "ListObjectsV2", "2026-11-19T00:00:00Z"),
    trailRecord(batch, "sqs", "JugglePaperCranes", "2026-11-19T00:00:00Z"),
  ],
});
const other = refined(folder, "other.db", join(folder, "more"));
const ONLY_THERE = new Set(["aws-managed", "events", "unmapped-events", "compare"]);
/** Under limits so narrow that some policies fit in a shorter form, some are split and some do not fit. */
const narrow = write(folder, "narrow.json", { limits: { managed: 600, roleInline: 400, attachments: 3 } });
const tight = refined(folder, "tight.db", DEMO, "--config", narrow);
const fitted = refined(folder, "fitted.db", DEMO, "--config", narrow, "--fit");
const ONLY_NARROW = new Map([
  ["too-large", tight],
  ["fitted", fitted],
  ["does-not-fit", fitted],
]);
/** No document of the organization names an account. */
const EMPTY = new Set(["alike-but-for-account"]);

describe("named questions", () => {
  test.each(QUESTIONS.map(({ name, parameters }) => [[name, ...parameters.map(({ example }) => example)].join(" ")]))(
    "%s",
    (question) => {
      const asks = ONLY_NARROW.get(question) ?? (ONLY_THERE.has(question) ? other : db);
      const { code, out, err } = leastwise("query", "--db", asks, ...question.split(" "), "--format", "csv");
      expect({ code, err }).toEqual({ code: 0, err: "" });
      const rows = out.trimEnd().split("\n").length - 1;
      const isEmpty = EMPTY.has(question);
      expect(rows > 0).toBe(!isEmpty);
    },
  );

  test("--list shows each with a sentence, and needs no database", () => {
    const { code, out } = leastwise("query", "--list");
    expect(code).toBe(0);
    const lines = out.trimEnd().split("\n");
    expect(lines).toHaveLength(QUESTIONS.length);
    for (const [i, { name, sentence, parameters }] of QUESTIONS.entries()) {
      const usage = [name, ...parameters.map((parameter) => parameter.name.toUpperCase())].join(" ");
      expect(lines[i]).toMatch(new RegExp(`^${usage} {2,}`));
      expect(lines[i]?.endsWith(sentence)).toBe(true);
    }
  });

  test("who may pass roles, before and after", () => {
    const could = asked(db, "who-could", "iam:PassRole").map(({ principal }) => principal);
    const can = asked(db, "who-can", "IAM:passrole").map(({ principal }) => principal);
    expect(can).toEqual([
      "arn:aws:iam::123456789012:role/service-role/shop-checkout",
      "arn:aws:iam::555566667777:role/ci/DeployPipeline",
      "arn:aws:iam::111122223333:role/emergency/BreakGlassAdmin",
    ]);
    expect(could).toEqual(expect.arrayContaining(can));
  });

  test("what to detach", () => {
    expect(asked(db, "to-detach")).toEqual([
      {
        principal: "arn:aws:iam::999988887777:user/sam.sandbox",
        kind: "aws",
        policy: "AmazonSQSReadOnlyAccess",
        actions: 6,
      },
      {
        principal: "arn:aws:iam::555566667777:user/service/release.bot",
        kind: "inline",
        policy: "publish-packages",
        actions: 3,
      },
    ]);
  });

  test("how many of CloudTrail's events stand for a known action, and which do not", () => {
    expect(asked(other, "events")).toEqual([
      { service: "s3", events: 1, mapped: 1, percent_mapped: 100, denied: 0 },
      { service: "sqs", events: 1, mapped: 0, percent_mapped: 0, denied: 0 },
    ]);
    expect(asked(other, "unmapped-events")).toMatchObject([
      { event_source: "sqs.amazonaws.com", event_name: "JugglePaperCranes", service: "sqs", events: 1, principals: 1 },
    ]);
  });

  test("a policy by AWS that two principals use differently", () => {
    expect(asked(other, "aws-managed")).toEqual([
      { policy: READ_ONLY, principals: 2, accounts: 1, different_results: 2, to_change: 1 },
    ]);
  });

  test("the overview agrees with the summary", () => {
    expect(asked(db, "overview")).toEqual([
      {
        accounts: 6,
        principals: 33, // those with an answered attachment
        attachments: 48,
        to_replace: 38,
        to_detach: 2,
        unchanged: 8,
        actions_before: expect.any(Number) as unknown,
        actions_after: expect.any(Number) as unknown,
      },
    ]);
  });

  test.each([
    ["an unknown name", ["who-cann", "iam:PassRole"], /there is no query `who-cann`\n.*--list/],
    ["a missing argument", ["who-can"], /`who-can ACTION`\n.*who-can iam:PassRole/],
    ["one argument too many", ["overview", "please"], /this query is `overview`/],
    ["a name beside SQL", ["overview", "--sql", "SELECT 1"], /do not go together/],
  ])("%s is wrong usage", (_what, args, message) => {
    const { code, out, err } = leastwise("query", "--db", db, ...args);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toMatch(message);
  });

  test("a question without a database is wrong usage", () => {
    expect(leastwise("query", "overview")).toMatchObject({
      code: 2,
      err: expect.stringContaining("--db FILE") as unknown,
    });
  });
});

function noRows(...more: readonly string[]): unknown {
  return leastwise("query", "--db", db, "--sql", "SELECT 1 AS a WHERE 0", ...more);
}

describe("formats", () => {
  const sql = `SELECT 'a "quoted", name' AS "the name", 1234.5 AS n, NULL AS none UNION ALL SELECT 'plain', 1, 'x'`;
  const ask = (...more: string[]): string => leastwise("query", "--db", db, "--sql", sql, ...more).out;

  test("a table", () => {
    expect(ask()).toBe(
      [
        "the name               n  none",
        "────────────────  ──────  ────",
        'a "quoted", name  1234.5',
        "plain                  1  x",
        "",
      ].join("\n"),
    );
  });

  test("json, a row a line", () => {
    expect(ask("--format", "json")).toBe(
      '[\n{"the name":"a \\"quoted\\", name","n":1234.5,"none":null},\n{"the name":"plain","n":1,"none":"x"}\n]\n',
    );
  });

  test("json lines", () => {
    expect(ask("--format", "jsonl")).toBe(
      '{"the name":"a \\"quoted\\", name","n":1234.5,"none":null}\n{"the name":"plain","n":1,"none":"x"}\n',
    );
  });

  test("records, a column a line", () => {
    expect(ask("--format", "records")).toBe(
      'the name  a "quoted", name\nn         1234.5\nnone\n\nthe name  plain\nn         1\nnone      x\n',
    );
  });

  test("csv", () => {
    expect(ask("--format", "csv")).toBe('the name,n,none\n"a ""quoted"", name",1234.5,\nplain,1,x\n');
  });

  test("no rows", () => {
    expect(noRows()).toEqual({ code: 0, out: "", err: "no rows\n" });
    expect(noRows("--format", "json")).toEqual({ code: 0, out: "[]\n", err: "" });
    expect(noRows("--format", "jsonl")).toEqual({ code: 0, out: "", err: "" });
    expect(noRows("--format", "records")).toEqual({ code: 0, out: "", err: "no rows\n" });
    expect(noRows("--format", "csv")).toEqual({ code: 0, out: "a\n", err: "" });
  });
});

describe("--limit", () => {
  const many = "WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 120) SELECT i FROM n";
  const lines = (...more: string[]): number =>
    leastwise("query", "--db", db, "--sql", many, ...more)
      .out.trimEnd()
      .split("\n").length;

  test("a table shows 50 rows and says that there are more", () => {
    const { out, err } = leastwise("query", "--db", db, "--sql", many);
    expect(out.trimEnd().split("\n")).toHaveLength(2 + 50);
    expect(err).toBe("the first 50 rows; --limit 0 shows all\n");
  });

  test("no more than there are, nothing is said", () => {
    const { out, err } = leastwise("query", "--db", db, "--sql", many, "--limit", "120");
    expect(out.trimEnd().split("\n")).toHaveLength(2 + 120);
    expect(err).toBe("");
  });

  test("more, or all", () => {
    expect(lines("--limit", "100")).toBe(2 + 100);
    expect(lines("--limit", "0")).toBe(2 + 120);
  });

  test("the other formats give all, unless told", () => {
    expect(lines("--format", "csv")).toBe(1 + 120);
    expect(lines("--format", "csv", "--limit", "7")).toBe(1 + 7);
    expect(lines("--format", "json", "--limit", "7")).toBe(2 + 7);
    expect(lines("--format", "jsonl", "--limit", "7")).toBe(7);
  });
});

describe("own SQL", () => {
  test("may ask the views", () => {
    const sql = "SELECT kind, count(*) AS n FROM principals GROUP BY kind ORDER BY kind";
    expect(asked(db, "--sql", sql)).toEqual([
      { kind: "group", n: 2 },
      { kind: "role", n: 25 },
      { kind: "user", n: 9 },
    ]);
  });

  const copy = join(folder, "copy.db");
  test.each([
    "INSERT INTO account VALUES ('1')",
    "UPDATE run SET state = 'ingest'",
    "DELETE FROM recommendation",
    "DROP TABLE run",
    `ATTACH '${copy}' AS other`,
    `VACUUM INTO '${copy}'`,
    `-- a look\nVACUUM INTO '${copy}'`,
    `/* SELECT */ VACUUM INTO '${copy}'`,
    "PRAGMA journal_mode = WAL",
    "EXPLAIN PRAGMA journal_mode = WAL",
    "SELECT 1; DELETE FROM recommendation",
    "WITH n AS (SELECT 1) INSERT INTO account SELECT '1'",
    "",
    " ",
  ])("but not do %j", (sql) => {
    const { code, out, err } = leastwise("query", "--db", db, "--sql", sql);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toMatch(/^leastwise: refused-sql: .*\none SELECT/);
    expect(existsSync(copy)).toBe(false);
  });

  test("SQL that cannot be run is a mistake in the question, not in the disk", () => {
    for (const sql of ["SELECT * FROM nowhere", "SELECT abs(-9223372036854775808)", "SELECT json('{')"]) {
      const { code, err } = leastwise("query", "--db", db, "--sql", sql);
      expect(err).toMatch(/^leastwise: bad-sql: /);
      expect(code).toBe(2);
    }
  });

  test("the database is as it was", () => {
    expect(sha256()).toBe(asWritten);
    expect(existsSync(`${db}-wal`)).toBe(false);
  });
});
