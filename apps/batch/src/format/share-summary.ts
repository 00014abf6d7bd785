import type { Catalog } from "@leastwise/catalog";
import { type DiagnosticsOfCode, shareText } from "@leastwise/store";
import { count, duration } from "../progress.ts";
import type { ShareResult } from "../run-share.ts";
import type { Terminal } from "../terminal.ts";
import { diagnosticLines, remarks, tableLines } from "./summary.ts";

export interface ShareFacts extends ShareResult {
  readonly files: number;
  readonly seconds: number;
  readonly database: string;
  readonly catalog: Catalog;
}

/** What one share of a run came to, for a person. */
export function shareSummaryText(
  facts: ShareFacts,
  diagnostics: readonly DiagnosticsOfCode[],
  terminal: Terminal,
): string {
  const { share, catalog, unitsAsked, unitsOfShare, unitsFailed, unitsFitted, unitsComputed, database } = facts;
  const sum = (severity: string): number =>
    diagnostics.filter((of) => of.severity === severity).reduce((all, { number }) => all + number, 0);
  const reused = unitsOfShare - unitsComputed;
  const done = `${count(unitsOfShare - unitsFailed)} of ${count(unitsAsked)} units refined, each verified`;
  const lines: [string, string][] = [
    [
      `share ${share.number} of ${share.of}`,
      `${done}${remarks([
        [reused, "of them before"],
        [unitsFailed, "without an answer"],
        [unitsFitted, "in a shorter form besides", "in shorter forms besides"],
      ])}`,
    ],
    [
      "refused",
      `${count(sum("error"))}${remarks([
        [sum("warning"), "warning", "warnings"],
        [sum("info"), "note", "notes"],
      ])}`,
    ],
    ["catalog", `${catalog.source}${catalog.date === "" ? "" : `, ${catalog.date}`}`],
    ["time", `${duration(facts.seconds)} for ${count(facts.files)} files`],
    ["database", database],
  ];
  const shown = diagnostics.filter(({ severity }) => severity !== "info");
  return [
    ...tableLines(lines, terminal),
    ...diagnosticLines(shown, [], terminal),
    "",
    `share ${shareText(share)} is done, the run is not: \`leastwise merge\` puts the parts together`,
  ].join("\n");
}
