/** A part of a text that comes from outside: as it is, or a character that one would not see, by its number. */
export interface Piece {
  readonly text: string;
  readonly hidden: boolean;
}

/** Control characters, what turns the direction of writing, what has no width, line and paragraph separators, tags, halves of pairs. */
const HIDDEN =
  // eslint-disable-next-line no-control-regex, no-misleading-character-class -- these are what is looked for
  /[\u0000-\u001F\u007F-\u009F\u00AD\u061C\u115F\u1160\u17B4\u17B5\u180E\u200B-\u200F\u2028-\u202F\u2060-\u206F\u3164\uFE00-\uFE0F\uFEFF\uFFA0\uFFF9-\uFFFB\u{E0000}-\u{E0FFF}]|\p{Surrogate}/gu;

/** Cuts a text where something in it cannot be seen. Linear. */
export function pieces(text: string): readonly Piece[] {
  const found: Piece[] = [];
  let from = 0;
  for (const match of text.matchAll(HIDDEN)) {
    if (match.index > from) found.push({ text: text.slice(from, match.index), hidden: false });
    found.push({ text: number(match[0]), hidden: true });
    from = match.index + match[0].length;
  }
  if (from < text.length) found.push({ text: text.slice(from), hidden: false });
  return found;
}

/** The same as one text, for tooltips and labels. */
export function visible(text: string): string {
  return text.replace(HIDDEN, number);
}

function number(character: string): string {
  const code = character.codePointAt(0) ?? 0; // a match is never empty
  return `‹U+${code.toString(16).toUpperCase().padStart(4, "0")}›`;
}
