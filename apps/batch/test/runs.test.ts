/** Several runs in one database: the list of them, what they take over from each other, and forgetting one. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { lockFor } from "@leastwise/store";
import { beforeAll, describe, expect, test } from "vitest";
import { accountWith, allowing, exported, jsonLines, leastwise, refined, temporaryFolder, write } from "./leastwise.ts";
import { ACCOUNT, arnOf, finding } from "./samples.ts";

const folder = temporaryFolder();
const NAMES = ["one", "two", "three"];
const CATALOG = write(folder, "catalog.json", { s3: ["GetObject", "GetObjectAcl", "PutObject"], sqs: ["SendMessage"] });
const OTHER = write(folder, "other.json", { s3: ["GetObject", "GetObjectAcl", "PutObject"], sqs: [] });

/** An organization of three roles, one of which does not use this. */
function exports(name: string, unused: string): string {
  const roles = Object.fromEntries(
    NAMES.map((role, i) => [role, { own: allowing("s3:*", `sqs:Send${"?".repeat(i)}*`) }]),
  );
  write(folder, `${name}/account.json`, accountWith(ACCOUNT, roles));
  const findings = NAMES.map((role, i) => finding(arnOf("role", role), { s3: [i === 0 ? unused : "PutObject"] }));
  write(folder, `${name}/findings.json`, findings);
  return join(folder, name);
}

const first = exports("first", "PutObject");
const changed = exports("changed", "GetObject");
const db = join(folder, "runs.db");
const catalog = ["--catalog", CATALOG];

/** The summaries of one run after the other, as JSON. */
let summaries: readonly Readonly<Record<string, unknown>>[] = [];
let texts: readonly string[] = [];

beforeAll(() => {
  const jobs = [
    [first, ...catalog],
    [first, ...catalog],
    [changed, ...catalog],
    [first, "--catalog", OTHER],
    [first, ...catalog, "--granularity", "exact"],
  ];
  summaries = jobs.map((job) => JSON.parse(leastwise("refine", ...job, "--db", db, "--quiet", "--json").out) as never); // one object
  const again = join(folder, "text.db");
  texts = [0, 1].map(() => leastwise("refine", first, ...catalog, "--db", again, "--quiet").out);
});

describe("answers taken over", () => {
  test.each([
    ["the first run", 0, 3, 0],
    ["the same data", 1, 0, 3],
    ["one changed finding", 2, 1, 2],
    ["another catalog", 3, 3, 0],
    ["other options", 4, 3, 0],
  ])("%s", (_, run, unitsComputed, unitsReused) => {
    expect(summaries[run]).toMatchObject({ runId: run + 1, unitsComputed, unitsReused });
  });

  test("the text says how many, and nothing of none", () => {
    expect(texts[0]).toContain("units  3 computed of 3 asked, each verified\n");
    expect(texts[1]).toContain(
      "units  0 computed of 3 asked, each verified; 3 taken over unchanged from earlier runs\n",
    );
  });
});

describe("the list of runs", () => {
  test("a line each, the newest last", () => {
    const { out, err, code } = leastwise("runs", "--db", db);
    expect({ err, code }).toEqual({ err: "", code: 0 });
    const [head, , ...rows] = out.trimEnd().split("\n");
    expect(head).toMatch(/^run +finished +catalog +policies +before +after +change +reused$/);
    expect(rows.map((row) => row.trim().split(/ +/)[0])).toEqual(["1", "2", "3", "4", "5"]);
    expect(rows[2]).toMatch(/ 3 +12 +9 +3 +2$/);
  });

  test("as JSON, with all that the view has", () => {
    const runs = jsonLines(leastwise("runs", "--db", db, "--json").out);
    expect(runs).toHaveLength(5);
    expect(runs[1]).toMatchObject({
      run_id: 2,
      state: "done",
      accounts: 1,
      principals: 3,
      attachments: 3,
      actions_before: 12,
      actions_after: 9,
      to_change: 3,
      units_asked: 3,
      units_reused: 3,
      inputs: 2,
    });
  });
});

describe("forgetting", () => {
  const path = join(folder, "forget.db");
  beforeAll(() => {
    for (const input of [first, changed]) refined(folder, "forget.db", input, ...catalog);
  });

  test("not while somebody writes", () => {
    const lock = lockFor(path);
    const { code, err } = leastwise("runs", "--db", path, "--forget", "1");
    lock.release();
    expect(code).toBe(4);
    expect(err).toContain("locked");
    expect(jsonLines(leastwise("runs", "--db", path, "--json").out)).toHaveLength(2);
  });

  test.each(["7", "x", ""])("not `%s`, which is no run", (name) => {
    expect(leastwise("runs", "--db", path, "--forget", name)).toMatchObject({ code: 2, out: "" });
  });

  test("the other run is what it was, and verifies; the last one stays", () => {
    const before = exported(path);
    const { code, out, err } = leastwise("runs", "--db", path, "--forget", "previous");
    expect({ code, err }).toEqual({
      code: 0,
      err: "forgot run 1; the file keeps its size, and the next run uses the room\n",
    });
    expect(out).toMatch(/\n +2 /);
    expect(out).not.toMatch(/\n +1 /);
    expect(exported(path)).toBe(before);
    expect(leastwise("verify", "--db", path, "--quiet").code).toBe(0);
    const bytes = readFileSync(path);
    const last = leastwise("runs", "--db", path, "--forget", "latest");
    expect(last.code).toBe(2);
    expect(last.err).toContain("run 2 is the only one");
    expect(readFileSync(path).equals(bytes)).toBe(true); // not left in WAL mode either
    expect(exported(path)).toBe(before);
  });

  test("a database that is not there is not made", () => {
    const absent = join(folder, "absent.db");
    expect(leastwise("runs", "--db", absent, "--forget", "1").code).toBe(2);
    expect(existsSync(absent)).toBe(false);
  });
});
