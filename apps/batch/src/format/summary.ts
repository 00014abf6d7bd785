import type { Catalog } from "@leastwise/catalog";
import type { readDiagnostics } from "@leastwise/store";
import { count, duration } from "../progress.ts";
import type { RunResult } from "../run.ts";
import type { Terminal } from "../terminal.ts";
import { printable } from "./table.ts";

export interface SummaryFacts extends RunResult {
  readonly files: number;
  readonly seconds: number;
  readonly database: string;
  readonly catalog: Catalog;
}

/** What a run came to, for a person. */
export function summaryText(
  facts: SummaryFacts,
  diagnostics: ReturnType<typeof readDiagnostics>,
  { colours, width }: Terminal,
): string {
  const { summary, catalog } = facts;
  const removed = summary.actionsBefore - summary.actionsAfter;
  const share = summary.actionsBefore === 0 ? "" : ` (${((100 * removed) / summary.actionsBefore).toFixed(1)} % fewer)`;
  const { error, warning, info } = summary.diagnostics;
  const lines: [string, string][] = [
    ["accounts", count(summary.accounts)],
    [
      "principals",
      `${count(summary.principals)}${remarks([
        [summary.principalsWithoutEvidence, "without evidence, left as they are"],
        [summary.serviceLinkedRoles, "service-linked, skipped"],
      ])}`,
    ],
    ["policies", `${count(summary.policies)}, attached ${count(summary.attachments)} times`],
    ["units", `${count(facts.unitsComputed)} computed of ${count(summary.unitsAsked)} asked, each verified`],
    ["actions granted", `${count(summary.actionsBefore)} → ${colours.bold(count(summary.actionsAfter))}${share}`],
    ["to replace", count(summary.toReplace)],
    ["to detach", count(summary.toDetach)],
    ["unchanged", count(summary.unchanged)],
    [
      "refused",
      `${count(error)}${remarks([
        [summary.unanswered, "attached policies without an answer"],
        [warning, "warnings"],
        [info, "notes"],
      ])}`,
    ],
    ["catalog", `${catalog.source}${catalog.date === "" ? "" : `, ${catalog.date}`}`],
    ["time", `${duration(facts.seconds)} for ${count(facts.files)} files`],
    ["database", facts.database],
  ];
  const table = lines.map(([name, value]) => `${colours.dim(name.padStart(15))}  ${value}`);
  return [...(facts.resumed ? ["finished a run that was interrupted", ""] : []), ...table, ...diagnosticLines()].join(
    "\n",
  );

  function diagnosticLines(): readonly string[] {
    if (diagnostics.length === 0) return [];
    const shown = diagnostics.flatMap(({ severity, code, path, pointer, message, hint }) => {
      const colour = severity === "error" ? colours.red : colours.yellow;
      const place = printable(pointer === "" ? path : `${path} ${pointer}`);
      return [
        `${colour(severity)} ${code}: ${printable(message)}`,
        `  ${colours.dim(`at ${place}`)}`,
        ...(hint === "" ? [] : [`  ${hint}`]),
      ];
    });
    const more = error + warning - diagnostics.length;
    const rest = more > 0 ? [`and ${count(more)} more: leastwise query refused --db ${facts.database}`] : [];
    return ["", ...shown.map((line) => (width === null ? line : line)), ...rest];
  }
}

function remarks(parts: readonly (readonly [number, string])[]): string {
  const said = parts.filter(([number]) => number > 0).map(([number, text]) => `${count(number)} ${text}`);
  return said.length === 0 ? "" : ` (${said.join("; ")})`;
}
