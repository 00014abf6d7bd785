import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fold } from "../src/pattern/fold.ts";
import { codesOf, hasWildcard, matchCodes, matches, parsePattern } from "../src/pattern/pattern.ts";
import { foldedByHand, globs, globsWithText, regExpOf, textsOf } from "./globs.ts";

const RUNS = { seed: 2024, numRuns: 3000 };
const MANY_RUNS = { seed: 2024, numRuns: 20_000 };

function isMatch(entry: string, action: string): boolean {
  return matches(parsePattern(entry), fold(action));
}

describe("parsePattern", () => {
  it.each([
    ["s3:GetObject", "literal", 12],
    ["", "literal", 0],
    ["s3:Get*", "prefix", 6],
    ["*", "prefix", 0],
    ["s3:Get?", "glob", 6],
    ["?", "glob", 0],
    ["s3:*Tagging", "glob", 3],
    ["s3:Get*Acl*", "glob", 6],
    ["s3:Get**", "glob", 6],
    ["*:Get*", "glob", 0],
    ["s3:Get*?", "glob", 6],
    ["s3:Get?*", "glob", 6],
  ] as const)("takes %j for a %s with %i literal characters in front", (text, kind, headLength) => {
    expect(parsePattern(text)).toEqual({ text, folded: text.toLowerCase(), headLength, kind });
  });
});

describe("hasWildcard", () => {
  it.each([
    ["s3:GetObject", false],
    ["", false],
    ["s3:Get*", true],
    ["?3:GetObject", true],
    ["s3:GetObject?", true],
  ])("%j: %s", (text, expected) => {
    expect(hasWildcard(text)).toBe(expected);
  });
});

describe("fold", () => {
  it.each([
    ["S3:GetObject", "s3:getobject"],
    ["@AZ[`az{", "@az[`az{"],
    ["\u212aMS:Ä", "\u212ams:Ä"],
    ["İAM", "İam"],
  ])("%j becomes %j: ASCII letters only", (text, expected) => {
    expect(fold(text)).toBe(expected);
  });

  it("keeps the length and everything but A to Z of any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(fold(text)).toBe(foldedByHand(text));
      }),
      RUNS,
    );
  });
});

describe("matches", () => {
  it.each([
    ["s3:GetObject", "s3:GetObject", true],
    ["s3:GetObject", "s3:GetObjectAcl", false],
    ["s3:GetObject", "s3:GetObjec", false],
    ["S3:GETOBJECT", "s3:GetObject", true],
    ["s3:Get*", "s3:Get", true],
    ["s3:Get*", "s3:Ge", false],
    ["s3:Get*", "s3:getobject", true],
    ["s3:Get?bject", "s3:GetObject", true],
    ["s3:GetObject?", "s3:GetObject", false],
    ["s3:*Tagging", "s3:GetObjectTagging", true],
    ["s3:*Tagging", "s3:Tagging", true],
    ["s3:*Tagging", "s3:GetObjectTaggings", false],
    ["*:Get*", "s3:GetObject", true],
    ["s3*", "s3:GetObject", true],
    ["s3*", "s3-object-lambda:GetObject", true],
    ["*", "", true],
    ["*", "ec2:RunInstances", true],
    ["", "", true],
    ["", "s", false],
    ["*a*b", "ab-ab", true],
    ["*a*b", "ab-ba", false],
    ["?*", "", false],
    ["*?", "a", true],
  ])("%j on %j: %s", (entry, action, expected) => {
    expect(isMatch(entry, action)).toBe(expected);
  });

  it("does not take KELVIN SIGN for a k: a look-alike is another action", () => {
    expect(isMatch("kms:Decrypt", "\u212ams:Decrypt")).toBe(false);
    expect(isMatch("\u212ams:*", "kms:Decrypt")).toBe(false);
    expect(isMatch("KMS:*", "kms:Decrypt")).toBe(true);
    expect(isMatch("?ms:*", "\u212ams:Decrypt")).toBe(true);
  });

  it("matches whatever is made by filling in the wildcards, in either case", () => {
    fc.assert(
      fc.property(
        globs.chain((glob) => fc.tuple(fc.constant(glob), textsOf(glob))),
        ([glob, text]) => {
          expect(isMatch(glob, text)).toBe(true);
        },
      ),
      RUNS,
    );
  });

  it("agrees with the regular expression on texts near the pattern and far from it", () => {
    let texts = 0;
    let matched = 0;
    fc.assert(
      fc.property(globsWithText, ([glob, text]) => {
        texts++;
        const expected = regExpOf(glob).test(foldedByHand(text));
        expect(isMatch(glob, text)).toBe(expected);
        matched += Number(expected);
      }),
      MANY_RUNS,
    );
    const share = matched / texts;
    console.log(`${(100 * share).toFixed(1)} % of ${texts} texts match`);
    expect(share).toBeGreaterThan(0.4);
    expect(share).toBeLessThan(0.6);
  });

  it("comes to an end on ten thousand stars, matching or not", () => {
    const hostile = "*a".repeat(10_000);
    expect(isMatch(hostile, "a".repeat(10_000))).toBe(true);
    expect(isMatch(hostile, "a".repeat(9_999))).toBe(false);
    expect(isMatch(`${hostile}b`, "a".repeat(20_000))).toBe(false);
    expect(isMatch(`${hostile}*`, `${"a".repeat(12_000)}b`)).toBe(true);
    expect(isMatch("*".repeat(10_000), "")).toBe(true);
    expect(isMatch(`${"*".repeat(10_000)}a`, "b".repeat(10_000))).toBe(false);
  });
});

describe("matchCodes", () => {
  it("looks at the given part of the text and at nothing around it", () => {
    const text = codesOf("xxs3:getobjectyy");
    expect(matchCodes(codesOf("s3:*object"), text, 2, 14)).toBe(true);
    expect(matchCodes(codesOf("s3:*object"), text, 2, 13)).toBe(false);
    expect(matchCodes(codesOf("s3:*object"), text, 1, 14)).toBe(false);
    expect(matchCodes(codesOf("s3:*object"), text, 2, 15)).toBe(false);
    expect(matchCodes(codesOf(""), text, 5, 5)).toBe(true);
    expect(matchCodes(codesOf("?"), text, 5, 5)).toBe(false);
  });

  it("says of a part what matches says of that part by itself, in one byte a character and in two", () => {
    const parts = fc.tuple(globsWithText, fc.constantFrom("", "a", "*", "k:"), fc.constantFrom("", "a", "?", ":b"));
    fc.assert(
      fc.property(parts, ([[glob, text], before, behind]) => {
        const whole = before + fold(text) + behind;
        const narrow = whole.replace(/[^\0-\xff]/g, "\xff");
        const at = [before.length, whole.length - behind.length] as const;
        const pattern = codesOf(fold(glob));
        expect(matchCodes(pattern, codesOf(whole), ...at)).toBe(isMatch(glob, text));
        expect(matchCodes(pattern, Uint8Array.from(codesOf(narrow)), ...at)).toBe(isMatch(glob, narrow.slice(...at)));
      }),
      RUNS,
    );
  });
});
