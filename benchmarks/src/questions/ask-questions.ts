import { type Connection, QUESTIONS, isKnown } from "@leastwise/store";
import { median } from "../measure/spread.ts";

/** As many as `leastwise query` shows in a table. */
export const ROWS = 50;
/** What a parameter is, if the database lacks the example. */
const FIRST: Readonly<Record<string, string>> = {
  account: "SELECT account_id FROM accounts WHERE holders > 0 LIMIT 1",
  action: "SELECT action FROM actions WHERE attachments_before > 0 LIMIT 1",
};

/** A named question with values for its parameters. */
export interface AskedQuestion {
  readonly title: string;
  readonly sql: string;
  readonly values: Readonly<Record<string, string>>;
}

/** Milliseconds. */
export interface QuestionTimes {
  readonly rows: number;
  /** Medians by the clock and of the processor, and the slowest by the clock. */
  readonly wall: number;
  readonly cpu: number;
  readonly slowest: number;
}

/** Every named question, with the examples of its parameters where the database has them. */
export function questionsOf(db: Connection): readonly AskedQuestion[] {
  return QUESTIONS.map(({ name: question, sql, parameters }) => {
    const given = parameters.map((parameter): readonly [string, string] => {
      const { name, example } = parameter;
      if (isKnown(db, parameter, example)) return [name, example];
      const first = db.prepare(FIRST[name] ?? "").pluck(); // there is one for each kind of parameter
      return [name, String(first.get())];
    });
    return {
      title: [question, ...given.map(([, value]) => value)].join(" "),
      sql,
      values: Object.fromEntries(given),
    };
  });
}

/** Asks a question a number of times, after one that is not counted. */
export function askTimes(db: Connection, { sql, values }: AskedQuestion, times: number): QuestionTimes {
  let rows = ask(db, sql, values);
  const taken = Array.from({ length: times }, () => {
    const [start, cpu] = [performance.now(), process.cpuUsage()];
    rows = ask(db, sql, values);
    const { user, system } = process.cpuUsage(cpu);
    return { wall: performance.now() - start, cpu: (user + system) / 1000 };
  });
  const wall = taken.map((round) => round.wall);
  return { rows, wall: median(wall), cpu: median(taken.map((round) => round.cpu)), slowest: Math.max(...wall) };
}

/** Prepares the question anew, as each call of the program does, and reads its first rows. */
function ask(db: Connection, sql: string, values: Readonly<Record<string, string>>): number {
  let rows = 0;
  for (const row of db.prepare<[object], readonly unknown[]>(sql).raw().iterate(values)) {
    if (row.length === 0 || ++rows === ROWS) break;
  }
  return rows;
}
