/**
 * `npm run bench:plots -- [RESULTS] [--out FOLDER]`: draws the figures of the reference run into docs/performance/ and writes its tables
 * into docs/performance.md. With `--out` the pictures alone, into that folder.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { Results } from "./measure/figures.ts";
import { figureBlocks, fillFigures } from "./plots/fill-figures.ts";
import { pictures } from "./plots/pictures.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const REFERENCE = join(ROOT, "benchmarks", "results", "reference.json");
const PAGE = join(ROOT, "docs", "performance.md");
/** Beside the page, and so in its links. */
const FOLDER = "performance";

const { values, positionals } = parseArgs({ allowPositionals: true, options: { out: { type: "string" } } });
const file = positionals[0] ?? REFERENCE;
if (existsSync(file)) {
  const results = JSON.parse(readFileSync(file, "utf8")) as Results; // what bench.ts wrote
  const drawn = pictures(results);
  const out = values.out ?? join(ROOT, "docs", FOLDER);
  mkdirSync(out, { recursive: true });
  for (const picture of drawn) writeFileSync(join(out, picture.file), picture.svg);
  if (values.out === undefined)
    writeFileSync(PAGE, fillFigures(readFileSync(PAGE, "utf8"), figureBlocks(results, drawn, FOLDER)));
  console.log(`${drawn.length} pictures in ${out}`);
} else {
  console.error(`there are no figures \`${file}\`: make them with \`npm run bench -- --out ${file}\``);
  process.exitCode = 2;
}
