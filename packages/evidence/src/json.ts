import { Buffer } from "node:buffer";
import { MOST_LEVELS, type ParsedJson, parseJson } from "@leastwise/core";
import { isObject, quoted } from "./fields.ts";
import { stopOfJson } from "./json-stop.ts";

/** A JSON value and where it stands in its file. */
export interface Located {
  readonly value: unknown;
  /** A JSON pointer, behind `line N` in a file of lines. */
  readonly pointer: string;
}

export interface JsonProblem {
  readonly code: "not-json" | "truncated-json" | "duplicate-key" | "too-deep";
  readonly pointer: string;
  readonly message: string;
  readonly hint: string;
}

/**
 * The values of a text: one JSON value, or one on each line (JSONL). A list with objects in it counts as its items, one level deep,
 * because several exports in one list are several exports; `isOneThing` tells lists that are a form of their own.
 *
 * A bad line costs that line.
 *
 * @param bytes the text as UTF-8, where the caller has it
 */
export function parseValues(
  text: string,
  isOneThing: (value: readonly unknown[]) => boolean,
  bytes: Uint8Array = Buffer.from(text),
): { readonly values: readonly Located[]; readonly problems: readonly JsonProblem[] } {
  const whole = parse(text, bytes);
  if (isValue(whole)) return { values: spread({ value: whole.value, pointer: "" }, isOneThing), problems: [] };
  const lines = text.split("\n");
  const isWhole = typeof whole === "object"; // JSON, with a key twice
  if (isWhole || !isLinesOfJson(lines)) return { values: [], problems: [problemIn(whole, text, 1, "")] };
  const values: Located[][] = [];
  const problems: JsonProblem[] = [];
  let start = 0;
  lines.forEach((line, index) => {
    const from = start;
    const length = bytes.length === text.length ? line.length : Buffer.byteLength(line);
    start += length + 1;
    if (line.trim() === "") return;
    const parsed = parse(line, bytes.subarray(from, from + length));
    const pointer = `line ${index + 1}`;
    if (isValue(parsed)) values.push(spread({ value: parsed.value, pointer }, isOneThing));
    else problems.push(problemIn(parsed, line, index + 1, pointer));
  });
  return { values: values.flat(), problems };
}

/** A text as one JSON value, or why it is none. @param bytes as in `parseValues` */
export function parseOne(text: string, bytes?: Uint8Array): { readonly value: unknown } | JsonProblem {
  const parsed = parse(text, bytes);
  return isValue(parsed) ? parsed : problemIn(parsed, text, 1, "");
}

function spread(located: Located, isOneThing: (value: readonly unknown[]) => boolean): Located[] {
  const { value, pointer } = located;
  if (!Array.isArray(value) || !value.some(isObject) || isOneThing(value)) return [located];
  return value.map((item: unknown, index) => ({ value: item, pointer: `${pointer}/${index}` }));
}

/** Lines of JSON: more than one line with something on it, and the first or the second of them is an object or a list by itself. */
function isLinesOfJson(lines: readonly string[]): boolean {
  const filled = lines.filter((line) => line.trim() !== "").slice(0, 2);
  return filled.length > 1 && filled.some((line) => /^\s*[[{]/.test(line) && typeof parse(line) === "object");
}

/** @param bytes as in `parseValues` */
export function parse(text: string, bytes: Uint8Array = Buffer.from(text)): ParsedJson {
  return parseJson(text, bytes);
}

export function isValue(parsed: ParsedJson): parsed is { readonly value: unknown } {
  return typeof parsed === "object" && "value" in parsed;
}

/** Why a text, which starts at line `firstLine` of its file, has no value. */
function problemIn(
  parsed: Exclude<ParsedJson, { readonly value: unknown }>,
  text: string,
  firstLine: number,
  pointer: string,
): JsonProblem {
  if (parsed === "too-deep") return tooDeep(pointer);
  const stop = parsed === "not-json" ? stopOfJson(text) : parsed.twice.at;
  const before = text.slice(0, stop);
  const line = firstLine + before.split("\n").length - 1;
  const column = stop - before.lastIndexOf("\n");
  if (parsed !== "not-json") return duplicateKey(parsed.twice.key, line, column, pointer);
  return problemAt(line, stop === text.length ? null : column, pointer);
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

/** No tool of AWS writes such a file, and two readers of it may take different ones of the two. */
export function duplicateKey(key: string, line: number, column: number, pointer: string): JsonProblem {
  const message = `an object has the key ${quoted(key)} twice, at line ${line}, column ${column}`;
  return { code: "duplicate-key", pointer, message, hint: "export it again; nobody can tell which of the two counts" };
}

export function tooDeep(pointer: string): JsonProblem {
  const message = `more than ${MOST_LEVELS} objects and lists lie inside one another`;
  return { code: "too-deep", pointer, message, hint: "no export of AWS is so deep; export it again" };
}
