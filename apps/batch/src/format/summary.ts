import type { Catalog } from "@leastwise/catalog";
import type { DiagnosticsOfCode } from "@leastwise/store";
import { count, duration } from "../progress.ts";
import type { RunResult } from "../run.ts";
import type { TakenOver } from "../stages/take-answers.ts";
import type { Terminal } from "../terminal.ts";
import { printable } from "./printable.ts";
import { VERDICTS } from "./verdicts.ts";
import { wordWrapped } from "./wrap.ts";

export interface SummaryFacts extends RunResult {
  readonly files: number;
  readonly seconds: number;
  readonly database: string;
  readonly catalog: Catalog;
  /** Of a run that was put together from its shares. */
  readonly merged?: { readonly parts: number; readonly taken: Pick<TakenOver, "units" | "unchecked"> };
}

/** What a run came to, for a person. */
export function summaryText(
  facts: SummaryFacts,
  diagnostics: readonly DiagnosticsOfCode[],
  terminal: Terminal,
): string {
  const { colours } = terminal;
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
        [summary.principalsWithUseOnly, "of which only use is known, left as they are"],
        [summary.unusedPrincipals, "unused altogether, left as they are"],
        [summary.serviceLinkedRoles, "service-linked, skipped"],
      ])}`,
    ],
    [
      "policies",
      `${count(summary.policies)}, attached ${summary.attachments === 1 ? "once" : `${count(summary.attachments)} times`}`,
    ],
    ...leftAloneLines(summary),
    ...(summary.sharedPolicies === 0
      ? []
      : [
          [
            "shared policies",
            `${count(summary.sharedPolicies)}, of which ${count(summary.sharedToReplace)} can be narrowed in place`,
          ] as [string, string],
        ]),
    ...(summary.events === 0
      ? []
      : [
          [
            "events",
            `${count(summary.events)}, of which ${percent(summary.eventsMapped, summary.events)} stand for a known action`,
          ] as [string, string],
        ]),
    [
      "units",
      `${takenOver(facts)}${count(facts.unitsComputed)} computed of ${count(summary.unitsAsked)} asked, ${verified(facts)}${reused(facts)}`,
    ],
    ["actions granted", `${count(summary.actionsBefore)} → ${colours.bold(count(summary.actionsAfter))}${share}`],
    ["to replace", count(summary.toReplace)],
    ["to detach", count(summary.toDetach)],
    ["unchanged", count(summary.unchanged)],
    ...sizeLines(summary.sizes),
    ...(summary.comparisons.length === 0
      ? []
      : [
          [
            "beside AWS",
            summary.comparisons.map(({ verdict, policies }) => `${count(policies)} ${VERDICTS[verdict]}`).join(", "),
          ] as [string, string],
        ]),
    [
      "refused",
      `${count(error)}${remarks([
        [summary.unanswered, "attached policy without an answer", "attached policies without an answer"],
        [warning, "warning", "warnings"],
        [info, "note", "notes"],
      ])}`,
    ],
    ["catalog", `${catalog.source}${catalog.date === "" ? "" : `, ${catalog.date}`}`],
    ...filesLines(facts),
    [
      "time",
      `${duration(facts.seconds)} for ${facts.merged === undefined ? plural(facts.files, "file") : partsText(facts.merged)}`,
    ],
    ["database", facts.database],
  ];
  const table = tableLines(lines, terminal);
  const all =
    error + warning > diagnostics.length ? [`all of them: leastwise query refused --db ${facts.database}`] : [];
  return [
    ...(facts.resumed ? ["finished a run that was interrupted", ""] : []),
    ...table,
    ...diagnosticLines(diagnostics, all, terminal),
  ].join("\n");
}

/** Names to the right, what they are beside them. */
export function tableLines(
  lines: readonly (readonly [name: string, value: string])[],
  { colours, width }: Terminal,
): readonly string[] {
  return lines.map(([name, value]) => `${colours.dim(name.padStart(15))}  ${indented(value, 17, width)}`);
}

/** What inputs have to say, the first of each kind with how many there are, and behind them `rest`; nothing where there is none. */
export function diagnosticLines(
  diagnostics: readonly DiagnosticsOfCode[],
  rest: readonly string[],
  { colours, width }: Terminal,
): readonly string[] {
  if (diagnostics.length === 0) return [];
  const shown = diagnostics.flatMap(({ severity, code, number, path, pointer, message, hint }) => {
    const colour = severity === "error" ? colours.red : colours.yellow;
    const place = printable(pointer === "" ? path : `${path} ${pointer}`);
    const more = number > 1 ? `, and ${count(number - 1)} more of these` : "";
    return [
      indented(`${colour(severity)} ${code}: ${printable(message)}`, 2, width),
      `  ${colours.dim(indented(`at ${place}${more}`, 2, width))}`,
      ...(hint === "" ? [] : [`  ${indented(hint, 2, width)}`]),
    ];
  });
  return ["", ...shown, ...rest];
}

function indented(text: string, indent: number, width: number | null): string {
  return wordWrapped(text, width === null ? Infinity : width - indent).join(`\n${" ".repeat(indent)}`);
}

/** The parts that are not zero, in brackets; each has a singular and, where it differs, a plural. */
export function remarks(parts: readonly (readonly [number, string, string?])[]): string {
  const said = parts
    .filter(([number]) => number > 0)
    .map(([number, one, many]) => `${count(number)} ${number === 1 ? one : (many ?? one)}`);
  return said.length === 0 ? "" : ` (${said.join("; ")})`;
}

function takenOver({ merged }: SummaryFacts): string {
  return merged === undefined ? "" : `${count(merged.taken.units)} taken over from ${partsText(merged)} and `;
}

function verified({ merged }: SummaryFacts): string {
  const unchecked = merged?.taken.unchecked ?? 0;
  return unchecked === 0 ? "each verified" : `each verified but ${count(unchecked)} of those taken over`;
}

function partsText({ parts }: { readonly parts: number }): string {
  return plural(parts, "part");
}

/** Nothing is said of none. */
function reused({ unitsReused }: RunResult): string {
  return unitsReused === 0 ? "" : `; ${count(unitsReused)} taken over unchanged from earlier runs`;
}

/** Nothing is said where all were read. */
function filesLines({ files, filesKept, baseRunId }: SummaryFacts): readonly [string, string][] {
  if (baseRunId === null) return [];
  return [["files read", `${count(files - filesKept)} of ${count(files)} (the others are as in run ${baseRunId})`]];
}

/** Whom and what each rule left alone. */
function leftAloneLines({ leftAlone, keptBySid }: RunResult["summary"]): readonly [string, string][] {
  const rules = leftAlone
    .filter(({ rule }) => rule !== "unused-principal") // said with the principals
    .map(({ rule, principals, attachments }) => {
      const parts = [plural(principals, "principal"), plural(attachments, "attached policy", "attached policies")];
      return `${parts.filter((part) => part !== "").join(" and ")} by ${printable(rule)}`;
    });
  const sids =
    keptBySid === 0 ? [] : [`statements of ${plural(keptBySid, "attached policy", "attached policies")} by their Sid`];
  return [...rules, ...sids].map((text, i) => [i === 0 ? "left alone" : "", text]);
}

/** What is over IAM's size limits, or was. */
function sizeLines({
  tooLarge,
  shortened,
  split,
  doesNotFit,
}: RunResult["summary"]["sizes"]): readonly [string, string][] {
  const parts = [
    ...(tooLarge === 0 ? [] : [`${count(tooLarge)}; --fit makes them fit where it can`]),
    ...(shortened === 0 ? [] : [`${count(shortened)} fit in a shorter form`]),
    ...(split === 0 ? [] : [`${count(split)} are split`]),
    ...(doesNotFit === 0 ? [] : [`${count(doesNotFit)} cannot be made to fit`]),
  ];
  return parts.length === 0 ? [] : [["over the limit", parts.join(", ")]];
}

/** Empty where there are none. */
function plural(number: number, one: string, many = `${one}s`): string {
  return number === 0 ? "" : `${count(number)} ${number === 1 ? one : many}`;
}

function percent(part: number, whole: number): string {
  return `${((100 * part) / whole).toFixed(1)} %`;
}
