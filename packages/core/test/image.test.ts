import { describe, expect, it } from "vitest";
import { type ImageSource, buildImage } from "../src/trie/builder.ts";
import { HEADER, checksumOf } from "../src/trie/layout.ts";
import { CatalogTrie, ImageError } from "../src/trie/trie.ts";
import { isMutationRun, sourceOf } from "./catalog.ts";

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

  it("cut short anywhere", () => {
    const image = buildImage(SMALL);
    for (let length = 0; length < image.byteLength; length++) {
      const code = length < 128 || length % 4 !== 0 ? "not-an-image" : "image-damaged";
      expect([length, codeOf(image.slice(0, length))]).toEqual([length, code]);
    }
  });

  it.each([
    ["zeros", () => 0],
    ["itself again", (at: number) => new Uint8Array(buildImage(SMALL))[at] ?? 0],
  ])("followed by %s", (_, byteAt) => {
    const image = new Uint8Array(buildImage(SMALL));
    for (let more = 1; more <= (isMutationRun ? 8 : image.length); more++) {
      const longer = Uint8Array.of(...image, ...Array.from({ length: more }, (__, at) => byteAt(at)));
      expect([more, codeOf(longer.buffer)]).toEqual([more, more % 4 === 0 ? "image-damaged" : "not-an-image"]);
    }
  });

  it("moved within its buffer, as a slice of a pool is", () => {
    const image = new Uint8Array(buildImage(SMALL));
    for (let before = 1; before <= 64; before++) {
      for (const length of [image.length, image.length + before]) {
        const moved = new Uint8Array(length);
        moved.set(image.subarray(0, length - before), before);
        expect([before, codeOf(moved.buffer)]).toEqual([before, "not-an-image"]);
      }
    }
  });

  it("written in the other byte order", () => {
    const image = buildImage(SMALL);
    const view = new DataView(image as ArrayBuffer); // made without an allocator
    for (let at = 0; at < image.byteLength; at += 4) view.setUint32(at, view.getUint32(at, true), false);
    expect(codeOf(image)).toBe("not-an-image");
  });

  it.skipIf(isMutationRun)("with any one byte changed to any other value", () => {
    const image = new Uint8Array(buildImage({ ...SMALL, label: "iam-data 2024-11-20" }));
    expect(codeOf(image.buffer)).toBe("opened with 3 actions");
    const taken: unknown[] = [];
    for (let at = 0; at < image.length; at++) {
      const code = at < 4 ? "not-an-image" : at < 8 ? "image-version" : "image-damaged";
      for (let change = 1; change < 256; change++) {
        image[at]! ^= change; // at is inside
        if (codeOf(image.buffer) !== code) taken.push([at, change, codeOf(image.buffer)]);
        image[at]! ^= change; // and back
      }
    }
    expect(taken).toEqual([]);
  });

  it.skipIf(isMutationRun)("with any one bit changed in an image of 300 actions", () => {
    const names = Array.from({ length: 300 }, (_, i) => `s${i % 7}:Get${i.toString(3)}Thing`);
    const image = new Uint8Array(buildImage(sourceOf(names)));
    expect(codeOf(image.buffer)).toBe("opened with 300 actions");
    let opened = 0;
    for (let bit = 0; bit < 8 * image.length; bit += bit < 1024 ? 1 : 37) {
      image[bit >> 3]! ^= 1 << (bit & 7); // inside
      opened += Number(codeOf(image.buffer).startsWith("opened"));
      image[bit >> 3]! ^= 1 << (bit & 7); // and back
    }
    expect(opened).toBe(0);
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
