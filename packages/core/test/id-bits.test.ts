import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { IdBits } from "../src/interval/id-bits.ts";
import { intervalSetOf } from "../src/interval/interval-set.ts";

/** Sizes around the words that bits are kept in. */
const SIZES = [1, 31, 32, 33, 64, 95, 96, 97, 200];

describe("IdBits", () => {
  it("gives what was added as runs, whatever the order", () => {
    for (const size of SIZES) {
      const bound = fc.integer({ min: 0, max: size });
      const bits = new IdBits(size);
      fc.assert(
        fc.property(fc.array(fc.tuple(bound, bound), { maxLength: 8 }), (pairs) => {
          bits.begin();
          for (const [lo, hi] of pairs) bits.add(lo, hi);
          expect(bits.runs()).toEqual(intervalSetOf(pairs.flat()));
        }),
        { seed: 2024 },
      );
    }
  });

  it("gives nothing of what stood there before it began", () => {
    const bits = new IdBits(100);
    bits.add(3, 99);
    expect(bits.begin().runs()).toEqual([]);
  });

  it("takes single ids out again", () => {
    const bits = new IdBits(70).begin();
    bits.addAll([0, 70]);
    for (const id of [0, 31, 32, 69]) bits.remove(id);
    expect(bits.runs()).toEqual([1, 31, 33, 69]);
  });

  it("may be asked more than once", () => {
    const bits = new IdBits(40).begin();
    bits.addAll([5, 9, 30, 40]);
    expect(bits.runs()).toEqual(bits.runs());
    expect(bits.runs()).toEqual([5, 9, 30, 40]);
  });
});
