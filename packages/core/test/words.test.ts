import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { wordStarts } from "../src/trie/words.ts";

/** The words of the name, so that a case reads as it is written in SEMANTICS 1. */
function wordsOf(action: string): readonly string[] {
  const starts = wordStarts(action);
  return starts.map((start, i) => action.slice(start, starts[i + 1]));
}

describe("wordStarts", () => {
  it.each([
    ["s3:GetBucketCORS", ["Get", "Bucket", "CORS"]],
    ["rds:DescribeDBClusters", ["Describe", "DB", "Clusters"]],
    ["s3:GetObject", ["Get", "Object"]],
    ["s3:PutObjectAcl", ["Put", "Object", "Acl"]],
    ["ec2:DescribeInstances", ["Describe", "Instances"]],
    ["ec2:AssociateViaAWSService-EventsAndStates", ["Associate", "Via", "AWS", "Service-", "Events", "And", "States"]],
    ["s3:ListObjectsV2", ["List", "Objects", "V2"]],
    ["route53:CreateV2Zone", ["Create", "V2", "Zone"]],
    ["iam:Get2fa", ["Get2fa"]],
    ["a:EC2", ["EC2"]],
    ["a:EC2x", ["EC2x"]],
    ["a:get-object", ["get-", "object"]],
    ["a:Get_Object_1", ["Get_", "Object_", "1"]],
    ["a:Get--Object", ["Get-", "-", "Object"]],
    ["a:-x", ["-", "x"]],
    ["a:Get~object`s@1[x{y", ["Get~", "object`", "s@", "1[", "x{", "y"]],
    ["a:X", ["X"]],
    ["a:AB", ["AB"]],
    ["a:ABc", ["A", "Bc"]],
    ["a:ABcD", ["A", "Bc", "D"]],
    ["a:invoke", ["invoke"]],
    ["a:b:c", ["b:", "c"]],
    ["execute-api:InvokeX", ["Invoke", "X"]],
  ])("%s: %j", (action, words) => {
    expect(wordsOf(action)).toEqual(words);
  });

  it("starts no word behind the end: a whole name is no word prefix of its own", () => {
    expect(wordStarts("ec2:ListTag")).toEqual([4, 8]);
    expect(wordStarts("a:Get-")).toEqual([2]);
    expect(wordStarts("a:")).toEqual([]);
  });

  it("is what SEMANTICS 1 says, written as one regular expression", () => {
    const starts = /(?<=^x:)(?=.)|(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=^x:.*[^A-Za-z0-9])(?=.)/g;
    const names = fc.array(fc.constantFrom("A", "B", "Z", "a", "z", "0", "9", "-", "_", ":"), { maxLength: 9 });
    fc.assert(
      fc.property(names, (letters) => {
        const action = `x:${letters.join("")}`;
        expect(wordStarts(action)).toEqual(Array.from(action.matchAll(starts), ({ index }) => index));
      }),
      { seed: 2024, numRuns: 5000 },
    );
  });
});
