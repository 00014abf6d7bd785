import { describe, expect, test } from "vitest";
import { printable, printableJson, printableLines } from "../src/format/printable.ts";

/** What a name may hide behind, by code point and Unicode's name. */
const HIDING: readonly (readonly [code: number, name: string])[] = [
  [0x00, "NULL"],
  [0x07, "BELL"],
  [0x08, "BACKSPACE, over what stands before it"],
  [0x0d, "CARRIAGE RETURN, back over the line"],
  [0x1b, "ESCAPE, with which a terminal is told what to do"],
  [0x7f, "DELETE"],
  [0x85, "NEXT LINE"],
  [0x9b, "CONTROL SEQUENCE INTRODUCER, an escape and a bracket in one"],
  [0xad, "SOFT HYPHEN"],
  [0x034f, "COMBINING GRAPHEME JOINER"],
  [0x061c, "ARABIC LETTER MARK"],
  [0x115f, "HANGUL CHOSEONG FILLER"],
  [0x1160, "HANGUL JUNGSEONG FILLER"],
  [0x17b4, "KHMER VOWEL INHERENT AQ"],
  [0x180e, "MONGOLIAN VOWEL SEPARATOR"],
  [0x200b, "ZERO WIDTH SPACE"],
  [0x200c, "ZERO WIDTH NON-JOINER"],
  [0x200d, "ZERO WIDTH JOINER"],
  [0x200e, "LEFT-TO-RIGHT MARK"],
  [0x200f, "RIGHT-TO-LEFT MARK"],
  [0x2028, "LINE SEPARATOR"],
  [0x2029, "PARAGRAPH SEPARATOR"],
  [0x202a, "LEFT-TO-RIGHT EMBEDDING"],
  [0x202b, "RIGHT-TO-LEFT EMBEDDING"],
  [0x202c, "POP DIRECTIONAL FORMATTING"],
  [0x202d, "LEFT-TO-RIGHT OVERRIDE"],
  [0x202e, "RIGHT-TO-LEFT OVERRIDE"],
  [0x2060, "WORD JOINER"],
  [0x2061, "FUNCTION APPLICATION"],
  [0x2064, "INVISIBLE PLUS"],
  [0x2066, "LEFT-TO-RIGHT ISOLATE"],
  [0x2067, "RIGHT-TO-LEFT ISOLATE"],
  [0x2068, "FIRST STRONG ISOLATE"],
  [0x2069, "POP DIRECTIONAL ISOLATE"],
  [0x206f, "NOMINAL DIGIT SHAPES"],
  [0x2800, "BRAILLE PATTERN BLANK"],
  [0x3164, "HANGUL FILLER"],
  [0xfe0f, "VARIATION SELECTOR-16"],
  [0xfeff, "ZERO WIDTH NO-BREAK SPACE, or byte order mark"],
  [0xffa0, "HALFWIDTH HANGUL FILLER"],
  [0xfff9, "INTERLINEAR ANNOTATION ANCHOR"],
  [0xd800, "half of a surrogate pair"],
];

const hex = (code: number): string => code.toString(16).toUpperCase().padStart(4, "0");

test.each(HIDING.map(([code, name]) => [hex(code), name] as const))(
  "U+%s %s is shown, wherever it stands",
  (digits) => {
    const hidden = String.fromCharCode(Number.parseInt(digits, 16));
    const shown = `\\u${digits}`;
    const [text, safe] = [`${hidden}adm${hidden}${hidden}in${hidden}`, `${shown}adm${shown}${shown}in${shown}`];
    expect(printable(text)).toBe(safe);
    expect(printableLines(`${text}\n${text}`)).toBe(`${safe}\n${safe}`);
    const json = JSON.stringify({ [text]: text });
    expect(printableJson(json)).not.toContain(hidden);
    expect(JSON.parse(printableJson(json))).toEqual({ [text]: text });
  },
);

test.each([
  ["a tag, of which whole words can be made", "\u{e0041}", "\\uDB40\\uDC41"],
  ["VARIATION SELECTOR-17", "\u{e0100}", "\\uDB40\\uDD00"],
  ["MUSICAL SYMBOL BEGIN BEAM", "\u{1d173}", "\\uD834\\uDD73"],
])("%s, beyond U+FFFF, is shown as JSON writes it, in two halves", (_, hidden, shown) => {
  expect(printable(`a${hidden}b`)).toBe(`a${shown}b`);
  expect(JSON.parse(printableJson(JSON.stringify(hidden)))).toBe(hidden);
});

describe("what everybody can see stays as it is", () => {
  test.each([
    "arn:aws:iam::123456789012:role/MyRole",
    "Größe, naïve, Ωmega",
    "ادارة العمليات",
    "運用チーム",
    "\u00a0no-break space, \u00ac the sign beside the soft hyphen, \u00ae behind it",
    "\u2010 hyphen, \u2014 dash, \u2027 point, \u202f narrow space, \u205f space, \u2070 power",
    "\u061b and \u061d, on either side of the Arabic letter mark",
    "👩 and \ufefe's neighbours \ufefc",
    "\\u001B written by hand",
    "",
  ])("%s", (text) => {
    expect(printable(text)).toBe(text);
    expect(printableLines(text)).toBe(text);
  });
});

test("a line feed is shown on one line, and ends lines where there are several; a tab is shown in both", () => {
  expect(printable("a\nb\tc")).toBe("a\\u000Ab\\u0009c");
  expect(printableLines("a\nb\tc")).toBe("a\nb\\u0009c");
});
