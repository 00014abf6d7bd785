import { DEFAULT_SETTINGS, type Windows } from "../organization/settings.ts";
import { fold } from "../pattern/fold.ts";
import { type Unused, unionOf, unusedOf, withoutUsed } from "../unused/unused.ts";
import { type UsageClaim, type Tracked, claimsOf, daysBefore, windowOf } from "./claims.ts";
import { type Report, joinPages, newest } from "./report.ts";

/** What decides which reports count and what their dates mean. */
export interface Judgement {
  readonly windows: Windows;
  /** In days; null for any age. */
  readonly maxAge: number | null;
  /** In days; null for the window of each source. */
  readonly minAge: number | null;
  /** The day that ages are counted to: ISO 8601 in UTC. */
  readonly asOf: string;
  readonly tracked: Tracked;
  /** When the principal was created: ISO 8601 in UTC, or null. What is older was said of another that had its name. */
  readonly createdAt: string | null;
}

/** A report as it was judged. */
export interface JudgedReport extends Report {
  /** Why what it calls unused counts or does not. `predecessor`: it is older than the principal. `stale`: older than the greatest age, or of no known age while there is one. */
  readonly standing: "counts" | "not-active" | "predecessor" | "superseded" | "stale";
  /** How many days back an access counted; null: the source's own judgement. */
  readonly windowDays: number | null;
  readonly claims: readonly UsageClaim[];
}

/** Use that events prove. */
export interface EventUse {
  readonly service: string;
  /** Bare names; null where the event's name stands for no known action: something of the service was used. */
  readonly actions: readonly string[] | null;
}

/** What all evidence on one principal comes to (SEMANTICS 6). */
export interface Settled {
  readonly reports: readonly JudgedReport[];
  /** U: unused by some report that counts, and used by nothing. Empty where no report counts. */
  readonly unused: Unused;
  /** `reported`: a report that counts says what is unused. `use-only`: only use is known, so nothing goes. */
  readonly evidence: "reported" | "use-only" | "none";
  /**
   * The principal, and customer managed policies, that have come or changed after this are too young for the evidence: ISO 8601;
   * null where nothing is.
   */
  readonly youngAfter: string | null;
}

/**
 * Judges all pages of reports on one principal, and what events prove of it. Used beats unused beats unknown:
 *
 * - Of findings the newest counts, among those whose own newest state is active; of last accessed details the newest; lists all count.
 * - An action with a use in its window is not unused, whoever says so.
 * - Where a service was used and nothing says by which action, no report makes the whole service unused; actions that are reported by
 *   name stay unused.
 *
 * The order of pages does not matter. O(names × log names).
 */
export function settle(pages: readonly Report[], events: readonly EventUse[], judgement: Judgement): Settled {
  const reports = judged(joinPages(pages), judgement);
  const counting = reports.filter(({ standing }) => standing === "counts");
  const used = [...usesOf(reports), ...events];
  const unused = counting.flatMap(({ claims }) => claims).filter(({ state }) => state === "unused");
  return {
    reports,
    unused: used.length === 0 ? unusedOf(unused) : refuted(unused, used),
    evidence: counting.length > 0 ? "reported" : used.length > 0 ? "use-only" : "none",
    youngAfter: youngAfter(counting, judgement),
  };
}

/** U of claims less what was used: what is named stays, whatever refutes the whole. */
function refuted(unused: readonly UsageClaim[], used: readonly EventUse[]): Unused {
  const named = unused.filter(({ actions }) => actions !== null);
  const whole = unused.filter(({ actions }) => actions === null);
  return unionOf(lessUsed(unusedOf(named), used), lessUsed(unusedOf(whole), used));
}

/**
 * U less what was used: actions by name, and of a service that was used by an unknown action whatever U says of it as a whole.
 * Canonical in, canonical out. O(names).
 */
export function lessUsed(unused: Unused, uses: readonly EventUse[]): Unused {
  const services = new Set(uses.filter(({ actions }) => actions === null).map(({ service }) => fold(service)));
  const left = services.size === 0 ? unused : unused.filter(({ service, whole }) => !whole || !services.has(service));
  return withoutUsed(left, uses);
}

/** What is used by reports on a principal and by events alone. */
export function usesOf(reports: readonly JudgedReport[]): readonly EventUse[] {
  return reports
    .filter(({ standing }) => standing === "counts" || standing === "stale")
    .flatMap(({ claims }) => claims)
    .filter(({ state }) => state !== "unused");
}

function judged(reports: readonly Report[], judgement: Judgement): readonly JudgedReport[] {
  const { windows, maxAge, asOf, tracked, createdAt } = judgement;
  const isOlder = ({ updatedAt }: Report): boolean => createdAt !== null && updatedAt !== null && updatedAt < createdAt;
  const own = reports.filter((report) => !isOlder(report));
  const newestFinding = newestActive(own);
  const newestDetails = own
    .filter(({ source }) => source === "last-accessed")
    .reduce<string | null>((latest, { updatedAt }) => newest(latest, updatedAt ?? ""), null);
  const oldestDay = maxAge === null ? null : daysBefore(asOf, maxAge);
  const standingOf = (report: Report): JudgedReport["standing"] => {
    const { source, active, updatedAt } = report;
    if (!active) return "not-active";
    if (isOlder(report)) return "predecessor";
    if (source === "access-analyzer" && report !== newestFinding) return "superseded";
    if (source === "last-accessed" && (updatedAt ?? "") !== newestDetails) return "superseded";
    return oldestDay !== null && (updatedAt === null || updatedAt < oldestDay) ? "stale" : "counts";
  };
  return reports.map((report) => ({
    ...report,
    standing: standingOf(report),
    windowDays: windowOf(report, windows),
    claims: claimsOf(report, windows, tracked),
  }));
}

/** The newest finding whose own newest state is active: one that has been archived or resolved since takes back what it said. */
function newestActive(reports: readonly Report[]): Report | undefined {
  const latest = new Map<string, Report>();
  for (const report of reports) {
    if (report.source !== "access-analyzer") continue;
    const known = latest.get(report.reportId);
    if (known === undefined || (report.updatedAt ?? "") > (known.updatedAt ?? "")) latest.set(report.reportId, report);
  }
  return [...latest.values()].filter(({ active }) => active).sort((a, b) => (order(a) < order(b) ? 1 : -1))[0];
}

/** One without a date is the oldest. */
function order({ updatedAt, reportId }: Report): string {
  return `${updatedAt ?? ""} ${reportId}`;
}

function youngAfter(counting: readonly JudgedReport[], { minAge, asOf }: Judgement): string | null {
  const days = counting.flatMap(({ source, updatedAt, windowDays, claims }): readonly string[] => {
    const grace = minAge ?? (source === "last-accessed" ? windowDays : null);
    if (grace === null || grace === 0 || !claims.some(({ state }) => state === "unused")) return [];
    return [daysBefore(updatedAt ?? asOf, grace)];
  });
  return days.reduce<string | null>((earliest, day) => (earliest === null || day < earliest ? day : earliest), null);
}

const PLAINLY: Judgement = {
  ...DEFAULT_SETTINGS,
  asOf: "1970-01-01T00:00:00.000Z",
  tracked: () => undefined,
  createdAt: null,
};

/** U of one principal by reports alone, with the default windows; undefined where none counts. */
export function settleReports(pages: readonly Report[]): Unused | undefined {
  const { evidence, unused } = settle(pages, [], PLAINLY);
  return evidence === "reported" ? unused : undefined;
}
