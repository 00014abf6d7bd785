import { getHeapStatistics } from "node:v8";
import { Worker } from "node:worker_threads";
import { EXIT, type ExitCode } from "./exit-code.ts";
import { type Terminal, terminalFacts } from "./terminal.ts";

/** What ends the program in good order, and the exit codes that shells give to what dies of them. */
const SIGNALS = { SIGINT: EXIT.interrupted, SIGTERM: EXIT.terminated } as const;

/** A thread that is in the middle of a long statement of SQL, or of parsing, does not end before that. */
const PATIENCE_MS = 500;

/**
 * Heap of the thread in MB. What it holds does not grow with the organization, but V8 lets garbage pile up to four times that where a heap may have
 * a gigabyte and more, and to twice that where it may not.
 */
const HEAP_MB = 1000;

/**
 * What heap the thread may have, in MB: as little as it needs, unless somebody has said how much Node may take.
 *
 * @param said options of Node, each alone or many in one text
 * @param mostMb what they came to
 */
export function heapMb(said: readonly string[], mostMb: number): number {
  const isSaid = said.some((options) => /--max[-_]old[-_]space[-_]size/.test(options));
  return isSaid ? mostMb : Math.min(mostMb, HEAP_MB);
}

/**
 * Runs this program's command in a thread of its own: one statement of SQL may take a minute, and this thread hears signals meanwhile.
 * It says how to go on and ends, in half a second at the most: with the exit code of the signal where the thread ends in time, else by the
 * signal itself, for which a shell has the same code. What has been committed stays either way.
 *
 * @param report says what the thread has died of, and gives the exit code
 */
export function runInThread(screen: Terminal, report: (error: unknown) => ExitCode): void {
  const said = [...process.execArgv, process.env["NODE_OPTIONS"] ?? ""];
  const mostMb = Math.floor(getHeapStatistics().heap_size_limit / 1024 / 1024); // of this thread
  const thread = new Worker(new URL("./main.js", import.meta.url), {
    argv: process.argv.slice(2),
    workerData: terminalFacts(screen),
    resourceLimits: { maxOldGenerationSizeMb: heapMb(said, mostMb) },
  });
  thread.once("error", (error) => (process.exitCode = report(error)));
  thread.once("exit", (code) => (process.exitCode ??= code));
  const interrupt = (signal: keyof typeof SIGNALS): void => {
    process.exitCode = SIGNALS[signal];
    screen.err.write(
      `${screen.err.isTTY ? "\r\u001B[2K" : ""}interrupted: what was done is kept; run the same command again to go on\n`,
    );
    setTimeout(() => process.kill(process.pid, signal), PATIENCE_MS).unref(); // nobody listens to it any more
    void thread.terminate();
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, interrupt);
}
