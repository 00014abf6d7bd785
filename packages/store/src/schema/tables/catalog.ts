/** The catalogs that results were computed with. */
export const CATALOG_TABLES = `
-- A catalog of AWS actions: a dated, hashed set.
CREATE TABLE catalog (
  catalog_id INTEGER PRIMARY KEY,
  sha256 TEXT NOT NULL UNIQUE,
  source TEXT NOT NULL,
  date TEXT NOT NULL
) STRICT;

-- Its services; the service's actions have the ids [lo, hi).
CREATE TABLE service (
  catalog_id INTEGER NOT NULL REFERENCES catalog,
  service TEXT NOT NULL COLLATE NOCASE,
  lo INTEGER NOT NULL,
  hi INTEGER NOT NULL,
  PRIMARY KEY (catalog_id, service)
) STRICT, WITHOUT ROWID;
CREATE INDEX service_by_lo ON service (catalog_id, lo);

-- Its actions. The id is the action's place in the order of lower-cased names, so that a prefix is an interval of ids.
-- tracked: 1 where IAM says when the action was last accessed, 0 where it does not or the catalog's source does not tell.
CREATE TABLE action (
  catalog_id INTEGER NOT NULL REFERENCES catalog,
  action_id INTEGER NOT NULL,
  service TEXT NOT NULL,
  name TEXT NOT NULL,
  action TEXT NOT NULL COLLATE NOCASE,
  access_level TEXT NOT NULL,
  tracked INTEGER NOT NULL,
  PRIMARY KEY (catalog_id, action_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX action_by_name ON action (catalog_id, action);
`;
