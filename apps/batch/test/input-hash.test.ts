import { createHash } from "node:crypto";
import { appendFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import hashFiles from "../dist/workers/hash-files.js";
import { sha256OfFolder, sha256WhileSame } from "../dist/workers/input-hash.js";
import readFiles from "../dist/workers/read-files.js";
import { readInParts } from "../dist/workers/read-large-file.js";
import { temporaryFolder, write } from "./leastwise.ts";

const folder = temporaryFolder();
const list = '{"arn": "arn:aws:iam::123456789012:role/web", "unused": []}\n';
const one = write(folder, "one.jsonl", list.repeat(3));
const store = "data/aws/aws/accounts/123456789012/iam/role/web";
const parts = ["metadata.json", "inline-policies.json"].map((name) => write(folder, `${store}/${name}`, { name }));
const known = createHash("sha256").update(list.repeat(3)).digest("hex");

test("a file has the hash of its bytes, whoever asks", async () => {
  const files = [one, { path: join(folder, store), parts }, join(folder, "missing.json"), folder];
  const hashed = hashFiles({ files });
  expect(hashed).toEqual([known, expect.stringMatching(/^[\da-f]{64}$/), null, null]);
  const { files: read } = await readFiles({ files });
  expect(read.map(({ sha256 }) => sha256 ?? null)).toEqual(hashed);
  for await (const part of readInParts({ path: one })) expect(part.files.map(({ sha256 }) => sha256)).toEqual([known]);
});

/** The hash of a folder with files of these names, all alike. */
function named(...names: readonly string[]): string | undefined {
  return sha256OfFolder(names.map((path) => ({ path, sha256: known })));
}

test("a folder's says what its files are called", () => {
  expect(named("a/x.json")).toBe(named("b/x.json"));
  expect(named("a/x.json")).not.toBe(named("a/y.json"));
  expect(named("a/x.json")).not.toBe(named("a/x.json", "a/y.json"));
  expect(sha256OfFolder([{ path: "a/x.json", sha256: undefined }])).toBeUndefined();
});

test("a file that somebody writes to while it is read has none", () => {
  const growing = write(folder, "growing.jsonl", list);
  const sha256 = sha256WhileSame(growing);
  expect(sha256()).toMatch(/^[\da-f]{64}$/);
  appendFileSync(growing, list);
  expect(sha256()).toBeUndefined();
});

test("nor one of the same length whose date is set back, nor one that is gone", () => {
  const path = write(folder, "set-back.jsonl", list);
  utimesSync(path, 1, 1);
  const sha256 = sha256WhileSame(path);
  expect(sha256()).toMatch(/^[\da-f]{64}$/);
  const { ctimeNs } = statSync(path, { bigint: true });
  writeFileSync(path, list.replace("web", "ops"));
  do utimesSync(path, 1, 1);
  while (statSync(path, { bigint: true }).ctimeNs === ctimeNs); // the system's clock for files goes in steps
  expect(sha256()).toBeUndefined();
  const gone = sha256WhileSame(path);
  rmSync(path);
  expect(gone()).toBeUndefined();
});
