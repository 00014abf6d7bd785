import { IdBits } from "../interval/id-bits.ts";
import { type IntervalSet, intervalSetOf, subtract } from "../interval/interval-set.ts";
import { type SpelledStatement, beginning, spelledPolicy, spellingOf } from "../spelling/spellings.ts";
import type { CatalogTrie } from "../trie/trie.ts";
import { type PolicyDocument, type Statement, entriesOf } from "./document.ts";
import { type ReadEntry, readEntry } from "./read-entry.ts";

/** The entries of a statement's `Action` or `NotAction`, read. */
export interface ReadStatement {
  readonly entries: readonly string[];
  readonly read: readonly ReadEntry[];
  /** What the entries match together. */
  readonly matched: IntervalSet;
  /** Literal entries that the catalog lacks, as spelled. */
  readonly unknown: readonly string[];
}

/** Reads the entries of a statement. O(entries) and what they match. */
export function readStatement(trie: CatalogTrie, statement: Statement): ReadStatement {
  const entries = entriesOf(statement.NotAction ?? statement.Action);
  const read = entries.map((text) => readEntry(trie, spellingOf(text)));
  return { entries, read, matched: matchedTogether(trie, read), unknown: unknownOf(read) };
}

/** What entries match together. O(what they match). */
export function matchedTogether(trie: CatalogTrie, entries: readonly ReadEntry[]): IntervalSet {
  const bits = bitsFor(trie);
  for (const { matched } of entries) bits.addAll(matched);
  return bits.runs();
}

/** Literal entries that the catalog lacks, as spelled. */
export function unknownOf(entries: readonly ReadEntry[]): readonly string[] {
  let unknown: string[] | undefined;
  for (const { matched, pattern } of entries)
    if (matched.length === 0 && pattern.kind === "literal") (unknown ??= []).push(pattern.text);
  return unknown ?? NONE;
}

const NONE: readonly string[] = [];

/** The ids of the catalog's actions that a document's Allow statements grant, whatever else stands in them, and whatever is denied. The same object is read once. */
export function grantedBy(trie: CatalogTrie, document: PolicyDocument): IntervalSet {
  return grantedByStatements(trie, spelledPolicy(document).statements);
}

/** The same of some of its statements. O(what their entries match). */
export function grantedByStatements(trie: CatalogTrie, statements: readonly SpelledStatement[]): IntervalSet {
  const exceptions: IntervalSet[] = [];
  for (const { isNot, allows, entries } of statements) {
    if (!isNot || !allows) continue;
    const read = entries.map((entry) => readEntry(trie, entry));
    exceptions.push(allBut(trie, matchedTogether(trie, read)));
  }
  const bits = bitsFor(trie);
  for (const set of exceptions) bits.addAll(set);
  for (const { isNot, entries } of statements) {
    if (!isNot) for (const entry of entries) bits.addAll(readEntry(trie, entry).matched);
  }
  return bits.runs();
}

export function allBut(trie: CatalogTrie, excepted: IntervalSet): IntervalSet {
  return subtract(intervalSetOf([0, trie.actionCount]), excepted);
}

const bitsOf = new WeakMap<CatalogTrie, IdBits>();

/** Empty, for somebody to put a set of this catalog's ids together, and be done before anybody else begins. */
export function bitsFor(trie: CatalogTrie): IdBits {
  let bits = bitsOf.get(trie);
  if (bits === undefined) {
    beginning(); // whoever reads with a catalog puts sets of it together
    bitsOf.set(trie, (bits = new IdBits(trie.actionCount)));
  }
  return bits.begin();
}
