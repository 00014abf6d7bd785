import { describe, expect, it } from "vitest";
import { knownDocument } from "../src/shard/known-documents.ts";

const text = (name: string, more = 0): string =>
  JSON.stringify({ Statement: { Effect: "Allow", Action: `s3:${name}`, Resource: "x".repeat(more) } });

describe("a known document", () => {
  it("is what its text says, and the same object when it is asked for again", () => {
    const first = knownDocument(text("GetObject"));
    expect(first).toEqual(JSON.parse(text("GetObject")));
    expect(knownDocument(text("GetObject"))).toBe(first);
    expect(knownDocument(text("PutObject"))).toEqual(JSON.parse(text("PutObject")));
  });

  it("stays as long as it is asked for now and then, and goes otherwise", () => {
    const used = knownDocument(text("Used"));
    const left = knownDocument(text("Left"));
    for (let i = 0; i < 12; i++) {
      expect(knownDocument(text(`Large${i}`, 1_000_000))).toEqual(JSON.parse(text(`Large${i}`, 1_000_000)));
      expect(knownDocument(text("Used"))).toBe(used);
    }
    expect(knownDocument(text("Left"))).not.toBe(left);
    expect(knownDocument(text("Left"))).toEqual(left);
  });

  it("may be larger than all that is kept", () => {
    const huge = text("Huge", 5_000_000);
    expect(knownDocument(huge)).toEqual(JSON.parse(huge));
    expect(knownDocument(text("Small"))).toEqual(JSON.parse(text("Small")));
  });
});
