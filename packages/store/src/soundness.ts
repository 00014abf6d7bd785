import { DEFAULT_LIMITS } from "@leastwise/core";
import Database from "better-sqlite3";
import type { Connection } from "./database.ts";
import { MIGRATIONS } from "./schema/migrations.ts";
import { MERGING, MERGING_UNCHECKED } from "./shares.ts";
import { QUESTION_INDEXES } from "./schema/question-indexes.ts";

/** Something in a database that no run of Leastwise leaves there. */
export interface Unsound {
  /** What it is about, for a person. */
  readonly name: string;
  readonly what: string;
}

/**
 * What cannot be right about a database as a whole: its pages, its schema, references to rows that are not there, ids, and states of
 * runs and units that contradict the rest of their row. O(size of the database).
 */
export function* unsound(db: Connection): Generator<Unsound> {
  yield* damaged(db);
  yield* wrongSchema(db);
  const missing = db.pragma("foreign_key_check") as readonly { readonly table: string; readonly parent: string }[];
  for (const reference of new Set(missing.map(({ table, parent }) => `${table} ${parent}`))) {
    const [table = "", parent = ""] = reference.split(" ");
    const rows = missing.filter((row) => row.table === table && row.parent === parent).length;
    yield { name: table, what: `${rows} of its rows refer to rows of \`${parent}\` that are not there` };
  }
  yield* db.prepare<[], Unsound>(CONTRADICTIONS).iterate();
}

function* damaged(db: Connection): Generator<Unsound> {
  const found = db.pragma("integrity_check") as readonly { readonly integrity_check: string }[];
  for (const { integrity_check: what } of found) if (what !== "ok") yield { name: "the file", what };
}

/** Tables, indexes and views must be those of the migrations, word for word; until a run has ended, indexes for questions may be missing. */
export function* wrongSchema(db: Connection): Generator<Unsound> {
  const fresh = new Database(":memory:");
  for (const step of MIGRATIONS) fresh.exec(step);
  const wanted = schemaOf(fresh);
  fresh.close();
  const found = schemaOf(db);
  const hasEnded = db.prepare("SELECT 1 FROM run WHERE finished_at IS NOT NULL").get() !== undefined;
  const spared = new Set(hasEnded ? [] : QUESTION_INDEXES.map(({ name }) => `index ${name}`));
  for (const name of new Set([...wanted.keys(), ...found.keys()])) {
    if (!found.has(name) && spared.has(name)) continue;
    if (wanted.get(name) !== found.get(name)) yield { name, what: "is not defined as Leastwise defines it" };
  }
}

function schemaOf(db: Connection): ReadonlyMap<string, string | null> {
  const rows = db
    .prepare<[], [string, string | null]>(
      "SELECT type || ' ' || name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_stat%'",
    )
    .raw();
  return new Map(rows.all());
}

/** JavaScript counts no further in whole numbers; ids above would be taken for one another. */
const LARGEST_ID = Number.MAX_SAFE_INTEGER;

const TABLES_WITH_ID = [
  "catalog",
  "run",
  "document",
  "unused_set",
  "option_set",
  "unit",
  "principal",
  "policy",
] as const;

const LIMITS = Object.keys(DEFAULT_LIMITS);

const CONTRADICTIONS = `
  ${TABLES_WITH_ID.map(
    (table) => `SELECT '${table}' AS name, 'has a row whose id is none: ' || ${table}_id AS what FROM ${table}
      WHERE ${table}_id NOT BETWEEN 1 AND ${LARGEST_ID}`,
  )
    .join(" UNION ALL ")
    .replaceAll("unused_set_id", "unused_id")}
  UNION ALL
  SELECT 'run ' || run_id, 'its state \`' || state || '\` is none, or does not go with when it finished' FROM run
  WHERE state NOT IN ('ingest', 'plan', 'execute', 'done') OR (state = 'done') <> (finished_at IS NOT NULL)
  UNION ALL
  SELECT 'run ' || run_id, 'its share \`' || share || '\` is none, or it is finished and has one all the same' FROM run
  WHERE share IS NOT NULL AND (state = 'done' OR share NOT GLOB '[1-9]*/[1-9]*' AND share NOT IN ('${MERGING}', '${MERGING_UNCHECKED}'))
  UNION ALL
  SELECT 'run ' || run_id, 'its settings do not say what sizes are held against' FROM run
  WHERE CASE WHEN json_valid(settings) THEN
    coalesce(json_type(settings, '$.fit'), '') NOT IN ('null', 'object')
    OR (json_type(settings, '$.fit') = 'object' AND json_type(settings, '$.fit.shortest') IS NOT 'integer')
    OR ${LIMITS.map((limit) => `json_type(settings, '$.limits.${limit}') IS NOT 'integer'`).join(" OR ")}
    ELSE 1 END
  UNION ALL
  SELECT 'unit ' || unit_id, 'its state \`' || state || '\` does not go with what else it says'
  FROM unit LEFT JOIN unit_change c USING (unit_id)
  WHERE CASE state
    WHEN 'done' THEN recommended_action IS NULL OR failure_code IS NOT NULL OR failure IS NOT NULL
    WHEN 'failed' THEN failure_code IS NULL OR failure IS NULL OR recommended_action IS NOT NULL OR actions_before IS NOT NULL
      OR actions_removed IS NOT NULL OR unknown_actions IS NOT NULL OR final_document_id IS NOT document_id OR c.unit_id IS NOT NULL
    WHEN 'planned' THEN recommended_action IS NOT NULL OR final_document_id IS NOT NULL OR actions_before IS NOT NULL
      OR actions_removed IS NOT NULL OR unknown_actions IS NOT NULL OR failure_code IS NOT NULL OR failure IS NOT NULL
      OR c.unit_id IS NOT NULL
    ELSE 1 END`;
