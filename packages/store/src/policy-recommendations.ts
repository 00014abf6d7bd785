import type { Form, RecommendedAction } from "@leastwise/core";
import type { Connection } from "./database.ts";
import type { FitVerdict } from "./recommendations.ts";

/** What may go in place from a customer managed policy that several principals share. Documents are minified JSON. */
export interface PolicyRecommendationRow {
  readonly account_id: string;
  readonly policy_key: string;
  readonly policy_name: string;
  readonly unit_id: number;
  /** The rule by which the policy is left alone, or null. */
  readonly left_because: string | null;
  readonly recommended_action: RecommendedAction;
  readonly actions_before: number;
  readonly actions_after: number;
  readonly characters_before: number;
  readonly characters_after: number;
  /** Of this policy, as in RecommendationRow. */
  readonly size_before: number;
  readonly size_after: number;
  readonly size_limit: number;
  readonly form: Form;
  readonly fit: FitVerdict;
  /** A policy is not split in place. */
  readonly parts: null;
  readonly existing_policy: string;
  readonly recommended_policy: string | null;
  readonly principals: number;
  readonly catalog_sha256: string;
}

/** Who, or what, keeps actions in a shared policy that others do not use. */
export interface PolicyBlocker {
  /** Null where the reason is no principal. */
  readonly principalArn: string | null;
  readonly reason: string;
  /** How many actions stay only because of it and others like it. */
  readonly actions: number;
}

const CHUNK = 500;

/** Answered recommendations in place, in the order of the policies' ARNs, a page at a time; of one policy where an ARN is given. */
export function* readPolicyRecommendations(db: Connection, policyArn?: string): Generator<PolicyRecommendationRow> {
  const select = db.prepare<
    [{ readonly last: string; readonly only: string | null; readonly limit: number }],
    PolicyRecommendationRow
  >(
    `SELECT r.account_id, r.policy_key, r.policy_name, r.unit_id, p.left_because, r.recommended_action, r.actions_before,
            r.actions_after, r.characters_before, r.characters_after, r.size_before, r.size_after,
            r.size_limit, r.form, r.fit, r.parts, r.existing_policy, r.recommended_policy, r.principals,
            c.sha256 AS catalog_sha256
     FROM policy_recommendations r JOIN policies p ON p.key = r.policy_key
     JOIN current_run cr JOIN catalog c ON c.catalog_id = cr.catalog_id
     WHERE r.state = 'done' AND r.policy_key > $last AND ($only IS NULL OR r.policy_key = $only)
     ORDER BY r.policy_key LIMIT $limit`,
  );
  let last = "";
  for (;;) {
    const rows = select.all({ last, only: policyArn ?? null, limit: CHUNK });
    yield* rows;
    const end = rows.at(-1);
    if (end === undefined || rows.length < CHUNK) return;
    last = end.policy_key;
  }
}

/** Who blocks more in a shared policy, those that keep the most first. */
export function readBlockersOf(db: Connection, policyArn: string): readonly PolicyBlocker[] {
  return db
    .prepare<[string], PolicyBlocker>(
      `SELECT principal_arn AS principalArn, reason, actions FROM policy_blockers WHERE policy_key = ?
       ORDER BY actions DESC, principal_arn, reason`,
    )
    .all(policyArn);
}

/** The principals that have a policy, by ARN. */
export function readHoldersOf(db: Connection, policyArn: string): readonly string[] {
  return db
    .prepare<[string], string>("SELECT principal_arn FROM attachments WHERE policy_key = ? ORDER BY principal_arn")
    .pluck()
    .all(policyArn);
}
