import type { Cell } from "@leastwise/store";
import { printable } from "./printable.ts";

const GAP = 2;
const NARROWEST = 6;

/**
 * Rows as aligned columns: numbers to the right, texts to the left. Where `width` is given, the widest columns give way until a line
 * fits, and what does not fit is cut in its middle, since the ends of ARNs are what tells them apart.
 */
export function formatTable(
  columns: readonly string[],
  rows: readonly (readonly Cell[])[],
  width: number | null,
): string {
  const texts = rows.map((row) => row.map(cellText));
  const names = columns.map(printable);
  const natural = names.map((name, i) => Math.max(name.length, ...texts.map((row) => row[i]?.length ?? 0)));
  const widths = width === null ? natural : fit(natural, width - GAP * (columns.length - 1));
  const right = columns.map((_, i) => rows.length > 0 && rows.every((row) => isNumber(row[i]) || row[i] === null));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => pad(cut(cell, widths[i] ?? 0), widths[i] ?? 0, right[i] === true))
      .join(" ".repeat(GAP))
      .trimEnd();
  return [line(names), widths.map((size) => "─".repeat(size)).join(" ".repeat(GAP)), ...texts.map(line)].join("\n");
}

function cellText(cell: Cell): string {
  if (cell === null) return "";
  return typeof cell === "number" && Number.isSafeInteger(cell)
    ? cell.toLocaleString("en-US")
    : printable(String(cell));
}

function isNumber(cell: Cell | undefined): boolean {
  return typeof cell === "number" || typeof cell === "bigint";
}

function pad(text: string, width: number, right: boolean): string {
  return right ? text.padStart(width) : text.padEnd(width);
}

function cut(text: string, width: number): string {
  if (text.length <= width) return text;
  const tail = Math.ceil((width - 1) * 0.6);
  return `${text.slice(0, width - 1 - tail)}…${text.slice(text.length - tail)}`;
}

/** Takes from the widest column until the sum fits or every column is at its narrowest. */
function fit(natural: readonly number[], total: number): readonly number[] {
  const widths = [...natural];
  let excess = widths.reduce((sum, width) => sum + width, 0) - total;
  while (excess > 0) {
    const widest = widths.indexOf(Math.max(...widths));
    if (widths[widest]! <= NARROWEST) break; // indexOf a value that is there
    widths[widest]!--;
    excess--;
  }
  return widths;
}
