import type { RecommendationRow } from "./lists.ts";

/** What says that an entry's actions are not used. */
export interface EntryEvidence {
  readonly source: string;
  /** ISO 8601; null where the source has no date. */
  readonly updatedAt: string | null;
  readonly ageDays: number | null;
  /** The unused actions among those that the entry matches that this source speaks of: how many, and the first of them. */
  readonly actions: number;
  readonly first: readonly string[];
}

/**
 * An entry of a statement's Action or NotAction, before beside after. `added` is what a NotAction gains: it says what is not granted, so what is
 * unused is put there.
 */
export type AlignedEntry =
  | { readonly is: "kept"; readonly before: string; readonly after: string }
  | {
      readonly is: "removed";
      readonly before: string;
      readonly evidence: readonly EntryEvidence[];
    }
  | {
      readonly is: "replaced";
      readonly before: string;
      readonly after: readonly string[];
      readonly evidence: readonly EntryEvidence[];
      /** Whether there is a word tree to show: it was a wildcard. */
      readonly hasTree: boolean;
    }
  | { readonly is: "added"; readonly after: readonly string[]; readonly evidence: readonly EntryEvidence[] };

/** A statement of today beside what becomes of it, as people read policies. Statements count from 0. */
export interface AlignedStatement {
  readonly before: number;
  /** Its place in the whole that is put in place (before that is split); null where the statement goes. */
  readonly after: number | null;
  readonly sid: string | null;
  readonly effect: string;
  readonly element: "Action" | "NotAction";
  readonly entries: readonly AlignedEntry[];
  /** What is not touched, as pretty JSON text: Resource, Condition and whatever else it has. */
  readonly rest: string;
  /** Why it stays as it is, where it is not refined at all: Deny, an excluded Sid, and so on. */
  readonly untouched: string | null;
}

/**
 * One attached policy, or one customer managed policy in place, and all that stands behind its recommendation. In place, the
 * recommendation's principal is empty (`principalArn` and `principalName` are "", and `principalKind` means nothing).
 */
export interface PolicyPage {
  readonly recommendation: RecommendationRow;
  /** Pretty JSON; `after` has several texts where it is split, and none where it is detached. */
  readonly before: string;
  readonly after: readonly string[];
  readonly statements: readonly AlignedStatement[];
  readonly madeAs: string;
  readonly sizeBefore: number;
  /** Hex; null without an answer. */
  readonly certificate: string | null;
  /** The text that the certificate is the SHA-256 of. */
  readonly certificateStatement: string | null;
  /** What the unanswered says. */
  readonly failure: string | null;
  /** Everybody else who has the same managed policy: how many, and the first of them. */
  readonly shared: { readonly principals: number; readonly first: readonly string[] };
  /** Who keeps more in it where it is narrowed in place. */
  readonly blockers: readonly {
    readonly principalArn: string | null;
    readonly reason: string;
    readonly actions: number;
  }[];
  /** Entries that would reach further with a newer catalog, as `leastwise drift` says; null where the program has no newer one than the run's. */
  readonly drift: readonly { readonly entry: string; readonly now: number; readonly then: number }[] | null;
  /** A unified diff of both as `leastwise show --diff` gives it. */
  readonly patch: string;
  /**
   * Shell: what puts it in place, a dry run unless told otherwise, and what takes that back; null where nothing is to do. Where it cannot be put in
   * place, a comment that says why.
   */
  readonly apply: string | null;
  readonly rollback: string | null;
}

export interface PrincipalPage {
  readonly arn: string;
  readonly accountId: string;
  readonly kind: string;
  readonly name: string;
  readonly createdAt: string | null;
  readonly lastUsedAt: string | null;
  readonly boundaryArn: string | null;
  readonly tags: Readonly<Record<string, string>>;
  readonly evidence: string | null;
  readonly leftBecause: string | null;
  readonly unusedBy: string | null;
  readonly unusedSince: string | null;
  readonly groups: readonly string[];
  readonly members: readonly string[];
  readonly recommendations: readonly RecommendationRow[];
  /** What every source says, service by service. */
  readonly usage: readonly {
    readonly source: string;
    readonly standing: string;
    readonly updatedAt: string | null;
    readonly ageDays: number | null;
    readonly service: string;
    readonly state: "used" | "unused" | "unknown";
    readonly actions: readonly string[] | null;
    readonly lastAccessed: string | null;
  }[];
}

/**
 * The words of the actions that a wildcard matches, as a tree. A node is a prefix that ends at a word's end; one that an entry of the
 * result ends at stands there even where it ends inside a word. What a node covers is decided on characters: all of it begins with
 * `prefix`, case ignored. Words that no other branches off from are one node. A node without children is an action.
 *
 * verdict: safe (nothing unused begins with it), mixed (some of what begins with it is unused), unused (all of it is). Reported names
 * that the catalog lacks count. In a service that is unused whole but for some actions no prefix is safe, so there a node is mixed
 * though nothing that the catalog has below it is unused.
 */
export interface WordNode {
  /** What it adds to its parent's prefix. */
  readonly word: string;
  /** `s3:GetAccess` */
  readonly prefix: string;
  readonly verdict: "safe" | "mixed" | "unused";
  /** Whether the result has it: as `prefix*`, or, of a leaf, by name. */
  readonly chosen: "prefix" | "name" | null;
  /**
   * The entries of the result that stand for it, as they are written: `s3:GetAccess*`, the name of its action, or what an inner wildcard
   * still requires behind the prefix (`s3:Get*Tagging`), of which there can be several. Each entry stands at one node. Empty where it is
   * not chosen.
   */
  readonly entries: readonly string[];
  /** Actions that begin with it and are matched: that stay, and that are unused; of its own name too. */
  readonly kept: number;
  readonly unused: number;
  /** The name of the action that ends here, if one does. */
  readonly action: string | null;
  readonly children: readonly WordNode[];
}
export interface WordTree {
  /** The entry, as the policy has it. */
  readonly pattern: string;
  readonly root: WordNode;
  /** What stands in its place, in order. */
  readonly replacedBy: readonly string[];
}
