import { contentHash } from "@leastwise/catalog";
import { Verifier } from "@leastwise/core";
import type { StoredCatalog, StoredResults } from "@leastwise/store";

/** A stored catalog, and a verifier made from its rows: nothing but the database is asked. */
export interface CheckedCatalog {
  readonly sha256: string;
  readonly source: string;
  readonly date: string;
  readonly actions: number;
  readonly verifier: Verifier;
  /** Why the rows cannot be what the hash says; null where they are. */
  readonly problem: string | null;
}

/** By id. O(actions of all catalogs). */
export function checkCatalogs(stored: StoredResults): ReadonlyMap<number, CheckedCatalog> {
  return new Map(
    stored.catalogs().map((catalog) => {
      const { catalogId, sha256, source, date, actions } = catalog;
      const verifier = new Verifier(actions.map(({ action }) => action));
      return [catalogId, { sha256, source, date, actions: actions.length, verifier, problem: problemOf(catalog) }];
    }),
  );
}

function problemOf({ sha256, services, actions }: StoredCatalog): string | null {
  const found = contentHash({ services: services.map(({ service }) => service), actions });
  if (found !== sha256) return `its services and actions have the SHA-256 ${found}, it says ${sha256}`;
  const folded = actions.map(({ action }) => action.replace(/[A-Z]/g, (letter) => letter.toLowerCase()));
  const misnamed = actions.find(({ id, service, name, action }, place) => {
    return id !== place || action !== `${service}:${name}` || (place > 0 && folded[place - 1]! >= folded[place]!); // place is inside
  });
  if (misnamed !== undefined) return `the row of \`${misnamed.action}\` has another id, service or name`;
  const displaced = services.find(({ service, lo, hi }) => {
    const head = `${service.toLowerCase()}:`;
    const inside = folded.reduce((sum, name) => sum + (name.startsWith(head) ? 1 : 0), 0);
    return hi - lo !== inside || !folded.slice(lo, hi).every((name) => name.startsWith(head));
  });
  return displaced === undefined ? null : `the row of the service \`${displaced.service}\` has other bounds`;
}
