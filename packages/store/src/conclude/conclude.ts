import type { CatalogTrie } from "@leastwise/core";
import type { Connection } from "../database.ts";
import { chooseForms } from "../fit/choose-forms.ts";
import { makeQuestionIndexes } from "../question-indexes.ts";
import { findUntouched, forgetUntouched } from "../reuse/untouched.ts";
import { type Run, finishRun } from "../runs.ts";
import { type Summary, summarise } from "../summary.ts";
import { compareWithAws } from "./aws-comparisons.ts";
import { nameBlockers } from "./blockers.ts";
import { sumInlineSizes } from "./inline-sizes.ts";
import { fillTotals } from "./totals/totals.ts";

/**
 * What can be said only once every unit has its answer: which form is chosen where a policy was too large, what inline policies come to,
 * who blocks what in shared policies, our answers beside AWS's own, what many answers add up to, and what the run came to. Several
 * transactions, so that the write-ahead log stays small; each may be repeated, and the run is done with the last.
 *
 * @param now the moment, ISO 8601 in UTC
 */
export function conclude(db: Connection, run: Run, trie: CatalogTrie, now: string): Summary {
  makeQuestionIndexes(db);
  db.transaction(() => chooseForms(db, run))();
  const untouched = findUntouched(db, run);
  for (const step of [sumInlineSizes, nameBlockers]) db.transaction(() => step(db, run, untouched))();
  db.transaction(() => compareWithAws(db, run, trie))();
  fillTotals(db, run, trie, untouched);
  forgetUntouched(db);
  return db.transaction((): Summary => {
    const found = summarise(db, run.runId);
    finishRun(db, run, found, now);
    return found;
  })();
}
