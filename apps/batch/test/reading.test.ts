import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { EventRecord, EvidenceRows } from "@leastwise/core";
import { mergeEvents } from "@leastwise/evidence";
import { builtInCatalog } from "@leastwise/catalog";
import { type Connection, IngestWriter, openForWriting } from "@leastwise/store";
import { describe, expect, test } from "vitest";
import { readSettings } from "../dist/config/read-settings.js";
import { SILENT } from "../dist/progress.js";
import { type RefineJob, run } from "../dist/run.js";
import { listInputs } from "../dist/stages/list-inputs.js";
import { type Executor, inlineExecutor, poolExecutor } from "../dist/workers/executor.js";
import { usualLimits } from "../dist/workers/worker-limits.js";
import { mostParsedAtOnce } from "../dist/workers/parsed-bytes.js";
import { readInParts } from "../dist/workers/read-large-file.js";
import readFiles, { type ReadBatch } from "../dist/workers/read-files.js";
import { accountWith, temporaryFolder, write } from "./leastwise.ts";

const folder = temporaryFolder();
const catalog = builtInCatalog();
const image = catalog.trie.buffer as SharedArrayBuffer; // catalogs are opened in shared memory
const ACCOUNT = "123456789012";
const MB = 1024 * 1024;

/** A call of one of 30 roles, as CloudTrail records it. */
function record(n: number): object {
  const role = `role-${n % 30}`;
  return {
    eventVersion: "1.11",
    userIdentity: {
      type: "AssumedRole",
      arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${role}/session`,
      sessionContext: { sessionIssuer: { type: "Role", arn: `arn:aws:iam::${ACCOUNT}:role/${role}` } },
    },
    eventTime: new Date(Date.UTC(2026, 8, 1) + n * 1000).toISOString(),
    eventSource: n % 2 === 0 ? "s3.amazonaws.com" : "sqs.amazonaws.com",
    eventName: n % 2 === 0 ? "GetObject" : "SendMessage",
    ...(n % 7 === 0 ? { errorCode: "AccessDenied" } : {}),
    requestParameters: { key: "x".repeat(n % 300) },
  };
}

function lines(count: number): string {
  return Array.from({ length: count }, (_, n) => `${JSON.stringify(record(n))}\n`).join("");
}

/** 400 log files of 20 records each, and the roles: two batches. */
const trail = join(folder, "trail");
write(
  trail,
  "account.json",
  accountWith(ACCOUNT, Object.fromEntries(Array.from({ length: 30 }, (_, n) => [`role-${n}`, {}]))),
);
for (let file = 0; file < 400; file++) {
  const Records = Array.from({ length: 20 }, (_, n) => record(file * 20 + n));
  write(trail, `log-${String(file).padStart(3, "0")}.json.gz`, gzipSync(JSON.stringify({ Records })));
}
const job: RefineJob = { files: listInputs([trail]), catalog, settings: readSettings(undefined, folder, {}) };

function events(db: Connection): readonly unknown[] {
  return db
    .prepare("SELECT principal_arn, event_source, event_name, events, denied, last_at FROM event_use ORDER BY 1, 2, 3")
    .all();
}

function counted(db: Connection, what: string): unknown {
  return db.prepare(`SELECT ${what}`).pluck().get();
}

/** Runs the job with something in its way; gives how many files were committed. */
async function disturbed(db: Connection, reader: Executor): Promise<number> {
  await expect(run(db, job, reader, SILENT)).rejects.toThrow(/in the way/);
  return Number(counted(db, "count(*) FROM input"));
}

function zipped(text: string): Uint8Array {
  return gzipSync(text, { level: 1 });
}

const undisturbed = openForWriting(join(folder, "undisturbed.db"));
const executor = inlineExecutor(image);
await run(undisturbed, job, executor, SILENT);
const expected = events(undisturbed);

describe("events of many files", () => {
  test("come from a batch as one list, while each file keeps a row of its own", async () => {
    const paths = job.files.slice(0, 64).map(({ path }) => path);
    const { files, events: merged } = await readFiles({ files: paths });
    expect(files.map(({ path }) => path)).toEqual(paths);
    expect(merged).toHaveLength(30);
    expect(merged.reduce((sum, one) => sum + one.events, 0)).toBe(63 * 20); // one of the files is the account
    expect(counted(undisturbed, "count(*) FROM input")).toBe(401);
    expect(counted(undisturbed, "sum(events) FROM event_use")).toBe(8000);
    expect(counted(undisturbed, "sum(denied) FROM event_use")).toBe(1143);
  });

  test("count the same on threads", async () => {
    const pool = poolExecutor(image, 2, usualLimits(1));
    const db = openForWriting(join(folder, "pool.db"));
    await run(db, job, pool, SILENT);
    expect(events(db)).toEqual(expected);
    db.close();
    await pool.close();
  });
});

describe("a job that ends in the middle of reading counts every event once when it is done again", () => {
  test.each([0, 150, 300, 399])("the writer fails inside a batch, at file %i", async (file) => {
    const db = openForWriting(join(folder, `writer-${file}.db`));
    db.exec(`CREATE TEMP TRIGGER disk BEFORE INSERT ON main.input WHEN NEW.path LIKE '%log-${String(file).padStart(3, "0")}%'
      BEGIN SELECT RAISE(ABORT, 'in the way'); END`);
    const committed = await disturbed(db, executor);
    expect(committed).toBeLessThan(401);
    expect(counted(db, "coalesce(sum(events), 0) FROM event_use"), "events of committed files alone").toBe(
      20 * Math.max(0, committed - 1),
    );
    db.exec("DROP TRIGGER disk");
    expect(await run(db, job, executor, SILENT)).toMatchObject({ resumed: true });
    expect(events(db)).toEqual(expected);
    db.close();
  });

  test("whichever files an earlier attempt has committed, and however it cut them into batches", async () => {
    const db = openForWriting(join(folder, "otherwise.db"));
    const failing: Executor = { ...executor, read: () => Promise.reject(new Error("in the way")) };
    expect(await disturbed(db, failing)).toBe(0);
    const paths = job.files.map(({ path }) => path);
    const writer = new IngestWriter(db, 1);
    for (const [from, to] of [
      [0, 10],
      [10, 11],
      [100, 300],
    ] as const) {
      const { files, events: merged } = await readFiles({ files: paths.slice(from, to) });
      writer.write(files, merged);
    }
    expect(await run(db, job, executor, SILENT)).toMatchObject({ runId: 1, resumed: true });
    expect(events(db)).toEqual(expected);
    expect(counted(db, "count(*) FROM input")).toBe(401);
    db.close();
  });
});

/** All parts of a large file together. */
async function partsOf(
  parts: AsyncIterable<ReadBatch>,
): Promise<{ readonly files: readonly EvidenceRows[]; readonly events: readonly EventRecord[] }> {
  const batches: ReadBatch[] = [];
  for await (const part of parts) batches.push(part);
  return { files: batches.flatMap(({ files }) => files), events: mergeEvents(batches.map((batch) => batch.events)) };
}

describe("large files", () => {
  const large = lines(60_000);
  const plain = write(folder, "large.jsonl", large);
  const gzipped = write(folder, "large.jsonl.gz", gzipSync(large));
  const records = Array.from({ length: 20_000 }, (_, n) => record(n));
  const one = JSON.stringify({ Records: records });

  test.each([
    ["of lines, plain", plain],
    ["of lines, gzipped", gzipped],
    ["of one document", write(folder, "one.json", one)],
    ["of one document, gzipped", write(folder, "one.json.gz", gzipSync(one))],
    ["of one pretty document", write(folder, "pretty.json", JSON.stringify({ Records: records }, undefined, 4))],
    [
      "that cannot be cut",
      write(folder, "lookup.json", { Events: records.map((each) => ({ CloudTrailEvent: JSON.stringify(each) })) }),
    ],
  ])("%s say the same in parts as whole", async (_, path) => {
    const [whole, inParts] = [await readFiles({ files: [path] }), await partsOf(readInParts({ path }))];
    expect(whole.events.reduce((sum, { events: n }) => sum + n, 0)).toBeGreaterThanOrEqual(20_000);
    expect(inParts.events).toEqual(whole.events);
    expect(inParts.files.flatMap(({ diagnostics }) => diagnostics)).toEqual([]);
    expect(inParts.files.at(-1)?.kinds).toBe(whole.files[0]?.kinds);
  });

  test("of lines are read in little memory: 100 MB of them in a heap of 48 MB", async () => {
    const larger = write(folder, "larger.jsonl", large.repeat(Math.ceil((100 * MB) / large.length)));
    const pool = poolExecutor(image, 1, { memoryMb: 48, taskSeconds: 300 });
    const { files, events: merged } = await partsOf(pool.readLarge({ path: larger }));
    expect(files.flatMap(({ diagnostics }) => diagnostics)).toEqual([]);
    expect(merged.reduce((sum, { events: n }) => sum + n, 0)).toBe(60_000 * Math.ceil((100 * MB) / large.length));
    await pool.close();
  });

  test("of one document above 500 MB are refused with the way out where they cannot be cut; lines and lists are read", async () => {
    const above500 = (member: string): Uint8Array =>
      Buffer.concat(Array<Uint8Array>(51).fill(zipped(member.repeat(10 * 1024)))); // of 10 MB each
    const spacedOut = (text: string): Uint8Array =>
      Buffer.concat([zipped(text), above500(" ".repeat(1024)), zipped("]}")]);
    const list = await partsOf(
      readInParts({ path: write(folder, "list.json.gz", spacedOut(`{"Records":[${JSON.stringify(record(1))}`)) }),
    );
    expect(list.files.flatMap(({ diagnostics }) => diagnostics)).toEqual([]);
    expect(list.events).toHaveLength(1);
    const { files } = await partsOf(
      readInParts({ path: write(folder, "document.json.gz", spacedOut('{"details":[')) }),
    );
    expect(files[0]?.diagnostics).toMatchObject([
      { code: "too-large", hint: "export it in pages or by account, or write one record a line" },
    ]);
    const spaced = Buffer.concat([zipped(lines(2)), above500(`${" ".repeat(1023)}\n`)]);
    const { files: read, events: merged } = await readFiles({ files: [write(folder, "spaced.json.gz", spaced)] });
    expect(read[0]?.diagnostics).toEqual([]);
    expect(merged.reduce((sum, { events: n }) => sum + n, 0)).toBe(2);
  });
});

describe("how much a thread may have to parse at once, which its heap goes by", () => {
  const GB = 1024 * MB;
  const someLines = write(folder, "some.jsonl.gz", gzipSync(lines(10)));
  const document = write(folder, "some.json.gz", gzipSync(JSON.stringify({ arn: "a", unused: [] })));
  const list = write(folder, "some-list.json.gz", gzipSync(JSON.stringify({ Records: [record(1)] })));

  test("is a file that is read whole, gzipped ones twentyfold", async () => {
    expect(
      await mostParsedAtOnce([
        { path: "a.json", bytes: 5 * MB },
        { path: "b.json.gz", bytes: MB / 2 },
      ]),
    ).toBe(10 * MB);
    expect(await mostParsedAtOnce([])).toBe(0);
  });

  test("is a line or an item of 64 MB for lines and lists of any size, and never more than what is read whole", async () => {
    expect(await mostParsedAtOnce([{ path: list, bytes: GB }])).toBe(64 * MB);
    expect(await mostParsedAtOnce([{ path: someLines, bytes: GB }])).toBe(64 * MB);
    expect(
      await mostParsedAtOnce([
        { path: document, bytes: GB },
        { path: someLines, bytes: 2 * GB },
      ]),
    ).toBe(500 * MB);
    expect(
      await mostParsedAtOnce([
        { path: document, bytes: 10 * MB },
        { path: someLines, bytes: 2 * GB },
      ]),
    ).toBe(200 * MB);
  });

  test("is the whole file for what list-policies gives, which is no list of an account's policies", async () => {
    const listed = write(folder, "listed.json", { Policies: [{ PolicyName: "a" }] });
    expect(await mostParsedAtOnce([{ path: listed, bytes: 200 * MB }])).toBe(200 * MB);
  });

  test("is the largest file of a folder that is read as one", async () => {
    const parts = [3, 7, 2].map((n) => ({ path: `${n}.json`, bytes: n * MB }));
    expect(await mostParsedAtOnce([{ path: "store", bytes: 12 * MB, parts }])).toBe(7 * MB);
  });
});
