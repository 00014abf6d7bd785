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
-- rules_key: SHA-256 of all but the inputs that decides what a run comes to (program, catalog, settings); null where the clock does too, so
-- that no other run can build on this one. base_run_id: the run that everything was taken over from that was not read again; null where all
-- was read. It may have been forgotten since.
-- share: where only some of its units are refined here, which share of how many that is, as 2/4: such a run stays unfinished, and
-- \`leastwise merge\` puts all shares together. merging: while it does;
-- merging-unchecked: while it does and checks only some of the answers. Null for a run that is whole.
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
  rules_key TEXT,
  base_run_id INTEGER,
  share TEXT,
  found TEXT,
  started_at TEXT NOT NULL,
  finished_at TEXT
) STRICT;

-- The files of a run, and what they were recognised as (JSON list). sha256: of the bytes as they lie on disk; of a folder that is read as one,
-- of its files' hashes; null where it is not known. base_input_id: the same file in the run that this one builds on, where it was not read
-- again.
CREATE TABLE input (
  input_id INTEGER PRIMARY KEY,
  run_id INTEGER NOT NULL REFERENCES run,
  path TEXT NOT NULL,
  kinds TEXT NOT NULL,
  sha256 TEXT,
  base_input_id INTEGER,
  UNIQUE (run_id, path)
) STRICT;

-- The accounts that a file says something of: where none of an account's files has changed, a later run takes the account over.
-- account_id: empty for callers that are no account's principal, * where somebody is left out and nobody knows of which account.
-- newest_report: the newest date of the file's reports on the account's principals, or null.
CREATE TABLE input_account (
  run_id INTEGER NOT NULL REFERENCES run,
  input_id INTEGER NOT NULL REFERENCES input,
  account_id TEXT NOT NULL,
  newest_report TEXT,
  PRIMARY KEY (run_id, input_id, account_id)
) STRICT, WITHOUT ROWID;

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

-- What a person should know about inputs. severity: error (refused), warning, info. input_id: the file that was read when it was said;
-- null where all of them together say so.
CREATE TABLE diagnostic (
  diagnostic_id INTEGER PRIMARY KEY,
  run_id INTEGER NOT NULL REFERENCES run,
  input_id INTEGER REFERENCES input,
  severity TEXT NOT NULL,
  code TEXT NOT NULL,
  path TEXT NOT NULL,
  pointer TEXT NOT NULL,
  message TEXT NOT NULL,
  hint TEXT NOT NULL
) STRICT;
CREATE INDEX diagnostic_by_run ON diagnostic (run_id, severity, code);
`;
