/** A job that is disturbed in every way comes to what an undisturbed one comes to. `npm run kills` does the same 200 times. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { expect, test } from "vitest";
import { contentOf } from "../src/kills/content.ts";
import { killJobs } from "../src/kills/kill-jobs.ts";
import { temporaryFolder } from "./folder.ts";

const folder = temporaryFolder();

test("killed four times at random moments: nothing lost, nothing twice, nothing damaged", async () => {
  const moments: string[] = [];
  const plan = { kills: 4, accounts: 3, records: 200, seed: Math.floor(Math.random() * 2 ** 31), folder };
  const report = await killJobs(plan, (line) => moments.push(line));
  expect(report, `seed ${plan.seed}: ${moments.join("; ")}`).toMatchObject({
    lost: 0,
    twice: 0,
    damaged: 0,
    broken: [],
  });
  expect(report.jobs - report.compared).toBeLessThanOrEqual(report.kills.rival); // only what had a rival may be left out
  expect(
    Object.values(report.kills).reduce((sum, n) => sum + n, 0),
    `seed ${plan.seed}: ${moments.join("; ")}`,
  ).toBeGreaterThanOrEqual(4);
}, 120_000);

test("what is compared notices a row that is lost, changed or there twice", () => {
  const content = contentOf(join(folder, "undisturbed.db"));
  expect(content).toMatchObject({ integrity: "ok", lost: 0 });
  const changed = (sql: string): ReturnType<typeof contentOf> => {
    const path = join(folder, "changed.db");
    const whole = new Database(join(folder, "undisturbed.db"));
    writeFileSync(path, whole.serialize());
    whole.close();
    const db = new Database(path);
    db.pragma("foreign_keys = OFF");
    db.exec(sql);
    db.close();
    return contentOf(path);
  };
  expect(changed("UPDATE run SET started_at = '2000-01-01'").sha256).toBe(content.sha256); // a run's own time is no content
  expect(changed("UPDATE unit SET certificate = 'x' WHERE unit_id = 1").sha256).not.toBe(content.sha256);
  expect(
    changed("DELETE FROM recommendation WHERE principal_id = (SELECT min(principal_id) FROM recommendation)").lost,
  ).toBeGreaterThan(0);
  expect(changed("UPDATE unit SET state = 'planned' WHERE unit_id = 2").lost).toBe(1);
  expect(changed("DELETE FROM principal").integrity).not.toBe("ok");
});
