/**
 * `npm run prove -- --minutes 30`: engine, reference and verifier against each other and against every law, on real documents
 * and on cases made up for the time given. See `--help`.
 */
import { randomInt } from "node:crypto";
import { relative } from "node:path";
import process from "node:process";
import { COUNTEREXAMPLES, writeCounterexample } from "../counterexample.ts";
import { describeFinding } from "../describe.ts";
import type { Finding } from "../search.ts";
import { type Options, USAGE, readOptions } from "./options.ts";
import { Queue } from "./queue.ts";
import { runOnThreads } from "./threads.ts";
import { addTo, noTotals, progressLine, summary } from "./totals.ts";

const PROGRESS_MS = 15_000;
const REPLAY = "npx vitest run packages/conformance/test/counterexamples.test.ts";

const options = readOptions(process.argv.slice(2), randomInt(2 ** 30));
if (options === "help") process.stdout.write(USAGE);
else if (typeof options === "string") {
  process.stderr.write(`${options}\n\n${USAGE}`);
  process.exitCode = 2;
} else process.exitCode = (await prove(options)) === 0 ? 0 : 1;

/** How many questions broke something. */
async function prove(asked: Options): Promise<number> {
  say(
    `seed ${asked.seed}, ${asked.threads} threads, node ${process.version}; the same again with --seed ${asked.seed}`,
  );
  const start = performance.now();
  const seconds = (): number => (performance.now() - start) / 1000;
  const totals = noTotals();
  const queue = new Queue(asked, () => performance.now());
  const progress = setInterval(() => say(progressLine(totals, seconds())), PROGRESS_MS);
  process.once("SIGINT", () => queue.stop());
  const next = queue.next.bind(queue);
  await runOnThreads(asked.threads, next, (task, result) => {
    addTo(totals, task, result);
    for (const finding of result.findings) {
      say(`\n${describeFinding(finding, REPLAY)}\n${kept(finding, task.seed)}\n`);
    }
  });
  clearInterval(progress);
  say(`${progressLine(totals, seconds())}\n\n${summary(totals, seconds(), queue.caseSeconds())}`);
  return totals.broken;
}

/** Where a finding is kept, or why it is not: it has been shown, and the search goes on. */
function kept(finding: Finding, seed: number): string {
  try {
    const path = writeCounterexample(COUNTEREXAMPLES, finding, seed, new Date().toISOString().slice(0, 10));
    return `kept in:\n  ${relative(process.cwd(), path)}`;
  } catch (error) {
    return `not kept: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
