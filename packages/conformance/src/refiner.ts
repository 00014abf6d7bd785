import type {
  Change,
  GrantCounts,
  PolicyDocument,
  RecommendedAction,
  RefinementOptions,
  Unused,
} from "@leastwise/core";

/** All that a recommendation may depend on. Caches go by identity: nothing in it may change once it was asked. */
export interface Question {
  /** Every `service:Name`, each once (case ignored), in any order. */
  readonly catalog: readonly string[];
  readonly policy: PolicyDocument;
  /** Canonical: folded, each service and each name once, names sorted. */
  readonly unused: Unused;
  /** Canonical too. */
  readonly options: RefinementOptions;
}

export interface Answer {
  readonly recommendedAction: RecommendedAction;
  /** Null for DETACH_POLICY, the very object that was given for NONE. */
  readonly policy: PolicyDocument | null;
  /** What is granted before and after, from a refiner that counts. */
  readonly grants?: GrantCounts;
  /** What changed, entry by entry, from a refiner that tells. */
  readonly changes?: readonly Change[];
  /** Of how many statements entries were chosen to fit, and of how many of these nothing of the form costs less for certain. */
  readonly fitted?: { readonly statements: number; readonly shortest: number };
}

/** Something that says it follows docs/semantics.md: the reference, the engine, or whatever else is to be put to the laws. */
export interface Refiner {
  readonly name: string;
  readonly refine: (question: Question) => Answer;
}
