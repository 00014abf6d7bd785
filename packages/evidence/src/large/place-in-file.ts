import type { Draft } from "../draft.ts";
import { DamagedExport } from "../forms/completeness.ts";
import { duplicateKey, problemAt } from "../json.ts";
import { NOT_UTF8 } from "../text.ts";
import { chunksOf } from "./chunks.ts";
import { gzipProblem } from "./gzip.ts";

const NEWLINE = 0x0a;

/**
 * Says why a file is no JSON, or has a key twice, and whose export it is. Reads the file once more, which no other file needs.
 *
 * @param start where its text begins: behind a byte order mark
 * @param at the offset of the first byte that cannot stand there; the file's length where it ends too early
 * @param keyTwice the key at that offset, of a file that is JSON and has it twice in an object
 */
export async function refuseFrom(
  draft: Draft,
  start: number,
  at: number,
  chunkBytes: number,
  keyTwice?: string,
): Promise<void> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const damaged = new DamagedExport();
  let offset = start;
  let line = 1;
  let column = 1;
  let rest = "";
  try {
    for await (const chunk of chunksOf(draft.path, start, chunkBytes)) {
      const before = chunk.subarray(0, Math.max(0, at - offset));
      for (let newline = before.indexOf(NEWLINE); newline >= 0; newline = before.indexOf(NEWLINE, newline + 1)) line++;
      const newline = before.lastIndexOf(NEWLINE);
      column = (newline < 0 ? column : 1) + charactersOf(before.subarray(newline + 1));
      offset += chunk.length;
      rest = rest.slice(-DamagedExport.OVERLAP) + decoder.decode(chunk, { stream: true });
      damaged.look(rest);
    }
    decoder.decode();
  } catch (error) {
    const { code, message, hint } = isNotUtf8(error) ? NOT_UTF8 : (gzipProblem(error) ?? thrown(error)); // damage behind the place counts more
    return draft.refuse(code, "", message, hint);
  }
  const problem =
    keyTwice === undefined
      ? problemAt(line, at >= offset ? null : column, "")
      : duplicateKey(keyTwice, line, column, "");
  const { code, message, hint } = problem;
  draft.refuse(code, "", message, hint);
  damaged.note(draft);
}

function thrown(error: unknown): never {
  throw error;
}

function isNotUtf8(error: unknown): boolean {
  return error instanceof TypeError && "code" in error && error.code === "ERR_ENCODING_INVALID_ENCODED_DATA";
}

/** How many UTF-16 code units the bytes of UTF-8 text are, also of one that is cut. */
function charactersOf(bytes: Uint8Array): number {
  let characters = 0;
  for (const byte of bytes) {
    if ((byte & 0xc0) !== 0x80) characters++; // the first byte of a character
    if (byte >= 0xf0) characters++; // of one that takes two units
  }
  return characters;
}
