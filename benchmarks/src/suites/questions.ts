import type { BenchCase } from "../measure/runner.ts";
import { type AskedQuestion, askTimes, questionsOf } from "../questions/ask-questions.ts";
import { openForReading } from "@leastwise/store";
import { threadsOfThis, usualShape } from "./end-to-end.ts";
import { refine } from "./job.ts";
import type { Suite } from "./suite.ts";
import type { Workshop } from "./workshop.ts";

const TIMES = 5;

export const QUESTIONS_SUITE: Suite = {
  name: "questions",
  title: "Every named question, its first 50 rows, warm",
  columns: ["rows", "milliseconds", "slowestMilliseconds", "cpuMilliseconds"],
  rounds: { quick: 3, full: 5 },
  cases: async (workshop) => {
    const path = await databaseIn(workshop);
    const db = openForReading(path);
    const questions = questionsOf(db);
    db.close();
    return questions.map((question) => questionCase(path, question));
  },
};

async function databaseIn(workshop: Workshop): Promise<string> {
  const database = workshop.freshDatabase("questions");
  await refine(await workshop.organization(usualShape(workshop)), database, threadsOfThis());
  return database;
}

/** On a connection of its own, whose cache the first time fills. */
function questionCase(path: string, question: AskedQuestion): BenchCase {
  return {
    name: question.title,
    parameters: {},
    round: () => {
      const db = openForReading(path);
      const { rows, wall, slowest, cpu } = askTimes(db, question, TIMES);
      db.close();
      return { figures: { rows, milliseconds: wall, slowestMilliseconds: slowest, cpuMilliseconds: cpu } };
    },
  };
}
