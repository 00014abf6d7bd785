import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { StoreError } from "@leastwise/store";
import { afterAll, describe, expect, test } from "vitest";
import { ANSWERED, ENDLESS, IMPOSSIBLE, REFUSED } from "./hostile-sql.ts";
import type * as asking from "../src/asking/ask-apart.ts";
import { DEMO, refined, temporaryFolder } from "./leastwise.ts";

/** A person's SQL in the process that answers it, as it is built: whatever is asked, nothing comes into being, and there is an end. */

const { askApart } = (await import(new URL("../dist/asking/ask-apart.js", import.meta.url).href)) as typeof asking;

const folder = temporaryFolder();
for (const name of ["db", "tmp", "cwd"]) mkdirSync(join(folder, name));
const db = refined(join(folder, "db"), "org.db", DEMO);

const before = { cwd: process.cwd(), TMPDIR: process.env["TMPDIR"] };
process.chdir(join(folder, "cwd"));
process.env["TMPDIR"] = join(folder, "tmp");
afterAll(() => {
  process.chdir(before.cwd);
  if (before.TMPDIR === undefined) delete process.env["TMPDIR"];
  else process.env["TMPDIR"] = before.TMPDIR;
});

/** Everything that a question could leave behind: the files of the folders, and the bytes of the database. */
function surroundings(): unknown {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
  return { files, sha256: createHash("sha256").update(readFileSync(db)).digest("hex") };
}
const untouched = surroundings();

const MOST_ROWS = 200;

/** What became of a question: refused, impossible, stopped, or answered. */
async function outcomeOf(sql: string, seconds: number): Promise<string> {
  const asked = { database: db, sql: sql.replaceAll("FILE", join(folder, "db", "copy")), parameters: {} };
  try {
    let rows = 0;
    const answer = await askApart({ ...asked, mostRows: MOST_ROWS }, { seconds, memoryMb: 192, bytes: null });
    for await (const batch of answer.batches) rows += batch.length;
    expect(rows).toBeGreaterThan(0);
    expect(rows).toBeLessThanOrEqual(MOST_ROWS);
    return "answered";
  } catch (error) {
    if (error instanceof StoreError) return error.code;
    const { name, message } = error as Error;
    if (name === "Stopped" || message.startsWith("the query was stopped: ")) return "stopped";
    throw error;
  }
}

describe.each([
  { what: "refused-sql", questions: REFUSED },
  { what: "bad-sql", questions: IMPOSSIBLE },
  { what: "stopped", questions: ENDLESS },
  { what: "answered", questions: ANSWERED },
])("$what:", ({ what, questions }) => {
  test.each(questions.map((sql) => [JSON.stringify(sql.length > 120 ? `${sql.slice(0, 117)}...` : sql), sql]))(
    "%s",
    async (_shown, sql) => {
      expect(await outcomeOf(sql, what === "stopped" ? 1 : 50)).toBe(what);
      expect(surroundings()).toEqual(untouched);
    },
  );
});

test("there are enough of them", () => {
  const all = [...REFUSED, ...IMPOSSIBLE, ...ENDLESS, ...ANSWERED];
  expect(new Set(all).size).toBe(all.length);
  expect(all.length).toBeGreaterThan(250);
});
