import type { Connection } from "./database.ts";
import { QUESTION_INDEXES } from "./schema/question-indexes.ts";

/** A run of fewer attachments writes through the indexes: that takes no longer. */
const WORTH_DROPPING = 20_000;

/**
 * Before the first large run of a database writes its results: drops the indexes that only serve questions. Once a run has ended they
 * stay, since people ask about it while the next one is under way.
 */
export function dropQuestionIndexes(db: Connection, runId: number, worthwhile: number = WORTH_DROPPING): void {
  if (db.prepare("SELECT 1 FROM run WHERE state = 'done'").get() !== undefined) return;
  const attachments = db
    .prepare<[number], number>("SELECT count(*) FROM attachment WHERE run_id = ?")
    .pluck()
    .get(runId);
  if ((attachments ?? 0) < worthwhile) return;
  for (const { name } of QUESTION_INDEXES) db.exec(`DROP INDEX IF EXISTS ${name}`); // the names are the program's own
}

/** Makes those that are not there. */
export function makeQuestionIndexes(db: Connection): void {
  for (const { sql } of QUESTION_INDEXES) db.exec(sql);
}
