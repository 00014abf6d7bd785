/**
 * The refining stage alone, with shards of any size. `node refine-stage.js plan INPUT DATABASE` stops a run once it is planned;
 * `node refine-stage.js refine DATABASE UNITS CHARACTERS THREADS` goes on with it up to the end of the stage and prints what that took.
 */
import { loadCatalog } from "@leastwise/catalog";
import type { RefinementOptions } from "@leastwise/core";
import { type Connection, type Run, beginRun, closeWriting, openForWriting } from "@leastwise/store";
import { readSettings } from "leastwise/dist/config/read-settings.js";
import { SILENT } from "leastwise/dist/progress.js";
import { run } from "leastwise/dist/run.js";
import { execute } from "leastwise/dist/stages/execute.js";
import { listInputs } from "leastwise/dist/stages/list-inputs.js";
import { type Executor, poolExecutor } from "leastwise/dist/workers/executor.js";
import { usualLimits } from "leastwise/dist/workers/worker-limits.js";
import { stopwatch } from "./measure/stopwatch.ts";

/** MB that a thread may have to parse at once: an account's file. */
const PARSED_MB = 16;

const [mode, ...rest] = process.argv.slice(2);
if (mode === "plan")
  await planOnly(...(rest as [string, string])); // two paths
else if (mode === "refine")
  await refineOnly(...(rest as [string, string, string, string])); // a path and three numbers
else throw new Error("usage: refine-stage plan INPUT DATABASE | refine DATABASE UNITS CHARACTERS THREADS");

async function planOnly(input: string, database: string): Promise<void> {
  const catalog = loadCatalog();
  const db = openForWriting(database);
  const pool = poolExecutor(catalog.trie.buffer as SharedArrayBuffer, 2, usualLimits(PARSED_MB)); // catalogs are opened in shared memory
  const stop = new Error("planned");
  const executor: Executor = { ...pool, refine: () => Promise.reject(stop) };
  const job = { files: listInputs([input]), catalog, settings: readSettings(undefined, process.cwd(), {}) };
  try {
    await run(db, job, executor, SILENT);
  } catch (error) {
    if (error !== stop) throw error;
  }
  closeWriting(db);
  await pool.close();
}

async function refineOnly(database: string, units: string, characters: string, threads: string): Promise<void> {
  const catalog = loadCatalog();
  const db = openForWriting(database);
  const pool = poolExecutor(catalog.trie.buffer as SharedArrayBuffer, Number(threads), usualLimits(PARSED_MB)); // as above
  const limits = { units: Number(units), characters: Number(characters) };
  const time = stopwatch();
  const done = await execute(db, unfinishedRun(db), pool, SILENT, "refining", () => limits);
  console.log(JSON.stringify({ units: done, ...time() }));
  closeWriting(db);
  await pool.close();
}

interface RunRow {
  readonly runKey: string;
  readonly toolVersion: string;
  readonly engineVersion: number;
  readonly catalogId: number;
  readonly settings: string;
  readonly options: string;
}

function unfinishedRun(db: Connection): Run {
  const row = db
    .prepare<[], RunRow>(
      `SELECT run_key AS runKey, tool_version AS toolVersion, engine_version AS engineVersion, catalog_id AS catalogId, settings,
              text AS options
       FROM run JOIN option_set USING (option_set_id) WHERE state <> 'done'`,
    )
    .get();
  if (row === undefined) throw new Error("no run is unfinished");
  return beginRun(db, { ...row, options: JSON.parse(row.options) as RefinementOptions }, new Date().toISOString()); // as the program wrote them
}
