import { hitTable } from "../generate/hit-table.ts";
import type { Task, TaskResult } from "./task.ts";

/** Cases from which on a share says something. */
const ENOUGH = 3_000;

/** What a run has come to so far. */
export interface Totals {
  cases: number;
  /** In forms that fit, beside these. */
  fitted: number;
  documents: number;
  /** Documents times kinds of U. */
  documentQuestions: number;
  laws: number;
  broken: number;
  readonly hits: number[];
}

export function noTotals(): Totals {
  return { cases: 0, fitted: 0, documents: 0, documentQuestions: 0, laws: 0, broken: 0, hits: [] };
}

/** Adds a task's result to the totals, which change. */
export function addTo(totals: Totals, { kind }: Task, result: TaskResult): void {
  totals.fitted += result.fitted;
  if (kind === "cases") totals.cases += result.asked;
  else {
    totals.documents += result.asked;
    totals.documentQuestions += result.compared;
  }
  totals.laws += result.laws;
  totals.broken += result.broken;
  result.hits.forEach((hit, place) => {
    totals.hits[place] = (totals.hits[place] ?? 0) + hit;
  });
}

/** One line while it runs. */
export function progressLine({ cases, documentQuestions, broken }: Totals, seconds: number): string {
  const done = [`${counted(documentQuestions)} document questions`, `${counted(cases)} cases`];
  return `${seconds.toFixed(0).padStart(6)} s  ${done.join("  ")}  ${counted(broken)} differences`;
}

/** The tables at the end. `caseSeconds` is how long cases were made up. */
export function summary(totals: Totals, seconds: number, caseSeconds: number): string {
  const { cases, fitted, documents, documentQuestions, laws, broken, hits } = totals;
  const rows: [string, string][] = [
    ["generated cases", counted(cases)],
    ["generated cases in forms that fit", counted(fitted)],
    ["real documents", counted(documents)],
    ["… with a kind of unused set each", counted(documentQuestions)],
    ["compared: engine, reference, verifier", counted(cases + fitted + documentQuestions)],
    ["laws decided", counted(laws)],
    ["differences and broken laws", counted(broken)],
    ["cases a second", caseSeconds > 0 ? (cases / caseSeconds).toFixed(0) : "-"],
    ["seconds", seconds.toFixed(0)],
  ];
  const table = rows.map(([name, figure]) => `${name.padEnd(46)}${figure.padStart(14)}`).join("\n");
  if (cases === 0) return table;
  const { text, tooRare } = hitTable(hits, cases);
  const warning = cases < ENOUGH || tooRare.length === 0 ? "" : `hit too rarely: ${tooRare.join("; ")}\n\n`;
  return `${text}\n\n${warning}${table}`;
}

function counted(number: number): string {
  return number.toLocaleString("en-US");
}
