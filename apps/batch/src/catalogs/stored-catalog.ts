import { type AccessLevel, type Catalog, imageOf, openCatalog } from "@leastwise/catalog";
import type { StoredCatalog } from "@leastwise/store";
import { EXIT, Failure } from "../exit-code.ts";

/**
 * The catalog that a database's rows are. What CloudTrail's operations mean is not among them. O(actions).
 *
 * @throws Failure where the rows are not those that the catalog's hash says
 */
export function catalogOf({ sha256, source, date, services, actions }: StoredCatalog): Catalog {
  const catalog = openCatalog(
    imageOf({
      source,
      date,
      services: services.map(({ service }) => service),
      actions: actions.map(({ action, accessLevel, tracked }) => ({
        action,
        accessLevel: accessLevel as AccessLevel, // what else it might be, the hash tells
        tracked: tracked === 1,
      })),
    }),
  );
  if (catalog.sha256 === sha256) return catalog;
  throw new Failure(
    EXIT.io,
    `the catalog ${sha256.slice(0, 12)} of the database is damaged`,
    "`leastwise verify --db FILE` says what else is",
  );
}
