import type { Fit, Law, PolicyDocument, RecommendedAction, Statement, Unused } from "@leastwise/core";
import { mayChange } from "../laws/plainly.ts";
import { type Random, shuffled } from "./random.ts";
import { type RightResult, type Standing, entriesIn, stands } from "./right-result.ts";

/** An answer that somebody gives in place of the right one. */
export interface Planted {
  readonly after: PolicyDocument | null;
  readonly recommendedAction: RecommendedAction;
  /** The U that it is claimed for, where that is not the one that was asked. */
  readonly unused?: Unused;
  /** The Sids that it is claimed to keep, where those are not the ones that were asked. */
  readonly keptSids?: readonly string[];
  /** The form that it is claimed to be of, where that is not the one that was asked; null for word prefixes. */
  readonly fit?: Fit | null;
}

/** One way to go wrong. */
export interface Operator {
  readonly name: string;
  /** The law that it is made to break. */
  readonly law: Law;
  /**
   * Answers spoiled in this way, one for each place of the right result where it applies, in an order drawn; none where it
   * applies nowhere. Some may be right after all: whether they are wrong is for `evidenceAgainst` to say.
   */
  readonly sabotage: (right: RightResult, random: Random) => Iterable<Planted>;
}

/** What is written instead of a statement: well-formed or not. */
export type Written = Readonly<Record<string, unknown>> | null | string | number | readonly unknown[];

/** The right document with these statements at a statement's place, claimed as a change. */
export function withStatements(right: RightResult, place: number, ...instead: readonly Written[]): Planted {
  const list = right.pairs.flatMap((pair): readonly unknown[] =>
    pair.place === place ? instead : pair.after === null ? [] : [pair.after],
  );
  return withStatementList(right, list);
}

/** A single statement stays a single one where one is left. */
export function withStatementList(right: RightResult, list: readonly unknown[]): Planted {
  const isSingle = !Array.isArray(right.before.Statement) && list.length === 1;
  return changed({ ...right.before, Statement: isSingle ? list[0] : list });
}

/** Any value, claimed to be the new document. */
export function changed(after: unknown): Planted {
  return { after: after as PolicyDocument, recommendedAction: "CREATE_POLICY" }; // may be ill-formed on purpose
}

/** The Allow or Deny statements that stay, in an order drawn. */
export function standing(right: RightResult, random: Random, effect: "Allow" | "Deny"): Standing[] {
  const pairs = right.pairs.filter(stands).filter(({ before }) => before.Effect === effect);
  return shuffled(random, pairs);
}

/** Another object in a statement's place, wherever `edit` knows one. Undefined: it does not apply there. */
export function editing(
  effect: "Allow" | "Deny",
  edit: (statement: Statement, random: Random, right: RightResult) => Written | undefined,
): Operator["sabotage"] {
  return function* (right, random) {
    for (const { place, after } of standing(right, random, effect)) {
      const instead = edit(after, random, right);
      if (instead !== undefined && isOther(instead, after)) yield withStatements(right, place, instead);
    }
  };
}

/** Whether JSON tells the two apart. */
export function isOther(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) !== JSON.stringify(b);
}

/** The entries of an Allow statement that stays, as an operator sees them. */
export interface EntriesSite extends Standing {
  readonly right: RightResult;
  readonly old: readonly string[];
  readonly now: readonly string[];
  /** Of `Action`: whether an entry is there because it matches nothing unused. Of `NotAction`, or in a kept statement: because it stood there before. */
  readonly isKept: (entry: string) => boolean;
}

/** Other entries in a statement's place, wherever `edit` knows some; a string stays a string where one is left. */
export function editingEntries(
  element: "Action" | "NotAction",
  edit: (site: EntriesSite, random: Random) => Iterable<readonly string[]>,
): Operator["sabotage"] {
  return function* (right, random) {
    for (const pair of standing(right, random, "Allow")) {
      if (pair.before[element] === undefined) continue;
      const old = entriesIn(pair.before);
      const staysWhole = element === "NotAction" || !mayChange(pair.before, right.question.options);
      const kept = new Set(staysWhole ? old : old.filter((entry) => !right.reaches(entry)));
      const site = { ...pair, right, old, now: entriesIn(pair.after), isKept: (entry: string) => kept.has(entry) };
      for (const entries of edit(site, random)) {
        const isString = typeof pair.before[element] === "string" && entries.length === 1;
        const instead = { ...pair.after, [element]: isString ? entries[0] : entries };
        if (isOther(instead, pair.after)) yield withStatements(right, pair.place, instead);
      }
    }
  };
}

/** One entry after the other, in an order drawn, replaced by what `edit` gives for it. Undefined: it does not apply there. */
export function eachEntry(
  which: "any" | "kept" | "generated",
  edit: (entry: string, random: Random, site: EntriesSite) => readonly string[] | undefined,
): (site: EntriesSite, random: Random) => Iterable<readonly string[]> {
  return function* (site, random) {
    for (const i of shuffled(random, [...site.now.keys()])) {
      const entry = site.now[i]!; // i is one of its places
      if (which !== "any" && site.isKept(entry) !== (which === "kept")) continue;
      const instead = edit(entry, random, site);
      if (instead !== undefined) yield site.now.toSpliced(i, 1, ...instead);
    }
  };
}
