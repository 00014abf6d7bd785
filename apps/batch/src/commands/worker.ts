import { availableParallelism, hostname } from "node:os";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { printable } from "../format/printable.ts";
import { count, duration } from "../progress.ts";
import { queueAddress } from "../queue/connection.ts";
import { openConnections } from "../queue/connections.ts";
import { ServedRuns } from "../queue/serve-runs.ts";
import type { Terminal } from "../terminal.ts";
import { usualLimits } from "../workers/worker-limits.ts";

export interface WorkerOptions {
  /** Absent where the environment does not say it either. */
  readonly queue?: string;
  readonly queuePrefix: string;
  readonly threads?: number;
  readonly workerMemory?: number;
  readonly taskSeconds?: number;
  readonly exitWhenIdle?: number;
  readonly quiet?: boolean;
}

/** What a thread remembers of a large organization takes 80; with half of this it collects garbage so often that it needs a fifth more time. */
const SERVING_MB = 256;
/** Twice of what threads of refine have: a shard comes as text, and is new twice over. Saves a sixth of the time. */
const SERVING_YOUNG_MB = 48;
const SIGNALS = { SIGINT: EXIT.interrupted, SIGTERM: EXIT.terminated } as const;
/** What is held is finished in this time, or given back. */
const FINISH_MS = 5000;
/** Then nothing holds it, whatever the server does; a shard that could not be given back is somebody else's in 15 s. */
const END_MS = 8000;
const IDLE_LOOK_MS = 250;
/** For saying why. */
const LAST_WORDS_MS = 1000;

/** `leastwise worker`: refines shards of any run that stands in the queue, until a signal ends it. This thread only renews locks. */
export async function workerCommand(options: WorkerOptions, terminal: Terminal): Promise<ExitCode> {
  const address = queueAddress(options.queue);
  const threads = options.threads ?? availableParallelism();
  const limits = {
    memoryMb: options.workerMemory ?? SERVING_MB,
    youngMb: SERVING_YOUNG_MB,
    taskSeconds: options.taskSeconds ?? usualLimits(0).taskSeconds, // nothing is read here
  };
  const tell = (line: string): void => {
    if (options.quiet !== true) terminal.err.write(`${printable(line)}\n`);
  };
  const serving: { runs?: ServedRuns } = {};
  const connections = await openConnections(address, {
    away: (reason) => tell(`the queue ${address.shown} is away (${reason}); this waits until it is back`),
    back: () => tell(`the queue ${address.shown} is back`),
    refused: (error) => serving.runs?.fail(error),
  });
  const worker = `${hostname()
    .replaceAll(/[^!-~]/g, "-")
    .slice(0, 180)}:${process.pid}`;
  const runs = new ServedRuns({
    client: connections.client,
    prefix: options.queuePrefix,
    worker,
    threads,
    limits,
    tell,
  });
  serving.runs = runs;
  const started = performance.now();
  const ended = endedBy(runs, options.exitWhenIdle);
  tell(`worker ${worker}: ${threads} threads at ${address.shown}`);
  try {
    const code = await Promise.race([ended.code, runs.serve()]);
    if (!(await isStopped(runs))) process.exit(code); // the server is away, and what waits for it would keep this process
    const { shards, units } = runs.served;
    tell(`${count(shards)} shards, ${count(units)} units in ${duration((performance.now() - started) / 1000)}`);
    return code;
  } catch (error) {
    runs.halt();
    setTimeout(() => process.exit(), LAST_WORDS_MS).unref(); // whatever waits for a server that does not let it in
    throw error;
  } finally {
    ended.forget();
    connections.end();
  }
}

/** What ends a worker: a signal, or that nothing was there to do for so long. */
function endedBy(runs: ServedRuns, idleSeconds: number | undefined): { code: Promise<ExitCode>; forget(): void } {
  let end: (code: ExitCode) => void;
  const code = new Promise<ExitCode>((resolve) => (end = resolve));
  const listeners = (["SIGINT", "SIGTERM"] as const).map((signal) => {
    const listener = (): void => {
      process.removeListener(signal, listener); // the second one ends it at once
      end(SIGNALS[signal]);
    };
    process.on(signal, listener);
    return (): void => void process.removeListener(signal, listener);
  });
  let done = 0;
  let since = performance.now();
  const timer = setInterval(() => {
    const { shards, held } = runs.served;
    if (held > 0 || shards !== done) since = performance.now();
    done = shards;
    if (idleSeconds !== undefined && performance.now() - since >= idleSeconds * 1000) end(EXIT.done);
  }, IDLE_LOOK_MS);
  return {
    code,
    forget: () => {
      clearInterval(timer);
      for (const forget of listeners) forget();
    },
  };
}

/** Finishes what is held, or gives it back. False where that took too long. */
async function isStopped(runs: ServedRuns): Promise<boolean> {
  const giveBack = setTimeout(() => runs.giveBack(), FINISH_MS);
  let late: NodeJS.Timeout | undefined;
  try {
    const stopping = runs.stop().then(() => true);
    return await Promise.race([
      stopping,
      new Promise<boolean>((resolve) => (late = setTimeout(() => resolve(false), END_MS))),
    ]);
  } finally {
    clearTimeout(giveBack);
    clearTimeout(late);
  }
}
