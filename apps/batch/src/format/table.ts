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
/** An ARN cut to this still has its account and the end of its name: `111122223333…yRole`. */
const READABLE_ARN = 18;
/** Without partition and service an ARN is worth this many characters, and not more. */
const MOST_SHORT_ARN = 48;

/**
 * Rows as aligned columns: numbers to the right, texts to the left. Where `width` is given and lines are longer, first the names of
 * columns are broken, then the widest columns give way, ARNs last, and what does not fit is cut: sentences at their end, names in their
 * middle, since their ends tell them apart, ARNs so that the account stays, without which nobody knows whose they are. Where too little
 * would be left, rows are records.
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
  const widths = fit(widthsOf(header, content), room, arnWidths(rows, columns.length));
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

/** Of columns that hold ARNs alone what the longest has without partition and service; of others undefined. */
function arnWidths(rows: readonly Row[], columns: number): readonly (number | undefined)[] {
  return Array.from({ length: columns }, (_, i) => {
    let most = 0;
    for (const row of rows) {
      const text = textOf(row, i);
      const short = shortArn(text);
      if (short === undefined && text !== "") return undefined;
      most = Math.max(most, short?.length ?? 0);
    }
    return most === 0 ? undefined : Math.min(most, MOST_SHORT_ARN);
  });
}

const ARN = /^arn:[^:]*:[^:]*:[^:]*:([^:]+):(.+)$/s;

/** `…111122223333:role/MyRole`; undefined for what is no ARN of an account. */
function shortArn(text: string): string | undefined {
  const [, account, resource] = ARN.exec(text) ?? [];
  return account === undefined || resource === undefined ? undefined : `…${account}:${resource}`;
}

function cutArn(text: string, short: string, width: number): string {
  if (short.length <= width) return short;
  const account = short.slice(1, short.indexOf(":"));
  if (width < READABLE_ARN || width < account.length + 6) return `…${text.slice(text.length - width + 1)}`;
  return `${account}…${text.slice(text.length - (width - account.length - 1))}`;
}

function cut(text: string, width: number): string {
  if (text.length <= width) return text;
  const short = shortArn(text);
  if (short !== undefined) return cutArn(text, short, width);
  if (text.includes(" ")) return `${text.slice(0, width - 1).trimEnd()}…`;
  const tail = Math.ceil((width - 1) * 0.6);
  return `${text.slice(0, width - 1 - tail)}…${text.slice(text.length - tail)}`;
}

/**
 * Takes from the widest columns until the sum fits; null where that would leave them unreadable. Columns of ARNs keep what is left of them
 * without partition and service, or else what has the account, as long as the others can be read beside them.
 */
function fit(
  natural: readonly number[],
  room: number,
  arns: readonly (number | undefined)[],
): readonly number[] | null {
  if (sum(natural) <= room) return natural;
  const least = natural.map(() => 0);
  const short = arns.map((width) => width ?? 0);
  const shorter = arns.map((width) => (width === undefined ? 0 : Math.min(width, READABLE_ARN)));
  for (const floors of [short, shorter, least]) {
    const widths = fitAbove(natural, room, floors);
    if (widths !== null) return widths;
  }
  return null;
}

/** The same, where no column gets less than its floor. */
function fitAbove(natural: readonly number[], room: number, floors: readonly number[]): readonly number[] | null {
  const widthAt = (most: number, i: number): number => Math.min(natural[i] ?? 0, Math.max(most, floors[i] ?? 0));
  const sumAt = (most: number): number => sum(natural.map((_, i) => widthAt(most, i)));
  if (sumAt(READABLE) > room) return null;
  let most = room; // no column can be wider
  while (sumAt(most) > room) most--;
  let spare = room - sumAt(most);
  return natural.map((width, i) => {
    const isWider = width > most && (floors[i] ?? 0) <= most;
    return isWider && spare-- > 0 ? most + 1 : widthAt(most, i);
  });
}
