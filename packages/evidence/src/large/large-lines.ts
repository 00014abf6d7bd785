import type { Evidence } from "@leastwise/core";
import { Draft } from "../draft.ts";
import { isObject } from "../fields.ts";
import { damagedExport } from "../forms/completeness.ts";
import { type JsonProblem, parseOne } from "../json.ts";
import { isListForm, recognise } from "../recognise.ts";
import { chunksOf } from "./chunks.ts";
import { gzipProblem } from "./gzip.ts";

/** A line longer than this is left out. In bytes. CloudTrail's largest records have 256 KB. */
export const LONGEST_LINE: number = 64 * 1024 * 1024;

/** So many faults of a file are told of one by one; the rest by their number. */
const MOST_TOLD = 1000;

const NEWLINE = 0x0a;

/** Of so many bytes of lines a part is made, about. */
const PART_BYTES = 2 * 1024 * 1024;

/** Everything that a file of JSON lines says at once; see `readLinesInParts`. */
export async function readLargeLines(path: string): Promise<Evidence> {
  const draft = new Draft(path);
  for await (const part of readLinesInParts(path)) draft.take(part);
  return draft.finish();
}

/**
 * Everything that a file of JSON lines says, however large it is, plain or gzipped, in parts: one line is in memory at a time, beside
 * what the lines of the part say. For UTF-8 files with one value a line; others are what `readEvidence` is for. A damaged gzip stream
 * costs what comes after the damage. What a file contains never makes it throw; the system's errors in opening and reading it do.
 */
export async function* readLinesInParts(path: string): AsyncGenerator<Evidence, void> {
  const draft = new Draft(path);
  const lines = new LineReader(draft);
  let bytes = 0;
  try {
    for await (const chunk of chunksOf(path)) {
      lines.take(chunk);
      bytes += chunk.length;
      if (bytes < PART_BYTES) continue;
      bytes = 0;
      yield lines.part();
    }
  } catch (error) {
    const problem = gzipProblem(error);
    if (problem === undefined) throw error;
    const { code, message, hint } = problem;
    draft.refuse(code, "", message, hint);
  }
  lines.end();
  yield draft.finish();
}

/** Without line and column of a text that is one line of many. */
function messageOf({ code, message }: JsonProblem): string {
  if (code === "truncated-json") return "the JSON ends in the middle of the line";
  return code === "not-json"
    ? "the line is no JSON"
    : message.replace(/, at line \d+, column (\d+)$/, ", at column $1");
}

/** Cuts chunks into lines and reads each. */
class LineReader {
  readonly #draft: Draft;
  readonly #decoder = new TextDecoder("utf-8", { fatal: true });
  #rest: Buffer[] = [];
  #restBytes = 0;
  #line = 0;
  #filled = 0;
  #told = 0;
  #untold = 0;

  constructor(draft: Draft) {
    this.#draft = draft;
  }

  take(chunk: Buffer): void {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      this.#add(chunk.subarray(start, end));
      this.#finishLine();
      start = end + 1;
    }
    this.#add(chunk.subarray(start));
  }

  /** What the lines so far say. */
  part(): Evidence {
    this.#told += this.#draft.diagnostics.length;
    return this.#draft.part();
  }

  end(): void {
    this.#finishLine();
    if (this.#filled === 0) this.#draft.refuse("empty-file", "", "the file is empty", "export it again");
    if (this.#untold > 0) {
      const message = `${this.#untold} more faults, in lines like those before`;
      this.#draft.refuse("unrecognised-input", "", message, "see `docs/inputs.md` for what is read");
    }
  }

  /** Of a line that is too long only the length is kept. */
  #add(part: Buffer): void {
    this.#restBytes += part.length;
    if (this.#restBytes > LONGEST_LINE) this.#rest = [];
    else if (part.length > 0) this.#rest.push(part);
  }

  #finishLine(): void {
    const bytes = this.#restBytes;
    const parts = this.#rest;
    this.#rest = [];
    this.#restBytes = 0;
    this.#line++;
    if (bytes === 0) return;
    const pointer = `line ${this.#line}`;
    if (bytes > LONGEST_LINE) {
      this.#filled++;
      const message = `the line has ${bytes} bytes`;
      return this.#refuse("too-large", pointer, message, "write one record a line");
    }
    const line = parts.length === 1 ? parts[0]! : Buffer.concat(parts, bytes); // the one is there
    const text = this.#decoded(line);
    if (text?.trim() === "") return;
    this.#filled++;
    if (text === undefined) {
      return this.#refuse(
        "not-utf8",
        pointer,
        "the line is not UTF-8 text",
        "AWS's exports are UTF-8; save it as such",
      );
    }
    const parsed = parseOne(text, line);
    if ("value" in parsed) return this.#read(parsed.value, pointer);
    damagedExport(this.#draft, text);
    return this.#refuse(parsed.code, pointer, messageOf(parsed), parsed.hint);
  }

  /** A list with objects in it counts as its items, as in `parseValues`. */
  #read(value: unknown, pointer: string): void {
    if (!Array.isArray(value) || !value.some(isObject) || isListForm(value)) {
      recognise(this.#draft, { value, pointer });
    } else {
      for (const [index, item] of value.entries())
        recognise(this.#draft, { value: item as unknown, pointer: `${pointer}/${index}` });
    }
    this.#trim();
  }

  #decoded(bytes: Buffer): string | undefined {
    try {
      return this.#decoder.decode(bytes);
    } catch {
      return undefined; // told of by the caller, with the line
    }
  }

  #refuse(code: string, pointer: string, message: string, hint: string): void {
    this.#draft.refuse(code, pointer, message, hint);
    this.#trim();
  }

  #trim(): void {
    const { diagnostics } = this.#draft;
    const most = MOST_TOLD - this.#told;
    if (diagnostics.length <= most) return;
    this.#untold += diagnostics.length - most;
    diagnostics.length = most;
  }
}
