/**
 * SEMANTICS 9 on generated cases: the laws for each refiner, and the engine beside the reference, which tries everything that is small
 * enough to be tried.
 */
import { randomInt } from "node:crypto";
import { builtInCatalog } from "@leastwise/catalog";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { describeFinding } from "../src/describe.ts";
import { disagreement } from "../src/differential.ts";
import { engine } from "../src/engine.ts";
import { type Case, fittedCases } from "../src/generate/cases.ts";
import { type Hearing, hear } from "../src/laws/hearing.ts";
import { type Breach, LAWS, type Law, firstBreach } from "../src/laws/laws.ts";
import { reference } from "../src/reference/refine.ts";
import { minimised } from "../src/search.ts";
import { actionsOf } from "./catalogs.ts";

const real = actionsOf(builtInCatalog().trie);
/** `LEASTWISE_SEED=<seed>` asks the cases of an earlier run again. */
const fresh = Number(process.env["LEASTWISE_SEED"] ?? randomInt(2 ** 31));
const AGAIN = `LEASTWISE_SEED=${fresh} npx vitest run packages/conformance/test/fitted-laws.test.ts`;
const CASES = [
  ...fc.sample(fittedCases(real), { seed: 9, numRuns: 400 }),
  ...fc.sample(fittedCases(real), { seed: fresh, numRuns: 200 }),
];

describe.each([engine, reference])("$name, fresh cases by LEASTWISE_SEED=" + String(fresh), (refiner) => {
  const hearings = CASES.map((asked) => hear(refiner, asked));

  test.each(LAWS)("law $number, $name", { timeout: 600_000 }, (law) => {
    const broken = hearings.find((hearing) => law.check(hearing) !== null);
    expect(broken === undefined ? "" : text(broken, law)).toBe("");
  });

  function text({ asked }: Hearing, law: Law): string {
    return `\n${describeFinding(
      minimised(asked, (candidate) => firstBreach(refiner, candidate, [law])),
      AGAIN,
    )}`;
  }
});

test("engine, reference and verifier agree, and of most statements everything is tried", { timeout: 600_000 }, () => {
  const found = CASES.find((asked) => check(asked) !== null);
  expect(found === undefined ? "" : `\n${describeFinding(minimised(found, check), AGAIN)}`).toBe("");
  const counts = { statements: 0, tried: 0, proven: 0 };
  for (const asked of CASES) {
    const { statements, shortest } = reference.refine(asked).fitted!; // both say it
    counts.statements += statements;
    counts.tried += shortest;
    counts.proven += engine.refine(asked).fitted!.shortest; // as above
  }
  console.log(counts);
  expect(counts.tried).toBeGreaterThan(0.6 * counts.statements);
  expect(counts.proven).toBeGreaterThan(0.98 * counts.statements);
});

function check(asked: Case): Breach | null {
  return disagreement(engine, asked);
}
