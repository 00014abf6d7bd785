import type { IntervalSet } from "../interval/interval-set.ts";
import type { RefinementOptions } from "../refine/options.ts";
import type { Granted } from "../verify/verifier.ts";
import type { Change, GrantCounts, RecommendedAction } from "../refine/policy.ts";

/** A batch of work that can be done anywhere: plain, self-contained, structured-clone-safe. */
export interface Shard {
  /** Content hash of the catalog that the ids of the outcome refer to. */
  readonly catalog: string;
  readonly options: RefinementOptions;
  readonly origin: Origin;
  /** Minified policy documents, each once. */
  readonly documents: readonly {
    readonly text: string;
    /** Whether the outcome should say what it grants. */
    readonly wantsGrants: boolean;
  }[];
  /** The canonical JSON of each U, each once. */
  readonly unused: readonly string[];
  readonly units: readonly Unit[];
}

/** What certificates say of where results come from, beside the hashes. */
export interface Origin {
  /** Of the program that made the shard. */
  readonly engineVersion: number;
  /** What the store calls the catalog. */
  readonly catalogSource: string;
  readonly catalogDate: string;
}

/** One question: what is left of a document for a U. `document` and `unused` are places in the shard's lists. */
export interface Unit {
  readonly unitId: number;
  readonly document: number;
  readonly unused: number;
}

export interface ShardOutcome {
  /** In the order of the shard's units. */
  readonly units: readonly UnitOutcome[];
  /** What the wanted documents grant: places in the shard's list, and ids of the catalog. */
  readonly grants: readonly {
    readonly document: number;
    readonly granted: IntervalSet;
    /** As `wildcardsOf` the document. */
    readonly wildcards: readonly string[];
  }[];
}

/**
 * A shard's outcome as a worker sends it back: flat rows of texts and numbers, so that the one thread that writes has nothing to
 * serialise. In the order of the shard's units.
 */
export interface OutcomeRows {
  readonly units: readonly UnitRow[];
  readonly grants: readonly { readonly document: number; readonly granted: GrantRow }[];
}

/** What a document grants, and what else is counted of it once all answers are there. */
export interface GrantRow {
  readonly actions: number;
  /** JSON text of the intervals, each one number: `lo × 2^26 + hi`. */
  readonly intervals: string;
  /** JSON text of its `wildcardsOf`; null where there are none. */
  readonly wildcards: string | null;
  /** SHA-256 of its `shapeText`; null where it names no account. */
  readonly shape: string | null;
}

export type UnitRow =
  | UnitFailure
  | {
      readonly unitId: number;
      readonly ok: true;
      readonly recommendedAction: RecommendedAction;
      readonly actionsBefore: number;
      readonly actionsRemoved: number;
      /** JSON text `[[statement, element, entry, …replacedBy], …]`; null where nothing changes. */
      readonly changes: string | null;
      /** JSON text of the unknown actions; null where there are none. */
      readonly unknownActions: string | null;
      /** SHA-256 of the result's certificate. */
      readonly certificate: string;
      /** The document to put in place; null for DETACH_POLICY and NONE. */
      readonly created: { readonly text: string; readonly sha256: string; readonly granted: GrantRow } | null;
    };

export type UnitOutcome = UnitResult | UnitFailure;

/** A verified answer. */
export interface UnitResult {
  readonly unitId: number;
  readonly ok: true;
  readonly recommendedAction: RecommendedAction;
  /** The document to put in place, minified; null for DETACH_POLICY, and for NONE, where it is the one there is. */
  readonly text: string | null;
  readonly changes: readonly Change[];
  readonly grants: GrantCounts;
  /** What is granted before, removed and left, as the verifier sees it. */
  readonly granted: Granted;
  /** As `wildcardsOf` the document in `text`; none where that is null. */
  readonly wildcards: readonly string[];
  readonly unknownActions: readonly { readonly statement: number; readonly entry: string }[];
}

/** No answer: nothing of it is stored but the reason. */
export interface UnitFailure {
  readonly unitId: number;
  readonly ok: false;
  readonly code: "verification-failed" | "refinement-failed" | "out-of-memory" | "out-of-time";
  readonly message: string;
}
