import type { Connection } from "./database.ts";

/** Why a recommendation of the current run does not fit. */
export interface MisfitView {
  /** How many managed policies it splits into; null where it does not split. */
  readonly partsNeeded: number | null;
  /** How many of them the principal has room for; null in place. */
  readonly partsAllowed: number | null;
  /** Its largest statements, the largest first. */
  readonly statements: readonly StatementSize[];
}

export interface StatementSize {
  /** Counts from 0. */
  readonly statement: number;
  readonly sid: string | null;
  readonly characters: number;
}

/**
 * Of an attached policy, or in place where no principal is given. Undefined where it fits, or where nobody has asked to fit.
 *
 * @param most how many statements
 */
export function readMisfit(
  db: Connection,
  policyKey: string,
  principalArn: string | null,
  most: number,
): MisfitView | undefined {
  const of = { policyKey, principalArn };
  const parts = db
    .prepare<[object], Pick<MisfitView, "partsNeeded" | "partsAllowed">>(
      `SELECT parts_needed AS partsNeeded, parts_allowed AS partsAllowed FROM does_not_fit
       WHERE policy_key = $policyKey AND principal_arn IS $principalArn`,
    )
    .get(of);
  if (parts === undefined) return undefined;
  const statements = db
    .prepare<[object], StatementSize>(
      `SELECT statement, sid, characters FROM oversized_statements WHERE policy_key = $policyKey AND principal_arn IS $principalArn
       ORDER BY characters DESC, statement LIMIT $most`,
    )
    .all({ ...of, most });
  return { ...parts, statements };
}
