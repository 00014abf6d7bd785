/** Kills the main job at random moments and compares what it comes to: `npm run kills -- --kills 200 --seed 1`. Ends with 1 on any loss. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { killJobs } from "./kills/kill-jobs.ts";

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "200" },
    seed: { type: "string", default: "1" },
    accounts: { type: "string", default: "10" },
    records: { type: "string", default: "8000" },
    quiet: { type: "boolean", default: false },
  },
});
const folder = mkdtempSync(join(tmpdir(), "leastwise-kills-"));
try {
  const numbers = { kills: Number(values.kills), accounts: Number(values.accounts), records: Number(values.records) };
  const report = await killJobs({ ...numbers, seed: Number(values.seed), folder }, (line) => {
    if (!values.quiet) console.error(line);
  });
  console.log(JSON.stringify(report, undefined, 2));
  if (report.lost + report.twice + report.damaged + report.broken.length > 0) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
