/** `node floor.js FOLDER DATABASE`: only what no program could leave out on the same input; see docs/performance.md. */
import { readFileSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";

const [folder, results] = process.argv.slice(2);
if (folder === undefined || results === undefined) throw new Error("usage: floor FOLDER DATABASE");

let documents = 0;
for (const name of readdirSync(join(folder, "details"))) {
  const details = JSON.parse(readFileSync(join(folder, "details", name), "utf8")) as {
    readonly RoleDetailList: readonly { readonly RolePolicyList: readonly { readonly PolicyDocument: unknown }[] }[];
    readonly Policies: readonly { readonly PolicyVersionList: readonly { readonly Document: unknown }[] }[];
  }; // what the generator wrote
  for (const { RolePolicyList } of details.RoleDetailList)
    for (const { PolicyDocument } of RolePolicyList) documents += JSON.stringify(PolicyDocument).length > 0 ? 1 : 0;
  for (const { PolicyVersionList } of details.Policies)
    for (const { Document } of PolicyVersionList) documents += JSON.stringify(Document).length > 0 ? 1 : 0;
}
for (const name of readdirSync(join(folder, "findings"))) {
  for (const line of readFileSync(join(folder, "findings", name), "utf8").split("\n"))
    if (line !== "") JSON.parse(line);
}

const source = new Database(results, { readonly: true });
const path = `${results}-floor`;
rmSync(path, { force: true });
const target = new Database(path);
target.pragma("page_size = 8192");
target.pragma("journal_mode = WAL");
target.pragma("synchronous = FULL");
target.exec("CREATE TABLE row (row_id INTEGER PRIMARY KEY, text TEXT) STRICT");
const insert = target.prepare("INSERT INTO row (text) VALUES (?)");
const insertAll = target.transaction((texts: readonly string[]) => {
  for (const text of texts) insert.run(text);
});
let rows = 0;
for (const sql of [
  "SELECT text FROM document",
  "SELECT text FROM unused_set",
  "SELECT claims FROM usage_report",
  "SELECT changes FROM unit_change",
]) {
  let batch: string[] = [];
  for (const text of source.prepare<[], string>(sql).pluck().iterate()) {
    batch.push(text);
    if (batch.length === 1000) {
      insertAll(batch);
      batch = [];
    }
    rows++;
  }
  insertAll(batch);
}
target.close();
for (const suffix of ["", "-wal", "-shm"]) rmSync(path + suffix, { force: true });
console.log(`${documents} documents, ${rows} rows`);
