/**
 * SEMANTICS 5 on generated cases, each law for each refiner. `npm run prove` asks as many as there is time for.
 */
import { builtInCatalog } from "@leastwise/catalog";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { describeFinding } from "../src/describe.ts";
import { engine, imageOf } from "../src/engine.ts";
import { cases } from "../src/generate/cases.ts";
import { type Hearing, hear } from "../src/laws/hearing.ts";
import { LAWS, type Law, firstBreach } from "../src/laws/laws.ts";
import { reference } from "../src/reference/refine.ts";
import { minimised } from "../src/search.ts";
import { actionsOf } from "./catalogs.ts";

const SEED = 5;
const CASES = fc.sample(cases(actionsOf(builtInCatalog().trie)), { seed: SEED, numRuns: 2_000 });

describe.each([engine, reference])("$name", (refiner) => {
  const hearings = CASES.map((asked) => hear(refiner, asked));

  test.each(LAWS)("law $number, $name", (law) => {
    const broken = hearings.find((hearing) => law.check(hearing) !== null);
    expect(broken === undefined ? "" : text(broken, law)).toBe("");
  });

  function text({ asked }: Hearing, law: Law): string {
    const finding = minimised(asked, (candidate) => firstBreach(refiner, candidate, [law]));
    return `\n${describeFinding(finding, "npx vitest run packages/conformance/test/laws.test.ts")}`;
  }
});

test("8, deterministic: a catalog in any order gives the same image, byte for byte", () => {
  for (const { catalog } of CASES) {
    const other = imageOf(catalog.toReversed());
    expect(Buffer.from(other).equals(Buffer.from(imageOf(catalog)))).toBe(true);
  }
});
