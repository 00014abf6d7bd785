import { describe, expect, it } from "vitest";
import { unusedOf } from "../src/unused/unused.ts";
import { protectionOf, withoutProtected } from "../src/usage/protect.ts";
import { catalogOf } from "./catalog.ts";

const trie = catalogOf(["s3:GetObject", "s3:GetObjectAcl", "s3:ListBucket", "s3:PutObject", "sqs:SendMessage"]);

function left(
  patterns: readonly string[],
  ...lines: Parameters<typeof unusedOf>[0] extends Iterable<infer L> ? L[] : never
): unknown {
  return withoutProtected(trie, unusedOf(lines), protectionOf(trie, patterns));
}

describe("protected actions", () => {
  it("are not unused, whatever is reported and in whatever case", () => {
    expect(left(["S3:get*"], { service: "s3", actions: ["GetObject", "PutObject"] })).toEqual(
      unusedOf([{ service: "s3", actions: ["PutObject"] }]),
    );
    expect(left(["*"], { service: "s3", actions: ["GetObject"] }, { service: "sqs", actions: null })).toEqual([]);
  });

  it("that the catalog lacks are protected by name too", () => {
    expect(left(["s3:Get*"], { service: "s3", actions: ["GetSomethingNew"] })).toEqual([]);
  });

  it("in a service that is unused whole leave the catalog's other actions unused, by name", () => {
    expect(left(["s3:Get*"], { service: "s3", actions: null })).toEqual(
      unusedOf([{ service: "s3", actions: ["ListBucket", "PutObject"] }]),
    );
  });

  it("keep what is excepted from a whole service excepted", () => {
    const unused = [{ service: "s3", whole: true, names: ["putobject"] }];
    expect(withoutProtected(trie, unused, protectionOf(trie, ["s3:Get*"]))).toEqual(
      unusedOf([{ service: "s3", actions: ["ListBucket"] }]),
    );
  });

  it("of other services leave a whole service whole", () => {
    expect(left(["sqs:*", "s:*"], { service: "s3", actions: null })).toEqual(
      unusedOf([{ service: "s3", actions: null }]),
    );
  });

  it("reach into a service by a wildcard before the colon", () => {
    expect(left(["*:Get*"], { service: "s3", actions: null })).toEqual(
      unusedOf([{ service: "s3", actions: ["ListBucket", "PutObject"] }]),
    );
    expect(left(["*Message"], { service: "sqs", actions: null })).toEqual([]);
  });

  it("of a service that the catalog lacks leave nothing of it unused: nobody knows its other actions", () => {
    expect(left(["new:Get*"], { service: "new", actions: null })).toEqual([]);
  });

  it("by several patterns, each for itself; the first action of the catalog can be excepted too", () => {
    expect(
      left(["s3:GetObject", "s3:Put*", "sqs:*"], { service: "s3", actions: ["GetObject", "ListBucket", "PutObject"] }),
    ).toEqual(unusedOf([{ service: "s3", actions: ["ListBucket"] }]));
    const unused = [{ service: "s3", whole: true, names: ["getobject", "nosuchaction"] }];
    expect(withoutProtected(trie, unused, protectionOf(trie, ["s3:Put*", "sqs:*"]))).toEqual(
      unusedOf([{ service: "s3", actions: ["GetObjectAcl", "ListBucket"] }]),
    );
  });

  it("none: U stays the same object", () => {
    const unused = unusedOf([{ service: "s3", actions: null }]);
    expect(withoutProtected(trie, unused, protectionOf(trie, []))).toBe(unused);
  });
});
