import type { Overview, RunRow } from "@leastwise/api";
import type { Connection } from "../database.ts";
import { type RunView, readRuns } from "../run-list.ts";
import type { Summary } from "../summary.ts";

/** Of accounts and services, those that lose most. */
const MOST_SHOWN = 12;

/** All runs, the newest first. */
export function readRunRows(db: Connection): readonly RunRow[] {
  return readRuns(db).map(runRow).reverse();
}

function runRow(run: RunView): RunRow {
  return {
    runId: run.run_id,
    state: run.state,
    startedAt: run.started_at,
    finishedAt: run.finished_at,
    asOf: run.as_of,
    toolVersion: run.tool_version,
    catalog: run.catalog,
    catalogDate: run.catalog_date,
    inputs: run.inputs,
    attachments: run.attachments,
    actionsBefore: run.actions_before,
    actionsAfter: run.actions_after,
  };
}

/**
 * What a run found, of the connection's shown run: from its totals and from what was said when it ended, so that the answer takes as long for a
 * million attachments as for a few. All is 0 and empty until the run is done.
 */
export function readOverview(db: Connection, runId: number): Overview {
  const run = readRunRows(db).find((row) => row.runId === runId)!; // a run that is shown is in the list
  const all = <Row>(sql: string): Row[] => db.prepare<[object], Row>(sql).all({ runId }); // eslint-disable-line typescript/no-unnecessary-type-parameters -- what the SQL beside it gives
  const sums = all<Sums>(SUMS)[0]!; // an aggregate gives a row
  const found = foundBy(db, runId);
  const services = all<{ readonly verdict: keyof Overview["services"]; readonly services: number }>(
    "SELECT verdict, count(*) AS services FROM services GROUP BY verdict",
  );
  const of = (verdict: keyof Overview["services"]): number =>
    services.find((row) => row.verdict === verdict)?.services ?? 0;
  return {
    run,
    ...sums,
    levels: all(
      `SELECT access_level AS level, sum(actions_before) AS before, sum(actions_after) AS after FROM account_level_total
       WHERE run_id = $runId GROUP BY access_level ORDER BY before DESC, level`,
    ),
    distribution: distributionOf(
      all("SELECT tenth, sum(attachments) AS attachments FROM reduction_total WHERE run_id = $runId GROUP BY tenth"),
    ),
    topAccounts: all(
      `SELECT account_id AS accountId, actions_before AS before, actions_after AS after FROM account_total
       WHERE run_id = $runId AND actions_before > actions_after
       ORDER BY actions_before - actions_after DESC, account_id LIMIT ${MOST_SHOWN}`,
    ),
    topServices: all(
      `SELECT service, attachments_before AS before, attachments_after AS after FROM service_total
       WHERE run_id = $runId AND attachments_before > attachments_after
       ORDER BY attachments_before - attachments_after DESC, service LIMIT ${MOST_SHOWN}`,
    ),
    services: { unused: of("unused"), unknown: of("unknown"), kept: of("kept") },
    sizes: all<Overview["sizes"]>(SIZES)[0]!, // an aggregate gives a row
    evidence: {
      kinds: all(
        `SELECT coalesce(evidence, 'none') AS kind, count(*) AS principals FROM run_principal WHERE run_id = $runId
         GROUP BY kind ORDER BY principals DESC, kind`,
      ),
      sources: all(
        `SELECT source, reports, principals, youngest_days AS youngestDays, oldest_days AS oldestDays FROM evidence_sources ORDER BY source`,
      ),
    },
    leftAlone: (found?.leftAlone ?? []).map(({ rule, principals, attachments }) => ({
      rule,
      principals,
      policies: attachments,
    })),
    diagnostics: all(
      `SELECT severity, code, count(*) AS count FROM diagnostics GROUP BY severity, code
       ORDER BY CASE severity WHEN 'error' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END, count DESC, code`,
    ),
    escalation: all(
      `SELECT action, reason, attachments_before AS before, attachments_after AS after FROM escalation_actions
       WHERE attachments_before > 0 ORDER BY attachments_after DESC, attachments_before DESC, action`,
    ),
  };
}

type Sums = Pick<
  Overview,
  | "accounts"
  | "principals"
  | "attachments"
  | "toReplace"
  | "toDetach"
  | "unchanged"
  | "failed"
  | "actionsBefore"
  | "actionsAfter"
>;

const SUMS = `
  SELECT count(*) AS accounts, coalesce(sum(principals), 0) AS principals, coalesce(sum(attachments), 0) AS attachments,
         coalesce(sum(to_replace), 0) AS toReplace, coalesce(sum(to_detach), 0) AS toDetach, coalesce(sum(unchanged), 0) AS unchanged,
         coalesce(sum(failed), 0) AS failed, coalesce(sum(actions_before), 0) AS actionsBefore,
         coalesce(sum(actions_after), 0) AS actionsAfter
  FROM account_total WHERE run_id = $runId`;

/** Of attached policies: those changed in place have no principal. What has no row fits. */
const SIZES = `
  SELECT coalesce(sum(fit = 'too-large'), 0) AS tooLarge, coalesce(sum(fit = 'does-not-fit'), 0) AS doesNotFit,
         coalesce(sum(fit = 'fits'), 0) AS shortened, coalesce(sum(fit = 'split'), 0) AS split
  FROM size_total WHERE run_id = $runId AND principal_id <> 0`;

function foundBy(db: Connection, runId: number): Summary | null {
  const text = db.prepare<[number], string | null>("SELECT found FROM run WHERE run_id = ?").pluck().get(runId);
  return text === undefined || text === null ? null : (JSON.parse(text) as Summary); // the conclusion wrote it
}

function distributionOf(
  rows: readonly { readonly tenth: number; readonly attachments: number }[],
): Overview["distribution"] {
  return Array.from({ length: 10 }, (_, tenth) => ({
    from: 10 * tenth,
    below: 10 * tenth + 10,
    attachments: rows.find((row) => row.tenth === tenth)?.attachments ?? 0,
  }));
}
