import {
  type EventUse,
  type JudgedReport,
  type Judgement,
  type Report,
  type Settled,
  type UsageLine,
  type UsageSource,
  settle,
} from "@leastwise/core";
import type Database from "better-sqlite3";
import type { Connection } from "../database.ts";

interface PageRow {
  readonly source: UsageSource;
  readonly report_id: string;
  readonly active: 0 | 1;
  readonly updated_at: string | null;
  readonly lines: string;
  readonly input_id: number;
}

interface EventRow {
  readonly event_name: string;
  readonly services: string;
  readonly actions: string | null;
}

/** A report with the inputs that its pages stood in, ascending. */
interface SourcedReport extends JudgedReport {
  readonly inputs: readonly number[];
}

/** What the evidence on a principal comes to. */
export interface PrincipalSettled extends Settled {
  readonly reports: readonly SourcedReport[];
  /** What events prove, those in the window alone where there is one. */
  readonly events: readonly EventUse[];
}

/** Reads what the inputs say of single principals' use, and settles it. */
export class PrincipalEvidence {
  readonly #runId: number;
  readonly #judgement: Omit<Judgement, "createdAt">;
  readonly #eventsSince: string;
  readonly #pages: Database.Statement<[number, string], PageRow>;
  readonly #events: Database.Statement<[number, string, string], EventRow>;

  /** @param eventsSince the day before which events prove no use; empty where all do */
  constructor(db: Connection, runId: number, judgement: Omit<Judgement, "createdAt">, eventsSince: string) {
    this.#runId = runId;
    this.#judgement = judgement;
    this.#eventsSince = eventsSince;
    this.#pages = db.prepare(
      "SELECT source, report_id, active, updated_at, lines, input_id FROM usage_page WHERE run_id = ? AND principal_arn = ?",
    );
    this.#events = db.prepare(
      `SELECT DISTINCT e.event_name, n.services, n.actions FROM event_use e JOIN event_name n USING (run_id, event_source, event_name)
       WHERE e.run_id = ? AND e.principal_arn = ? AND e.last_at >= ?`,
    );
  }

  /**
   * O(names of its reports × log names).
   *
   * @param createdAt the principal's own date, or null
   * @param others use by others that counts as its own
   */
  of(arn: string, createdAt: string | null, others: readonly EventUse[] = []): PrincipalSettled {
    const pages = this.#pages.all(this.#runId, arn);
    const events = this.#events.all(this.#runId, arn, this.#eventsSince).flatMap(usesOfEvent);
    const settled = settle(pages.map(reportOf), events.concat(others), { ...this.#judgement, createdAt });
    return { ...settled, events, reports: settled.reports.map((report) => withInputs(report, pages)) };
  }
}

/** A name that stands for no known action proves that something of the service was used, and the action of that very name if there is one. */
function usesOfEvent({ event_name, services, actions }: EventRow): readonly EventUse[] {
  if (actions === null) {
    const meant = JSON.parse(services) as readonly string[]; // the plan wrote it, here and below
    return meant.flatMap((service): readonly EventUse[] => [
      { service, actions: null },
      { service, actions: [event_name] },
    ]);
  }
  return (JSON.parse(actions) as readonly string[]).map((action) => {
    const colon = action.indexOf(":");
    return { service: action.slice(0, colon), actions: [action.slice(colon + 1)] };
  });
}

function reportOf({ source, report_id, active, updated_at, lines }: PageRow): Report {
  const parsed = JSON.parse(lines) as UsageLine[]; // this program wrote it
  return { source, reportId: report_id, active: active === 1, updatedAt: updated_at, lines: parsed };
}

function withInputs(report: JudgedReport, pages: readonly PageRow[]): SourcedReport {
  const { source, reportId, updatedAt } = report;
  const own = pages.filter(
    (page) => page.source === source && page.report_id === reportId && page.updated_at === updatedAt,
  );
  const inputs = [...new Set(own.map(({ input_id }) => input_id))].sort((a, b) => a - b);
  return { ...report, inputs };
}
