import type { Cell } from "@leastwise/store";
import { printable } from "./printable.ts";

/** A cell for a person, on one line. */
export function cellText(cell: Cell): string {
  if (cell === null) return "";
  return typeof cell === "number" && Number.isSafeInteger(cell)
    ? cell.toLocaleString("en-US")
    : printable(String(cell));
}
