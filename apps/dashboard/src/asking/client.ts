import type { AboutReport, ApiName, Ask, Reply } from "@leastwise/api";

/** Whom the page asks: the program behind it, or what a report has recorded. */
export interface Client {
  /** Rejects with an `AskFailure` where the program says no, and with what `signal` says where it is aborted. */
  readonly ask: <Name extends ApiName>(name: Name, ask: Ask<Name>, signal: AbortSignal) => Promise<Reply<Name>>;
  /** Where all rows of a list are as CSV; null in a report, which has none. */
  readonly csv: <Name extends ApiName>(name: Name, ask: Ask<Name>) => string | null;
  /** What the report says of itself; null where a program answers. */
  readonly report: AboutReport | null;
}
