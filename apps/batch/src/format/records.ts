import type { Row } from "../asking/rows.ts";
import { cellText } from "./cell-text.ts";
import type { Form } from "./form.ts";
import { printable } from "./printable.ts";
import { brokenLines } from "./wrap.ts";

const GAP = 2;
const LEAST_ROOM = 20;
const WIDEST_NAME = 24;

/** A row as lines of `name  value`, with an empty line between rows: for values too long to stand beside each other. Nothing is cut. */
export function recordsForm(columns: readonly string[], width: number | null): Form {
  const names = columns.map(printable);
  const left = Math.min(WIDEST_NAME, Math.max(...names.map((name) => name.length))) + GAP;
  const room = width === null ? Infinity : Math.max(LEAST_ROOM, width - left);
  const line = (name: string, value: string): string => {
    const [first = "", ...others] = value.split("\n");
    const lead = name.length > left - GAP ? `${name}\n${" ".repeat(left)}` : name.padEnd(left);
    return [`${lead}${first}`.trimEnd(), ...others.map((other) => " ".repeat(left) + other)].join("\n");
  };
  let isFirst = true;
  const add = (row: Row): readonly string[] => {
    const lines = row.map((cell, i) => line(names[i] ?? "", brokenLines(cellText(cell), room).join("\n")));
    const text = `${isFirst ? "" : "\n"}${lines.join("\n")}\n`;
    isFirst = false;
    return [text];
  };
  return { open: "", add, rest: () => [], close: () => "" };
}
