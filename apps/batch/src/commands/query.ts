import { type Connection, QUESTIONS, type Question, isKnown, openForReading } from "@leastwise/store";
import { askApart } from "../asking/ask-apart.ts";
import { askHere } from "../asking/ask-here.ts";
import { DEFAULT_LIMITS, type QueryLimits } from "../asking/limits.ts";
import { printRows } from "../asking/print-rows.ts";
import type { Rows } from "../asking/rows.ts";
import type { QueryFormat } from "../cli/choices.ts";
import { EXIT, type ExitCode, Failure } from "../exit-code.ts";
import { csvForm } from "../format/csv.ts";
import type { Form } from "../format/form.ts";
import { jsonForm, jsonLinesForm } from "../format/json-rows.ts";
import { recordsForm } from "../format/records.ts";
import { tableForm } from "../format/table.ts";
import { twoColumns } from "../format/wrap.ts";
import { tellUnfinished } from "../given/tell-unfinished.ts";
import { count } from "../progress.ts";
import { type Terminal, write } from "../terminal.ts";

export interface QueryOptions {
  readonly db?: string;
  readonly run?: string;
  readonly sql?: string;
  readonly format: QueryFormat;
  readonly raw?: boolean;
  readonly limit?: number;
  readonly timeout?: number;
  readonly maxBytes?: number;
  readonly maxMemory?: number;
  readonly list?: boolean;
}

/** A table on a terminal is for looking at; whoever wants all rows pipes them or says so. */
const SHOWN_ROWS = 50;

/** `leastwise query --db FILE [NAME [ARGUMENT…]]` */
export async function queryCommand(
  name: string | undefined,
  args: readonly string[],
  options: QueryOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  if (options.list === true || (name === undefined && options.sql === undefined)) {
    await write(terminal.out, `${listOfQuestions(terminal.width)}\n`);
    return EXIT.done;
  }
  if (options.db === undefined)
    throw new Failure(EXIT.usage, "`query` needs --db FILE", "name the database that `leastwise refine` wrote");
  if (name !== undefined && options.sql !== undefined) {
    throw new Failure(EXIT.usage, "a name and --sql do not go together", "give one of them");
  }
  if (options.raw === true && options.format !== "csv") {
    throw new Failure(
      EXIT.usage,
      "--raw goes with --format csv",
      "JSON has every text as it is, and the others are for the eye",
    );
  }
  const question = name === undefined ? undefined : findQuestion(name);
  const parameters = question === undefined ? {} : parametersOf(question, args);
  const isForPeople = options.format === "table" || options.format === "records";
  const mostRows = options.limit ?? (isForPeople ? SHOWN_ROWS : 0);
  const limits = limitsOf(options);
  const asked = {
    database: options.db,
    ...(options.run === undefined ? {} : { run: options.run }),
    sql: question?.sql ?? options.sql ?? "",
    parameters,
    mostRows: mostRows === 0 ? 0 : mostRows + 1, // one more says that there are more
  };
  const hasLimits = limits.seconds !== null || limits.memoryMb !== null;
  const db = question === undefined ? null : openForReading(options.db, options.run);
  try {
    if (db !== null && question !== undefined) {
      checkValues(db, question, parameters);
      tellUnfinished(db, terminal);
    }
    const answer = db === null || hasLimits ? await askApart(asked, limits) : askHere(db, asked);
    const form = formOf(answer, options, terminal);
    const { rows, hasMore } = await printRows(answer, form, mostRows, limits, terminal);
    if (isForPeople && rows === 0) terminal.err.write("no rows\n");
    if (isForPeople && hasMore) terminal.err.write(`the first ${rowsText(rows)}; --limit 0 shows all\n`);
    const remark = form.remark?.() ?? "";
    if (remark !== "") terminal.err.write(`${remark}\n`);
    return EXIT.done;
  } finally {
    db?.close();
  }
}

/** Own SQL has limits unless told otherwise, a question with a name those that it is told. 0 is no limit. */
function limitsOf({ sql, timeout, maxMemory, maxBytes }: QueryOptions): QueryLimits {
  const of = (given: number | undefined, name: keyof QueryLimits): number | null => {
    const value = given ?? (sql === undefined ? 0 : DEFAULT_LIMITS[name]);
    return value === 0 ? null : value;
  };
  return { seconds: of(timeout, "seconds"), memoryMb: of(maxMemory, "memoryMb"), bytes: of(maxBytes, "bytes") };
}

function formOf({ columns }: Rows, { format, raw }: QueryOptions, { width }: Terminal): Form {
  switch (format) {
    case "table":
      return tableForm(columns, width);
    case "records":
      return recordsForm(columns, width);
    case "json":
      return jsonForm(columns);
    case "jsonl":
      return jsonLinesForm(columns);
    case "csv":
      return csvForm(columns, raw === true);
  }
}

function rowsText(rows: number): string {
  return rows === 1 ? "row" : `${count(rows)} rows`;
}

function findQuestion(name: string): Question {
  const question = QUESTIONS.find((candidate) => candidate.name === name);
  if (question !== undefined) return question;
  throw new Failure(EXIT.usage, `there is no query \`${name}\``, "`leastwise query --list` shows all of them");
}

function parametersOf({ name, parameters }: Question, args: readonly string[]): Readonly<Record<string, string>> {
  if (args.length !== parameters.length) {
    const usage = [name, ...parameters.map((parameter) => parameter.name.toUpperCase())].join(" ");
    const example = [name, ...parameters.map((parameter) => parameter.example)].join(" ");
    throw new Failure(EXIT.usage, `this query is \`${usage}\``, `for example \`leastwise query --db FILE ${example}\``);
  }
  return Object.fromEntries(parameters.map((parameter, i) => [parameter.name, args[i] ?? ""]));
}

/** Without this a typing error would read as "nobody". */
function checkValues(db: Connection, { parameters }: Question, values: Readonly<Record<string, string>>): void {
  for (const parameter of parameters) {
    const value = values[parameter.name] ?? "";
    if (isKnown(db, parameter, value)) continue;
    throw new Failure(EXIT.usage, `the database has no ${parameter.name} \`${value}\``, "check the spelling");
  }
}

function listOfQuestions(width: number | null): string {
  return twoColumns(
    QUESTIONS.map(({ name, parameters, sentence }) => [
      [name, ...parameters.map((parameter) => parameter.name.toUpperCase())].join(" "),
      sentence,
    ]),
    width,
  );
}
