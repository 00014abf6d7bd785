import { fold as foldOfCore, matches as matchesOfCore, parsePattern, remainders } from "@leastwise/core";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isSubset } from "../src/automaton.ts";
import { fold, matches, positionsAfter, remaindersAfter } from "../src/reference/glob.ts";
import { matches as matchesByRecursion } from "../src/laws/plainly.ts";

/**
 * Four matchers that share nothing: core's, the reference's regular expression, recursion on the first character, and the
 * automaton. Texts are built from the pattern, since next to none that is drawn apart from it comes near.
 */
const RUNS = { seed: 7, numRuns: 20_000 };

/** As in action names, and what folding or a regular expression may take for another: U+017F is no s, U+212A no k. */
const LETTERS = "s3:GgeTtkK\u212a\u017f\n\u2028\ud83d\ude00".split("");

const globs = fc.array(fc.constantFrom("*", "*", "?", ...LETTERS), { minLength: 3, maxLength: 10 });

/** The pattern's own letters with each star filled; then, four times in five, up to four characters changed. */
const globsWithText = globs.chain((pieces) => {
  const glob = pieces.join("");
  const own = glob.replace(/[*?]/g, "");
  const fillers = fc.tuple(fc.constantFrom("", "t", "Get", "ge:ge:", own, own.slice(1), own + own), fc.nat(own.length));
  const parts = pieces.map((piece) => {
    if (piece === "*") return fillers.map(([filler, cut]) => filler.slice(cut));
    return piece === "?" ? fc.constantFrom(...LETTERS) : fc.constantFrom(piece, fold(piece));
  });
  const changes = fc.array(fc.record({ at: fc.nat(), put: fc.constantFrom("", "twice", ...LETTERS) }), {
    maxLength: 2,
  });
  return fc
    .tuple(fc.tuple(...parts), fc.oneof(fc.constant([]), { arbitrary: changes, weight: 4 }))
    .map(([text, made]) => ({ glob, text: made.reduce(changed, text.join("")) }));
});

function changed(text: string, { at, put }: { readonly at: number; readonly put: string }): string {
  const place = at % (text.length + 1);
  return text.slice(0, place) + (put === "twice" ? text.charAt(place).repeat(2) : put) + text.slice(place + 1);
}

describe("a pattern beside a text", () => {
  it("is matched or not, as core, the reference, recursion and the automaton all say", () => {
    let matched = 0;
    fc.assert(
      fc.property(globsWithText, ({ glob, text }) => {
        const expected = matches(fold(glob), fold(text));
        expect(matchesOfCore(parsePattern(glob), foldOfCore(text))).toBe(expected);
        expect(matchesByRecursion(fold(glob), fold(text))).toBe(expected);
        expect(isSubset([text], [glob])).toBe(expected ? null : fold(text));
        matched += Number(expected);
      }),
      RUNS,
    );
    const share = matched / RUNS.numRuns;
    console.log(`${(100 * share).toFixed(1)} % of ${RUNS.numRuns} texts match`);
    expect(share).toBeGreaterThan(0.4);
    expect(share).toBeLessThan(0.6);
  });

  it("leaves the same to require when part of the text is read, for core and the reference", () => {
    fc.assert(
      fc.property(globsWithText, fc.nat(), ({ glob, text }, at) => {
        const cut = at % (text.length + 1);
        const [head, rest] = [fold(text.slice(0, cut)), fold(text.slice(cut))];
        const left = remainders(parsePattern(glob), head);
        expect(left.toSorted()).toEqual(remaindersAfter(head, glob).toSorted());
        const whole = matches(fold(glob), head + rest);
        expect(left.some((remainder) => matches(fold(remainder), rest))).toBe(whole);
        expect(positionsAfter(head, fold(glob)).some((place) => matches(fold(glob).slice(place), rest))).toBe(whole);
      }),
      { ...RUNS, numRuns: 6_000 },
    );
  });

  it("leaves nothing that the pattern does not allow there, and nothing twice", () => {
    fc.assert(
      fc.property(globsWithText, fc.nat(), ({ glob, text }, at) => {
        const head = fold(text.slice(0, at % (text.length + 1)));
        const written = remainders(parsePattern(glob), head).map((remainder) => head + remainder);
        expect(isSubset(written, [glob])).toBeNull();
        written.forEach((one, i) => expect(isSubset([one], written.toSpliced(i, 1))).not.toBeNull());
      }),
      { ...RUNS, numRuns: 4_000 },
    );
  });
});
