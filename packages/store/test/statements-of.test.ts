import { expect, test } from "vitest";
import { statementsOf } from "../src/schema/statements-of.ts";
import { newDatabase, temporaryFolder } from "./organization.ts";

const { db } = newDatabase(temporaryFolder());
const read = db.prepare<[string]>(
  `SELECT s.key, s.value ->> '$.Sid' AS sid FROM (SELECT ? AS text) AS d CROSS JOIN ${statementsOf("d.text")} AS s`,
);

test.each<[string, unknown, readonly unknown[]]>([
  ["a list", [{ Sid: "A" }, { Effect: "Deny" }, { Sid: "B" }], ["A", null, "B"]],
  ["a list of one", [{ Sid: "A" }], ["A"]],
  ["a single object, which IAM takes for a list of one", { Sid: "A", Action: ["s3:*"] }, ["A"]],
  ["an empty list", [], []],
])("%s", (_, Statement, sids) => {
  const rows = read.all(JSON.stringify({ Version: "2012-10-17", Statement }));
  expect(rows).toEqual(sids.map((sid, key) => ({ key, sid })));
});
