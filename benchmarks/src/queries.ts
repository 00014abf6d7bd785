/** `npm run bench:queries -- FILE [ROUNDS]`: every named question on any database, its first rows, warm. */
import { statSync } from "node:fs";
import { cpus } from "node:os";
import { openForReading } from "@leastwise/store";
import { ROWS, askTimes, questionsOf } from "./questions/ask-questions.ts";

const ROUNDS = 7;

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
  for (const question of questionsOf(db)) {
    const { rows, wall, slowest, cpu } = askTimes(db, question, Number(rounds));
    console.log(`| ${question.title} | ${rows} | ${wall.toFixed(1)} | ${slowest.toFixed(1)} | ${cpu.toFixed(1)} |`);
  }
  db.close();
}
