/**
 * `npm run fuzz -- [--inputs 1000000] [--seed 1] [--target NAME] [--from N] [--allowance 10]`: gives every parser so many damaged inputs. An
 * input may be refused, with a code. It must not make a parser throw, end the process, or take longer than the allowance in seconds. Prints how many
 * inputs ended how; a fault is told with what runs that input alone. Ends with 1 where there is one.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Worker, isMainThread, parentPort, workerData } from "node:worker_threads";
import { type Fault, fuzz } from "./fuzz/fuzz-inputs.ts";
import { targetsIn } from "./fuzz/targets.ts";

interface Job {
  readonly target: string;
  readonly seed: number;
  readonly from: number;
  readonly count: number;
  readonly scratch: string;
  /** Which input is under way, and since when, in milliseconds since the process began. */
  readonly clock: SharedArrayBuffer;
}

interface Done {
  readonly outcomes: ReadonlyMap<string, number>;
  readonly faults: readonly Fault[];
}

if (isMainThread) await main();
else await work(workerData as Job); // `fuzzApart` has made it

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      inputs: { type: "string", default: "1000000" },
      seed: { type: "string", default: "1" },
      target: { type: "string" },
      from: { type: "string", default: "0" },
      allowance: { type: "string", default: "10" },
    },
  });
  const [inputs, seed, from, allowance] = [values.inputs, values.seed, values.from, values.allowance].map(Number);
  const scratch = mkdtempSync(join(tmpdir(), "leastwise-fuzz-"));
  const targets = targetsIn(scratch).filter(({ name }) => values.target === undefined || name === values.target);
  const isNumbers = [inputs, seed, from, allowance].every((number) => Number.isSafeInteger(number));
  if (targets.length === 0 || !isNumbers) {
    console.error("usage: fuzz [--inputs N] [--seed N] [--target NAME] [--from N] [--allowance SECONDS]");
    process.exitCode = 2;
    return;
  }
  const faults: Fault[] = [];
  const shares = targets.reduce((sum, { share }) => sum + share, 0);
  try {
    for (const { name, share } of targets) {
      const count = Math.ceil((inputs! * share) / shares); // parsed above, as the others
      const start = performance.now();
      const clock = new SharedArrayBuffer(16);
      const done = await fuzzApart({ target: name, seed: seed!, from: from!, count, scratch, clock }, allowance!);
      const seconds = ((performance.now() - start) / 1000).toFixed(0);
      const outcomes = [...done.outcomes].sort((a, b) => b[1] - a[1]).map(([outcome, times]) => `${outcome} ${times}`);
      console.log(`${name}: ${count} inputs, ${seconds} s, ${done.faults.length} faults\n  ${outcomes.join(", ")}`);
      faults.push(...done.faults);
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  for (const { target, index, reason } of faults.slice(0, 20))
    console.log(`fault: npm run fuzz -- --target ${target} --seed ${seed} --from ${index} --inputs 1\n${reason}`);
  if (faults.length > 0) process.exitCode = 1;
}

/** In a thread, which is ended where one input takes too long. */
async function fuzzApart(job: Job, allowance: number): Promise<Done> {
  const worker = new Worker(new URL(import.meta.url), { workerData: job });
  const clock = new Float64Array(job.clock);
  return new Promise((resolve) => {
    const fail = (reason: string): void => {
      clearInterval(timer);
      void worker.terminate();
      resolve({ outcomes: new Map(), faults: [{ target: job.target, index: clock[0] ?? job.from, reason }] });
    };
    const timer = setInterval(() => {
      if (clock[1] !== undefined && clock[1] > 0 && Date.now() - clock[1] > allowance * 1000)
        fail(`took longer than ${allowance} s`);
    }, 250);
    worker.once("message", (done: Done) => {
      clearInterval(timer);
      resolve(done);
    });
    worker.once("error", (error) => fail(`ended the thread: ${String(error)}`));
  });
}

async function work({ target: name, seed, from, count, scratch, clock: shared }: Job): Promise<void> {
  const target = targetsIn(scratch).find((one) => one.name === name)!; // the main thread knows it
  const clock = new Float64Array(shared);
  const done = await fuzz(target, { seed, from, count }, (index) => {
    clock[0] = index;
    clock[1] = Date.now();
  });
  parentPort?.postMessage(done); // eslint-disable-line unicorn/require-post-message-target-origin -- a port of worker_threads has no origin
}
