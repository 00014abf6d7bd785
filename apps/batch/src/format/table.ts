import type { Cell } from "@leastwise/store";
import type { Row } from "../asking/rows.ts";
import { cellText } from "./cell-text.ts";
import type { Form } from "./form.ts";
import { printable } from "./printable.ts";
import { recordsForm } from "./records.ts";

const GAP = 2;
/** The layout is that of so many rows, so that a long table needs no memory. A longer cell further down is out of line, or cut. */
const ROWS_SEEN = 1000;
/** Or of fewer, where they have more characters than this: they are held until then, and each is padded to the longest. */
const CHARACTERS_SEEN = 1_000_000;
/** A column that is cut to less says nothing any more; then rows stand as records instead. */
const READABLE = 16;

/**
 * Rows as aligned columns: numbers to the right, texts to the left. Where `width` is given and lines are longer, first the names of
 * columns are broken, then the widest columns give way, and what does not fit is cut in its middle, or in front if it is an ARN, since
 * the ends are what tells them apart. Where too little would be left of them, rows are records.
 */
export function tableForm(columns: readonly string[], width: number | null): Form {
  let seen: Row[] = [];
  let characters = 0;
  let form: Form | null = null;
  const layOut = (): readonly string[] => {
    const rows = seen;
    seen = [];
    form = layoutOf(columns, rows, width) ?? recordsForm(columns, width);
    return rows.flatMap(form.add);
  };
  const add = (row: Row): readonly string[] => {
    if (form !== null) return form.add(row);
    seen.push(row);
    for (const cell of row) characters += typeof cell === "string" ? cell.length : 0;
    return seen.length < ROWS_SEEN && characters < CHARACTERS_SEEN ? [] : layOut();
  };
  const remark = (): string => form?.remark?.() ?? "";
  return { open: "", add, rest: () => (seen.length === 0 ? [] : layOut()), close: () => "", remark };
}

/** A few rows as one text, without a newline at its end. */
export function formatTable(columns: readonly string[], rows: readonly Row[], width: number | null): string {
  const form = tableForm(columns, width);
  return [...rows.flatMap(form.add), ...form.rest()].join("").trimEnd();
}

/** The columns as these rows need them; null where they do not fit. The first row's text has the header with it. */
function layoutOf(columns: readonly string[], rows: readonly Row[], width: number | null): Form | null {
  const content = columns.map((_, i) => rows.reduce((most, row) => Math.max(most, textOf(row, i).length), 0));
  const names = columns.map((name) => [printable(name)]);
  const broken = names.map(([name = ""], i) => partsOf(name, content[i] ?? 0));
  const room = width === null ? Infinity : width - GAP * (columns.length - 1);
  const isRoomy = sum(widthsOf(names, content)) <= room;
  const header = isRoomy ? names : broken;
  const widths = fit(widthsOf(header, content), room);
  if (widths === null) return null;
  const right = columns.map((_, i) => rows.every((row) => isNumber(row[i]) || row[i] === null));
  let isCut = false;
  const line = (cells: readonly string[]): string => {
    const padded = cells.map((cell, i) => {
      const size = widths[i] ?? 0;
      const text = width === null ? cell : cut(cell, size);
      isCut ||= text !== cell;
      return right[i] === true ? text.padStart(size) : text.padEnd(size);
    });
    return `${padded.join(" ".repeat(GAP)).trimEnd()}\n`;
  };
  const height = Math.max(...header.map((parts) => parts.length));
  const headLines = Array.from({ length: height }, (_, y) => line(header.map((parts) => parts[y] ?? "")));
  let head = headLines.join("") + line(widths.map((size) => "─".repeat(size)));
  const add = (row: Row): readonly string[] => {
    const text = head + line(row.map(cellText));
    head = "";
    return [text];
  };
  const remark = (): string => (isCut ? "values are cut; --format records shows them whole" : "");
  return { open: "", add, rest: () => [], close: () => "", remark };
}

/** A name broken behind its underscores and blanks, into as few lines as `room` and its longest part allow. */
function partsOf(name: string, room: number): readonly string[] {
  const words = name.split(/(?<=[_ ])/);
  const most = Math.max(room, ...words.map((word) => word.length));
  const parts: string[] = [];
  for (const word of words) {
    const last = parts.at(-1);
    if (last === undefined || last.length + word.length > most) parts.push(word);
    else parts[parts.length - 1] = last + word;
  }
  return parts;
}

function widthsOf(header: readonly (readonly string[])[], content: readonly number[]): readonly number[] {
  return header.map((parts, i) => Math.max(content[i] ?? 0, ...parts.map((part) => part.length)));
}

function sum(widths: readonly number[]): number {
  return widths.reduce((total, width) => total + width, 0);
}

function textOf(row: Row, i: number): string {
  return cellText(row[i] ?? null);
}

function isNumber(cell: Cell | undefined): boolean {
  return typeof cell === "number" || typeof cell === "bigint";
}

function cut(text: string, width: number): string {
  if (text.length <= width) return text;
  if (text.startsWith("arn:")) return `…${text.slice(text.length - width + 1)}`;
  const tail = Math.ceil((width - 1) * 0.6);
  return `${text.slice(0, width - 1 - tail)}…${text.slice(text.length - tail)}`;
}

/** Takes from the widest columns until the sum fits; null where that would leave them unreadable. */
function fit(natural: readonly number[], room: number): readonly number[] | null {
  const sumAt = (most: number): number => sum(natural.map((width) => Math.min(width, most)));
  if (sum(natural) <= room) return natural;
  if (sumAt(READABLE) > room) return null;
  let most = room; // no column can be wider
  while (sumAt(most) > room) most--;
  let spare = room - sumAt(most);
  return natural.map((width) => (width > most && spare-- > 0 ? most + 1 : Math.min(width, most)));
}
