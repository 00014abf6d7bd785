import { fold } from "./fold.ts";

const STAR = 0x2a;
const QUESTION = 0x3f;

/**
 * One entry of `Action` or `NotAction`, ready to match (SEMANTICS 1): `*` matches any run of characters, `?` exactly one,
 * both anywhere; everything else matches itself, case ignored.
 */
export interface Pattern {
  /** The entry as its author spelled it. */
  readonly text: string;
  /** The entry, case folded. */
  readonly folded: string;
  /** Length of the literal head: the number of characters before the first wildcard. */
  readonly headLength: number;
  /** `literal`: no wildcard. `prefix`: the only wildcard is one `*` at the end. `glob`: anything else. */
  readonly kind: "literal" | "prefix" | "glob";
}

/** Parses an entry. Every string is a pattern, so this never fails. O(length). */
export function parsePattern(text: string): Pattern {
  const folded = fold(text);
  let head = 0;
  while (head < folded.length && !isWildcard(folded.charCodeAt(head))) head++;
  const last = folded.length - 1;
  const kind = head > last ? "literal" : head === last && folded.charCodeAt(head) === STAR ? "prefix" : "glob";
  return { text, folded, headLength: head, kind };
}

export function hasWildcard(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (isWildcard(text.charCodeAt(i))) return true;
  return false;
}

function isWildcard(code: number): boolean {
  return code === STAR || code === QUESTION;
}

/** Whether the pattern matches a whole text that is already case folded. O(pattern × text), no recursion. */
export function matches(pattern: Pattern, foldedText: string): boolean {
  switch (pattern.kind) {
    case "literal":
      return pattern.folded === foldedText;
    case "prefix":
      return foldedText.startsWith(pattern.folded.slice(0, pattern.headLength));
    case "glob":
      return matchCodes(codesOf(pattern.folded), codesOf(foldedText), 0, foldedText.length);
  }
}

/** The UTF-16 code units of a text, the form `matchCodes` takes. */
export function codesOf(text: string): Uint16Array {
  const codes = new Uint16Array(text.length);
  for (let i = 0; i < text.length; i++) codes[i] = text.charCodeAt(i);
  return codes;
}

/**
 * Whether the folded pattern matches `text[from, to)`, folded too. After a mismatch only the latest `*` takes one character
 * more: what an earlier one could take, the latest can. O(pattern × text) at worst.
 */
export function matchCodes(pattern: Uint16Array, text: Uint8Array | Uint16Array, from: number, to: number): boolean {
  let p = 0;
  let t = from;
  let star = -1;
  let resume = 0;
  while (t < to) {
    const code = p < pattern.length ? pattern[p] : -1;
    if (code === STAR) {
      star = p++;
      resume = t;
    } else if (code === QUESTION || code === text[t]) {
      p++;
      t++;
    } else if (star >= 0) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (p < pattern.length && pattern[p] === STAR) p++;
  return p === pattern.length;
}
