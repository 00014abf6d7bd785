import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { managedDocumentCount, managedDocuments } from "../src/documents/managed.ts";
import { entriesOf, statementsOf } from "../src/laws/plainly.ts";
import { type Options, readOptions } from "../src/prove/options.ts";
import { Queue } from "../src/prove/queue.ts";
import { type Task, openBench, runTask } from "../src/prove/task.ts";
import { addTo, noTotals, summary } from "../src/prove/totals.ts";
import { PLANTED } from "./planted.ts";

const PROGRAM = fileURLToPath(new URL("../dist/prove/prove.js", import.meta.url));

describe("the program as it is built", () => {
  test("asks what it is told to, and ends with 0", () => {
    const { stdout, status } = run("--cases", "30", "--documents", "3", "--seed", "11", "--threads", "1");
    expect(stdout).toContain("the same again with --seed 11");
    expect(stdout).toMatch(/generated cases +30\n/);
    expect(stdout).toMatch(/generated cases in forms that fit +3\n/);
    expect(stdout).toMatch(/real documents +3\n/);
    expect(stdout).toMatch(/compared: engine, reference, verifier +45\n/);
    expect(stdout).toMatch(/laws decided +630\n/); // 33 cases, 2 refiners, 9 laws; 3 documents, 4 kinds of U, 3 laws
    expect(stdout).toMatch(/differences and broken laws +0\n/);
    expect(stdout).toMatch(/entry +a literal +\d+/);
    expect(status).toBe(0);
  });

  test("shows how it is used", () => {
    expect(run("--help")).toMatchObject({ status: 0, stderr: "" });
    expect(run("--help").stdout).toContain("--minutes N");
  });

  test("ends with 2 and says what is wrong where it is not understood", () => {
    const { stderr, status } = run("--minutes", "many");
    expect(stderr).toMatch(/^`--minutes many` is no number that fits\n/);
    expect(status).toBe(2);
  });
});

test("options: five minutes unless cases are counted, and nothing that is no number", () => {
  expect(readOptions([], 4)).toMatchObject({ seed: 4, time: 300_000, cases: Infinity, documents: Infinity });
  expect(readOptions(["--cases", "7"], 4)).toMatchObject({ time: Infinity, cases: 7 });
  expect(readOptions(["--cases", "7", "--minutes", "0.5", "--seed", "9"], 4)).toMatchObject({
    seed: 9,
    time: 30_000,
    cases: 7,
  });
  expect(readOptions(["--threads", "0"], 4)).toBe("`--threads 0` is no number that fits");
  expect(readOptions(["--cases", "-1"], 4)).toBeTypeOf("string");
  expect(readOptions(["--unheard", "1"], 4)).toContain("--unheard");
});

describe("the queue", () => {
  const options: Options = { seed: 5, time: 1000, cases: 250, documents: 60, threads: 2 };

  test("gives documents, then as many cases as wanted, each with a seed of its own", () => {
    const queue = new Queue(options, () => 0);
    const tasks: Task[] = [];
    for (let task = queue.next(); task !== null; task = queue.next()) tasks.push(task);
    expect(tasks).toEqual([
      { kind: "documents", seed: 5, from: 0, to: 50 },
      { kind: "documents", seed: 5, from: 50, to: 60 },
      { kind: "cases", seed: 105, count: 100 },
      { kind: "cases", seed: 205, count: 100 },
      { kind: "cases", seed: 255, count: 50 },
    ]);
  });

  test("gives cases until the time is over, counted from the first of them", () => {
    let now = 5_000;
    const queue = new Queue({ ...options, documents: 0, cases: Infinity }, () => now);
    expect(queue.next()).toMatchObject({ kind: "cases" });
    now += 999;
    expect(queue.next()).toMatchObject({ kind: "cases" });
    now += 1;
    expect(queue.next()).toBeNull();
    expect(queue.caseSeconds()).toBe(1);
  });

  test("gives nothing once it is stopped", () => {
    const queue = new Queue(options, () => 0);
    queue.stop();
    expect(queue.next()).toBeNull();
  });
});

describe("a refiner that is wrong", () => {
  const planted = PLANTED.find(({ name }) => name === "leaves out what is required after a prefix")!; // it is there
  const bench = openBench([planted]);

  test("is found on cases, counted, and a few of them shrunk", () => {
    const task: Task = { kind: "cases", seed: 1, count: 100 };
    const result = runTask(bench, task);
    expect(result.broken).toBeGreaterThan(5);
    expect(result.findings.length).toBeGreaterThan(0);
    expect(result.findings.length).toBeLessThan(result.broken);
    for (const { asked, breach } of result.findings) {
      expect(statementsOf(asked.policy)).toHaveLength(1);
      expect(breach.refiner).toBe(planted.name);
    }
    const totals = noTotals();
    addTo(totals, task, result);
    expect(summary(totals, 2, 2)).toMatch(new RegExp(`differences and broken laws +${result.broken}\n`));
  });

  test("is found on a real document, with the whole catalog and thousands of entries shrunk to a few", () => {
    const place = bench.documents.findIndex(({ name }) => name.startsWith("AmazonEC2FullAccess "));
    const star = PLANTED.find(({ name }) => name === "forgets names that the catalog lacks")!; // it is there
    const { findings, broken } = runTask(openBench([star]), { kind: "documents", seed: 1, from: place, to: place + 1 });
    expect(broken).toBe(1); // of the four kinds of U one has names that the catalog lacks
    const [{ asked }] = findings as [(typeof findings)[number]]; // one was broken
    expect(statementsOf(asked.policy).flatMap(({ Action }) => entriesOf(Action))).toHaveLength(1);
    expect(asked.catalog.length).toBeLessThanOrEqual(2);
  });
});

test("there are as many managed documents as the proof says", () => {
  expect(managedDocuments()).toHaveLength(managedDocumentCount);
});

function run(...args: string[]): { readonly stdout: string; readonly stderr: string; readonly status: number | null } {
  return spawnSync(process.execPath, [PROGRAM, ...args], { encoding: "utf8" });
}
