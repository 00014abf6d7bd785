import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  CLEAN,
  DEMO,
  MAIN,
  accountWith,
  allowing,
  leastwise,
  leastwiseIn,
  refined,
  temporaryFolder,
  write,
} from "./leastwise.ts";

const folder = temporaryFolder();
const db = refined(folder, "org.db", DEMO);
const MY_ROLE = "arn:aws:iam::123456789012:role/MyRole";

/** What can move a terminal's cursor, colour it or hide text: control characters of both kinds, line feeds apart. */
// eslint-disable-next-line no-control-regex -- finding control characters is what this is for
const CONTROL = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;

const COMMANDS: readonly (readonly string[])[] = [
  ["refine", DEMO, "--db", join(folder, "again.db")],
  ["query", "by-account", "--db", db],
  ["show", MY_ROLE, "--db", db],
  ["export", "--format", "diff", "--db", db],
  ["catalog", "info"],
  ["--help"],
  ["show", "nobody", "--db", db],
];

describe("piped output", () => {
  test.each(COMMANDS)("of `%s` has no escape codes", (...args) => {
    const { out, err } = leastwise(...args);
    expect(out + err).not.toBe("");
    expect(out + err).not.toMatch(CONTROL);
  });

  test.each([{ FORCE_COLOR: "1" }, { CI: "true" }, { NO_COLOR: "1" }, { TERM: "xterm-256color" }])(
    "neither with %o",
    (env) => {
      const { out, err } = leastwiseIn({ env }, "show", MY_ROLE, "--db", db);
      expect(out + err).not.toMatch(CONTROL);
    },
  );
});

/** Runs a command on a terminal, which `script` makes. */
function onTerminal(env: Readonly<Record<string, string>>, ...args: readonly string[]): string {
  const command = [process.execPath, MAIN, ...args].map((part) => `'${part}'`).join(" ");
  const { stdout } = spawnSync("script", ["-qec", command, "/dev/null"], {
    env: { ...CLEAN, TERM: "xterm", ...env },
    encoding: "utf8",
  });
  return stdout;
}

describe.skipIf(spawnSync("script", ["--version"]).status !== 0)(
  "on a terminal (SKIPPED WITHOUT util-linux `script`)",
  () => {
    test("there are colours", () => {
      expect(onTerminal({}, "show", MY_ROLE, "--db", db)).toContain("\u001B[");
    });

    test.each([{ NO_COLOR: "1" }, { TERM: "dumb" }])("but not with %o", (env) => {
      const text = onTerminal(env, "show", MY_ROLE, "--db", db);
      expect(text).toContain("MyRolePolicy");
      expect(text).not.toContain("\u001B[");
    });
  },
);

describe("data goes to stdout, talk to stderr", () => {
  test("a table that is cut says so on stderr", () => {
    const { out, err } = leastwise("query", "escalation", "--db", db, "--limit", "2");
    expect(out.trimEnd().split("\n")).toHaveLength(4);
    expect(err).toMatch(/^the first 2 rows; /);
  });

  test("--quiet leaves stderr empty, and --json leaves nothing but JSON on stdout", () => {
    const { out, err } = leastwise("refine", DEMO, "--db", join(folder, "quiet.db"), "--json", "--quiet");
    expect(err).toBe("");
    expect(Object.keys(JSON.parse(out) as object)).toContain("summary");
  });
});

describe("a reader that has seen enough", () => {
  test.each([
    `export --format jsonl --db ${db}`,
    `export --format diff --db ${db}`,
    `query --db ${db} --format csv --sql 'SELECT a.action, b.action FROM actions a, actions b LIMIT 200000'`,
  ])("%s | head -1", (command) => {
    const shell = `'${process.execPath}' '${MAIN}' ${command} | head -1; echo "\${PIPESTATUS[0]}"`;
    const { stdout, stderr } = spawnSync("bash", ["-c", shell], { env: CLEAN, encoding: "utf8" });
    const lines = stdout.trimEnd().split("\n");
    expect(stderr).toBe("");
    expect(lines).toHaveLength(2);
    expect(lines[1]).toBe("0");
  });
});

describe("hostile names", () => {
  const escape = "\u001B[2J\u001B]0;owned\u0007";
  const name = `x${escape}"quoted'\n\u009B31mred\u202Egnp.exe`;
  const Sid = `sid ${name}`;
  const hostile = {
    Version: "2012-10-17",
    Statement: [
      {
        Sid,
        Effect: "Allow",
        Action: ["s3:GetObject", "s3:PutObject", `s3:Get${name}`],
        Resource: `arn:aws:s3:::${name}`,
      },
    ],
  };
  const arn = "arn:aws:iam::123456789012:role/web";
  const place = join(folder, "hostile");
  mkdirSync(place);
  write(
    place,
    "account.json",
    accountWith("123456789012", { web: { [name]: hostile, plain: allowing("s3:GetObject") } }),
  );
  write(place, "unused.json", { arn, unused: [{ serviceNamespace: "s3", actions: ["PutObject"] }] });
  write(place, `bad ${escape}.json`, { [name]: 1 });
  const hostileDb = join(folder, "hostile.db");
  const summary = leastwise("refine", place, "--db", hostileDb);

  test("are in the database", () => {
    const { out } = leastwise(
      "query",
      "--db",
      hostileDb,
      "--sql",
      "SELECT policy_name FROM recommendations",
      "--format",
      "json",
    );
    expect((JSON.parse(out) as { policy_name: string }[]).map(({ policy_name }) => policy_name)).toContain(name);
  });

  test("do not reach the terminal raw from the summary", () => {
    expect(summary.out).toContain("\\u001B");
    expect(summary.out + summary.err).not.toMatch(CONTROL);
  });

  test.each([["largest-reductions"], ["refused"], ["wildcards-left"]])("nor from the table of %s", (question) => {
    const { out, err } = leastwise("query", question, "--db", hostileDb);
    expect(out + err).not.toMatch(CONTROL);
  });

  test("nor from a column's name", () => {
    const { out, err } = leastwise("query", "--db", hostileDb, "--sql", 'SELECT 1 AS "a\u001B[2Jb"');
    expect(out + err).not.toMatch(CONTROL);
  });

  test("nor from show, its diff included", () => {
    const { code, out, err } = leastwise("show", arn, "--db", hostileDb);
    expect(code).toBe(0);
    expect(out).toContain("s3:PutObject");
    expect(out + err).not.toMatch(CONTROL);
  });

  test("nor from the text of one policy", () => {
    const policy = write(folder, "hostile-policy.json", hostile);
    const unused = write(folder, "hostile-unused.json", [{ serviceNamespace: "s3", actions: ["PutObject"] }]);
    const { code, out, err } = leastwise("policy", policy, "--unused", unused);
    expect(code).toBe(0);
    expect(out + err).not.toMatch(CONTROL);
  });

  test("nor from a message about them", () => {
    const { err } = leastwise("show", `arn:${escape}`, "--db", hostileDb);
    expect(err).not.toMatch(CONTROL);
  });

  test("and cannot leave their folder in a patch", () => {
    const traversal = write(
      folder,
      "up/account.json",
      accountWith("123456789012", { web: { "../../../etc/passwd": allowing("s3:GetObject", "s3:PutObject") } }),
    );
    const up = refined(folder, "up.db", traversal, join(place, "unused.json"));
    const { out } = leastwise("export", "--db", up, "--format", "diff");
    expect(out).toMatch(/^--- a\/123456789012\/role\/web\/[^/\n]+$/m);
  });
});
