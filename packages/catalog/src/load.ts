import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { type Catalog, type CatalogSource, openCatalog } from "./catalog.ts";
import { CatalogError } from "./catalog-error.ts";
import { imageOf } from "./image.ts";
import { isPlainJson, readPlainJson } from "./sources/plain-json.ts";

/** Every form a catalog file can have. A further one is one file in `sources/` and one line here. */
const FORMS: readonly ((value: unknown, source: string) => CatalogSource | undefined)[] = [
  (value, source) => (isPlainJson(value) ? readPlainJson(value, source) : undefined),
];

/**
 * A catalog from a JSON file of any known form, recognised by its content.
 *
 * @throws CatalogError `catalog-unreadable` (no file, not JSON), `catalog-shape` (no known form, or empty), `catalog-name`
 */
export function loadCatalog(path: string): Catalog {
  const value = parseFile(path);
  for (const form of FORMS) {
    const source = form(value, `file ${basename(path)}`);
    if (source === undefined) continue;
    if (source.actions.length === 0) {
      throw new CatalogError(
        "catalog-shape",
        `the catalog \`${path}\` has no actions`,
        "an empty catalog would remove every wildcard",
      );
    }
    return openCatalog(imageOf(source));
  }
  throw new CatalogError(
    "catalog-shape",
    `\`${path}\` is no catalog of a known form`,
    'the plain form is { "service": ["Action", …] }',
  );
}

function parseFile(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CatalogError(
      "catalog-unreadable",
      `the catalog \`${path}\` cannot be read: ${reason}`,
      "name a readable JSON file",
      {
        cause: error,
      },
    );
  }
}
