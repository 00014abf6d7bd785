import type { Tag } from "./records.ts";

/** What people decide about evidence and about what is left alone. All lengths of time are in days. */
export interface PlanSettings {
  readonly windows: Windows;
  /** Evidence older than this removes nothing; null for any age. */
  readonly maxAge: number | null;
  /** Principals and customer managed policies younger than this are left alone; null for the window of the source that reports on them. */
  readonly minAge: number | null;
  /** The day that ages are counted to, ISO 8601 in UTC; null for the newest date that the inputs bear. */
  readonly asOf: string | null;
  /** Patterns over `service:Name`: what they match is never removed. */
  readonly protected: readonly string[];
  readonly exclude: Exclusions;
}

/** How many days back an access counts as use; null where the source's own judgement counts, for CloudTrail any time. */
export interface Windows {
  readonly accessAnalyzer: number | null;
  readonly lastAccessed: number;
  readonly cloudTrail: number | null;
}

/** Whom and what a run leaves as it is. `*` and `?` are wildcards in principals and policies. */
export interface Exclusions {
  /** Account ids. */
  readonly accounts: readonly string[];
  /** ARNs or names. */
  readonly principals: readonly string[];
  /** What the paths of principals begin with, such as `/service-role/`. */
  readonly paths: readonly string[];
  /** A value of null stands for any. */
  readonly tags: readonly { readonly key: Tag["key"]; readonly value: Tag["value"] | null }[];
  /** ARNs of managed policies, or names. */
  readonly policies: readonly string[];
}

/** 90 days, as the unused access analyzer has them; nothing protected, nothing excluded. */
export const DEFAULT_SETTINGS: PlanSettings = {
  windows: { accessAnalyzer: null, lastAccessed: 90, cloudTrail: null },
  maxAge: null,
  minAge: null,
  asOf: null,
  protected: [],
  exclude: { accounts: [], principals: [], paths: [], tags: [], policies: [] },
};
