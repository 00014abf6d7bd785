import { createHash } from "node:crypto";
import { resolve } from "node:path";
import type { Catalog } from "@leastwise/catalog";
import type { Granularity } from "@leastwise/core";
import { ENGINE_VERSION, VERSION } from "../version.ts";
import type { InputFile } from "./list-inputs.ts";

/** What makes two commands the same job: programme, catalog, options, and the files' names, sizes and dates. */
export function runKey(files: readonly InputFile[], catalog: Catalog, granularity: Granularity): string {
  const hash = createHash("sha256").update(JSON.stringify([VERSION, ENGINE_VERSION, catalog.sha256, granularity]));
  for (const { path, bytes, modifiedMs } of files)
    hash.update(`\n${JSON.stringify([path, resolve(path), bytes, modifiedMs])}`);
  return hash.digest("hex");
}
