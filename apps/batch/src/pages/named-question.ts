import type { QuestionRow, Table } from "@leastwise/api";
import { type Cell, PageError, type PageAsked, QUESTIONS, ask, isKnown } from "@leastwise/store";
import type { ShownRun } from "./shown-database.ts";

/** Rows of a table on the page. */
export const MOST_TABLE_ROWS = 1000;

export function questionRows(): readonly QuestionRow[] {
  return QUESTIONS.map(({ name, sentence, parameters, sql }) => ({
    name,
    sentence,
    parameters: parameters.map(({ name: parameter, example }) => ({ name: parameter, example })),
    sql,
  }));
}

/** A named question's first rows. @throws PageError */
export function namedQuestion({ db }: ShownRun, asked: PageAsked, isOver: () => boolean): Table {
  const question = QUESTIONS.find(({ name }) => name === asked["question"]);
  if (question === undefined)
    throw new PageError("not-found", `there is no question \`${asked["question"] ?? ""}\``, "`questions` lists them");
  const values = Object.fromEntries(question.parameters.map(({ name }) => [name, asked[`p.${name}`] ?? ""]));
  for (const parameter of question.parameters) {
    if (isKnown(db, parameter, values[parameter.name] ?? "")) continue;
    throw new PageError(
      "not-found",
      `the database has no ${parameter.name} \`${values[parameter.name] ?? ""}\``,
      "check the spelling",
    );
  }
  const { columns, rows } = ask(db, question.sql, values);
  const found: (readonly (string | number | null)[])[] = [];
  for (const row of rows) {
    if (found.length === MOST_TABLE_ROWS) return { columns, rows: found, stopped: rowsStopped(MOST_TABLE_ROWS) };
    found.push(row.map(tableCell));
    if (isOver()) return { columns, rows: found, stopped: "it took too long; `leastwise query` gives all" };
  }
  return { columns, rows: found, stopped: null };
}

export function rowsStopped(rows: number): string {
  return `these are the first ${rows} rows; \`leastwise query\` gives all`;
}

export function tableCell(cell: Cell): string | number | null {
  return typeof cell === "bigint" || (typeof cell === "number" && !Number.isFinite(cell)) ? String(cell) : cell;
}
