import { elementOf } from "../laws/plainly.ts";
import { fold, hasWildcard } from "../reference/glob.ts";
import { granted, insertedAnywhere, replacedOne } from "./entry-edits.ts";
import { type EntriesSite, type Operator, eachEntry, editingEntries, standing, withStatements } from "./operator.ts";
import { type Random, pick } from "./random.ts";
import { entriesIn } from "./right-result.ts";

/** Wrong spelling, order and form of entries that are to stay, and entries that stand there twice (SEMANTICS 2.5, 3 and 4). */
export const SPELLING_OPERATORS: readonly Operator[] = [
  {
    name: "a kept entry that the catalog lacks is lost",
    law: "structure",
    sabotage: editingEntries(
      "Action",
      eachEntry("kept", (entry, _, site) => (granted(entry, site).length === 0 ? [] : undefined)),
    ),
  },
  {
    name: "a kept entry is respelled in another case",
    law: "structure",
    sabotage: editingEntries("Action", eachEntry("kept", recasedOnce)),
  },
  {
    name: "a kept pattern becomes the names that it grants",
    law: "structure",
    sabotage: editingEntries(
      "Action",
      eachEntry("kept", (entry, _, site) => (hasWildcard(entry) ? granted(entry, site) : undefined)),
    ),
  },
  {
    name: "two kept entries change places",
    law: "structure",
    sabotage: editingEntries("Action", exchanged),
  },
  {
    name: "an entry that NotAction had is respelled in another case",
    law: "structure",
    sabotage: editingEntries("NotAction", eachEntry("kept", recasedOnce)),
  },
  {
    name: "two entries that NotAction had change places",
    law: "structure",
    sabotage: editingEntries("NotAction", exchanged),
  },
  {
    name: "NotAction begins with what is to be appended",
    law: "structure",
    sabotage: editingEntries("NotAction", ({ old, now }) =>
      old.length < now.length && old.length > 0 ? [[...now.slice(old.length), ...old]] : [],
    ),
  },
  {
    name: "a kept entry stands there once more",
    law: "structure",
    sabotage: editingEntries("Action", function* (site, random) {
      for (const entry of site.now.filter(site.isKept)) yield insertedAnywhere(site.now, entry, random);
    }),
  },
  {
    name: "a kept entry stands there once more in another case",
    law: "structure",
    sabotage: editingEntries(
      "Action",
      eachEntry("kept", (entry) => twiceInAnotherCase(entry)),
    ),
  },
  {
    name: "a generated entry stands there twice",
    law: "structure",
    sabotage: editingEntries(
      "Action",
      eachEntry("generated", (entry) => [entry, entry]),
    ),
  },
  {
    name: "a generated entry stands there twice in two cases",
    law: "structure",
    sabotage: editingEntries(
      "Action",
      eachEntry("generated", (entry) => twiceInAnotherCase(entry)),
    ),
  },
  {
    name: "an entry is appended to NotAction twice",
    law: "structure",
    sabotage: editingEntries(
      "NotAction",
      eachEntry("generated", (entry) => [entry, entry]),
    ),
  },
  {
    name: "an entry that NotAction had is appended again",
    law: "structure",
    sabotage: editingEntries("NotAction", function* (site) {
      for (const entry of site.old) yield [...site.now, entry];
    }),
  },
  {
    name: "a statement of which nothing is unused says something twice in other words",
    law: "structure",
    sabotage: editingEntries("Action", function* (site, random) {
      if (site.before !== site.after) return;
      for (const entry of site.now.filter(hasWildcard)) {
        const names = granted(entry, site);
        if (names.length > 0) yield insertedAnywhere(site.now, pick(random, names), random);
      }
    }),
  },
  {
    name: "NotAction of which nothing is unused excepts what no catalog has",
    law: "structure",
    sabotage: editingEntries("NotAction", ({ before, after, now }) =>
      before === after ? [[...now, "unheard-of:*"]] : [],
    ),
  },
  {
    name: "NotAction excepts what no catalog has beside what is unused",
    law: "structure",
    sabotage: editingEntries("NotAction", ({ old, now }) =>
      old.length < now.length ? [[...now, "unheard-of:*"]] : [],
    ),
  },
  {
    name: "one entry as a list where it was a string",
    law: "structure",
    sabotage: inAnotherForm(
      ({ length }) => length === 1,
      "string",
      (entries) => entries,
    ),
  },
  {
    name: "one entry as a string where it was a list",
    law: "structure",
    sabotage: inAnotherForm(
      ({ length }) => length === 1,
      "object",
      ([entry]) => entry,
    ),
  },
];

function recasedOnce(entry: string, random: Random): readonly string[] | undefined {
  return replacedOne(entry, /[A-Za-z]/g, swapCase, random);
}

function twiceInAnotherCase(entry: string): readonly string[] | undefined {
  const other = entry.replace(/[A-Za-z]/g, swapCase);
  return other === entry ? undefined : [entry, other];
}

function swapCase(letter: string): string {
  return letter === fold(letter) ? letter.toUpperCase() : fold(letter);
}

function* exchanged({ now, isKept }: EntriesSite): Iterable<readonly string[]> {
  const places = [...now.keys()].filter((i) => isKept(now[i]!)); // i is one of its places, here and below
  for (const [k, i] of places.entries()) {
    const j = places[k + 1];
    if (j !== undefined && now[i] !== now[j]) yield now.with(i, now[j]!).with(j, now[i]!);
  }
}

function inAnotherForm(
  applies: (entries: readonly string[]) => boolean,
  form: "string" | "object",
  write: (entries: readonly string[]) => unknown,
): Operator["sabotage"] {
  return function* (right, random) {
    for (const { place, after } of standing(right, random, "Allow")) {
      const element = elementOf(after);
      const entries = entriesIn(after);
      if (typeof after[element] !== form || !applies(entries)) continue;
      yield withStatements(right, place, { ...after, [element]: write(entries) });
    }
  };
}
