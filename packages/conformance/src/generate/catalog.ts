import * as fc from "fast-check";
import { fold } from "../laws/plainly.ts";
import { oneIn } from "./chance.ts";
import { SERVICES, WORDS, at, recased } from "./words.ts";

const anyPlace = fc.nat({ max: 999 });
const nameRecipe = fc.tuple(anyPlace, fc.nat({ max: 6 }), fc.tuple(anyPlace, anyPlace, anyPlace), anyPlace, anyPlace);
type NameRecipe = readonly [service: number, make: number, words: readonly number[], other: number, cut: number];

/** A few services of a few words each, so that names are one another's prefixes, endings and cases. */
const madeUp = fc
  .record({
    services: fc.subarray([...SERVICES], { minLength: 1, maxLength: 2 }),
    words: fc.array(fc.constantFrom(...WORDS), { minLength: 2, maxLength: 5, size: "max" }),
    isGrid: fc.boolean(),
    names: fc.oneof(
      { weight: 3, arbitrary: fc.array(nameRecipe, { minLength: 12, maxLength: 40, size: "max" }) },
      { weight: 2, arbitrary: fc.array(nameRecipe, { minLength: 1, maxLength: 12, size: "max" }) },
    ),
    hasPassRole: oneIn(8),
    isReversed: fc.boolean(),
  })
  .map(({ services, words, isGrid, names, hasPassRole, isReversed }) => {
    const catalog = new Map<string, string>();
    const add = (action: string): unknown => catalog.has(fold(action)) || catalog.set(fold(action), action);
    const known = new Map<string, string[]>();
    if (hasPassRole) for (const name of ["PassRole", "PassRoles", "Pass"]) add(`iam:${name}`);
    for (const recipe of names) {
      const service = at(services, recipe[0]);
      const others = known.get(service) ?? [];
      known.set(service, others);
      const name = isGrid ? gridName(recipe, words) : freeName(recipe, words, others);
      if (name === "") continue;
      add(`${service}:${name}`);
      others.push(name);
    }
    if (catalog.size === 0) add(`${services[0]}:Get`);
    const actions = Array.from(catalog.values());
    return isReversed ? actions.reverse() : actions;
  });

/** Verb, noun, ending: with few words to draw from, many names share what they start with and what they end with. */
function gridName([, , [a, b, c], other, cut]: NameRecipe, words: readonly string[]): string {
  const verb = at(["Get", "Put", "List"], other);
  const ending = at(["", "Tag", "Tagging", at(words, c!)], cut); // three words each, here and below
  return verb + at(words, a!) + at(["", ...words], b!) + ending;
}

/** A new name, or one that shares characters with another: longer, shorter, in another case, with another ending. */
function freeName([, make, [a, b, c], place, cut]: NameRecipe, words: readonly string[], others: string[]): string {
  // a recipe has three words, here and in gridName
  const fresh = [at(words, a!), at(["", ...words], b!), at(["", ...words], c!)].join("");
  if (others.length === 0) return fresh;
  const other = at(others, place);
  const start = other.slice(0, cut % (other.length + 1));
  return at(
    [
      fresh,
      other + at(words, a!),
      other + at(["s", "S", "x", "2"], b!),
      start,
      start + fresh,
      recased(other, cut) + at(words, a!),
      fresh + other,
    ],
    make,
  );
}

/** Neighbours in a real catalog, of one place or two, some from the start of a service on. */
function slicesOf(real: readonly string[]): fc.Arbitrary<string[]> {
  const sorted = [...real].sort();
  const slice = fc.tuple(fc.nat({ max: sorted.length - 1 }), fc.integer({ min: 1, max: 24 }), fc.boolean());
  const startOf = (place: number, isFromStart: boolean): number => {
    const service = sorted[place]!.replace(/:.*/s, ":"); // place is inside
    return isFromStart ? sorted.findIndex((action) => action.startsWith(service)) : place;
  };
  return fc.array(slice, { minLength: 1, maxLength: 2 }).map((slices) => {
    const catalog = new Map<string, string>();
    for (const [place, length, isFromStart] of slices) {
      const start = startOf(place, isFromStart);
      for (const action of sorted.slice(start, start + length)) catalog.set(fold(action), action);
    }
    return Array.from(catalog.values());
  });
}

/** A catalog of 1 to about 50 actions: made up, or, where `real` lists some, in one case of five a piece of a real one. */
export function catalogs(real: readonly string[]): fc.Arbitrary<string[]> {
  if (real.length === 0) return madeUp;
  return fc.oneof({ weight: 4, arbitrary: madeUp }, { weight: 1, arbitrary: slicesOf(real) });
}
