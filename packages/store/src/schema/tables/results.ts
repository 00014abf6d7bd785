/** Questions and their answers, and what documents grant. */
export const RESULT_TABLES = `
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
CREATE INDEX unit_failed ON unit (failure_code) WHERE state = 'failed';
CREATE INDEX unit_with_unknown_actions ON unit (unit_id) WHERE unknown_actions IS NOT NULL;

-- What changed in it, entry by entry: JSON [[statement, element, entry, replaced by …], …].
CREATE TABLE unit_change (
  unit_id INTEGER PRIMARY KEY REFERENCES unit,
  changes TEXT NOT NULL
) STRICT;

-- A run's answer for an attachment: the unit that it is one case of; where that was too large, the same question in the form that was
-- chosen. is_split: 1 where the documents that the answer splits into (unit_part) are put in its place, as managed policies.
-- left_because: the rule by which the policy is left alone, or null.
CREATE TABLE recommendation (
  run_id INTEGER NOT NULL REFERENCES run,
  principal_id INTEGER NOT NULL REFERENCES principal,
  policy_id INTEGER NOT NULL REFERENCES policy,
  unit_id INTEGER NOT NULL REFERENCES unit,
  is_split INTEGER NOT NULL DEFAULT 0,
  left_because TEXT,
  PRIMARY KEY (run_id, principal_id, policy_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX recommendation_by_unit ON recommendation (unit_id, run_id);
CREATE INDEX recommendation_by_policy ON recommendation (policy_id, run_id);
CREATE INDEX recommendation_left_alone ON recommendation (run_id, left_because) WHERE left_because IS NOT NULL;

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
CREATE INDEX policy_blocker_by_actions ON policy_blocker (run_id, actions DESC);

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
CREATE INDEX aws_comparison_by_verdict ON aws_comparison (run_id, verdict);

-- What a document's Allow statements grant of a catalog. actions: how many. wildcards: JSON list of their entries with a wildcard, each
-- once, behind its element and a space; null where there are none. intervals: which actions, as a JSON list of intervals [lo, hi) of their
-- ids in order, each one number, lo * 2^26 + hi; they neither overlap nor touch. The view grant_intervals has a row for each.
CREATE TABLE grant_set (
  catalog_id INTEGER NOT NULL REFERENCES catalog,
  document_id INTEGER NOT NULL REFERENCES document,
  actions INTEGER NOT NULL,
  wildcards TEXT,
  intervals TEXT NOT NULL,
  PRIMARY KEY (catalog_id, document_id)
) STRICT, WITHOUT ROWID;
`;
