import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Connection, openForReading } from "@leastwise/store";
import { describe, expect, test } from "vitest";
import { CLEAN, MAIN, asked, exported, leastwise, temporaryFolder } from "./leastwise.ts";
import { multiplyDemo } from "./multiplied-demo.ts";

const folder = temporaryFolder();
const exportsOf300 = join(folder, "exports");
multiplyDemo(exportsOf300, 50);

const undisturbed = join(folder, "undisturbed.db");
const complete = leastwise("refine", exportsOf300, "--db", undisturbed, "--json", "--quiet");
const { summary } = JSON.parse(complete.out) as { summary: { unitsAsked: number; attachments: number } };
const FILES = Number(asked(undisturbed, "--sql", "SELECT inputs FROM runs")[0]?.["inputs"]);
const expected = exported(undisturbed);

/** How far a run is, as its database shows it from outside. */
interface Standing {
  readonly files: number;
  readonly units: number;
}

function standing(db: Connection): Standing {
  const one = db.prepare<[], Standing>(
    "SELECT (SELECT count(*) FROM input) AS files, (SELECT count(*) FROM unit WHERE state = 'done') AS units",
  );
  return one.get() ?? { files: 0, units: 0 };
}

/** Starts the run on the database and sends the signal as soon as it stands there; gives how the program ended. */
async function interrupted(
  path: string,
  signal: "SIGKILL" | "SIGINT" | "SIGTERM",
  isThere: (at: Standing) => boolean,
): Promise<{ readonly signal: string | null; readonly code: number | null; readonly err: string }> {
  const child = spawn(process.execPath, [MAIN, "refine", exportsOf300, "--db", path, "--quiet"], {
    env: CLEAN,
    stdio: ["ignore", "ignore", "pipe"],
  });
  const end = ended(child);
  let reader: Connection | undefined;
  let isSent = false;
  while (!isSent && child.exitCode === null) {
    await new Promise((resolve) => setTimeout(resolve, 1));
    try {
      if (reader === undefined && existsSync(path)) reader = openForReading(path);
      isSent = reader !== undefined && isThere(standing(reader)) && child.kill(signal);
    } catch {
      reader?.close(); // the tables are not there yet
      reader = undefined;
    }
  }
  reader?.close();
  return end;
}

function ended(child: ChildProcess): Promise<{ signal: string | null; code: number | null; err: string }> {
  return new Promise((resolve) => {
    let err = "";
    child.stderr?.on("data", (data: Buffer) => (err += data.toString()));
    child.on("close", (code, signal) => resolve({ signal, code, err }));
  });
}

/** Finishes the run, and what came of it. */
function finished(path: string): {
  readonly resumed: boolean;
  readonly unitsComputed: number;
  readonly unitsReused: number;
  readonly summary: unknown;
} {
  const { code, out, err } = leastwise("refine", exportsOf300, "--db", path, "--json", "--quiet");
  if (code !== 3) throw new Error(`ended with ${code}: ${err}`);
  return JSON.parse(out) as ReturnType<typeof finished>; // what --json prints
}

describe("a run of 300 accounts that is killed at a random moment goes on where it stopped", () => {
  test("while it reads", async () => {
    const path = join(folder, "reading.db");
    const files = Math.floor(Math.random() * FILES * 0.8);
    const { signal } = await interrupted(path, "SIGKILL", (at) => at.files > files);
    expect(signal, `killed after ${files} files`).toBe("SIGKILL");
    const result = finished(path);
    expect(result, `killed after ${files} files`).toMatchObject({ resumed: true, summary });
    expect(exported(path) === expected, `killed after ${files} files`).toBe(true);
  });

  test("while it refines", async () => {
    const path = join(folder, "refining.db");
    const units = Math.floor(Math.random() * summary.unitsAsked * 0.6);
    const { signal } = await interrupted(path, "SIGKILL", (at) => at.units > units);
    expect(signal, `killed after ${units} units`).toBe("SIGKILL");
    const result = finished(path);
    expect(result, `killed after ${units} units`).toMatchObject({ resumed: true, summary });
    expect(result.unitsComputed).toBeLessThan(summary.unitsAsked - units);
    expect(result.unitsReused, "its own answers are no earlier run's").toBe(0);
    expect(exported(path) === expected, `killed after ${units} units`).toBe(true);
  });

  test("again and again", async () => {
    const path = join(folder, "again.db");
    const moments: string[] = [];
    let previous: Standing = { files: -1, units: -1 };
    for (let i = 1; i <= 6; i++) {
      const floor = previous;
      const step = { files: Math.random() * FILES * 0.3, units: Math.random() * summary.unitsAsked * 0.2 };
      let last = floor;
      const { signal } = await interrupted(path, "SIGKILL", (at) => {
        last = at;
        return at.files > floor.files + step.files || at.units > floor.units + step.units;
      });
      previous = last;
      moments.push(`${last.files} files, ${last.units} units: ${signal}`);
    }
    expect(
      moments.filter((moment) => moment.endsWith("SIGKILL")).length,
      `killed at ${moments.join("; ")}`,
    ).toBeGreaterThan(1);
    expect(finished(path).summary, `killed at ${moments.join("; ")}`).toEqual(summary);
    expect(exported(path) === expected, `killed at ${moments.join("; ")}`).toBe(true);
    const open = asked(path, "--sql", "SELECT count(*) AS n FROM unit WHERE state <> 'done'");
    expect(open, `killed at ${moments.join("; ")}`).toEqual([{ n: 0 }]);
  });
});

describe.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)("%s", (signal, code) => {
  test(`ends a run with ${code} and says how to go on`, async () => {
    const path = join(folder, `${signal}.db`);
    const end = await interrupted(path, signal, ({ files }) => files > FILES / 4);
    expect(end).toEqual({
      signal: null,
      code,
      err: "interrupted: what was done is kept; run the same command again to go on\n",
    });
    expect(finished(path)).toMatchObject({ resumed: true, summary });
    expect(exported(path) === expected).toBe(true);
  });
});

test("a resumed run says so to people", async () => {
  const path = join(folder, "said.db");
  await interrupted(path, "SIGKILL", ({ files }) => files > 0);
  const { out } = leastwise("refine", exportsOf300, "--db", path, "--quiet");
  expect(out).toMatch(/^finished a run that was interrupted\n/);
});
