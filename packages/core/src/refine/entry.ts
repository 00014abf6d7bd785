import {
  type IntervalSet,
  contains,
  countIn,
  firstIn,
  ids,
  intersect,
  intervalSetOf,
  subtract,
} from "../interval/interval-set.ts";
import { fold } from "../pattern/fold.ts";
import { type Pattern, codesOf, matchCodes, matches } from "../pattern/pattern.ts";
import { remainders } from "../pattern/remainder.ts";
import type { ReadEntry } from "../policy/read-entry.ts";
import type { CatalogTrie } from "../trie/trie.ts";
import { type PrefixCover, coverByPrefixes } from "./prefix-cover.ts";
import { type ResolvedUnused, holds, touches } from "./resolved-unused.ts";

/** What takes an entry's place: itself, or these generated ones, sorted by folded text; an empty list drops it. */
export type EntryOutcome = "kept" | readonly string[];

const DROPPED: readonly string[] = [];

/** What entries are refined by. */
export interface Rules {
  readonly trie: CatalogTrie;
  readonly unused: ResolvedUnused;
  /** The actions that are written by their names. */
  readonly exact: IntervalSet;
}

/** SEMANTICS 2: one entry of an Allow statement's `Action`. */
export function refineEntry(rules: Rules, entry: ReadEntry): EntryOutcome {
  const { trie, unused, exact } = rules;
  const { pattern, matched } = entry;
  if (pattern.kind === "literal") return isUnusedLiteral(unused, pattern, matched) ? DROPPED : "kept"; // rule 1
  if (!touches(unused, pattern, matched)) return "kept"; // rule 2
  const left = subtract(matched, unused.ids);
  if (left.length === 0) return DROPPED; // rule 3
  if (exact.length === 0) return generalise(trie, unused, entry, left); // rule 4
  const named = namesOf(trie, intersect(left, exact));
  const others = subtract(left, exact);
  if (others.length === 0) return sortedByFold(named);
  return sortedByFold([...named, ...generalise(trie, unused, entry, others)]);
}

function isUnusedLiteral(unused: ResolvedUnused, pattern: Pattern, matched: IntervalSet): boolean {
  const id = matched[0];
  return id === undefined ? holds(unused, pattern.folded) : contains(unused.ids, id);
}

/**
 * SEMANTICS 2.4: the shortest safe prefixes of what is left, each followed by what the entry still requires. `left` holds all or none
 * of what is left of a service, and with it of what a prefix covers (INVARIANT prefix-in-service).
 *
 * INVARIANT no-shorter-than-head: a prefix shorter than the literal head covers all that the entry matches, so also what of it is
 * unused, for which the entry is refined at all. So no such prefix is ever safe, and none has to be kept out by its length.
 */
function generalise(
  trie: CatalogTrie,
  unused: ResolvedUnused,
  { pattern, matched, lo, hi }: ReadEntry,
  left: IntervalSet,
): readonly string[] {
  const unlisted = unused.unlisted.filter((action) => matches(pattern, action));
  const cover = coverByPrefixes(trie, {
    wanted: left,
    blocked: pattern.kind === "prefix" ? unused.unsafeIds : unsafeFor(unused, matched),
    lo,
    hi,
    isUnsafe: (node) => {
      if (unlisted.length === 0) return false;
      const prefix = fold(trie.nodePrefix(node));
      return unlisted.some((action) => action.startsWith(prefix));
    },
  });
  if (pattern.kind === "prefix") return prefixesAndNames(trie, cover, left);
  const generated = new Set(namesOf(trie, cover.rest));
  for (const node of cover.nodes) for (const entry of entriesFor(trie, node, pattern, left)) generated.add(entry);
  return sortedByFold(generated);
}

/**
 * What a cover comes to where nothing is required behind its prefixes. No two prefixes of a cover reach the same action, so
 * catalog order is that of the folded texts, and none stands there twice.
 */
function prefixesAndNames(trie: CatalogTrie, { nodes, rest }: PrefixCover, left: IntervalSet): readonly string[] {
  const out: string[] = [];
  let next = 0;
  const namesBelow = (end: number): void => {
    for (; next < rest.length && rest[next]! < end; next += 2) {
      for (let id = rest[next]!; id < rest[next + 1]!; id++) out.push(trie.name(id)); // next is inside, here and above
    }
  };
  for (const node of nodes) {
    const [lo, hi] = [trie.nodeLo[node]!, trie.nodeHi[node]!]; // the node comes from the trie
    namesBelow(lo);
    out.push(countIn(left, lo, hi) === 1 ? trie.name(firstIn(left, lo, hi)) : trie.nodePattern(node));
  }
  namesBelow(trie.actionCount);
  return out;
}

/** What no prefix may cover for an entry that matches only some of what starts with its literal head. */
function unsafeFor(unused: ResolvedUnused, matched: IntervalSet): IntervalSet {
  return intervalSetOf([...intersect(matched, unused.ids), ...unused.wholeIds]);
}

/** A chosen prefix of an entry that goes on behind its first wildcard: the one action's name where it covers one of what is left, else prefix and remainder(s). */
function entriesFor(trie: CatalogTrie, node: number, pattern: Pattern, left: IntervalSet): readonly string[] {
  const lo = trie.nodeLo[node]!; // node comes from the trie
  const hi = trie.nodeHi[node]!;
  if (countIn(left, lo, hi) === 1) return [trie.name(firstIn(left, lo, hi))];
  const prefix = trie.nodePrefix(node);
  const inside = [...ids(intersect(left, [lo, hi]))];
  const patterns: string[] = [];
  const single = new Set<number>();
  const shared = new Set<number>();
  for (const remainder of remainders(pattern, prefix)) {
    const codes = codesOf(fold(remainder));
    const matching = inside.filter((id) =>
      matchCodes(codes, trie.folded, trie.nameStart[id]! + prefix.length, trie.nameStart[id + 1]!),
    );
    if (matching.length > 1) patterns.push(prefix + remainder);
    for (const id of matching) (matching.length > 1 ? shared : single).add(id);
  }
  const names = [...single].filter((id) => !shared.has(id)).map((id) => trie.name(id)); // a pattern beside it may say it already
  return [...patterns, ...names];
}

export function namesOf(trie: CatalogTrie, set: IntervalSet): string[] {
  return Array.from(ids(set), (id) => trie.name(id));
}

/** Entries no two of which are alike, sorted by their folded text. */
export function sortedByFold(entries: Iterable<string>): readonly string[] {
  const keyed = Array.from(entries, (entry) => ({ entry, key: fold(entry) }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ entry }) => entry);
}
