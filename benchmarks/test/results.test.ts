import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { FIGURES, type Figure, type Results } from "../src/measure/figures.ts";
import { markdownTable, stagesTable, suiteTable } from "../src/measure/tables.ts";
import { managedUnits, organizationUnits } from "../src/suites/core-units.ts";
import { jobSample } from "../src/suites/job.ts";
import { SUITES } from "../src/suites/suites.ts";
import { temporaryFolder } from "./folder.ts";
import { caseOfSize, spread } from "./samples.ts";

const folder = temporaryFolder();
const BENCH = fileURLToPath(new URL("../dist/bench.js", import.meta.url));

function bench(...args: readonly string[]): {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
} {
  const { status, stdout, stderr } = spawnSync(process.execPath, [BENCH, ...args], { encoding: "utf8" });
  return { code: status, out: stdout, err: stderr };
}

describe("what a run of the benchmark writes", () => {
  const file = join(folder, "figures.json");
  const ended = bench("--quick", "--suite", "startup", "--rounds", "2", "--seed", "7", "--out", file);

  test("is where, when and what was measured, and every figure with its spread", () => {
    expect(ended.code, `said ${ended.err}`).toBe(0);
    const results = JSON.parse(readFileSync(file, "utf8")) as Results;
    expect(results).toMatchObject({
      schema: 1,
      date: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as unknown,
      commit: expect.stringMatching(/^([0-9a-f]{12}\+?|unknown)$/) as unknown,
      seed: 7,
      quick: true,
      machine: {
        cpu: expect.any(String) as unknown,
        cores: expect.any(Number) as unknown,
        memoryMb: expect.any(Number) as unknown,
        platform: expect.stringContaining(process.arch) as unknown,
        node: process.version,
      },
    });
    expect(results.suites.map(({ name, cases }) => [name, cases.map((one) => [one.name, one.rounds])])).toEqual([
      [
        "startup",
        [
          ["leastwise --version", 2],
          ["leastwise refine --help", 2],
        ],
      ],
    ]);
    for (const { figures } of results.suites[0]?.cases ?? []) {
      const { median, min, max } = figures.milliseconds ?? { median: 0, min: 0, max: 0 };
      expect(min).toBeGreaterThan(0);
      expect([min, median, max]).toEqual([min, median, max].toSorted((a, b) => a - b));
    }
  });

  test("is a table on stdout too, and talk stays on stderr", () => {
    expect(ended.out).toContain("| leastwise --version ");
    expect(ended.out).toContain("seed 7");
    expect(ended.out).not.toContain("round 1 of 2");
    expect(ended.err).toContain("startup: leastwise --version, round 2 of 2");
    expect(ended.err).toContain(file);
  });

  test.each([
    ["an unknown suite", ["--suite", "speed"]],
    ["a seed that is no number", ["--suite", "startup", "--seed", "x"]],
    ["no rounds", ["--suite", "startup", "--rounds", "0"]],
  ])("with %s is nothing, and the usage names every suite", (_, args) => {
    const { code, out, err } = bench(...args);
    expect([code, out]).toEqual([2, ""]);
    for (const { name } of SUITES) expect(err).toContain(name);
  });
});

describe("a round of the main job", () => {
  const ours = {
    seconds: 10,
    cpuSeconds: 15,
    peakMb: 300,
    out: "",
    unitsComputed: 700,
    stages: [{ stage: "reading", seconds: 4, cpuSeconds: 6 }],
  };
  test("is beside the floor of the same round, by the clock and of the processor", () => {
    const { figures } = jobSample(ours, { seconds: 4, cpuSeconds: 3 }, 1000, BENCH);
    expect(figures).toMatchObject({
      ratio: 2.5,
      cpuRatio: 5,
      perSecond: 100,
      cpuMicros: 15_000,
      units: 700,
      peakMb: 300,
    });
    expect(figures.databaseMb).toBeGreaterThan(0);
  });
});

describe("tables", () => {
  test("are aligned as Prettier does it", () => {
    expect(
      markdownTable(
        ["", "s"],
        [
          ["a longer name", "1.00"],
          ["b", "10.25"],
        ],
      ),
    ).toBe(
      [
        "|               |     s |",
        "| ------------- | ----: |",
        "| a longer name |  1.00 |",
        "| b             | 10.25 |",
      ].join("\n"),
    );
  });

  test("give medians, and the spread of times where there is one; columns without any figure are left out", () => {
    const suite = {
      name: "size",
      title: "By size",
      cases: [
        {
          ...caseOfSize(100),
          figures: { seconds: spread(1, 0.9, 1.25), peakMb: spread(99.6), perSecond: spread(12_345) },
        },
        { ...caseOfSize(1000), figures: { seconds: spread(2), peakMb: spread(100) } },
      ],
    };
    const table = suiteTable(suite, ["seconds", "perSecond", "ratio", "peakMb"]).split("\n");
    expect(table[0]).toMatch(/^\| +\| +s \| +per s \| peak MiB \|$/);
    expect(table[2]).toMatch(/^\| 100 attachments +\| 1\.00 \(0\.90–1\.25\) \| 12,345 \| +100 \|$/);
    expect(table[3]).toMatch(/^\| 1,000 attachments \| +2\.00 \| +\| +100 \|$/);
  });

  test("of stages give shares that come to all of it", () => {
    const table = stagesTable([caseOfSize(100)]).split("\n");
    expect(table[0]).toMatch(/reading \| +CPU \| refining \| +CPU/);
    expect(table[2]).toMatch(/\| +25 % \| +10 % \| +75 % \| +90 % \|$/);
  });
});

describe("suites", () => {
  test("have names of their own, rounds, and columns that there are titles for", () => {
    expect(new Set(SUITES.map(({ name }) => name)).size).toBe(SUITES.length);
    for (const { name, columns, rounds } of SUITES) {
      expect(Math.min(rounds.quick, rounds.full), `of ${name}`).toBeGreaterThan(0);
      for (const column of columns satisfies readonly Figure[])
        expect(FIGURES[column].title, `of ${name}`).not.toBe("");
    }
  });

  test("of the core ask every AWS managed policy, and what the roles of an account ask, each question once", () => {
    const [managed, account] = [managedUnits(1), organizationUnits(1)];
    expect(managed).toHaveLength(1594);
    expect(managedUnits(1)).toEqual(managed);
    expect(managedUnits(2)).not.toEqual(managed);
    expect(account.length).toBeGreaterThan(1200);
    expect(new Set(account.map((unit) => JSON.stringify(unit))).size).toBe(account.length);
    const asking = managed.filter(({ unused }) => unused.length > 100);
    expect(asking.length).toBeGreaterThan(500);
  });
});
