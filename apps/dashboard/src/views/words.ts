import type { RecommendationRow } from "@leastwise/api";

export function evidenceWords(kind: string | null): string {
  switch (kind) {
    case "reported":
      return "reports of its own";
    case "members":
      return "reports of its members";
    case "use-only":
      return "only use is known";
    case "none":
    case null:
      return "none";
    default:
      return kind;
  }
}

export function policyKindWords(kind: RecommendationRow["policyKind"]): string {
  return { inline: "inline", customer: "customer managed", aws: "AWS managed" }[kind];
}

/** What an ARN calls: `path/MyRole` of `arn:aws:iam::123456789012:role/path/MyRole`. What is no ARN stays. */
export function nameOfArn(arn: string): string {
  const parts = arn.split(":");
  if (parts.length < 6) return arn;
  const resource = parts.slice(5).join(":");
  return resource.slice(resource.indexOf("/") + 1);
}

/** How a result that does not simply fit stands to its limit of size. */
export function fitWords(fit: Exclude<RecommendationRow["fit"], "fits" | null>): string {
  return { split: "split into several", "does-not-fit": "does not fit", "too-large": "too large" }[fit];
}
