import { describe, expect, it } from "vitest";
import { type ImageSource, buildImage } from "../src/trie/builder.ts";
import { HEADER, checksumOf } from "../src/trie/layout.ts";
import { CatalogTrie, ImageError } from "../src/trie/trie.ts";
import { sourceOf } from "./catalog.ts";

const SMALL = sourceOf(["s3:GetObject", "s3:PutObject", "kms:Decrypt"]);

function codeOf(buffer: ArrayBufferLike): string {
  try {
    return `opened with ${new CatalogTrie(buffer).actionCount} actions`;
  } catch (error) {
    return error instanceof ImageError ? error.code : `not an ImageError: ${String(error)}`;
  }
}

/** The small image with one header word set; `sealed` with the checksum made right again. */
function withWord(word: keyof typeof HEADER, value: number, sealed: boolean): ArrayBufferLike {
  const image = buildImage(SMALL);
  const words = new Uint32Array(image);
  words[HEADER[word]] = value;
  if (sealed) words[HEADER.checksum] = checksumOf(image);
  return image;
}

describe("what is no image is refused", () => {
  it.each([
    ["nothing", new ArrayBuffer(0)],
    ["zeros as long as a header", new ArrayBuffer(128)],
    ["less than a header", buildImage(SMALL).slice(0, 124)],
    ["a length that is no multiple of 4", buildImage(SMALL).slice(0, 131)],
    ["an image with a byte too many", Uint8Array.of(...new Uint8Array(buildImage(SMALL)), 0).buffer],
    ["another magic", withWord("magic", 0x4c57_4349, true)],
  ])("%s: not-an-image", (_, buffer) => {
    expect(codeOf(buffer)).toBe("not-an-image");
  });

  it.each([0, 2, 0x0100_0000])("layout %i: image-version", (version) => {
    expect(codeOf(withWord("version", version, true))).toBe("image-version");
  });

  it.each(["actions", "services", "nodes", "slots", "nameBytes", "serviceBytes", "labelBytes", "byteLength"] as const)(
    "a wrong number of %s, under a right checksum: image-damaged",
    (word) => {
      const right = new Uint32Array(buildImage(SMALL))[HEADER[word]]!; // the word is in the header
      for (const wrong of [
        0,
        right - 4,
        right + 4,
        2 * right + 8,
        0x0800_0000,
        0x0800_0001,
        0x4000_0000,
        0xffff_ffff,
      ]) {
        expect([wrong, codeOf(withWord(word, wrong >>> 0, true))]).toEqual([wrong, "image-damaged"]);
      }
    },
  );

  it("cut short or with words behind its end: image-damaged", () => {
    const image = new Uint8Array(buildImage(SMALL));
    expect(codeOf(image.buffer.slice(0, image.length - 4))).toBe("image-damaged");
    expect(codeOf(image.buffer.slice(0, 128))).toBe("image-damaged");
    expect(codeOf(Uint8Array.of(...image, 0, 0, 0, 0).buffer)).toBe("image-damaged");
  });

  it("with any one byte changed in any one bit", () => {
    const image = new Uint8Array(buildImage(SMALL));
    expect(codeOf(image.buffer)).toBe("opened with 3 actions");
    for (let at = 0; at < image.length; at++) {
      const code = at < 4 ? "not-an-image" : at < 8 ? "image-version" : "image-damaged";
      for (let bit = 0; bit < 8; bit++) {
        image[at]! ^= 1 << bit; // at is inside
        expect([at, bit, codeOf(image.buffer)]).toEqual([at, bit, code]);
        image[at]! ^= 1 << bit; // and back
      }
    }
  });

  it("with an ImageError that says what is wrong", () => {
    expect(() => new CatalogTrie(new ArrayBuffer(6))).toThrow(
      expect.objectContaining({ name: "ImageError", code: "not-an-image", message: "6 bytes are no catalog image" }),
    );
    expect(() => new CatalogTrie(withWord("version", 9, true))).toThrow("the image has layout 9, this program reads 1");
  });
});

function action(name: string): Partial<ImageSource> {
  return { actions: [{ action: name, level: 0 }] };
}

describe("a source that cannot be built is a bug of the caller and throws", () => {
  it.each<[string, Partial<ImageSource>, string | RegExp]>([
    ["no colon", action("s3GetObject"), /not an action name/],
    ["no service", action(":GetObject"), /not an action name/],
    ["no name", action("s3:"), /not an action name/],
    ["nothing at all", action(""), /not an action name/],
    ["a star", action("s3:Get*"), /not an action name/],
    ["a question mark", action("s3:Get?"), /not an action name/],
    ["a space", action("s3:Get Object"), /not an action name/],
    ["a character before the space", action("s3:Get\u001fObject"), /not an action name/],
    ["DEL", action("s3:Get\u007f"), /not an action name/],
    ["a letter that is not ASCII", action("s3:G\u00e9t"), /not an action name/],
    ["a service that is not listed", action("s4:GetObject"), "the service of `s4:GetObject` is not listed"],
    ["a service with a colon", { services: ["s3", "kms", "a:b"] }, /not a service prefix: "a:b"/],
    ["a service with a star", { services: ["s3", "kms", "s*"] }, /not a service prefix/],
    ["an empty service", { services: ["s3", "kms", ""] }, /not a service prefix/],
    ["a service twice", { services: ["s3", "kms", "S3"] }, /a service stands twice/],
    ["a short hash", { contentHash: "ab".repeat(31) }, /64 hexadecimal digits/],
    ["no hash", { contentHash: "" }, /64 hexadecimal digits/],
    ["a hash with another letter", { contentHash: `${"0".repeat(63)}g` }, /64 hexadecimal digits/],
    ["a hash with a sign", { contentHash: `-${"0".repeat(63)}` }, /64 hexadecimal digits/],
    ["a hash with a point", { contentHash: `0.${"0".repeat(62)}` }, /64 hexadecimal digits/],
  ])("%s", (_, change, message) => {
    expect(() => buildImage({ ...SMALL, ...change })).toThrow(message);
  });

  it("an action twice, in whatever case", () => {
    const actions = ["s3:GetObject", "kms:Decrypt", "s3:GETObject"].map((name) => ({ action: name, level: 0 }));
    expect(() => buildImage({ ...SMALL, actions })).toThrow(/the action `s3:get\w+` stands twice/i);
  });

  it("every printable ASCII character that is neither wildcard nor colon may stand in a name", () => {
    const printable = Array.from({ length: 0x7e - 0x20 }, (_, i) => String.fromCharCode(0x21 + i)).join("");
    const name = `s3:${printable.replace(/[*?]/g, "")}`;
    const image = buildImage(sourceOf([name]));
    expect(new CatalogTrie(image).name(0)).toBe(name);
  });
});
