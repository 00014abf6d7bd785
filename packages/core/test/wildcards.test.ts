import { expect, test } from "vitest";
import { type PolicyDocument, wildcardsOf } from "../src/index.ts";

test("wildcards are entries of Allow statements with * or ?, each once, as they are spelled", () => {
  const document: PolicyDocument = {
    Statement: [
      { Effect: "Allow", Action: ["s3:Get*", "s3:PutObject", "S3:Get*", "sqs:?end*"] },
      { Effect: "Deny", Action: "iam:*" },
      { Effect: "Allow", NotAction: "s3:Get*" },
      { Effect: "Allow", Action: "s3:Get*" },
    ],
  };
  expect(wildcardsOf(document)).toEqual(["Action s3:Get*", "Action S3:Get*", "Action sqs:?end*", "NotAction s3:Get*"]);
  expect(wildcardsOf({ Statement: { Effect: "Allow", Action: "s3:GetObject" } })).toEqual([]);
});
