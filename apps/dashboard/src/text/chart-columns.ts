import type { Table } from "@leastwise/api";

const LOOKED_AT = 200;

/** The first column of texts and the last of numbers that are not negative, if bars make sense of an answer; null otherwise. */
export function chartColumns({
  columns,
  rows,
}: Pick<Table, "columns" | "rows">): { readonly text: number; readonly number: number } | null {
  const sample = rows.slice(0, LOOKED_AT);
  if (sample.length < 2) return null;
  const places = [...columns.keys()];
  const text = places.find((at) => sample.every((row) => typeof row[at] === "string"));
  const number = places.findLast((at) => sample.every((row) => isAmount(row[at] ?? null)));
  return text === undefined || number === undefined ? null : { text, number };
}

function isAmount(value: string | number | null): boolean {
  return typeof value === "number" && value >= 0;
}
