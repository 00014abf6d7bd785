import { rmSync } from "node:fs";
import Database from "better-sqlite3";
import { StoreError } from "./store-error.ts";

/** Held while a process writes a database; the operating system takes it from a process that dies. */
export interface Lock {
  release(): void;
}

/**
 * Makes sure that one process at a time runs on a database: an exclusive transaction on a small file beside it. SQLite's own lock on
 * the database would keep readers out, and a row with a process number would outlive its process.
 *
 * @throws StoreError `locked` when another process has it, `database-io` when the file cannot be made
 */
export function lockFor(path: string): Lock {
  const file = `${path}-lock`;
  let db: Database.Database | undefined;
  try {
    db = new Database(file, { timeout: 0 });
    db.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    db?.close();
    if ((error as { readonly code?: unknown }).code === "SQLITE_BUSY") {
      throw new StoreError("locked", `another process is writing \`${path}\``, "wait for it, or name another file", {
        cause: error,
      });
    }
    const reason = error instanceof Error ? error.message : String(error);
    const hint = "check that the folder exists, is writable, and that the disk is not full";
    throw new StoreError("database-io", `\`${path}\` cannot be used: ${reason}`, hint, { cause: error });
  }
  const held = db;
  return {
    release() {
      rmSync(file, { force: true }); // while it is still held, so that nobody can take it in between
      held.close();
    },
  };
}
