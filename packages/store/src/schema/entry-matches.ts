/** The longest wildcard that SQLite matches for certain: its own limit is 50,000 bytes, and a character takes up to four of them. */
const LONGEST = 9999;

const hasWildcard = (entry: string): string => `instr(${entry}, '*') + instr(${entry}, '?') > 0`;

/**
 * SQL: whether an entry matches the action `a`, as IAM matches: NOCASE and lower() fold ASCII alone (SEMANTICS 8), and `[` stands for
 * itself. NOCASE is said, since a value of json_each on the left would have its own way. SQLite refuses a wildcard that is too long.
 *
 * @param entry SQL for the entry's text
 */
export function entryMatches(entry: string): string {
  return `CASE WHEN ${hasWildcard(entry)} THEN lower(a.action) GLOB replace(lower(${entry}), '[', '[[]')
      ELSE ${entry} = a.action COLLATE NOCASE END`;
}

/** The same, where what SQLite cannot match is shown rather than refused or left out: of documents that are known to grant the action. */
export function entryMatchesOrIsLong(entry: string): string {
  return `CASE WHEN length(${entry}) > ${LONGEST} AND ${hasWildcard(entry)} THEN 1 ELSE ${entryMatches(entry)} END`;
}
