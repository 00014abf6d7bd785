import type { ApiName } from "./api.ts";
import type { RunRow } from "./overview.ts";

/**
 * A report: the page with the answers to what it shows, in one file that asks nobody. It stands as JSON, every `<` written as \u003c, in
 * `<script id="leastwise-report" type="application/json">` of the page's HTML; where that is missing, the page is served and asks.
 */
export interface Report {
  readonly about: AboutReport;
  /** By what was asked (`replyKey`), the place of its reply in `bodies`. What is not there is not in the report. */
  readonly replies: Readonly<Record<string, number>>;
  /** Replies as the API gives them. Of lists they are the first rows, whose `next` is then not null and leads nowhere. */
  readonly bodies: readonly unknown[];
}

export interface AboutReport {
  /** The run that it is of; it has no other. */
  readonly run: RunRow;
  /** The account that its lists are limited to, or null: the whole organization. The overview is of the organization either way. */
  readonly account: string | null;
  /** What there is more of in the database, and the command that shows it. */
  readonly leftOut: readonly {
    readonly what: string;
    readonly shown: number;
    /** Null where nobody has counted. */
    readonly total: number | null;
    readonly command: string;
  }[];
}

export const REPORT_ID = "leastwise-report";

/**
 * What was asked, in one text: the same for all ways to ask the same. `run`, `limit` and what is empty do not count: a report has one run, and so
 * many rows as it has.
 */
export function replyKey(name: ApiName, ask: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(ask).filter(
    ([parameter, value]) => parameter !== "run" && parameter !== "limit" && value !== undefined && value !== "",
  );
  const sorted = given.sort(([a], [b]) => (a < b ? -1 : 1));
  return `${name}?${sorted.map(([parameter, value]) => `${parameter}=${encodeURIComponent(value ?? "")}`).join("&")}`;
}
