import type { UsageLine } from "../organization/records.ts";
import type { Windows } from "../organization/settings.ts";
import { fold } from "../pattern/fold.ts";
import { type Report, newest } from "./report.ts";

/** What a report comes to once its dates have been judged: of a service, or of some of its actions. */
export interface UsageClaim {
  readonly service: string;
  /** `unknown`: the service was used, and nothing says by which action. */
  readonly state: "used" | "unused" | "unknown";
  /** Bare names; null means the service as a whole. */
  readonly actions: readonly string[] | null;
  /** The newest access that the claim rests on: ISO 8601 in UTC; null where there is none. */
  readonly lastAccessed: string | null;
}

/** The bare names of a service's actions whose use AWS is known to track; undefined where nothing is known of the service. */
export type Tracked = (service: string) => readonly string[] | undefined;

const DAY_MS = 86_400_000;

/** The day so many days before a date, ISO 8601 in UTC. */
export function daysBefore(date: string, days: number): string {
  return new Date(Date.parse(date) - days * DAY_MS).toISOString();
}

/** How many days back an access counts for a report; null: the report's own judgement counts. */
export function windowOf({ source }: Report, windows: Windows): number | null {
  return source === "last-accessed" ? windows.lastAccessed : windows.accessAnalyzer;
}

/** What each line of a report claims (SEMANTICS 6). O(names). */
export function claimsOf(report: Report, windows: Windows, tracked: Tracked): readonly UsageClaim[] {
  const { source, updatedAt, reportId, lines } = report;
  const window = windowOf(report, windows);
  const since = window === null || updatedAt === null ? null : daysBefore(updatedAt, window);
  if (source === "last-accessed")
    return lines.flatMap((line) => accessClaims(line, since, reportId === "ACTION_LEVEL", tracked));
  return lines.flatMap((line) => unusedClaims(line, window === null ? undefined : since));
}

/** Findings and lists: unused, but for what they themselves say was accessed in a window that a person has set. */
function unusedClaims(line: UsageLine, since: string | null | undefined): readonly UsageClaim[] {
  const { service, actions, lastAccessed } = line;
  const isRecent = (date: string): boolean => since !== undefined && isSince(date, since);
  if (actions === null) {
    const state = lastAccessed !== null && isRecent(lastAccessed) ? "unknown" : "unused";
    return [{ service, state, actions: null, lastAccessed }];
  }
  return split(line, actions, isRecent);
}

/**
 * Last accessed details. A service without an access in the window is unused whole. In a service with one, an action is unused only
 * where it is known to be tracked (the report lists it, or the service reference says so) and has no access in the window.
 */
function accessClaims(
  line: UsageLine,
  since: string | null,
  isActionLevel: boolean,
  tracked: Tracked,
): readonly UsageClaim[] {
  const { service, lastAccessed, actions, accessed } = line;
  const last = accessed.map(([, date]) => date).reduce(newest, lastAccessed);
  if (last === null || !isSince(last, since)) return [{ service, state: "unused", actions: null, lastAccessed }];
  const whole: UsageClaim = { service, state: "unknown", actions: null, lastAccessed: last };
  if (!isActionLevel) return [whole];
  const listed = new Set((actions ?? []).map(fold));
  const others = (tracked(service) ?? []).filter((name) => !listed.has(fold(name)));
  return [whole, ...split(line, [...(actions ?? []), ...others], (date) => isSince(date, since))];
}

/** Names with an access, used or not by their dates, each for itself; and together those that were never accessed. */
function split(
  { service, accessed }: UsageLine,
  names: readonly string[],
  isUse: (date: string) => boolean,
): readonly UsageClaim[] {
  if (accessed.length === 0)
    return names.length === 0 ? [] : [{ service, state: "unused", actions: names, lastAccessed: null }];
  const dates = new Map(accessed.map(([name, date]) => [fold(name), date]));
  const claims: UsageClaim[] = [];
  const never: string[] = [];
  for (const name of names) {
    const date = dates.get(fold(name));
    if (date === undefined) never.push(name);
    else claims.push({ service, state: isUse(date) ? "used" : "unused", actions: [name], lastAccessed: date });
  }
  if (never.length > 0) claims.push({ service, state: "unused", actions: never, lastAccessed: null });
  return claims;
}

/** Whether an access counts. Without a day to count from (a report that bears no date) every access does. */
function isSince(date: string, since: string | null): boolean {
  return since === null || date >= since;
}
