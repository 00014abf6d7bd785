import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, test } from "vitest";
import { startsAsLines } from "../src/index.ts";
import { record } from "./cloudtrail-samples.ts";

const folder = mkdtempSync(join(tmpdir(), "leastwise-starts-"));
afterAll(() => rmSync(folder, { recursive: true }));

const path = join(folder, "file");
const line = JSON.stringify(record());
const pretty = JSON.stringify({ Records: [record(), record()] }, null, 2);

describe("how a file begins", () => {
  test.each<[string, string]>([
    ["records, one a line", `${line}\n`.repeat(20_000)],
    ["two lines, the second without an end", `${line}\n${line}`],
    ["a second line that is longer than what is looked at", `${line}\n${"x".repeat(2_000_000)}`],
    ["blank lines and Windows's line ends", ` \r\n\r\n${line}\r\n\r\n${line}\r\n`],
    ["a byte order mark", `\uFEFF${line}\n${line}\n`],
    ["a bad line before a good one", `# exported\n${line}\n${line}\n`],
    ["lists, one a line", `[${line}]\n[${line}]\n`],
  ])("lines: %s", async (_, text) => {
    writeFileSync(path, text);
    expect(await startsAsLines(path)).toBe(true);
    writeFileSync(path, gzipSync(text));
    expect(await startsAsLines(path), "gzipped").toBe(true);
  });

  test.each<[string, string | Uint8Array]>([
    ["a log file as S3 has it, which is one line", JSON.stringify({ Records: Array.from({ length: 5000 }, record) })],
    ["the same with a newline at its end", `${line}\n\n`],
    ["JSON over several lines", pretty],
    ["a list of one record, with its brackets on lines of their own", `[\n${line}\n]\n`],
    ["text", "a\nb\nc\n"],
    ["numbers", "1\n2\n3\n"],
    ["nothing", ""],
    ["blank lines", "\n\n\n"],
    ["UTF-16", Buffer.from(`\uFEFF${line}\n${line}\n`, "utf16le")],
    ["a first line that ends after what is looked at", `{"a":"${"x".repeat(2_000_000)}"}\n${line}\n`],
  ])("no lines: %s", async (_, content) => {
    writeFileSync(path, content);
    expect(await startsAsLines(path)).toBe(false);
    writeFileSync(path, gzipSync(content));
    expect(await startsAsLines(path), "gzipped").toBe(false);
  });

  test("a first line of any length is seen where one looks so far", async () => {
    writeFileSync(path, `{"a":"${"x".repeat(2_000_000)}"}\n${line}\n`);
    expect(await startsAsLines(path, 3_000_000)).toBe(true);
  });

  test("a damaged gzip stream tells by what stands before the damage", async () => {
    const whole = gzipSync(
      Array.from({ length: 2000 }, (_, n) => JSON.stringify(record({ eventID: `${n}` }))).join("\n"),
    );
    writeFileSync(path, whole.subarray(0, Math.floor(whole.length / 2)));
    expect(await startsAsLines(path)).toBe(true);
    writeFileSync(path, Buffer.concat([whole.subarray(0, 10), Buffer.from("no deflate")]));
    expect(await startsAsLines(path)).toBe(false);
  });

  test("a file that is not there is the system's error", async () => {
    await expect(startsAsLines(join(folder, "nothing"))).rejects.toThrow(/ENOENT/);
  });
});
