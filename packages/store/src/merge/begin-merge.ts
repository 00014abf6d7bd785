import { chmodSync, closeSync, copyFileSync, fsyncSync, openSync, renameSync, rmSync, statSync } from "node:fs";
import { optionsOf } from "@leastwise/core";
import { type Connection, closeWriting, explained, holdSnapshot, openForWriting } from "../database.ts";
import type { Run, RunState } from "../runs.ts";
import { MERGING, MERGING_UNCHECKED } from "../shares.ts";
import { type Part, isAskedByNoOther } from "./part.ts";

/**
 * Makes the database that a merge goes on from: a copy of a part, whose run has no answer any more, not even the part's own, so that each is
 * taken over and checked like those of all others. It has its name once it is complete. O(size of the part).
 *
 * @throws StoreError `database-io`
 */
export function beginMerge({ db: part, path, run: { runId } }: Part, target: string): void {
  const draft = `${target}-draft`;
  removeDraft(draft); // of a merge that was killed
  try {
    copy(part, path, draft);
    takeAnswersOut(draft, runId);
    renameSync(draft, target);
  } catch (error) {
    removeDraft(draft);
    throw explained(error, target);
  }
}

/** Nobody can write to the part meanwhile. */
function copy(part: Connection, path: string, draft: string): void {
  holdSnapshot(part);
  try {
    part.prepare("SELECT 1 FROM run").get(); // takes the lock
    copyFileSync(path, draft);
    chmodSync(draft, statSync(path).mode | OWNER_WRITES);
  } finally {
    part.exec("COMMIT");
  }
  sync(draft);
}

function takeAnswersOut(draft: string, runId: number): void {
  const db = openForWriting(draft);
  try {
    db.transaction(() => {
      db.prepare(ASKED).run({ runId });
      for (const sql of WITHOUT_ANSWERS) db.exec(sql);
      db.prepare("UPDATE run SET share = ? WHERE run_id = ?").run(MERGING, runId);
    })();
    closeWriting(db);
  } finally {
    if (db.open) db.close();
  }
}

function removeDraft(draft: string): void {
  for (const suffix of ["", "-wal", "-shm", "-journal"]) rmSync(draft + suffix, { force: true });
}

/** The run that is being merged in this database; undefined where its newest run is none. */
export function readMergingRun(db: Connection): Run | undefined {
  const row = db
    .prepare<[string, string], MergingRow>(
      `SELECT r.run_id AS runId, r.state, r.run_key AS runKey, r.tool_version AS toolVersion, r.engine_version AS engineVersion,
              r.catalog_id AS catalogId, r.option_set_id AS optionSetId, o.text AS optionsText, r.settings, r.rules_key AS rulesKey
       FROM run r JOIN option_set o USING (option_set_id)
       WHERE r.share IN (?, ?) AND r.run_id = (SELECT max(run_id) FROM run)`,
    )
    .get(MERGING, MERGING_UNCHECKED);
  if (row === undefined) return undefined;
  const { optionsText, ...told } = row;
  const options = optionsOf(optionsText)!; // its parts have been compared with each other, and one of them was planned with it
  return { ...told, options, baseRunId: null, resumed: true }; // totals are made anew, whatever an earlier run says
}

/** Says in the database that answers may stand in it from now on that nobody has held against their questions. */
export function allowUnchecked(db: Connection, { runId }: Pick<Run, "runId">): void {
  db.prepare("UPDATE run SET share = ? WHERE run_id = ?").run(MERGING_UNCHECKED, runId);
}

interface MergingRow extends Omit<Run, "options" | "resumed" | "baseRunId" | "state"> {
  readonly state: RunState;
  readonly optionsText: string;
}

/** A part may be one that nobody is to write to. */
const OWNER_WRITES = 0o600;

/** The questions that the run begins with. */
const ASKED = `CREATE TEMP TABLE asked_unit AS
  SELECT $runId AS run_id, unit_id FROM recommendation WHERE run_id = $runId
  UNION SELECT $runId, unit_id FROM policy_recommendation WHERE run_id = $runId`;

/**
 * What documents grant goes too, since it came with the answers; and with the ladder, which is climbed anew, the units that nobody else asks
 * for. Those that a run before asks for as well stay, and are checked as its answers.
 */
const WITHOUT_ANSWERS = [
  `CREATE TEMP TABLE own_rung AS SELECT unit_id FROM rung r
     WHERE run_id = (SELECT run_id FROM temp.asked_unit) AND ${isAskedByNoOther("r.unit_id", "r.run_id")}`,
  `CREATE TEMP TABLE asked_document AS
     SELECT document_id FROM (SELECT unit_id FROM temp.asked_unit UNION SELECT unit_id FROM temp.own_rung) JOIN unit USING (unit_id)
     UNION SELECT final_document_id FROM (SELECT unit_id FROM temp.asked_unit UNION SELECT unit_id FROM temp.own_rung)
       JOIN unit USING (unit_id) WHERE final_document_id IS NOT NULL`,
  "DELETE FROM unit_change WHERE unit_id IN (SELECT unit_id FROM temp.asked_unit UNION ALL SELECT unit_id FROM temp.own_rung)",
  `UPDATE unit SET state = 'planned', recommended_action = NULL, final_document_id = NULL, actions_before = NULL, actions_removed = NULL,
     unknown_actions = NULL, certificate = NULL, failure_code = NULL, failure = NULL
   WHERE unit_id IN (SELECT unit_id FROM temp.asked_unit)`,
  `DELETE FROM grant_set WHERE catalog_id IN (SELECT catalog_id FROM temp.asked_unit JOIN run USING (run_id))
     AND document_id IN (SELECT document_id FROM temp.asked_document)`,
  "DELETE FROM document_shape WHERE document_id IN (SELECT document_id FROM temp.asked_document)",
  "DELETE FROM rung WHERE run_id = (SELECT run_id FROM temp.asked_unit)",
  ...["unit_part", "unit_split", "unit"].map(
    (table) => `DELETE FROM ${table} WHERE unit_id IN (SELECT unit_id FROM temp.own_rung)`,
  ),
  "DROP TABLE temp.asked_document",
  "DROP TABLE temp.own_rung",
  "DROP TABLE temp.asked_unit",
] as const;

/** To the disk, as SQLite does with what it writes itself. */
function sync(path: string): void {
  const file = openSync(path, "r+");
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
