import { hash } from "node:crypto";
import { closeSync, existsSync, openSync, readSync, statSync } from "node:fs";
import type Database from "better-sqlite3";
import { type Connection, explained, openForReading } from "../database.ts";
import { type Share, shareFrom } from "../shares.ts";
import { wrongSchema } from "../soundness.ts";
import { StoreError } from "../store-error.ts";

/** What the newest run of a database was told, and how far it is. */
export interface PartRun {
  readonly runId: number;
  readonly state: string;
  /** As the run bears it: `2/4`, `merging` or null. */
  readonly shareName: string | null;
  readonly toolVersion: string;
  readonly engineVersion: number;
  readonly catalogId: number;
  readonly catalogSha256: string;
  readonly catalogSource: string;
  readonly catalogDate: string;
  /** The canonical text of the options. */
  readonly options: string;
  /** JSON */
  readonly settings: string;
  readonly asOf: string | null;
  readonly rulesKey: string | null;
  /** JSON of what it came to; null until it is done. */
  readonly found: string | null;
}

/** A database that holds one share of a run. */
export interface Part {
  readonly path: string;
  readonly db: Connection;
  readonly run: PartRun;
  readonly share: Share;
}

/** Where SQLite's header says how the file is written; 2: with a write-ahead log. */
const WRITE_VERSION = 18;
const HEADER_BYTES = 100;

/**
 * Opens a part for reading. Nothing is written for that, not even beside it.
 *
 * @throws StoreError as `openForReading`; `no-part` where it is not closed, has another schema, or its newest run is no share
 */
export function openPart(path: string): Part {
  refuseUnclosed(path);
  const db = openForReading(path);
  try {
    const [odd] = wrongSchema(db);
    if (odd !== undefined)
      throw noPart(`\`${odd.name}\` of \`${path}\` ${odd.what}`, "take a file that `leastwise refine` has written");
    const run = readPartRun(db);
    const share = shareFrom(run?.shareName ?? null);
    if (run === undefined) throw noPart(`\`${path}\` has no run`, AGAIN);
    if (run.state === "done")
      throw noPart(
        `\`${path}\` holds a whole run, which is finished`,
        "its results are complete: there is nothing to merge",
      );
    if (share === undefined) throw noPart(`the run of \`${path}\` is no share of one`, AGAIN);
    if (run.state !== "execute") throw noPart(`\`${path}\` is not planned yet, since its run was interrupted`, AGAIN);
    return { path, db, run, share };
  } catch (error) {
    db.close();
    throw error;
  }
}

const AGAIN =
  "make it with `leastwise refine PATH… --shard I/N --db FILE`; the same command goes on with an interrupted one";

/** Undefined where there is none. */
export function readPartRun(db: Connection): PartRun | undefined {
  const find: Database.Statement<[], PartRun> = db.prepare(
    `SELECT r.run_id AS runId, r.state, r.share AS shareName, r.tool_version AS toolVersion, r.engine_version AS engineVersion,
            r.catalog_id AS catalogId, c.sha256 AS catalogSha256, c.source AS catalogSource, c.date AS catalogDate, o.text AS options, r.settings, r.as_of AS asOf, r.rules_key AS rulesKey, r.found
     FROM run r JOIN catalog c USING (catalog_id) JOIN option_set o USING (option_set_id) ORDER BY r.run_id DESC LIMIT 1`,
  );
  return find.get();
}

/** What is not in the one file yet could only be read by writing to it. */
function refuseUnclosed(path: string): void {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats?.isFile() !== true || stats.size < HEADER_BYTES) return; // opening it says what it is
  const isLogged = ["-wal", "-journal"].some(
    (suffix) => (statSync(path + suffix, { throwIfNoEntry: false })?.size ?? 0) > 0,
  );
  if (isLogged || writeVersion(path) === 2) {
    const is = existsSync(`${path}-lock`)
      ? "is being written, or its process has been killed"
      : "was not closed: its process has been killed";
    throw noPart(`\`${path}\` ${is}`, "run the same `leastwise refine --shard` again, which finishes and closes it");
  }
}

function writeVersion(path: string): number | undefined {
  const header = new Uint8Array(HEADER_BYTES);
  let file: number | undefined;
  try {
    file = openSync(path, "r");
    readSync(file, header, 0, HEADER_BYTES, 0);
  } catch (error) {
    throw explained(error, path);
  } finally {
    if (file !== undefined) closeSync(file);
  }
  return header[WRITE_VERSION];
}

function noPart(message: string, hint: string): StoreError {
  return new StoreError("no-part", message, hint);
}

/** A text of a database that has not the hash under which it is known; undefined where all have theirs. O(characters) */
export function wrongText(db: Connection): string | undefined {
  for (const row of db
    .prepare<[], { readonly what: string; readonly sha256: string; readonly text: string }>(TEXTS)
    .iterate())
    if (hash("sha256", row.text) !== row.sha256) return `a ${row.what} has not the SHA-256 ${row.sha256}, as it says`;
  return undefined;
}

const TEXTS = `SELECT 'document' AS what, sha256, text FROM document
  UNION ALL SELECT 'set of unused actions', sha256, text FROM unused_set
  UNION ALL SELECT 'set of options', sha256, text FROM option_set`;

/** SQL: whether no run asks for a unit but this one on its ladder. */
export function isAskedByNoOther(unitId: string, runId: string): string {
  return `NOT EXISTS (SELECT 1 FROM recommendation o WHERE o.unit_id = ${unitId})
    AND NOT EXISTS (SELECT 1 FROM policy_recommendation o WHERE o.unit_id = ${unitId})
    AND NOT EXISTS (SELECT 1 FROM rung o WHERE o.unit_id = ${unitId} AND o.run_id <> ${runId})`;
}

/** Answers that stay where the run's own are taken out: those of the runs before it, but for what it begins with itself. */
export function answeredBefore({ db, run: { runId } }: Part): readonly number[] {
  return db
    .prepare<[{ readonly runId: number }], number>(
      `SELECT unit_id FROM unit u WHERE (state = 'done' OR certificate IS NOT NULL)
         AND NOT EXISTS (SELECT 1 FROM recommendation r WHERE r.unit_id = u.unit_id AND r.run_id = $runId)
         AND NOT EXISTS (SELECT 1 FROM policy_recommendation r WHERE r.unit_id = u.unit_id AND r.run_id = $runId)
         AND NOT (EXISTS (SELECT 1 FROM rung r WHERE r.unit_id = u.unit_id AND r.run_id = $runId)
           AND ${isAskedByNoOther("u.unit_id", "$runId")})
       ORDER BY unit_id`,
    )
    .pluck()
    .all({ runId });
}

/** The first file that only one of two runs has read, or of which they have read other bytes; undefined where there is none. O(files) */
export function otherInput(one: Connection, oneRun: number, other: Connection, otherRun: number): string | undefined {
  const [here, there] = [inputsOf(one, oneRun), inputsOf(other, otherRun)];
  for (const [path, sha256] of here) if (!there.has(path) || there.get(path) !== sha256) return path;
  return [...there.keys()].find((path) => !here.has(path));
}

/** SHA-256 by path. */
function inputsOf(db: Connection, runId: number): ReadonlyMap<string, string | null> {
  const find = db.prepare<[number], [string, string | null]>(
    "SELECT path, sha256 FROM input WHERE run_id = ? ORDER BY path",
  );
  return new Map(find.raw().all(runId));
}
