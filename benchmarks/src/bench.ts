/**
 * `npm run bench -- [--quick] [--suite NAME…] [--rounds N] [--seed 1] [--out FILE]`: measures the program beside the floor, prints
 * tables in markdown, and writes all figures as JSON, by default into `benchmarks/results/`.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { Results, SuiteResult } from "./measure/figures.ts";
import { commitOf, thisMachine } from "./measure/machine.ts";
import { runSuite } from "./measure/runner.ts";
import { sourceLine, stagesTable, suiteTable } from "./measure/tables.ts";
import type { Suite } from "./suites/suite.ts";
import { SUITES } from "./suites/suites.ts";
import { Workshop } from "./suites/workshop.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

const { values } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    suite: { type: "string", multiple: true, default: [] },
    rounds: { type: "string" },
    seed: { type: "string", default: "1" },
    out: { type: "string" },
  },
});
const chosen = values.suite.length === 0 ? SUITES : SUITES.filter(({ name }) => values.suite.includes(name));
const unknown = values.suite.find((name) => SUITES.every((suite) => suite.name !== name));
if (unknown !== undefined || !Number.isInteger(Number(values.seed)) || !(Number(values.rounds ?? 1) >= 1)) {
  const names = SUITES.map(({ name }) => name).join(", ");
  console.error(`usage: bench [--quick] [--suite NAME…] [--rounds N] [--seed N] [--out FILE]\nsuites: ${names}`);
  process.exitCode = 2;
} else {
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(130));
  await bench();
}

async function bench(): Promise<void> {
  const start = new Date().toISOString();
  const suites: SuiteResult[] = [];
  const results = (): Results => ({
    schema: 1,
    date: start,
    commit: commitOf(ROOT),
    seed: Number(values.seed),
    quick: values.quick,
    machine: thisMachine(),
    suites,
  });
  const name = `${start.slice(0, 19).replaceAll(":", "")}${values.quick ? "-quick" : ""}.json`;
  const out = values.out ?? join(ROOT, "benchmarks", "results", name);
  mkdirSync(dirname(out), { recursive: true });
  console.log(sourceLine(results()));
  for (const suite of chosen) {
    const result = await measured(suite);
    suites.push(result);
    writeFileSync(out, `${JSON.stringify(results(), null, 2)}\n`); // after each suite: a long run may be cut short
    console.log(`\n## ${result.title}\n\n${suiteTable(result, suite.columns)}`);
    const staged = result.cases.filter(({ stages }) => stages.length > 0);
    if (staged.length > 0) console.log(`\n${stagesTable(staged)}`);
  }
  console.error(`figures in ${out}`);
}

async function measured(suite: Suite): Promise<SuiteResult> {
  const { quick } = values;
  const workshop = new Workshop(Number(values.seed), quick, tell);
  const close = (): void => workshop.close();
  process.once("exit", close); // an interrupted run leaves no gigabytes behind
  try {
    const rounds = Number(values.rounds ?? (quick ? suite.rounds.quick : suite.rounds.full));
    return await runSuite(suite, await suite.cases(workshop), rounds, tell);
  } finally {
    process.off("exit", close);
    close();
  }
}

function tell(text: string): void {
  console.error(`${new Date().toISOString().slice(11, 19)} ${text}`);
}
