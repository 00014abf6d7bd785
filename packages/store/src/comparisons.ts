import type { ComparisonVerdict, PolicyKind, RecommendedAction } from "@leastwise/core";
import type { Connection } from "./database.ts";

/** A recommendation of the current run beside AWS's own. */
export interface ComparisonRow {
  readonly accountId: string;
  readonly principalArn: string;
  readonly policyKey: string;
  readonly policyName: string;
  readonly policyKind: PolicyKind;
  readonly source: "access-analyzer" | "security-hub";
  /** `no-answer`: AWS could not say, or Leastwise has no result. */
  readonly verdict: ComparisonVerdict | "no-answer";
  readonly recommendedAction: RecommendedAction;
  /** Null where AWS has no answer. */
  readonly awsAction: RecommendedAction | null;
  /** Why AWS has no answer; empty where it has one, and where it gives no reason. */
  readonly awsError: string;
  /** Whether AWS has looked at the policy as the export has it, as far as it says. */
  readonly isCurrent: boolean;
  /** Actions that only ours grants, in some statement's resources and conditions; and only AWS's. */
  readonly oursOnly: readonly string[];
  readonly awsOnly: readonly string[];
}

interface Row {
  readonly account_id: string;
  readonly principal_arn: string;
  readonly policy_key: string;
  readonly policy_name: string;
  readonly policy_kind: PolicyKind;
  readonly source: ComparisonRow["source"];
  readonly verdict: ComparisonRow["verdict"];
  readonly recommended_action: RecommendedAction;
  readonly aws_action: RecommendedAction | null;
  readonly aws_error: string;
  readonly is_current: 0 | 1;
  readonly ours_only: string;
  readonly aws_only: string;
}

/** All comparisons of the current run, in the order of principal and policy, one at a time. */
export function* readComparisons(db: Connection): Generator<ComparisonRow> {
  const names = db
    .prepare<[number, number], string>(
      "SELECT action FROM actions WHERE action_id >= ? AND action_id < ? ORDER BY action_id",
    )
    .pluck();
  const namesIn = (bounds: string): readonly string[] => {
    const list = JSON.parse(bounds) as readonly number[]; // a run wrote it
    return list.flatMap((lo, i) => (i % 2 === 0 ? names.all(lo, list[i + 1]!) : [])); // bounds come in pairs
  };
  const rows = db.prepare<[], Row>(
    `SELECT account_id, principal_arn, policy_key, policy_name, policy_kind, source, verdict, recommended_action, aws_action, aws_error,
            is_current, ours_only, aws_only
     FROM aws_comparisons ORDER BY principal_arn, policy_key, source`,
  );
  for (const row of rows.iterate()) {
    yield {
      accountId: row.account_id,
      principalArn: row.principal_arn,
      policyKey: row.policy_key,
      policyName: row.policy_name,
      policyKind: row.policy_kind,
      source: row.source,
      verdict: row.verdict,
      recommendedAction: row.recommended_action,
      awsAction: row.aws_action,
      awsError: row.aws_error,
      isCurrent: row.is_current === 1,
      oursOnly: namesIn(row.ours_only),
      awsOnly: namesIn(row.aws_only),
    };
  }
}

/** How many comparisons of the current run have each verdict, the most first. */
export function readComparisonCounts(
  db: Connection,
): readonly { readonly verdict: ComparisonRow["verdict"]; readonly policies: number }[] {
  return db
    .prepare<[], { verdict: ComparisonRow["verdict"]; policies: number }>(
      "SELECT verdict, count(*) AS policies FROM aws_comparisons GROUP BY verdict ORDER BY count(*) DESC, verdict",
    )
    .all();
}
