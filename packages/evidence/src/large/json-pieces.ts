import { Buffer, isAscii } from "node:buffer";
import type { ParsedJson } from "@leastwise/core";
import { isValue, parse } from "../json.ts";
import { stopOfJson } from "../json-stop.ts";
import type { ByteWindow } from "./byte-window.ts";

/** A value inside the whole that is longer than this is not read. In bytes. */
export const LONGEST_VALUE: number = 64 * 1024 * 1024;

/** What a large JSON value is made of, in the order of the file. */
export type Piece =
  /**
   * A list begins: of an object the member of that name, the whole where `name` is null. Its first item begins at or after `from`.
   * `bytes`: those before it that belong to it, its name.
   */
  | { readonly kind: "list"; readonly name: string | null; readonly from: number; readonly bytes: number }
  /** Items of the list that began last, as many as were there together. */
  | Items
  /** A member of the object that is no list. `bytes`: those of its name and value. */
  | { readonly kind: "member"; readonly name: string; readonly value: unknown; readonly bytes: number }
  /** Nothing follows. */
  | Stop;

export interface Items {
  readonly kind: "items";
  /** The place of the first of them in the list. */
  readonly first: number;
  readonly values: readonly unknown[];
}

/** `at`: the offset where it stops being JSON, as `stopOfJson` has it. */
export interface Stop {
  readonly kind: "stop";
  readonly at: number;
  /** Bytes that are not UTF-8 count as no JSON. */
  readonly because: "not-json" | "too-large" | "too-deep";
}

const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_LIST, CLOSE_LIST] = [0x7b, 0x7d, 0x5b, 0x5d];
const [COMMA, COLON, QUOTE, BACKSLASH] = [0x2c, 0x3a, 0x22, 0x5c];
/** What `nextByte` gives at the end of the file. */
const END = -1;

/**
 * Cuts JSON text, of which one value is expected, an object or a list, into its members and items, each of which is parsed alone; members that are lists into their
 * items. Memory: one of them at a time.
 *
 * Where a value begins follows from what came before, and where it ends from its brackets and quotes alone: so its bytes are what
 * JSON.parse of the whole would have taken for it, or JSON.parse refuses them, and the first place where it does is that of the whole.
 */
export async function* jsonPieces(window: ByteWindow): AsyncGenerator<Piece> {
  const first = await nextByte(window);
  if (first === OPEN_LIST) {
    window.at++;
    yield { kind: "list", name: null, from: window.place, bytes: 0 };
    for await (const piece of listItems(window)) {
      yield piece;
      if (piece.kind === "stop") return;
    }
  } else if (first === OPEN_OBJECT) {
    window.at++;
    for await (const piece of members(window)) {
      yield piece;
      if (piece.kind === "stop") return;
    }
  } else {
    const taken = await takeValue(window);
    if ("kind" in taken) return yield taken;
  }
  if ((await nextByte(window)) !== END) yield stopHere(window);
}

/** The items of a list from behind its bracket on. */
export async function* listItems(window: ByteWindow): AsyncGenerator<Items | Stop> {
  let expected: "item or end" | "item" | "comma or end" = "item or end";
  for (let first = 0; ;) {
    const values: unknown[] = [];
    let stop: Stop | undefined;
    let isEnd = false;
    // As long as nothing has to be waited for: there are too many items to wait for each.
    for (const from = window.place; !isEnd && stop === undefined && window.place - from < TOGETHER;) {
      const byte = skipBlanks(window);
      if (byte === END) break;
      if (expected === "comma or end" || (expected === "item or end" && byte === CLOSE_LIST)) {
        if (byte !== COMMA && byte !== CLOSE_LIST) stop = stopHere(window);
        else window.at++;
        isEnd = byte === CLOSE_LIST;
        expected = "item";
      } else {
        const end = endOfValue(window);
        if (end === undefined) break;
        const parsed = parsedUpTo(window, end);
        const taken = parsed instanceof Promise ? await parsed : parsed; // not waited for where there is no need
        if ("kind" in taken) stop = taken;
        else values.push(taken.value);
        expected = "comma or end";
      }
    }
    if (values.length > 0) yield { kind: "items", first, values };
    first += values.length;
    if (isEnd) return;
    stop ??= await moreOrStop(window, values.length === 0);
    if (stop !== undefined) return yield stop;
  }
}

/** Items of so many bytes are given together, about. */
const TOGETHER = 256 * 1024;

/** Gets more where there was too little; why there is none otherwise. */
async function moreOrStop(window: ByteWindow, wasTooLittle: boolean): Promise<Stop | undefined> {
  if (!wasTooLittle) return undefined;
  if (window.bytes.length - window.at <= LONGEST_VALUE && (await window.fill())) return undefined;
  return skipBlanks(window) === END ? stopHere(window) : await stopInside(window, undefined);
}

async function* members(window: ByteWindow): AsyncGenerator<Piece> {
  if ((await nextByte(window)) === CLOSE_OBJECT) {
    window.at++;
    return;
  }
  const names = new Set<string>();
  for (;;) {
    if ((await nextByte(window)) !== QUOTE) return yield stopHere(window);
    const start = window.place;
    const key = await takeValue(window);
    if ("kind" in key) return yield key;
    const name = key.value as string; // what stands in quotes
    if (names.has(name)) window.twice ??= { key: name, at: start };
    names.add(name);
    if ((await nextByte(window)) !== COLON) return yield stopHere(window);
    window.at++;
    if ((await nextByte(window)) === OPEN_LIST) {
      window.at++;
      yield { kind: "list", name, from: window.place, bytes: window.place - start };
      for await (const piece of listItems(window)) {
        yield piece;
        if (piece.kind === "stop") return;
      }
    } else {
      const taken = await takeValue(window);
      if ("kind" in taken) return yield taken;
      yield { kind: "member", name, value: taken.value, bytes: window.place - start };
    }
    const next = await nextByte(window);
    if (next !== COMMA && next !== CLOSE_OBJECT) return yield stopHere(window);
    window.at++;
    if (next === CLOSE_OBJECT) return;
  }
}

function stopHere({ place }: ByteWindow): Stop {
  return { kind: "stop", at: place, because: "not-json" };
}

/** Goes over white space, and gets more where there is nothing else. */
async function nextByte(window: ByteWindow): Promise<number> {
  for (;;) {
    const byte = skipBlanks(window);
    if (byte !== END || !(await window.fill())) return byte;
  }
}

function skipBlanks(window: ByteWindow): number {
  const { bytes } = window;
  for (; window.at < bytes.length; window.at++) {
    const byte = bytes[window.at]!; // inside
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return byte;
  }
  return END;
}

/** The next value, which the reader goes behind. */
async function takeValue(window: ByteWindow): Promise<{ readonly value: unknown } | Stop> {
  if ((await nextByte(window)) === END) return stopHere(window);
  for (;;) {
    const end = endOfValue(window);
    if (end !== undefined) return parsedUpTo(window, end);
    if (window.bytes.length - window.at > LONGEST_VALUE || !(await window.fill())) return stopInside(window, undefined);
  }
}

/** The value between the reader and `end`, which the reader goes behind. */
function parsedUpTo(window: ByteWindow, end: number): { readonly value: unknown } | Stop | Promise<Stop> {
  if (end - window.at > LONGEST_VALUE) return { kind: "stop", at: window.place, because: "too-large" };
  const bytes = window.bytes.subarray(window.at, end);
  const text = textOf(bytes);
  const parsed = text === undefined ? "not-json" : window.isNew ? parse(text, bytes) : parseAgain(text);
  if (parsed === "too-deep") return { kind: "stop", at: window.place, because: "too-deep" };
  if (parsed === "not-json") return stopInside(window, end);
  const start = window.place;
  window.at = end;
  if (isValue(parsed)) return parsed;
  const { key, at } = parsed.twice;
  window.twice ??= { key, at: start + Buffer.byteLength(text!.slice(0, at)) }; // it has been parsed
  return { value: null }; // the file is refused
}

/** @param end of what is no value; undefined for one that is cut, by the end of the file or by its length */
async function stopInside(window: ByteWindow, end: number | undefined): Promise<Stop> {
  const isTooLarge = end === undefined && window.bytes.length - window.at > LONGEST_VALUE;
  const length = (end ?? window.bytes.length) - window.at;
  if (end === window.bytes.length) await window.fill(); // for the character that follows: a word ends where another one comes
  // Lossy: bytes that are not UTF-8 are found by whoever looks at the whole file, and a place before them stays where it is.
  const text = window.bytes.subarray(window.at, window.at + length + 1).toString("utf8");
  const stop = stopOfJson(text);
  if (isTooLarge && stop === text.length) return { kind: "stop", at: window.place, because: "too-large" };
  return { kind: "stop", at: window.place + Buffer.byteLength(text.slice(0, stop)), because: "not-json" };
}

/** What has been looked at before, in a file that may have changed since. */
function parseAgain(text: string): ParsedJson {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return "not-json"; // the caller says that the file has changed
  }
}

function textOf(bytes: Buffer): string | undefined {
  if (isAscii(bytes)) return bytes.toString("latin1");
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined; // the caller says so
  }
}

/** Where in `bytes` the value at the reader ends, by its brackets and quotes; undefined where they do not close in what is there. */
function endOfValue({ bytes, at }: ByteWindow): number | undefined {
  const end = bytes.length;
  const first = bytes[at];
  if (first !== OPEN_OBJECT && first !== OPEN_LIST && first !== QUOTE) {
    let behind = at + 1;
    while (behind < end && isWord(bytes[behind]!)) behind++; // inside
    return behind < end ? behind : undefined;
  }
  let depth = 0;
  for (let place = at; place < end; place++) {
    const byte = bytes[place]!; // inside
    if (byte === QUOTE) {
      for (place++; place < end && bytes[place] !== QUOTE; place++) if (bytes[place] === BACKSLASH) place++;
      if (place >= end) return undefined;
    } else if (byte === OPEN_OBJECT || byte === OPEN_LIST) depth++;
    else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) depth--;
    if (depth === 0) return place + 1;
  }
  return undefined;
}

function isWord(byte: number): boolean {
  return (
    (byte >= 0x30 && byte <= 0x39) ||
    (byte >= 0x41 && byte <= 0x5a) ||
    (byte >= 0x61 && byte <= 0x7a) ||
    byte === 0x5f ||
    byte === 0x2b ||
    byte === 0x2d ||
    byte === 0x2e
  );
}
