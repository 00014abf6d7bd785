import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { type Catalog, CatalogError, accessLevel, imageOf, loadCatalog, openCatalog } from "../src/index.ts";

const folder = mkdtempSync(join(tmpdir(), "leastwise-catalog-"));
afterAll(() => rmSync(folder, { recursive: true }));

function load(content: unknown, name = "catalog.json"): Catalog {
  const path = join(folder, name);
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return loadCatalog(path);
}

function actionsOf({ trie }: Catalog): readonly string[] {
  return Array.from({ length: trie.actionCount }, (_, id) => trie.name(id));
}

function failure(content: unknown): unknown {
  try {
    return load(content);
  } catch (error) {
    return error;
  }
}

describe("the plain form", () => {
  test("services with their actions, sorted; nothing is known of levels or dates", () => {
    const catalog = load({ sqs: ["SendMessage"], s3: ["PutObject", "GetObject"], "execute-api": ["Invoke"], a4b: [] });
    expect(actionsOf(catalog)).toEqual(["execute-api:Invoke", "s3:GetObject", "s3:PutObject", "sqs:SendMessage"]);
    expect(catalog).toMatchObject({ source: "file catalog.json", date: "" });
    expect(catalog.trie.serviceCount).toBe(4);
    expect(accessLevel(catalog.trie, 0)).toBe("Unknown");
  });

  test("a service may say the access levels of its actions", () => {
    const { trie } = load({ s3: { Write: ["PutObject"], Read: ["GetObject"] }, sqs: ["SendMessage"], sns: {} });
    const levels = Array.from({ length: trie.actionCount }, (_, id) => [trie.name(id), accessLevel(trie, id)]);
    expect(levels).toEqual([
      ["s3:GetObject", "Read"],
      ["s3:PutObject", "Write"],
      ["sqs:SendMessage", "Unknown"],
    ]);
    expect(trie.serviceCount).toBe(3);
  });

  test("an action with two levels has the first", () => {
    const { trie } = load({ s3: { Write: ["PutObject"], Read: ["putobject"] } });
    expect([trie.actionCount, trie.name(0), accessLevel(trie, 0)]).toEqual([1, "s3:PutObject", "Write"]);
  });

  test("its file may have any name", () => {
    expect(load({ s3: ["GetObject"] }, "größe 2026.json").source).toBe("file gr??e 2026.json");
  });

  test("a name that stands twice counts once, spelled as the first time", () => {
    expect(actionsOf(load({ s3: ["GetObject", "getobject", "GetObject"] }))).toEqual(["s3:GetObject"]);
    expect(actionsOf(load({ S3: ["GetObject"], s3: ["GETOBJECT", "PutObject"] }))).toEqual([
      "S3:GetObject",
      "S3:PutObject",
    ]);
    expect(load({ S3: ["GetObject"], s3: ["PutObject"] }).trie.serviceCount).toBe(1);
  });

  test("is found in any case", () => {
    const { trie } = load({ S3: ["GetObject"] });
    for (const action of ["s3:GetObject", "S3:GETOBJECT", "s3:getobject"]) expect(trie.find(action)).toBe(0);
    expect(trie.find("s3:GetObjec")).toBe(-1);
  });

  test("the same actions in another order are the same catalog", () => {
    expect(load({ sqs: ["SendMessage"], s3: ["PutObject", "GetObject"] }).sha256).toBe(
      load({ s3: ["GetObject", "PutObject"], sqs: ["SendMessage"] }).sha256,
    );
  });

  test("it is named by its content: the same as a source of the same actions", () => {
    const image = imageOf({
      source: "elsewhere",
      date: "2026-01-01",
      services: ["s3"],
      actions: [{ action: "s3:GetObject", accessLevel: "Unknown" }],
    });
    expect(load({ s3: ["GetObject"] }).sha256).toBe(openCatalog(image).sha256);
  });

  test("names that JavaScript objects have of their own are names like others", () => {
    expect(actionsOf(load('{"__proto__": ["constructor"], "toString": ["valueOf"]}'))).toEqual([
      "__proto__:constructor",
      "toString:valueOf",
    ]);
  });
});

describe("what is no catalog", () => {
  test.each([
    ["no JSON", "{", "catalog-unreadable"],
    ["an empty file", "", "catalog-unreadable"],
    ["a list", [], "catalog-shape"],
    ["null", "null", "catalog-shape"],
    ["text", '"s3"', "catalog-shape"],
    ["a service whose actions are no list", { s3: "GetObject" }, "catalog-shape"],
    ["a service with null", { s3: null }, "catalog-shape"],
    ["an access level whose actions are no list", { s3: { Read: "GetObject" } }, "catalog-shape"],
    ["an access level that is none", { s3: { Reading: ["GetObject"] } }, "catalog-name"],
    ["an access level in another case", { s3: { read: ["GetObject"] } }, "catalog-name"],
    ["a wildcard in an access level", { s3: { Read: ["Get*"] } }, "catalog-name"],
    ["no service", {}, "catalog-shape"],
    ["no action", { s3: [], sqs: [] }, "catalog-shape"],
    ["a wildcard", { s3: ["Get*"] }, "catalog-name"],
    ["a question mark", { s3: ["Get?bject"] }, "catalog-name"],
    ["a prefixed action", { s3: ["s3:GetObject"] }, "catalog-name"],
    ["a blank", { s3: ["Get Object"] }, "catalog-name"],
    ["an empty action", { s3: [""] }, "catalog-name"],
    ["a number for an action", { s3: [5] }, "catalog-name"],
    ["a list for an action", { s3: [["GetObject"]] }, "catalog-name"],
    ["an action that is not ASCII", { s3: ["Größe"] }, "catalog-name"],
    ["an empty service", { "": ["GetObject"] }, "catalog-name"],
    ["a service with a colon", { "s3:": ["GetObject"] }, "catalog-name"],
    ["a look-alike of a service: the Kelvin sign", { "\u212ams": ["Decrypt"] }, "catalog-name"],
  ])("%s", (_, content, code) => {
    const error = failure(content);
    expect(error).toBeInstanceOf(CatalogError);
    expect(error).toMatchObject({ code, hint: expect.stringMatching(/./) });
  });

  test("a file that is not there", () => {
    expect(() => loadCatalog(join(folder, "absent.json"))).toThrow(
      expect.objectContaining({ code: "catalog-unreadable", cause: expect.any(Error) }),
    );
  });

  test("a folder of plain catalogs, or without any JSON file: one catalog is one file", () => {
    const many = join(folder, "many");
    mkdirSync(many);
    const shape = expect.objectContaining({ code: "catalog-shape" }) as unknown;
    expect(() => loadCatalog(many)).toThrow(shape);
    for (const name of ["a.json", "b.json"]) writeFileSync(join(many, name), '{ "s3": ["GetObject"] }');
    expect(() => loadCatalog(many)).toThrow(shape);
  });

  test("the message names the file or the name, in lower case and without a final period", () => {
    expect(failure({ s3: ["Get*"] })).toMatchObject({ message: '"Get*" is no action of `s3`' });
    expect(failure({ "s 3": [] })).toMatchObject({ message: '"s 3" is no service prefix' });
    expect(failure([])).toMatchObject({
      message: expect.stringMatching(/^`.*catalog\.json` is no catalog of a known form$/),
    });
    expect(failure({})).toMatchObject({ message: expect.stringMatching(/^the catalog `.*` has no actions$/) });
  });
});
