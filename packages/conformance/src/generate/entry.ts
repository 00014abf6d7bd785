import * as fc from "fast-check";
import { rarely } from "./chance.ts";
import { GLOBS, ODD, SERVICES, WORDS, at, nameStart, recased, replaced } from "./words.ts";

const anyPlace = fc.nat({ max: 999 });

/** How to cut an entry from whatever catalog there is: all numbers, read modulo what is there. */
export interface EntryRecipe {
  readonly make: number;
  readonly action: number;
  readonly other: number;
  readonly from: number;
  readonly to: number;
  readonly length: number;
  readonly globs: readonly { readonly glob: number; readonly place: number; readonly length: number }[];
  /** Which letters change their case. */
  readonly bits: number;
  /** An odd letter that goes in somewhere, or null. */
  readonly odd: number | null;
}

export const entryRecipes: fc.Arbitrary<EntryRecipe> = fc.record({
  make: fc.nat({ max: 207 }),
  action: anyPlace,
  other: anyPlace,
  from: anyPlace,
  to: anyPlace,
  length: fc.nat({ max: 5 }),
  globs: fc.array(fc.record({ glob: fc.nat({ max: 8 }), place: anyPlace, length: fc.nat({ max: 3 }) }), {
    minLength: 1,
    maxLength: 3,
  }),
  bits: fc.oneof(
    { weight: 4, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 0x7fff_ffff }) },
  ),
  odd: rarely(30, anyPlace),
});

/** The recipe's entry. `earlier` are the entries that stand before it: some repeat one, in another case now and then. */
export function entryOf(recipe: EntryRecipe, catalog: readonly string[], earlier: readonly string[]): string {
  const isRepeated = earlier.length > 0 && recipe.make % 8 === 7;
  const entry = isRepeated ? at(earlier, recipe.other) : cut(recipe, catalog);
  const plain = recased(entry, recipe.bits);
  return recipe.odd === null ? plain : replaced(plain, recipe.from % (plain.length + 1), 0, at(ODD, recipe.odd));
}

function cut(
  { make, action: place, other: otherPlace, from: a, to: b, length, globs }: EntryRecipe,
  catalog: readonly string[],
): string {
  const action = at(catalog, place);
  const other = at(catalog, otherPlace);
  const name = nameStart(action);
  const within = (number: number): number => name + (number % (action.length - name + 1));
  const [from, to] = [within(a), within(b)].sort((x, y) => x - y) as [number, number]; // two went in
  const service = action.slice(0, name);
  const ending = action.slice(Math.max(name, action.length - 1 - (b % 7)));
  const middle = action.slice(from, from + 1 + (length % 4));
  const starts = [...action.slice(name).matchAll(/(?<=[a-z0-9])[A-Z]/g)].map(({ index }) => name + index);
  const across = starts.length === 0 ? name : at(starts, a) - 1; // the letter before a word: a prefix then ends inside a literal
  const glob = at(GLOBS, globs[0]!.glob); // at least one
  const otherEnding = other.slice(b % (other.length + 1));
  const withGlobs = (start: number): string =>
    globs.reduce(
      (text, one) => replaced(text, start + (one.place % (text.length - start + 1)), one.length, at(GLOBS, one.glob)),
      action,
    );
  return at(
    [
      action,
      `${service}*`,
      `${action.slice(0, from)}*`,
      `${service}*${ending}`,
      `${service}*${middle}*`,
      `${action.slice(0, from)}?${action.slice(from + 1)}`,
      unlisted({ make: length, place, by: otherPlace, from: a }, catalog),
      `${action.slice(0, from)}*${ending}`,
      `${action.slice(0, from)}*${middle}*`,
      `${service}*${middle}*${ending}`,
      `${service}*${ending}`,
      `${service}*${middle}*`,
      `${service}*${action.slice(across, across + 2 + (length % 2))}*`,
      `${service}*${action.slice(across, across + 2 + (length % 2))}*`,
      `${service}*${action.slice(across, across + 2)}*${ending}`,
      `${service}?*${middle}*`,
      `${service}${"?".repeat(from - name)}*${ending}`,
      `${service}*${action.slice(from)}*${action.slice(to)}`,
      `${action.slice(0, from)}${glob}${action.slice(to)}`,
      withGlobs(name),
      withGlobs(0),
      `${action.slice(0, from)}*${otherEnding}`,
      `*${at([ending, `${middle}*`, action.slice(from)], b)}`,
      `*:${at([`*${ending}`, `*${middle}*`, `${action.slice(name, from)}*`], b)}`,
      `${action.slice(0, a % name)}*${at(["", ":*"], b)}${ending}`,
      at(["*", "**", "*:*", "*?", "?*", "????*"], b),
    ],
    make,
  );
}

/** An action that the catalog most likely lacks, close to one that it has. */
export function unlisted(
  recipe: { readonly make: number; readonly place: number; readonly by: number; readonly from: number },
  catalog: readonly string[],
): string {
  const action = at(catalog, recipe.place);
  const name = nameStart(action);
  const from = name + (recipe.from % (action.length - name + 1));
  return at(
    [
      action + at(WORDS, recipe.by),
      action.slice(0, Math.max(name + 1, from)),
      replaced(action, from, recipe.by % 4, at(WORDS, recipe.by)),
      `${at(SERVICES, recipe.by)}:${action.slice(name)}`,
    ],
    recipe.make,
  );
}
