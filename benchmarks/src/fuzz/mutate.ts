import { gzipSync } from "node:zlib";
import { type Random, pick } from "../random.ts";

/** What parsers stumble over, put in somewhere. */
const TOKENS: readonly Buffer[] = [
  '"',
  "\\",
  "{",
  "}",
  "[",
  "]",
  ",",
  ":",
  "\u0000",
  "\r\n",
  "\n",
  "\ufeff",
  "\u202e",
  "\u{e0041}",
  "\u3164",
  "%",
  "%7B",
  "%FF",
  "\\ud800",
  "1e999",
  "-0",
  "12345678901234567890",
  "0.12345678901234567891",
  "null",
  "true",
  '""',
  "[]",
  "{}",
  "*",
  "?",
  "**",
  "*?*",
  "${aws:username}",
  '"__proto__":{},',
  '"constructor":1,',
  '"Statement":[],',
  '"Action":"*",',
  '"Effect":"Allow",',
  '"Arn":"arn:aws:iam::1:role/x",',
  '"a":1,"a":2,',
  "'",
  "`",
  ";",
  "--",
  "/*",
  "*/",
  "$(id)",
  "DROP TABLE x",
  "pragma_x",
  "\u001b[2J",
  "[".repeat(70),
  '{"a":'.repeat(70),
  "[".repeat(1200),
  "*?".repeat(60),
].map((text) => Buffer.from(text));

const LONGEST = 256 * 1024;

/** A seed with none to five changes: bytes, runs of bytes, tokens, parts of other seeds; now and then cut, zipped, or in UTF-16. */
export function mutated(random: Random, seeds: readonly Buffer[]): Buffer {
  let bytes: Buffer = Buffer.from(pick(random, seeds));
  for (let changes = Math.floor(random() * 6); changes > 0; changes--) bytes = changed(random, bytes, seeds);
  const form = random();
  if (form < 0.02) bytes = Buffer.from(`\ufeff${bytes.toString("latin1")}`, "utf16le");
  if (form > 0.96) bytes = gzipSync(bytes, { level: 1 });
  if (form > 0.98) bytes = changed(random, bytes, seeds);
  return bytes.subarray(0, LONGEST);
}

function changed(random: Random, bytes: Buffer, seeds: readonly Buffer[]): Buffer {
  const at = Math.floor(random() * (bytes.length + 1));
  const to = Math.min(bytes.length, at + Math.floor(random() ** 4 * bytes.length) + 1);
  const insert = (piece: Buffer, until = at): Buffer =>
    Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(until)]);
  switch (Math.floor(random() * 9)) {
    case 0:
      return insert(Buffer.of(Math.floor(random() * 256)), at + 1);
    case 1:
      return insert(Buffer.alloc(0), to);
    case 2:
      return insert(bytes.subarray(at, to));
    case 3:
    case 4:
      return insert(pick(random, TOKENS));
    case 5:
      return bytes.subarray(0, at);
    case 6: {
      const other = pick(random, seeds);
      const from = Math.floor(random() * other.length);
      return insert(other.subarray(from, from + Math.floor(random() * 200)), random() < 0.5 ? at : to);
    }
    case 7:
      return insert(valueOf(random, bytes), endOfValue(bytes, at));
    default:
      return insert(Buffer.of((bytes[at] ?? 0) ^ (1 << Math.floor(random() * 8))), at + 1);
  }
}

/** Some string, number or word of the text itself, which fits the grammar more often than other bytes. */
function valueOf(random: Random, bytes: Buffer): Buffer {
  const start = bytes.indexOf(random() < 0.7 ? '"' : ":", Math.floor(random() * bytes.length));
  return start < 0 ? Buffer.from("0") : bytes.subarray(start, endOfValue(bytes, start));
}

function endOfValue(bytes: Buffer, from: number): number {
  const ends = [",", "}", "]"].map((end) => bytes.indexOf(end, from)).filter((end) => end >= 0);
  return ends.length === 0 ? bytes.length : Math.min(...ends);
}
