import { describe, expect, test } from "vitest";
import { entryMatches, entryMatchesOrIsLong } from "../src/schema/entry-matches.ts";
import { newDatabase, temporaryFolder } from "./organization.ts";

const { db } = newDatabase(temporaryFolder());
const matching = (sql: string) => {
  const statement = db.prepare<[string], number>(
    `SELECT ${sql} FROM (SELECT 's3:GetObject' AS action) AS a, (SELECT ? AS entry)`,
  );
  return (entry: string): number | undefined => statement.pluck().get(entry);
};
const strictly = matching(entryMatches("entry"));
const kindly = matching(entryMatchesOrIsLong("entry"));

describe.each([
  ["entryMatches", strictly],
  ["entryMatchesOrIsLong", kindly],
])("%s, for s3:GetObject", (_, matches) => {
  test.each(["s3:GetObject", "S3:getobject", "s3:*", "*", "s3:Get?bject", "*:*Object", "s3:GetObject*", "s?:*t"])(
    "`%s` matches",
    (entry) => expect(matches(entry)).toBe(1),
  );
  test.each(["s3:GetObjectAcl", "s3:GetObject?", "s3:[G]et*", "s3:Put*", "s3", "", "sqs:*", "s3:GetObject "])(
    "`%s` does not",
    (entry) => expect(matches(entry)).toBe(0),
  );
  test.each([
    ["brackets, of which each takes three", "["],
    ["characters of four bytes", "\u{1f331}"],
  ])("9,999 characters are matched: %s", (_what, character) => {
    expect(matches(`${character.repeat(9998)}*`)).toBe(0);
    expect(matches("*".repeat(9999))).toBe(1);
  });
  test("a name of any length is compared", () => {
    expect(matches("s3:GetObject".repeat(10_000))).toBe(0);
  });
});

describe("what may be too long for SQLite", () => {
  const long = `${"[".repeat(20_000)}*`;

  test("is an error where the answer would be wrong", () => {
    expect(() => strictly(long)).toThrow("too complex");
  });

  test("is taken to match where the document is known to grant the action", () => {
    expect(kindly(long)).toBe(1);
    expect(kindly(`sqs:${"?".repeat(9996)}`)).toBe(1); // 10,000 characters
    expect(kindly(`sqs:${"?".repeat(9995)}`)).toBe(0);
  });
});
