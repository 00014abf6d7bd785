import type { Table } from "@leastwise/api";

/**
 * A table as CSV (RFC 4180), for what the page has in hand. A text that a spreadsheet would take for a formula has an apostrophe before it; `null` is empty.
 */
export function tableCsv(table: Pick<Table, "columns" | "rows">): string {
  return [table.columns, ...table.rows].map((row) => `${row.map(csvField).join(",")}\r\n`).join("");
}

function csvField(value: string | number | null): string {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  const text = /^[=+\-@\t\r]/u.test(value) ? `'${value}` : value;
  return /[",\r\n]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
