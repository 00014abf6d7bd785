import { spawn } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { CLEAN, DEMO, MAIN, accountWith, allowing, leastwise, refined, temporaryFolder, write } from "./leastwise.ts";
import { type Serving, apiPath, get, reply, serving } from "./serving.ts";

const folder = temporaryFolder();
const PAGES = [
  ["overview", {}],
  ["recommendations", { sort: "removed" }],
  ["principals", { q: "role" }],
  ["holders", { action: "s3:GetObject", when: "before" }],
  [
    "policy",
    {
      policy: "arn:aws:iam::123456789012:role/MyRole#MyRolePolicy",
      principal: "arn:aws:iam::123456789012:role/MyRole",
    },
  ],
] as const;

function arn(name: string): string {
  return `arn:aws:iam::210987654321:role/${name}`;
}

/** An organization that a run has some work with. */
function manyRoles(name: string, roles: number): string {
  const named = Array.from(
    { length: roles },
    (_, i) => [`role-${i}`, { inline: allowing("s3:Get*", `ec2:Describe${i}*`) }] as const,
  );
  return write(folder, name, accountWith("210987654321", Object.fromEntries(named)));
}

function refining(...args: readonly string[]): Promise<number | null> {
  const child = spawn(process.execPath, [MAIN, "refine", ...args, "--quiet"], { env: CLEAN, stdio: "ignore" });
  return new Promise((resolve) => void child.once("close", resolve));
}

test("while a run writes, every page shows the run that is done; then the new one", async () => {
  const db = refined(folder, "busy.db", DEMO);
  const server = await serving(db);
  const first = await reply(server.port, "overview");
  const more = manyRoles("more.json", 1500);
  const ended = refining(DEMO, more, "--db", db);
  let asked = 0;
  const run = { isOver: false };
  void ended.then(() => (run.isOver = true));
  while (!run.isOver) {
    for (const [name, parameters] of PAGES) {
      const { status } = await get(server.port, apiPath(name, parameters));
      expect(status).toBe(200);
      asked++;
    }
    const now = (await reply(server.port, "overview")) as {
      readonly run: { readonly runId: number };
      readonly attachments: number;
    }; // the contract
    const isOld = now.run.runId === 1;
    expect(isOld ? now : { attachments: now.attachments }).toEqual(
      isOld ? first : { attachments: Number(first["attachments"]) + 1500 },
    );
  }

  expect(asked).toBeGreaterThan(0);
  expect([0, 3]).toContain(await ended);
  expect(await reply(server.port, "overview")).toMatchObject({ run: { runId: 2, state: "done" } });
  expect(await reply(server.port, "overview", { run: "1" })).toEqual(first);
  expect(await reply(server.port, "overview", { run: "previous" })).toEqual(first);
  expect(await reply(server.port, "recommendations", { run: "1", limit: "500" })).toMatchObject({
    total: first["attachments"],
  });
});

test("what differs between two runs is what `diff-runs` says", async () => {
  const db = join(folder, "two.db");
  const before = write(
    folder,
    "account.json",
    accountWith("210987654321", {
      stays: { a: allowing("s3:GetObject") },
      grows: { a: allowing("s3:GetObject") },
      goes: { a: allowing("s3:*") },
    }),
  );
  leastwise("refine", before, "--db", db, "--quiet");
  write(
    folder,
    "account.json",
    accountWith("210987654321", {
      stays: { a: allowing("s3:GetObject") },
      grows: { a: allowing("s3:GetObject", "s3:PutObject") },
      comes: { a: allowing("s3:GetObject") },
    }),
  );
  leastwise("refine", before, "--db", db, "--quiet");
  const server = await serving(db);
  const { rows } = await reply(server.port, "run-differences", { older: "1" });

  expect(rows).toEqual([
    expect.objectContaining({ principalArn: arn("comes"), change: "new", actionsOlder: null, actionsNewer: 1 }),
    expect.objectContaining({ principalArn: arn("goes"), change: "gone", actionsNewer: null }),
    expect.objectContaining({ principalArn: arn("grows"), change: "wider", actionsOlder: 1, actionsNewer: 2 }),
  ]);
  expect((await get(server.port, apiPath("run-differences", { older: "2" }))).status).toBe(400);
});

describe("a database that goes and comes back", () => {
  const db = join(folder, "gone.db");
  const kept = join(folder, "kept.db");
  let server: Serving;

  /** The status of all pages; the same for each. */
  async function statuses(): Promise<readonly unknown[]> {
    const all: string[] = [];
    for (const [name, asked] of PAGES) {
      const { status, text } = await get(server.port, apiPath(name, asked));
      all.push(status === 200 ? "200" : `${status} ${(JSON.parse(text) as { code: string }).code}`); // a failure of the contract
    }
    return [...new Set(all)];
  }

  test("is missed in words, and shown again", async () => {
    refined(folder, "gone.db", DEMO);
    copyFileSync(db, kept);
    server = await serving(db);
    expect(await statuses()).toEqual(["200"]);

    rmSync(db);
    expect(await statuses()).toEqual(["503 no-database"]);
    expect((await get(server.port, apiPath("sql", { sql: "SELECT 1" }))).status).toBe(503);

    writeFileSync(db, "this is no database".repeat(1000));
    expect(await statuses()).toEqual(["503 not-a-database"]);

    copyFileSync(kept, `${db}.new`);
    renameSync(`${db}.new`, db);
    expect(await statuses()).toEqual(["200"]);
  });

  test("put in the place of another one it is the one that is shown", async () => {
    const other = refined(folder, "other.db", manyRoles("few.json", 3));
    renameSync(other, db);

    expect(await reply(server.port, "overview")).toMatchObject({ accounts: 1, principals: 3 });
    copyFileSync(kept, `${db}.new`);
    renameSync(`${db}.new`, db);
    expect(await reply(server.port, "overview")).toMatchObject({ accounts: 6 });
  });

  test("damaged under its readers it is an answer in words, never an end", async () => {
    const whole = readFileSync(kept);
    const damaged = Buffer.from(whole);
    damaged.fill(0xa5, 8192 * 2, damaged.length - 8192);
    writeFileSync(`${db}.new`, damaged);
    renameSync(`${db}.new`, db);
    for (const [name, asked] of PAGES) {
      const { status, text } = await get(server.port, apiPath(name, asked));
      expect([200, 404, 500, 503]).toContain(status);
      expect(status === 200 || "code" in (JSON.parse(text) as object)).toBe(true); // an object, either way
    }

    copyFileSync(kept, `${db}.new`);
    renameSync(`${db}.new`, db);
    expect(await statuses()).toEqual(["200"]);
  });
});

test("nothing is written: the file is the same byte for byte, and no other lies beside it", async () => {
  const db = refined(temporaryInside(), "quiet.db", DEMO);
  const [before, stats] = [readFileSync(db), statSync(db)];
  const server = await serving(db);
  for (const [name, asked] of PAGES) await reply(server.port, name, asked);
  await reply(server.port, "sql", { sql: "SELECT count(*) FROM recommendations" });
  await reply(server.port, "overview", { run: "1" });
  await get(server.port, "/api/recommendations.csv");

  expect(readdirSync(join(db, "..")).filter((name) => /-(?:wal|shm|journal)$/.test(name))).toEqual([]);
  expect(readFileSync(db).equals(before)).toBe(true);
  expect(statSync(db).mtimeMs).toBe(stats.mtimeMs);
  expect(existsSync(`${db}-wal`)).toBe(false);
});

function temporaryInside(): string {
  return join(write(folder, "quiet/keep", "").replace(/keep$/, ""));
}
