import { stringify } from "csv-stringify/sync";
import type { Row } from "../asking/rows.ts";
import type { Form } from "./form.ts";
import { printable } from "./printable.ts";

/** CSV (RFC 4180) with a line for the names of the columns, and one for each row as `csvLine` writes it. */
export function csvForm(columns: readonly string[], raw: boolean): Form {
  return {
    open: csvLine(columns, raw),
    add: (row) => [csvLine(row, raw)],
    rest: () => [],
    close: () => "",
  };
}

/**
 * A line of CSV with its line feed. NULL is empty, blobs are hexadecimal digits.
 *
 * Names of policies and roles come from whoever may make them. So texts that a spreadsheet would run as a formula get an apostrophe in
 * front, and control characters stand as `\\u001B`. With `raw` texts are as they are in the database, for programs.
 */
export function csvLine(row: Row, raw = false): string {
  const text = raw ? (value: string): string => value : (value: string): string => defused(printable(value));
  return stringify([row.map((cell) => (typeof cell === "string" ? text(cell) : cell))]);
}

/** What makes a formula in Excel, LibreOffice or Google Sheets, also behind quotes and blanks, which some of them take off. */
const FORMULA = /^["'`\s]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]/;
const NUMBER = /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i;

function defused(text: string): string {
  return FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
}
