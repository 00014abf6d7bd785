import { includes } from "@leastwise/core";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isSubset } from "../src/automaton.ts";

const RUNS = { seed: 2024, numRuns: 4000 };

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

/** What the wildcards mean, as a regular expression over folded text; one that lacks the flags `i` and `u` folds nothing itself. */
function regExpOf(glob: string): RegExp {
  const source = foldedByHand(glob).replace(/[^]/g, (unit) => {
    if (unit === "*") return "[^]*";
    return unit === "?" ? "[^]" : `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
  return new RegExp(`^${source}$`);
}

function foldedByHand(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 32));
}

function isMatch(globs: readonly string[], text: string): boolean {
  return globs.some((glob) => regExpOf(glob).test(foldedByHand(text)));
}

function tellsApart(text: string, inner: readonly string[], outer: readonly string[]): boolean {
  return isMatch(inner, text) && !isMatch(outer, text);
}

/** By going through every string of up to seven letters, of which c stands for all that no glob names. */
const STRINGS = stringsUpTo(7, ["a", "b", "c"]);
const languages = new Map<string, Uint8Array>();

function languageOf(glob: string): Uint8Array {
  let language = languages.get(glob);
  if (language === undefined) {
    const regExp = regExpOf(glob);
    language = Uint8Array.from(STRINGS, (text) => Number(regExp.test(text)));
    languages.set(glob, language);
  }
  return language;
}

function shortestByHand(inner: readonly string[], outer: readonly string[]): number | undefined {
  const [inside, outside] = [inner.map(languageOf), outer.map(languageOf)];
  return STRINGS.find((_, i) => inside.some((l) => l[i] === 1) && outside.every((l) => l[i] === 0))?.length;
}

/** Null where they agree. */
function disagreement(inner: readonly string[], outer: readonly string[]): string | null {
  const witness = isSubset(inner, outer);
  const said = `${JSON.stringify(inner)} within ${JSON.stringify(outer)}: ${JSON.stringify(witness)}`;
  if (witness !== null && !tellsApart(witness, inner, outer)) return `${said}, which is no witness`;
  const shortest = shortestByHand(inner, outer);
  if (shortest !== undefined) return witness?.length === shortest ? null : `${said}, but there is one of ${shortest}`;
  return witness === null || witness.length > 7 ? null : `${said}, which going through all strings did not find`;
}

const smallGlobs = globsOf("*", "*", "?", "a", "b");
/** Both cases, KELVIN SIGN that is no k, a code unit alone and in a pair, and what a careless regular expression treats apart. */
const oddGlobs = globsOf("*", "*", "?", "a", "A", "k", "K", "\u212a", ":", "\n", ".", "\ud83d", "\ude00");

function globsOf(...pieces: readonly string[]): fc.Arbitrary<string> {
  return fc.array(fc.constantFrom(...pieces), { maxLength: 6 }).map((glob) => glob.join(""));
}

describe("isSubset", () => {
  it.each<[readonly string[], readonly string[]]>([
    [["s3:GetObject"], ["s3:Get*"]],
    [["s3:GetObject"], ["S3:GETOBJECT"]],
    [
      ["s3:Get*Tagging", "s3:PutObject"],
      ["s3:Put*", "s3:*Tagging"],
    ],
    [["a*"], ["a", "a?*"]],
    [["a*"], ["a?*", "a"]],
    [["*"], ["", "?", "??*"]],
    [["*a*"], ["*a", "*a?", "*a??*"]],
    [["?*"], ["*?"]],
    [["*?"], ["?*"]],
    [["**?*"], ["?*"]],
    [["?*"], ["**?**"]],
    [["a*b*c"], ["abc", "a?*bc", "ab?*c", "a?*b?*c"]],
    [["\u{1f600}"], ["??"]],
    [["?\ude00"], ["*\ude00"]],
    [[], []],
    [[], ["a"]],
    [[""], [""]],
    [[""], ["*"]],
    [["*a????????????????????????a????????????????????????"], ["*a?????????????????????????????????????????????????"]],
  ])("%j is within %j", (inner, outer) => {
    expect(isSubset(inner, outer)).toBeNull();
  });

  it.each<[readonly string[], readonly string[], string]>([
    [["s3:Get*"], ["s3:GetObject", "s3:GetBucket*"], "s3:get"],
    [["s3:GetObject", "s3:PutObject"], ["s3:Get*"], "s3:putobject"],
    [["a*"], ["a?*"], "a"],
    [["a*"], ["a", "a??*"], "az"],
    [["a*b*c"], ["abc", "a?*bc", "ab?*c"], "azbzc"],
    [["*"], [], ""],
    [[""], [], ""],
    [[""], ["?*"], ""],
    [["*"], [""], "z"],
    [["?"], ["", "??*"], "z"],
    [["?"], ["z", "Y"], "x"],
    [["\u{1f600}"], ["?"], "\u{1f600}"],
    [["\u{1f600}"], ["\ud83d?\ude00"], "\u{1f600}"],
    [["\u212a"], ["k", "K"], "\u212a"],
    [["K"], ["\u212a"], "k"],
    [["\u00c4"], ["\u00e4"], "\u00c4"],
    [["longer", "two", "five5"], [], "two"],
  ])("%j is not within %j: %j", (inner, outer, witness) => {
    expect(isSubset(inner, outer)).toBe(witness);
  });

  it("agrees with going through all strings, for every glob of up to two characters within every two others", () => {
    const globs = stringsUpTo(2, ["a", "b", "*", "?"]);
    const pairs = globs.flatMap((one, i) => globs.slice(i).map((other) => [one, other]));
    const wrong = globs.flatMap((inner) => pairs.map((outer) => disagreement([inner], outer)).filter(Boolean));
    expect(wrong).toEqual([]);
  });

  it("agrees with going through all strings, for every glob of up to three characters within every other", () => {
    const globs = stringsUpTo(3, ["a", "b", "*", "?"]);
    const wrong = globs.flatMap((inner) => globs.map((outer) => disagreement([inner], [outer])).filter(Boolean));
    expect(wrong).toEqual([]);
  });

  it("agrees with going through all strings, for lists of longer globs", () => {
    let within = 0;
    fc.assert(
      fc.property(fc.array(smallGlobs, { maxLength: 3 }), fc.array(smallGlobs, { maxLength: 6 }), (inner, outer) => {
        expect(disagreement(inner, outer)).toBeNull();
        within += Number(isSubset(inner, outer) === null);
      }),
      RUNS,
    );
    console.log(`lists: ${within} of ${RUNS.numRuns} within`);
  });

  it("agrees with core where there is one glob each, whatever it is made of", () => {
    const pairs = fc
      .tuple(oddGlobs, oddGlobs)
      .chain(([one, other]) =>
        fc.tuple(fc.constant(one), fc.constantFrom(other, `*${other}`, `${one.slice(1)}*`, one.replace(/[^*?]/, "?"))),
      );
    let within = 0;
    fc.assert(
      fc.property(pairs, ([inner, outer]) => {
        const witness = isSubset([inner], [outer]);
        expect(witness === null).toBe(includes(outer, inner));
        expect(witness === null || tellsApart(witness, [inner], [outer])).toBe(true);
        within += Number(witness === null);
      }),
      RUNS,
    );
    console.log(`one glob each: ${within} of ${RUNS.numRuns} within`);
  });

  it("says of a text whether some glob matches it", () => {
    const texts = oddGlobs.map((glob) => glob.replace(/[*?]/g, ""));
    fc.assert(
      fc.property(texts, fc.array(oddGlobs, { maxLength: 4 }), (text, outer) => {
        expect(isSubset([text], outer)).toBe(isMatch(outer, text) ? null : foldedByHand(text));
      }),
      RUNS,
    );
  });

  it("takes a glob apart at its stars: nothing or something, together the same, and each less", () => {
    fc.assert(
      fc.property(oddGlobs, fc.array(fc.nat(), { minLength: 1, maxLength: 5 }), (glob, cuts) => {
        const parts = cuts.reduce<readonly string[]>(splitOne, [glob]);
        expect(isSubset([glob], parts)).toBeNull();
        expect(isSubset(parts, [glob])).toBeNull();
        parts.forEach((part, i) => {
          const others = parts.toSpliced(i, 1);
          const witness = isSubset([glob], others);
          expect(witness === null || tellsApart(witness, [part], others)).toBe(true);
        });
      }),
      RUNS,
    );
  });

  it("still has a letter that no glob names when they name every readable one", () => {
    const ascii = Array.from({ length: 0x7f }, (_, code) => String.fromCharCode(code)).filter((c) => !/[*?]/.test(c));
    expect(isSubset(["?"], ascii)).toBe("\u007f");
    expect(isSubset(["?"], [...ascii, "\u007f", "\u0080"])).toBe("\u0081");
  });

  it("and when they name all that can be named: no glob names `*` or `?`", () => {
    const all = Array.from({ length: 0x10000 }, (_, code) => String.fromCharCode(code)).filter((c) => !/[*?]/.test(c));
    expect(isSubset(["?"], all.slice(0, -1))).toBe("\uffff");
    expect(isSubset(["?"], all)).toBe("*");
  });

  it("settles lists as long as a policy can hold", () => {
    const names = Array.from({ length: 4_500 }, (_, i) => `service${i % 90}:Describe${i.toString(36)}Things`);
    const prefixes = names.map((name) => `${name.slice(0, -6)}*`);
    const apartThere = prefixes.flatMap((prefix) => [prefix.slice(0, -1), prefix.replace("*", "?*")]);
    const last = names.at(-1)?.toLowerCase();
    expect(isSubset(names, names.toReversed())).toBeNull();
    expect(isSubset(names, prefixes)).toBeNull();
    expect(isSubset(prefixes, apartThere)).toBeNull();
    expect(isSubset(prefixes, apartThere.slice(0, -1))).toBe(`${last?.slice(0, -6)}-`);
    expect(isSubset(names, names.slice(0, -1))).toBe(last);
  });

  it("throws where it would take too much memory to be sure", () => {
    const inner = "*a".repeat(8);
    expect(() => isSubset([`${inner}*`], [inner, `${inner}?*`, `*a${"?".repeat(40)}b`])).toThrow(
      new RangeError("undecided after 2000000 states and pairs"),
    );
  });
});

function splitOne(globs: readonly string[], cut: number): readonly string[] {
  return globs.flatMap((glob, i) => (i === cut % globs.length ? apart(glob) : [glob]));
}

/** The glob with its last star as nothing, and as one character or more. */
function apart(glob: string): readonly string[] {
  const at = glob.lastIndexOf("*");
  return at < 0 ? [glob] : [glob.slice(0, at) + glob.slice(at + 1), `${glob.slice(0, at)}?${glob.slice(at)}`];
}
