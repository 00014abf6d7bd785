/** What the sources say of use. */
export const USAGE_TABLES = `
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

-- What reports claim: JSON [{service, state, actions, lastAccessed}], state being used, unused or unknown (the service was used, and
-- nothing says by which action); actions null means the service as a whole. A run that takes a report over from the one before it shares
-- the row with it.
CREATE TABLE usage_claims (
  claims_id INTEGER PRIMARY KEY,
  text TEXT NOT NULL
) STRICT;

-- What a source says of a principal's use, all pages joined, and how it was judged. source: access-analyzer, last-accessed, plain-list.
-- standing: counts, not-active, predecessor (older than the principal), superseded, stale. window_days: how many days back an access counts as use; null where the source
-- has judged. inputs: JSON list of the inputs it was read from.
CREATE TABLE usage_report (
  usage_report_id INTEGER PRIMARY KEY,
  run_id INTEGER NOT NULL REFERENCES run,
  principal_id INTEGER NOT NULL REFERENCES principal,
  source TEXT NOT NULL,
  report_id TEXT NOT NULL,
  updated_at TEXT,
  standing TEXT NOT NULL,
  window_days INTEGER,
  claims_id INTEGER NOT NULL REFERENCES usage_claims,
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
-- events, denied, principals: how many calls there were by that name, how many of them were denied, by how many callers. last_at: the
-- newest that was not denied, or null.
CREATE TABLE event_name (
  run_id INTEGER NOT NULL REFERENCES run,
  event_source TEXT NOT NULL,
  event_name TEXT NOT NULL,
  service TEXT,
  services TEXT NOT NULL,
  actions TEXT,
  via TEXT NOT NULL,
  reference TEXT NOT NULL,
  events INTEGER NOT NULL,
  denied INTEGER NOT NULL,
  principals INTEGER NOT NULL,
  last_at TEXT,
  PRIMARY KEY (run_id, event_source, event_name)
) STRICT, WITHOUT ROWID;
CREATE INDEX event_name_unmapped ON event_name (run_id, events DESC) WHERE actions IS NULL;

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
`;
