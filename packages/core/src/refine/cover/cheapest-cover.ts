import { EPSILON, boundOn, greedyCover, quickBound } from "./bound.ts";
import { type Choice, type Instance, boundOf, byElement, costOf, without } from "./choice.ts";
import { componentsOf, reduce } from "./reduce.ts";

/** A cover, and whether no cheaper one exists for certain. */
export interface Cover {
  /** Ascending by id. */
  readonly chosen: readonly Choice[];
  readonly cost: number;
  readonly isProven: boolean;
}

/** Parts looked at before the best cover found so far has to do. */
const MOST_NODES = 400;
const ROUNDS = 300;
/** Fewer in parts of parts: the search itself tells more there. */
const INNER_ROUNDS = 60;

interface Search {
  nodes: number;
  isCutShort: boolean;
}

/**
 * The cheapest choices that cover every element: reductions, then branch and bound over the parts that share no element, each bounded
 * by Lagrangian relaxation. Past a budget of parts, counted and never timed, the best found so far, which no greedy cover
 * undercuts. The same instance gives the same cover.
 *
 * @throws Error where an element cannot be covered
 */
export function cheapestCover(instance: Instance): Cover {
  const search: Search = { nodes: 0, isCutShort: false };
  const found = below(instance, Infinity, search, ROUNDS);
  if (found === undefined) throw new Error("an element that nothing covers");
  const isProven = !search.isCutShort;
  const greedy = isProven ? found : greedyCover(instance);
  const chosen = costOf(greedy) < costOf(found) ? greedy : found;
  const ids = new Set(chosen.map(({ id }) => id)); // the search strips choices of what others cover
  return { chosen: instance.choices.filter(({ id }) => ids.has(id)), cost: costOf(chosen), isProven };
}

/** A cheapest cover that costs less than `limit`; undefined where there is none (or, cut short, none was found). */
function below(instance: Instance, limit: number, search: Search, rounds: number): readonly Choice[] | undefined {
  const reduced = reduce(instance);
  if (reduced === undefined) return undefined;
  const { taken, left } = reduced;
  const chosen = [...taken];
  let cost = costOf(taken);
  const parts = componentsOf(left).map((part) => ({ part, least: Math.ceil(quickBound(part) - EPSILON) }));
  let rest = parts.reduce((sum, { least }) => sum + least, 0);
  if (cost + rest >= limit) return undefined;
  for (const { part, least } of parts) {
    rest -= least;
    const found = belowInPart(part, limit - cost - rest, search, rounds);
    if (found === undefined) return undefined;
    chosen.push(...found);
    cost += costOf(found);
  }
  return chosen;
}

function belowInPart(part: Instance, limit: number, search: Search, rounds: number): readonly Choice[] | undefined {
  search.nodes++;
  const { lower, cover, cost, reduced } = boundOn(part, rounds);
  let best = cost < limit ? cover : undefined;
  let least = Math.min(limit, cost);
  if (Math.ceil(lower - EPSILON) >= least) return best;
  if (search.nodes >= MOST_NODES) {
    search.isCutShort = true;
    return best;
  }
  // a cover that costs less than `least`, in whole numbers, cannot have or lack what makes it dearer than that
  const isNeeded = (place: number): boolean => lower - reduced[place]! > least - 1 + EPSILON; // a place of a choice, here and below
  const isTooDear = (place: number): boolean => lower + reduced[place]! > least - 1 + EPSILON;
  const needed = part.choices.filter((_, place) => reduced[place]! < 0 && isNeeded(place));
  const worthIt = part.choices.filter((_, place) => reduced[place]! < 0 || !isTooDear(place));
  if (needed.length > 0 || worthIt.length < part.choices.length) {
    const found = taking(needed, { ...part, choices: worthIt }, least, search);
    return found ?? best;
  }
  const branch = branchOf(part, reduced);
  const withIt = taking([branch], part, least, search);
  if (withIt !== undefined) {
    best = withIt;
    least = costOf(withIt);
  }
  const choices = part.choices.filter((choice) => choice !== branch);
  return below({ ...part, choices }, least, search, INNER_ROUNDS) ?? best;
}

/** A cheapest cover that has these choices and costs less than `limit`. */
function taking(
  choices: readonly Choice[],
  instance: Instance,
  limit: number,
  search: Search,
): readonly Choice[] | undefined {
  const done = new Set(choices.flatMap(({ covers }) => covers));
  const left = without(instance, (element) => done.has(element));
  const found = below(left, limit - costOf(choices), search, INNER_ROUNDS);
  return found === undefined ? undefined : [...choices, ...found];
}

/** What is best decided next: of the element that fewest choices cover, the choice that costs least at the prices found. */
function branchOf(part: Instance, reduced: Float64Array): Choice {
  const lists = byElement(part.choices, boundOf(part));
  const rarest = part.elements.reduce((least, element) => {
    return lists[element]!.length < lists[least]!.length ? element : least; // elements are below the bound
  });
  const place = lists[rarest]!.reduce((best, other) => (reduced[other]! < reduced[best]! ? other : best)); // places of choices
  return part.choices[place]!;
}
