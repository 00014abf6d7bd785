import { EMPTY, type IntervalSet, intervalSetOf } from "../interval/interval-set.ts";
import { type Pattern, codesOf, matchCodes, parsePattern } from "../pattern/pattern.ts";
import type { CatalogTrie } from "../trie/trie.ts";
import { type Statement, entriesOf } from "./document.ts";

/** An entry as read once: its pattern and C(e). Shared, so never changed. */
interface ReadEntry {
  readonly pattern: Pattern;
  readonly matched: IntervalSet;
}

/** The entries of a statement's `Action` or `NotAction`, read. Shared, so never changed. */
export interface ReadStatement {
  readonly entries: readonly string[];
  readonly read: readonly ReadEntry[];
  /** What the entries match together. */
  readonly matched: IntervalSet;
  /** Literal entries that the catalog lacks, as spelled. */
  readonly unknown: readonly string[];
}

/**
 * What has been read with a catalog: entries by their text, since organizations repeat the same few thousand, and statements by
 * identity, since a document met again is the same object. It depends on the texts and the catalog alone, so nobody can tell
 * that it is remembered but by the clock.
 */
interface Memory {
  readonly entries: Map<string, ReadEntry>;
  readonly statements: WeakMap<Statement, ReadStatement>;
}

const MOST_ENTRIES = 30_000;
const memories = new WeakMap<CatalogTrie, Memory>();

/** Reads the entries of a statement. O(entries) the first time. */
export function readStatement(trie: CatalogTrie, statement: Statement): ReadStatement {
  const { entries: known, statements } = memoryOf(trie);
  const before = statements.get(statement);
  if (before !== undefined) return before;
  const entries = entriesOf(statement.NotAction ?? statement.Action);
  const pairs: number[] = [];
  const unknown: string[] = [];
  const read = entries.map((text) => {
    const entry = readEntry(trie, known, text);
    for (const bound of entry.matched) pairs.push(bound);
    if (entry.pattern.kind === "literal" && entry.matched.length === 0) unknown.push(text);
    return entry;
  });
  const result: ReadStatement = { entries, read, matched: intervalSetOf(pairs), unknown };
  statements.set(statement, result);
  return result;
}

function memoryOf(trie: CatalogTrie): Memory {
  let memory = memories.get(trie);
  if (memory === undefined) memories.set(trie, (memory = { entries: new Map(), statements: new WeakMap() }));
  return memory;
}

function readEntry(trie: CatalogTrie, known: Map<string, ReadEntry>, text: string): ReadEntry {
  const before = known.get(text);
  if (before !== undefined) return before;
  const pattern = parsePattern(text);
  const entry = { pattern, matched: matchedBy(trie, pattern) };
  if (known.size >= MOST_ENTRIES) known.clear();
  known.set(text, entry);
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
    if (!matchCodes(codes, trie.folded, trie.nameStart[id]!, trie.nameStart[id + 1]!)) continue; // id is in range
    if (pairs.length > 0 && pairs[pairs.length - 1] === id) pairs[pairs.length - 1] = id + 1;
    else pairs.push(id, id + 1);
  }
  return intervalSetOf(pairs);
}

/** The ids `[lo, hi)` of everything that starts with the pattern's literal head. */
export function headInterval(trie: CatalogTrie, pattern: Pattern): readonly [lo: number, hi: number] {
  if (pattern.headLength === 0) return [0, trie.actionCount];
  const head = pattern.folded.slice(0, pattern.headLength);
  const lo = trie.lowerBound(head);
  return [lo, trie.upperBound(head, lo)];
}
