import { join } from "node:path";
import { builtInCatalog } from "@leastwise/catalog";
import { DEFAULT_OPTIONS, DEFAULT_SETTINGS, type Shard } from "@leastwise/core";
import {
  type Connection,
  beginRun,
  ensureCatalog,
  openForWriting,
  readRecommendations,
  readShards,
} from "@leastwise/store";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readSettings } from "../dist/config/read-settings.js";
import { SILENT } from "../dist/progress.js";
import { run } from "../dist/run.js";
import { catalogRows } from "../dist/stages/catalog-rows.js";
import { ingest } from "../dist/stages/ingest.js";
import { listInputs } from "../dist/stages/list-inputs.js";
import { planInput } from "../dist/stages/plan-input.js";
import { plan } from "../dist/stages/plan.js";
import { type Executor, type ShardExecutor, inlineExecutor, poolExecutor } from "../dist/workers/executor.js";
import { usualLimits } from "../dist/workers/worker-limits.js";
import { DEMO, temporaryFolder } from "./leastwise.ts";
import { coordinated, served } from "./queue/in-process.ts";
import { HAS_REDIS, startRedis } from "./queue/redis-server.ts";

const folder = temporaryFolder();
const catalog = builtInCatalog();
const image = catalog.trie.buffer as SharedArrayBuffer; // catalogs are opened in shared memory
const files = listInputs([DEMO]);
const inline = inlineExecutor(image);
const pool = poolExecutor(image, 2, usualLimits(1));
afterAll(() => pool.close());

let theRedis: ReturnType<typeof startRedis> | undefined;
/** A coordinator of a run of its own, and a worker. */
async function queue(): Promise<ShardExecutor> {
  const redis = await (theRedis ??= startRedis());
  await served(redis);
  return (await coordinated(redis)).executor;
}

function now(): string {
  return "2026-11-21T00:00:00.000Z";
}

/** The demo organization read and planned, ready to be refined. */
async function plannedShards(executor: Executor): Promise<readonly Shard[]> {
  const db = openForWriting(join(folder, `planned-${executor.width}.db`));
  const catalogId = ensureCatalog(db, catalog.sha256, () => catalogRows(catalog));
  const settings = {
    runKey: "k",
    toolVersion: "0",
    engineVersion: 1,
    catalogId,
    options: DEFAULT_OPTIONS,
    settings: "{}",
  } as const;
  const started = beginRun(db, settings, "2026-11-21T00:00:00.000Z");
  const told = readSettings(undefined, folder, {});
  const read = await ingest(db, started, { files, settings: told }, executor, SILENT, now);
  await plan(db, read, planInput(catalog, told), executor, SILENT, now);
  const shards = [...readShards(db, started, { units: 10, characters: 100_000 })].map(({ shard }) => shard);
  db.close();
  return shards;
}

function answers(db: Connection): readonly unknown[] {
  return [...readRecommendations(db)].map(({ started_at: _started, finished_at: _finished, ...row }) => row);
}

describe("the pool and its serial twin", () => {
  test("read files alike", async () => {
    const task = { files: files.map(({ path }) => path) };
    const [here, there] = await Promise.all([inline.read(task), pool.read(task)]);
    expect(there).toEqual(here);
    expect(here.files.flatMap(({ principals }) => principals)).toHaveLength(36);
  });

  test("settle use alike", async () => {
    const judgement = { ...DEFAULT_SETTINGS, asOf: "2026-11-21T00:00:00.000Z" };
    const { files: read } = await inline.read({ files: files.map(({ path }) => path) });
    const pages = read.flatMap(({ usage }) => usage);
    const principals = pages.map((page) => ({
      createdAt: null,
      pages: [{ ...page, input: 1 }],
      events: [{ service: "s3", actions: ["GetObject"] }],
    }));
    const batch = { judgement, protected: ["iam:*"], principals };
    const [here, there] = await Promise.all([inline.settle(batch), pool.settle(batch)]);
    expect(there).toEqual(here);
    expect(here.filter(({ evidence }) => evidence === "reported").length).toBeGreaterThan(10);
    expect(here.some(({ removable }) => removable !== null)).toBe(true);
  });

  test("leave nothing of a plan of which a batch fails", async () => {
    const db = openForWriting(join(folder, "failing.db"));
    const failing = { ...inline, settle: () => Promise.reject(new Error("out of memory")) };
    const job = { files, catalog, settings: readSettings(undefined, folder, {}) };
    await expect(run(db, job, failing, SILENT)).rejects.toThrow("out of memory");
    expect(db.inTransaction).toBe(false);
    expect(db.prepare("SELECT state, as_of FROM run").all()).toEqual([{ state: "plan", as_of: null }]);
    const { resumed, unitsComputed } = await run(db, job, inline, SILENT);
    expect({ resumed, answers: answers(db).length }).toEqual({ resumed: true, answers: 48 });
    expect(unitsComputed).toBeGreaterThan(0);
    db.close();
  });
});

test("the same shards are planned, whoever reads and settles", async () => {
  expect(await plannedShards(pool)).toEqual(shards);
  expect(shards.length).toBeGreaterThan(3);
});

/** Everywhere that shards are refined. The queue has a server, a coordinator and a worker of its own. */
let shards: readonly Shard[] = [];
beforeAll(async () => {
  shards = await plannedShards(inline);
});

describe.each<[string, boolean, () => Promise<ShardExecutor>]>([
  ["this thread", true, () => Promise.resolve(inline)],
  ["the pool", true, () => Promise.resolve(pool)],
  ["the queue", HAS_REDIS, queue],
])("%s", (name, isThere, made) => {
  test.runIf(isThere)("refines shards as this thread does", async () => {
    const executor = await made();
    const outcomes = await Promise.all(shards.map((shard) => executor.refine(shard)));
    for (const [i, shard] of shards.entries()) {
      expect(outcomes[i]).toEqual(await inline.refine(shard));
      expect(outcomes[i]?.units.filter(({ ok }) => !ok)).toEqual([]);
    }
  });

  test.runIf(isThere)("comes to the same database", async () => {
    const job = { files, catalog, settings: readSettings(undefined, folder, {}) };
    const results = [];
    for (const [place, shardsOf] of [() => Promise.resolve(inline), made].entries()) {
      const db = openForWriting(join(folder, `${name}-${place}.db`));
      const { unitsComputed, summary } = await run(db, job, inline, SILENT, shardsOf);
      results.push({ unitsComputed, summary, answers: answers(db) });
      db.close();
    }
    expect(results[1]).toEqual(results[0]);
    expect(results[0]?.answers).toHaveLength(48);
  });

  test.runIf(isThere)("refuses a shard that was made for another catalog", async () => {
    const executor = await made();
    const origin = { engineVersion: 1, catalogSource: "made up", catalogDate: "" };
    const shard = { catalog: "0".repeat(64), options: DEFAULT_OPTIONS, origin, documents: [], unused: [], units: [] };
    await expect(Promise.resolve().then(() => executor.refine(shard))).rejects.toThrow(/catalog/);
  });
});
