import * as fc from "fast-check";

/** Characters that tell matchers apart: wildcards, both cases, a sign, a line end, and KELVIN SIGN, which is no k. */
const PIECES = ["*", "*", "?", "a", "b", "k", "A", "K", ":", "-", "\n", "\u212a"];
const LETTERS = PIECES.filter((piece) => piece !== "*" && piece !== "?");

/** Patterns with wildcards anywhere. */
export const globs: fc.Arbitrary<string> = fc
  .array(fc.constantFrom(...PIECES), { maxLength: 9 })
  .map((pieces) => pieces.join(""));

/** Texts without any wildcard. */
export const texts: fc.Arbitrary<string> = fc
  .array(fc.constantFrom(...LETTERS), { maxLength: 7 })
  .map((letters) => letters.join(""));

/** Texts that a pattern matches, built from it: each wildcard filled in, everything else in either case. */
export function textsOf(glob: string): fc.Arbitrary<string> {
  const parts = Array.from(glob, (piece): fc.Arbitrary<string> => {
    if (piece === "*")
      return fc.array(fc.constantFrom(...LETTERS), { maxLength: 4 }).map((letters) => letters.join(""));
    if (piece === "?") return fc.constantFrom(...LETTERS);
    return fc.constantFrom(piece, foldedByHand(piece));
  });
  return fc.tuple(...parts).map((filled) => filled.join(""));
}

/** Texts a step away from the given ones: a character replaced, taken out or put in. */
export function nearly(wanted: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.tuple(wanted, fc.nat(), fc.constantFrom("", ...LETTERS), fc.nat(1)).map(([text, at, letter, taken]) => {
    const place = at % (text.length + 1);
    return text.slice(0, place) + letter + text.slice(place + taken);
  });
}

/** What IAM's wildcards mean, as a regular expression over folded text. Without the flags `i` and `u`, which fold beyond ASCII. */
export function regExpOf(glob: string): RegExp {
  const source = Array.from(glob, (piece) => {
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
