/** The example of each view in docs/schema.md, on the made-up organization; and the same file in SQLite's own shell. */
import { spawnSync } from "node:child_process";
import { EXAMPLES, ask, openForReading } from "@leastwise/store";
import { afterAll, describe, expect, test } from "vitest";
import { DEMO, refined, temporaryFolder } from "./leastwise.ts";

const folder = temporaryFolder();
const path = refined(folder, "org.db", DEMO);
const db = openForReading(path);
afterAll(() => db.close());

/** Of what the made-up organization lacks there is nothing to show. */
const EMPTY = new Set([
  "aws_comparisons",
  "certificates",
  "document_shapes",
  "does_not_fit",
  "event_names",
  "event_shares",
  "incomplete_accounts",
  "oversized_statements",
  "policies",
  "policy_blockers",
  "policy_recommendations",
  "principals",
  "repeated_documents",
  "shared_policies",
]);

describe("the example of a view", () => {
  test.each(Object.entries(EXAMPLES))("%s", (view, sql) => {
    expect(sql).toMatch(new RegExp(`\\b${view}\\b`));
    const rows = [...ask(db, sql).rows];
    expect(rows.length > 0 || EMPTY.has(view)).toBe(true);
  });
});

const hasShell = spawnSync("sqlite3", ["--version"]).status === 0;

describe.skipIf(!hasShell)("sqlite3 -readonly", () => {
  test.each(Object.keys(EXAMPLES))("%s", (view) => {
    const { status, stderr } = spawnSync("sqlite3", ["-readonly", path, `SELECT * FROM ${view} LIMIT 5`], {
      encoding: "utf8",
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  });
});
