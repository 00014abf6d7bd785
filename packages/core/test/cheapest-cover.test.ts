/** The weighted set cover behind SEMANTICS 9, against trying every choice. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { boundOn, greedyCover, quickBound } from "../src/refine/cover/bound.ts";
import { cheapestCover } from "../src/refine/cover/cheapest-cover.ts";
import { type Instance, costOf } from "../src/refine/cover/choice.ts";
import { componentsOf, reduce } from "../src/refine/cover/reduce.ts";

/** Up to 8 elements, each coverable by itself, and up to 10 choices more. */
const instances: fc.Arbitrary<Instance> = fc
  .record({
    names: fc.array(fc.integer({ min: 3, max: 12 }), { minLength: 1, maxLength: 8 }),
    sets: fc.array(fc.record({ cost: fc.integer({ min: 1, max: 20 }), bits: fc.integer({ min: 1, max: 255 }) }), {
      maxLength: 10,
    }),
  })
  .map(({ names, sets }) => {
    const elements = [...names.keys()];
    const covers = [
      ...names.map((cost, element) => ({ cost, covers: [element] })),
      ...sets.map(({ cost, bits }) => ({ cost, covers: elements.filter((element) => (bits >> element) & 1) })),
    ];
    const choices = covers.filter((one) => one.covers.length > 0);
    return { elements, choices: choices.map(({ cost, covers: own }, id) => ({ id, cost, covers: own })) };
  });

/** The cost of the cheapest cover: the least over all sets of elements, built up choice by choice. */
function cheapestCost({ elements, choices }: Instance): number {
  const all = elements.reduce((bits, element) => bits | (1 << element), 0);
  let costs = new Map([[0, 0]]);
  for (const { cost, covers } of choices) {
    const bits = covers.reduce((set, element) => set | (1 << element), 0);
    const next = new Map(costs);
    for (const [done, paid] of costs) {
      next.set(done | bits, Math.min(next.get(done | bits) ?? Infinity, paid + cost));
    }
    costs = next;
  }
  return costs.get(all) ?? Infinity;
}

function isCovered({ elements }: Instance, chosen: Instance["choices"]): boolean {
  return elements.every((element) => chosen.some(({ covers }) => covers.includes(element)));
}

describe("cheapest cover", () => {
  it("covers everything, costs the least of all, and says so", () => {
    fc.assert(
      fc.property(instances, (instance) => {
        const { chosen, cost, isProven } = cheapestCover(instance);
        expect(isCovered(instance, chosen)).toBe(true);
        expect(cost).toBe(costOf(chosen));
        expect([cost, isProven]).toEqual([cheapestCost(instance), true]);
      }),
      { numRuns: 1000, seed: 1 },
    );
  });

  it("of covers that cost the same the same one is taken whatever stands in between", () => {
    const choices = [
      { id: 0, cost: 5, covers: [0, 1] },
      { id: 1, cost: 5, covers: [0, 1] },
    ];
    expect(cheapestCover({ elements: [0, 1], choices }).chosen).toEqual([choices[0]]);
  });

  it("throws where an element cannot be covered", () => {
    expect(() => cheapestCover({ elements: [0, 1], choices: [{ id: 0, cost: 1, covers: [0] }] })).toThrow(
      "nothing covers",
    );
  });

  it("beyond its budget gives a cover that no greedy one undercuts, and does not call it proven", () => {
    const instance = steinerTriples();
    const { chosen, cost, isProven } = cheapestCover(instance);
    expect(isProven).toBe(false);
    expect(isCovered(instance, chosen)).toBe(true);
    expect(cost).toBeLessThanOrEqual(costOf(greedyCover(instance)));
  });
});

describe("what the search goes by", () => {
  it("no cover costs less than the bounds, and none that is greedy lacks anything", () => {
    fc.assert(
      fc.property(instances, (instance) => {
        const least = cheapestCost(instance);
        const { lower, cover, cost } = boundOn(instance, 50);
        expect(lower).toBeLessThanOrEqual(least + 1e-6);
        expect(quickBound(instance)).toBeLessThanOrEqual(least + 1e-6);
        expect(isCovered(instance, cover)).toBe(true);
        expect(cost).toBeGreaterThanOrEqual(least);
        expect(isCovered(instance, greedyCover(instance))).toBe(true);
      }),
      { numRuns: 1000, seed: 2 },
    );
  });

  it("reductions leave a cheapest cover to be found, and parts that share nothing", () => {
    fc.assert(
      fc.property(instances, (instance) => {
        const { taken, left } = reduce(instance)!; // each element has a choice of its own
        const parts = componentsOf(left);
        const rest = parts.reduce((sum, part) => sum + cheapestCost(part), 0);
        expect(costOf(taken) + rest).toBe(cheapestCost(instance));
        const elements = parts.flatMap((part) => part.elements);
        expect([...elements].sort((a, b) => a - b)).toEqual(left.elements);
        for (const part of parts) {
          const own = new Set(part.elements);
          expect(part.choices.every(({ covers }) => covers.every((element) => own.has(element)))).toBe(true);
        }
      }),
      { numRuns: 1000, seed: 3 },
    );
  });
});

/** The Steiner triple system of 81 points as a set cover: small, and out of reach of bounds by linear relaxation. */
function steinerTriples(): Instance {
  const triples: number[][] = [];
  for (let a = 0; a < 81; a++) {
    for (let b = a + 1; b < 81; b++) if (thirdOf(a, b) > b) triples.push([a, b, thirdOf(a, b)]);
  }
  const choices = Array.from({ length: 81 }, (_, point) => ({
    id: point,
    cost: 1,
    covers: triples.flatMap((triple, element) => (triple.includes(point) ? [element] : [])),
  }));
  return { elements: [...triples.keys()], choices };
}

/** The point on the line of two others: in each of four ternary digits the three are alike or all different. */
function thirdOf(a: number, b: number): number {
  return [1, 3, 9, 27].reduce((sum, place) => {
    const [x, y] = [Math.floor(a / place) % 3, Math.floor(b / place) % 3] as const;
    return sum + ((6 - x - y) % 3) * place;
  }, 0);
}
