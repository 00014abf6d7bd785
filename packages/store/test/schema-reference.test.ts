import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { format } from "prettier";
import { expect, test } from "vitest";
import { EXAMPLES } from "../src/schema/examples.ts";
import { newDatabase, temporaryFolder } from "./organization.ts";
import { schemaPage } from "./schema-page.ts";

const PAGE = fileURLToPath(new URL("../../../docs/schema.md", import.meta.url));
const folder = temporaryFolder();

const INTRODUCTION = `# The database

Generated from the schema and its comments; a test holds it (\`LEASTWISE_UPDATE=1 npx vitest run packages/store/test/schema-reference.test.ts\`
writes it anew). Read the **views**: they show the current run, which is the newest that has ended, with texts instead of ids. The **tables**
hold each fact once, of all runs. Any SQLite from 3.38 on reads the file:

\`\`\`sh
sqlite3 -readonly org.db "SELECT * FROM accounts"
\`\`\`

- **Dates** are ISO 8601 in UTC, such as \`2026-11-21T22:00:00.000Z\`, or a day alone: \`date()\`, \`julianday()\` and comparisons work.
- **Hashes** are SHA-256 in lower-case hexadecimal, as \`sha256sum\` prints them. A document's is that of its text in the column beside it.
- **Lists and objects** are JSON text: \`json_each\`, \`json_extract\` and \`->>\` work. Policy documents are minified.
- **Actions are intervals.** An action's id is its place among the catalog's lower-cased, sorted names, so whatever a prefix covers is one run
  of ids. \`[lo, hi)\` holds lo and not hi; an action is in it when \`lo <= action_id AND action_id < hi\`, and \`sum(hi - lo)\` counts actions.
- **Derived** tables are filled once when a run ends, so that questions about many results need not look at each; \`leastwise verify\` computes them
  again. No statistics are kept (\`ANALYZE\`): plans follow from the indexes alone.
- **Deleting** from a database, or writing to it, is for Leastwise; open it read-only.
`;

/** As \`prettier --check\` wants it. */
async function page(): Promise<string> {
  const { db } = newDatabase(folder);
  return format(schemaPage(db, INTRODUCTION), { parser: "markdown", printWidth: 120 });
}

test("docs/schema.md is what the schema says", async () => {
  const text = await page();
  if (process.env["LEASTWISE_UPDATE"] !== undefined) writeFileSync(PAGE, text);
  expect(readFileSync(PAGE, "utf8")).toBe(text);
});

test("every table and view says what its rows are, and every view has an example", async () => {
  const { db } = newDatabase(folder);
  const names = db
    .prepare<[string], string>(
      "SELECT name FROM sqlite_schema WHERE type = ? AND name NOT LIKE 'sqlite_%' ORDER BY name",
    )
    .pluck();
  expect(Object.keys(EXAMPLES).toSorted()).toEqual(names.all("view"));
  const silent = (await page()).match(/^### \w+\n+(?:Columns:|\|)/gm);
  expect(silent).toBeNull();
});
