import { type IntervalSet, subtract } from "@leastwise/core";
import type { DifferingPrincipal, RunAnswer } from "@leastwise/store";
import type { Measure } from "./measure.ts";
import { type PolicyChange, policyChange } from "./policy-change.ts";

/**
 * What a principal may do by its own policies, and by those of all its groups where it is in others, in the later run beside the
 * earlier (docs/history.md): `worse`: something more; `better`:
 * less and nothing more; `other-terms`: the same actions, but on other resources or conditions, or by another policy; `same`. `new`
 * and `gone`: only one run's exports have it.
 */
export const PRINCIPAL_CHANGES = ["worse", "new", "other-terms", "better", "gone", "same"] as const;
export type PrincipalChangeKind = (typeof PRINCIPAL_CHANGES)[number];

export interface PrincipalChange {
  readonly kind: PrincipalChangeKind;
  readonly principal: DifferingPrincipal;
  /** Actions that none of its policies granted and one does now, and the other way round. */
  readonly gained: IntervalSet;
  readonly lost: IntervalSet;
  /** Those of its policies of which something differs. */
  readonly policies: readonly PolicyChange[];
}

/** O(its policies × intervals), and once for each pair of documents their comparison. */
export function principalChange(
  principal: DifferingPrincipal,
  answers: { readonly from: readonly RunAnswer[]; readonly to: readonly RunAnswer[] },
  measure: Measure,
): PrincipalChange {
  const policies = changesOf(answers, measure);
  const before = measure.grantedByAll(answers.from.map(({ documentId }) => documentId));
  const after = measure.grantedByAll(answers.to.map(({ documentId }) => documentId));
  const gained = subtract(after, before);
  const lost = subtract(before, after);
  return { kind: kindOf(principal, gained, lost, policies, measure), principal, gained, lost, policies };
}

function changesOf(
  { from, to }: { readonly from: readonly RunAnswer[]; readonly to: readonly RunAnswer[] },
  measure: Measure,
): readonly PolicyChange[] {
  const before = byPolicy(from);
  const after = byPolicy(to);
  const others = {
    came: to.filter(({ policyId }) => !before.has(policyId)),
    went: from.filter(({ policyId }) => !after.has(policyId)),
  };
  const policyIds = [...new Set([...from, ...to].map(({ policyId }) => policyId))];
  return policyIds.flatMap((policyId): readonly PolicyChange[] => {
    const [one, other] = [before.get(policyId), after.get(policyId)];
    if (typeof one?.group === "string" && typeof other?.group === "string") return []; // told of with the group
    return one?.unitId === other?.unitId ? [] : [policyChange(one, other, measure, others)];
  });
}

/** What a principal has by itself goes before the same by a group. */
function byPolicy(answers: readonly RunAnswer[]): ReadonlyMap<number, RunAnswer> {
  return new Map([...answers].reverse().map((answer) => [answer.policyId, answer]));
}

function kindOf(
  { isInFrom, isInTo }: DifferingPrincipal,
  gained: IntervalSet,
  lost: IntervalSet,
  policies: readonly PolicyChange[],
  measure: Measure,
): PrincipalChangeKind {
  if (!isInFrom) return "new";
  if (!isInTo) return "gone";
  if (gained.length > 0) return "worse";
  if (policies.some(({ kind }) => kind === "worse" || kind === "other-terms" || kind === "new")) return "other-terms";
  // without its Deny, the other policies may allow more
  if (policies.some(({ kind, from }) => kind === "gone" && from !== undefined && measure.denies(from.documentId)))
    return "other-terms";
  const isLess = policies.some(({ kind }) => kind === "better" || kind === "gone" || kind === "applied");
  return lost.length > 0 || isLess ? "better" : "same";
}
