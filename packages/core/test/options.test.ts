import { describe, expect, it } from "vitest";
import { DEFAULT_OPTIONS, type RefinementOptions, optionsOf, optionsText } from "../src/refine/options.ts";

const OPTIONS: RefinementOptions = {
  granularity: "word",
  services: [
    ["ec2", "exact"],
    ["s3", "exact"],
  ],
  keptSids: ["Break", "keep"],
};
const TEXT = '{"granularity":"word","services":[["ec2","exact"],["s3","exact"]],"keptSids":["Break","keep"]}';

describe("the text of options", () => {
  it("is one for all that say the same: sorted, each once, services folded and only where they differ from the default", () => {
    expect(optionsText(OPTIONS)).toBe(TEXT);
    const same: RefinementOptions = {
      keptSids: ["keep", "Break", "keep"],
      services: [
        ["S3", "word"],
        ["s3", "exact"],
        ["sqs", "word"],
        ["EC2", "exact"],
      ],
      granularity: "word",
    };
    expect(optionsText(same)).toBe(TEXT);
    expect(optionsText(DEFAULT_OPTIONS)).toBe('{"granularity":"word","services":[],"keptSids":[]}');
  });

  it("tells apart what differs in anything, the case of a Sid too", () => {
    const others: readonly RefinementOptions[] = [
      { ...OPTIONS, granularity: "exact" },
      { ...OPTIONS, services: [["s3", "exact"]] },
      { ...OPTIONS, keptSids: ["Break", "Keep"] },
      { ...OPTIONS, keptSids: [] },
    ];
    expect(new Set([OPTIONS, ...others].map(optionsText)).size).toBe(5);
  });

  it("is read back", () => {
    expect(optionsOf(TEXT)).toEqual(OPTIONS);
    expect(optionsOf(optionsText(DEFAULT_OPTIONS))).toEqual(DEFAULT_OPTIONS);
  });

  it.each([
    "",
    "{",
    "null",
    "[]",
    '"word"',
    '{"granularity":"word","services":[]}',
    '{"granularity":"coarse","services":[],"keptSids":[]}',
    '{"granularity":"word","services":[["s3","coarse"]],"keptSids":[]}',
    '{"granularity":"word","services":[["s3","word"]],"keptSids":[]}',
    '{"granularity":"word","services":[["S3","exact"]],"keptSids":[]}',
    '{"granularity":"word","services":[["s3","exact"],["ec2","exact"]],"keptSids":[]}',
    '{"granularity":"word","services":[["s3","exact"],["s3","exact"]],"keptSids":[]}',
    '{"granularity":"word","services":[["s3","exact",1]],"keptSids":[]}',
    '{"granularity":"word","services":["s3"],"keptSids":[]}',
    '{"granularity":"word","services":[[3,"exact"]],"keptSids":[]}',
    '{"granularity":"word","services":{},"keptSids":[]}',
    '{"granularity":"word","services":[],"keptSids":["b","a"]}',
    '{"granularity":"word","services":[],"keptSids":["a","a"]}',
    '{"granularity":"word","services":[],"keptSids":[1]}',
    '{"granularity":"word","services":[],"keptSids":"a"}',
    '{"granularity":"word","keptSids":[],"services":[]}',
    '{"granularity":"word","services":[],"keptSids":[],"more":1}',
    ' {"granularity":"word","services":[],"keptSids":[]}',
  ])("is not read where it is another: %s", (text) => {
    expect(optionsOf(text)).toBeUndefined();
  });
});
