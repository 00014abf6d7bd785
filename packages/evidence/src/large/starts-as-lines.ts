import { isObject } from "../fields.ts";
import { parseOne } from "../json.ts";
import { CHUNK_BYTES, chunksOf } from "./chunks.ts";
import { gzipProblem } from "./gzip.ts";

/** So much of a file is looked at, in bytes after decompression: CloudTrail's largest records have 256 KB. */
const LOOKED_AT = 1024 * 1024;

const NEWLINE = 0x0a;
const SPACE = 0x20;

/**
 * Whether a file, plain or gzipped, is lines of JSON by how it begins: more than one line with something on it, and the first of them
 * an object or a list by itself, or a bad line before such a one. What has to be seen for that must stand within the first `within`
 * bytes. Reads no more than it needs. What a file contains never makes it throw; the system's errors in opening and reading it do.
 */
export async function startsAsLines(path: string, within: number = LOOKED_AT): Promise<boolean> {
  const { lines, goesOn } = await firstLines(path, within);
  const [first, second] = lines;
  if (first === undefined || (second === undefined && !goesOn)) return false;
  const parsed = parseOne(first);
  if ("value" in parsed) return isThing(parsed.value);
  if (parsed.code === "truncated-json" || second === undefined) return false; // one value that goes on in the next line
  const next = parseOne(second);
  return "value" in next && isThing(next.value);
}

function isThing(value: unknown): boolean {
  return isObject(value) || Array.isArray(value);
}

/** The first two lines with something on them, as far as they end, and whether something follows that does not. */
async function firstLines(
  path: string,
  within: number,
): Promise<{ readonly lines: readonly string[]; readonly goesOn: boolean }> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  let ended = 0;
  let isBlank = true;
  try {
    for await (const chunk of chunksOf(path, 0, CHUNK_BYTES / 16)) {
      chunks.push(chunk);
      bytes += chunk.length;
      for (const byte of chunk) {
        if (byte > SPACE) isBlank = false;
        else if (byte === NEWLINE && !isBlank) {
          ended++;
          isBlank = true;
        }
      }
      if (ended >= 2 || bytes >= within) break;
    }
  } catch (error) {
    if (gzipProblem(error) === undefined) throw error; // damage further on is for whoever reads the file
  }
  const all = Buffer.concat(chunks);
  const end = all.lastIndexOf(NEWLINE) + 1;
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(all.subarray(0, end));
    const lines = text.split("\n").filter((line) => line.trim() !== "");
    return { lines: lines.slice(0, 2), goesOn: !isBlank };
  } catch {
    return { lines: [], goesOn: false }; // not UTF-8, which `readLargeLines` does not read
  }
}
