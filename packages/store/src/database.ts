import { statSync } from "node:fs";
import Database from "better-sqlite3";
import { APPLICATION_ID, MIGRATIONS, SCHEMA_VERSION } from "./schema/migrations.ts";
import { findRun, showRun } from "./run-choice.ts";
import { StoreError } from "./store-error.ts";

export type Connection = Database.Database;

/**
 * Opens a database for writing; makes it where there is none, and brings an older one up to date.
 *
 * A committed transaction survives a power cut (WAL with synchronous=FULL).
 *
 * @throws StoreError `not-a-database`, `damaged-database`, `not-leastwise`, `newer-version`, `database-io`
 */
export function openForWriting(path: string): Connection {
  const db = open(path, { fileMustExist: false });
  try {
    const isNew = db.prepare("SELECT count(*) FROM sqlite_schema").pluck().get() === 0;
    if (!isNew) checkIdentity(db, path);
    if (isNew) db.pragma("page_size = 8192");
    db.pragma("journal_mode = WAL");
    db.pragma("synchronous = FULL");
    db.pragma("wal_autocheckpoint = 8192"); // 64 MB: pages that change often are copied back once, not every few megabytes
    db.pragma("foreign_keys = ON");
    db.pragma("cache_size = -32768");
    db.pragma("threads = 2"); // sorting for an index, while workers have nothing to do
    db.pragma("busy_timeout = 5000");
    migrate(db);
    return db;
  } catch (error) {
    db.close();
    throw explained(error, path);
  }
}

/**
 * Opens a database that is there, for reading only.
 *
 * @param run the run that the views show: an id, `latest` or `previous`; absent: the current one
 * @throws StoreError `no-database`, `not-a-database`, `damaged-database`, `not-leastwise`, `newer-version`, `older-version`,
 *   `database-io`, `no-run`
 */
export function openForReading(path: string, run?: string): Connection {
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) === 0) {
    throw new StoreError(
      "no-database",
      `there is no database \`${path}\``,
      "make it with `leastwise refine PATH… --db FILE`",
    );
  }
  const db = open(path, { readonly: true, fileMustExist: true });
  try {
    checkIdentity(db, path);
    const version = schemaVersion(db);
    if (version < SCHEMA_VERSION) {
      const hint = "run `leastwise refine` on it once, which brings it up to date";
      throw new StoreError(
        "older-version",
        `\`${path}\` has schema ${version}, this program reads ${SCHEMA_VERSION}`,
        hint,
      );
    }
    if (run !== undefined) showRun(db, findRun(db, run)); // before the connection may write nothing, not even what goes with it
    db.pragma("query_only = ON");
    db.pragma("trusted_schema = OFF");
    db.pragma("cell_size_check = ON");
    db.pragma("cache_size = -65536");
    return db;
  } catch (error) {
    db.close();
    throw explained(error, path);
  }
}

/** What is read on this connection from now on is one state of the database, whatever somebody writes meanwhile. */
export function holdSnapshot(db: Connection): void {
  db.exec("BEGIN");
}

/**
 * Puts everything into the one file, so that it can be copied and read from anywhere, and closes it. No statistics are gathered: without them
 * SQLite plans every statement by its indexes alone, so the same in a small and in a large database, and in one that has grown since.
 */
export function closeWriting(db: Connection): void {
  db.pragma("busy_timeout = 0"); // who reads now shall not be waited for
  db.pragma("wal_checkpoint(TRUNCATE)");
  try {
    db.pragma("journal_mode = DELETE");
  } catch (error) {
    if ((error as { readonly code?: unknown }).code !== "SQLITE_BUSY") throw error; // somebody reads: it stays in WAL mode, which is as good
  }
  db.close();
}

function open(path: string, options: Database.Options): Connection {
  try {
    return new Database(path, options);
  } catch (error) {
    throw explained(error, path);
  }
}

function checkIdentity(db: Connection, path: string): void {
  const id = db.pragma("application_id", { simple: true });
  if (id !== APPLICATION_ID) {
    throw new StoreError(
      "not-leastwise",
      `\`${path}\` is a database of another program`,
      "name another file with --db",
    );
  }
  const version = schemaVersion(db);
  if (version > SCHEMA_VERSION) {
    const message = `\`${path}\` has schema ${version}, this program knows ${SCHEMA_VERSION}`;
    throw new StoreError("newer-version", message, "use a newer Leastwise, or another file");
  }
}

function migrate(db: Connection): void {
  for (let version = schemaVersion(db); version < SCHEMA_VERSION; version++) {
    db.transaction(() => {
      db.exec(MIGRATIONS[version]!); // version < SCHEMA_VERSION, the number of migrations
      db.pragma(`application_id = ${APPLICATION_ID}`);
      db.pragma(`user_version = ${version + 1}`);
    }).immediate();
  }
}

function schemaVersion(db: Connection): number {
  return Number(db.pragma("user_version", { simple: true }));
}

/** SQLite's own errors in words, with the way out. Everything else as it is. */
export function explained(error: unknown, path: string): unknown {
  const code = (error as { readonly code?: unknown }).code;
  const message = error instanceof Error ? error.message : String(error);
  if (code === "SQLITE_NOTADB") {
    return new StoreError("not-a-database", `\`${path}\` is no SQLite database`, "name another file with --db", {
      cause: error,
    });
  }
  if (typeof code === "string" && code.startsWith("SQLITE_CORRUPT")) {
    const hint = "take a copy of it from before, or name another file with --db";
    return new StoreError("damaged-database", `\`${path}\` is damaged: ${message}`, hint, { cause: error });
  }
  if (error instanceof StoreError || (typeof code !== "string" && !(error instanceof TypeError))) return error;
  const hint = "check that the folder exists, is writable, and that the disk is not full";
  return new StoreError("database-io", `\`${path}\` cannot be used: ${message}`, hint, { cause: error });
}
