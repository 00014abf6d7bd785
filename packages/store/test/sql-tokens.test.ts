import Database from "better-sqlite3";
import { array, assert, constantFrom, property } from "fast-check";
import { describe, expect, test } from "vitest";
import { refuseUnlessQuestion } from "../src/refuse-sql.ts";
import { sqlTokens } from "../src/sql-tokens.ts";

function shown(sql: string): readonly string[] {
  return Array.from(sqlTokens(sql), ({ kind, text }) => (text === "" ? kind : `${kind} ${text}`));
}

describe("where SQLite's tokens begin and end", () => {
  test.each([
    ["words in any letters", "SELECT größe_$1", ["word SELECT", "word größe_$1"]],
    ["names in quotes of all kinds", `"a""b" [c"d] \`e\`\`f\``, ['name a"b', 'name c"d', "name e`f"]],
    ["texts", "'it''s' ''", ["string it's", "string"]],
    ["unfinished ones reach to the end", "'a; b", ["string a; b"]],
    [
      "comments are nothing",
      "a--b;'\nc/*d;\"*/e/**/f/*",
      ["word a", "word c", "word e", "word f", "other /", "other *"],
    ],
    ["a comment without an end", "a /*/ b; c", ["word a"]],
    ["minus and division are no comments", "1-2/3->'$'", ["other 1", "other -", "other 2", "other /", "other 3"]],
    ["blobs", "x'27' X'3B", ["other", "other"]],
    ["numbers and variables", "0x1F $a @b :c #d ?1", ["other 0x1F", "other $a", "other @b", "other :c", "other #d"]],
    ["a vertical tab is a blank behind another only", "a \vb\vc", ["word a", "word b", "other \v", "word c"]],
    ["a no-break space is part of a name", "a\u00A0b", ["word a\u00A0b"]],
    ["a byte order mark is a blank in front, and part of a name within it", "\uFEFFa\uFEFF", ["word a\uFEFF"]],
    ["semicolons", ";;", ["semicolon ;", "semicolon ;"]],
  ])("%s", (_what, sql, tokens) => {
    expect(shown(sql).slice(0, tokens.length)).toEqual(tokens);
  });
});

/** What SQLite itself makes of a text that begins as a question. */
function sqliteSaysSeveral(db: Database.Database, sql: string): boolean {
  try {
    db.prepare(sql);
    return false;
  } catch (error) {
    return error instanceof RangeError && error.message.includes("more than one statement");
  }
}

function isRefused(sql: string): boolean {
  try {
    refuseUnlessQuestion(sql);
    return false;
  } catch {
    return true;
  }
}

test("whatever SQLite takes for several statements is refused, however quotes and comments are mixed", () => {
  const db = new Database(":memory:");
  // no byte order mark: better-sqlite3 takes one behind the last semicolon for a statement, SQLite and we for nothing
  const pieces = constantFrom(
    ..."'|''|\"|\"\"|`|[|]|--|\n|/*|*/|/|*|;| |\v|\f|\r|\u00A0|x'|x|1|1e|-|->|$a|?1|,2| DROP TABLE t| AS a|VACUUM|.5".split(
      "|",
    ),
  );
  let several = 0;
  assert(
    property(array(pieces, { maxLength: 14 }), (parts) => {
      const sql = `SELECT 1${parts.join("")}; SELECT 2${parts.slice(0, 3).join("")}`;
      if (!sqliteSaysSeveral(db, sql)) return;
      several++;
      expect(isRefused(sql)).toBe(true);
    }),
    { numRuns: 20_000, seed: 7 },
  );
  expect(several).toBeGreaterThan(1000);
});
