/** The pictures of what the refiner does, beside what it does: on policies that AWS manages, with unused sets of every kind. */
import type { WordNode, WordTree } from "@leastwise/api";
import { builtInCatalog } from "@leastwise/catalog";
import {
  DEFAULT_OPTIONS,
  type RefinementOptions,
  type Unused,
  entriesOf,
  hasWildcard,
  ids,
  isUnused,
  matchedBy,
  matches,
  parsePattern,
  refinePolicy,
  resolveUnused,
  statementsOf,
} from "@leastwise/core";
import { shownTree, wordTree } from "@leastwise/pictures";
import { expect, test } from "vitest";
import { managedDocuments } from "../src/documents/managed.ts";
import { UNUSED_KINDS, unusedSetOf } from "../src/documents/unused-sets.ts";
import { fold } from "../src/laws/plainly.ts";

const { trie } = builtInCatalog();
/** One policy in so many; those that allow everything would take most of the time. */
const EVERY = 12;
const MOST_MATCHED = 1_500;

const OPTIONS: Readonly<Record<string, RefinementOptions>> = {
  words: DEFAULT_OPTIONS,
  "exact names": { ...DEFAULT_OPTIONS, granularity: "exact" },
  "one service by names": { ...DEFAULT_OPTIONS, services: [["s3", "exact"]] },
  "inner wildcards": { ...DEFAULT_OPTIONS, fit: { form: "inner" } },
  characters: { ...DEFAULT_OPTIONS, fit: { form: "characters", shortest: 4 } },
};

interface Drawn {
  readonly tree: WordTree;
  readonly unused: Unused;
  /** The entries of its statement after refinement. */
  readonly after: readonly string[];
}

function* drawnOf(options: RefinementOptions): Generator<Drawn> {
  const documents = managedDocuments().filter(({ isLatest }) => isLatest);
  for (let i = 0; i < documents.length; i += EVERY) {
    const { policy } = documents[i]!; // i is inside
    const kind = UNUSED_KINDS[(i / EVERY) % UNUSED_KINDS.length]!; // there are some
    const unused = unusedSetOf(kind, i, trie, policy);
    const resolved = resolveUnused(trie, unused);
    const { changes } = refinePolicy(trie, resolved, options, policy);
    const statements = statementsOf(policy);
    for (const [place, { Effect, Action }] of statements.entries()) {
      if (Effect !== "Allow" || Action === undefined) continue;
      const ofStatement = changes.filter(({ statement }) => statement === place);
      const entries = entriesOf(Action);
      const replacements = entries.map(
        (entry) => ofStatement.find((change) => change.entry === entry)?.replacedBy ?? [entry],
      );
      for (const [nth, entry] of entries.entries()) {
        if (!hasWildcard(entry) || matchedCount(entry) > MOST_MATCHED) continue;
        const tree = wordTree(trie, resolved, entry, replacements[nth]!); // one for each
        yield { tree, unused, after: replacements.flat() };
      }
    }
  }
}

function matchedCount(entry: string): number {
  return [...ids(matchedBy(trie, parsePattern(entry)))].length;
}

function nodesOf(node: WordNode): readonly WordNode[] {
  return [node, ...node.children.flatMap(nodesOf)];
}

test.each(Object.entries(OPTIONS))("what a tree has as chosen is what the refiner chose: %s", (_, options) => {
  let replaced = 0;
  for (const { tree } of drawnOf(options)) {
    const chosen = nodesOf(tree.root).flatMap((node) => node.entries);
    expect([...chosen].sort()).toEqual([...tree.replacedBy].sort());
    for (const node of nodesOf(tree.root)) expect(node.chosen === null).toBe(node.entries.length === 0);
    if (tree.replacedBy.length > 1) replaced++;
  }
  expect(replaced).toBeGreaterThan(50);
});

test("a chosen prefix is safe, and nothing above it is", () => {
  const chosen: { readonly prefix: string; readonly verdict: string; readonly above: string }[] = [];
  const walk = (node: WordNode, above: string): void => {
    if (node.chosen === "prefix") chosen.push({ prefix: node.prefix, verdict: node.verdict, above });
    else for (const child of node.children) walk(child, node.verdict);
  };
  for (const { tree } of drawnOf(DEFAULT_OPTIONS)) walk(tree.root, "nothing");
  expect(chosen.filter(({ verdict, above }) => verdict !== "safe" || above === "safe" || above === "unused")).toEqual(
    [],
  );
  expect(chosen.length).toBeGreaterThan(500);
});

/** Folded names that an entry matches: those of the catalog that stay, and what goes, in the catalog or not. */
function matchedNames(
  entry: string,
  unused: Unused,
): { readonly stays: readonly string[]; readonly goes: readonly string[] } {
  const pattern = parsePattern(entry);
  const matched = Array.from(ids(matchedBy(trie, pattern)), (id) => fold(trie.name(id)));
  const reported = unused.flatMap(({ service, whole, names }) =>
    whole ? [] : names.map((name) => `${service}:${name}`),
  );
  const unlisted = reported.filter((name) => trie.find(name) < 0 && matches(pattern, name));
  const isGone = (action: string): boolean => {
    const [service = "", name = ""] = action.split(":");
    const of = unused.find((candidate) => candidate.service === service);
    return of !== undefined && isUnused(of, name);
  };
  return { stays: matched.filter((action) => !isGone(action)), goes: [...matched.filter(isGone), ...unlisted] };
}

/** Whether a verdict can be true of so many that stay and go. In a service that is unused whole more is unsafe than what goes. */
function isTrue({ verdict, children }: WordNode, stays: number, goes: number): boolean {
  if (verdict === "safe") return goes === 0 || children.length === 0;
  return verdict === "unused" ? stays === 0 : stays > 0;
}

test("verdicts and counts are those of all actions that start with a node's characters", () => {
  for (const { tree, unused } of drawnOf(DEFAULT_OPTIONS)) {
    const { stays, goes } = matchedNames(tree.pattern, unused);
    for (const node of nodesOf(tree.root)) {
      const prefix = fold(node.prefix);
      const below = (actions: readonly string[]): number =>
        actions.filter((action) => (node.children.length > 0 ? action.startsWith(prefix) : action === prefix)).length;
      const [kept, gone] = [below(stays), below(goes)];
      const { verdict } = node;
      expect({ prefix, verdict, kept: node.kept, gone: node.unused, isTrue: isTrue(node, kept, gone) }).toEqual({
        prefix,
        verdict,
        kept,
        gone,
        isTrue: true,
      });
    }
  }
});

test("every action that stays is below something chosen, or another entry of its statement has it", () => {
  const lost: string[] = [];
  const walk = (node: WordNode, isCovered: boolean, after: readonly string[]): void => {
    const { action, children, kept, chosen } = node;
    const covered = isCovered || chosen !== null;
    const isAction = action !== null && children.length === 0 && kept === 1;
    if (isAction && !covered && !after.some((entry) => matches(parsePattern(entry), fold(action)))) lost.push(action);
    for (const child of children) walk(child, isCovered || chosen === "prefix", after);
  };
  for (const { tree, after } of drawnOf(DEFAULT_OPTIONS)) walk(tree.root, false, after);
  expect(lost).toEqual([]);
});

test("what is folded still counts, and nothing chosen is lost", () => {
  for (const { tree } of drawnOf(DEFAULT_OPTIONS)) {
    const all = shownTree(tree, { rows: Infinity });
    const folded = shownTree(tree, { rows: 20 });
    for (const shown of [all, folded]) {
      const leaves = leavesOf(shown);
      expect(leaves.reduce((total, { kept, unused }) => total + kept + unused, 0)).toBe(
        tree.root.kept + tree.root.unused,
      );
    }
    expect(leavesOf(all).every(({ state }) => state === "leaf")).toBe(true);
  }
});

function leavesOf(node: ReturnType<typeof shownTree>): readonly ReturnType<typeof shownTree>[] {
  return node.children.length === 0 ? [node] : node.children.flatMap(leavesOf);
}
