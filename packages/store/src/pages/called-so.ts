import type { Connection } from "../database.ts";

/** Principals and policies that have a text in their ARN or key: JSON lists of ids. */
export interface CalledSo {
  readonly principals: string;
  readonly policies: string;
}

/** More are so common that they are found soon on the way through all recommendations. */
const MOST_NAMES = 2000;
const MOST_RECOMMENDATIONS = 20_000;

const LAST = new WeakMap<Connection, { readonly key: string; readonly found: CalledSo | null }>();

/**
 * What is called so, of all runs; null where it is so much that going through all recommendations is quicker. O(principals + policies) for the first
 * page of a search; the next pages know it.
 *
 * @param like a pattern for LIKE
 */
export function calledSo(db: Connection, runId: number, like: string): CalledSo | null {
  const key = `${runId} ${like}`;
  const last = LAST.get(db);
  if (last?.key === key) return last.found;
  const found = search(db, runId, like);
  LAST.set(db, { key, found });
  return found;
}

/** JSON list of the principals that are called so; null where these are very many. */
export function principalsCalledSo(db: Connection, like: string): string | null {
  const principals = ids(db, PRINCIPALS, like);
  return principals === null ? null : JSON.stringify(principals);
}

const PRINCIPALS = "SELECT principal_id FROM principal WHERE arn LIKE ? ESCAPE '\\'";

function search(db: Connection, runId: number, like: string): CalledSo | null {
  const principals = ids(db, PRINCIPALS, like);
  if (principals === null) return null;
  const policies = ids(db, "SELECT policy_id FROM policy WHERE key LIKE ? ESCAPE '\\'", like);
  if (policies === null) return null;
  const found = { principals: JSON.stringify(principals), policies: JSON.stringify(policies) };
  const some = db
    .prepare<[object], number>(
      `SELECT count(*) FROM (SELECT 1 FROM json_each($policies) id CROSS JOIN recommendation r ON r.policy_id = id.value AND r.run_id = $run
       LIMIT ${MOST_RECOMMENDATIONS + 1})`,
    )
    .pluck()
    .get({ ...found, run: runId });
  return (some ?? 0) > MOST_RECOMMENDATIONS ? null : found;
}

function ids(db: Connection, sql: string, like: string): readonly number[] | null {
  const found = db
    .prepare<[string], number>(`${sql} LIMIT ${MOST_NAMES + 1}`)
    .pluck()
    .all(like);
  return found.length > MOST_NAMES ? null : found;
}
