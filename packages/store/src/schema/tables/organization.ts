/** Accounts, principals, policies and their documents, as the exports state them. */
export const ORGANIZATION_TABLES = `
-- Accounts that any run has seen.
CREATE TABLE account (
  account_id TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;

-- Policy documents by content: minified JSON, so that a baseline that stands in 3,000 accounts is stored once.
CREATE TABLE document (
  document_id INTEGER PRIMARY KEY,
  sha256 TEXT NOT NULL UNIQUE,
  characters INTEGER NOT NULL,
  text TEXT NOT NULL
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
CREATE INDEX run_principal_left_alone ON run_principal (run_id, left_because) WHERE left_because IS NOT NULL;
CREATE INDEX run_principal_unused ON run_principal (run_id, unused_since) WHERE unused_by IS NOT NULL;

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

-- What files say of policies managed by AWS, which stand in the exports of many accounts: the plan decides which document counts
-- (policy_document), the newest.
CREATE TABLE aws_policy_document (
  run_id INTEGER NOT NULL REFERENCES run,
  policy_id INTEGER NOT NULL REFERENCES policy,
  input_id INTEGER NOT NULL REFERENCES input,
  document_id INTEGER NOT NULL REFERENCES document,
  version_id TEXT,
  updated_at TEXT,
  attachment_count INTEGER,
  boundary_count INTEGER,
  PRIMARY KEY (run_id, policy_id, input_id, document_id)
) STRICT, WITHOUT ROWID;

-- Which principal had which policy, at the time of a run.
CREATE TABLE attachment (
  run_id INTEGER NOT NULL REFERENCES run,
  principal_id INTEGER NOT NULL REFERENCES principal,
  policy_id INTEGER NOT NULL REFERENCES policy,
  PRIMARY KEY (run_id, principal_id, policy_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX attachment_by_policy ON attachment (run_id, policy_id);
`;
