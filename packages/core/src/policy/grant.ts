import { EMPTY, type IntervalSet, intervalSetOf, subtract } from "../interval/interval-set.ts";
import { type Pattern, codesOf, matchCodes, parsePattern } from "../pattern/pattern.ts";
import type { CatalogTrie } from "../trie/trie.ts";
import { type PolicyDocument, type Statement, entriesOf, statementsOf } from "./document.ts";

/** An entry as read once: its pattern and C(e). Shared, so never changed. */
interface ReadEntry {
  readonly pattern: Pattern;
  readonly matched: IntervalSet;
}

/** The entries of a statement's `Action` or `NotAction`, read. */
export interface ReadStatement {
  readonly entries: readonly string[];
  readonly read: readonly ReadEntry[];
  /** What the entries match together. */
  readonly matched: IntervalSet;
  /** Literal entries that the catalog lacks, as spelled. */
  readonly unknown: readonly string[];
}

/**
 * Entries that have been read with a catalog, since organizations repeat the same few thousand. An entry depends on its text and the
 * catalog alone, so nobody can tell that it is remembered but by the clock.
 */
interface Memory {
  readonly entries: Map<string, ReadEntry>;
  bounds: number;
}

const MOST_ENTRIES = 40_000;
/** Bounds of intervals that may be remembered: patterns with inner wildcards can match thousands of runs. */
const MOST_BOUNDS = 2_000_000;
const memories = new WeakMap<CatalogTrie, Memory>();

/** Reads the entries of a statement. O(entries) and what they match. */
export function readStatement(trie: CatalogTrie, statement: Statement): ReadStatement {
  const memory = memoryOf(trie);
  const entries = entriesOf(statement.NotAction ?? statement.Action);
  const pairs: number[] = [];
  const unknown: string[] = [];
  const read = entries.map((text) => {
    const entry = readEntry(trie, memory, text);
    for (const bound of entry.matched) pairs.push(bound);
    if (entry.pattern.kind === "literal" && entry.matched.length === 0) unknown.push(text);
    return entry;
  });
  return { entries, read, matched: intervalSetOf(pairs), unknown };
}

function memoryOf(trie: CatalogTrie): Memory {
  let memory = memories.get(trie);
  if (memory === undefined) memories.set(trie, (memory = { entries: new Map(), bounds: 0 }));
  return memory;
}

function readEntry(trie: CatalogTrie, memory: Memory, text: string): ReadEntry {
  const { entries } = memory;
  const before = entries.get(text);
  if (before !== undefined) return before;
  const pattern = parsePattern(text);
  const entry = { pattern, matched: matchedBy(trie, pattern) };
  if (entries.size >= MOST_ENTRIES || memory.bounds > MOST_BOUNDS) {
    entries.clear();
    memory.bounds = 0;
  }
  entries.set(text, entry);
  memory.bounds += entry.matched.length;
  return entry;
}

/**
 * C(e): the ids of the catalog's actions that an entry matches. A literal is one look-up, a trailing `*` two binary searches;
 * any other pattern is tried on everything that starts with its literal head.
 */
export function matchedBy(trie: CatalogTrie, pattern: Pattern): IntervalSet {
  if (pattern.kind === "literal") {
    const id = trie.find(pattern.folded);
    return id < 0 ? EMPTY : [id, id + 1];
  }
  const [lo, hi] = headInterval(trie, pattern);
  if (pattern.kind === "prefix") return lo < hi ? [lo, hi] : EMPTY;
  const codes = codesOf(pattern.folded);
  const pairs: number[] = [];
  for (let id = lo; id < hi; id++) {
    if (matchCodes(codes, trie.folded, trie.nameStart[id]!, trie.nameStart[id + 1]!)) pairs.push(id, id + 1); // id is in range
  }
  return intervalSetOf(pairs);
}

/** The ids `[lo, hi)` of everything that starts with the pattern's literal head. */
export function headInterval(trie: CatalogTrie, pattern: Pattern): readonly [lo: number, hi: number] {
  const head = pattern.folded.slice(0, pattern.headLength);
  const lo = trie.lowerBound(head);
  return [lo, trie.upperBound(head, lo)];
}

/** The ids of the catalog's actions that a document's Allow statements grant, whatever else stands in them, and whatever is denied. */
export function grantedBy(trie: CatalogTrie, document: PolicyDocument): IntervalSet {
  const pairs = statementsOf(document).flatMap((statement): readonly number[] => {
    if (statement.Effect !== "Allow") return [];
    const { matched } = readStatement(trie, statement);
    return statement.NotAction === undefined ? matched : subtract([0, trie.actionCount], matched);
  });
  return intervalSetOf(pairs);
}
