/** What suites measure is the program's own work: stages apart and second runs give the results of whole and fresh ones. */
import { copyFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import Database from "better-sqlite3";
import { beforeAll, describe, expect, test } from "vitest";
import { runNode } from "../src/measure/run-node.ts";
import { LOG_NORMAL, type OrganizationShape } from "../src/organization/shape.ts";
import { writeOrganization } from "../src/organization/write-organization.ts";
import { type Refined, floor, refine } from "../src/suites/job.ts";
import { temporaryFolder } from "./folder.ts";

const folder = temporaryFolder();
const STAGE = fileURLToPath(new URL("../dist/refine-stage.js", import.meta.url));
const BEFORE: OrganizationShape = { ...LOG_NORMAL, accounts: 20, meanRoles: 4, sigma: 0.5 };
const AFTER: OrganizationShape = { ...BEFORE, changed: { share: 0.1, seed: 99 } };

/** Certificates bind every answer to its inputs: equal ones, equal results. */
function certificatesOf(path: string): readonly string[] {
  const db = new Database(path, { readonly: true });
  const found = db.prepare<[], string>("SELECT certificate FROM unit WHERE state = 'done' ORDER BY 1").pluck().all();
  db.close();
  return found;
}

const exports = join(folder, "exports");
const first = join(folder, "first.db");
let whole: Refined;
beforeAll(async () => {
  await writeOrganization(exports, BEFORE);
  whole = await refine(exports, first, 1);
}, 60_000);

test("a run of the main job says how long it took, all in all and stage by stage, and how much memory", () => {
  expect(whole.unitsComputed).toBe(certificatesOf(first).length);
  expect(whole.stages.map(({ stage }) => stage)).toEqual([
    "reading",
    "planning",
    "refining",
    "fitting",
    "concluding",
    "start and end",
  ]);
  for (const key of ["seconds", "cpuSeconds"] as const) {
    const all = whole.stages.reduce((sum, stage) => sum + stage[key], 0);
    expect(all, `of ${key}`).toBeCloseTo(whole[key], 6);
  }
  expect(whole.peakMb).toBeGreaterThan(50);
});

test("a process that fails is no measurement", async () => {
  await expect(runNode(["-e", "process.exit(4)"])).rejects.toThrow("-e process.exit(4) ended with 4");
});

test("the refining stage alone, in whatever shards, answers what the whole run answers", async () => {
  const planned = join(folder, "planned.db");
  await runNode([STAGE, "plan", exports, planned]);
  expect(certificatesOf(planned)).toEqual([]);
  for (const [units, characters] of [
    [3, 10_000],
    [4096, 2_000_000],
  ]) {
    const refined = join(folder, `refined-${units}.db`);
    copyFileSync(planned, refined);
    const { out } = await runNode([STAGE, "refine", refined, String(units), String(characters), "2"]);
    expect(JSON.parse(out), `in shards of ${units}`).toMatchObject({ units: whole.unitsComputed });
    expect(certificatesOf(refined), `in shards of ${units}`).toEqual(certificatesOf(first));
  }
});

describe("a second run, after a tenth of the accounts has changed", () => {
  const second = join(folder, "second.db");
  let again: Refined;
  beforeAll(async () => {
    copyFileSync(first, second);
    await writeOrganization(exports, AFTER, "changed");
    again = await refine(exports, second, 1);
  }, 60_000);

  test("computes what has changed and nothing else", () => {
    expect(again.unitsComputed).toBeGreaterThan(0);
    expect(again.unitsComputed).toBeLessThan(whole.unitsComputed / 3);
    expect(certificatesOf(second)).toHaveLength(whole.unitsComputed + again.unitsComputed);
  });

  test("has a floor of its own, which leaves no database behind", async () => {
    const { seconds, cpuSeconds } = await floor(exports, second, "--earlier", first);
    expect(Math.min(seconds, cpuSeconds)).toBeGreaterThan(0);
    const rowsOnly = await floor(exports, second, "--earlier", first, "--rows-only");
    expect(rowsOnly.cpuSeconds).toBeGreaterThan(0);
    expect(readdirSync(folder).filter((name) => name.includes("floor"))).toEqual([]);
  });
});
