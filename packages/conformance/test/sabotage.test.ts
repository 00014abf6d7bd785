/**
 * Plants every sabotage wherever it applies in right results, made-up and real, and has the verifier refuse it.
 *
 * `LEASTWISE_LONG=1 npx vitest run packages/conformance/test/sabotage.test.ts` takes ten times as many.
 */
import { type Claim, type Law, type RefinementOptions, Verifier, type Violation } from "@leastwise/core";
import { beforeAll, describe, expect, test } from "vitest";
import { mulberry32 } from "../src/sabotage/random.ts";
import { type Evidence, type Rule, evidenceAgainst, optionsClaimed } from "../src/sabotage/evidence.ts";
import type { Planted } from "../src/sabotage/operator.ts";
import { OPERATORS } from "../src/sabotage/operators.ts";
import type { Question } from "../src/refiner.ts";
import { type RightResult, rightResultOf } from "../src/sabotage/right-result.ts";
import { demoQuestions, generatedQuestions, goldenQuestion, managedQuestions } from "./sabotage/questions.ts";

const LONG = process.env["LEASTWISE_LONG"] !== undefined;
const GENERATED = LONG ? 9_000 : 900;
const EVERY_MANAGED = LONG ? 3 : 30;
/** At how many places of one result an operator strikes at most. */
const MOST_PLACES = 2;
/** How often an operator has to have broken the law that it is made to break, or it proves nothing. */
const FEWEST = 10;

/** A verifier may answer these by an error, of which `refineShard` makes a failure: its types forbid them. */
const ILL_FORMED: ReadonlySet<Rule> = new Set(["is a policy", "entries are strings"]);

interface Tally {
  readonly operator: string;
  readonly law: Law;
  /** Wrong for certain. */
  planted: number;
  /** Of these, those that break the operator's own law. */
  ofItsLaw: number;
  refused: number;
  /** Refused by an error. */
  thrown: number;
  /** Right after all, or not provably wrong. */
  skipped: number;
  /** The shortest of its kind, in words. */
  accepted: string | undefined;
  misnamed: string | undefined;
}

const tallies = OPERATORS.map(({ name, law }): Tally => {
  const none = { planted: 0, ofItsLaw: 0, refused: 0, thrown: 0, skipped: 0 };
  return { operator: name, law, ...none, accepted: undefined, misnamed: undefined };
});
const wronglyRefused: string[] = [];

beforeAll(async () => {
  const verifiers = new Map<readonly string[], Verifier>();
  const questions = [
    ...generatedQuestions(2_000_000, GENERATED),
    ...managedQuestions(EVERY_MANAGED),
    ...demoQuestions(),
    await goldenQuestion(),
  ];
  questions.forEach((question, seed) => {
    const verifier = verifiers.get(question.catalog) ?? new Verifier(question.catalog);
    if (question.catalog.length > 1000) verifiers.set(question.catalog, verifier);
    tryAll(question, seed, verifier);
  });
  console.log(`${questions.length} right results\n${tableOf(tallies)}`);
}, 3_600_000);

describe("the verifier", () => {
  test("passes every right result", () => {
    expect(wronglyRefused).toEqual([]);
  });

  test("refuses every sabotaged one", () => {
    expect(shownOf("accepted")).toEqual([]);
  });

  test("names the law that is broken, and the statement", () => {
    expect(shownOf("misnamed")).toEqual([]);
  });
});

test("every operator has broken its law often enough, and no two have one name", () => {
  expect(tallies.filter(({ ofItsLaw }) => ofItsLaw < FEWEST)).toEqual([]);
  expect(new Set(tallies.map(({ operator }) => operator)).size).toBe(tallies.length);
});

function tryAll(question: Question, seed: number, verifier: Verifier): void {
  const right = rightResultOf(question);
  const { before, after, recommendedAction } = right;
  const { violations } = verifier.verify({
    before,
    after,
    recommendedAction,
    unused: question.unused,
    ...claimOptions(question.options),
  });
  if (violations.length > 0) wronglyRefused.push(shown(right, { after, recommendedAction }, violations));
  for (const [i, { sabotage }] of OPERATORS.entries()) {
    const random = mulberry32(seed * 1000 + i);
    let places = 0;
    for (const planted of sabotage(right, random)) {
      if (places++ === MOST_PLACES) break;
      tryOne(tallies[i]!, right, planted, verifier); // one for each operator
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
  if (evidence.some(({ law }) => law === tally.law)) tally.ofItsLaw++;
  const violations = verdictOn(right, planted, verifier);
  if (violations === null) {
    tally.thrown++;
    if (!evidence.every(({ rule }) => ILL_FORMED.has(rule) || rule === "recommended action: 4")) {
      tally.misnamed = shorter(tally.misnamed, shown(right, planted, [{ thrown: evidence }]));
    }
  } else if (violations.length === 0) {
    tally.accepted = shorter(tally.accepted, shown(right, planted, evidence));
  } else {
    tally.refused++;
    const unnamed = evidence.filter((one) => one.isNamed && !violations.some((violation) => isNamedBy(violation, one)));
    if (unnamed.length > 0) tally.misnamed = shorter(tally.misnamed, shown(right, planted, [unnamed, violations]));
  }
}

/** Null: an error was thrown. */
function verdictOn(
  { before, question }: RightResult,
  planted: Planted,
  verifier: Verifier,
): readonly Violation[] | null {
  const { after, recommendedAction, unused = question.unused, keptSids, fit } = planted;
  const options = optionsClaimed(question.options, { keptSids, fit });
  try {
    return verifier.verify({ before, after, recommendedAction, unused, ...claimOptions(options) }).violations;
  } catch {
    return null;
  }
}

function claimOptions({ keptSids, fit }: RefinementOptions): Pick<Claim, "keptSids" | "fit"> {
  return fit === undefined ? { keptSids } : { keptSids, fit };
}

function isNamedBy(violation: Violation, evidence: Evidence): boolean {
  return violation.law === evidence.law && violation.statement === evidence.statement;
}

function shorter(one: string | undefined, other: string): string {
  return one !== undefined && one.length <= other.length ? one : other;
}

function shown({ before, question, after: right }: RightResult, planted: Planted, why: readonly unknown[]): string {
  const { after, recommendedAction, unused = question.unused, keptSids, fit } = planted;
  const { catalog } = question;
  return [
    `before  ${JSON.stringify(before)}`,
    `right   ${JSON.stringify(right)}`,
    `says    ${recommendedAction} ${JSON.stringify(after)}`,
    `why     ${JSON.stringify(why)}`,
    `unused  ${JSON.stringify(unused).slice(0, 2000)}`,
    `options ${JSON.stringify(optionsClaimed(question.options, { keptSids, fit }))}`,
    `catalog ${catalog.length < 100 ? catalog.toSorted().join(" ") : catalog.length}`,
  ].join("\n");
}

function shownOf(kind: "accepted" | "misnamed"): string[] {
  return tallies.flatMap(({ operator, [kind]: example }) => (example === undefined ? [] : [`${operator}\n${example}`]));
}

function tableOf(rows: readonly Tally[]): string {
  const width = Math.max(...rows.map(({ operator }) => operator.length));
  const line = (name: string, law: string, ...cells: readonly (string | number)[]): string =>
    [name.padEnd(width), law.padEnd(12), ...cells.map((cell) => String(cell).padStart(8))].join(" ");
  const sum = (of: (row: Tally) => number): number => rows.reduce((total, row) => total + of(row), 0);
  const columns: readonly ((row: Tally) => number)[] = [
    ({ planted }) => planted,
    ({ ofItsLaw }) => ofItsLaw,
    ({ refused }) => refused,
    ({ thrown }) => thrown,
    ({ skipped }) => skipped,
  ];
  return [
    line("operator", "law", "planted", "its law", "refused", "thrown", "skipped"),
    ...rows.map((row) => line(row.operator, row.law, ...columns.map((column) => column(row)))),
    line("all", "", ...columns.map(sum)),
  ].join("\n");
}
