/** How large policies are beside IAM's limits, and what was done to make them fit. Sizes are characters of minified JSON. */
export const SIZE_TABLES = `
-- What the inline policies of a principal come to together, since IAM limits their sum: as they are, and once the recommendations are
-- applied, without those that become managed policies.
CREATE TABLE inline_size (
  run_id INTEGER NOT NULL REFERENCES run,
  principal_id INTEGER NOT NULL REFERENCES principal,
  characters_before INTEGER NOT NULL,
  characters_after INTEGER NOT NULL,
  PRIMARY KEY (run_id, principal_id)
) STRICT, WITHOUT ROWID;

-- The units of what a run found too large: the one that it began with, and the same question in the shorter forms that it asked for.
CREATE TABLE rung (
  run_id INTEGER NOT NULL REFERENCES run,
  unit_id INTEGER NOT NULL REFERENCES unit,
  PRIMARY KEY (run_id, unit_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX rung_by_unit ON rung (unit_id);

-- Into how many documents of at most size_limit characters a unit's final document splits; 0 where it does not.
CREATE TABLE unit_split (
  unit_id INTEGER NOT NULL REFERENCES unit,
  size_limit INTEGER NOT NULL,
  parts INTEGER NOT NULL,
  PRIMARY KEY (unit_id, size_limit)
) STRICT, WITHOUT ROWID;

-- These documents, in order. place counts from 1: the number behind the policy's name. Which recommendations put them in place of the
-- whole, recommendation.is_split says.
CREATE TABLE unit_part (
  unit_id INTEGER NOT NULL,
  size_limit INTEGER NOT NULL,
  place INTEGER NOT NULL,
  document_id INTEGER NOT NULL REFERENCES document,
  PRIMARY KEY (unit_id, size_limit, place),
  FOREIGN KEY (unit_id, size_limit) REFERENCES unit_split
) STRICT, WITHOUT ROWID;
`;
