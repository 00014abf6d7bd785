import { randomInt } from "node:crypto";
import { Verifier } from "@leastwise/core";
import { expect, test } from "vitest";
import { type ReferenceResult, generateCase } from "../src/index.ts";
import { compare, trieOf } from "./engine.ts";

/** How many disagreements a failure shows. */
const SHOWN = 3;

/** `LEASTWISE_SEED=<first seed>` asks the cases of an earlier run again. */
const fresh = Number(process.env["LEASTWISE_SEED"] ?? randomInt(2 ** 20, 2 ** 31));

test.each([
  [20_000, "that stay the same", 0],
  [5_000, "that nobody has seen", fresh],
])("engine, reference and verifier agree on %i cases %s", (count, _, first) => {
  console.log(`seeds ${first} to ${first + count - 1}; the fresh ones again: LEASTWISE_SEED=${fresh}`);
  const { disagreements, outcomes } = compareSeeds(first, count);
  const shown = disagreements.slice(0, SHOWN).join("\n\n");
  expect(disagreements.length, `${disagreements.length} of ${count} cases disagree\n\n${shown}\n`).toBe(0);
  console.log(outcomes);
  // a generator whose cases hardly change anything would prove nothing
  expect(outcomes.CREATE_POLICY).toBeGreaterThan(count / 2);
  expect(outcomes.DETACH_POLICY).toBeGreaterThan(count / 100);
  expect(outcomes.NONE).toBeGreaterThan(count / 10);
});

interface Summary {
  readonly disagreements: readonly string[];
  readonly outcomes: Readonly<Record<ReferenceResult["action"], number>>;
}

function compareSeeds(first: number, count: number): Summary {
  const disagreements: string[] = [];
  const outcomes = { CREATE_POLICY: 0, DETACH_POLICY: 0, NONE: 0 };
  for (let seed = first; seed < first + count; seed++) {
    const made = generateCase(seed);
    const { action, difference } = compare(made, trieOf(made.catalog), new Verifier(made.catalog));
    outcomes[action]++;
    if (difference === null) continue;
    const lines = [
      `seed ${seed}, granularity ${made.granularity}: ${difference}`,
      `policy:    ${JSON.stringify(made.policy)}`,
      `unused:    ${JSON.stringify(made.unused)}`,
      `catalog:   ${made.catalog.toSorted().join(" ")}`,
    ];
    disagreements.push(lines.join("\n"));
  }
  return { disagreements, outcomes };
}
