import type { Statement } from "@leastwise/core";
import type { Case } from "../generate/cases.ts";
import type { Answer, Refiner } from "../refiner.ts";
import { entriesOf, mayChange, statementsOf } from "./plainly.ts";

/** One refiner asked one case: what the laws look at. */
export interface Hearing {
  readonly refiner: Refiner;
  readonly asked: Case;
  readonly answer: Answer;
  readonly statements: readonly HeardStatement[];
}

/** A statement, and what it becomes where it is the only one of its policy; null when it goes. */
export interface HeardStatement {
  readonly before: Statement;
  readonly after: Statement | null;
  /** For `Action` of a statement that may change: each entry, and what it becomes where it is the only one. */
  readonly entries: readonly HeardEntry[];
}

export interface HeardEntry {
  readonly entry: string;
  readonly becomes: "kept" | readonly string[];
}

/** Asks about the case, each of its statements and, once a law looks at them, each entry: 1 + statements + entries questions. */
export function hear(refiner: Refiner, asked: Case): Hearing {
  const statements = statementsOf(asked.policy).map((before): HeardStatement => {
    let entries: readonly HeardEntry[] | undefined;
    return {
      before,
      after: alone(refiner, asked, before),
      get entries() {
        entries ??= refinedEntries(before, asked).map((entry) => hearEntry(refiner, asked, entry)); // real documents have thousands, and few laws look
        return entries;
      },
    };
  });
  return { refiner, asked, answer: refiner.refine(asked), statements };
}

function refinedEntries(statement: Statement, { options }: Case): readonly string[] {
  return mayChange(statement, options) ? entriesOf(statement.Action) : [];
}

/** What a statement becomes where it is the only one; null when it goes. */
export function alone(refiner: Refiner, asked: Case, statement: Statement): Statement | null {
  return statementsOf(refiner.refine({ ...asked, policy: { Statement: statement } }).policy)[0] ?? null;
}

/** What an entry becomes where it is the only one. */
export function hearEntry(refiner: Refiner, asked: Case, entry: string): HeardEntry {
  const policy = { Statement: [{ Effect: "Allow" as const, Action: [entry], Resource: "*" }] };
  const { recommendedAction, policy: after } = refiner.refine({ ...asked, policy });
  if (recommendedAction === "NONE") return { entry, becomes: "kept" };
  return { entry, becomes: entriesOf(statementsOf(after)[0]?.Action) };
}
