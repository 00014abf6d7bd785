import type { WordNode, WordTree } from "@leastwise/api";
import {
  type CatalogTrie,
  type Pattern,
  type ResolvedUnused,
  contains,
  fold,
  hasWildcard,
  ids,
  matchedBy,
  matches,
  parsePattern,
} from "@leastwise/core";

/** A node while it is counted. */
interface Draft {
  readonly prefix: string;
  readonly folded: string;
  /** Whether anything can be below it; a name that longer ones merely begin with is a leaf. */
  isPrefix: boolean;
  action: string | null;
  readonly entries: string[];
  kept: number;
  unused: number;
  /** Whether something below it is of a service that is unused whole, in which no prefix is safe. */
  isInWhole: boolean;
  readonly children: Draft[];
}

/**
 * The words behind an entry of an Allow statement's `Action`, and where what stands in its place stands among them (SEMANTICS 1, 2).
 *
 * The nodes are the catalog's word prefixes, nested by characters as the refiner sees them, so that `ec2:DescribeInstances` is below
 * `ec2:DescribeInstance`; and the names of actions, which are leaves unless they are word prefixes too. The root is the entry's literal head, or nothing where the head does not reach behind a service. Reported names
 * that the catalog lacks stand among the actions, case folded.
 *
 * @param entry as the policy has it; one without a wildcard is a tree of one node
 * @param replacedBy what stands in its place: the entry itself where it is kept, nothing where it goes
 *
 * Every entry of `replacedBy` is at one node. O(what the entry matches × its logarithm).
 */
export function wordTree(
  trie: CatalogTrie,
  unused: ResolvedUnused,
  entry: string,
  replacedBy: readonly string[],
): WordTree {
  const pattern = parsePattern(entry);
  const head = entry.slice(0, pattern.headLength);
  const rootPrefix = head.includes(":") ? head : "";
  const drafts = new Map<string, Draft>();
  const draftAt = (prefix: string): Draft => {
    const folded = fold(prefix);
    let draft = drafts.get(folded);
    if (draft === undefined) drafts.set(folded, (draft = emptyDraft(prefix, folded)));
    return draft;
  };
  for (const prefix of wordPrefixes(trie, fold(rootPrefix))) draftAt(prefix).isPrefix = true;
  for (const id of ids(matchedBy(trie, pattern))) {
    const draft = draftAt(trie.name(id));
    draft.action = trie.name(id);
    if (contains(unused.ids, id)) draft.unused = 1;
    else draft.kept = 1;
    draft.isInWhole = contains(unused.wholeIds, id);
  }
  for (const name of unlistedOf(unused, pattern)) {
    const draft = draftAt(name);
    draft.action ??= name;
    draft.unused = 1;
  }
  const root = draftAt(rootPrefix);
  root.isPrefix = true;
  for (const written of replacedBy) {
    const at = hasWildcard(written) ? written.slice(0, parsePattern(written).headLength) : written;
    const draft = fold(at).startsWith(root.folded) ? draftAt(at) : root;
    draft.entries.push(written);
    if (hasWildcard(written)) draft.isPrefix = true;
    else if (draft.action === null) {
      draft.action = written; // a name that the catalog lacks stays where nobody reports it
      draft.kept = 1;
    }
  }
  link(root, drafts);
  return { pattern: entry, root: finished(root, null, replacedBy.length === 0), replacedBy };
}

function emptyDraft(prefix: string, folded: string): Draft {
  return {
    prefix,
    folded,
    isPrefix: false,
    action: null,
    entries: [],
    kept: 0,
    unused: 0,
    isInWhole: false,
    children: [],
  };
}

/** The catalog's word prefixes from a folded text on, as it spells them. */
function* wordPrefixes(trie: CatalogTrie, from: string): Generator<string> {
  const lo = trie.lowerBound(from);
  const hi = trie.upperBound(from, lo);
  for (let node = firstNodeFrom(trie, lo); node < trie.nodeCount && trie.nodeLo[node]! < hi; node++) {
    if (trie.nodeLength[node]! >= from.length) yield trie.nodePrefix(node); // node is inside, here and above
  }
}

/** First node whose first action is not before `id`. O(log nodes). */
function firstNodeFrom(trie: CatalogTrie, id: number): number {
  let low = 0;
  let high = trie.nodeCount;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (trie.nodeLo[middle]! < id)
      low = middle + 1; // middle < nodeCount
    else high = middle;
  }
  return low;
}

/** What is reported unused, matched, and not in the catalog. */
function unlistedOf(unused: ResolvedUnused, pattern: Pattern): readonly string[] {
  return unused.unlisted.filter((name) => matches(pattern, name));
}

/** Puts every draft below the longest one that it starts with, and sums up. In folded order a prefix stands before all that it covers. */
function link(root: Draft, drafts: ReadonlyMap<string, Draft>): void {
  const order = [...drafts.values()].sort((a, b) => (a.folded < b.folded ? -1 : 1)); // no two alike
  const open: Draft[] = [];
  const close = (): void => {
    const done = open.pop()!; // whoever calls has looked
    const parent = open.at(-1);
    if (parent === undefined || (done.kept + done.unused === 0 && done.entries.length === 0)) return;
    parent.kept += done.kept;
    parent.unused += done.unused;
    parent.isInWhole ||= done.isInWhole;
    parent.children.push(done);
  };
  for (const draft of order) {
    if (!draft.folded.startsWith(root.folded)) continue;
    while (open.length > 0 && !isBelow(draft, open.at(-1)!)) close(); // not empty
    open.push(draft);
  }
  while (open.length > 0) close();
}

function isBelow({ folded }: Draft, parent: Draft): boolean {
  return parent.isPrefix && folded.startsWith(parent.folded);
}

/** The node of a draft, with the words below it that nothing branches off from as one. */
function finished(draft: Draft, parent: Draft | null, isDropped: boolean): WordNode {
  const end = parent === null ? draft : endOfWords(draft);
  return {
    word: end.prefix.slice(parent?.prefix.length ?? 0),
    prefix: end.prefix,
    verdict: verdictOf(end, isDropped),
    chosen: end.entries.length === 0 ? null : end.entries.some(hasWildcard) ? "prefix" : "name",
    entries: end.entries,
    kept: end.kept,
    unused: end.unused,
    action: end.action,
    children: end.children.map((child) => finished(child, end, isDropped)),
  };
}

/** Where something branches off, ends or is chosen. */
function endOfWords(draft: Draft): Draft {
  let end = draft;
  while (end.entries.length === 0 && end.action === null && end.children.length === 1) end = end.children[0]!; // the only one
  return end;
}

function verdictOf({ kept, unused, isInWhole, children }: Draft, isDropped: boolean): WordNode["verdict"] {
  if (kept === 0) return unused > 0 || isDropped ? "unused" : "safe";
  const isUnsafe = unused > 0 || (isInWhole && children.length > 0);
  return isUnsafe ? "mixed" : "safe";
}
