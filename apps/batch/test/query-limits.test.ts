import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { CLEAN, DEMO, MAIN, jsonLines, leastwise, refined, temporaryFolder, write } from "./leastwise.ts";

const folder = temporaryFolder();
const db = refined(folder, "org.db", DEMO);

const COUNT = "WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n)";
const ENDLESS = `${COUNT} SELECT count(*) FROM n`;
/** A row at once, and none after it. */
const STUCK = `${COUNT} SELECT CASE WHEN i > 1 THEN (${ENDLESS}) ELSE i END AS i FROM n`;

function asked(sql: string, ...more: readonly string[]): ReturnType<typeof leastwise> {
  return leastwise("query", "--db", db, "--sql", sql, ...more);
}

describe("a limit ends a query, says which and how to raise it, and the exit code is 3", () => {
  test.each([
    ["time", [ENDLESS, "--timeout", "1"], "it took more than 1 s; nothing was printed\n--timeout SECONDS"],
    [
      "memory",
      ["SELECT length(hex(zeroblob(200000000)))", "--max-memory", "128"],
      "it needed more than 128 MB of memory; nothing was printed\nask for fewer rows or columns",
    ],
    [
      "bytes",
      [`${COUNT} SELECT i FROM n`, "--max-bytes", "5", "--format", "csv"],
      "its answer has more than 5 bytes; only the first row was printed\n",
    ],
    [
      "one row",
      ["SELECT hex(zeroblob(9000000))", "--max-memory", "0"],
      "a row of its answer has more than 16,777,216 characters; nothing was printed\ntake a part",
    ],
  ])("%s", (_what, [sql = "", ...more], message) => {
    const { code, err } = asked(sql, ...more);
    expect(err).toContain(`leastwise: the query was stopped: ${message}`);
    expect(code).toBe(3);
  });

  test("and what was printed is whole in its form", () => {
    const bytes = ["--max-bytes", "100", "--timeout", "3000"]; // which must not keep the program alive
    const sql = `${COUNT} SELECT i FROM n`;
    const json = JSON.parse(asked(sql, "--format", "json", ...bytes).out) as unknown[];
    expect(json.slice(0, 2)).toEqual([{ i: 1 }, { i: 2 }]);
    const lines = asked(sql, "--format", "jsonl", ...bytes).out;
    expect(lines.length).toBeLessThanOrEqual(100);
    expect(jsonLines(lines).length).toBeGreaterThan(5);
    expect(asked(sql, "--format", "csv", ...bytes).out).toMatch(/^i\n(?:\d+\n)+$/);
    expect(asked(sql, "--format", "json", "--max-bytes", "1").out).toBe("[]\n");
  });

  test("also when a value further down cannot be computed", () => {
    const sql = `${COUNT} SELECT CASE i WHEN 3 THEN abs(-9223372036854775808) ELSE i END AS i FROM n`;
    const { code, out, err } = asked(sql, "--format", "json");
    expect(err).toMatch(/^leastwise: bad-sql: .*integer overflow/);
    expect({ code, rows: JSON.parse(out) as unknown }).toEqual({ code: 2, rows: [{ i: 1 }, { i: 2 }] });
  });

  test("what was found before the time was over is printed", () => {
    expect(asked(STUCK, "--timeout", "4", "--format", "json").out).toBe('[\n{"i":1}\n]\n');
    const { code, out, err } = asked(STUCK, "--timeout", "4");
    expect({ code, out }).toEqual({ code: 3, out: "i\n─\n1\n" });
    expect(err).toContain("it took more than 4 s; only the first row was printed");
  });

  test("a table of long texts is not held in memory as a whole, and what was found is printed", () => {
    const long = `${COUNT} SELECT hex(zeroblob(1000000)) AS z FROM n`;
    const { code, out, err } = asked(long, "--limit", "0", "--max-bytes", "15000000"); // the line under the name has 3 a character
    expect({ code, lines: out.split("\n").length - 1 }).toEqual({ code: 3, lines: 6 });
    expect(err).toContain("its answer has more than 15,000,000 bytes");
  });

  test("a damaged file is no mistake in the question", () => {
    const bytes = readFileSync(db);
    const damaged = write(folder, "damaged.db", bytes.fill(0x5a, bytes.length / 2));
    const everything = "SELECT sum(length(text)) FROM document UNION ALL SELECT sum(length(action)) FROM action";
    const { code, err } = leastwise("query", "--db", damaged, "--sql", everything);
    expect(err).toMatch(/^leastwise: the database cannot be used: .*malformed/);
    expect(code).toBe(4);
  });

  test("rows that nobody asked for are not waited for", () => {
    const { code, out } = asked(`${COUNT} SELECT i FROM n`, "--limit", "2");
    expect({ code, out }).toEqual({ code: 0, out: "i\n─\n1\n2\n" });
  });
});

describe("which limits there are", () => {
  test("a question with a name has those that it is told", () => {
    const all = leastwise("query", "by-account", "--db", db, "--format", "csv");
    const apart = leastwise("query", "by-account", "--db", db, "--format", "csv", "--timeout", "40");
    expect(apart).toEqual(all);
    const first = leastwise("query", "who-can", "iam:PassRole", "--db", db, "--format", "csv", "--max-memory", "256");
    expect(first.out.split("\n")).toHaveLength(1 + 3 + 1);
    expect(leastwise("query", "by-account", "--db", db, "--max-bytes", "10")).toMatchObject({ code: 3, out: "" });
  });

  test.each([
    ["--timeout", "-1"],
    ["--timeout", "1.5"],
    ["--max-memory", "64"],
    ["--max-bytes", "1 GB"],
  ])("%s %s is wrong usage", (option, value) => {
    expect(asked("SELECT 1", option, value)).toMatchObject({ code: 2, out: "" });
  });

  test("a row of many megabytes that is within them arrives whole", () => {
    const { code, out } = asked("SELECT hex(zeroblob(4000000)) AS t, 1 AS n", "--format", "csv");
    expect({ code, length: out.length, end: out.slice(-4) }).toEqual({
      code: 0,
      length: 4 + 8_000_000 + 3,
      end: "0,1\n",
    });
  });
});

/** The processes that a process has started. */
function childrenOf(pid: number): readonly number[] {
  const { stdout } = spawnSync("pgrep", ["-P", String(pid)], { encoding: "utf8" });
  return stdout.split("\n").filter(Boolean).map(Number);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20));
}

describe("the process that answers", () => {
  test.each(["SIGINT", "SIGTERM", "SIGKILL"] as const)("is gone after %s to the one that asks", async (signal) => {
    const asking = spawn(process.execPath, [MAIN, "query", "--db", db, "--sql", ENDLESS], { env: CLEAN });
    const pid = asking.pid!; // it was started
    await until(() => childrenOf(pid).length === 1);
    const [answering = 0] = childrenOf(pid);
    expect(isAlive(answering)).toBe(true);
    asking.kill(signal);
    expect(await once(asking, "exit")).toEqual([null, signal]);
    await until(() => !isAlive(answering));
    expect(isAlive(answering)).toBe(false);
  });

  test("may be ended by somebody else, and that is no bug", async () => {
    const asking = spawn(process.execPath, [MAIN, "query", "--db", db, "--sql", ENDLESS], { env: CLEAN });
    let err = "";
    asking.stderr.on("data", (text: Buffer) => (err += text.toString()));
    const pid = asking.pid!; // it was started
    await until(() => childrenOf(pid).length === 1);
    process.kill(childrenOf(pid)[0]!, "SIGKILL"); // there is one
    expect(await once(asking, "close")).toEqual([4, null]);
    expect(err).toContain("the process that answers was ended by SIGKILL");
  });

  test("does not load what NODE_OPTIONS has the one that asks load", () => {
    const log = join(folder, "loaded.log");
    const spy = write(folder, "spy.cjs", `require("node:fs").appendFileSync(${JSON.stringify(log)}, "loaded\\n")`);
    const { status, stdout } = spawnSync(process.execPath, [MAIN, "query", "--db", db, "--sql", "SELECT 1"], {
      env: { ...CLEAN, NODE_OPTIONS: `--require ${spy}` },
      encoding: "utf8",
    });
    expect({ status, stdout }).toEqual({ status: 0, stdout: "1\n─\n1\n" });
    expect(readFileSync(log, "utf8")).toBe("loaded\n");
  });

  test.each([
    ["csv", "head -2", ["i", "1", "0"]],
    ["jsonl", "head -1", ['{"i":1}', "0"]],
    ["json", "head -1", ["[", "0"]],
  ])("ends with a reader that has seen enough: %s | %s", (format, reader, lines) => {
    const command = `'${process.execPath}' '${MAIN}' query --db '${db}' --format ${format} --sql '${COUNT} SELECT i FROM n'`;
    const { stdout, stderr } = spawnSync("bash", ["-c", `${command} | ${reader}; echo "\${PIPESTATUS[0]}"`], {
      env: CLEAN,
      encoding: "utf8",
    });
    expect({ stderr, lines: stdout.trimEnd().split("\n") }).toEqual({ stderr: "", lines });
  });

  // 300,000 rows, since the pipes on the way hold more than 100,000
  test("is not blamed for a reader that takes its time", () => {
    const command = `'${process.execPath}' '${MAIN}' query --db '${db}' --format csv --timeout 12 --limit 300000 --sql '${COUNT} SELECT i FROM n'`;
    const { stdout, stderr } = spawnSync("bash", ["-c", `${command} | (sleep 14; wc -l)`], {
      env: CLEAN,
      encoding: "utf8",
    });
    expect({ stderr, lines: Number(stdout) }).toEqual({ stderr: "", lines: 300_001 });
  });
});
