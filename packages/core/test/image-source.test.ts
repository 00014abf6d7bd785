import { describe, expect, it } from "vitest";
import { type ImageSource, buildImage } from "../src/trie/builder.ts";
import { HEADER, checksumOf, slotCount } from "../src/trie/layout.ts";
import { CatalogTrie } from "../src/trie/trie.ts";
import { catalogOf, sourceOf } from "./catalog.ts";

const SMALL = sourceOf(["s3:GetObject", "s3:PutObject", "kms:Decrypt"]);

function levelOf(level: number): Partial<ImageSource> {
  return { actions: [{ action: "s3:GetObject", level }] };
}

/** The small image with some header words added to, under a right checksum. */
function changed(more: Partial<Record<keyof typeof HEADER, number>>): ArrayBufferLike {
  const image = buildImage(SMALL);
  const words = new Uint32Array(image);
  for (const [word, by] of Object.entries(more)) words[HEADER[word as keyof typeof HEADER]]! += by; // a word of the header
  words[HEADER.checksum] = checksumOf(image);
  return image;
}

describe("a source is refused, by name,", () => {
  const digits = "0".repeat(64);
  it.each<[string, Partial<ImageSource>, string]>([
    ["for a level below a byte", levelOf(-1), "the level of `s3:GetObject` is no byte: -1"],
    ["for a level above a byte", levelOf(256), "the level of `s3:GetObject` is no byte: 256"],
    ["for a level that is no number", levelOf(Number.NaN), "the level of `s3:GetObject` is no byte: NaN"],
    ["for a label that begins with no ASCII", { label: "\u00e4-2024" }, "the label is not printable ASCII"],
    ["for a label that ends with no ASCII", { label: "2024-\u00e4" }, "the label is not printable ASCII"],
    ["for a label of two lines", { label: "a\nb" }, "the label is not printable ASCII"],
    [
      "for a hash with a digit too many",
      { contentHash: `${digits}0` },
      "the content hash is not 64 hexadecimal digits",
    ],
    [
      "for a hash behind something else",
      { contentHash: `g${digits}` },
      "the content hash is not 64 hexadecimal digits",
    ],
  ])("%s", (_, change, message) => {
    expect(() => buildImage({ ...SMALL, ...change })).toThrow(new Error(message));
  });
});

describe("an image", () => {
  it("is as long as its sections, rounded up to whole words", () => {
    const [actions, services, slots, labelBytes] = [3, 2, 8, 4];
    const nodes = ["kms:", "s3:", "s3:Get", "s3:Put"].length;
    const words = 32 + (actions + 1) + 2 * (services + 1) + 5 * nodes + slots;
    const nameBytes = "s3:GetObject".length + "s3:PutObject".length + "kms:Decrypt".length;
    const bytes = actions + 2 * nameBytes + "s3kms".length + labelBytes;
    expect(buildImage(SMALL).byteLength).toBe(4 * (words + Math.ceil(bytes / 4)));
  });

  it("has a table of as many slots as keep it at most half full, a power of two", () => {
    expect([0, 1, 2, 3, 4, 5, 8, 9].map(slotCount)).toEqual([1, 2, 4, 8, 8, 16, 16, 32]);
  });

  it("is refused, in words, for what it starts with, for its sizes and for its checksum", () => {
    expect(() => new CatalogTrie(changed({ magic: 1 }))).toThrow("the buffer does not start as a catalog image does");
    expect(() => new CatalogTrie(changed({ nodes: 1 }))).toThrow("the image's sizes do not add up to its length");
    const damaged = buildImage(SMALL);
    new Uint8Array(damaged)[damaged.byteLength - 8]! ^= 1; // inside
    expect(() => new CatalogTrie(damaged)).toThrow(
      expect.objectContaining({ code: "image-damaged", message: "the image's checksum is wrong" }),
    );
  });

  it("is refused for a table of another size, though the nodes make up for it", () => {
    expect(() => new CatalogTrie(changed({ nodes: 1, slots: -5 }))).toThrow(
      expect.objectContaining({ code: "image-damaged", message: "the image's sizes do not add up to its length" }),
    );
  });

  it("has a checksum that each of its words but its own goes into", () => {
    const image = buildImage(SMALL);
    const words = new Uint32Array(image);
    const right = checksumOf(image);
    const alike: number[] = [];
    for (let i = 0; i < words.length; i++) {
      words[i]! ^= 0x0100_0000; // i is inside
      if (checksumOf(image) === right) alike.push(i);
      words[i]! ^= 0x0100_0000; // and back
    }
    expect(alike).toEqual([HEADER.checksum]);
  });
});

it("a name without a colon is no action, though what stands before its last letter is a service", () => {
  expect(catalogOf(["ab:abc"]).find("abc")).toBe(-1);
});
