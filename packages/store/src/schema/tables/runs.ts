/** Executions of the main job, what they were told, what they read and what they have to say of it. */
export const RUN_TABLES = `
-- What decides how policies are refined, by content: canonical JSON {granularity, services, keptSids, fit}.
CREATE TABLE option_set (
  option_set_id INTEGER PRIMARY KEY,
  sha256 TEXT NOT NULL UNIQUE,
  text TEXT NOT NULL
) STRICT;

-- One execution of the main job. state: ingest, plan, execute, done. settings: all that it was told, as JSON; sizes are held against
-- its limits. as_of: the day that ages are counted to. events_since: the day before which events prove no use; empty where all do.
-- units_reused: of the distinct questions that it asks, those that an earlier run had answered when this one was planned; null before.
-- found: what it came to, JSON {accounts, principals, attachments, actionsBefore, actionsAfter, …}, as \`refine --json\` gives it under
-- \`summary\`; null until it is done.
CREATE TABLE run (
  run_id INTEGER PRIMARY KEY,
  run_key TEXT NOT NULL,
  tool_version TEXT NOT NULL,
  engine_version INTEGER NOT NULL,
  catalog_id INTEGER NOT NULL REFERENCES catalog,
  option_set_id INTEGER NOT NULL REFERENCES option_set,
  settings TEXT NOT NULL,
  state TEXT NOT NULL,
  as_of TEXT,
  events_since TEXT,
  units_reused INTEGER,
  found TEXT,
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

-- Pages of accounts' authorization details, and whether they say that no other follows; the plan looks whether the last is there and
-- empties this.
CREATE TABLE export_page (
  run_id INTEGER NOT NULL REFERENCES run,
  input_id INTEGER NOT NULL REFERENCES input,
  account_id TEXT NOT NULL,
  is_last INTEGER NOT NULL,
  PRIMARY KEY (run_id, account_id, is_last, input_id)
) STRICT, WITHOUT ROWID;

-- Accounts of which not everybody is known, why, and by which input: nothing goes from their groups and shared policies. While inputs
-- are read account_id may be null (any account), and principal_arn names who it is about; the plan decides both.
CREATE TABLE incomplete_account (
  incomplete_account_id INTEGER PRIMARY KEY,
  run_id INTEGER NOT NULL REFERENCES run,
  input_id INTEGER NOT NULL REFERENCES input,
  account_id TEXT,
  principal_arn TEXT,
  reason TEXT NOT NULL
) STRICT;
CREATE INDEX incomplete_account_by_account ON incomplete_account (run_id, account_id);

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
