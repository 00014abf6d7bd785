import type { PolicyRecommendationRow, RecommendationRow } from "@leastwise/store";
import { placeOf } from "./legal-names.ts";

/** A shared policy, or all rows of one principal. */
export type AccountPart = { readonly partition: string; readonly accountId: string } & (
  { readonly shared: PolicyRecommendationRow } | { readonly rows: readonly RecommendationRow[] }
);

/**
 * Joins both streams, each in the order of ARNs, so that everything of an account comes together, its shared policies first. ARNs
 * begin with partition and account, so that no more than one item of each stream is held at a time.
 */
export function* byAccount(
  policies: Iterable<PolicyRecommendationRow>,
  principals: Iterable<readonly RecommendationRow[]>,
): Generator<AccountPart> {
  const sharedParts = parts(
    policies,
    (shared) => shared.policy_key,
    (shared) => ({ shared }),
  );
  const principalParts = parts(
    principals,
    (rows) => rows[0]?.principal_arn ?? "",
    (rows) => ({ rows }),
  );
  let shared = sharedParts.next();
  let principal = principalParts.next();
  while (shared.done !== true || principal.done !== true) {
    const isSharedNext =
      principal.done === true || (shared.done !== true && prefixOf(shared.value) <= prefixOf(principal.value));
    if (isSharedNext && shared.done !== true) {
      yield shared.value;
      shared = sharedParts.next();
    } else if (principal.done !== true) {
      yield principal.value;
      principal = principalParts.next();
    }
  }
}

function* parts<Item, Part extends object>(
  items: Iterable<Item>,
  arnOf: (item: Item) => string,
  partOf: (item: Item) => Part,
): Generator<{ readonly partition: string; readonly accountId: string } & Part> {
  for (const item of items) {
    const place = placeOf(arnOf(item));
    if (place === undefined) throw new Error(`\`${arnOf(item)}\` was read as an ARN and is none`); // an export cannot bring it in
    yield { ...place, ...partOf(item) };
  }
}

function prefixOf({ partition, accountId }: { readonly partition: string; readonly accountId: string }): string {
  return `arn:${partition}:iam::${accountId}:`;
}
