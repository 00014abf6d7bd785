import { accountOf } from "@leastwise/core";
import { expect, test } from "vitest";
import { accountOfSql } from "../src/reuse/account-of.ts";
import { newDatabase, temporaryFolder } from "./organization.ts";

const folder = temporaryFolder();

test.each([
  ["arn:aws:iam::123456789012:role/web", "123456789012"],
  ["arn:aws-us-gov:iam::123456789012:user/a/b", "123456789012"],
  ["arn:aws:iam::aws:policy/ReadOnly", ""],
  ["123456789012:role/web", "123456789012"],
  ["type:AWSService", ""],
  ["arn:aws:iam", ""],
  ["arn:aws:s3:eu-west-1:123456789012:x", ""],
  ["12345678901", ""],
  ["\u{1F600}:iam::123456789012:role/web", ""],
  ["arn:\u{1F600}:iam::123456789012:role/web", "123456789012"],
  ["", ""],
])("`%s` is of account `%s`, in the program and in SQL", (said, account) => {
  const { db } = newDatabase(folder);
  const asked = db.prepare<[string], string>(`SELECT ${accountOfSql("said")} FROM (SELECT ? AS said)`).pluck();
  expect({ core: accountOf(said), sql: asked.get(said) }).toEqual({ core: account, sql: account });
  db.close();
});
