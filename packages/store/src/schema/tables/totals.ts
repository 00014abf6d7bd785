/** What is computed once a run has all its answers, so that questions about many of them need not look at each. */
export const TOTAL_TABLES = `
-- Derived: the different intervals [lo, hi) of granted actions, and how many attached policies have just that one, before and after. It leads
-- from an action to the intervals that hold it, those that begin nearest first, and interval_document from them to the documents.
CREATE TABLE interval_total (
  run_id INTEGER NOT NULL REFERENCES run,
  lo INTEGER NOT NULL,
  hi INTEGER NOT NULL,
  attachments_before INTEGER NOT NULL,
  attachments_after INTEGER NOT NULL,
  PRIMARY KEY (run_id, lo DESC, hi)
) STRICT, WITHOUT ROWID;

-- Derived: the documents of grant_set by the intervals [lo, hi) that they grant. documents: JSON list of their ids, in order; a long list
-- is in several rows, and so are documents of different blocks (interval_block). first_document_id: the first of them. Kept for all
-- runs, like grant_set, and made when a run ends.
CREATE TABLE interval_document (
  catalog_id INTEGER NOT NULL,
  lo INTEGER NOT NULL,
  hi INTEGER NOT NULL,
  first_document_id INTEGER NOT NULL,
  documents TEXT NOT NULL,
  PRIMARY KEY (catalog_id, lo, hi, first_document_id)
) STRICT, WITHOUT ROWID;

-- Derived: how much of grant_set interval_document covers. block: documents with ids from block * 65536 to the next block. documents: how
-- many of them are in it, which are those that grant something.
CREATE TABLE interval_block (
  catalog_id INTEGER NOT NULL REFERENCES catalog,
  block INTEGER NOT NULL,
  documents INTEGER NOT NULL,
  PRIMARY KEY (catalog_id, block)
) STRICT, WITHOUT ROWID;

-- Derived: documents that name accounts in ARNs. shape_sha256: SHA-256 of the text with the account ids of ARNs replaced, in the order
-- in which they first stand in it, by {account-1}, {account-2} and so on. Other documents are their own shape. Kept for all runs, like
-- the documents.
CREATE TABLE document_shape (
  document_id INTEGER PRIMARY KEY REFERENCES document,
  shape_sha256 TEXT NOT NULL
) STRICT;

-- Derived: Allow statements (counted from 0) that the run leaves as they are for the beginning of their Sid.
CREATE TABLE kept_statement (
  run_id INTEGER NOT NULL REFERENCES run,
  document_id INTEGER NOT NULL REFERENCES document,
  statement INTEGER NOT NULL,
  sid_start TEXT NOT NULL,
  PRIMARY KEY (run_id, document_id, statement, sid_start)
) STRICT, WITHOUT ROWID;

-- Derived: an account. principals: all that the run knows. holders: those with a recommendation. attachments: those with a
-- recommendation, which are to_replace, to_detach, unchanged or failed. actions_before, actions_after: sums over them.
CREATE TABLE account_total (
  run_id INTEGER NOT NULL REFERENCES run,
  account_id TEXT NOT NULL REFERENCES account,
  principals INTEGER NOT NULL,
  holders INTEGER NOT NULL,
  attachments INTEGER NOT NULL,
  to_replace INTEGER NOT NULL,
  to_detach INTEGER NOT NULL,
  unchanged INTEGER NOT NULL,
  failed INTEGER NOT NULL,
  actions_before INTEGER NOT NULL,
  actions_after INTEGER NOT NULL,
  PRIMARY KEY (run_id, account_id)
) STRICT, WITHOUT ROWID;

-- Derived: what the attached policies of an account grant of one access level, as pairs of attachment and action.
CREATE TABLE account_level_total (
  run_id INTEGER NOT NULL REFERENCES run,
  account_id TEXT NOT NULL REFERENCES account,
  access_level TEXT NOT NULL,
  actions_before INTEGER NOT NULL,
  actions_after INTEGER NOT NULL,
  PRIMARY KEY (run_id, account_id, access_level)
) STRICT, WITHOUT ROWID;

-- Derived: how many attached policies of an account lose so many percent of their actions: from tenth * 10, and less than that and 10 more; all
-- that goes altogether is in 9. What grants nothing, or has no answer, is in 0.
CREATE TABLE reduction_total (
  run_id INTEGER NOT NULL REFERENCES run,
  account_id TEXT NOT NULL REFERENCES account,
  tenth INTEGER NOT NULL,
  attachments INTEGER NOT NULL,
  PRIMARY KEY (run_id, account_id, tenth)
) STRICT, WITHOUT ROWID;

-- Derived: a service in an account: how many attached policies grant anything of it, before and after, and how many principals have
-- it by any policy. principals_unknown: of those that keep it, the ones of which no report says what they do not use, or whose policies
-- with it are left alone.
CREATE TABLE account_service_total (
  run_id INTEGER NOT NULL REFERENCES run,
  account_id TEXT NOT NULL REFERENCES account,
  service TEXT NOT NULL COLLATE NOCASE,
  attachments_before INTEGER NOT NULL,
  attachments_after INTEGER NOT NULL,
  principals_before INTEGER NOT NULL,
  principals_after INTEGER NOT NULL,
  principals_unknown INTEGER NOT NULL,
  PRIMARY KEY (run_id, account_id, service)
) STRICT, WITHOUT ROWID;

-- Derived: the same for all accounts together. accounts_before, accounts_after: where anybody has it.
CREATE TABLE service_total (
  run_id INTEGER NOT NULL REFERENCES run,
  service TEXT NOT NULL COLLATE NOCASE,
  accounts_before INTEGER NOT NULL,
  accounts_after INTEGER NOT NULL,
  attachments_before INTEGER NOT NULL,
  attachments_after INTEGER NOT NULL,
  principals_before INTEGER NOT NULL,
  principals_after INTEGER NOT NULL,
  principals_unknown INTEGER NOT NULL,
  PRIMARY KEY (run_id, service)
) STRICT, WITHOUT ROWID;

-- Derived: how many attached policies grant an action, before and after: every action of the run's catalog.
CREATE TABLE action_total (
  run_id INTEGER NOT NULL REFERENCES run,
  action_id INTEGER NOT NULL,
  attachments_before INTEGER NOT NULL,
  attachments_after INTEGER NOT NULL,
  PRIMARY KEY (run_id, action_id)
) STRICT, WITHOUT ROWID;

-- Derived: a principal with recommendations. actions_before, actions_after: sums over its policies. services_before: how many services
-- its policies together grant anything of; services_removed: of those, how many it loses altogether. is_unknown: 1 where no report
-- says what it does not use.
CREATE TABLE principal_total (
  run_id INTEGER NOT NULL REFERENCES run,
  principal_id INTEGER NOT NULL REFERENCES principal,
  attachments INTEGER NOT NULL,
  actions_before INTEGER NOT NULL,
  actions_after INTEGER NOT NULL,
  services_before INTEGER NOT NULL,
  services_removed INTEGER NOT NULL,
  is_unknown INTEGER NOT NULL,
  PRIMARY KEY (run_id, principal_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX principal_total_by_services ON principal_total (run_id, services_removed DESC) WHERE services_removed > 0;
CREATE INDEX principal_total_unknown ON principal_total (run_id, actions_before DESC) WHERE is_unknown = 1;

-- Derived: a managed policy on several principals. different_results: how many different documents, or none, would stand in its place.
-- to_change: on how many principals it does not stay as it is. blockers: how many principals or reasons keep more in it.
CREATE TABLE policy_total (
  run_id INTEGER NOT NULL REFERENCES run,
  policy_id INTEGER NOT NULL REFERENCES policy,
  kind TEXT NOT NULL,
  principals INTEGER NOT NULL,
  accounts INTEGER NOT NULL,
  different_results INTEGER NOT NULL,
  to_change INTEGER NOT NULL,
  blockers INTEGER NOT NULL,
  PRIMARY KEY (run_id, policy_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX policy_total_by_principals ON policy_total (run_id, kind, principals DESC);

-- Derived: an existing document that stands in several accounts.
CREATE TABLE document_total (
  run_id INTEGER NOT NULL REFERENCES run,
  document_id INTEGER NOT NULL REFERENCES document,
  attachments INTEGER NOT NULL,
  accounts INTEGER NOT NULL,
  PRIMARY KEY (run_id, document_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX document_total_by_attachments ON document_total (run_id, attachments DESC);

-- Derived: existing documents of one shape (document_shape), where they are several and stand in several accounts.
-- document_id: the first of them.
CREATE TABLE shape_total (
  run_id INTEGER NOT NULL REFERENCES run,
  shape_sha256 TEXT NOT NULL,
  document_id INTEGER NOT NULL REFERENCES document,
  documents INTEGER NOT NULL,
  attachments INTEGER NOT NULL,
  accounts INTEGER NOT NULL,
  PRIMARY KEY (run_id, shape_sha256)
) STRICT, WITHOUT ROWID;
CREATE INDEX shape_total_by_attachments ON shape_total (run_id, attachments DESC);

-- Derived: an entry with a wildcard in the Allow statements of what should be in place. element: Action, or NotAction, where it says what is
-- not granted. attachments: how many attached policies have it, kept from the policy of today or generated. actions: how many of the catalog
-- it matches; worst_level: the most weighty access level of those, or null where there are none.
CREATE TABLE wildcard_total (
  run_id INTEGER NOT NULL REFERENCES run,
  element TEXT NOT NULL,
  entry TEXT NOT NULL,
  attachments INTEGER NOT NULL,
  kept INTEGER NOT NULL,
  generated INTEGER NOT NULL,
  actions INTEGER NOT NULL,
  worst_level TEXT,
  PRIMARY KEY (run_id, element, entry)
) STRICT, WITHOUT ROWID;
CREATE INDEX wildcard_total_by_attachments ON wildcard_total (run_id, attachments DESC, entry);

-- Derived: a recommendation that is over its limit (is_over 1), or fits only because of its form or because it is split (is_over 0).
-- principal_id: 0 for a shared policy in place. size, size_limit, form, fit: as in the view recommendations. excess: size less the
-- limit. policies: how many documents stand in its place.
CREATE TABLE size_total (
  run_id INTEGER NOT NULL REFERENCES run,
  policy_id INTEGER NOT NULL REFERENCES policy,
  principal_id INTEGER NOT NULL,
  unit_id INTEGER NOT NULL REFERENCES unit,
  is_over INTEGER NOT NULL,
  fit TEXT NOT NULL,
  form TEXT NOT NULL,
  size INTEGER NOT NULL,
  size_limit INTEGER NOT NULL,
  excess INTEGER NOT NULL,
  policies INTEGER NOT NULL,
  PRIMARY KEY (run_id, policy_id, principal_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX size_total_by_excess ON size_total (run_id, is_over, excess DESC);
CREATE INDEX size_total_by_policies ON size_total (run_id, is_over, policies DESC, excess DESC);

-- Derived: a source of evidence. reports: how many it gave; of CloudTrail, how many kinds of calls by principals. principals: about how
-- many those that count speak. newest, oldest: their dates.
CREATE TABLE evidence_total (
  run_id INTEGER NOT NULL REFERENCES run,
  source TEXT NOT NULL,
  reports INTEGER NOT NULL,
  principals INTEGER NOT NULL,
  newest TEXT,
  oldest TEXT,
  PRIMARY KEY (run_id, source)
) STRICT, WITHOUT ROWID;
`;
