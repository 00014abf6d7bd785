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

-- What decides how policies are refined, by content: canonical JSON {granularity, services, keptSids}.
CREATE TABLE option_set (
  option_set_id INTEGER PRIMARY KEY,
  sha256 TEXT NOT NULL UNIQUE,
  text TEXT NOT NULL
) STRICT;

-- One execution of the main job. state: ingest, plan, execute, done. settings: all that it was told, as JSON for people. as_of: the day
-- that ages are counted to. events_since: the day before which events prove no use; empty where all do.
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

-- What a run knows of a principal. tracks_last_use: whether the export says when it was last used; then last_used_at null means never.
-- tags: JSON {key: value}. The rest is set by the plan. unused_id: what all evidence together calls unused. removable_id: what of that
-- may go, without what is protected; nothing of it where the principal is left alone. evidence: reported, members (of a group),
-- use-only (nothing is known but use), none. left_because: the rule by which it is left alone, or null. unused_by, unused_since: the
-- source that says that the principal itself is unused, and its last use. young_after: what has come or changed since is too young.
CREATE TABLE run_principal (
  run_id INTEGER NOT NULL REFERENCES run,
  principal_id INTEGER NOT NULL REFERENCES principal,
  created_at TEXT,
  last_used_at TEXT,
  tracks_last_use INTEGER NOT NULL,
  boundary_arn TEXT,
  tags TEXT NOT NULL,
  unused_id INTEGER REFERENCES unused_set,
  removable_id INTEGER REFERENCES unused_set,
  evidence TEXT,
  left_because TEXT,
  unused_by TEXT,
  unused_since TEXT,
  young_after TEXT,
  PRIMARY KEY (run_id, principal_id)
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

-- Which users are in which groups, by name as the export says.
CREATE TABLE membership (
  run_id INTEGER NOT NULL REFERENCES run,
  account_id TEXT NOT NULL,
  group_name TEXT NOT NULL,
  user_id INTEGER NOT NULL REFERENCES principal,
  PRIMARY KEY (run_id, account_id, group_name, user_id)
) STRICT, WITHOUT ROWID;

-- The document of a policy at the time of a run. attachment_count, boundary_count: how many principals AWS says have it, and have it
-- as their boundary; null where the export does not say. left_because: the rule by which it is left alone, or null.
CREATE TABLE policy_document (
  run_id INTEGER NOT NULL REFERENCES run,
  policy_id INTEGER NOT NULL REFERENCES policy,
  document_id INTEGER NOT NULL REFERENCES document,
  version_id TEXT,
  updated_at TEXT,
  attachment_count INTEGER,
  boundary_count INTEGER,
  left_because TEXT,
  PRIMARY KEY (run_id, policy_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE attachment (
  run_id INTEGER NOT NULL REFERENCES run,
  principal_id INTEGER NOT NULL REFERENCES principal,
  policy_id INTEGER NOT NULL REFERENCES policy,
  PRIMARY KEY (run_id, principal_id, policy_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX attachment_by_policy ON attachment (run_id, policy_id);

-- Pages of reports as they are read; the plan joins them to usage_report and empties this.
CREATE TABLE usage_page (
  usage_page_id INTEGER PRIMARY KEY,
  run_id INTEGER NOT NULL REFERENCES run,
  input_id INTEGER NOT NULL REFERENCES input,
  principal_arn TEXT NOT NULL,
  source TEXT NOT NULL,
  report_id TEXT NOT NULL,
  active INTEGER NOT NULL,
  updated_at TEXT,
  lines TEXT NOT NULL
) STRICT;
CREATE INDEX usage_page_by_principal ON usage_page (run_id, principal_arn);

-- What a source says of a principal's use, all pages joined, and how it was judged. source: access-analyzer, last-accessed, plain-list.
-- standing: counts, not-active, predecessor (older than the principal), superseded, stale. window_days: how many days back an access counts as use; null where the source
-- has judged. claims: JSON [{service, state, actions, lastAccessed}], state being used, unused or unknown (the service was used, and
-- nothing says by which action); actions null means the service as a whole. inputs: JSON list of the inputs it was read from.
CREATE TABLE usage_report (
  usage_report_id INTEGER PRIMARY KEY,
  run_id INTEGER NOT NULL REFERENCES run,
  principal_id INTEGER NOT NULL REFERENCES principal,
  source TEXT NOT NULL,
  report_id TEXT NOT NULL,
  updated_at TEXT,
  standing TEXT NOT NULL,
  window_days INTEGER,
  claims TEXT NOT NULL,
  inputs TEXT NOT NULL
) STRICT;
CREATE INDEX usage_report_by_principal ON usage_report (run_id, principal_id);

-- How often CloudTrail saw a principal make one kind of call. principal_arn: also type:AWSService and such for callers that IAM knows
-- no principal for. last_at: the newest that was not denied, or null.
CREATE TABLE event_use (
  run_id INTEGER NOT NULL REFERENCES run,
  principal_arn TEXT NOT NULL,
  event_source TEXT NOT NULL,
  event_name TEXT NOT NULL,
  events INTEGER NOT NULL,
  denied INTEGER NOT NULL,
  last_at TEXT,
  PRIMARY KEY (run_id, principal_arn, event_source, event_name)
) STRICT, WITHOUT ROWID;

-- What CloudTrail's names stand for. actions: JSON list of service:Name, null where the name is not known; service: null where not
-- even the service is; services: JSON list of all services that it may be of, whether the catalog has them or not. via: exact, table, operation, suffix or unmapped. reference: where the row of the table comes from.
CREATE TABLE event_name (
  run_id INTEGER NOT NULL REFERENCES run,
  event_source TEXT NOT NULL,
  event_name TEXT NOT NULL,
  service TEXT,
  services TEXT NOT NULL,
  actions TEXT,
  via TEXT NOT NULL,
  reference TEXT NOT NULL,
  PRIMARY KEY (run_id, event_source, event_name)
) STRICT, WITHOUT ROWID;

-- Findings that a principal is unused altogether. active 0: takes back what the finding said before.
CREATE TABLE unused_principal (
  run_id INTEGER NOT NULL REFERENCES run,
  principal_arn TEXT NOT NULL,
  report_id TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  active INTEGER NOT NULL,
  last_accessed TEXT,
  PRIMARY KEY (run_id, principal_arn, report_id, updated_at)
) STRICT, WITHOUT ROWID;

-- AWS's own recommendations, a page a row. source: access-analyzer or security-hub. status: SUCCEEDED, FAILED, IN_PROGRESS.
-- steps: JSON [{recommendedAction, policyId, policyUpdatedAt, recommendedSha256, existingSha256}].
CREATE TABLE aws_recommendation (
  run_id INTEGER NOT NULL REFERENCES run,
  principal_arn TEXT NOT NULL,
  source TEXT NOT NULL,
  completed_at TEXT NOT NULL,
  status TEXT NOT NULL,
  error TEXT NOT NULL,
  steps TEXT NOT NULL,
  PRIMARY KEY (run_id, principal_arn, source, completed_at, status, error, steps)
) STRICT, WITHOUT ROWID;

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
  option_set_id INTEGER NOT NULL REFERENCES option_set,
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
  UNIQUE (unused_id, document_id, catalog_id, option_set_id, engine_version)
) STRICT;

-- What changed in it, entry by entry: JSON [[statement, element, entry, replaced by …], …].
CREATE TABLE unit_change (
  unit_id INTEGER PRIMARY KEY REFERENCES unit,
  changes TEXT NOT NULL
) STRICT;

-- A run's answer for an attachment: the unit that it is one case of. left_because: the rule by which the policy is left alone, or null.
CREATE TABLE recommendation (
  run_id INTEGER NOT NULL REFERENCES run,
  principal_id INTEGER NOT NULL REFERENCES principal,
  policy_id INTEGER NOT NULL REFERENCES policy,
  unit_id INTEGER NOT NULL REFERENCES unit,
  left_because TEXT,
  PRIMARY KEY (run_id, principal_id, policy_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX recommendation_by_unit ON recommendation (unit_id, run_id);
CREATE INDEX recommendation_by_policy ON recommendation (policy_id, run_id);

-- A run's answer for a customer managed policy that several principals share: what may go from it in place.
CREATE TABLE policy_recommendation (
  run_id INTEGER NOT NULL REFERENCES run,
  policy_id INTEGER NOT NULL REFERENCES policy,
  unit_id INTEGER NOT NULL REFERENCES unit,
  PRIMARY KEY (run_id, policy_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX policy_recommendation_by_unit ON policy_recommendation (unit_id, run_id);

-- Who keeps actions in a shared policy that others do not use. principal_id null: not a single principal but the reason. actions: how
-- many that only stay because of it and others like it.
CREATE TABLE policy_blocker (
  policy_blocker_id INTEGER PRIMARY KEY,
  run_id INTEGER NOT NULL REFERENCES run,
  policy_id INTEGER NOT NULL REFERENCES policy,
  principal_id INTEGER REFERENCES principal,
  reason TEXT NOT NULL,
  actions INTEGER NOT NULL
) STRICT;
CREATE INDEX policy_blocker_by_policy ON policy_blocker (run_id, policy_id);

-- A recommendation beside AWS's own. verdict: same, different-in-form, tighter (ours grants less), looser, different, or no-answer.
-- aws_document_id: what AWS would put in place; null to detach. aws_error: why AWS has no answer, else empty. is_current: whether AWS has seen the same policy.
-- ours_only, aws_only: JSON list of the bounds lo, hi, … of the actions that only one of both grants.
CREATE TABLE aws_comparison (
  run_id INTEGER NOT NULL REFERENCES run,
  principal_id INTEGER NOT NULL REFERENCES principal,
  policy_id INTEGER NOT NULL REFERENCES policy,
  source TEXT NOT NULL,
  verdict TEXT NOT NULL,
  aws_action TEXT,
  aws_document_id INTEGER REFERENCES document,
  aws_error TEXT NOT NULL,
  is_current INTEGER NOT NULL,
  ours_only TEXT NOT NULL,
  aws_only TEXT NOT NULL,
  PRIMARY KEY (run_id, principal_id, policy_id, source)
) STRICT, WITHOUT ROWID;

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
