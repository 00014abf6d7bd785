import { contentHash } from "@leastwise/catalog";
import { Verifier, fold } from "@leastwise/core";
import type { StoredCatalog, StoredResults } from "@leastwise/store";

/** A stored catalog, and a verifier made from its rows: nothing but the database is asked. */
export class CheckedCatalog {
  readonly sha256: string;
  readonly source: string;
  readonly date: string;
  /** Why the rows cannot be what the hash says; null where they are. */
  readonly problem: string | null;
  readonly #names: readonly string[];
  #verifier: Verifier | undefined;

  /** O(actions) */
  constructor(stored: StoredCatalog) {
    this.sha256 = stored.sha256;
    this.source = stored.source;
    this.date = stored.date;
    this.problem = problemOf(stored);
    this.#names = stored.actions.map(({ action }) => action);
  }

  get actions(): number {
    return this.#names.length;
  }

  /** Made when it is first asked for. */
  get verifier(): Verifier {
    return (this.#verifier ??= new Verifier(this.#names));
  }
}

/** By id. O(actions of all catalogs). */
export function checkedCatalogs(stored: StoredResults): ReadonlyMap<number, CheckedCatalog> {
  return new Map(stored.catalogs().map((catalog) => [catalog.catalogId, new CheckedCatalog(catalog)]));
}

function problemOf({ sha256, services, actions }: StoredCatalog): string | null {
  const found = contentHash({
    services: services.map(({ service }) => service),
    actions: actions.map(({ action, accessLevel, tracked }) => ({ action, accessLevel, tracked: tracked === 1 })),
  });
  if (found !== sha256) return `its services and actions have the SHA-256 ${found}, it says ${sha256}`;
  const odd = [
    ...services.map(({ service }) => service),
    ...actions.flatMap(({ name, accessLevel }) => [name, accessLevel]),
  ].find((text) => /[:\t\n]/.test(text));
  if (odd !== undefined) return `\`${odd}\` can stand in no catalog`; // it could make other rows hash alike
  const untold = actions.find(({ tracked }) => tracked !== 0 && tracked !== 1);
  if (untold !== undefined) return `the row of \`${untold.action}\` neither says that it is tracked nor that it is not`;
  const folded = actions.map(({ action }) => fold(action));
  const misnamed = actions.find(({ id, service, name, action }, place) => {
    return id !== place || action !== `${service}:${name}` || (place > 0 && folded[place - 1]! >= folded[place]!); // place is inside
  });
  if (misnamed !== undefined) return `the row of \`${misnamed.action}\` has another id, service or name`;
  const sizes = new Map<string, number>();
  for (const { service } of actions) sizes.set(fold(service), (sizes.get(fold(service)) ?? 0) + 1);
  const displaced = services.find(({ service, lo, hi }) => {
    const head = `${fold(service)}:`;
    return hi - lo !== (sizes.get(fold(service)) ?? 0) || !folded.slice(lo, hi).every((name) => name.startsWith(head));
  });
  return displaced === undefined ? null : `the row of the service \`${displaced.service}\` has other bounds`;
}
