import { type Catalog, builtInCatalog, loadCatalog } from "@leastwise/catalog";
import { type StoredCatalog, StoredResults, openForReading } from "@leastwise/store";
import { EXIT, Failure } from "../exit-code.ts";
import { catalogOf } from "./stored-catalog.ts";

const FEWEST_DIGITS = 4;

/** The catalogs of a database. */
export function readStoredCatalogs(path: string): readonly StoredCatalog[] {
  const db = openForReading(path);
  try {
    return new StoredResults(db).catalogs();
  } finally {
    db.close();
  }
}

/**
 * The catalog that a person means: `built-in`, the first digits of the SHA-256 of one of those given, or a file or folder.
 *
 * @throws CatalogError where the file is none; Failure where the digits stand for several
 */
export function catalogNamed(name: string, stored: readonly StoredCatalog[]): Catalog {
  if (name === "built-in") return builtInCatalog();
  const isHash = name.length >= FEWEST_DIGITS && /^[0-9a-f]+$/i.test(name);
  const meant = isHash ? stored.filter(({ sha256 }) => sha256.startsWith(name.toLowerCase())) : [];
  const [first, ...others] = meant;
  if (first === undefined) return loadCatalog(name);
  if (others.length === 0) return catalogOf(first);
  throw new Failure(EXIT.usage, `\`${name}\` stands for ${meant.length} catalogs`, "give more digits of the SHA-256");
}
