import { DEFAULT_OPTIONS, type RefinementOptions, optionsText } from "@leastwise/core";
import { describe, expect, test } from "vitest";
import { StoredResults, enterState } from "../src/index.ts";
import {
  allowing,
  answered,
  file,
  newDatabase,
  newRun,
  openShards,
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

describe("the options of runs", () => {
  const byName: RefinementOptions = {
    granularity: "word",
    services: [
      ["s3", "exact"],
      ["sqs", "exact"],
    ],
    keptSids: ["Keep"],
  };

  test("are one set for all that say the same, whoever writes them in which order", () => {
    const { db } = newDatabase(folder);
    const sets = [DEFAULT_OPTIONS, byName, { ...byName, services: byName.services.toReversed() }, DEFAULT_OPTIONS];
    const ids = sets.map((options, i) => newRun(db, { runKey: String(i), options }).optionSetId);
    expect(ids).toEqual([1, 2, 2, 1]);
    expect(rows(db, "SELECT text FROM option_set ORDER BY option_set_id")).toEqual([
      { text: '{"granularity":"word","services":[],"keptSids":[]}' },
      { text: '{"granularity":"word","services":[["s3","exact"],["sqs","exact"]],"keptSids":["Keep"]}' },
    ]);
    db.close();
  });

  test("are those of a run that is gone on with, and nothing new is written for it", () => {
    const { db } = newDatabase(folder);
    const first = newRun(db, { options: byName });
    expect(newRun(db, { options: byName })).toMatchObject({ resumed: true, optionSetId: first.optionSetId });
    expect(rows(db, "SELECT count(*) AS sets FROM option_set")).toEqual([{ sets: 1 }]);
    db.close();
  });

  test("go to the units and with the shards, and people see the granularity and all settings", () => {
    const { db } = newDatabase(folder);
    const settings = JSON.stringify({ refinement: byName });
    const said = [file("export.json", withInline(role("a"), allowing("s3:GetObject")))];
    const run = planned(db, said, { options: { ...byName, granularity: "exact", services: [] }, settings });
    expect(openShards(db, run).map(({ shard }) => shard.options)).toEqual([
      { granularity: "exact", services: [], keptSids: ["Keep"] },
    ]);
    expect(rows(db, "SELECT DISTINCT option_set_id FROM unit")).toEqual([{ option_set_id: run.optionSetId }]);
    expect(rows(db, "SELECT granularity, settings FROM runs")).toEqual([{ granularity: "exact", settings }]);
    expect(rows(db, "SELECT granularity FROM recommendations")).toEqual([{ granularity: "exact" }]);
    db.close();
  });

  test("are read back as they stand, also those that no result refers to", () => {
    const { db } = newDatabase(folder);
    answered(db, planned(db, [file("export.json", withInline(role("a"), allowing("s3:GetObject")))]));
    newRun(db, { runKey: "without a unit", options: byName });
    const stored = new StoredResults(db);
    const [result] = stored.results(stored.answered());
    expect(stored.options(result?.optionSetId ?? 0)).toMatchObject({ text: optionsText(DEFAULT_OPTIONS) });
    expect(stored.options(99)).toBeUndefined();
    expect([...stored.unreferenced()].filter(({ what }) => what === "option set")).toMatchObject([
      { text: optionsText(byName), characters: 0 },
    ]);
    db.close();
  });
});
