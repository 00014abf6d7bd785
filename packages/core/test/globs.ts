import * as fc from "fast-check";

/**
 * Characters that tell matchers apart: wildcards, both cases, a sign, a line end, KELVIN SIGN, which is no k, and the halves of a
 * surrogate pair, which are two characters however they stand.
 */
const PIECES = ["*", "*", "*", "?", "a", "b", "k", "A", "K", ":", "-", "\n", "\u212a", "\ud83d", "\ude00"];
const LETTERS = withoutWildcards(PIECES);

/** Patterns with wildcards anywhere. */
export const globs: fc.Arbitrary<string> = fc
  .array(fc.constantFrom(...PIECES), { maxLength: 9 })
  .map((pieces) => pieces.join(""));

/** Texts without any wildcard. */
export const texts: fc.Arbitrary<string> = fc
  .array(fc.constantFrom(...LETTERS), { maxLength: 7 })
  .map((letters) => letters.join(""));

/**
 * Texts that a pattern matches, built from it: each star filled with nothing, one character, several, or a piece of the pattern
 * itself, which is what a matcher must not take for the rest of the pattern; everything else in either case.
 */
export function textsOf(glob: string): fc.Arbitrary<string> {
  const parts = glob.split("").map((piece): fc.Arbitrary<string> => {
    if (piece === "*") return fc.oneof(fc.constant(""), fc.constantFrom(...LETTERS), texts, piecesOf(glob));
    if (piece === "?") return fc.constantFrom(...LETTERS);
    return fc.constantFrom(piece, foldedByHand(piece));
  });
  return fc.tuple(...parts).map((filled) => filled.join(""));
}

/** One to three times the same run of a pattern's characters that are no wildcards. */
function piecesOf(glob: string): fc.Arbitrary<string> {
  const letters = withoutWildcards(glob.split("")).join("");
  return fc
    .tuple(fc.nat(letters.length), fc.nat(letters.length), fc.integer({ min: 1, max: 3 }))
    .map(([from, to, times]) => letters.slice(Math.min(from, to), Math.max(from, to)).repeat(times));
}

/** Texts a step away from the given ones: a character replaced, taken out, put in or doubled. */
export function nearly(wanted: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc
    .tuple(wanted, fc.nat(), fc.constantFrom("", "double", ...LETTERS), fc.nat(1))
    .map(([text, at, letter, taken]) => {
      const place = at % (text.length + 1);
      const put = letter === "double" ? text.charAt(place).repeat(1 + taken) : letter;
      return text.slice(0, place) + put + text.slice(place + taken);
    });
}

/** A pattern beside texts of which about half match it: made to match, then left so or taken a step or two away. */
export const globsWithText: fc.Arbitrary<readonly [glob: string, text: string]> = globs.chain((glob) => {
  const near = nearly(textsOf(glob));
  return fc.tuple(fc.constant(glob), fc.oneof(textsOf(glob), textsOf(glob), near, nearly(near), texts));
});

/** What IAM's wildcards mean, as a regular expression over folded text. Without the flags `i` and `u`, which fold beyond ASCII. */
export function regExpOf(glob: string): RegExp {
  const source = glob.split("").map((piece) => {
    if (piece === "*") return "[^]*";
    if (piece === "?") return "[^]";
    return `\\u${foldedByHand(piece).charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
  return new RegExp(`^${source.join("")}$`);
}

/** `A`-`Z` to `a`-`z`, nothing else. */
export function foldedByHand(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 32));
}

function withoutWildcards(pieces: readonly string[]): readonly string[] {
  return pieces.filter((piece) => piece !== "*" && piece !== "?");
}
