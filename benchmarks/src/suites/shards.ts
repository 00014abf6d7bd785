import { fileURLToPath } from "node:url";
import type { BenchCase } from "../measure/runner.ts";
import { runNode } from "../measure/run-node.ts";
import type { Taken } from "../measure/stopwatch.ts";
import { threadsOfThis, usualShape } from "./end-to-end.ts";
import { floor } from "./job.ts";
import type { Suite } from "./suite.ts";
import type { Workshop } from "./workshop.ts";

const STAGE = fileURLToPath(new URL("../../dist/refine-stage.js", import.meta.url));
/** Units and thousands of characters; the program's own are 256 and 256 for a large run. */
const SIZES = [
  [16, 64],
  [64, 128],
  [256, 256],
  [1024, 512],
  [4096, 2048],
] as const;

export const SHARDS_SUITE: Suite = {
  name: "shards",
  title: "The refining stage alone, by what a shard may hold",
  columns: ["seconds", "cpuSeconds", "perSecond", "floorSeconds", "ratio", "cpuRatio", "peakMb"],
  rounds: { quick: 2, full: 2 },
  cases: (workshop) => SIZES.map(([units, thousands]) => shardsCase(workshop, units, 1024 * thousands)),
};

/** The floor here: inserting the rows that the stage adds or changes. */
function shardsCase(workshop: Workshop, units: number, characters: number): BenchCase {
  const threads = threadsOfThis();
  return {
    name: `${units} units, ${characters / 1024} Ki characters`,
    parameters: { threads, units, characters },
    round: async () => {
      const input = await workshop.organization(usualShape(workshop));
      const planned = await workshop.database("planned", async (path) => {
        await runNode([STAGE, "plan", input, path]);
      });
      const database = workshop.copyOf(planned, "refined");
      const limits = [units, characters, threads].map(String);
      const { out, peakMb } = await runNode([STAGE, "refine", database, ...limits]);
      const { seconds, cpuSeconds, units: done } = JSON.parse(out) as Taken & { readonly units: number }; // what refine-stage.ts prints
      const beneath = await floor(input, database, "--earlier", planned, "--rows-only");
      return {
        figures: {
          seconds,
          cpuSeconds,
          perSecond: done / seconds,
          floorSeconds: beneath.seconds,
          floorCpuSeconds: beneath.cpuSeconds,
          ratio: seconds / beneath.seconds,
          cpuRatio: cpuSeconds / beneath.cpuSeconds,
          units: done,
          peakMb,
        },
      };
    },
  };
}
