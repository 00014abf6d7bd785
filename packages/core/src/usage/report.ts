import type { UsageLine, UsageRecord } from "../organization/records.ts";
import { fold } from "../pattern/fold.ts";

/** What one source says of one principal at one time: all its pages joined. */
export type Report = Pick<UsageRecord, "source" | "reportId" | "active" | "updatedAt" | "lines">;

/**
 * Reports in canonical form: pages (equal source, id and date) are one report; of a service there is one line, and one more where
 * findings or lists call the whole service unused and name actions besides (only naming makes `iam:PassRole` unused). Lines and names
 * are sorted, each once. The same facts give the same reports, in whatever files, pages and order they came, and however often.
 * O(names × log names).
 */
export function joinPages(pages: readonly Report[]): readonly Report[] {
  if (pages.length === 1) return [joined(pages)]; // as AWS mostly has it
  return sortedGroups(pages, ({ source, updatedAt, reportId }) =>
    JSON.stringify([source, updatedAt ?? "", reportId]),
  ).map(joined);
}

/** A page that is not active takes the whole report back: unknown is not unused. */
function joined(pages: readonly Report[]): Report {
  const { source, reportId, updatedAt } = pages[0]!; // a group has a page
  if (!pages.every(({ active }) => active)) return { source, reportId, active: false, updatedAt, lines: [] };
  const lines = sortedGroups(
    pages.flatMap((page) => page.lines),
    ({ service, actions }) => `${fold(service)} ${source !== "last-accessed" && actions === null ? "" : "named"}`,
  ).map(joinedLine);
  return { source, reportId, active: true, updatedAt, lines };
}

function joinedLine(lines: readonly UsageLine[]): UsageLine {
  if (lines.length === 1 && isCanonical(lines[0]!)) return lines[0]!; // as AWS mostly has it
  const names = new Map<string, string>();
  const dates = new Map<string, string>();
  for (const { actions, accessed } of lines) {
    for (const name of actions ?? []) names.set(fold(name), least(names.get(fold(name)), name));
    for (const [name, date] of accessed) dates.set(fold(name), newest(dates.get(fold(name)) ?? null, date)!); // a date is given
  }
  const sorted = [...names].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    service: lines.map(({ service }) => service).reduce(least),
    lastAccessed: lines.map(({ lastAccessed }) => lastAccessed).reduce(newest),
    actions: lines.every(({ actions }) => actions === null) ? null : sorted.map(([, name]) => name),
    accessed: sorted.flatMap(([key, name]): readonly (readonly [string, string])[] => {
      const date = dates.get(key);
      return date === undefined ? [] : [[name, date]];
    }),
  };
}

/** Whether the names of a line are sorted, each once, and no dates belong to them. */
function isCanonical({ actions, accessed }: UsageLine): boolean {
  if (accessed.length > 0) return false;
  let last = "";
  for (const name of actions ?? []) {
    const folded = fold(name);
    if (folded <= last) return false;
    last = folded;
  }
  return true;
}

/** Items of equal keys together, in the order of the keys. */
function sortedGroups<T>(items: readonly T[], keyOf: (item: T) => string): readonly (readonly T[])[] {
  const keyed = items.map((item) => ({ key: keyOf(item), item }));
  keyed.sort(({ key: a }, { key: b }) => (a < b ? -1 : a > b ? 1 : 0));
  const groups: T[][] = [];
  let last: string | undefined;
  for (const { key, item } of keyed) {
    if (key === last)
      groups.at(-1)!.push(item); // the one that has this key
    else groups.push([item]);
    last = key;
  }
  return groups;
}

/** Of several spellings the same one in any order. */
function least(a: string | undefined, b: string): string {
  return a === undefined || b < a ? b : a;
}

/** The later of two dates in ISO 8601; null is no date. */
export function newest(a: string | null, b: string | null): string | null {
  return a === null || (b !== null && b > a) ? b : a;
}
