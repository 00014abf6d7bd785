import type { RecommendationRow } from "@leastwise/store";

/** Rows in the order of principals, those of one principal together. */
export function* byPrincipal(rows: Iterable<RecommendationRow>): Generator<readonly RecommendationRow[]> {
  let group: RecommendationRow[] = [];
  for (const row of rows) {
    if (group.length > 0 && group[0]?.principal_arn !== row.principal_arn) {
      yield group;
      group = [];
    }
    group.push(row);
  }
  if (group.length > 0) yield group;
}
