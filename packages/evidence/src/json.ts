import { isObject } from "./fields.ts";
import { stopOfJson } from "./json-stop.ts";

/** A JSON value and where it stands in its file. */
export interface Located {
  readonly value: unknown;
  /** A JSON pointer, behind `line N` in a file of lines. */
  readonly pointer: string;
}

export interface JsonProblem {
  readonly code: "not-json" | "truncated-json";
  readonly pointer: string;
  readonly message: string;
  readonly hint: string;
}

/**
 * The values of a text: one JSON value, or one on each line (JSONL). A list with objects in it counts as its items, one level deep,
 * because several exports in one list are several exports; `isOneThing` tells lists that are a form of their own.
 *
 * A bad line costs that line.
 */
export function parseValues(
  text: string,
  isOneThing: (value: readonly unknown[]) => boolean,
): { readonly values: readonly Located[]; readonly problems: readonly JsonProblem[] } {
  const whole = tryParse(text);
  if (whole !== undefined) return { values: spread({ value: whole.value, pointer: "" }, isOneThing), problems: [] };
  const lines = text.split("\n");
  if (!isLinesOfJson(lines)) return { values: [], problems: [problemIn(text, 1, "")] };
  const values: Located[][] = [];
  const problems: JsonProblem[] = [];
  lines.forEach((line, index) => {
    if (line.trim() === "") return;
    const parsed = tryParse(line);
    const pointer = `line ${index + 1}`;
    if (parsed === undefined) problems.push(problemIn(line, index + 1, pointer));
    else values.push(spread({ value: parsed.value, pointer }, isOneThing));
  });
  return { values: values.flat(), problems };
}

/** A text as one JSON value, or why it is none. */
export function parseOne(text: string): { readonly value: unknown } | JsonProblem {
  return tryParse(text) ?? problemIn(text, 1, "");
}

function spread(located: Located, isOneThing: (value: readonly unknown[]) => boolean): Located[] {
  const { value, pointer } = located;
  if (!Array.isArray(value) || !value.some(isObject) || isOneThing(value)) return [located];
  return value.map((item: unknown, index) => ({ value: item, pointer: `${pointer}/${index}` }));
}

/** Lines of JSON: more than one line with something on it, and the first or the second of them is an object or a list by itself. */
function isLinesOfJson(lines: readonly string[]): boolean {
  const filled = lines.filter((line) => line.trim() !== "").slice(0, 2);
  return filled.length > 1 && filled.some((line) => /^\s*[[{]/.test(line) && tryParse(line) !== undefined);
}

/** A text's value, or nothing. */
export function tryParse(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined; // the message differs between Node versions; `problemIn` finds the place itself
  }
}

/** Why a text, which starts at line `firstLine` of its file, is no JSON. */
function problemIn(text: string, firstLine: number, pointer: string): JsonProblem {
  const stop = stopOfJson(text);
  const before = text.slice(0, stop);
  const line = firstLine + before.split("\n").length - 1;
  return problemAt(line, stop === text.length ? null : stop - before.lastIndexOf("\n"), pointer);
}

/** @param column null where the text ends too early */
export function problemAt(line: number, column: number | null, pointer: string): JsonProblem {
  if (column === null) {
    const message = `the JSON ends in the middle, at line ${line}`;
    return { code: "truncated-json", pointer, message, hint: "copy or export the file again" };
  }
  const message = `not JSON at line ${line}, column ${column}`;
  return { code: "not-json", pointer, message, hint: "export it as JSON, for the AWS CLI with `--output json`" };
}
