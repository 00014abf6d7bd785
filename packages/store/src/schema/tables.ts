/**
 * Version 1 of the tables. Tables have singular names and hold each fact once; people read the views, which have plural names.
 *
 * Dates are ISO 8601 in UTC, hashes lower-case hexadecimal, lists JSON text. `run_id` is on every fact that an export states,
 * so that several runs live in one file; documents, sets of unused actions and units are shared between runs by content.
 */
export const TABLES = `
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

-- Its actions. The id is the action's place in the order of lower-cased names, so that a prefix is an interval of ids.
CREATE TABLE action (
  catalog_id INTEGER NOT NULL REFERENCES catalog,
  action_id INTEGER NOT NULL,
  service TEXT NOT NULL,
  name TEXT NOT NULL,
  action TEXT NOT NULL COLLATE NOCASE,
  access_level TEXT NOT NULL,
  PRIMARY KEY (catalog_id, action_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX action_by_name ON action (catalog_id, action);

-- One execution of the main job. state: ingest, plan, execute, done.
CREATE TABLE run (
  run_id INTEGER PRIMARY KEY,
  run_key TEXT NOT NULL,
  tool_version TEXT NOT NULL,
  engine_version INTEGER NOT NULL,
  catalog_id INTEGER NOT NULL REFERENCES catalog,
  granularity TEXT NOT NULL,
  options TEXT NOT NULL,
  state TEXT NOT NULL,
  started_at TEXT NOT NULL,
  finished_at TEXT
) STRICT;

-- The files a run has read, and what they were recognised as (JSON list).
CREATE TABLE input (
  input_id INTEGER PRIMARY KEY,
  run_id INTEGER NOT NULL REFERENCES run,
  path TEXT NOT NULL,
  kinds TEXT NOT NULL,
  UNIQUE (run_id, path)
) STRICT;

CREATE TABLE account (
  account_id TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;

-- Policy documents by content: minified JSON, so that a baseline that stands in 3,000 accounts is stored once.
CREATE TABLE document (
  document_id INTEGER PRIMARY KEY,
  sha256 TEXT NOT NULL UNIQUE,
  text TEXT NOT NULL,
  characters INTEGER NOT NULL
) STRICT;

-- Roles, users and groups. marked: service-linked, identity-center or null.
CREATE TABLE principal (
  principal_id INTEGER PRIMARY KEY,
  arn TEXT NOT NULL UNIQUE,
  account_id TEXT NOT NULL REFERENCES account,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  path TEXT NOT NULL,
  unique_id TEXT NOT NULL,
  created_at TEXT,
  last_used_at TEXT,
  boundary_arn TEXT,
  marked TEXT
) STRICT;
CREATE INDEX principal_by_account ON principal (account_id, kind, name);

-- Policies. key: the ARN of a managed policy, "principal ARN#name" of an inline one. kind: inline, customer, aws.
CREATE TABLE policy (
  policy_id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  account_id TEXT
) STRICT;

-- What a run knows of a principal. unused_id is set by the plan; evidence: reported, members (of a group), none.
CREATE TABLE run_principal (
  run_id INTEGER NOT NULL REFERENCES run,
  principal_id INTEGER NOT NULL REFERENCES principal,
  unused_id INTEGER REFERENCES unused_set,
  evidence TEXT,
  PRIMARY KEY (run_id, principal_id)
) STRICT, WITHOUT ROWID;

-- Which users are in which groups, by name as the export says.
CREATE TABLE membership (
  run_id INTEGER NOT NULL REFERENCES run,
  account_id TEXT NOT NULL,
  group_name TEXT NOT NULL,
  user_id INTEGER NOT NULL REFERENCES principal,
  PRIMARY KEY (run_id, account_id, group_name, user_id)
) STRICT, WITHOUT ROWID;

-- The document of a policy at the time of a run.
CREATE TABLE policy_document (
  run_id INTEGER NOT NULL REFERENCES run,
  policy_id INTEGER NOT NULL REFERENCES policy,
  document_id INTEGER NOT NULL REFERENCES document,
  version_id TEXT,
  updated_at TEXT,
  PRIMARY KEY (run_id, policy_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE attachment (
  run_id INTEGER NOT NULL REFERENCES run,
  principal_id INTEGER NOT NULL REFERENCES principal,
  policy_id INTEGER NOT NULL REFERENCES policy,
  PRIMARY KEY (run_id, principal_id, policy_id)
) STRICT, WITHOUT ROWID;

-- What a source says of a principal: a finding (by its id) or a plain list. active 0: takes back what the finding said before.
-- unused: JSON [{service, actions}] with bare names; actions is null when the whole service is unused.
CREATE TABLE usage_report (
  usage_report_id INTEGER PRIMARY KEY,
  run_id INTEGER NOT NULL REFERENCES run,
  input_id INTEGER NOT NULL REFERENCES input,
  principal_arn TEXT NOT NULL,
  source TEXT NOT NULL,
  report_id TEXT NOT NULL,
  active INTEGER NOT NULL,
  updated_at TEXT,
  unused TEXT NOT NULL
) STRICT;
CREATE INDEX usage_report_by_principal ON usage_report (run_id, principal_arn);

-- Sets of unused actions by content: canonical JSON [{service, whole, names}].
CREATE TABLE unused_set (
  unused_id INTEGER PRIMARY KEY,
  sha256 TEXT NOT NULL UNIQUE,
  text TEXT NOT NULL
) STRICT;

-- One question and its answer: what is left of a document for a set of unused actions. state: planned, done, failed.
-- final_document_id: what should be in place afterwards; null to detach. certificate: SHA-256 of the statement that the view
-- certificates shows; it binds the answer to its inputs.
CREATE TABLE unit (
  unit_id INTEGER PRIMARY KEY,
  document_id INTEGER NOT NULL REFERENCES document,
  unused_id INTEGER NOT NULL REFERENCES unused_set,
  catalog_id INTEGER NOT NULL REFERENCES catalog,
  granularity TEXT NOT NULL,
  engine_version INTEGER NOT NULL,
  state TEXT NOT NULL DEFAULT 'planned',
  recommended_action TEXT,
  final_document_id INTEGER REFERENCES document,
  actions_before INTEGER,
  actions_removed INTEGER,
  unknown_actions TEXT,
  certificate TEXT,
  failure_code TEXT,
  failure TEXT,
  UNIQUE (unused_id, document_id, catalog_id, granularity, engine_version)
) STRICT;

-- What changed in it, entry by entry: JSON [[statement, element, entry, replaced by …], …].
CREATE TABLE unit_change (
  unit_id INTEGER PRIMARY KEY REFERENCES unit,
  changes TEXT NOT NULL
) STRICT;

-- A run's answer for an attachment: the unit that it is one case of.
CREATE TABLE recommendation (
  run_id INTEGER NOT NULL REFERENCES run,
  principal_id INTEGER NOT NULL REFERENCES principal,
  policy_id INTEGER NOT NULL REFERENCES policy,
  unit_id INTEGER NOT NULL REFERENCES unit,
  PRIMARY KEY (run_id, principal_id, policy_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX recommendation_by_unit ON recommendation (unit_id, run_id);

-- What a document's Allow statements grant, once for each catalog: how many actions, and the intervals [lo, hi) of their ids.
CREATE TABLE grant_set (
  catalog_id INTEGER NOT NULL REFERENCES catalog,
  document_id INTEGER NOT NULL REFERENCES document,
  actions INTEGER NOT NULL,
  PRIMARY KEY (catalog_id, document_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE grant_interval (
  catalog_id INTEGER NOT NULL,
  document_id INTEGER NOT NULL,
  lo INTEGER NOT NULL,
  hi INTEGER NOT NULL,
  PRIMARY KEY (catalog_id, document_id, lo)
) STRICT, WITHOUT ROWID;

-- What a person should know about inputs. severity: error (refused), warning, info.
CREATE TABLE diagnostic (
  diagnostic_id INTEGER PRIMARY KEY,
  run_id INTEGER NOT NULL REFERENCES run,
  severity TEXT NOT NULL,
  code TEXT NOT NULL,
  path TEXT NOT NULL,
  pointer TEXT NOT NULL,
  message TEXT NOT NULL,
  hint TEXT NOT NULL
) STRICT;
CREATE INDEX diagnostic_by_run ON diagnostic (run_id, severity, code);
`;
