import type { PolicyRecommendationRow, RecommendationRow } from "@leastwise/store";

/** What is to become of a policy. */
export type Answer =
  | { readonly type: "keep" }
  | { readonly type: "go" }
  /** One document, or several in its place. */
  | { readonly type: "documents"; readonly texts: readonly string[] }
  | { readonly type: "unfit"; readonly reason: string };

/** What IAM would refuse for its size is not handed over. */
export function answerOf(row: RecommendationRow | PolicyRecommendationRow): Answer {
  if (row.recommended_action === "NONE") return { type: "keep" };
  if (row.recommended_action === "DETACH_POLICY" || row.recommended_policy === null) return { type: "go" };
  if (row.fit === "split" && row.parts !== null) {
    const texts = JSON.parse(row.parts) as readonly string[]; // a worker of this program wrote it
    return { type: "documents", texts };
  }
  if (row.fit === "fits") return { type: "documents", texts: [row.recommended_policy] };
  const way = row.fit === "does-not-fit" ? "however it is written; do it by hand" : "; refine with --fit";
  const size = `${row.size_after} of ${row.size_limit} characters`;
  return { type: "unfit", reason: `it would be too large for IAM (${size})${way.startsWith(";") ? "" : " "}${way}` };
}
