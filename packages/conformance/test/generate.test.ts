import { expect, test } from "vitest";
import { generateCase } from "../src/index.ts";
import { actionsOf, statementsOf } from "./brute-force.ts";
import { askReference } from "./engine.ts";

const SEEDS = Array.from({ length: 3000 }, (_, seed) => seed);

test("the same seed gives the same case, another seed another", () => {
  expect(generateCase(7)).toEqual(generateCase(7));
  expect(new Set(SEEDS.map((seed) => JSON.stringify(generateCase(seed)))).size).toBe(SEEDS.length);
});

test("most cases change something, and one in ten writes a prefix with more than a final * after it", () => {
  const changed = SEEDS.map(generateCase).filter((made) => askReference(made).action !== "NONE");
  const general = changed.filter((made) => {
    const before = new Set(statementsOf(made.policy).flatMap(actionsOf));
    const after = statementsOf(askReference(made).policy).flatMap(actionsOf);
    return after.some((entry) => !before.has(entry) && /\?|\*./.test(entry));
  });
  expect(changed.length).toBeGreaterThan(SEEDS.length / 2);
  expect(general.length).toBeGreaterThan(SEEDS.length / 10);
});

test("unused is canonical: folded, sorted, each once, none empty", () => {
  for (const { unused } of SEEDS.map(generateCase)) {
    expect(unused.map(({ service }) => service)).toEqual([...new Set(unused.map(({ service }) => service))].sort());
    for (const { service, whole, names } of unused) {
      expect(names).toEqual([...new Set(names)].sort());
      expect(whole || names.length > 0).toBe(true);
      expect([service, ...names].join("")).not.toMatch(/[A-Z]/);
    }
  }
});
