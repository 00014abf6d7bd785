import type { Catalog } from "@leastwise/catalog";
import { ids, intervalSetOf } from "@leastwise/core";
import type { CatalogChanges } from "../catalogs/catalog-changes.ts";
import type { EntryDrift } from "../drift/entry-drift.ts";
import { type LevelledAction, WORST_FIRST, levelled, rankOf } from "../drift/levels.ts";
import { count } from "../progress.ts";
import type { Terminal } from "../terminal.ts";
import { printable } from "./printable.ts";
import { wordWrapped } from "./wrap.ts";

/** An entry that something has happened to, and where it stands. */
export interface DriftGroup {
  readonly drift: EntryDrift;
  /** In words. */
  readonly where: string;
  /** One of these places; empty where they are named in full. */
  readonly example: string;
  /** In how many policies: the more, the earlier it is shown. */
  readonly policies: number;
}

export interface DriftFacts {
  readonly older: Catalog;
  readonly newer: Catalog;
  readonly changes: CatalogChanges;
  readonly groups: readonly DriftGroup[];
  /** Whether everything is shown, or the first of long lists. */
  readonly all: boolean;
}

const MOST_GROUPS = 20;
const MOST_NAMES = 6;

/** What a newer catalog means for policies, for people: entry by entry, those that let the worst through first. */
export function driftText(facts: DriftFacts, terminal: Terminal): string {
  const { older, newer, changes, groups } = facts;
  const heading = [
    `${catalogName(older)} → ${catalogName(newer)}`,
    `${count(changes.added.length)} actions are new, ${count(changes.gone.length)} are gone`,
  ];
  const admitting = groups
    .filter(({ drift }) => drift.admitted.length > 0)
    .map((group) => ({ group, actions: levelled(newer, group.drift.admitted) }))
    .sort((a, b) => byWeight(a.actions, b.actions) || b.group.policies - a.group.policies || byText(a.group, b.group));
  const shown = facts.all ? admitting : admitting.slice(0, MOST_GROUPS);
  const wrapped = (text: string): string => wordWrapped(text, terminal.width ?? Infinity).join("\n");
  const parts = [
    heading.map(wrapped).join("\n"),
    wrapped(admittedSummary(facts, admitting.length)),
    ...shown.map(({ group, actions }) => groupText(group, actions, facts.all, terminal)),
    ...(shown.length < admitting.length
      ? [`and ${count(admitting.length - shown.length)} more entries; --all shows them`]
      : []),
    ...goneText(facts, terminal),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

/** The source and the day of a catalog. */
export function catalogName({ source, date, trie }: Catalog): string {
  return `${source}${date === "" ? "" : `, ${date}`} (${count(trie.actionCount)} actions)`;
}

function admittedSummary({ newer, groups }: DriftFacts, entries: number): string {
  if (entries === 0) return "no wildcard lets a new action through";
  const all = levelled(newer, intervalSetOf(groups.flatMap(({ drift }) => drift.admitted)));
  const levels = WORST_FIRST.flatMap((level) => {
    const number = all.filter(({ accessLevel }) => accessLevel === level).length;
    return number === 0 ? [] : [`${count(number)} ${level}`];
  });
  const noun = entries === 1 ? "1 entry lets" : `${count(entries)} entries let`;
  return `${noun} ${count(all.length)} new action${all.length === 1 ? "" : "s"} through: ${levels.join(", ")}`;
}

function groupText(
  { drift, where, example }: DriftGroup,
  actions: readonly LevelledAction[],
  all: boolean,
  { colours, width }: Terminal,
): string {
  const name = printable(
    drift.element === "Action" ? (drift.entries[0] ?? "") : `NotAction ${cutList(drift.entries, all)}`,
  );
  const room = width ?? Infinity;
  const lines = WORST_FIRST.flatMap((level) => {
    const names = actions.filter(({ accessLevel }) => accessLevel === level).map(({ action }) => action);
    if (names.length === 0) return [];
    const colour =
      level === "Permissions management" ? colours.red : level === "Write" ? colours.yellow : (text: string) => text;
    return wordWrapped(`${level}: ${cutList(names, all)}`, room - 4).map((line, i) =>
      i === 0 ? `  ${colour(line)}` : `    ${line}`,
    );
  });
  const places = [
    `  ${where}`,
    ...(example === "" ? [] : wordWrapped(`such as ${printable(example)}`, room - 2).map((line) => `  ${line}`)),
  ];
  return [
    ...wordWrapped(name, room).map((line) => colours.bold(line)),
    ...lines,
    ...places.map((line) => colours.dim(line)),
  ].join("\n");
}

/** Actions that policies name and the newer catalog lacks, one line each; and how many others wildcards matched. */
function goneText({ changes, groups, all }: DriftFacts, { colours, width }: Terminal): readonly string[] {
  const byId = new Map(changes.gone.map((gone) => [gone.id, gone]));
  const named = groups.filter(({ drift }) => drift.isLiteral);
  const namedIds = new Set(named.flatMap(({ drift }) => [...ids(drift.gone)]));
  const matched = new Set(groups.flatMap(({ drift }) => [...ids(drift.gone)]).filter((id) => !namedIds.has(id)));
  const sorted = named
    .filter(({ drift }) => drift.gone.length > 0)
    .sort((a, b) => (a.drift.gone[0] ?? 0) - (b.drift.gone[0] ?? 0) || a.drift.effect.localeCompare(b.drift.effect));
  const shown = all ? sorted : sorted.slice(0, MOST_GROUPS);
  const lines = shown.flatMap(({ drift, where }) => {
    const gone = byId.get(drift.gone[0] ?? -1);
    if (gone === undefined) return [];
    const now =
      gone.renamedTo !== null
        ? `, now ${gone.renamedTo}`
        : gone.nearest === null
          ? ""
          : ` (${gone.nearest} is new and spelled alike)`;
    const effect = drift.effect === "Deny" ? " by a Deny" : "";
    return wordWrapped(`${gone.action}${now}, named${effect} ${where}`, (width ?? Infinity) - 4).map(
      (line, i) => `${i === 0 ? "  " : "    "}${line}`,
    );
  });
  const parts: string[] = [];
  if (lines.length > 0) {
    const more =
      shown.length < sorted.length ? [`  and ${count(sorted.length - shown.length)} more; --all shows them`] : [];
    parts.push([colours.bold("gone from the catalog, and named in policies"), ...lines, ...more].join("\n"));
  }
  if (matched.size > 0) {
    const noun = matched.size === 1 ? "action that a wildcard matched is" : "actions that wildcards matched are";
    parts.push(`${count(matched.size)} ${noun} gone; --json names ${matched.size === 1 ? "it" : "them"}`);
  }
  return parts;
}

function cutList(names: readonly string[], all: boolean): string {
  const shown = (all ? names : names.slice(0, MOST_NAMES)).join(", ");
  return all || names.length <= MOST_NAMES ? shown : `${shown} and ${count(names.length - MOST_NAMES)} more`;
}

/** Whose worst action is worse comes first. */
function byWeight(a: readonly LevelledAction[], b: readonly LevelledAction[]): number {
  const [worstA, worstB] = [a[0]?.accessLevel ?? "List", b[0]?.accessLevel ?? "List"]; // sorted, the worst first
  return rankOf(worstA) - rankOf(worstB);
}

function byText(a: DriftGroup, b: DriftGroup): number {
  const [x, y] = [a.drift.entries.join(" "), b.drift.entries.join(" ")];
  return x < y ? -1 : x > y ? 1 : 0;
}
