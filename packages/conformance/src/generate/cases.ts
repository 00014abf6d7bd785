import type { Fit, Unused } from "@leastwise/core";
import * as fc from "fast-check";
import type { Question } from "../refiner.ts";
import { catalogs } from "./catalog.ts";
import { fits, optionsFrom, optionsRecipes } from "./options.ts";
import { policyOf, policyRecipes } from "./policy.ts";
import { unusedFrom, unusedRecipes } from "./unused.ts";

/** A question, and what law 7 reports on top of its U. */
export interface Case extends Question {
  readonly more: Unused;
}

/**
 * Made-up cases. Policy and reports are drawn as recipes of numbers and then cut from the names of the catalog that was drawn
 * beside them, so that patterns hit, and so that every part shrinks by itself.
 *
 * @param real actions of a real catalog, pieces of which one case in five is about; may be empty
 */
export function cases(real: readonly string[]): fc.Arbitrary<Case> {
  return fc
    .record({
      catalog: catalogs(real),
      policy: policyRecipes,
      unused: unusedRecipes(12),
      more: unusedRecipes(3),
      options: optionsRecipes,
    })
    .map(({ catalog, policy, unused, more, options }): Case => {
      return {
        catalog,
        policy: policyOf(policy, catalog),
        unused: unusedFrom(unused, catalog),
        more: unusedFrom(more, catalog),
        options: optionsFrom(options, catalog),
      };
    });
}

/** The same in a form that fits (SEMANTICS 9). */
export function fittedCases(real: readonly string[]): fc.Arbitrary<Case> {
  return fc.tuple(cases(real), fits).map(([asked, fit]) => withFit(asked, fit));
}

function withFit(asked: Case, fit: Fit): Case {
  return { ...asked, options: { ...asked.options, fit } };
}
