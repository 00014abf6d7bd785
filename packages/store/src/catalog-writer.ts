import type { Connection } from "./database.ts";

/** A catalog as the store keeps it. Actions are in the order of their ids. */
export interface CatalogRows {
  readonly sha256: string;
  readonly source: string;
  readonly date: string;
  readonly services: readonly { readonly service: string; readonly lo: number; readonly hi: number }[];
  readonly actions: Iterable<{ readonly action: string; readonly accessLevel: string; readonly tracked: boolean }>;
}

/** The catalog's id; its rows are written when the database has never seen it. `rows` is asked only then. */
export function ensureCatalog(db: Connection, sha256: string, rows: () => CatalogRows): number {
  const find = db.prepare<[string], number>("SELECT catalog_id FROM catalog WHERE sha256 = ?").pluck();
  const known = find.get(sha256);
  if (known !== undefined) return known;
  return db.transaction(() => {
    const { source, date, services, actions } = rows();
    const insert = db.prepare("INSERT INTO catalog (sha256, source, date) VALUES (?, ?, ?)");
    const catalogId = Number(insert.run(sha256, source, date).lastInsertRowid);
    const insertService = db.prepare("INSERT INTO service (catalog_id, service, lo, hi) VALUES (?, ?, ?, ?)");
    for (const { service, lo, hi } of services) insertService.run(catalogId, service, lo, hi);
    const insertAction = db.prepare(
      "INSERT INTO action (catalog_id, action_id, service, name, action, access_level, tracked) VALUES (?, ?, ?, ?, ?, ?, ?)",
    );
    let id = 0;
    for (const { action, accessLevel, tracked } of actions) {
      const colon = action.indexOf(":");
      const [service, name] = [action.slice(0, colon), action.slice(colon + 1)];
      insertAction.run(catalogId, id++, service, name, action, accessLevel, tracked ? 1 : 0);
    }
    return catalogId;
  })();
}
