/**
 * Case folding of action names and patterns: ASCII letters only (SEMANTICS, "case ignored").
 *
 * Unicode lower-casing is not used on purpose: it maps U+212A KELVIN SIGN to `k`, which would let a look-alike name match
 * a real one, and it can change a text's length.
 */

const BEYOND_ASCII = /[\u0080-\uffff]/;

/** `text` with `A`-`Z` folded to `a`-`z` and everything else as it is; same length. O(length). */
export function fold(text: string): string {
  return BEYOND_ASCII.test(text) ? foldSlowly(text) : text.toLowerCase(); // twice as fast as looking at each character
}

export function isUpper(code: number): boolean {
  return code >= 0x41 && code <= 0x5a;
}

export function isLower(code: number): boolean {
  return code >= 0x61 && code <= 0x7a;
}

export function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function foldSlowly(text: string): string {
  let out = "";
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    out += isUpper(code) ? String.fromCharCode(code + 0x20) : text.charAt(i);
  }
  return out;
}
