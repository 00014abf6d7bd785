import { protectionOf } from "@leastwise/core";
import type { Connection } from "../database.ts";
import { dropQuestionIndexes } from "../question-indexes.ts";
import { type Run, enterState } from "../runs.ts";
import { countUnits } from "../shard-reader.ts";
import { asOfDay, eventsSince } from "./as-of.ts";
import { diagnose } from "./diagnose.ts";
import { mapEventNames } from "./event-names.ts";
import { findIncompleteAccounts } from "./incomplete-accounts.ts";
import { PrincipalExclusions, leavePoliciesAlone } from "./left-alone.ts";
import type { PlanInput } from "./plan-input.ts";
import { resolveReferences } from "./references.ts";
import { planSharedPolicies } from "./shared-policies.ts";
import { UnusedSets } from "./unused-sets.ts";
import { planUnits } from "./units.ts";
import { UsageSettler } from "./usage-settler.ts";

/**
 * Turns what a run has read into units of work: what all evidence says of every principal's use, whom and what the run leaves alone,
 * the distinct pairs of document and U, and a recommendation for every attachment and shared policy that points to its pair. One
 * transaction, with the run's step to its next state: the run is planned or it is not.
 *
 * @param now the moment, ISO 8601 in UTC
 */
export function plan(db: Connection, run: Run, input: PlanInput, now: string): Run {
  return db.transaction((): Run => {
    const { settings, trie } = input;
    dropQuestionIndexes(db, run.runId);
    resolveReferences(db, run);
    mapEventNames(db, run, input.mapEvent);
    const asOf = asOfDay(db, run, settings);
    const since = eventsSince(asOf, settings);
    db.prepare("UPDATE run SET as_of = ?, events_since = ? WHERE run_id = ?").run(asOf, since, run.runId);
    const sets = new UnusedSets(db);
    const incomplete = findIncompleteAccounts(db, run);
    const protection = protectionOf(trie, settings.protected);
    const exclusions = new PrincipalExclusions(settings.exclude);
    const found = { ...input, asOf, eventsSince: since, protection, sets, incomplete };
    const settler = new UsageSettler(db, run, found, exclusions);
    settler.settleUsersAndRoles();
    settler.settleGroups();
    const idle = [...exclusions.idleRules(), ...leavePoliciesAlone(db, run, settings)];
    planUnits(db, run, sets);
    planSharedPolicies(db, run, sets, incomplete);
    countReused(db, run);
    diagnose(db, run, settings, idle);
    forgetPages(db, run);
    return enterState(db, run, "execute", now);
  })();
}

/** Said once, before anything is computed: a run that is interrupted afterwards must not count its own answers. */
function countReused(db: Connection, run: Run): void {
  const { asked, open } = countUnits(db, run);
  db.prepare("UPDATE run SET units_reused = ? WHERE run_id = ?").run(asked - open, run.runId);
}

/** Pages have been joined to reports. Emptying a table is quick, leaving the pages of an interrupted run in it is not. */
function forgetPages(db: Connection, { runId }: Run): void {
  const ofOthers = db.prepare<[number, number]>("SELECT 1 FROM usage_page WHERE run_id < ? OR run_id > ? LIMIT 1"); // both by the index
  if (ofOthers.get(runId, runId) === undefined) db.exec("DELETE FROM usage_page");
  else db.prepare("DELETE FROM usage_page WHERE run_id = ?").run(runId);
}
