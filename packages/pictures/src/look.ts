import type { ShownNode } from "./shown-tree.ts";
import { SIZES } from "./layout-tree.ts";

/** What is told apart at a glance. */
export type Look = "chosen" | "safe" | "unused" | "mixed";

/** The looks with what they say, in the legend's order. */
export const LOOKS: readonly (readonly [look: Look, words: string])[] = [
  ["chosen", "in the result"],
  ["safe", "stays, covered by it"],
  ["mixed", "some stays, some goes"],
  ["unused", "unused, goes"],
];

export function lookOf({ verdict, chosen }: Pick<ShownNode, "verdict" | "chosen">): Look {
  return chosen === null ? verdict : "chosen";
}

/** Radius of a box's corners: what stays is round, what goes or is mixed is not. */
export function cornerOf(look: Look): number {
  return look === "chosen" || look === "safe" ? SIZES.box / 2 : look === "mixed" ? 0 : 3;
}
