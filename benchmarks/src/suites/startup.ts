import { spawnSync } from "node:child_process";
import type { BenchCase } from "../measure/runner.ts";
import { PROGRAM } from "./job.ts";
import type { Suite } from "./suite.ts";

export const STARTUP_SUITE: Suite = {
  name: "startup",
  title: "Starting, beside `node -e 0`",
  columns: ["milliseconds", "floorSeconds", "ratio"],
  rounds: { quick: 11, full: 31 },
  cases: () => [
    startCase("leastwise --version", [PROGRAM, "--version"]),
    startCase("leastwise refine --help", [PROGRAM, "refine", "--help"]),
  ],
};

/** Beside the floor, a Node that does nothing. */
function startCase(name: string, args: readonly string[]): BenchCase {
  return {
    name,
    parameters: {},
    warmUp: 1,
    round: () => {
      const milliseconds = timeOf(args);
      const nothing = timeOf(["-e", "0"]);
      return { figures: { milliseconds, floorSeconds: nothing / 1000, ratio: milliseconds / nothing } };
    },
  };
}

/** Milliseconds from the start of a process to its end. */
function timeOf(args: readonly string[]): number {
  const start = performance.now();
  const { status } = spawnSync(process.execPath, args, { stdio: "ignore" });
  if (status !== 0) throw new Error(`${args.join(" ")} ended with ${status}`);
  return performance.now() - start;
}
