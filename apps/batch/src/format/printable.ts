// control characters (also those above 0x7f), line and paragraph separators, the marks that turn text round, and what has no width at all
// eslint-disable-next-line no-control-regex -- finding control characters is what this is for
const HIDDEN = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

/** Text as a terminal may show it on one line: characters that could move the cursor or hide things stand as `\\u001B`. */
export function printable(text: string): string {
  return text.replace(HIDDEN, escape);
}

/** The same, with line feeds as they are: for diffs and stacks. */
export function printableLines(text: string): string {
  return text.replace(HIDDEN, (character) => (character === "\n" ? character : escape(character)));
}

/** JSON text with the same characters escaped: equal JSON, and safe to show. */
export function printableJson(json: string): string {
  return printableLines(json);
}

function escape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
}
