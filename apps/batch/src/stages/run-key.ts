import { createHash } from "node:crypto";
import { resolve } from "node:path";
import type { Catalog } from "@leastwise/catalog";
import { type Settings, settingsText } from "../config/settings.ts";
import { ENGINE_VERSION, VERSION } from "../version.ts";
import type { InputFile, InputPart } from "./list-inputs.ts";

/** What makes two runs over the same inputs come to the same: programme, catalog, settings. Null where the clock decides too. */
export function rulesKey(catalog: Catalog, settings: Settings): string | null {
  if (settings.maxAge !== null && settings.asOf === null) return null; // stale means stale today
  return createHash("sha256").update(rulesText(catalog, settings)).digest("hex");
}

/** What makes two commands the same job: programme, catalog, settings, and the names, sizes and dates of all files. */
export function runKey(files: readonly InputFile[], catalog: Catalog, settings: Settings): string {
  const hash = createHash("sha256");
  hash.update(rulesText(catalog, settings));
  for (const file of files) {
    const parts = file.parts?.map(identityOf);
    hash.update(`\n${JSON.stringify([...identityOf(file), ...(parts === undefined ? [] : [parts])])}`);
  }
  return hash.digest("hex");
}

function rulesText({ sha256, operationsSha256 }: Catalog, settings: Settings): string {
  return JSON.stringify([VERSION, ENGINE_VERSION, sha256, operationsSha256, settingsText(settings)]);
}

function identityOf({ path, bytes, modifiedMs }: InputPart): readonly (string | number)[] {
  return [path, resolve(path), bytes, modifiedMs];
}
