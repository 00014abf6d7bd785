import type { UsageLine } from "../organization/records.ts";
import type { CatalogTrie } from "../trie/trie.ts";
import type { Unused } from "../unused/unused.ts";
import type { Tracked } from "./claims.ts";
import { type Protection, protectionOf, withoutProtected } from "./protect.ts";
import { type Report, newest } from "./report.ts";
import { type JudgedReport, type Settled, settle } from "./settle.ts";
import type { PageText, ReportRow, UnusedText, UsageBatch, UsageOutcome } from "./usage-batch.ts";

/** What settling has to know beside the batch. */
export interface SettlingContext {
  readonly trie: CatalogTrie;
  readonly tracked: Tracked;
  /** SHA-256 of a text in UTF-8, in hexadecimal digits. */
  readonly sha256: (text: string) => string;
}

/** Settles the use of every principal of a batch, in its order (SEMANTICS 6). O(names × log names). */
export function settleBatch(context: SettlingContext, batch: UsageBatch): readonly UsageOutcome[] {
  const { trie, tracked } = context;
  const protection = protectionOf(trie, batch.protected);
  return batch.principals.map(({ createdAt, pages, events }) => {
    const judgement = { ...batch.judgement, tracked, createdAt };
    return usageRow(context, protection, pages, settle(pages.map(reportOf), events, judgement));
  });
}

/** A page's report as it was before it was stored. */
export function reportOf({ source, reportId, active, updatedAt, lines }: PageText): Report {
  return { source, reportId, active, updatedAt, lines: JSON.parse(lines) as UsageLine[] }; // this program wrote it
}

/** What was settled, as rows to be stored. */
export function usageRow(
  { trie, sha256 }: SettlingContext,
  protection: Protection,
  pages: readonly PageText[],
  { reports, unused, evidence, youngAfter }: Settled,
): UsageOutcome {
  const textOf = (set: Unused): UnusedText => {
    const text = JSON.stringify(set);
    return { text, sha256: sha256(text) };
  };
  const removable = withoutProtected(trie, unused, protection);
  return {
    reports: reports.map((report) => reportRow(report, pages)),
    evidence,
    youngAfter,
    unused: textOf(unused),
    removable: removable === unused ? null : textOf(removable),
    lastUse: lastUse(reports),
  };
}

function reportRow(
  { source, reportId, updatedAt, standing, windowDays, claims }: JudgedReport,
  pages: readonly PageText[],
): ReportRow {
  const own = pages.filter(
    (page) => page.source === source && page.reportId === reportId && page.updatedAt === updatedAt,
  );
  const inputs = [...new Set(own.map(({ input }) => input))].sort((a, b) => a - b);
  const texts = { claims: JSON.stringify(claims), inputs: JSON.stringify(inputs) };
  return { source, reportId, updatedAt, standing, windowDays, ...texts };
}

function lastUse(reports: readonly JudgedReport[]): string | null {
  let last: string | null = null;
  for (const { claims } of reports)
    for (const { state, lastAccessed } of claims) if (state !== "unused") last = newest(last, lastAccessed);
  return last;
}
