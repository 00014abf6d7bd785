import { type UsageOutcome, protectionOf } from "@leastwise/core";
import type { Connection } from "../database.ts";
import { dropQuestionIndexes } from "../question-indexes.ts";
import { TakeOver } from "../reuse/take-over.ts";
import { type Run, enterState } from "../runs.ts";
import { countUnits } from "../shard-reader.ts";
import { asOfDay, eventsSince } from "./as-of.ts";
import { decideAwsPolicies } from "./aws-policies.ts";
import { diagnose, diagnoseUnsettled } from "./diagnose.ts";
import { mapEventNames } from "./event-names.ts";
import { GroupSettler } from "./group-settler.ts";
import { findIncompleteAccounts } from "./incomplete-accounts.ts";
import { type Excludable, PrincipalExclusions, leavePoliciesAlone } from "./left-alone.ts";
import type { PlanInput } from "./plan-input.ts";
import { PrincipalWriter } from "./principal-writer.ts";
import { resolveReferences } from "./references.ts";
import { planSharedPolicies } from "./shared-policies.ts";
import { UnusedPrincipals } from "./unused-principals.ts";
import { UnusedSets } from "./unused-sets.ts";
import { planUnits } from "./units.ts";
import {
  BATCH_LIMITS,
  type BatchLimits,
  type BatchSettings,
  type PlannedBatch,
  readUsageBatches,
} from "./usage-batches.ts";

/**
 * Turns what a run has read into units of work: what all evidence says of every principal's use, whom and what the run leaves alone,
 * the distinct pairs of document and U, and a recommendation for every attachment and shared policy that points to its pair.
 *
 * One transaction, from the making of a Plan to `finish`, which takes the run to its next state: the run is planned or it is not. Nothing
 * else may use the connection meanwhile.
 *
 * - `batches` are to be settled (core's `settleBatch`), wherever that is done, several at a time.
 * - `keep` takes what came of each, in their order: ids come from that order.
 * - `abandon` takes everything back.
 */
export class Plan {
  readonly #db: Connection;
  readonly #run: Run;
  readonly #input: PlanInput;
  readonly #exclusions: PrincipalExclusions;
  readonly #sets: UnusedSets;
  readonly #asOf: string;
  readonly #eventsSince: string;
  readonly #incomplete: ReadonlySet<string>;
  readonly #writer: PrincipalWriter;
  readonly #unused: UnusedPrincipals;
  readonly #takeOver: TakeOver;

  constructor(db: Connection, run: Run, input: PlanInput) {
    const { settings } = input;
    this.#db = db;
    this.#run = run;
    this.#input = input;
    this.#exclusions = new PrincipalExclusions(settings.exclude);
    this.#sets = new UnusedSets(db);
    if (run.baseRunId !== null) db.pragma("foreign_keys = OFF"); // what is taken over refers to what the base refers to: 0.4 s of 100,000 attachments
    db.exec("BEGIN IMMEDIATE");
    try {
      dropQuestionIndexes(db, run.runId);
      this.#takeOver = new TakeOver(db, run);
      this.#takeOver.facts();
      decideAwsPolicies(db, run);
      this.#takeOver.redecide();
      resolveReferences(db, run);
      mapEventNames(db, run, input.mapEvent);
      this.#asOf = asOfDay(db, run, settings);
      this.#eventsSince = eventsSince(this.#asOf, settings);
      const keepDays = db.prepare("UPDATE run SET as_of = ?, events_since = ? WHERE run_id = ?");
      keepDays.run(this.#asOf, this.#eventsSince, run.runId);
      this.#incomplete = findIncompleteAccounts(db, run);
      this.#writer = new PrincipalWriter(db, run, settings, this.#sets, this.#exclusions);
      this.#unused = new UnusedPrincipals(db, run.runId, this.#asOf, settings.windows);
    } catch (error) {
      this.abandon();
      throw error;
    }
  }

  /** How many principals `batches` will give: those of accounts that are taken over are settled. */
  countPrincipals(): number {
    const count = this.#db.prepare<[number], number>(
      "SELECT count(*) FROM run_principal JOIN principal USING (principal_id) WHERE run_id = ? AND kind <> 'group' AND evidence IS NULL",
    );
    return count.pluck().get(this.#run.runId)!; // a count is one row
  }

  /** Users and roles with what the inputs say of their use. */
  batches(limits: BatchLimits = BATCH_LIMITS): Generator<PlannedBatch> {
    return readUsageBatches(this.#db, this.#run, this.#batchSettings(), this.#eventsSince, limits);
  }

  keep({ principals }: PlannedBatch, rows: readonly UsageOutcome[]): void {
    for (const [place, principal] of principals.entries()) {
      const row = rows[place]!; // as many as principals
      this.#writer.write(principal, row, row.failure === undefined ? this.#unused.saidBy(principal, row) : null);
      if (row.failure !== undefined) diagnoseUnsettled(this.#db, this.#run, principal.arn, row.failure);
    }
  }

  /** @param now the moment, ISO 8601 in UTC */
  finish(now: string): Run {
    const [db, run, { settings, trie, tracked }] = [this.#db, this.#run, this.#input];
    const [sets, incomplete] = [this.#sets, this.#incomplete];
    const protection = protectionOf(trie, settings.protected);
    const forGroups = { trie, tracked, settings: this.#batchSettings(), protection, sets, incomplete };
    new GroupSettler(db, run, { ...forGroups, eventsSince: this.#eventsSince }).settleAll(this.#writer);
    this.#exclusions.meet(readTakenOver(db, run));
    const idle = [...this.#exclusions.idleRules(), ...leavePoliciesAlone(db, run, settings)];
    planUnits(db, run, sets);
    planSharedPolicies(db, run, sets, incomplete);
    this.#takeOver.answers();
    countReused(db, run);
    diagnose(db, run, settings, idle);
    forgetPages(db, run);
    this.#takeOver.end();
    const planned = enterState(db, run, "execute", now);
    db.exec("COMMIT");
    db.pragma("foreign_keys = ON");
    return planned;
  }

  /** Leaves everything as it was before; after an error that has ended the transaction already, nothing is left to do. */
  abandon(): void {
    if (this.#db.inTransaction) this.#db.exec("ROLLBACK");
    this.#db.pragma("foreign_keys = ON");
  }

  #batchSettings(): BatchSettings {
    const { windows, maxAge, minAge, protected: kept } = this.#input.settings;
    return { judgement: { windows, maxAge, minAge, asOf: this.#asOf }, protected: kept };
  }
}

/** Principals whose account is taken over. Nothing is read before the first is asked for. */
function* readTakenOver(db: Connection, { runId }: Run): Generator<Excludable> {
  yield* db
    .prepare<[number], Excludable>(
      `SELECT p.arn, p.account_id, p.name, p.path, rp.tags FROM temp.closed_principal
       JOIN principal p USING (principal_id) JOIN run_principal rp USING (principal_id) WHERE rp.run_id = ?`,
    )
    .iterate(runId);
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
