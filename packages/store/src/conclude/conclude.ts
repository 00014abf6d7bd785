import type { CatalogTrie } from "@leastwise/core";
import type { Connection } from "../database.ts";
import { chooseForms } from "../fit/choose-forms.ts";
import { makeQuestionIndexes } from "../question-indexes.ts";
import { type Run, finishRun } from "../runs.ts";
import { type Summary, summarise } from "../summary.ts";
import { compareWithAws } from "./aws-comparisons.ts";
import { nameBlockers } from "./blockers.ts";
import { sumInlineSizes } from "./inline-sizes.ts";
import { fillTotals } from "./totals/totals.ts";

/**
 * What can be said only once every unit has its answer: which form is chosen where a policy was too large, what inline policies come to,
 * who blocks what in shared policies, our answers beside AWS's own, what many answers add up to, and what the run came to. One
 * transaction, with the run's step to its last state: it is all said, or the run is not done.
 *
 * @param now the moment, ISO 8601 in UTC
 */
export function conclude(db: Connection, run: Run, trie: CatalogTrie, now: string): Summary {
  return db.transaction((): Summary => {
    makeQuestionIndexes(db);
    chooseForms(db, run);
    sumInlineSizes(db, run);
    nameBlockers(db, run);
    compareWithAws(db, run, trie);
    fillTotals(db, run, trie);
    const found = summarise(db, run.runId);
    finishRun(db, run, found, now);
    return found;
  })();
}
