import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { MAX_TEXT_BYTES, decode, readEvidence } from "../src/index.ts";
import { codes, finding } from "./samples.ts";

const TEXT = JSON.stringify(finding({ id: "é🌱" }));

function utf16(text: string, order: "little" | "big"): Buffer {
  const bytes = Buffer.from(`\ufeff${text}`, "utf16le");
  return order === "little" ? bytes : bytes.swap16();
}

describe("text in every form that a tool writes it", () => {
  test.each([
    ["UTF-8", Buffer.from(TEXT)],
    ["UTF-8 with a byte order mark", Buffer.from(`\ufeff${TEXT}`)],
    ["UTF-16LE with a byte order mark, as PowerShell's > writes it", utf16(TEXT, "little")],
    ["UTF-16BE with a byte order mark", utf16(TEXT, "big")],
    ["gzip", gzipSync(TEXT)],
    ["gzip of UTF-16", gzipSync(utf16(TEXT, "little"))],
    ["gzip in two members, as cat joins them", Buffer.concat([gzipSync(TEXT.slice(0, 20)), gzipSync(TEXT.slice(20))])],
    ["a view into a larger buffer", Buffer.from(`....${TEXT}....`).subarray(4, -4)],
    ["a plain Uint8Array", new TextEncoder().encode(TEXT)],
  ])("%s", (_, file) => {
    expect(decode(file)).toEqual({ text: TEXT });
  });
});

describe("what is no text", () => {
  const gzip = gzipSync(TEXT);
  const flipped = Buffer.from(gzip).fill(0xff, 20, 30);
  test.each([
    ["nothing", Buffer.alloc(0), "empty-file"],
    ["a byte order mark alone", Buffer.from([0xef, 0xbb, 0xbf]), "empty-file"],
    ["blanks and line breaks", Buffer.from(" \t\r\n\n"), "empty-file"],
    ["gzip of nothing", gzipSync(""), "empty-file"],
    ["gzip cut in the middle", gzip.subarray(0, gzip.length >> 1), "damaged-gzip"],
    ["gzip cut behind its magic", gzip.subarray(0, 2), "damaged-gzip"],
    ["gzip without its last byte", gzip.subarray(0, -1), "damaged-gzip"],
    ["gzip with bytes changed", flipped, "damaged-gzip"],
    ["bytes that are not UTF-8", Buffer.from([0x7b, 0xff, 0x7d]), "not-utf8"],
    ["Latin-1", Buffer.from('{"a":"é"}', "latin1"), "not-utf8"],
    ["an encoded surrogate", Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]), "not-utf8"],
    ["UTF-16 with a byte missing", utf16(TEXT, "little").subarray(0, -1), "not-utf8"],
    ["gzip in gzip", gzipSync(gzip), "not-utf8"],
    ["a ZIP archive", Buffer.from("PK\u0003\u0004\u00ff\u00fe", "latin1"), "not-utf8"],
  ])("%s: %s", (_, file, code) => {
    expect(decode(file)).toMatchObject({ code, hint: expect.stringMatching(/./) });
    expect(codes(readEvidence("export.json", file))).toEqual([code]);
  });

  test("a gzip bomb stops at the limit", () => {
    const megabyte = gzipSync(Buffer.alloc(1024 * 1024, " "));
    const bomb = Buffer.concat(Array.from({ length: MAX_TEXT_BYTES / 1024 / 1024 + 1 }, () => megabyte));
    expect(bomb.length).toBeLessThan(1024 * 1024);
    expect(decode(bomb)).toMatchObject({ code: "too-large", message: "decompressed, the file is larger than 500 MB" });
  });

  test("a plain file over the limit is not decoded at all", () => {
    expect(decode(new Uint8Array(MAX_TEXT_BYTES + 1))).toMatchObject({
      code: "too-large",
      message: "the file is larger than 500 MB",
    });
  });

  test("the limit leaves room in one JavaScript string", () => {
    expect(MAX_TEXT_BYTES).toBeLessThan(0x1fff_ffe8); // V8's longest string
  });
});
