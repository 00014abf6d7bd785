import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Evidence } from "@leastwise/core";
import { afterAll, describe, expect, test } from "vitest";
import { readEvidence, readLargeLines } from "../src/index.ts";
import { assumedRole, record } from "./cloudtrail-samples.ts";
import { ACCOUNT, ROLE_ARN, places } from "./samples.ts";

const folder = mkdtempSync(join(tmpdir(), "leastwise-lines-"));
afterAll(() => rmSync(folder, { recursive: true }));

async function readLines(content: string | Uint8Array): Promise<Evidence> {
  const path = join(folder, "records.jsonl");
  writeFileSync(path, content);
  return readLargeLines(path);
}

const LINES = Array.from({ length: 5000 }, (_, n) =>
  JSON.stringify(
    record({
      userIdentity: assumedRole(`arn:aws:iam::${ACCOUNT}:role/app/role-${n % 7}`),
      eventName: n % 3 === 0 ? "GetObject" : "ListObjects",
      requestParameters: { key: "ünïcödé ".repeat(n % 50) },
      ...(n % 11 === 0 ? { errorCode: "AccessDenied" } : {}),
    }),
  ),
);

describe("a file of lines, read a line at a time", () => {
  test.each<[string, (text: string) => string | Uint8Array]>([
    ["plain", (text) => text],
    ["gzipped", (text) => gzipSync(text)],
    [
      "of several gzip members, as joined files are",
      (text) => Buffer.concat([gzipSync(text.slice(0, 9999)), gzipSync(text.slice(9999))]),
    ],
    ["without a newline at the end", (text) => text.trimEnd()],
    ["with Windows's line ends", (text) => text.replaceAll("\n", "\r\n")],
    ["with empty lines and a byte order mark", (text) => `\uFEFF${text.replaceAll("\n", "\n\n \n")}`],
  ])("%s: the same as read whole", async (_, write) => {
    const content = write(`${LINES.join("\n")}\n`);
    const whole = readEvidence(join(folder, "records.jsonl"), Buffer.from(content));
    expect(whole.events.length).toBe(14);
    expect(await readLines(content)).toEqual(whole);
  });

  test("lines of all forms, and lists of them", async () => {
    const lines = [{ Records: [record(), 5] }, [record(), { arn: ROLE_ARN, unused: [] }], [1, 2]];
    const evidence = await readLines(lines.map((line) => JSON.stringify(line)).join("\n"));
    expect(evidence).toMatchObject({
      kinds: ["CloudTrail records", "list of unused actions"],
      events: [{ events: 2 }],
    });
    expect(places(evidence)).toEqual(["unrecognised-input at line 3", "wrong-shape at line 1/Records/1"]);
  });

  test("a bad line costs itself, and says which", async () => {
    const line = JSON.stringify(record());
    const bad = Buffer.from([0xc3, 0x28, 0x0a]);
    const evidence = await readLines(
      Buffer.concat([Buffer.from(`${line}\n{"a":\nnot json\n`), bad, Buffer.from(`${line}\n${line.slice(0, 99)}`)]),
    );
    expect(evidence.events).toMatchObject([{ events: 2 }]);
    expect(places(evidence)).toEqual([
      "truncated-json at line 2",
      "not-json at line 3",
      "not-utf8 at line 4",
      "truncated-json at line 6",
    ]);
  });

  test("a hundred thousand bad lines are a thousand diagnostics and one with the number of the others", async () => {
    const { diagnostics } = await readLines("x\n{}\n".repeat(50_000));
    expect(diagnostics.length).toBe(1001);
    expect(diagnostics.at(-1)?.message).toContain("99000 more");
  });

  test("a line of more than 64 MB is left out, what stands around it is not", async () => {
    const line = JSON.stringify(record());
    const evidence = await readLines(gzipSync(`${line}\n${"x".repeat(70 * 1024 * 1024)}\n${line}\n`));
    expect(evidence.events).toMatchObject([{ events: 2 }]);
    expect(places(evidence)).toEqual(["too-large at line 2"]);
  });

  test("a cut gzip stream gives what stands before the cut", async () => {
    const file = gzipSync(`${LINES.join("\n")}\n`);
    const evidence = await readLines(file.subarray(0, Math.floor(file.length / 2)));
    expect(evidence.events.length).toBeGreaterThan(0);
    expect(evidence.diagnostics.map(({ code }) => code)).toContain("damaged-gzip");
  });

  test.each([
    ["an empty file", ""],
    ["blank lines", "\n \n\n"],
    ["an empty gzip file", gzipSync("")],
  ])("%s", async (_, content) => {
    expect(places(await readLines(content))).toEqual(["empty-file at "]);
  });

  test("a file that is not there is the system's error", async () => {
    await expect(readLargeLines(join(folder, "nothing.jsonl"))).rejects.toThrow(/ENOENT/);
  });
});
