import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import Database from "better-sqlite3";
import { beforeAll, describe, expect, test } from "vitest";
import { copyRows } from "../src/floor/copy-rows.ts";
import { copyTexts } from "../src/floor/copy-texts.ts";
import { readInputs } from "../src/floor/read-inputs.ts";
import { LOG_NORMAL } from "../src/organization/shape.ts";
import { writeOrganization } from "../src/organization/write-organization.ts";
import { refine } from "../src/suites/job.ts";
import { temporaryFolder } from "./folder.ts";

const folder = temporaryFolder();
const SHAPE = { ...LOG_NORMAL, attachments: 200, lastAccessed: 0.5 };

interface Contents {
  readonly table: string;
  readonly rows: number;
  readonly bytes: number;
  /** A hash of all values would do as well; the sorted rows say more when they differ. */
  readonly values: string;
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Of each table of a database how many rows and bytes of values it holds, and which. */
function contentsOf(db: Database.Database): readonly Contents[] {
  const tables = db
    .prepare<[], string>(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name",
    )
    .pluck()
    .all();
  return tables.map((table) => {
    const columns = db.prepare<[string], string>("SELECT name FROM pragma_table_info(?)").pluck().all(table);
    const typed = columns
      .map((column) => `typeof(${quoted(column)}) || ':' || coalesce(${quoted(column)}, '')`)
      .join(` || '|' || `);
    const length = columns.map((column) => `coalesce(length(CAST(${quoted(column)} AS BLOB)), 0)`).join(" + ");
    const all = db
      .prepare<[], [string, number]>(`SELECT ${typed}, ${length} FROM ${quoted(table)}`)
      .raw()
      .all();
    const bytes = all.reduce((sum, [, size]) => sum + size, 0);
    return {
      table,
      rows: all.length,
      bytes,
      values: all
        .map(([value]) => value)
        .sort()
        .join("\n"),
    };
  });
}

describe("the floor beside a result", () => {
  const result = join(folder, "org.db");
  beforeAll(async () => {
    await writeOrganization(join(folder, "exports"), SHAPE);
    await refine(join(folder, "exports"), result, 1);
  }, 60_000);

  test("holds as many rows and bytes in each table, value for value", () => {
    const [source, target] = [new Database(result, { readonly: true }), new Database(":memory:")];
    const { rows, loading } = copyRows(source, target);
    const [theirs, ours] = [contentsOf(source), contentsOf(target)];
    expect(ours).toEqual(theirs);
    expect(rows).toBe(theirs.reduce((sum, table) => sum + table.rows, 0));
    expect(theirs.find(({ table }) => table === "recommendation")?.rows).toBe(200);
    expect(theirs.reduce((sum, { bytes }) => sum + bytes, 0)).toBeGreaterThan(500_000);
    expect(loading.seconds).toBeGreaterThan(0); // what it takes is no part of the floor
  });

  test("has no key, index or constraint", () => {
    const [source, target] = [new Database(result, { readonly: true }), new Database(":memory:")];
    copyRows(source, target);
    const schema = target.prepare<[], { type: string; sql: string }>("SELECT type, sql FROM sqlite_schema").all();
    expect(new Set(schema.map(({ type }) => type))).toEqual(new Set(["table"]));
    expect(schema.map(({ sql }) => sql).join("\n")).not.toMatch(
      /KEY|UNIQUE|NOT NULL|REFERENCES|STRICT|WITHOUT|DEFAULT|COLLATE/,
    );
  });

  test("of texts alone holds the four largest columns", () => {
    const [source, target] = [new Database(result, { readonly: true }), new Database(":memory:")];
    const rows = copyTexts(source, target);
    const of = (table: string): number => contentsOf(source).find((one) => one.table === table)?.rows ?? 0;
    expect(rows).toBe(of("document") + of("unused_set") + of("usage_report") + of("unit_change"));
    expect(contentsOf(target)[0]?.rows).toBe(rows);
    expect(of("unit_change")).toBeGreaterThan(50);
  });

  test("reads every document of the input: the inline policies, and every version of the others", () => {
    const db = new Database(result, { readonly: true });
    const attachments = db.prepare<[], number>("SELECT count(*) FROM policy WHERE kind = 'inline'").pluck().get() ?? 0;
    expect(readInputs(join(folder, "exports"))).toBeGreaterThan(attachments);
  });
});

describe("copying rows", () => {
  test("more than one transaction holds, with names that need quotes, and of every type", () => {
    const [source, target] = [new Database(":memory:"), new Database(":memory:")];
    source.exec(`CREATE TABLE "odd ""name" ("a b" INTEGER PRIMARY KEY, "order" TEXT, r REAL, b BLOB) STRICT`);
    const insert = source.prepare(`INSERT INTO "odd ""name" VALUES (?, ?, ?, ?)`);
    for (let i = 0; i < 50; i++) insert.run(i, "x".repeat(200_000), i / 3, i % 2 === 0 ? null : Buffer.from([i]));
    expect(copyRows(source, target).rows).toBe(50);
    expect(contentsOf(target)).toEqual(contentsOf(source));
  });

  test("of a later run alone what it added or changed", () => {
    const [earlier, later] = [join(folder, "earlier.db"), join(folder, "later.db")];
    for (const path of [earlier, later]) {
      const db = new Database(path);
      db.exec(
        "CREATE TABLE unit (unit_id INTEGER PRIMARY KEY, state TEXT); INSERT INTO unit VALUES (1, 'done'), (2, 'planned')",
      );
      if (path === later)
        db.exec("UPDATE unit SET state = 'done' WHERE unit_id = 2; INSERT INTO unit VALUES (3, 'done')");
      db.close();
    }
    const [source, target] = [new Database(later, { readonly: true }), new Database(":memory:")];
    expect(copyRows(source, target, earlier).rows).toBe(2);
    expect(target.prepare("SELECT * FROM unit ORDER BY unit_id").raw().all()).toEqual([
      [2, "done"],
      [3, "done"],
    ]);
  });
});

test("the input is read as it is, gzipped or not, and a kind of report that is not there is none", () => {
  const place = join(folder, "small");
  mkdirSync(join(place, "details"), { recursive: true });
  mkdirSync(join(place, "findings"));
  const details = {
    RoleDetailList: [{ RolePolicyList: [{ PolicyDocument: {} }, { PolicyDocument: {} }] }],
    Policies: [{ PolicyVersionList: [{ Document: {} }] }],
  };
  writeFileSync(join(place, "details", "a.json"), JSON.stringify(details));
  writeFileSync(join(place, "details", "b.json.gz"), gzipSync(JSON.stringify(details)));
  writeFileSync(join(place, "findings", "a.jsonl"), "{}\n{}\n");
  expect(readInputs(place)).toBe(6);
  writeFileSync(join(place, "findings", "b.jsonl"), "{");
  expect(() => readInputs(place)).toThrow(SyntaxError);
});
