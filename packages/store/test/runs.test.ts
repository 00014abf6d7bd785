import { expect, test } from "vitest";
import { enterState } from "../src/index.ts";
import {
  allowing,
  answered,
  file,
  newDatabase,
  newRun,
  planned,
  role,
  rows,
  temporaryFolder,
  withInline,
} from "./organization.ts";

const folder = temporaryFolder();
const LATER = "2026-11-22T00:00:00.000Z";

test("an interrupted run is gone on with, in the state it was left in", () => {
  const { db } = newDatabase(folder);
  const first = newRun(db, { runKey: "monday" });
  enterState(db, first, "plan", LATER);
  expect(first).toMatchObject({ resumed: false, state: "ingest" });
  expect(newRun(db, { runKey: "monday" })).toMatchObject({ runId: first.runId, resumed: true, state: "plan" });
  db.close();
});

test("another job does not go on with it, and neither does the same job once it is done", () => {
  const { db } = newDatabase(folder);
  const first = newRun(db, { runKey: "monday" });
  expect(newRun(db, { runKey: "tuesday" }).runId).not.toBe(first.runId);
  enterState(db, first, "done", LATER);
  expect(newRun(db, { runKey: "monday" })).toMatchObject({ resumed: false, state: "ingest" });
  expect(rows(db, "SELECT run_id, finished_at FROM runs WHERE finished_at IS NOT NULL")).toEqual([
    { run_id: first.runId, finished_at: LATER },
  ]);
  db.close();
});

test("people see the newest finished run, not one that is under way", () => {
  const { db } = newDatabase(folder);
  answered(
    db,
    planned(db, [file("monday.json", withInline(role("monday"), allowing("s3:GetObject")))], { runKey: "1" }),
  );
  planned(db, [file("tuesday.json", withInline(role("tuesday"), allowing("s3:GetObject")))], { runKey: "2" });
  expect(rows(db, "SELECT name FROM principals")).toEqual([{ name: "monday" }]);
  db.close();
});
