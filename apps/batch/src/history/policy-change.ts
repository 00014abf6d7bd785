import { type IntervalSet, subtract } from "@leastwise/core";
import type { RunAnswer } from "@leastwise/store";
import type { Measure } from "./measure.ts";

/**
 * What became of a policy between two runs (docs/history.md). Its document is another: `applied` (what was recommended stands there),
 * `worse`, `better`, `other-terms`, `rewritten`. Its document is the same: `more-to-remove`, `less-to-remove`, `other-to-remove`, `same`.
 * Only one run has it: `new`, `copy` (it stands in for one that is gone, with the document that was recommended), `gone`.
 */
export const POLICY_CHANGES = [
  "worse",
  "other-terms",
  "new",
  "more-to-remove",
  "other-to-remove",
  "less-to-remove",
  "better",
  "applied",
  "copy",
  "gone",
  "rewritten",
  "same",
] as const;
export type PolicyChangeKind = (typeof POLICY_CHANGES)[number];

export interface PolicyChange {
  readonly kind: PolicyChangeKind;
  readonly from: RunAnswer | undefined;
  readonly to: RunAnswer | undefined;
  /** Actions that it grants now and did not, and the other way round. */
  readonly gained: IntervalSet;
  readonly lost: IntervalSet;
  /** Actions that may go from it now and might not before, and the other way round. */
  readonly newlyRemovable: IntervalSet;
  readonly noLongerRemovable: IntervalSet;
}

/** What became of one policy, with those of the same principal known that are new: one of them may stand in for it. */
export function policyChange(
  from: RunAnswer | undefined,
  to: RunAnswer | undefined,
  measure: Measure,
  others: Others = NO_OTHERS,
): PolicyChange {
  const granted = [measure.granted(from?.documentId ?? null), measure.granted(to?.documentId ?? null)] as const;
  const removable = [removableOf(from, measure), removableOf(to, measure)] as const;
  return {
    kind: kindOf(from, to, measure, others),
    from,
    to,
    gained: subtract(granted[1], granted[0]),
    lost: subtract(granted[0], granted[1]),
    newlyRemovable: subtract(removable[1], removable[0]),
    noLongerRemovable: subtract(removable[0], removable[1]),
  };
}

/** The answers of a principal that one run alone has. */
export interface Others {
  readonly came: readonly RunAnswer[];
  readonly went: readonly RunAnswer[];
}

const NO_OTHERS: Others = { came: [], went: [] };

function kindOf(
  from: RunAnswer | undefined,
  to: RunAnswer | undefined,
  measure: Measure,
  others: Others,
): PolicyChangeKind {
  if (from === undefined) {
    return to?.group === null && others.went.some((gone) => standsInFor(to, gone, measure)) ? "copy" : "new";
  }
  if (to === undefined) {
    if (from.group !== null) return "gone"; // with the membership; what was recommended was said to the group
    const isDone =
      from.recommendedAction === "DETACH_POLICY" || others.came.some((came) => standsInFor(came, from, measure));
    return isDone ? "applied" : "gone";
  }
  if (from.documentId === to.documentId) return sameDocument(from, to, measure);
  const recommended = from.recommendedAction === "CREATE_POLICY" ? from.finalDocumentId : null;
  if (recommended !== null && measure.isSame(to.documentId, recommended)) return "applied";
  const more = subtract(measure.granted(to.documentId), measure.granted(from.documentId));
  if (more.length > 0) return "worse";
  switch (measure.compared(to.documentId, from.documentId).verdict) {
    case "looser":
      return "worse";
    case "tighter":
      return "better";
    case "different":
      return "other-terms";
    case "same":
    case "different-in-form":
      return "rewritten";
  }
}

function sameDocument(from: RunAnswer, to: RunAnswer, measure: Measure): PolicyChangeKind {
  const [before, after] = [removableOf(from, measure), removableOf(to, measure)];
  const more = subtract(after, before).length > 0;
  const less = subtract(before, after).length > 0;
  return more ? (less ? "other-to-remove" : "more-to-remove") : less ? "less-to-remove" : "same";
}

function standsInFor(came: RunAnswer, gone: RunAnswer, measure: Measure): boolean {
  const { recommendedAction, finalDocumentId } = gone;
  return (
    recommendedAction === "CREATE_POLICY" &&
    finalDocumentId !== null &&
    measure.isSame(came.documentId, finalDocumentId)
  );
}

/** What goes once the recommendation is applied. */
function removableOf(answer: RunAnswer | undefined, measure: Measure): IntervalSet {
  if (answer === undefined || answer.documentId === answer.finalDocumentId) return [];
  return subtract(measure.granted(answer.documentId), measure.granted(answer.finalDocumentId));
}
