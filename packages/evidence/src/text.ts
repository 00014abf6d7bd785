import { Buffer, isAscii } from "node:buffer";
import { gunzipSync } from "node:zlib";

/** Larger than this, a file cannot become one JavaScript string. In bytes, after decompression. */
export const MAX_TEXT_BYTES: number = 500 * 1024 * 1024;

/** What to do about a file that is larger. */
export const TOO_LARGE_HINT = "export it in pages or by account, or write one record a line";

/** Text, or why there is none. */
export type TextResult = { readonly text: string } | TextProblem;

export interface TextProblem {
  readonly code: "empty-file" | "too-large" | "damaged-gzip" | "not-utf8";
  readonly message: string;
  readonly hint: string;
}

/** The text of an input file: gunzipped where it is gzip, UTF-8 (or UTF-16 with a byte order mark, as PowerShell writes it). */
export function decode(file: Uint8Array): TextResult {
  const decoded = decodeWithBytes(file);
  return "text" in decoded ? { text: decoded.text } : decoded;
}

/** The same, with the text's own bytes as UTF-8, for whoever looks at them too. */
export function decodeWithBytes(file: Uint8Array): { readonly text: string; readonly bytes: Uint8Array } | TextProblem {
  let bytes = file;
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
    try {
      bytes = gunzipSync(bytes, { maxOutputLength: MAX_TEXT_BYTES });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE")
        return tooLarge("decompressed, the file is");
      return damagedGzip(error);
    }
  }
  if (bytes.length > MAX_TEXT_BYTES) return tooLarge("the file is");
  const utf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  try {
    const plain = asciiText(bytes);
    if (plain !== undefined) return isEmpty(plain) ? EMPTY : { text: plain, bytes };
    const encoding = utf16 ? (bytes[0] === 0xff ? "utf-16le" : "utf-16be") : "utf-8";
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes); // takes a byte order mark off
    if (isEmpty(text)) return EMPTY;
    return { text, bytes: utf16 ? Buffer.from(text) : hasMark(bytes) ? bytes.subarray(3) : bytes };
  } catch {
    return NOT_UTF8;
  }
}

export const NOT_UTF8: TextProblem = {
  code: "not-utf8",
  message: "the file is not UTF-8 text",
  hint: "AWS's exports are UTF-8; save it as such",
};
const EMPTY: TextProblem = { code: "empty-file", message: "the file is empty", hint: "export it again" };

/** Whether UTF-8 text begins with a byte order mark. */
function hasMark(bytes: Uint8Array): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
}

function isEmpty(text: string): boolean {
  return text.trimStart() === "";
}

/** ASCII, as nearly all exports are, needs no decoding, which takes twice as long as copying it; undefined for other bytes. */
function asciiText(bytes: Uint8Array): string | undefined {
  if (!isAscii(bytes)) return undefined;
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}

export function damagedGzip(error: unknown): TextProblem {
  const message = `the gzip stream is damaged: ${error instanceof Error ? error.message : String(error)}`;
  return { code: "damaged-gzip", message, hint: "copy or export the file again" };
}

function tooLarge(subject: string): TextProblem {
  const limit = `${MAX_TEXT_BYTES / 1024 / 1024} MB`;
  return { code: "too-large", message: `${subject} larger than ${limit}`, hint: TOO_LARGE_HINT };
}
