import type { WordTree } from "@leastwise/api";
import { printable } from "./printable.ts";
import { type Folding, type ShownNode, shownTree } from "./shown-tree.ts";
import { cut, entriesBeside, figuresOf, labelOf, summaryOf } from "./wording.ts";

/** How a text gets its colours: functions of a terminal's, or of none. */
export interface TextColours {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly green: (text: string) => string;
  readonly red: (text: string) => string;
}

export interface TextOptions extends Folding {
  /** Characters in a line at the most; null for any number. */
  readonly columns: number | null;
  /** Absent: none. */
  readonly colours?: TextColours;
  /** Whether there is more than ASCII to draw with. */
  readonly unicode: boolean;
}

const PLAIN: TextColours = { bold: same, dim: same, green: same, red: same };

function same(text: string): string {
  return text;
}

const SIGNS = {
  unicode: { branch: "├─ ", last: "└─ ", line: "│  ", chosen: "✓", safe: "·", mixed: "◐", unused: "×" },
  ascii: { branch: "|- ", last: "`- ", line: "|  ", chosen: "+", safe: ".", mixed: "~", unused: "x" },
} as const;

type Signs = (typeof SIGNS)["unicode" | "ascii"];

/** Characters of a name that are shown at the least, however deep it stands. */
const LEAST_LABEL = 8;
/** Characters of a line with which there is room for a note. */
const ROOM_FOR_NOTE = 24;
const PIPED_LABEL = 1_200;
/** What three `...` in a line take more than three `…`. */
const ASCII_CUTS = 6;

/** The tree for a terminal: a line a node, its sign, its words, and to the right how much of it stays. No line ends in a blank. */
export function treeText(tree: WordTree, options: TextOptions): string {
  const { unicode, colours = PLAIN } = options;
  const columns = options.columns === null || unicode ? options.columns : options.columns - ASCII_CUTS;
  const signs = unicode ? SIGNS.unicode : SIGNS.ascii;
  const lines: Line[] = [];
  const walk = (node: ShownNode, lead: string, below: string): void => {
    lines.push(lineOf(node, lead, lines.length === 0, columns));
    node.children.forEach((child, i) => {
      const isLast = i === node.children.length - 1;
      walk(child, below + (isLast ? signs.last : signs.branch), below + (isLast ? "   " : signs.line));
    });
  };
  walk(shownTree(tree, options), "", "");
  const widest = Math.max(...lines.map(({ lead, label }) => lead.length + 2 + label.length));
  const noteAt = Math.min(widest, columns === null ? 60 : Math.floor(columns * 0.55)) + 2;
  const heading = headingOf(tree, columns);
  const body = lines.map((line) => written(line, signs, colours, noteAt, columns));
  const text = [colours.bold(heading), summaryOf(tree), "", ...body, "", legendOf(signs, colours)].join("\n");
  return `${unicode ? text : inAscii(text)}\n`;
}

interface Line {
  readonly lead: string;
  readonly look: "chosen" | "safe" | "mixed" | "unused";
  readonly label: string;
  readonly note: string;
}

function headingOf({ pattern }: WordTree, columns: number | null): string {
  const shown = printable(pattern);
  return columns === null ? shown : cut(shown, columns);
}

function lineOf(node: ShownNode, lead: string, isRoot: boolean, columns: number | null): Line {
  const room = columns === null ? PIPED_LABEL : Math.max(LEAST_LABEL, columns - lead.length - 2);
  const figures = figuresOf(node);
  const beside = entriesBeside(node).map(printable).join(", ");
  const note = [beside, figures].filter((part) => part !== "").join("  ");
  const label = isRoot && node.prefix === "" ? "*" : labelOf(node, node.is === "more" ? Math.min(room, 60) : room);
  return { lead, look: node.chosen === null ? node.verdict : "chosen", label, note };
}

function written(
  { lead, look, label, note }: Line,
  signs: Signs,
  colours: TextColours,
  noteAt: number,
  columns: number | null,
): string {
  const colour = {
    chosen: (text: string) => colours.bold(colours.green(text)),
    safe: colours.green,
    mixed: same,
    unused: colours.red,
  }[look];
  const start = colours.dim(lead) + colour(`${signs[look]} `);
  const used = lead.length + 2;
  const room = columns === null ? Infinity : columns - used;
  if (note === "" || room < ROOM_FOR_NOTE) return start + colour(label);
  const gap = Math.max(2, noteAt - used - label.length);
  if (label.length + gap + note.length <= room) return start + colour(label) + " ".repeat(gap) + colours.dim(note);
  if (label.length + 2 + note.length <= room)
    return start + colour(label) + " ".repeat(room - label.length - note.length) + colours.dim(note);
  const shortNote = cut(note, Math.floor(room / 2));
  const shortLabel = cut(label, room - 2 - shortNote.length);
  return `${start}${colour(shortLabel)}  ${colours.dim(shortNote)}`;
}

function legendOf(signs: Signs, colours: TextColours): string {
  return [
    `${colours.bold(colours.green(signs.chosen))} in the result`,
    `${colours.green(signs.safe)} stays`,
    `${signs.mixed} some stays, some goes`,
    `${colours.red(signs.unused)} unused, goes`,
  ].join("   ");
}

/** Names are ASCII where the catalog has them; what is not, an author wrote, and it stands as escapes. */
function inAscii(text: string): string {
  return text
    .replaceAll("…", "...")
    .replace(/[^\n -~\p{Cc}]/gu, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`); // it is one
}
