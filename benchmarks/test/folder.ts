import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll } from "vitest";

/** A folder that goes away after the tests of the file. Call it at the top of a file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "leastwise-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Every file of a folder by its name without `.gz`, decompressed. */
export function textsOf(folder: string): ReadonlyMap<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.includes(".json"));
  return new Map(
    names.sort().map((name) => {
      const bytes = readFileSync(join(folder, name));
      return [name.replace(/\.gz$/, ""), (name.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString()];
    }),
  );
}
