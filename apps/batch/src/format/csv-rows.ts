import type { Cell, PolicyRecommendationRow, RecommendationRow } from "@leastwise/store";
import { csvLine } from "./csv.ts";

type Row = RecommendationRow | PolicyRecommendationRow;

/** The columns of `export --format csv`, in their order: one row a recommendation with both documents. */
const COLUMNS: readonly (readonly [name: string, value: (row: Row) => Cell])[] = [
  ["account_id", (row) => row.account_id],
  ["scope", (row) => ("principal_arn" in row ? "principal" : "policy")],
  ["principal_arn", (row) => ("principal_arn" in row ? row.principal_arn : null)],
  ["principal_kind", (row) => ("principal_arn" in row ? row.principal_kind : null)],
  ["policy_key", (row) => row.policy_key],
  ["policy_kind", (row) => ("principal_arn" in row ? row.policy_kind : "customer")],
  ["policy_name", (row) => row.policy_name],
  ["recommended_action", (row) => row.recommended_action],
  ["actions_before", (row) => row.actions_before],
  ["actions_after", (row) => row.actions_after],
  ["characters_before", (row) => row.characters_before],
  ["characters_after", (row) => row.characters_after],
  ["size_before", (row) => row.size_before],
  ["size_after", (row) => row.size_after],
  ["size_limit", (row) => row.size_limit],
  ["form", (row) => row.form],
  ["fit", (row) => row.fit],
  ["parts", (row) => row.parts],
  ["left_because", (row) => row.left_because],
  ["existing_policy", (row) => row.existing_policy],
  ["recommended_policy", (row) => (row.recommended_action === "CREATE_POLICY" ? row.recommended_policy : null)],
  ["catalog_sha256", (row) => row.catalog_sha256],
];

export function csvHead(): string {
  return csvLine(COLUMNS.map(([name]) => name));
}

/** A recommendation as a line. */
export function csvRow(row: Row): string {
  return csvLine(COLUMNS.map(([, value]) => value(row)));
}
