/** `npm run bench:queries -- FILE [ROUNDS]`: every named question on a database, its first rows, warm. */
import { statSync } from "node:fs";
import { cpus } from "node:os";
import { type Connection, QUESTIONS, type Question, isKnown, openForReading } from "@leastwise/store";

/** As many as `leastwise query` shows in a table. */
const ROWS = 50;
const ROUNDS = 7;
/** What a parameter is, if the database lacks the example. */
const FIRST: Readonly<Record<string, string>> = {
  account: "SELECT account_id FROM accounts WHERE holders > 0 LIMIT 1",
  action: "SELECT action FROM actions WHERE attachments_before > 0 LIMIT 1",
};

const [file, rounds = String(ROUNDS)] = process.argv.slice(2);
if (file === undefined || !(Number(rounds) > 0)) {
  console.error("usage: bench:queries FILE [ROUNDS]");
  process.exitCode = 2;
} else {
  const db = openForReading(file);
  const recommendations = db.prepare<[], number | null>("SELECT sum(attachments) FROM accounts").pluck().get();
  const gigabytes = (statSync(file).size / 1e9).toFixed(1);
  console.log(
    `${recommendations ?? 0} recommendations, ${gigabytes} GB, node ${process.version}, ${cpus()[0]?.model ?? "unknown"}; ` +
      `the first ${ROWS} rows, median of ${rounds} after one that is not counted\n`,
  );
  console.log("| question | rows | median ms | slowest ms | CPU ms, median |\n| --- | ---: | ---: | ---: | ---: |");
  for (const question of QUESTIONS) console.log(line(db, question, Number(rounds)));
  db.close();
}

function line(db: Connection, question: Question, times: number): string {
  const given = question.parameters.map((parameter): readonly [string, string] => {
    const { name, example } = parameter;
    if (isKnown(db, parameter, example)) return [name, example];
    return [
      name,
      String(
        db
          .prepare(FIRST[name] ?? "")
          .pluck()
          .get(),
      ),
    ]; // there is one for each kind of parameter
  });
  const values = Object.fromEntries(given);
  let rows = ask(db, question.sql, values);
  const taken = Array.from({ length: times }, () => {
    const [start, cpu] = [performance.now(), process.cpuUsage()];
    rows = ask(db, question.sql, values);
    const { user, system } = process.cpuUsage(cpu);
    return { wall: performance.now() - start, cpu: (user + system) / 1000 };
  });
  const [wall, cpu] = (["wall", "cpu"] as const).map((what) => taken.map((round) => round[what]).sort((a, b) => a - b));
  const name = [question.name, ...given.map(([, value]) => value)].join(" ");
  const median = times >> 1;
  return `| ${name} | ${rows} | ${wall?.[median]?.toFixed(1)} | ${wall?.at(-1)?.toFixed(1)} | ${cpu?.[median]?.toFixed(1)} |`;
}

/** Prepares the question anew, as each call of the program does, and reads its first rows. */
function ask(db: Connection, sql: string, values: Readonly<Record<string, string>>): number {
  let rows = 0;
  for (const row of db.prepare<[object], readonly unknown[]>(sql).raw().iterate(values)) {
    if (row.length === 0 || ++rows === ROWS) break;
  }
  return rows;
}
