import { MIGRATIONS } from "../src/schema/migrations.ts";
import { EXAMPLES } from "../src/schema/examples.ts";
import type { Connection } from "../src/index.ts";

interface Column {
  readonly name: string;
  readonly type: string;
  readonly notnull: 0 | 1;
  readonly pk: number;
}

/** docs/schema.md: what the schema says of itself, and its comments. `db` has the newest schema. */
export function schemaPage(db: Connection, introduction: string): string {
  const comments = commentsOf(MIGRATIONS.join("\n"));
  const names = (type: string): readonly string[] =>
    db
      .prepare<[string], string>(
        "SELECT name FROM sqlite_schema WHERE type = ? AND name NOT LIKE 'sqlite_%' ORDER BY name",
      )
      .pluck()
      .all(type);
  const columnsOf = (name: string): readonly Column[] =>
    db.prepare<[string], Column>('SELECT name, type, "notnull", pk FROM pragma_table_info(?)').all(name);
  const views = names("view").map((name) => {
    const columns = columnsOf(name).map((column) => `\`${column.name}\``);
    const example = EXAMPLES[name] ?? "";
    return `### ${name}\n\n${comments.get(name) ?? ""}\n\nColumns: ${columns.join(", ")}.\n\n\`\`\`sql\n${example};\n\`\`\`\n`;
  });
  const tables = names("table").map((name) => {
    const references = db
      .prepare<[string], { table: string; from: string }>('SELECT "table", "from" FROM pragma_foreign_key_list(?)')
      .all(name);
    const rows = columnsOf(name).map(({ name: column, type, notnull, pk }) => {
      const to = references.find(({ from }) => from === column)?.table;
      const notes = [
        pk > 0 ? `key ${pk}` : "",
        notnull === 1 || pk > 0 ? "" : "may be null",
        to === undefined ? "" : `→ ${to}`,
      ];
      return `| \`${column}\` | ${type} | ${notes.filter((note) => note !== "").join(", ")} |`;
    });
    const indexes = db
      .prepare<[string], string>(
        "SELECT sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL ORDER BY name",
      )
      .pluck()
      .all(name)
      .map((sql) => `- \`${sql.replace(/^CREATE (UNIQUE )?INDEX /, "$1")}\``);
    const list = indexes.length === 0 ? "" : `\nIndexes:\n\n${indexes.join("\n")}\n`;
    return `### ${name}\n\n${comments.get(name) ?? ""}\n\n| column | type | |\n| --- | --- | --- |\n${rows.join("\n")}\n${list}`;
  });
  return `${introduction}\n## Views\n\n${views.join("\n")}\n## Tables\n\n${tables.join("\n")}`;
}

/** The comment above each table and view. */
function commentsOf(sql: string): ReadonlyMap<string, string> {
  const comments = new Map<string, string>();
  for (const [, comment = "", name = ""] of sql.matchAll(/((?:^--.*\n)+)CREATE (?:TABLE|VIEW) (\w+)/gm))
    comments.set(name, escaped(comment.replace(/^-- ?/gm, "").trim().replaceAll("\n", " ")));
  return comments;
}

/** What Markdown would take for its own. */
function escaped(text: string): string {
  return text.replace(/[_*<[\]{}|]/g, (character) => `\\${character}`);
}
