/**
 * What a queue costs: the same run on two threads of one process, and through Redis by a worker with two threads on the same machine:
 * `npm run bench:queue -- --attachments 20000 --rounds 3`. Prints JSON.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { cpuOf } from "./fleet/cpu-of.ts";
import { begin } from "./fleet/program.ts";
import { startRedis } from "./fleet/redis.ts";
import { commitOf, thisMachine } from "./measure/machine.ts";
import { type Spread, spreadOf } from "./measure/spread.ts";
import { LOG_NORMAL } from "./organization/shape.ts";
import { writeOrganization } from "./organization/write-organization.ts";

const { values } = parseArgs({
  options: {
    attachments: { type: "string", default: "20000" },
    rounds: { type: "string", default: "3" },
    threads: { type: "string", default: "2" },
    seed: { type: "string", default: "1" },
    "check-outcomes": { type: "string", default: "5" },
  },
});

/**
 * Of the refining stage and of the whole command by the clock; and of the processor by all processes together, which on cores that are busy
 * throughout comes to the same and does not depend on who else is busy. In seconds.
 */
interface Round {
  readonly refining: number;
  readonly whole: number;
  readonly cpu: number;
}

/** As `refine --json` says it. */
interface Told {
  readonly seconds: number;
  readonly stages: readonly { readonly stage: string; readonly seconds: number; readonly cpuSeconds: number }[];
}

const folder = mkdtempSync(join(tmpdir(), "leastwise-queue-"));
const redis = await startRedis(join(folder, "redis"));
try {
  const inputs = join(folder, "inputs");
  await writeOrganization(inputs, {
    ...LOG_NORMAL,
    attachments: Number(values.attachments),
    seed: Number(values.seed),
  });
  const worker = begin(["worker", "--queue", redis.url, "--threads", values.threads, "--quiet"]);
  const rounds: Record<"pool" | "queue", Round[]> = { pool: [], queue: [] };
  for (let i = 0; i < Number(values.rounds); i++) {
    rounds.pool.push(await round(`pool-${i}.db`));
    rounds.queue.push(await round(`queue-${i}.db`, "--queue", redis.url, "--check-outcomes", values["check-outcomes"]));
  }
  worker.child.kill("SIGTERM");
  await worker.ended;
  const [pool, queue] = [figuresOf(rounds.pool), figuresOf(rounds.queue)];
  const overhead = {
    refining: queue.refining.median / pool.refining.median - 1,
    whole: queue.whole.median / pool.whole.median - 1,
    cpu: queue.cpu.median / pool.cpu.median - 1,
  };
  const { attachments, threads } = values;
  const commit = commitOf(import.meta.dirname);
  console.log(
    JSON.stringify({ attachments, threads, pool, queue, overhead, machine: thisMachine(), commit }, undefined, 2),
  );

  async function round(name: string, ...args: readonly string[]): Promise<Round> {
    const db = join(folder, name);
    const before = cpuOf(worker.child.pid ?? 0) + cpuOf(redis.pid());
    const { code, out, err } = await begin([
      "refine",
      inputs,
      "--db",
      db,
      "--threads",
      values.threads,
      "--json",
      ...args,
    ]).ended;
    if (code !== 0 && code !== 3) throw new Error(`refine ended with ${code}: ${err}`);
    rmSync(db);
    const elsewhere = cpuOf(worker.child.pid ?? 0) + cpuOf(redis.pid()) - before;
    const { seconds: whole, stages } = JSON.parse(out) as Told;
    const stage = stages.find((one) => one.stage === "refining");
    const [refining, cpu] = [stage?.seconds ?? 0, (stage?.cpuSeconds ?? 0) + elsewhere];
    console.error(
      `${name}: refining ${refining.toFixed(2)} s, CPU ${cpu.toFixed(2)} s (${elsewhere.toFixed(2)} elsewhere), whole ${whole.toFixed(2)} s`,
    );
    return { refining, whole, cpu };
  }
} finally {
  await redis.stop();
  rmSync(folder, { recursive: true, force: true });
}

function figuresOf(rounds: readonly Round[]): Readonly<Record<keyof Round, Spread>> {
  return {
    refining: spreadOf(rounds.map(({ refining }) => refining)),
    whole: spreadOf(rounds.map(({ whole }) => whole)),
    cpu: spreadOf(rounds.map(({ cpu }) => cpu)),
  };
}
