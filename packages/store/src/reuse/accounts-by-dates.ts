import { type PlanSettings, daysBefore } from "@leastwise/core";
import type { Connection } from "../database.ts";
import { eventsSince } from "../plan/as-of.ts";
import type { Run } from "../runs.ts";
import { accountOfSql } from "./account-of.ts";

/** What of the base run is unchanged, as far as is known. */
export interface Unchanged {
  readonly closed: readonly string[];
  /** Ids of the base's inputs. */
  readonly kept: readonly number[];
}

/**
 * Of the closed accounts those whose results could be others on the run's day than on that of its base (SEMANTICS 7): where a role's last
 * use leaves the window, or an event, or a report without a date is judged. All that could, so some in which nothing changes. None where
 * both runs have the same day. O(rows of the base run).
 */
export function accountsByDates(
  db: Connection,
  run: Run,
  baseRunId: number,
  { closed, kept }: Unchanged,
  settings: PlanSettings,
): readonly string[] {
  if (settings.asOf !== null) return []; // both were told it
  db.exec("CREATE TEMP TABLE same_account (account_id TEXT PRIMARY KEY) WITHOUT ROWID");
  db.exec("CREATE TEMP TABLE same_input (input_id INTEGER PRIMARY KEY)");
  try {
    const account = db.prepare("INSERT INTO temp.same_account VALUES (?)");
    const input = db.prepare("INSERT INTO temp.same_input VALUES (?)");
    db.transaction(() => {
      for (const id of closed) account.run(id);
      for (const id of kept) input.run(id);
    })();
    const asOf = comingDay(db, run, baseRunId);
    const before = db.prepare<[number], string>("SELECT as_of FROM run WHERE run_id = ?").pluck().get(baseRunId)!; // it is done
    return asOf === before ? [] : between(db, baseRunId, before, asOf, settings);
  } finally {
    db.exec("DROP TABLE temp.same_account; DROP TABLE temp.same_input");
  }
}

const SAME_ACCOUNT = "IN (SELECT account_id FROM temp.same_account)";

/** The day that the plan is going to find, as in `asOfDay`: of what the run has read, and of what it is going to take over. */
function comingDay(db: Connection, { runId }: Run, base: number): string {
  const newest = db.prepare<[{ readonly runId: number; readonly base: number }], string | null>(
    `SELECT coalesce(nullif((SELECT max(day) FROM (
       SELECT updated_at AS day FROM usage_page WHERE run_id = $runId
       UNION ALL SELECT last_at FROM event_use WHERE run_id = $runId
       UNION ALL SELECT updated_at FROM unused_principal WHERE run_id = $runId
       UNION ALL SELECT updated_at FROM policy_document WHERE run_id = $runId
       UNION ALL SELECT updated_at FROM aws_policy_document WHERE run_id = $runId
       UNION ALL SELECT created_at FROM run_principal WHERE run_id = $runId
       UNION ALL SELECT last_used_at FROM run_principal WHERE run_id = $runId
       UNION ALL SELECT newest_report FROM input_account WHERE run_id = $base AND account_id ${SAME_ACCOUNT}
       UNION ALL SELECT last_at FROM event_use WHERE run_id = $base AND ${accountOfSql("principal_arn")} ${SAME_ACCOUNT}
       UNION ALL SELECT updated_at FROM unused_principal WHERE run_id = $base AND ${accountOfSql("principal_arn")} ${SAME_ACCOUNT}
       UNION ALL SELECT updated_at FROM policy_document JOIN policy USING (policy_id) WHERE run_id = $base AND account_id ${SAME_ACCOUNT}
       UNION ALL SELECT updated_at FROM aws_policy_document WHERE run_id = $base AND input_id IN (SELECT input_id FROM temp.same_input)
       UNION ALL SELECT created_at FROM run_principal JOIN principal USING (principal_id) WHERE run_id = $base AND account_id ${SAME_ACCOUNT}
       UNION ALL SELECT last_used_at FROM run_principal JOIN principal USING (principal_id) WHERE run_id = $base AND account_id ${SAME_ACCOUNT})
     WHERE day <= started_at), ''), started_at) FROM run WHERE run_id = $runId`,
  );
  return newest.pluck().get({ runId, base })!; // the run is there, and has started
}

function between(
  db: Connection,
  baseRunId: number,
  before: string,
  asOf: string,
  settings: PlanSettings,
): readonly string[] {
  const [from, to] = [before, asOf].sort() as [string, string]; // two of them
  const parameters = {
    base: baseRunId,
    since: daysBefore(asOf, settings.windows.lastAccessed),
    isLater: asOf > before ? 1 : 0,
    eventsFrom: eventsSince(from, settings),
    eventsTo: eventsSince(to, settings),
  };
  return db
    .prepare<[typeof parameters], string>(
      `SELECT p.account_id FROM run_principal rp JOIN principal p USING (principal_id)
       WHERE rp.run_id = $base AND p.account_id ${SAME_ACCOUNT} AND p.kind = 'role' AND rp.tracks_last_use = 1
         AND CASE WHEN $isLater = 0 THEN rp.unused_by = 'role-last-used'
           ELSE rp.unused_by IS NULL AND p.marked IS NOT 'service-linked'
             AND coalesce(rp.last_used_at, '') < $since AND coalesce(rp.created_at, '') < $since
             AND NOT EXISTS (SELECT 1 FROM usage_report ur WHERE ur.run_id = rp.run_id AND ur.principal_id = rp.principal_id
               AND ur.standing = 'counts' AND ur.source <> 'last-accessed') END
       UNION
       SELECT ${accountOfSql("principal_arn")} AS account_id FROM event_use
       WHERE run_id = $base AND last_at >= $eventsFrom AND last_at < $eventsTo AND account_id ${SAME_ACCOUNT}
       UNION
       SELECT p.account_id FROM usage_report ur JOIN principal p USING (principal_id)
       WHERE ur.run_id = $base AND ur.updated_at IS NULL AND p.account_id ${SAME_ACCOUNT}`,
    )
    .pluck()
    .all(parameters);
}
