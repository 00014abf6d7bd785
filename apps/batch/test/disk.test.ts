/** Full disks, read-only places and files that are no database of ours: said in a line, exit code 4, and what was committed stays good. */
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { closeWriting, openForReading, openForWriting } from "@leastwise/store";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { CLEAN, DEMO, MAIN, type Ended, exported, leastwise, refined, temporaryFolder } from "./leastwise.ts";

const folder = temporaryFolder();
const finished = refined(folder, "finished.db", DEMO);
const expected = exported(finished);

const place = join(folder, "small-disk");
mkdirSync(place);
const mount = (...args: readonly string[]): boolean => spawnSync("mount", args).status === 0;
const mayMount = process.platform === "linux" && mount("-t", "tmpfs", "-o", "size=64k", "tmpfs", place);
if (mayMount) spawnSync("umount", [place]);
else console.warn("NOT TESTED: full and read-only disks, since nothing can be mounted here (root on Linux can)");

function integrityOf(path: string): unknown {
  const db = openForWriting(path);
  const found = db.pragma("integrity_check", { simple: true });
  db.close();
  return found;
}

function refine(path: string): Ended {
  return leastwise("refine", DEMO, "--db", path, "--quiet");
}

describe.skipIf(!mayMount)("on a disk of its own (skipped where nothing can be mounted)", () => {
  afterEach(() => spawnSync("umount", [place]));

  test.each([
    ["while the tables are made", "300k"],
    ["while the catalog is written", "2m"],
    ["while results are written, or at the end", "4m"],
  ])("that is full %s: said, nothing damaged, and the same command goes on once there is room", (_when, size) => {
    expect(mount("-t", "tmpfs", "-o", `size=${size}`, "tmpfs", place)).toBe(true);
    const path = join(place, "org.db");
    const { code, err } = refine(path);
    expect({ code, lines: err.trimEnd().split("\n").length }).toEqual({ code: 4, lines: 2 });
    expect(err).toMatch(/^leastwise: .*database or disk is full\n/);
    expect(err).toMatch(/check/);
    expect(mount("-o", "remount,size=64m", place)).toBe(true);
    expect(integrityOf(path)).toBe("ok");
    expect(refine(path).code).toBe(3);
    expect(integrityOf(path)).toBe("ok");
    expect(exported(path)).toBe(expected);
  });

  test("that is read-only: nothing is written, questions are answered", () => {
    expect(mount("-t", "tmpfs", "-o", "size=64m", "tmpfs", place)).toBe(true);
    const path = join(place, "org.db");
    copyFileSync(finished, path);
    expect(mount("-o", "remount,ro", place)).toBe(true);
    for (const db of [path, join(place, "new.db")]) {
      const { code, err } = refine(db);
      expect(code).toBe(4);
      expect(err).toMatch(/^leastwise: database-io: `.*` cannot be used: .*\ncheck that the folder .* is writable/);
    }
    expect(existsSync(join(place, "new.db"))).toBe(false);
    expect(exported(path)).toBe(expected);
  });
});

function damaged(name: string, change: (bytes: Buffer) => Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, change(readFileSync(finished)));
  return path;
}

function pragma(name: string, sql: string): string {
  const path = join(folder, name);
  const db = openForWriting(path);
  db.pragma(sql);
  closeWriting(db);
  return path;
}

function closed(name: string, closing: string): { readonly status: number | null; readonly db: string } {
  const db = join(folder, name);
  const command = `{ ${process.execPath} ${MAIN} refine ${DEMO} --db ${db}; echo $? >&3; } 3>${db}.code ${closing}`;
  spawnSync("bash", ["-c", command], { env: CLEAN });
  return { status: Number(readFileSync(`${db}.code`, "utf8")), db };
}

describe("a file that is no good", () => {
  const half = damaged("half.db", (bytes) => bytes.subarray(0, bytes.length / 2));
  const middle = damaged("middle.db", (bytes) =>
    bytes.fill(0x5a, 8192 * Math.floor(bytes.length / 8192 / 4), bytes.length - 8192),
  );
  const header = damaged("header.db", (bytes) => bytes.fill(0x5a, 0, 100));
  const newer = pragma("newer.db", "user_version = 9999");

  test.each([
    ["cut in half", half, /damaged-database: .* is damaged: /, /a copy of it from before/],
    ["overwritten in the middle", middle, /malformed/, /a copy of it from before/],
    ["without its header", header, /not-a-database: /, /name another file/],
    ["of a newer version", newer, /newer-version: .* has schema 9999/, /a newer Leastwise/],
  ])("%s: refining says so with 4 and leaves it as it is", (_what, path, message, hint) => {
    const before = readFileSync(path);
    const { code, out, err } = refine(path);
    expect({ code, out }).toEqual({ code: 4, out: "" });
    const [first, second, ...more] = err.trimEnd().split("\n");
    expect(first).toMatch(message);
    expect(second).toMatch(hint);
    expect(more).toEqual([]);
    expect(readFileSync(path).equals(before)).toBe(path !== middle); // in which a run is begun before the damage is met
  });

  test("cut in half: so do questions", () => {
    const { code, err } = leastwise("query", "--db", half, "refused");
    expect(code).toBe(4);
    expect(err).toContain("damaged-database");
  });
});

describe("what a killed process leaves behind", () => {
  const killed = join(folder, "killed.db");
  /** Writes and dies in the middle of the next transaction, with nothing in the file itself. */
  const script = `
    const { openForWriting } = await import(${JSON.stringify(import.meta.resolve("@leastwise/store"))});
    const db = openForWriting(${JSON.stringify(killed)});
    db.prepare("INSERT INTO account (account_id) VALUES ('111122223333')").run();
    db.exec("BEGIN; INSERT INTO account (account_id) VALUES ('444455556666')");
    process.kill(process.pid, "SIGKILL");
    setTimeout(() => undefined, 60_000);`;
  const { signal } = spawnSync(process.execPath, ["--input-type=module", "-e", script], { env: CLEAN });

  test("is a write-ahead log, which whoever reads next takes in: what was committed, and no more", () => {
    expect(signal).toBe("SIGKILL");
    expect(readFileSync(`${killed}-wal`).length).toBeGreaterThan(0);
    expect(leastwise("query", "--db", killed, "--sql", "SELECT 1 AS one", "--format", "csv")).toMatchObject({
      code: 0,
    });
    const db = openForReading(killed);
    expect(db.prepare("SELECT account_id FROM account").pluck().all()).toEqual(["111122223333"]);
    db.close();
  });

  test("and whoever writes next: then the file stands alone", () => {
    expect(refine(killed).code).toBe(3);
    expect(existsSync(`${killed}-wal`)).toBe(false);
    expect(integrityOf(killed)).toBe("ok");
  });
});

test("a second process on the same database says so and stops; the lock of a dead one holds nobody up", () => {
  const path = join(folder, "locked.db");
  const script = `
    const { lockFor } = await import(${JSON.stringify(import.meta.resolve("@leastwise/store"))});
    const { spawnSync } = await import("node:child_process");
    lockFor(${JSON.stringify(path)});
    const { status, stderr } = spawnSync(process.execPath, ${JSON.stringify([MAIN, "refine", DEMO, "--db", path])}, { encoding: "utf8" });
    console.log(JSON.stringify({ status, stderr }));
    process.kill(process.pid, "SIGKILL");
    setTimeout(() => undefined, 60_000);`;
  const options = { env: CLEAN, encoding: "utf8" } as const;
  const { stdout, signal } = spawnSync(process.execPath, ["--input-type=module", "-e", script], options);
  expect(signal).toBe("SIGKILL");
  expect(JSON.parse(stdout)).toEqual({
    status: 4,
    stderr: `leastwise: locked: another process is writing \`${path}\`\nwait for it, or name another file\n`,
  });
  expect(existsSync(`${path}-lock`)).toBe(true);
  expect(refine(path).code).toBe(3);
  expect(existsSync(`${path}-lock`)).toBe(false);
});

describe("a pipe that nobody reads", () => {
  test.each([
    ["its output", "stdout.db", "| true"],
    ["what it says", "stderr.db", "2> >(true) > /dev/null"],
  ])("%s: the job is done all the same, with its own exit code", (_what, name, closing) => {
    const { status, db } = closed(name, closing);
    expect(status).toBe(3);
    expect(exported(db)).toBe(expected);
    rmSync(db);
  });
});

afterAll(() => spawnSync("umount", ["-q", place]));
