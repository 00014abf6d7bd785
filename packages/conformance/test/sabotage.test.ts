import { Verifier } from "@leastwise/core";
import { beforeAll, describe, expect, test } from "vitest";
import { mulberry32 } from "../src/random.ts";
import { evidenceAgainst } from "../src/sabotage/judge.ts";
import type { Operator, Planted } from "../src/sabotage/operator.ts";
import { OPERATORS } from "../src/sabotage/operators.ts";
import { type Question, type RightResult, rightResultOf } from "../src/sabotage/right-result.ts";
import { demoQuestions, generatedQuestions, goldenQuestion, managedQuestions } from "./sabotage/questions.ts";

/** Of one operator on one result: how many places at most. */
const MOST_PLACES = 3;
/** How often an operator has to have broken the law that it is made to break. */
const FEWEST = 20;
const SHOWN = 3;

interface Tally {
  readonly operator: Operator;
  /** Wrong for certain. */
  planted: number;
  /** Of these, those that break the operator's own law. */
  ofItsLaw: number;
  refused: number;
  /** Refused by an error; `refineShard` makes a failure of it. */
  thrown: number;
  /** Right after all, or not provably wrong. */
  skipped: number;
  /** The shortest, in words. */
  accepted: string | undefined;
  misnamed: string | undefined;
}

const tallies: readonly Tally[] = OPERATORS.map((operator) => {
  return { operator, planted: 0, ofItsLaw: 0, refused: 0, thrown: 0, skipped: 0, accepted: undefined, misnamed: undefined };
});
const wronglyRefused: string[] = [];

beforeAll(async () => {
  const verifiers = new Map<readonly string[], Verifier>();
  const questions = [
    ...generatedQuestions(2_000_000, 1500),
    ...managedQuestions(16),
    ...demoQuestions(),
    await goldenQuestion(),
  ];
  questions.forEach((question, seed) => {
    const verifier = verifiers.get(question.catalog) ?? new Verifier(question.catalog);
    verifiers.set(question.catalog, verifier);
    tryAll(question, seed, verifier);
  });
  console.log(tableOf(tallies));
}, 120_000);

describe("the verifier", () => {
  test("passes every right result", () => {
    expect(wronglyRefused).toEqual([]);
  });

  test("refuses every sabotaged one", () => {
    expect(
      tallies
        .filter(({ accepted }) => accepted.length > 0)
        .map(({ operator, accepted }) => [operator.name, accepted.length, ...accepted.slice(0, SHOWN)]),
    ).toEqual([]);
  });

  test("names the law that is broken, and the statement", () => {
    expect(
      tallies
        .filter(({ misnamed }) => misnamed.length > 0)
        .map(({ operator, misnamed }) => [operator.name, misnamed.length, ...misnamed.slice(0, SHOWN)]),
    ).toEqual([]);
  });
});

test("every operator has broken its law often enough", () => {
  expect(
    tallies.filter(({ ofItsLaw }) => ofItsLaw < FEWEST).map(({ operator, ofItsLaw }) => [operator.name, ofItsLaw]),
  ).toEqual([]);
});

function tryAll(question: Question, seed: number, verifier: Verifier): void {
  const right = rightResultOf(question);
  const { before, after, recommendedAction } = right;
  const { unused } = question;
  const { violations } = verifier.verify({ before, after, recommendedAction, unused });
  if (violations.length > 0) wronglyRefused.push(shown(right, { after, recommendedAction }, violations));
  for (const [i, tally] of tallies.entries()) {
    const random = mulberry32(seed * 1000 + i);
    let places = 0;
    for (const planted of tally.operator.sabotage(right, random)) {
      if (places++ === MOST_PLACES) break;
      tryOne(tally, right, planted, verifier);
    }
  }
}

function tryOne(tally: Tally, right: RightResult, planted: Planted, verifier: Verifier): void {
  const evidence = evidenceAgainst(planted, right);
  if (evidence.length === 0) {
    tally.skipped++;
    return;
  }
  tally.planted++;
  if (evidence.some(({ law }) => law === tally.operator.law)) tally.ofItsLaw++;
  const { after, recommendedAction, unused = right.question.unused } = planted;
  try {
    const { violations } = verifier.verify({ before: right.before, after, recommendedAction, unused });
    if (violations.length === 0) tally.accepted.push(shown(right, planted, evidence));
    else tally.refused++;
    const unnamed = evidence.filter(
      ({ law, statement, isNamed }) =>
        isNamed && !violations.some((violation) => violation.law === law && violation.statement === statement),
    );
    if (violations.length > 0 && unnamed.length > 0)
      tally.misnamed.push(shown(right, planted, { unnamed, violations }));
  } catch {
    tally.thrown++;
  }
}

function shown(
  { before, question, after: right }: RightResult,
  { after, recommendedAction, unused }: Planted,
  why: unknown,
): string {
  return [
    JSON.stringify(why),
    `before ${JSON.stringify(before)}`,
    `right  ${JSON.stringify(right)}`,
    `says   ${recommendedAction} ${JSON.stringify(after)}`,
    `unused ${JSON.stringify(unused ?? question.unused).slice(0, 2000)}`,
    question.catalog.length < 100 ? `catalog ${question.catalog.join(" ")}` : "",
  ].join("\n");
}

function tableOf(rows: readonly Tally[]): string {
  const width = Math.max(...rows.map(({ operator }) => operator.name.length));
  const line = (name: string, law: string, ...numbers: readonly (string | number)[]): string =>
    [name.padEnd(width), law.padEnd(13), ...numbers.map((number) => String(number).padStart(8))].join(" ");
  return [
    line("operator", "law", "planted", "its law", "refused", "thrown", "skipped"),
    ...rows.map(({ operator, planted, ofItsLaw, refused, thrown, skipped }) =>
      line(operator.name, operator.law, planted, ofItsLaw, refused, thrown, skipped),
    ),
  ].join("\n");
}
