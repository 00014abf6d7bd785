import { basename } from "node:path";
import { builtInCatalog } from "./built-in.ts";
import { type Catalog, type CatalogSource, openCatalog } from "./catalog.ts";
import { CatalogError } from "./catalog-error.ts";
import { extended } from "./extend.ts";
import { imageOf } from "./image.ts";
import { type JsonDocument, readJsonDocuments } from "./json-documents.ts";
import { isPlainJson, readPlainJson } from "./sources/plain-json.ts";
import { isServiceReference, readServiceReference } from "./sources/service-reference.ts";

/** Every form a catalog can have. A further one is one file in `sources/` and one line here. */
const FORMS: readonly ((documents: readonly JsonDocument[], path: string) => CatalogSource | undefined)[] = [
  ([first, ...others], path) =>
    first?.pointer === "" && others.length === 0 && isPlainJson(first.value)
      ? readPlainJson(first.value, `file ${basename(path)}`)
      : undefined,
  (documents, path) => (isServiceReference(documents) ? readServiceReference(documents, path) : undefined),
];

/**
 * The catalog to work with: of a file or folder of any known form, recognised by its content, or the built-in one; extended by AWS's
 * service reference where one is given.
 *
 * @throws CatalogError `catalog-unreadable` (no file, not JSON), `catalog-shape` (no known form, or empty), `catalog-name`
 */
export function loadCatalog(path?: string, serviceReference?: string): Catalog {
  const catalog = path === undefined ? builtInCatalog() : opened(sourceOf(path));
  if (serviceReference === undefined) return catalog;
  return opened(extended(catalog, readServiceReference(readJsonDocuments(serviceReference), serviceReference)));
}

function opened(source: CatalogSource): Catalog {
  return openCatalog(imageOf(source), source.operations);
}

function sourceOf(path: string): CatalogSource {
  const documents = readJsonDocuments(path);
  for (const form of FORMS) {
    const source = form(documents, path);
    if (source === undefined) continue;
    if (source.actions.length === 0) {
      throw new CatalogError(
        "catalog-shape",
        `the catalog \`${path}\` has no actions`,
        "an empty catalog would remove every wildcard",
      );
    }
    return source;
  }
  throw new CatalogError(
    "catalog-shape",
    `\`${path}\` is no catalog of a known form`,
    'the plain form is { "service": ["Action", …] }; files of AWS\'s service reference are the other',
  );
}
