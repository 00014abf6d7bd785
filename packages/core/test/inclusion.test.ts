import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { includes } from "../src/pattern/inclusion.ts";
import { foldedByHand, globs, nearly, regExpOf, textsOf } from "./globs.ts";

const RUNS = { seed: 2024, numRuns: 3000 };

/** Every string over the letters up to a length, shortest first. */
function stringsUpTo(length: number, letters: readonly string[]): readonly string[] {
  let last = [""];
  const all = [""];
  for (let i = 0; i < length; i++) {
    last = last.flatMap((text) => letters.map((letter) => text + letter));
    all.push(...last);
  }
  return all;
}

describe("includes", () => {
  it.each([
    ["*", "s3:GetObject", true],
    ["*", "*", true],
    ["*", "", true],
    ["s3:*", "s3:Get*", true],
    ["s3:Get*", "s3:*", false],
    ["s3:Get*", "S3:GETObject*", true],
    ["s3:GetObject", "s3:getobject", true],
    ["s3:GetObject", "s3:GetObjects", false],
    ["s3:Get*Tagging", "s3:GetObject*Tagging", true],
    ["s3:Get*Tagging", "s3:GetObject*", false],
    ["*Tagging", "agging", false],
    ["agging", "*Tagging", false],
    ["?*", "*?", true],
    ["*?", "?*", true],
    ["?*", "*", false],
    ["??*", "?*?", true],
    ["*a*", "*a?*", true],
    ["*a?*", "*a*", false],
    ["**", "*", true],
    ["*", "**", true],
    ["?", "", false],
    ["", "", true],
    ["", "*", false],
    ["k", "\u212a", false],
  ])("%j includes %j: %s", (wide, narrow, expected) => {
    expect(includes(wide, narrow)).toBe(expected);
  });

  it("is exact for every two patterns of up to four characters over a, b and the wildcards", () => {
    const strings = stringsUpTo(6, ["a", "b", "c"]);
    const patterns = stringsUpTo(4, ["a", "b", "*", "?"]);
    const languages = patterns.map((pattern) => {
      const regExp = regExpOf(pattern);
      return strings.map((text) => regExp.test(text));
    });
    const wrong: string[] = [];
    patterns.forEach((wide, w) => {
      patterns.forEach((narrow, n) => {
        const inWide = languages[w]!; // one language a pattern
        const expected = languages[n]!.every((inNarrow, i) => !inNarrow || inWide[i]!); // one answer a string
        if (includes(wide, narrow) !== expected) wrong.push(`${wide} ${narrow}`);
      });
    });
    expect(wrong).toEqual([]);
  });

  it("is false as soon as one text of the narrow pattern is not the wide one's", () => {
    fc.assert(
      fc.property(
        globs.chain((narrow) => fc.tuple(fc.constant(narrow), nearly(fc.constant(narrow)), textsOf(narrow))),
        ([narrow, wide, text]) => {
          const isCounterexample = !regExpOf(wide).test(foldedByHand(text));
          expect(includes(wide, narrow) && isCounterexample).toBe(false);
        },
      ),
      RUNS,
    );
  });

  it("holds for whatever is made of a pattern by filling in some of its wildcards", () => {
    const filled = globs.chain((wide) => {
      const parts = Array.from(wide, (piece) =>
        piece === "*"
          ? fc.constantFrom("*", "", "a", "?*", "*b*", "k?")
          : piece === "?"
            ? fc.constantFrom("?", "a", ":")
            : fc.constant(piece),
      );
      return fc.tuple(fc.constant(wide), fc.tuple(...parts));
    });
    fc.assert(
      fc.property(filled, ([wide, parts]) => {
        expect(includes(wide, parts.join(""))).toBe(true);
      }),
      RUNS,
    );
  });

  it("says no, the safe side, when there are too many sets of positions to look at", () => {
    const hostile = `*a${"?".repeat(40)}`;
    expect(includes(hostile, hostile)).toBe(false);
    expect(includes("*".repeat(10_000), "*".repeat(10_000))).toBe(true);
    expect(includes("*a".repeat(2_000), "*a".repeat(2_000))).toBe(false);
  });

  it("looks at 2,000 pairs and at no more", () => {
    expect(includes("*", "a".repeat(1_999))).toBe(true);
    expect(includes("*", "a".repeat(2_000))).toBe(false);
  });

  it("takes a control character for a character like any other", () => {
    expect(includes("\u0001", "?")).toBe(false);
    expect(includes("a\u0001*", "a*")).toBe(false);
    expect(includes("?", "\u0001")).toBe(true);
  });
});
