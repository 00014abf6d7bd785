import { type Pattern, parsePattern } from "../pattern/pattern.ts";
import { type Spelling, keeping } from "../spelling/spellings.ts";
import type { CatalogTrie } from "../trie/trie.ts";
import { type Reach, reachOf } from "./matched.ts";

/** An entry as read once with a catalog. Shared, so never changed. */
export interface ReadEntry extends Reach {
  readonly pattern: Pattern;
  readonly trie: CatalogTrie;
}

/** Reads an entry, or finds what was read of it with this catalog. O(1), or what it matches. */
export function readEntry(trie: CatalogTrie, spelling: Spelling): ReadEntry {
  const known = spelling.refiner;
  if (known !== undefined && known.trie === trie) return known;
  const pattern = parsePattern(spelling.text);
  const { matched, lo, hi } = reachOf(trie, pattern);
  const entry = { pattern, matched, lo, hi, trie };
  spelling.refiner = entry;
  keeping(matched.length);
  return entry;
}
