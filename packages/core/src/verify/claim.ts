import type { PolicyDocument, Statement } from "../policy/document.ts";
import type { Fit } from "../refine/options.ts";
import type { Change, GrantCounts, RecommendedAction } from "../refine/policy.ts";
import type { Unused } from "../unused/unused.ts";
import type { Entry } from "./expansion.ts";

/** SEMANTICS 5, laws 1 to 4; and `changes`: that what is said to have changed is what has changed. */
export type Law = "all-and-only" | "never-broader" | "structure" | "deny-intact" | "changes";

export interface Violation {
  readonly law: Law;
  /** The statement's place in the document before, counted from 0; null for the document as a whole. */
  readonly statement: number | null;
  readonly message: string;
}

export interface Verdict {
  readonly violations: readonly Violation[];
  /** Distinct actions of the catalog that the Allow statements grant, counted by the verifier itself. */
  readonly grants: GrantCounts;
}

/** What somebody says is the refinement of `before` for U. */
export interface Claim {
  readonly before: PolicyDocument;
  /** The document to put in place; null for DETACH_POLICY. */
  readonly after: PolicyDocument | null;
  readonly recommendedAction: RecommendedAction;
  readonly unused: Unused;
  /** Statements whose Sid starts with one of these are to be left exactly as they are; none where it is absent. */
  readonly keptSids?: readonly string[];
  /** The form in which entries are said to be written (SEMANTICS 9); that of word prefixes where it is absent. */
  readonly fit?: Fit;
  /** What is said to have changed, entry by entry; not looked at where it is absent. */
  readonly changes?: readonly Change[];
}

/** Takes down what is wrong. */
export type Report = (law: Law, statement: number | null, message: string) => void;

/** A statement of the document after, read beside the one that it should be left of. */
export interface LeftStatement {
  readonly statement: Statement;
  readonly isNot: boolean;
  readonly entries: readonly Entry[];
  /** The entries that do not stand there because an old one stays in its place. */
  readonly fresh: readonly Entry[];
  /** Whether its entries are the old ones, as spelled and in their order. */
  readonly isSame: boolean;
}
