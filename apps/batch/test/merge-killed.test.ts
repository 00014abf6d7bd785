/** A merge that is killed goes on with the same command, and comes to the same; whoever reads its database meanwhile is told. */
import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { type Connection, openForReading } from "@leastwise/store";
import { beforeAll, describe, expect, test } from "vitest";
import { CLEAN, MAIN, leastwise, temporaryFolder } from "./leastwise.ts";
import { contentIn } from "./merging.ts";
import { multiplyDemo } from "./multiplied-demo.ts";

const folder = temporaryFolder();
const inputs = join(folder, "exports");

const parts = [1, 2, 3].map((number) => join(folder, `part-${number}.db`));
let whole: ReturnType<typeof contentIn>;
let hashes: readonly string[];
beforeAll(() => {
  multiplyDemo(inputs, 40);
  const path = join(folder, "whole.db");
  leastwise("refine", inputs, "--db", path, "--quiet");
  whole = contentIn(path);
  for (const [i, part] of parts.entries())
    leastwise("refine", inputs, "--db", part, "--shard", `${i + 1}/3`, "--quiet");
  hashes = parts.map(hashOf);
});

function hashOf(path: string): string {
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}

/** How far a merge is, as its database shows it from outside; -1 while there is none. */
function unitsIn(db: Connection): number {
  return db.prepare<[], number>("SELECT count(*) FROM unit WHERE state = 'done'").pluck().get() ?? 0;
}

interface Ended {
  readonly signal: string | null;
  readonly code: number | null;
  readonly err: string;
}

/** Begins the merge and sends the signal as soon as it is so far. */
async function interrupted(
  path: string,
  signal: "SIGKILL" | "SIGINT",
  isThere: (units: number, milliseconds: number) => boolean,
): Promise<Ended> {
  const child = spawn(process.execPath, [MAIN, "merge", ...parts, "--db", path, "--quiet"], {
    env: CLEAN,
    stdio: ["ignore", "ignore", "pipe"],
  });
  const end = ended(child);
  const started = performance.now();
  let reader: Connection | undefined;
  let isSent = false;
  while (!isSent && child.exitCode === null) {
    await new Promise((resolve) => setTimeout(resolve, 1));
    if (reader === undefined && existsSync(path)) reader = openForReading(path);
    isSent = isThere(reader === undefined ? -1 : unitsIn(reader), performance.now() - started) && child.kill(signal);
  }
  reader?.close();
  return end;
}

function ended(child: ChildProcess): Promise<Ended> {
  return new Promise((resolve) => {
    let err = "";
    child.stderr?.on("data", (data: Buffer) => (err += data.toString()));
    child.on("close", (code, signal) => resolve({ signal, code, err }));
  });
}

/** The same command once more. */
function finished(path: string): { readonly code: number | null; readonly out: string } {
  const { code, out } = leastwise("merge", ...parts, "--db", path, "--quiet");
  return { code, out };
}

describe("a merge that is killed", () => {
  test("while it takes answers over: goes on", async () => {
    const path = join(folder, "taking.db");
    const units = Math.floor(Math.random() * 1000);
    const { signal } = await interrupted(path, "SIGKILL", (done) => done > units);
    expect(signal, `killed after ${units} units`).toBe("SIGKILL");
    const again = finished(path);
    expect(again.code, `killed after ${units} units`).toBe(3);
    expect(again.out).toContain("finished a run that was interrupted\n");
    expect(contentIn(path)).toEqual(whole);
    expect(parts.map(hashOf)).toEqual(hashes);
  });

  test("before its database has its name: begins again, and what it left is gone", async () => {
    const path = join(folder, "draft.db");
    const { signal } = await interrupted(path, "SIGKILL", () => existsSync(`${path}-draft`));
    expect(signal).toBe("SIGKILL");
    expect(finished(path).code).toBe(3);
    expect(readdirSync(folder).filter((name) => name.startsWith("draft.db"))).toEqual(["draft.db"]);
    expect(contentIn(path)).toEqual(whole);
  });

  test("at any moment, more than once: comes to the same", async () => {
    const path = join(folder, "often.db");
    const moments = Array.from({ length: 4 }, () => Math.floor(300 + Math.random() * 1500));
    for (const moment of moments) await interrupted(path, "SIGKILL", (_, milliseconds) => milliseconds > moment);
    expect(finished(path).code, `killed after ${moments.join()} ms`).toBe(3); // whether it was finished already or not
    expect(contentIn(path), `killed after ${moments.join()} ms`).toEqual(whole);
    expect(parts.map(hashOf)).toEqual(hashes);
  });

  test("by a signal that it hears: says so, with the signal's exit code, and goes on", async () => {
    const path = join(folder, "heard.db");
    const { code, err } = await interrupted(path, "SIGINT", (done) => done > 0);
    expect({ code, err }).toEqual({
      code: 130,
      err: "interrupted: what was done is kept; run the same command again to go on\n",
    });
    expect(leastwise("query", "overview", "--db", path).err).toContain(
      "run 1 is not finished: the same `leastwise merge`",
    );
    expect(finished(path).code).toBe(3);
    expect(contentIn(path)).toEqual(whole);
  });
});
