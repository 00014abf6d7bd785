/**
 * Control characters (also those above 0x7f), line and paragraph separators, halves of surrogate pairs, and everything that a text may hold
 * without being seen: marks that turn text round, joiners, fillers, tags, variation selectors (Unicode's Default_Ignorable_Code_Point), the
 * marks of annotations, and the Braille cell without dots.
 */
const HIDDEN = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800\ufff9-\ufffb]/gu;
/** Nearly all there is to print, and quickly seen. */
const PLAIN = /^[\n -~]*$/;

/** Text as a terminal may show it on one line: characters that could move the cursor or hide things stand as `\\u001B`. */
export function printable(text: string): string {
  return PLAIN.test(text) && !text.includes("\n") ? text : text.replace(HIDDEN, escape);
}

/** The same, with line feeds as they are: for diffs and stacks. */
export function printableLines(text: string): string {
  if (PLAIN.test(text)) return text;
  return text.replace(HIDDEN, (character) => (character === "\n" ? character : escape(character)));
}

/** JSON text with the same characters escaped: equal JSON, and safe to show. */
export function printableJson(json: string): string {
  return printableLines(json);
}

/** As JSON has it: beyond U+FFFF in two halves. */
function escape(character: string): string {
  const units = Array.from({ length: character.length }, (_, i) => character.charCodeAt(i));
  return units.map((unit) => `\\u${unit.toString(16).toUpperCase().padStart(4, "0")}`).join("");
}
