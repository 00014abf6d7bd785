import { stringify } from "csv-stringify/sync";
import {
  type Answer,
  type Cell,
  type Connection,
  QUESTIONS,
  type Question,
  ask,
  isKnown,
  openForReading,
} from "@leastwise/store";
import { EXIT, type ExitCode, Failure } from "../exit-code.ts";
import { printableJson } from "../format/printable.ts";
import { formatTable } from "../format/table.ts";
import { twoColumns } from "../format/wrap.ts";
import { count } from "../progress.ts";
import { type Terminal, write } from "../terminal.ts";

export interface QueryOptions {
  readonly db?: string;
  readonly sql?: string;
  readonly format: "table" | "json" | "csv";
  readonly limit?: number;
  readonly list?: boolean;
}

/** A table on a terminal is for looking at; whoever wants all rows pipes them or says so. */
const TABLE_ROWS = 50;

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
  const question = name === undefined ? undefined : findQuestion(name);
  const parameters = question === undefined ? {} : parametersOf(question, args);
  const db = openForReading(options.db);
  try {
    if (question !== undefined) checkValues(db, question, parameters);
    const answer = ask(db, question?.sql ?? options.sql ?? "", parameters);
    await print(answer, options, terminal);
    return EXIT.done;
  } finally {
    db.close();
  }
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

async function print({ columns, rows }: Answer, options: QueryOptions, terminal: Terminal): Promise<void> {
  const limit = options.limit ?? (options.format === "table" ? TABLE_ROWS : 0);
  if (options.format === "table") {
    const shown: (readonly Cell[])[] = [];
    let total = 0;
    for (const row of rows) {
      total++;
      if (limit === 0 || shown.length < limit) shown.push(row);
    }
    if (total === 0) {
      terminal.err.write("no rows\n");
      return;
    }
    await write(terminal.out, `${formatTable(columns, shown, terminal.width)}\n`);
    if (total > shown.length) {
      terminal.err.write(
        `${count(shown.length)} of ${count(total)} rows; --limit 0 shows all, --format csv or json gives all\n`,
      );
    }
    return;
  }
  const names = distinct(columns);
  let given = 0;
  if (options.format === "csv") await write(terminal.out, stringify([columns]));
  else await write(terminal.out, "[");
  for (const row of rows) {
    if (limit !== 0 && given >= limit) break;
    if (options.format === "csv") await write(terminal.out, stringify([row]));
    else await write(terminal.out, `${given === 0 ? "\n" : ",\n"}${jsonRow(names, row)}`);
    given++;
  }
  if (options.format === "json") await write(terminal.out, given === 0 ? "]\n" : "\n]\n");
}

function jsonRow(names: readonly string[], row: readonly Cell[]): string {
  const object = Object.fromEntries(
    names.map((name, i) => [name, typeof row[i] === "bigint" ? String(row[i]) : (row[i] ?? null)]),
  );
  return printableJson(JSON.stringify(object));
}

/** Columns as keys: a name that stands twice gets a number, so that no column is lost. */
function distinct(columns: readonly string[]): readonly string[] {
  const seen = new Map<string, number>();
  return columns.map((name) => {
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    return times === 1 ? name : `${name}_${times}`;
  });
}
