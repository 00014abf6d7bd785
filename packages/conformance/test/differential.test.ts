import { randomInt } from "node:crypto";
import { builtInCatalog } from "@leastwise/catalog";
import { expect, test } from "vitest";
import { describeFinding } from "../src/describe.ts";
import { disagreement } from "../src/differential.ts";
import { engine } from "../src/engine.ts";
import { search } from "../src/search.ts";
import { actionsOf } from "./catalogs.ts";

/** `LEASTWISE_SEED=<seed>` asks the cases of an earlier run again. */
const fresh = Number(process.env["LEASTWISE_SEED"] ?? randomInt(2 ** 31));
const real = actionsOf(builtInCatalog().trie);

test.each([
  [10_000, "that stay the same", 1],
  [5_000, "that nobody has seen", fresh],
])("engine, reference and verifier agree on %i cases %s", (count, _, seed) => {
  const again = `LEASTWISE_SEED=${seed} npx vitest run packages/conformance/test/differential.test.ts`;
  console.log(`${count} cases; the same again: ${again}`);
  const found = search({ seed, count, real, check: (asked) => disagreement(engine, asked) });
  expect(found === null ? "" : `\n${describeFinding(found, again)}`).toBe("");
});
