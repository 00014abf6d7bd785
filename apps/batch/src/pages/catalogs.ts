import { type Catalog, builtInCatalog } from "@leastwise/catalog";
import { type Connection, type StoredCatalog, StoredResults } from "@leastwise/store";
import { type CatalogChanges, catalogChanges } from "../catalogs/catalog-changes.ts";
import { catalogOf } from "../catalogs/stored-catalog.ts";

/** What has become of a run's catalog since. */
export interface Newer {
  readonly catalog: Catalog;
  readonly changes: CatalogChanges;
}

/** Catalogs of the database by id, each made once: a tenth of a second. */
export class PageCatalogs {
  readonly #known = new Map<string, Catalog>();
  readonly #newer = new Map<string, Newer | null>();

  of(db: Connection, catalogId: number): Catalog {
    const stored = storedCatalog(db, catalogId);
    const known = this.#known.get(stored.sha256);
    if (known !== undefined) return known;
    const builtIn = builtInCatalog();
    const catalog = builtIn.sha256 === stored.sha256 ? builtIn : catalogOf(stored);
    this.#known.set(stored.sha256, catalog);
    return catalog;
  }

  /** The program's own catalog beside the run's; null where it is the same or an older one. */
  newerThan(older: Catalog): Newer | null {
    const known = this.#newer.get(older.sha256);
    if (known !== undefined) return known;
    const catalog = builtInCatalog();
    const isNewer = catalog.sha256 !== older.sha256 && catalog.date >= older.date;
    const newer = isNewer ? { catalog, changes: catalogChanges(older, catalog) } : null;
    this.#newer.set(older.sha256, newer);
    return newer;
  }
}

function storedCatalog(db: Connection, catalogId: number): StoredCatalog {
  return new StoredResults(db).catalogs().find((catalog) => catalog.catalogId === catalogId)!; // a run refers to its catalog
}
