import type { Cell } from "@leastwise/store";
import { count } from "../progress.ts";
import { printable } from "./printable.ts";

/** A cell for a person, on one line. */
export function cellText(cell: Cell): string {
  if (cell === null) return "";
  return typeof cell === "number" && Number.isSafeInteger(cell) ? count(cell) : printable(String(cell));
}
