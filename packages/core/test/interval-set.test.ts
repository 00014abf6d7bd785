import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  EMPTY,
  type IntervalSet,
  contains,
  countIn,
  firstIn,
  ids,
  intersect,
  intersects,
  intervalSetOf,
  overlaps,
  size,
  subtract,
} from "../src/interval/interval-set.ts";

const RUNS = { seed: 2024, numRuns: 2000 };
const TOP = 24;

const bound = fc.nat(TOP);
const pairs = fc.array(bound, { maxLength: 12 }).map((bounds) => bounds.slice(0, bounds.length & ~1));
const sets = pairs.map(intervalSetOf);

function modelOf(flat: readonly number[]): Set<number> {
  const model = new Set<number>();
  for (let i = 0; i + 1 < flat.length; i += 2) for (let id = flat[i]!; id < flat[i + 1]!; id++) model.add(id); // i + 1 is inside
  return model;
}

/** The canonical form, made one id at a time. */
function canonical(model: ReadonlySet<number>): IntervalSet {
  const flat: number[] = [];
  for (let id = 0; id <= TOP + 1; id++) if (model.has(id) !== model.has(id - 1)) flat.push(id);
  return flat;
}

describe("intervalSetOf", () => {
  it.each([
    [[], []],
    [[3, 3], []],
    [[5, 2], []],
    [
      [1, 2, 2, 3],
      [1, 3],
    ],
    [
      [4, 6, 1, 5],
      [1, 6],
    ],
    [
      [1, 9, 2, 3],
      [1, 9],
    ],
    [
      [7, 8, 1, 2],
      [1, 2, 7, 8],
    ],
    [
      [1, 2, 4, 5],
      [1, 2, 4, 5],
    ],
  ])("of %j is %j", (flat, expected) => {
    expect(intervalSetOf(flat)).toEqual(expected);
  });

  it("is canonical, so that equal sets are equal arrays, and leaves its input as it was", () => {
    fc.assert(
      fc.property(pairs, (flat) => {
        const before = [...flat];
        expect(intervalSetOf(flat)).toEqual(canonical(modelOf(flat)));
        expect(flat).toEqual(before);
      }),
      RUNS,
    );
  });
});

describe("a set and what can be asked of it, beside a Set of numbers", () => {
  it("size, ids and contains", () => {
    fc.assert(
      fc.property(sets, (set) => {
        const model = modelOf(set);
        expect(size(set)).toBe(model.size);
        expect([...ids(set)]).toEqual([...model].sort((a, b) => a - b));
        for (let id = -1; id <= TOP + 1; id++) expect(contains(set, id)).toBe(model.has(id));
      }),
      RUNS,
    );
  });

  it("overlaps, countIn and firstIn, for any range", () => {
    fc.assert(
      fc.property(sets, bound, bound, (set, a, b) => {
        const [lo, hi] = a <= b ? [a, b] : [b, a];
        const inside = [...modelOf(set)].filter((id) => lo <= id && id < hi).sort((x, y) => x - y);
        expect(countIn(set, lo, hi)).toBe(inside.length);
        expect(firstIn(set, lo, hi)).toBe(inside[0] ?? -1);
        expect(overlaps(set, lo, hi + 1)).toBe(inside.length > 0 || modelOf(set).has(hi));
      }),
      RUNS,
    );
  });

  it("intersect, subtract and intersects, canonical again", () => {
    fc.assert(
      fc.property(sets, sets, (a, b) => {
        const left = modelOf(a);
        const right = modelOf(b);
        const both = new Set([...left].filter((id) => right.has(id)));
        expect(intersect(a, b)).toEqual(canonical(both));
        expect(intersects(a, b)).toBe(both.size > 0);
        expect(subtract(a, b)).toEqual(canonical(new Set([...left].filter((id) => !right.has(id)))));
      }),
      RUNS,
    );
  });

  it("the empty set", () => {
    expect(size(EMPTY)).toBe(0);
    expect([...ids(EMPTY)]).toEqual([]);
    expect(contains(EMPTY, 0)).toBe(false);
    expect(intersect(EMPTY, [0, 4])).toEqual([]);
    expect(subtract([0, 4], EMPTY)).toEqual([0, 4]);
    expect(subtract(EMPTY, [0, 4])).toEqual([]);
  });
});
