/**
 * A run on a fleet whose workers are killed at random, whose Redis is ended once without warning and whose coordinator is killed once, beside
 * the same run undisturbed in one process: `npm run fleet -- --attachments 100000 --seed 1`. Ends with 1 where they come to different things.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { disturbedRun } from "./fleet/disturbed-run.ts";
import { begin } from "./fleet/program.ts";
import { contentOf } from "./kills/content.ts";
import { LOG_NORMAL } from "./organization/shape.ts";
import { writeOrganization } from "./organization/write-organization.ts";

const { values } = parseArgs({
  options: {
    attachments: { type: "string", default: "100000" },
    workers: { type: "string", default: "3" },
    kills: { type: "string", default: "6" },
    seed: { type: "string", default: "1" },
  },
});

const folder = mkdtempSync(join(tmpdir(), "leastwise-fleet-"));
try {
  const inputs = join(folder, "inputs");
  const [attachments, seed] = [Number(values.attachments), Number(values.seed)];
  await writeOrganization(inputs, { ...LOG_NORMAL, attachments, seed });
  const plain = join(folder, "plain.db");
  const started = performance.now();
  const { code, err } = await begin(["refine", inputs, "--db", plain, "--quiet"]).ended;
  if (code !== 0 && code !== 3) throw new Error(`the undisturbed run ended with ${code}: ${err}`);
  const undisturbedSeconds = (performance.now() - started) / 1000;
  const db = join(folder, "fleet.db");
  const plan = { inputs, db, folder, workers: Number(values.workers), kills: Number(values.kills), seed };
  const report = await disturbedRun(plan, (line) => console.error(line));
  const [expected, found] = [contentOf(plain), contentOf(db)];
  const isSame = found.sha256 === expected.sha256 && found.integrity === "ok" && found.lost === 0;
  console.log(
    JSON.stringify({ attachments, undisturbedSeconds, ...report, isSame, sha256: found.sha256 }, undefined, 2),
  );
  if (!isSame || report.code !== code) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
