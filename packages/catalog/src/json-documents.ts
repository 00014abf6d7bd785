import { readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { MOST_LEVELS, parseJson } from "@leastwise/core";
import { CatalogError } from "./catalog-error.ts";

/** A JSON value and where it stands. */
export interface JsonDocument {
  readonly file: string;
  /** A JSON pointer, or `line N` in a file of lines; empty for the whole file. */
  readonly pointer: string;
  readonly value: unknown;
}

/** More cannot become one JavaScript string. In bytes, after decompression. */
const MAX_BYTES = 500 * 1024 * 1024;
const JSON_FILE = /\.(json|jsonl|ndjson)(\.gz)?$/i;

/**
 * The JSON values of a file, or of the JSON files of a folder and its folders in the order of their names: one value a file, the
 * items of a list, or one value a line (JSONL); plain or gzipped, UTF-8. Links to files count, links to folders are not followed.
 *
 * @throws CatalogError `catalog-unreadable`
 */
export function readJsonDocuments(path: string): readonly JsonDocument[] {
  return filesOf(path).flatMap((file) => documentsOf(file, textOf(file)));
}

function filesOf(path: string): readonly string[] {
  return attempt(path, () => {
    if (!statSync(path).isDirectory()) return [path];
    return readdirSync(path, { recursive: true, withFileTypes: true })
      .filter(({ name }) => JSON_FILE.test(name))
      .map(({ parentPath, name }) => join(parentPath, name))
      .filter((file) => statSync(file).isFile())
      .sort();
  });
}

function textOf(file: string): string {
  return attempt(file, () => {
    const stats = statSync(file);
    if (!stats.isFile()) throw new Error("it is no regular file"); // a pipe that nobody writes to would hold the run up
    if (stats.size > MAX_BYTES) throw new Error(`it has ${stats.size} bytes, and ${MAX_BYTES} are read at the most`);
    const bytes = readFileSync(file);
    const plain = bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes, { maxOutputLength: MAX_BYTES }) : bytes;
    return new TextDecoder("utf-8", { fatal: true }).decode(plain); // takes a byte order mark off
  });
}

function documentsOf(file: string, text: string): readonly JsonDocument[] {
  const lines = text.split("\n").flatMap((line, index) => (line.trim() === "" ? [] : [{ line, number: index + 1 }]));
  if (lines.length > 1 && isJson(lines[0]?.line ?? "")) {
    return lines.map(({ line, number }) => {
      const pointer = `line ${number}`;
      return { file, pointer, value: attempt(file, () => valueOf(line), pointer) };
    });
  }
  const value = attempt(file, () => valueOf(text));
  if (!Array.isArray(value)) return [{ file, pointer: "", value }];
  return value.map((item: unknown, index) => ({ file, pointer: `/${index}`, value: item }));
}

/** @throws Error in words for people, where the text has no value */
function valueOf(text: string): unknown {
  const parsed = parseJson(text, new TextEncoder().encode(text));
  if (parsed === "too-deep") throw new Error(`more than ${MOST_LEVELS} objects and lists lie inside one another`);
  if (parsed === "not-json") return JSON.parse(text); // which refuses it once more, and says why
  if ("twice" in parsed) throw new Error(`an object has the key ${JSON.stringify(parsed.twice.key)} twice`);
  return parsed.value;
}

/** Whether a line is JSON by itself, so that the file has more than one value; else the file is one value, or broken, which its own reading tells. */
function isJson(line: string): boolean {
  return typeof parseJson(line, new TextEncoder().encode(line)) === "object";
}

function attempt<T>(path: string, read: () => T, pointer = ""): T {
  try {
    return read();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const place = pointer === "" ? "" : `, ${pointer}`;
    throw new CatalogError(
      "catalog-unreadable",
      `\`${path}\`${place} cannot be read: ${reason}`,
      "name a readable JSON file, or a folder of such files",
      { cause: error },
    );
  }
}
