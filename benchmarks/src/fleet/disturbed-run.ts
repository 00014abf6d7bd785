import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import Database from "better-sqlite3";
import { pick, randomFrom } from "../random.ts";
import { type Program, begin } from "./program.ts";
import { startRedis } from "./redis.ts";

export interface Disturbances {
  readonly inputs: string;
  readonly db: string;
  /** Where Redis has its own. */
  readonly folder: string;
  readonly workers: number;
  /** Of workers, spread over the run. */
  readonly kills: number;
  readonly seed: number;
}

/** What became of the run. */
export interface DisturbedRun {
  readonly seconds: number;
  /** Of the coordinator, in the end. */
  readonly code: number | null;
  readonly workersKilled: number;
  readonly redisKilled: number;
  readonly coordinatorsKilled: number;
  /** Of the coordinator that lived: what its workers did for it. */
  readonly fleet: unknown;
}

/** In which share of the answers Redis and the coordinator are killed. */
const REDIS_AT = 0.3;
const COORDINATOR_AT = 0.6;

/** @param tell is told of each kill, for people */
export async function disturbedRun(plan: Disturbances, tell: (line: string) => void): Promise<DisturbedRun> {
  const { inputs, db, folder, workers: number, kills, seed } = plan;
  const redis = await startRedis(join(folder, "redis"));
  const random = randomFrom(seed);
  const worker = (): Program => begin(["worker", "--queue", redis.url, "--threads", "1", "--quiet"]);
  const coordinator = (): Program =>
    begin(["refine", inputs, "--db", db, "--queue", redis.url, "--json", "--in-flight", "32"]);
  const started = performance.now();
  const workers = Array.from({ length: number }, worker);
  const killed = { workers: 0, redis: 0, coordinators: 0 };
  let run = coordinator();
  let isOver = false;
  void run.ended.then(() => (isOver = true));
  /** So many answers are killed at, in turn. */
  const moments = Array.from({ length: kills }, () => random()).sort((a, b) => a - b);
  while (!isOver) {
    await wait(100);
    const done = shareOf(db);
    if (done === null) continue;
    if (killed.redis === 0 && done >= REDIS_AT) {
      killed.redis++;
      tell(`Redis at ${percent(done)}`);
      await redis.restart();
    }
    if (killed.coordinators === 0 && done >= COORDINATOR_AT && done < 1) {
      killed.coordinators++;
      tell(`the coordinator at ${percent(done)}`);
      run.child.kill("SIGKILL");
      await run.ended;
      run = coordinator();
      isOver = false;
      void run.ended.then(() => (isOver = true));
    }
    if (killed.workers < kills && done >= (moments[killed.workers] ?? 1)) {
      const victim = pick(random, workers);
      tell(`worker ${victim.child.pid} at ${percent(done)}`);
      killed.workers++;
      victim.child.kill("SIGKILL");
      workers[workers.indexOf(victim)] = worker();
    }
  }
  const { code, out, err } = await run.ended;
  if (out === "") throw new Error(`the coordinator ended with ${code}: ${err}`);
  for (const { child } of workers) child.kill("SIGKILL");
  await redis.stop();
  return {
    seconds: (performance.now() - started) / 1000,
    code,
    workersKilled: killed.workers,
    redisKilled: killed.redis,
    coordinatorsKilled: killed.coordinators,
    fleet: (JSON.parse(out) as { readonly fleet: unknown }).fleet, // as `refine --json` writes it
  };
}

/** Of the units of a run that is being refined, how many have an answer; null in any other stage. */
function shareOf(path: string): number | null {
  if (!existsSync(path)) return null;
  let db: Database.Database | undefined;
  try {
    db = new Database(path, { readonly: true });
    const row = db
      .prepare<[], { state: string; share: number | null }>(
        "SELECT state, (SELECT avg(state <> 'planned') FROM unit) AS share FROM run ORDER BY run_id DESC LIMIT 1",
      )
      .get();
    return row?.state === "execute" ? row.share : null;
  } catch {
    return null; // the tables are not there yet
  } finally {
    db?.close();
  }
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}
