import type { Cell } from "@leastwise/store";
import type { Row } from "../asking/rows.ts";
import type { Form } from "./form.ts";
import { printableJson } from "./printable.ts";

/** A list of objects, a row a line. Integers beyond 2^53 are texts, blobs are hexadecimal digits. */
export function jsonForm(columns: readonly string[]): Form {
  const object = objectsWith(columns);
  let isFirst = true;
  const add = (row: Row): readonly string[] => {
    const text = `${isFirst ? "\n" : ",\n"}${object(row)}`;
    isFirst = false;
    return [text];
  };
  return { open: "[", add, rest: () => [], close: (rows) => (rows === 0 ? "]\n" : "\n]\n") };
}

/** The same objects without a list around them. */
export function jsonLinesForm(columns: readonly string[]): Form {
  const object = objectsWith(columns);
  return { open: "", add: (row) => [`${object(row)}\n`], rest: () => [], close: () => "" };
}

/** Text by text, since an object of JavaScript would put keys such as `2` first. */
function objectsWith(columns: readonly string[]): (row: Row) => string {
  const keys = distinct(columns).map((name) => printableJson(JSON.stringify(name)));
  return (row) => `{${row.map((cell, i) => `${keys[i] ?? ""}:${value(cell)}`).join(",")}}`;
}

function value(cell: Cell): string {
  if (typeof cell === "string") return printableJson(JSON.stringify(cell));
  if (typeof cell === "bigint") return `"${cell}"`;
  if (typeof cell === "number" && !Number.isFinite(cell)) return cell > 0 ? "1e999" : "-1e999"; // read as infinity
  return String(cell);
}

/** Columns as keys: a name that stands twice gets a number, so that no column is lost. */
function distinct(columns: readonly string[]): readonly string[] {
  const taken = new Set(columns);
  const seen = new Set<string>();
  return columns.map((name) => {
    let key = name;
    for (let n = 2; seen.has(key) || (key !== name && taken.has(key)); n++) key = `${name}_${n}`;
    seen.add(key);
    return key;
  });
}
