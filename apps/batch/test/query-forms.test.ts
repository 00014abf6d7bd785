import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { CLEAN, DEMO, MAIN, leastwise, refined, temporaryFolder } from "./leastwise.ts";

const folder = temporaryFolder();
const db = refined(folder, "org.db", DEMO);

function printed(sql: string, ...more: readonly string[]): string {
  const { code, out, err } = leastwise("query", "--db", db, "--sql", sql, ...more);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  return out;
}

/** A text of SQL. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** The only cell of an answer as CSV. */
function cellOf(text: string, ...more: readonly string[]): string {
  return printed(`SELECT ${quoted(text)} AS t`, "--format", "csv", ...more).slice("t\n".length, -1);
}

describe("CSV that somebody opens in a spreadsheet", () => {
  test.each([
    ["=HYPERLINK(0)", "'=HYPERLINK(0)"],
    ["+1+cmd|' /C calc'!A0", "'+1+cmd|' /C calc'!A0"],
    ["-1+1", "'-1+1"],
    ["@SUM(1)", "'@SUM(1)"],
    ["＝1+1", "'＝1+1"],
    [" =1", "' =1"],
    ["\u00A0=1", "'\u00A0=1"],
    ['"=1', `"'""=1"`],
    ["'=1", "''=1"],
    ["-", "'-"],
    ["=1,2", `"'=1,2"`],
  ])("%j is no formula", (text, cell) => {
    expect(cellOf(text)).toBe(cell);
  });

  test.each(["-5", "-0.5", "-1e-7", "a=b", "s3:Get*", "arn:aws:iam::123456789012:role/x@y", "x -1"])(
    "%j is as it is",
    (text) => {
      expect(cellOf(text)).toBe(text);
    },
  );

  test("numbers stay numbers, and nothing is nothing", () => {
    expect(printed("SELECT -5 AS a, -0.5 AS b, -9007199254740993 AS c, NULL AS d", "--format", "csv")).toBe(
      "a,b,c,d\n-5,-0.5,-9007199254740993,\n",
    );
  });

  test("a column's name is a cell too", () => {
    expect(printed('SELECT 1 AS "=1+1"', "--format", "csv")).toBe("'=1+1\n1\n");
  });

  test("control characters are seen, and a row is a line", () => {
    expect(cellOf("\t=1")).toBe("\\u0009=1");
    expect(cellOf("\r\n=1")).toBe("\\u000D\\u000A=1");
    expect(cellOf("\u001B[2J\u202Ex")).toBe("\\u001B[2J\\u202Ex");
  });

  test("--raw leaves texts as they are", () => {
    expect(cellOf("=1", "--raw")).toBe("=1");
    expect(cellOf("a\u001B\n b", "--raw")).toBe('"a\u001B\n b"');
    const { code, err } = leastwise("query", "--db", db, "--sql", "SELECT 1", "--raw", "--format", "json");
    expect(code).toBe(2);
    expect(err).toMatch(/--raw goes with --format csv/);
  });
});

describe("JSON keeps what SQLite has", () => {
  test.each(["json", "jsonl"])("%s: every kind of value", (format) => {
    const out = printed(
      "SELECT 9007199254740993 AS big, -5 AS i, 0.1 AS r, 9e999 AS inf, -9e999 AS ninf, x'00ff' AS b, NULL AS n, 'ü\u2028' AS t",
      "--format",
      format,
    );
    const text = format === "json" ? out.slice(2, -3) : out;
    expect(text.trimEnd()).toBe(
      '{"big":"9007199254740993","i":-5,"r":0.1,"inf":1e999,"ninf":-1e999,"b":"00ff","n":null,"t":"ü\\u2028"}',
    );
    expect(JSON.parse(text)).toMatchObject({ inf: Infinity, ninf: -Infinity });
  });

  test("columns of one name, and those with a number already", () => {
    expect(printed("SELECT 1 AS a, 2 AS a, 3 AS a_2, 4 AS a", "--format", "jsonl")).toBe(
      '{"a":1,"a_3":2,"a_2":3,"a_4":4}\n',
    );
  });

  test("names that JavaScript makes something of", () => {
    expect(printed(`SELECT 1 AS "2", 2 AS "1", 3 AS "__proto__", 4 AS "a""\u001Bb"`, "--format", "jsonl")).toBe(
      '{"2":1,"1":2,"__proto__":3,"a\\"\\u001bb":4}\n',
    );
  });
});

/** A query on a terminal of so many columns, which `script` makes. */
function onTerminal(columns: number, ...args: readonly string[]): readonly string[] {
  const command = [process.execPath, MAIN, "query", "--db", db, ...args]
    .map((part) => `'${part.replaceAll("'", "'\\''")}'`)
    .join(" ");
  const { stdout } = spawnSync("script", ["-qec", `stty cols ${columns}; ${command}`, "/dev/null"], {
    env: { ...CLEAN, TERM: "xterm" },
    encoding: "utf8",
  });
  return stdout.replaceAll("\r", "").trimEnd().split("\n");
}

describe.skipIf(spawnSync("script", ["--version"]).status !== 0)(
  "a table on a terminal of 80 columns (SKIPPED WITHOUT util-linux `script`)",
  () => {
    test.each(["refused", "by-account", "overview", "escalation", "largest-reductions"])(
      "%s: no line is wider",
      (question) => {
        const lines = onTerminal(80, question);
        expect(lines.length).toBeGreaterThan(1);
        expect(lines.filter((line) => line.length > 80)).toEqual([]);
      },
    );

    test("long names of columns are broken before a value is cut", () => {
      expect(onTerminal(80, "by-account", "--limit", "1").slice(0, 4)).toEqual([
        "account       principals  attachments     to_  actions_  actions_  percent_",
        "                                       change    before     after   removed",
        "────────────  ──────────  ───────────  ──────  ────────  ────────  ────────",
        "444455556666           4            5       5    22,122    20,735       6.3",
      ]);
    });

    test("an ARN is cut down to its account and on, a name in its middle, and it is said", () => {
      const lines = onTerminal(70, "escalation", "--limit", "1");
      expect(lines).toContain("values are cut; --format records shows them whole");
      expect(onTerminal(80, "--sql", `SELECT '${"a".repeat(50)}' AS a, '${"b".repeat(50)}' AS b`)).toContain(
        `${"a".repeat(15)}…${"a".repeat(23)}  ${"b".repeat(15)}…${"b".repeat(23)}`,
      );
      expect(onTerminal(80, "to-detach", "--limit", "1")[2]).toMatch(/^…\d{12}:user\/sam\.sandbox {2}/);
    });

    test("what would be cut beyond recognition is a record", () => {
      const lines = onTerminal(80, "refused", "--limit", "1");
      expect(lines.slice(0, 7)).toEqual([
        "severity  error",
        "code      missing-policy-document",
        "path      arn:aws:iam::555566667777:role/service-role/integration-tests",
        "pointer   arn:aws:iam::aws:policy/AWSCodeBuildDeveloperAccess",
        "message   the attached policy `AWSCodeBuildDeveloperAccess` is in no export, so",
        "          it was not refined",
        "hint      export with the filter AWSManagedPolicy as well",
      ]);
    });

    test("a word without blanks is broken, and nothing of it is lost", () => {
      const sql = `SELECT '${"0123456789".repeat(20)}' AS long, ${Array.from({ length: 9 }, (_, i) => `'${"x".repeat(30)}' AS c${i}`).join(", ")}`;
      const lines = onTerminal(80, "--sql", sql);
      expect(lines.filter((line) => line.length > 80)).toEqual([]);
      expect(
        lines
          .slice(0, 3)
          .map((line) => line.slice(6))
          .join(""),
      ).toBe("0123456789".repeat(20));
    });
  },
);

test("a table longer than the rows that make its layout goes on, and cuts nothing when it is piped", () => {
  const sql =
    "WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 1200) SELECT i, CASE i WHEN 1100 THEN 'longer than the others' ELSE 'x' END AS t FROM n";
  const lines = printed(sql, "--limit", "0").trimEnd().split("\n");
  expect(lines).toHaveLength(2 + 1200);
  expect(lines[2 + 1099]).toBe("1,100  longer than the others");
  expect(lines[1]).toBe("─────  ─");
});
