import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { StoreError, ask, closeWriting, openForAsking, openForWriting } from "../src/index.ts";
import { temporaryFolder } from "./organization.ts";

const folder = temporaryFolder();
const path = join(folder, "org.db");
closeWriting(openForWriting(path));
const db = openForAsking(path);

function answerTo(sql: string, parameters?: Record<string, string>): { columns: readonly string[]; rows: unknown[] } {
  const { columns, rows } = ask(db, sql, parameters);
  return { columns, rows: [...rows] };
}

/** The code of the refusal; `answered` when there is none. */
function outcomeOf(sql: string): string {
  try {
    answerTo(sql);
    return "answered";
  } catch (error) {
    if (error instanceof StoreError) return error.code;
    throw error;
  }
}

describe("answers", () => {
  test("columns in the order of the question, rows as lists", () => {
    expect(answerTo("SELECT 2 AS b, 1 AS a UNION ALL SELECT 4, 3")).toEqual({
      columns: ["b", "a"],
      rows: [
        [2, 1],
        [4, 3],
      ],
    });
  });

  test("columns of one name stay apart", () => {
    expect(answerTo("SELECT 1 AS a, 2 AS a")).toEqual({ columns: ["a", "a"], rows: [[1, 2]] });
  });

  test("columns are known where there are no rows", () => {
    expect(answerTo("SELECT arn FROM principals")).toEqual({ columns: ["arn"], rows: [] });
  });

  test("null, texts, fractions, and bytes as hexadecimal digits", () => {
    expect(answerTo("SELECT NULL, 'ü', 0.5, x'00ff'").rows).toEqual([[null, "ü", 0.5, "00ff"]]);
  });

  test("whole numbers that JavaScript cannot hold are not rounded", () => {
    expect(answerTo("SELECT 9007199254740993").rows.flat().map(String)).toEqual(["9007199254740993"]);
  });

  test("parameters are given by name", () => {
    expect(answerTo("SELECT $action", { action: "'; DROP TABLE run; --" }).rows).toEqual([["'; DROP TABLE run; --"]]);
  });

  test.each([
    ["WITH", "WITH n (i) AS (VALUES (1), (2)) SELECT i FROM n"],
    ["VALUES", "VALUES (1), (2)"],
    ["lower case", "select 1 union select 2"],
    ["comments and a byte order mark in front", "\uFEFF-- how many?\n/* two */ SELECT 1 UNION SELECT 2"],
    ["a semicolon at the end", "SELECT 1 UNION SELECT 2;"],
  ])("%s", (_what, sql) => {
    expect(answerTo(sql).rows).toEqual([[1], [2]]);
  });

  test.each([
    ["texts that look like statements", "SELECT 1 WHERE '; DROP TABLE run' <> \"load_extension\"", "bad-sql"],
    ["a semicolon in a text", "SELECT '; DROP TABLE run'", "answered"],
    ["a semicolon in a name", 'SELECT 1 AS ";", 2 AS [;], 3 AS `;`', "answered"],
    ["a semicolon in a comment", "SELECT 1 -- ; DROP TABLE run\n/**/ /* ; */;/*;*/", "answered"],
    ["a quote in a quote", `SELECT 'it''s; "', "a;""b" FROM (SELECT 1 AS "a;""b")`, "answered"],
    ["the function replace", "SELECT replace('update', 'up', 'down') AS \"delete\"", "answered"],
    ["the name of a function as a text or a column", "SELECT 'load_extension', 1 AS edit, 2 AS readfile", "answered"],
    ["what describes the database", "SELECT name FROM pragma_table_xinfo('recommendations')", "answered"],
  ])("%s", (_what, sql, outcome) => {
    expect(outcomeOf(sql)).toBe(outcome);
  });

  test("EXPLAIN and EXPLAIN QUERY PLAN", () => {
    expect(answerTo("EXPLAIN SELECT 1").columns).toContain("opcode");
    expect(answerTo("EXPLAIN QUERY PLAN SELECT * FROM recommendations").columns).toContain("detail");
  });
});

describe("the connection by itself", () => {
  test.each([
    "INSERT INTO account VALUES ('1')",
    "UPDATE run SET state = 'done'",
    "DELETE FROM run",
    "DROP TABLE run",
    "CREATE TEMP TABLE t (x)",
    "SELECT load_extension('x')",
    "SELECT fts3_tokenizer('simple', x'00')",
    "SELECT * FROM pragma_optimize",
  ])("does not do %s", (sql) => {
    const before = readFileSync(path);
    expect(() => {
      const statement = db.prepare(sql);
      return statement.reader ? statement.all() : statement.run();
    }).toThrow(/readonly|read-only|not authorized|disabled|unknown/);
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  test("sorts in memory, not in files, and trusts no view", () => {
    const settings = ["temp_store", "mmap_size", "query_only", "trusted_schema", "cell_size_check"];
    expect(settings.map((name) => db.pragma(name, { simple: true }))).toEqual([2, 0, 1, 0, 1]);
  });
});

describe("whatever is no question is refused, and nothing happens", () => {
  const copy = join(folder, "copy.db");
  const writes = [
    "INSERT INTO account VALUES ('1')",
    "UPDATE run SET state = 'done'",
    "DELETE FROM run",
    "REPLACE INTO account VALUES ('1')",
    "DROP TABLE run",
    "CREATE TABLE t (x)",
    "CREATE TEMP TABLE t (x)",
    "ALTER TABLE run RENAME TO walk",
    "REINDEX",
    "ANALYZE",
    "VACUUM",
    `VACUUM INTO '${copy}'`,
    `ATTACH '${copy}' AS copy`,
    "DETACH main",
    "PRAGMA user_version",
    "PRAGMA query_only = OFF",
    "BEGIN",
    "COMMIT",
    "SAVEPOINT s",
  ];
  const disguised = writes.flatMap((sql) => [
    sql,
    `-- only a look\n${sql}`,
    `/* SELECT */ ${sql}`,
    `  \n\t${sql};`,
    `EXPLAIN ${sql}`,
    `EXPLAIN QUERY PLAN ${sql}`,
    `EXPLAIN /* SELECT */ ${sql}`,
  ]);

  test.each(disguised)("%s", (sql) => {
    const before = readFileSync(path);
    expect(outcomeOf(sql)).toBe("refused-sql");
    expect(existsSync(copy)).toBe(false);
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  test.each([
    "WITH n AS (SELECT 1) INSERT INTO account SELECT '1'",
    "WITH n AS (SELECT 1) INSERT INTO account SELECT '1' RETURNING *",
    "WITH n AS (SELECT 1) DELETE FROM run",
    "WITH n AS (SELECT 1) UPDATE run SET state = 'done'",
  ])("%s", (sql) => {
    expect(outcomeOf(sql)).toBe("refused-sql");
  });

  test.each([
    ["several statements", `SELECT 1; VACUUM INTO '${copy}'`],
    ["several that a comment pretends to hide", `SELECT 1 /* ; */; /* only this */ VACUUM INTO '${copy}'`],
    ["several, one of them of nothing", "SELECT 1; ;SELECT 2"],
    ["an extension", "SELECT load_extension('x')"],
    ["an extension, its name in quotes", `SELECT "Load_Extension" /* now */ ('x')`],
    ["a file", "SELECT writefile('/tmp/x', 'y')"],
    ["a tokenizer of one's own", "SELECT [fts3_tokenizer]('simple', x'00')"],
    ["a PRAGMA that would write, as a table", "SELECT * FROM pragma_optimize"],
    ["the same as a text", "SELECT * FROM 'pragma_optimize'(2)"],
    ["the same in quotes, in another case", 'SELECT 1 WHERE 1 IN "Pragma_Optimize"'],
    ["a setting of the connection", "SELECT * FROM main.pragma_query_only"],
    ["what SQLite would not read", "SELECT 1\0; DROP TABLE run"],
    ["a write with a replacement", "WITH n AS (SELECT 1) REPLACE INTO account SELECT '1'"],
  ])("%s", (_what, sql) => {
    expect(outcomeOf(sql)).toBe("refused-sql");
    expect(existsSync(copy)).toBe(false);
  });

  test.each(["", " \n", ";", "-- SELECT 1", "/* SELECT 1", "SELEC 1", "(SELECT 1)"])(
    "nothing to answer in %j",
    (sql) => {
      expect(outcomeOf(sql)).toBe("refused-sql");
    },
  );

  test.each([
    ["no such view", "SELECT * FROM principal_s"],
    ["half a question", "SELECT"],
    ["a parameter that nobody gives", "SELECT $action"],
    ["a value that cannot be computed, found while reading rows", "SELECT abs(-9223372036854775808)"],
    ["text that is no JSON, found while reading rows", "SELECT json('x')"],
  ])("%s is bad SQL", (_what, sql) => {
    expect(outcomeOf(sql)).toBe("bad-sql");
    expect(existsSync(copy)).toBe(false);
  });
});
