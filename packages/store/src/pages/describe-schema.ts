import type { SchemaRow } from "@leastwise/api";
import type { Connection } from "../database.ts";
import { MIGRATIONS } from "../schema/migrations.ts";

/** The tables and views of a database with what the schema says of them, views first, by name. */
export function describeSchema(db: Connection): readonly SchemaRow[] {
  const comments = schemaComments(MIGRATIONS.join("\n"));
  const columns = db.prepare<[string], string>("SELECT name FROM pragma_table_info(?)").pluck();
  return db
    .prepare<[], { name: string; kind: "table" | "view" }>(
      `SELECT name, type AS kind FROM main.sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
       ORDER BY type = 'table', name`,
    )
    .all()
    .map(({ name, kind }) => ({ name, kind, description: comments.get(name) ?? "", columns: columns.all(name) }));
}

/** The comment above each table and view, as one line. */
function schemaComments(sql: string): ReadonlyMap<string, string> {
  const comments = new Map<string, string>();
  for (const [, comment = "", name = ""] of sql.matchAll(/((?:^--.*\n)+)CREATE (?:TABLE|VIEW) (\w+)/gm))
    comments.set(name, comment.replace(/^-- ?/gm, "").trim().replaceAll("\n", " "));
  return comments;
}
