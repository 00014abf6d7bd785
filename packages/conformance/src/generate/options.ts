import { type Fit, type RefinementOptions, canonicalOptions } from "@leastwise/core";
import * as fc from "fast-check";
import { fold } from "../laws/plainly.ts";
import { oneIn, rarely } from "./chance.ts";
import { SERVICES, SID_STARTS, at } from "./words.ts";

const anyPlace = fc.nat({ max: 999 });

/** Numbers that stand for options over whatever catalog there is. */
export interface OptionsRecipe {
  readonly isExact: boolean;
  /** Services that do not go by the default: of the catalog, or ones that may not be in it. */
  readonly others: readonly { readonly isKnown: boolean; readonly service: number }[] | null;
  /** Starts of Sids that keep statements. */
  readonly kept: readonly number[] | null;
}

export const optionsRecipes: fc.Arbitrary<OptionsRecipe> = fc.record({
  isExact: oneIn(7),
  others: rarely(
    5,
    fc.array(fc.record({ isKnown: oneIn(5).map((is) => !is), service: anyPlace }), { minLength: 1, maxLength: 2 }),
  ),
  kept: rarely(4, fc.array(anyPlace, { minLength: 1, maxLength: 2 })),
});

export function optionsFrom({ isExact, others, kept }: OptionsRecipe, catalog: readonly string[]): RefinementOptions {
  const services = (others ?? []).map(({ isKnown, service }): RefinementOptions["services"][number] => {
    const name = isKnown ? fold(at(catalog, service)).replace(/:.*/s, "") : at(SERVICES, service);
    return [name, isExact ? "word" : "exact"];
  });
  const keptSids = (kept ?? []).map((place) => at(SID_STARTS, place));
  return canonicalOptions({ granularity: isExact ? "exact" : "word", services, keptSids });
}

/** A form that fits: inner patterns in two of five cases, else characters, of which few names have as many as the greatest number. */
export const fits: fc.Arbitrary<Fit> = fc.oneof(
  { weight: 2, arbitrary: fc.constant<Fit>({ form: "inner" }) },
  {
    weight: 3,
    arbitrary: fc.constantFrom(1, 2, 3, 4, 4, 6, 9).map((shortest): Fit => ({ form: "characters", shortest })),
  },
);
