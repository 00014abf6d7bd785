import type { PolicyBlocker, PolicyRecommendationRow, RecommendationRow } from "@leastwise/store";
import { printableJson } from "./printable.ts";
import { documentPath, newPolicyDiff, policyDiff } from "./diff.ts";
import { partName, partsOf } from "./fit-lines.ts";

/** One recommendation for a principal as a line of JSON with stable field names. */
export function jsonLine(row: RecommendationRow): string {
  return printableJson(
    JSON.stringify({
      accountId: row.account_id,
      principalArn: row.principal_arn,
      principalKind: row.principal_kind,
      policyId: policyId(row),
      policyName: row.policy_name,
      policyKind: row.policy_kind,
      scope: "principal",
      ...answerOf(row),
    }),
  );
}

/** One recommendation for a shared policy in place: the same fields, no principal, and who blocks more. */
export function policyJsonLine(row: PolicyRecommendationRow, blockers: readonly PolicyBlocker[]): string {
  return printableJson(
    JSON.stringify({
      accountId: row.account_id,
      principalArn: null,
      principalKind: null,
      policyId: row.policy_key,
      policyName: row.policy_name,
      policyKind: "customer",
      scope: "policy",
      ...answerOf(row),
      blockers: blockers.map(({ principalArn, reason, actions }) => ({ principalArn, reason, actions })),
    }),
  );
}

function answerOf(row: RecommendationRow | PolicyRecommendationRow): object {
  const isCreated = row.recommended_action === "CREATE_POLICY";
  return {
    recommendedAction: row.recommended_action,
    existingPolicy: JSON.parse(row.existing_policy) as unknown,
    recommendedPolicy:
      isCreated && row.recommended_policy !== null ? (JSON.parse(row.recommended_policy) as unknown) : null,
    actionsBefore: row.actions_before,
    actionsAfter: row.actions_after,
    charactersBefore: row.characters_before,
    charactersAfter: row.characters_after,
    sizeBefore: row.size_before,
    sizeAfter: row.size_after,
    sizeLimit: row.size_limit,
    fit: row.fit,
    form: row.form,
    parts: row.parts === null ? null : partsOf(row.parts).map((text) => JSON.parse(text) as unknown),
    catalog: row.catalog_sha256,
    verified: true,
    leftBecause: row.left_because,
  };
}

/** Access Analyzer's own shape, as `get-finding-recommendation` prints it: one object for each principal, its steps in order. */
export function accessAnalyzerRecommendation(rows: readonly RecommendationRow[]): string {
  const first = rows[0]!; // one principal's rows, at least one
  return printableJson(
    JSON.stringify({
      recommendationType: "UnusedPermissionRecommendation",
      resourceArn: first.principal_arn,
      status: "SUCCEEDED",
      startedAt: first.started_at,
      completedAt: first.finished_at ?? first.started_at,
      recommendedSteps: rows.flatMap(stepsOf),
    }),
  );
}

/** The patch of one recommendation; empty when nothing changes. Where a policy is split its file goes and each part has its own. */
export function patchOf(row: RecommendationRow): string {
  if (row.recommended_action === "NONE") return "";
  const path = documentPath(row.account_id, row.principal_arn, row.policy_kind, row.policy_name);
  if (row.fit !== "split") return policyDiff(path, row.existing_policy, row.recommended_policy);
  const parts = partsOf(row.parts).map((text, i) => {
    const name = partName(row.policy_name, i);
    return newPolicyDiff(documentPath(row.account_id, row.principal_arn, "customer", name), text);
  });
  return [policyDiff(path, row.existing_policy, null), ...parts].join("");
}

/** The patch of a shared policy in place. Its path begins as no principal's does. */
export function policyPatchOf(row: PolicyRecommendationRow): string {
  if (row.recommended_action === "NONE") return "";
  const path = documentPath(row.account_id, row.policy_key, "customer", row.policy_name);
  return policyDiff(path, row.existing_policy, row.recommended_policy);
}

function policyId(row: RecommendationRow): string {
  return row.policy_kind === "inline" ? row.policy_name : row.policy_key;
}

function stepsOf(row: RecommendationRow): readonly object[] {
  if (row.recommended_action === "NONE") return [];
  const common = {
    existingPolicyId: policyId(row),
    ...(row.policy_kind === "inline" || row.policy_updated_at === null
      ? {}
      : { policyUpdatedAt: row.policy_updated_at }),
  };
  const step = (recommendedAction: string, more: object): object => ({
    unusedPermissionsRecommendedStep: { recommendedAction, ...common, ...more },
  });
  const detach = step("DETACH_POLICY", {});
  if (row.recommended_action === "DETACH_POLICY") return [detach];
  const documents = row.fit === "split" ? partsOf(row.parts) : [row.recommended_policy];
  return [...documents.map((recommendedPolicy) => step("CREATE_POLICY", { recommendedPolicy })), detach];
}
