import type { StoreError } from "@leastwise/store";
import { MOST_ROW_CHARACTERS } from "./limits.ts";
import type { Asked, Row } from "./rows.ts";

/** What the process that answers is told, as JSON on its standard input. */
export interface Task extends Asked {
  readonly memoryMb: number | null;
  /** The process that asks. When it is gone, nobody wants the answer. */
  readonly parent: number;
}

/** What it says, a line of JSON each, on its standard output: the columns before the rows, `end` or an error last. */
export type Message =
  | { readonly columns: readonly string[] }
  | { readonly rows: readonly WireRow[] }
  | { readonly end: true }
  | { readonly tooLong: true }
  | { readonly refused: Pick<StoreError, "code" | "message" | "hint"> }
  | { readonly sqlite: { readonly code: string; readonly message: string } };

/** The whole standard error of a process whose guard found too much memory. */
export const TOO_MUCH_MEMORY = "too much memory\n";

/** Cells that JSON has no form for: integers beyond a number, and the infinities. */
type WireCell = string | number | null | { readonly integer: string } | { readonly real: string };
type WireRow = readonly WireCell[];

/** A row as JSON; null where it is longer than any row may be. */
export function wireRow(row: Row): string | null {
  let characters = 0;
  let plain = true;
  for (const cell of row) {
    if (typeof cell === "string") characters += cell.length;
    else if (typeof cell === "bigint" || (typeof cell === "number" && !Number.isFinite(cell))) plain = false;
  }
  if (characters > MOST_ROW_CHARACTERS) return null;
  return JSON.stringify(plain ? row : row.map(wireCell));
}

function wireCell(cell: Row[number]): WireCell {
  if (typeof cell === "bigint") return { integer: String(cell) };
  return typeof cell === "number" && !Number.isFinite(cell) ? { real: String(cell) } : cell;
}

export function rowOf(row: WireRow): Row {
  return row.map((cell) => {
    if (typeof cell !== "object" || cell === null) return cell;
    return "integer" in cell ? BigInt(cell.integer) : Number(cell.real);
  });
}
