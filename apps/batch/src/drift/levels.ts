import { type AccessLevel, type Catalog, accessLevel } from "@leastwise/catalog";
import { type IntervalSet, ids } from "@leastwise/core";
import type { FailOn } from "../cli/choices.ts";

/** Access levels by what a new action of one can do, the worst first; one that no source names might be anything. */
export const WORST_FIRST: readonly AccessLevel[] = [
  "Permissions management",
  "Write",
  "Tagging",
  "Unknown",
  "Read",
  "List",
];

const COUNTED: Readonly<Record<FailOn, readonly AccessLevel[]>> = {
  any: WORST_FIRST,
  write: ["Permissions management", "Write", "Tagging", "Unknown"],
  permissions: ["Permissions management"],
};

export interface LevelledAction {
  readonly action: string;
  readonly accessLevel: AccessLevel;
}

/** Actions of a catalog with their levels, the worst level first, then by name. O(n log n). */
export function levelled({ trie }: Catalog, actions: IntervalSet): readonly LevelledAction[] {
  const all = Array.from(ids(actions), (id) => ({ action: trie.name(id), accessLevel: accessLevel(trie, id) }));
  return all.sort((a, b) => rankOf(a.accessLevel) - rankOf(b.accessLevel)); // a stable sort, and ids are in the order of names
}

/** 0 is the worst. */
export function rankOf(level: AccessLevel): number {
  return WORST_FIRST.indexOf(level);
}

export function failsOn(failOn: FailOn | undefined, actions: readonly LevelledAction[]): boolean {
  return failOn !== undefined && actions.some(({ accessLevel: level }) => COUNTED[failOn].includes(level));
}
