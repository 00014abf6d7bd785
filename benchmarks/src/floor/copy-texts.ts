import type Database from "better-sqlite3";

/** The columns that most of a result's bytes are in. */
const TEXTS = [
  "SELECT text FROM document",
  "SELECT text FROM unused_set",
  "SELECT text FROM usage_claims",
  "SELECT changes FROM unit_change",
];
const TEXTS_PER_COMMIT = 1000;

/** Inserts the largest texts of a result into one table, a thousand a transaction. Gives their number. */
export function copyTexts(source: Database.Database, target: Database.Database): number {
  target.exec("CREATE TABLE row (row_id INTEGER PRIMARY KEY, text TEXT) STRICT");
  const insert = target.prepare("INSERT INTO row (text) VALUES (?)");
  const insertAll = target.transaction((texts: readonly string[]) => {
    for (const text of texts) insert.run(text);
  });
  let rows = 0;
  for (const sql of TEXTS) {
    let batch: string[] = [];
    for (const text of source.prepare<[], string>(sql).pluck().iterate()) {
      rows++;
      if (batch.push(text) < TEXTS_PER_COMMIT) continue;
      insertAll(batch);
      batch = [];
    }
    insertAll(batch);
  }
  return rows;
}
