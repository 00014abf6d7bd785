import type { Unused, UnusedService } from "@leastwise/core";
import * as fc from "fast-check";
import { fold } from "../laws/plainly.ts";
import { oneIn, rarely } from "./chance.ts";
import { unlisted } from "./entry.ts";
import { ODD, SERVICES, at, replaced } from "./words.ts";

const anyPlace = fc.nat({ max: 999 });

/** Numbers that stand for a report about whatever catalog there is. */
export interface UnusedRecipe {
  readonly named: readonly number[];
  /** All actions that have these characters of an action in common. */
  readonly alike: { readonly action: number; readonly start: number; readonly length: number } | null;
  /** Reported is what would not have been. */
  readonly isInverted: boolean;
  readonly unlisted: readonly {
    readonly make: number;
    readonly place: number;
    readonly by: number;
    readonly from: number;
  }[];
  readonly whole: readonly {
    /** Of the catalog; else one that may not be in it. */
    readonly isKnown: boolean;
    readonly service: number;
    /** Whether the service's reported names turn into what is excepted; else they go. */
    readonly excepts: boolean;
  }[];
  /** Where the catalog has such a service, `iam` is reported whole. */
  readonly isIamWhole: boolean;
  readonly odd: number | null;
}

/** From nothing reported to all but a few, of the catalog and beside it. */
export function unusedRecipes(mostNamed: number): fc.Arbitrary<UnusedRecipe> {
  return fc.record({
    named: fc.oneof(
      { weight: 3, arbitrary: fc.array(anyPlace, { maxLength: 2, size: "max" }) },
      { weight: 2, arbitrary: fc.array(anyPlace, { maxLength: mostNamed, size: "max" }) },
    ),
    alike: rarely(4, fc.record({ action: anyPlace, start: fc.nat({ max: 8 }), length: fc.nat({ max: 5 }) })),
    isInverted: oneIn(12),
    unlisted: fc.array(fc.record({ make: fc.nat({ max: 3 }), place: anyPlace, by: anyPlace, from: anyPlace }), {
      maxLength: 2,
    }),
    whole: fc
      .tuple(
        fc.nat({ max: 5 }),
        fc.array(fc.record({ isKnown: oneIn(5).map((is) => !is), service: anyPlace, excepts: fc.boolean() }), {
          minLength: 1,
          maxLength: 2,
        }),
      )
      .map(([drawn, whole]) => (drawn === 5 ? whole : [])),
    isIamWhole: oneIn(8),
    odd: rarely(40, anyPlace),
  });
}

/** The recipe's report in canonical form. A service reported whole excepts `iam:PassRole`, as SEMANTICS 6 has it. */
export function unusedFrom(recipe: UnusedRecipe, catalog: readonly string[]): Unused {
  const reported = new Set(recipe.named.map((place) => at(catalog, place)));
  if (recipe.alike !== null) {
    const { action, start, length } = recipe.alike;
    const common = at(catalog, action).slice(start, start + 3 + length);
    for (const one of catalog) if (common !== "" && one.includes(common)) reported.add(one);
  }
  const listed = recipe.isInverted ? catalog.filter((action) => !reported.has(action)) : [...reported];
  const names = new Map<string, Set<string>>();
  const add = (action: string): void => {
    const folded = fold(action);
    const colon = folded.indexOf(":");
    const service = folded.slice(0, colon);
    names.set(service, (names.get(service) ?? new Set()).add(folded.slice(colon + 1)));
  };
  for (const action of listed) add(action);
  for (const one of recipe.unlisted) add(unlisted(one, catalog));
  if (recipe.odd !== null) {
    const action = at(catalog, recipe.odd);
    add(replaced(action, action.indexOf(":") + 1 + (recipe.odd % 5), 0, at(ODD, recipe.odd)));
  }
  const whole = new Map<string, boolean>();
  for (const { isKnown, service: place, excepts } of recipe.whole) {
    const service = isKnown ? fold(at(catalog, place)).replace(/:.*/s, "") : at(SERVICES, place);
    whole.set(service, excepts);
  }
  if (recipe.isIamWhole && catalog.some((action) => fold(action).startsWith("iam:"))) whole.set("iam", false);
  const services = [...new Set([...names.keys(), ...whole.keys()])].sort();
  return services.map((service): UnusedService => {
    const excepts = whole.get(service);
    const own = names.get(service) ?? new Set<string>();
    if (excepts === undefined) return { service, whole: false, names: [...own].sort() };
    const passRole = service === "iam" && !own.has("passrole") ? ["passrole"] : [];
    return { service, whole: true, names: excepts ? [...new Set([...own, ...passRole])].sort() : passRole };
  });
}
