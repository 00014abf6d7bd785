/** `npm run -s sbom`: the bill of materials of the program, CycloneDX 1.5 in JSON, to stdout. */
import { readFileSync } from "node:fs";
import { CATALOG_DATA, PAGE, PROGRAM } from "./handed-over.ts";
import { billOf } from "./sbom/cyclonedx.ts";
import { readLockFile } from "./supply/lock-file.ts";

const lock = readLockFile(readFileSync("package-lock.json", "utf8"));
const bill = billOf(lock, PROGRAM, { bundled: [PAGE], data: [CATALOG_DATA] });
process.stdout.write(`${JSON.stringify(bill, null, 2)}\n`);
