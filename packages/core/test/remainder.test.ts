import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { includes } from "../src/pattern/inclusion.ts";
import { parsePattern } from "../src/pattern/pattern.ts";
import { remainders } from "../src/pattern/remainder.ts";
import { foldedByHand, globs, globsWithText, regExpOf, texts, textsOf } from "./globs.ts";

const RUNS = { seed: 2024, numRuns: 4000 };

describe("remainders", () => {
  it.each([
    ["s3:Get*", "s3:Get", ["*"]],
    ["s3:Get*", "s3:GetObject", ["*"]],
    ["s3:Get*", "s3:", ["Get*"]],
    ["s3:Get*", "s3:Put", []],
    ["s3:GetObject", "s3:Get", ["Object"]],
    ["s3:GetObject", "s3:GetObject", [""]],
    ["s3:GetObject", "s3:GetObjectAcl", []],
    ["*", "s3:", ["*"]],
    ["*:Get*", "s3:", ["*:Get*", "Get*"]],
    ["s3:?et*", "s3:Get", ["*"]],
    ["s3:Get?", "s3:Get", ["?"]],
    ["s3:*Tagging", "s3:", ["*Tagging"]],
    ["s3:*Tagging", "s3:Delete", ["*Tagging"]],
    ["s3:*tagGING", "S3:DELETE", ["*tagGING"]],
  ])("%j after %j: %j", (entry, text, expected) => {
    expect(remainders(parsePattern(entry), text).toSorted()).toEqual(expected);
  });

  it("gives two where the text ends inside the literal behind a star: the t of Get may start Tagging", () => {
    expect(remainders(parsePattern("s3:*Tagging"), "s3:Get")).toEqual(["agging", "*Tagging"]);
    expect(remainders(parsePattern("s3:*Tagging"), "s3:GetTag")).toEqual(["ging", "*Tagging"]);
    expect(remainders(parsePattern("s3:*Tagging"), "s3:GetTagging")).toEqual(["", "*Tagging"]);
  });

  it("keeps the wider where one contains another, the shorter where both match the same", () => {
    expect(remainders(parsePattern("s3:*t*"), "s3:Get")).toEqual(["*"]);
    expect(remainders(parsePattern("s3:*?*"), "s3:")).toEqual(["?*"]);
    expect(remainders(parsePattern("s3:**"), "s3:")).toEqual(["*"]);
  });

  it("spells them as the author did", () => {
    expect(remainders(parsePattern("s3:*tAGGing"), "s3:PUT")).toEqual(["AGGing", "*tAGGing"]);
  });

  it("matches behind the text just what the pattern matches of texts that start with it, wherever it is cut", () => {
    fc.assert(
      fc.property(globsWithText, fc.option(texts), ([glob, text], other) => {
        for (let cut = 0; cut <= text.length; cut++) {
          const rest = foldedByHand(other ?? text.slice(cut));
          const left = remainders(parsePattern(glob), text.slice(0, cut));
          const whole = regExpOf(glob).test(foldedByHand(text.slice(0, cut)) + rest);
          expect(left.some((remainder) => regExpOf(remainder).test(rest))).toBe(whole);
        }
      }),
      RUNS,
    );
  });

  it("gives suffixes of the pattern, none of which includes another", () => {
    fc.assert(
      fc.property(
        globs.chain((glob) => fc.tuple(fc.constant(glob), textsOf(glob), fc.nat())),
        ([glob, text, at]) => {
          const left = remainders(parsePattern(glob), text.slice(0, at % (text.length + 1)));
          for (const remainder of left) {
            expect(glob.endsWith(remainder)).toBe(true);
            expect(left.filter((other) => includes(other, remainder))).toEqual([remainder]);
          }
        },
      ),
      RUNS,
    );
  });

  it("comes to an end on ten thousand stars", () => {
    expect(remainders(parsePattern("*".repeat(10_000)), "s3:GetObject")).toEqual(["*"]);
    expect(remainders(parsePattern("*a".repeat(10_000)), "a".repeat(10_000))).toContain("");
  });
});
