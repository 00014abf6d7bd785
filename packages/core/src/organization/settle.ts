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

function newestFinding(reports: readonly Report[]): readonly Report[] {
  const latest = new Map<string, Report[]>();
  for (const report of reports) {
    if (report.source !== "access-analyzer") continue;
    const known = latest.get(report.reportId);
    const knownDate = dateOf(known?.[0]);
    if (known === undefined || dateOf(report) > knownDate) latest.set(report.reportId, [report]);
    else if (dateOf(report) === knownDate) known.push(report);
  }
  const active = [...latest.values()].filter((pages) => pages.every((page) => page.active));
  const order = (pages: readonly Report[]): string => `${dateOf(pages[0])} ${pages[0]?.reportId ?? ""}`;
  return active.sort((a, b) => (order(a) < order(b) ? 1 : -1))[0] ?? [];
}

/** ISO 8601 in UTC sorts as text; a report without a date is the oldest. */
function dateOf(report: Report | undefined): string {
  return report?.updatedAt ?? "";
}
