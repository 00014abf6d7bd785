import { type Unused, type UnusedReport, unusedOf } from "../unused/unused.ts";
import type { UsageRecord } from "./records.ts";

/** A report as far as it matters which one counts. */
export type Report = Pick<UsageRecord, "source" | "reportId" | "active" | "updatedAt" | "unused">;

/**
 * U of one principal by everything that is reported on it (SEMANTICS 6), or undefined when nothing that counts is.
 *
 * Plain lists all count. Of findings the newest does, among those whose own newest state is active: a finding that has been archived
 * or resolved since takes back what it said, and pages of one finding (equal id and date) count together. The order of the reports
 * does not matter. O(reports + names).
 */
export function settleReports(reports: readonly Report[]): Unused | undefined {
  const counting = [...newestFinding(reports), ...reports.filter(({ source }) => source === "plain-list")];
  if (counting.length === 0) return undefined;
  return unusedOf(counting.flatMap(({ unused }): readonly UnusedReport[] => unused));
}

/** The pages of one finding that bear its latest date. */
interface Finding {
  readonly id: string;
  readonly date: string;
  readonly pages: Report[];
}

function newestFinding(reports: readonly Report[]): readonly Report[] {
  const latest = new Map<string, Finding>();
  for (const report of reports) {
    if (report.source !== "access-analyzer") continue;
    const id = report.reportId;
    const date = report.updatedAt ?? ""; // ISO 8601 in UTC sorts as text; a report without a date is the oldest
    const known = latest.get(id);
    if (known === undefined || date > known.date) latest.set(id, { id, date, pages: [report] });
    else if (date === known.date) known.pages.push(report);
  }
  const active = [...latest.values()].filter(({ pages }) => pages.every((page) => page.active));
  const order = ({ date, id }: Finding): string => `${date} ${id}`;
  return active.sort((a, b) => (order(a) < order(b) ? 1 : -1))[0]?.pages ?? [];
}
