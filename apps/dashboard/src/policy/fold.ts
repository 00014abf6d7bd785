import type { AlignedEntry } from "@leastwise/api";

/** What a statement shows: an entry, or a fold of unchanged ones. Entries count from 0. */
export type Line =
  | { readonly is: "entry"; readonly at: number; readonly entry: AlignedEntry }
  | { readonly is: "fold"; readonly from: number; readonly entries: readonly AlignedEntry[] };

const SHOWN_BESIDE = 2;
const LEAST_FOLDED = 5;

/**
 * Folds what is unchanged, but for two entries on each side of a change, where at least five lie together. A statement of up to twelve entries is not folded,
 * nor is anything where `search` is not empty: then only the entries that contain it are shown, case ignored.
 */
export function foldEntries(entries: readonly AlignedEntry[], search = ""): readonly Line[] {
  if (search !== "") {
    const wanted = search.toLowerCase();
    return entries.flatMap((entry, at): Line[] =>
      textOf(entry).toLowerCase().includes(wanted) ? [{ is: "entry", at, entry }] : [],
    );
  }
  if (entries.length <= 12) return entries.map((entry, at) => ({ is: "entry", at, entry }));
  const lines: Line[] = [];
  for (let at = 0; at < entries.length;) {
    const end = endOfKept(entries, at);
    const from = at === 0 ? at : at + SHOWN_BESIDE;
    const to = end === entries.length ? end : end - SHOWN_BESIDE;
    const folds = end > at && to - from >= LEAST_FOLDED;
    const shownUntil = folds ? from : Math.max(end, at + 1);
    for (; at < shownUntil; at++) lines.push(line(entries, at));
    if (!folds) continue;
    lines.push({ is: "fold", from, entries: entries.slice(from, to) });
    for (at = to; at < end; at++) lines.push(line(entries, at));
  }
  return lines;
}

/** How many entries are kept, removed and replaced, and how many come for them. */
export function tally(entries: readonly AlignedEntry[]): {
  kept: number;
  removed: number;
  replaced: number;
  added: number;
} {
  const sums = { kept: 0, removed: 0, replaced: 0, added: 0 };
  for (const entry of entries) {
    sums[entry.is]++;
    if (entry.is === "replaced") sums.added += entry.after.length;
  }
  return sums;
}

function line(entries: readonly AlignedEntry[], at: number): Line {
  const entry = entries[at];
  if (entry === undefined) throw new Error(`no entry ${at}`);
  return { is: "entry", at, entry };
}

function endOfKept(entries: readonly AlignedEntry[], from: number): number {
  let end = from;
  while (entries[end]?.is === "kept") end++;
  return end;
}

function textOf(entry: AlignedEntry): string {
  switch (entry.is) {
    case "kept":
      return `${entry.before}\n${entry.after}`;
    case "removed":
      return entry.before;
    case "replaced":
      return `${entry.before}\n${entry.after.join("\n")}`;
    case "added":
      return entry.after.join("\n");
  }
}
