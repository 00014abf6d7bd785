import type { WordNode, WordTree } from "@leastwise/api";
import { fold, hasWildcard, wordStarts } from "@leastwise/core";

/** How much of a tree is shown. */
export interface Folding {
  /** Rows that are opened unasked at the most; default 60. Infinity shows everything. */
  readonly rows?: number;
  /** Prefixes to open whatever it takes, with the way to them; case ignored. */
  readonly open?: readonly string[];
  /** Prefixes of nodes that stay closed. */
  readonly closed?: readonly string[];
}

/** A node as it is shown. Counts are of all that is below it, shown or not. */
export interface ShownNode {
  /** `itself`: the action that ends where longer names go on. `more`: what else there is of one kind below the same parent. */
  readonly is: "node" | "itself" | "more";
  /** The node's prefix; of `more` its parent's, which opens it. */
  readonly prefix: string;
  /** The words that it adds, from the start of the first one, which its parent may end in; of `more` those of each. Not safe to print. */
  readonly words: readonly string[];
  readonly verdict: WordNode["verdict"];
  readonly chosen: WordNode["chosen"];
  readonly entries: readonly string[];
  readonly kept: number;
  readonly unused: number;
  readonly action: string | null;
  /** Whether there is something below it that can be opened, or closed. */
  readonly state: "open" | "closed" | "leaf";
  readonly children: readonly ShownNode[];
}

const ROWS = 60;
/** Of one kind below one parent this many are shown one by one; unchosen ones of which all stay or all go are alike. */
const MOST_OF_KIND = { chosen: 24, mixed: 24, safe: 3, unused: 3 } as const;

type Kind = keyof typeof MOST_OF_KIND;

/**
 * The part of a tree that people can take in. What is mixed is opened first, level by level, since decisions are made there; then, the
 * smallest first, what all stays or all goes, as far as there are rows. What is chosen is named one by one, unless there is far too much of it.
 *
 * Deterministic; O(nodes + rows²) at worst.
 */
export function shownTree(tree: WordTree, folding: Folding = {}): ShownNode {
  return new Fold(tree, folding).shown();
}

class Fold {
  readonly #root: WordNode;
  readonly #most: number;
  readonly #asked: readonly string[];
  readonly #closed: ReadonlySet<string>;
  readonly #facts = new Map<WordNode, { readonly hasChosen: boolean; readonly rows: number }>();
  /** Opened nodes, and of which kinds all are shown one by one. */
  readonly #open = new Map<WordNode, Set<Kind>>();
  #rows = 1;

  constructor({ root }: WordTree, { rows = ROWS, open = [], closed = [] }: Folding) {
    this.#root = root;
    this.#most = rows;
    this.#asked = open.map(fold);
    this.#closed = new Set(closed.map(fold));
    this.#learn(root);
  }

  shown(): ShownNode {
    const whole = this.#factsOf(this.#root).rows;
    if (whole <= this.#most && this.#closed.size === 0) this.#openAll(this.#root);
    else if (this.#mayOpen(this.#root)) {
      this.#openOne(this.#root);
      this.#openAsked(this.#root);
      this.#openMixed();
      this.#openAlike();
      this.#openGroups();
      this.#openAlike();
    }
    return this.#show(this.#root);
  }

  #learn(node: WordNode): void {
    let [hasChosen, rows] = [node.chosen !== null, hasItself(node) ? 1 : 0];
    for (const child of node.children) {
      this.#learn(child);
      const of = this.#factsOf(child);
      hasChosen ||= of.hasChosen;
      rows += of.rows;
    }
    this.#facts.set(node, { hasChosen, rows: Math.max(1, rows) });
  }

  #factsOf(node: WordNode): { readonly hasChosen: boolean; readonly rows: number } {
    return this.#facts.get(node)!; // learnt of every node
  }

  #mayOpen(node: WordNode): boolean {
    return node.children.length > 0 && !this.#open.has(node) && !this.#closed.has(fold(node.prefix));
  }

  /** What is alike below a node, in the order of the kinds' first members. */
  #kindsOf(node: WordNode): ReadonlyMap<Kind, readonly WordNode[]> {
    const kinds = new Map<Kind, WordNode[]>();
    for (const child of node.children) {
      if (this.#isAsked(child)) continue;
      const kind = this.#kindOf(child);
      const known = kinds.get(kind);
      if (known === undefined) kinds.set(kind, [child]);
      else known.push(child);
    }
    return kinds;
  }

  #kindOf(node: WordNode): Kind {
    if (chosenOf(node) !== null && node.verdict !== "mixed") return "chosen";
    if (node.verdict === "mixed" || this.#factsOf(node).hasChosen) return "mixed";
    return node.verdict;
  }

  /** What of a kind goes into one row, given that not all are shown. Two are never worth it. */
  #grouped(kind: Kind, members: readonly WordNode[]): readonly WordNode[] {
    const most = MOST_OF_KIND[kind];
    if (members.length <= most + 1) return [];
    return most > 3 ? members.slice(most) : members; // of what is alike the first ones say no more than the others
  }

  #hiddenOf(node: WordNode): ReadonlyMap<Kind, readonly WordNode[]> {
    const spread = this.#open.get(node);
    const hidden = new Map<Kind, readonly WordNode[]>();
    for (const [kind, members] of this.#kindsOf(node)) {
      const grouped = spread?.has(kind) === true ? [] : this.#grouped(kind, members);
      if (grouped.length > 0) hidden.set(kind, grouped);
    }
    return hidden;
  }

  /** The children that have a row of their own. */
  #visibleOf(node: WordNode): readonly WordNode[] {
    const hidden = new Set([...this.#hiddenOf(node).values()].flat());
    return node.children.filter((child) => !hidden.has(child));
  }

  #rowsIfOpened(node: WordNode): number {
    return this.#visibleOf(node).length + this.#hiddenOf(node).size + (hasItself(node) ? 1 : 0);
  }

  #openOne(node: WordNode): void {
    this.#rows += this.#rowsIfOpened(node) - 1;
    this.#open.set(node, new Set());
  }

  #openAll(node: WordNode): void {
    if (!this.#mayOpen(node)) return;
    this.#rows += node.children.length + (hasItself(node) ? 1 : 0) - 1;
    this.#open.set(node, new Set<Kind>(["chosen", "mixed", "safe", "unused"]));
    for (const child of node.children) this.#openAll(child);
  }

  /** Whether somebody wants to see what is in a node, or below it. */
  #isAsked(node: WordNode): boolean {
    return this.#asked.some((prefix) => prefix.startsWith(fold(node.prefix)) || meets(node, prefix));
  }

  #openAsked(node: WordNode): void {
    if (this.#asked.some((prefix) => prefix === fold(node.prefix) || meets(node, prefix)))
      this.#spread(node, ["chosen", "mixed", "safe", "unused"]);
    for (const child of node.children) {
      if (!this.#isAsked(child)) continue;
      if (this.#mayOpen(child)) this.#openOne(child);
      this.#openAsked(child);
    }
  }

  /** Shows all of these kinds one by one. */
  #spread(node: WordNode, kinds: readonly Kind[]): void {
    const spread = this.#open.get(node);
    if (spread === undefined) return;
    for (const [kind, grouped] of this.#hiddenOf(node)) if (kinds.includes(kind)) this.#rows += grouped.length - 1;
    for (const kind of kinds) spread.add(kind);
  }

  #openMixed(): void {
    let level: readonly WordNode[] = [this.#root];
    while (level.length > 0) {
      const next = level.flatMap((node) => (this.#open.has(node) ? this.#visibleOf(node) : []));
      for (const node of next) {
        const isWorth = node.verdict === "mixed" || this.#kindOf(node) === "mixed";
        if (isWorth && this.#mayOpen(node) && this.#fits(this.#rowsIfOpened(node) - 1)) this.#openOne(node);
      }
      level = next;
    }
  }

  #openAlike(): void {
    const closed = [...this.#open.keys()]
      .flatMap((node) => this.#visibleOf(node))
      .filter((node) => this.#mayOpen(node));
    for (const node of this.#smallestFirst(closed)) {
      if (this.#fits(this.#factsOf(node).rows - 1)) this.#openAll(node);
    }
  }

  #openGroups(): void {
    const groups = [...this.#open.keys()].flatMap((node) =>
      [...this.#hiddenOf(node)].map(([kind, members]) => ({ node, kind, members: members.length })),
    );
    for (const { node, kind, members } of groups.sort((a, b) => a.members - b.members)) {
      if (this.#fits(members - 1)) this.#spread(node, [kind]);
    }
  }

  #smallestFirst(nodes: readonly WordNode[]): readonly WordNode[] {
    return [...nodes].sort((a, b) => this.#factsOf(a).rows - this.#factsOf(b).rows); // stable, so of equal ones the first
  }

  #fits(more: number): boolean {
    return this.#rows + more <= this.#most;
  }

  #show(node: WordNode): ShownNode {
    const { prefix, verdict, kept, unused, action } = node;
    const isOpen = this.#open.has(node);
    const entries = hasItself(node) ? node.entries.filter(hasWildcard) : node.entries;
    const chosen = chosenOf(node);
    const state = node.children.length === 0 ? "leaf" : isOpen ? "open" : "closed";
    const children = isOpen ? this.#showBelow(node) : [];
    return {
      is: "node",
      prefix,
      words: [readWord(node)],
      verdict,
      chosen,
      entries,
      kept,
      unused,
      action,
      state,
      children,
    };
  }

  #showBelow(node: WordNode): readonly ShownNode[] {
    const visible = this.#visibleOf(node).map((child) => this.#show(child));
    const groups = [...this.#hiddenOf(node).values()].map((members) => groupOf(node, members));
    return [...(hasItself(node) ? [itself(node)] : []), ...visible, ...groups];
  }
}

/** Whether an action ends here although longer names go on. */
function hasItself({ action, children }: WordNode): boolean {
  return action !== null && children.length > 0;
}

/** What people read: below `DescribeInstance` not `s` and `tatus`, but `Instances` and `Status`. */
function readWord({ prefix, word }: WordNode): string {
  const added = prefix.length - word.length;
  const start = wordStarts(prefix).findLast((place) => place <= added);
  return prefix.slice(start === undefined || start > added ? added : start);
}

/** Whether a prefix ends inside the words that a node adds. */
function meets({ prefix, word }: WordNode, asked: string): boolean {
  return asked.length > prefix.length - word.length && fold(prefix).startsWith(asked);
}

/** Whether the result has a node with all that is below it; its own action's name, where longer ones go on, is said of that alone. */
function chosenOf(node: WordNode): WordNode["chosen"] {
  return hasItself(node) && !node.entries.some(hasWildcard) ? null : node.chosen;
}

function itself(node: WordNode): ShownNode {
  const kept = node.kept - sum(node.children.map((child) => child.kept));
  const unused = node.unused - sum(node.children.map((child) => child.unused));
  const entries = node.entries.filter((entry) => !hasWildcard(entry));
  return {
    is: "itself",
    prefix: node.prefix,
    words: [readWord(node)],
    verdict: unused > 0 ? "unused" : "safe",
    chosen: entries.length === 0 ? null : "name",
    entries,
    kept,
    unused,
    action: node.action,
    state: "leaf",
    children: [],
  };
}

function groupOf(parent: WordNode, members: readonly WordNode[]): ShownNode {
  const verdicts = new Set(members.map(({ verdict }) => verdict));
  const [verdict] = verdicts;
  const entries = members.flatMap((member) => member.entries);
  return {
    is: "more",
    prefix: parent.prefix,
    words: members.map(readWord),
    verdict: verdicts.size === 1 && verdict !== undefined ? verdict : "mixed",
    chosen: entries.length === 0 ? null : entries.some(hasWildcard) ? "prefix" : "name",
    entries,
    kept: sum(members.map(({ kept }) => kept)),
    unused: sum(members.map(({ unused }) => unused)),
    action: null,
    state: "closed",
    children: [],
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
