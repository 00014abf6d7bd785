/** Large files say in parts what they would say as a whole, however they are cut into chunks. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Evidence } from "@leastwise/core";
import * as fc from "fast-check";
import { isDeepStrictEqual } from "node:util";
import { afterAll, describe, expect, test } from "vitest";
import { Draft } from "../src/draft.ts";
import { readEvidence, readLargeJson, startsAsLargeJson } from "../src/index.ts";
import { record } from "./cloudtrail-samples.ts";
import { filesOf } from "./demo.ts";
import { account, finding, managedPolicy, role, withInline } from "./samples.ts";

const folder = mkdtempSync(join(tmpdir(), "leastwise-large-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const path = join(folder, "input.json");

/** All parts as one; what else was given where the file cannot be read so, which should be nothing. */
async function inParts(bytes: Uint8Array, chunkBytes?: number): Promise<Evidence | { readonly left: number }> {
  writeFileSync(path, bytes);
  const draft = new Draft(path);
  const parts = readLargeJson(path, chunkBytes);
  for (let given = 0; ; given++) {
    const next = await parts.next();
    if (next.done !== true) draft.take(next.value);
    else return next.value ? draft.finish() : { left: given };
  }
}

/** What the file says in parts where that is not what it says as a whole, for each size of chunks. */
async function disagreements(bytes: Uint8Array, ...chunkSizes: readonly number[]): Promise<readonly unknown[]> {
  const whole = readEvidence(path, bytes);
  const found: unknown[] = [];
  for (const size of chunkSizes) {
    const read = await inParts(bytes, size);
    const isLines = whole.diagnostics.some(({ pointer }) => pointer.startsWith("line ")); // which says it in its own words
    if (!isLines && !isDeepStrictEqual(read, whole)) found.push({ size, read, whole });
  }
  return found;
}

/** Whether it is only that the file cannot be read in parts. */
function isLeft(disagreement: unknown): boolean {
  return isDeepStrictEqual((disagreement as { readonly read: unknown }).read, { left: 0 }); // as `disagreements` makes them
}

const SIZES = [1, 7, 64, 1 << 20];
const CUT = {
  PolicyName: "cut",
  Arn: "arn:aws:iam::123456789012:policy/cut",
  PolicyVersionList: [{ VersionId: "v1" }],
};

const READ: Readonly<Record<string, unknown>> = {
  "an account": account({
    UserDetailList: [{ UserName: "ünï😀", Arn: "arn:aws:iam::123456789012:user/u", GroupList: ["g"] }],
    GroupDetailList: [{ GroupName: "g", Arn: "arn:aws:iam::123456789012:group/g" }, { GroupName: 1 }],
    RoleDetailList: [
      role({ AttachedManagedPolicies: [{ PolicyArn: "arn:aws:iam::aws:policy/ReadOnlyAccess" }] }),
      null,
      role({ Arn: "arn:aws:iam::210987654321:role/other", Tags: [{ Key: 1 }] }),
    ],
    Policies: [managedPolicy(), CUT, 1],
  }),
  "inline policies": withInline({ Statement: [{ Effect: "Allow", Action: ['s3:*"}]{["\\'], Resource: "*" }] }),
  "a page": account({ IsTruncated: true, Marker: "more", RoleDetailList: [role()] }),
  "a last page": { Policies: [managedPolicy()], IsTruncated: false },
  "lists that are none": { RoleDetailList: [], UserDetailList: { a: [1] }, GroupDetailList: null, Policies: "none" },
  "CloudTrail records": { Records: [record(), record({ errorCode: "AccessDenied" }), 1, record({ eventName: "\n" })] },
  "no records": { Records: [] },
  "a list of exports": [
    account({ RoleDetailList: [role()], IsTruncated: true }),
    finding(),
    1,
    { Policies: [managedPolicy()] },
  ],
  "a list of numbers": [1, 2],
  "an empty list": [],
  "unused actions": [{ serviceNamespace: "s3" }, { serviceNamespace: "sqs" }],
  "nearly unused actions": [{ serviceNamespace: "s3" }, finding()],
  "an index of service references": [{ service: "s3", url: "https://x" }],
  "two list forms": [{ service: "s3", url: "https://x" }, { serviceNamespace: "s3" }],
  "a list of findings": { findings: [{ id: "a" }], nextToken: "x" },
};
const LEFT: Readonly<Record<string, unknown>> = {
  "one finding": finding(),
  "lookup-events": { Events: [{ CloudTrailEvent: JSON.stringify(record()) }] },
  "nothing known": { a: [1] },
  "service last accessed details": { JobStatus: "COMPLETED", ServicesLastAccessed: [] },
  "list-policies": { Policies: [{ PolicyName: "a" }] },
};

describe("a file that is read in parts says the same as when it is read whole", () => {
  test.each(Object.entries(READ))("%s", async (_, value) => {
    for (const text of [
      JSON.stringify(value),
      JSON.stringify(value, undefined, 4),
      `\uFEFF\r\n${JSON.stringify(value, null, "\t")}\n`,
    ])
      expect(await disagreements(Buffer.from(text), ...SIZES)).toEqual([]);
    expect(await disagreements(gzipSync(JSON.stringify(value, undefined, 4)), 1, 64, 1 << 20)).toEqual([]);
  });

  test.each(Object.entries(LEFT))("or is left to be read whole: %s", async (_, value) => {
    expect(await inParts(Buffer.from(JSON.stringify(value)))).toEqual({ left: 0 });
  });

  test("of the demo organization", async () => {
    const files = filesOf("");
    expect(files.length).toBeGreaterThan(3);
    const found: unknown[] = [];
    for (const file of files) found.push(...(await disagreements(readFileSync(file), 100, 1 << 20)));
    expect(found.filter((one) => !isLeft(one))).toEqual([]);
  });

  test("where a name stands twice: the last counts", async () => {
    const details = JSON.stringify(account({ RoleDetailList: [role()] })).slice(1, -1);
    const texts = [
      `{"RoleDetailList":[1,2],${details}}`,
      `{${details},"RoleDetailList":[{}],"IsTruncated":true,"IsTruncated":false}`,
      `{"Records":[1,2],"Records":[${JSON.stringify(record())}]}`,
      `{"Records":[1,2],"Records":7,${details}}`,
      `{"__proto__":{"Records":[]},${details}}`,
    ];
    for (const text of texts) expect(await disagreements(Buffer.from(text), 1, 1000)).toEqual([]);
  });

  test("in more parts than one, in which nothing is missing and nothing is said twice", async () => {
    const roles = Array.from({ length: 9000 }, (_, n) =>
      role({ Arn: `arn:aws:iam::123456789012:role/r${n}`, RoleName: `r${n}` }),
    );
    const bytes = Buffer.from(
      JSON.stringify(account({ RoleDetailList: roles, Policies: [managedPolicy()] }), undefined, 4),
    );
    writeFileSync(path, bytes);
    const parts: Evidence[] = [];
    for await (const part of readLargeJson(path)) parts.push(part);
    expect(parts.length).toBeGreaterThan(2);
    expect(parts.flatMap(({ principals }) => principals)).toEqual(readEvidence(path, bytes).principals);
    expect(parts.flatMap(({ exportPages }) => exportPages)).toEqual(readEvidence(path, bytes).exportPages);
  });
});

describe("a file that is no JSON costs itself, with the same place", () => {
  const text = JSON.stringify(
    account({ UserDetailList: [{ UserName: "ü😀", Arn: "arn:aws:iam::123456789012:user/u" }], IsTruncated: false }),
    undefined,
    1,
  );
  const bytes = Buffer.from(text);

  test("cut at any byte", async () => {
    for (let end = 1; end < bytes.length; end++) {
      const cut = bytes.subarray(0, end);
      expect(await disagreements(cut, 1 << 20)).toEqual([]);
    }
  });

  test("with any byte taken out or put in", async () => {
    const bytesPutIn = [...Buffer.from('{}[],:"\\1tx \u0001'), 0xff, 0xc3];
    const spoiled = fc
      .tuple(fc.nat(bytes.length - 1), fc.integer({ min: 0, max: 1 }), fc.constantFrom(...bytesPutIn), fc.boolean())
      .map(([at, taken, byte, isPutIn]) =>
        Buffer.concat([bytes.subarray(0, at), isPutIn ? Buffer.of(byte) : Buffer.of(), bytes.subarray(at + taken)]),
      );
    await fc.assert(
      fc.asyncProperty(spoiled, fc.constantFrom(2, 50, 1 << 20), async (file, size) => {
        expect((await disagreements(file, size)).filter((one) => !isLeft(one))).toEqual([]);
      }),
      { numRuns: 500, seed: 20_261_122 },
    );
  });

  test("that is two exports one after the other", async () => {
    expect(await disagreements(Buffer.concat([bytes, bytes]), 5, 1000)).toEqual([]);
    const line = Buffer.from(`${JSON.stringify(JSON.parse(text))}\n`);
    expect(await disagreements(Buffer.concat([line, line]), 5, 1000)).toEqual([]);
  });

  test("and nothing of it is said, however much comes before the place", async () => {
    const roles = Array.from({ length: 9000 }, () => JSON.stringify(role())).join();
    const bytesOfAll = Buffer.from(`{"RoleDetailList":[${roles}],"Policies":[}`);
    expect(await disagreements(bytesOfAll, 1 << 20)).toEqual([]);
    expect(await inParts(bytesOfAll)).toMatchObject({ principals: [], diagnostics: [{ code: "not-json" }] });
  });

  test("with a damaged gzip stream", async () => {
    const zipped = gzipSync(text);
    expect(await disagreements(zipped.subarray(0, -20), 1 << 20)).toEqual([]);
    expect(await inParts(zipped.subarray(0, -20))).toMatchObject({ diagnostics: [{ code: "damaged-gzip" }] });
  });

  test("with an item that is longer than what is held", async () => {
    const long = Buffer.from(`{"RoleDetailList":[{},"${"x".repeat(65 * 1024 * 1024)}"]}`);
    const read = await inParts(long);
    const message = "a value at byte 22 has more than 64 MB";
    expect(read).toMatchObject({ principals: [], diagnostics: [{ code: "too-large", message, pointer: "" }] });
  });

  const half = "x".repeat(33 * 1024 * 1024);
  test.each([
    ["values", `{"a":"${half}","b":"${half}","RoleDetailList":[]}`],
    ["names", `{"${half}1":0,"RoleDetailList":[],"${half}2":[]}`],
  ])("with more beside its lists than what is held: %s", async (_, crowded) => {
    const message = "its values beside its lists have more than 64 MB";
    expect(await inParts(Buffer.from(crowded))).toMatchObject({
      diagnostics: [{ code: "too-large", message, pointer: "" }],
    });
  });

  test("that began like one that is read in parts and is none, if it is more than what is held", async () => {
    const other = `{"findings":[],"Events":[{"CloudTrailEvent":""}]${" ".repeat(65 * 1024 * 1024)}}`;
    const message = "the file cannot be read in parts and has more than 64 MB";
    expect(await inParts(Buffer.from(other))).toMatchObject({
      diagnostics: [{ code: "too-large", message, pointer: "" }],
    });
    expect(await inParts(Buffer.from(other.slice(0, -2 * 1024 * 1024) + "}"))).toEqual({ left: 0 });
  });
});

describe("a file is looked at to see whether it is read in parts", () => {
  test.each([
    ["an account", JSON.stringify(READ["an account"]), true],
    [
      "an account with something before its lists",
      '{"ResponseMetadata":{"a":[1]},"IsTruncated":false,"RoleDetailList":[',
      true,
    ],
    ["an account's policies", '{"Policies":[{"PolicyName":"a"},{"PolicyName":"b","PolicyVersionList":[]}', true],
    ["what list-policies gives", '{"Policies":[{"PolicyName":"a"}]}', false],
    ["policies that tell nothing before other lists", '{"Policies":[{}],"RoleDetailList":[', true],
    ["a list", " [1", true],
    ["a broken account", '{"IsTruncated":fals,"Policies":[', false],
    ["one finding", JSON.stringify(finding()), false],
    ["no JSON", "user,arn", false],
    ["nothing", "", false],
    ["an account behind more than a megabyte", `{"a":"${"x".repeat(3 << 20)}","b":1,"Policies":[]}`, false],
  ])("%s", async (_, text, expected) => {
    for (const bytes of [Buffer.from(text), gzipSync(text)]) {
      writeFileSync(path, bytes);
      expect(await startsAsLargeJson(path)).toBe(expected);
    }
  });
});
