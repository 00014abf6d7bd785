/**
 * `node floor.js FOLDER DATABASE [--texts | --earlier DATABASE [--rows-only]]`: only what no program could leave out on the same
 * input, on one thread; see docs/performance.md. Prints as JSON what of its time was no part of that. `--texts`: the lower floor, of the
 * largest texts alone. `--earlier`: of rows only those that the other database lacks. `--rows-only`: without reading the input.
 */
import { parseArgs } from "node:util";
import Database from "better-sqlite3";
import { copyRows } from "./floor/copy-rows.ts";
import { copyTexts } from "./floor/copy-texts.ts";
import { readInputs } from "./floor/read-inputs.ts";
import { NOTHING } from "./measure/stopwatch.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    texts: { type: "boolean", default: false },
    earlier: { type: "string" },
    "rows-only": { type: "boolean", default: false },
  },
});
const [folder, results] = positionals;
if (folder === undefined || results === undefined) {
  console.error("usage: floor FOLDER DATABASE [--texts | --earlier DATABASE [--rows-only]]");
  process.exitCode = 2;
} else {
  const documents = values["rows-only"] ? 0 : readInputs(folder);
  const source = new Database(results, { readonly: true });
  const target = new Database(`${results}-floor`);
  target.pragma(`page_size = ${Number(source.pragma("page_size", { simple: true }))}`);
  target.pragma("journal_mode = WAL"); // this and what follows as the program has it
  target.pragma("synchronous = FULL");
  target.pragma("wal_autocheckpoint = 8192");
  target.pragma("cache_size = -32768");
  const copied = values.texts
    ? { rows: copyTexts(source, target), loading: NOTHING } // reading them has always been in the time of this floor
    : copyRows(source, target, values.earlier);
  target.pragma("wal_checkpoint(TRUNCATE)");
  target.pragma("journal_mode = DELETE");
  target.close();
  source.close();
  console.log(JSON.stringify({ documents, ...copied }));
}
