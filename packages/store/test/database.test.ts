import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, test } from "vitest";
import { StoreError, closeWriting, openForReading, openForWriting } from "../src/index.ts";
import { newDatabase, rows, temporaryFolder } from "./organization.ts";

const folder = temporaryFolder();

/** The error that opening gives; undefined when it opens. */
function errorOf(open: () => Database.Database): StoreError | undefined {
  try {
    open().close();
    return undefined;
  } catch (error) {
    if (error instanceof StoreError) return error;
    throw error;
  }
}

/** A Leastwise database of which the identity was changed afterwards. */
function forged(name: string, pragma: string): string {
  const path = join(folder, name);
  closeWriting(openForWriting(path));
  const db = new Database(path);
  db.pragma(pragma);
  db.close();
  return path;
}

describe("opening for writing", () => {
  test("makes a database where there is none, and opens it again with what it holds", () => {
    const path = join(folder, "new.db");
    const db = openForWriting(path);
    db.prepare("INSERT INTO account (account_id) VALUES ('123456789012')").run();
    closeWriting(db);
    const again = openForWriting(path);
    expect(rows(again, "SELECT account_id FROM account")).toEqual([{ account_id: "123456789012" }]);
    again.close();
  });

  test("takes an empty file for a new database", () => {
    const path = join(folder, "empty.db");
    writeFileSync(path, "");
    const db = openForWriting(path);
    expect(rows(db, "SELECT * FROM runs")).toEqual([]);
    db.close();
  });

  test("survives a power cut and refuses facts about nobody", () => {
    const { db } = newDatabase(folder);
    expect(db.pragma("journal_mode", { simple: true })).toBe("wal");
    expect(db.pragma("synchronous", { simple: true })).toBe(2); // FULL
    expect(() =>
      db
        .prepare("INSERT INTO run_principal (run_id, principal_id, tracks_last_use, tags) VALUES (7, 7, 0, '{}')")
        .run(),
    ).toThrow(/FOREIGN KEY/);
    db.close();
  });

  test("leaves one file that can be copied", () => {
    const place = join(folder, "alone");
    mkdirSync(place);
    closeWriting(openForWriting(join(place, "org.db")));
    expect(readdirSync(place)).toEqual(["org.db"]);
  });

  test("ends well while somebody reads", () => {
    const { db, path } = newDatabase(folder);
    db.prepare("INSERT INTO account (account_id) VALUES ('123456789012')").run();
    const reader = openForReading(path);
    const reading = reader.prepare("SELECT * FROM account").iterate();
    expect(reading.next().value).toEqual({ account_id: "123456789012" });
    closeWriting(db);
    expect(reading.next().done).toBe(true);
    reader.close();
  });
});

describe("what is no database of ours is refused, with a way out", () => {
  const text = join(folder, "notes.txt");
  writeFileSync(text, "these are notes about the migration, not a database, and there are enough of them\n".repeat(20));
  const other = join(folder, "browser-history.db");
  const foreign = new Database(other);
  foreign.exec("CREATE TABLE visits (url TEXT)");
  foreign.close();
  const newer = forged("newer.db", "user_version = 9999");
  const older = forged("older.db", "user_version = 0");
  const nowhere = join(folder, "no-such-folder", "org.db");

  test.each([
    ["a text file", text, "not-a-database"],
    ["a database of another program", other, "not-leastwise"],
    ["a database of a newer version", newer, "newer-version"],
    ["a folder", folder, "database-io"],
    ["a folder that is not there", nowhere, "database-io"],
  ])("writing to %s", (_what, path, code) => {
    const error = errorOf(() => openForWriting(path));
    expect(error?.code).toBe(code);
    expect(error?.message).toContain(`\`${path}\``);
    expect(error?.hint).not.toBe("");
  });

  test.each([
    ["a text file", text, "not-a-database"],
    ["a database of another program", other, "not-leastwise"],
    ["a database of a newer version", newer, "newer-version"],
    ["a database of an older version", older, "older-version"],
    ["a file that is not there", nowhere, "no-database"],
  ])("reading %s", (_what, path, code) => {
    const error = errorOf(() => openForReading(path));
    expect(error?.code).toBe(code);
    expect(error?.message).toContain(`\`${path}\``);
    expect(error?.hint).not.toBe("");
  });

  test("and stays as it was", () => {
    errorOf(() => openForWriting(other));
    const db = new Database(other, { readonly: true });
    expect(rows(db, "SELECT name FROM sqlite_schema")).toEqual([{ name: "visits" }]);
    db.close();
  });
});

test("a connection for reading cannot write", () => {
  const { db, path } = newDatabase(folder);
  closeWriting(db);
  const reader = openForReading(path);
  expect(() => reader.prepare("DELETE FROM account").run()).toThrow(/readonly/);
  reader.close();
});
