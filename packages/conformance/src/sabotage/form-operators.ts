import type { Fit } from "@leastwise/core";
import { hasWildcard } from "../reference/glob.ts";
import { granted, inserted } from "./entry-edits.ts";
import { type EntriesSite, type Operator, type Planted, eachEntry, editingEntries } from "./operator.ts";
import { type Random, pick } from "./random.ts";
import type { RightResult } from "./right-result.ts";

/** What goes wrong with the forms of SEMANTICS 9: patterns of another form than the one that was asked for, and such as cover too much. */
export const FORM_OPERATORS: readonly Operator[] = [
  {
    name: "a word is left out of a generated pattern",
    law: "all-and-only",
    sabotage: editingEntries("Action", eachEntry("generated", withoutAWord)),
  },
  {
    name: "a star stands for a word of a generated name",
    law: "all-and-only",
    sabotage: editingEntries("Action", eachEntry("generated", starForAWord)),
  },
  {
    name: "a word is left out of an appended pattern of NotAction",
    law: "all-and-only",
    sabotage: editingEntries("NotAction", eachEntry("generated", withoutAWord)),
  },
  {
    name: "a generated pattern begins with a star",
    law: "never-broader",
    sabotage: editingEntries(
      "Action",
      eachEntry("generated", (entry) => {
        const tail = entry.replace(/^[^:]*:[^*]*/, "");
        return tail.length < 2 ? undefined : [`${entry.slice(0, entry.indexOf(":") + 1)}${tail}`];
      }),
    ),
  },
  {
    name: "a star stands for a part of a word",
    law: "structure",
    sabotage: editingEntries("Action", eachEntry("generated", starInAWord)),
  },
  {
    name: "a star stands for a part of a word in NotAction",
    law: "structure",
    sabotage: editingEntries("NotAction", eachEntry("generated", starInAWord)),
  },
  {
    name: "a generated pattern has two stars together",
    law: "structure",
    sabotage: editingEntries(
      "Action",
      eachEntry("generated", (entry, _, site) => {
        const star = entry.indexOf("*");
        return star < 0 || !isFitted(site) ? undefined : [inserted(entry, star, "*")];
      }),
    ),
  },
  {
    name: "a pattern stands for a single action",
    law: "structure",
    sabotage: editingEntries(
      "Action",
      eachEntry("generated", (entry, random, site) => {
        const instead = starForAWord(entry, random);
        return instead !== undefined && granted(instead[0]!, site).length === 1 ? instead : undefined; // one was made
      }),
    ),
  },
  {
    name: "a prefix ends a character too early",
    law: "structure",
    sabotage: editingEntries("Action", eachEntry("generated", tooShort)),
  },
  {
    name: "a prefix ends a character too early in NotAction",
    law: "structure",
    sabotage: editingEntries("NotAction", eachEntry("generated", tooShort)),
  },
  {
    name: "claimed to be word prefixes",
    law: "structure",
    sabotage: (right) => (right.question.options.fit === undefined ? [] : [claimedAs(right, null)]),
  },
  {
    name: "claimed to be inner patterns",
    law: "structure",
    sabotage: (right) =>
      right.question.options.fit?.form === "characters" ? [claimedAs(right, { form: "inner" })] : [],
  },
  {
    name: "claimed to have no prefix of so few characters",
    law: "structure",
    sabotage: (right) =>
      right.question.options.fit?.form === "characters"
        ? [claimedAs(right, { form: "characters", shortest: 100 })]
        : [],
  },
];

function claimedAs({ after, recommendedAction }: RightResult, fit: Fit | null): Planted {
  return { after, recommendedAction, fit };
}

function isFitted({ right }: EntriesSite): boolean {
  return right.question.options.fit !== undefined;
}

/** A word of a pattern becomes what the star beside it stands for. */
function withoutAWord(entry: string, random: Random): readonly string[] | undefined {
  return hasWildcard(entry) ? starForAWord(entry, random) : undefined;
}

function starForAWord(entry: string, random: Random): readonly string[] | undefined {
  const start = entry.indexOf(":") + 1;
  const words = [...entry.slice(start).matchAll(/[A-Z]+[a-z0-9]*/g)];
  if (words.length === 0) return undefined;
  const { index, 0: word } = pick(random, words);
  const at = start + index;
  return [`${entry.slice(0, at)}*${entry.slice(at + word.length)}`.replace(/\*+/g, "*")];
}

/** The letter behind a star goes, so that the star stands for the rest of its word; or the one before it. */
function starInAWord(entry: string, random: Random, site: EntriesSite): readonly string[] | undefined {
  if (!isFitted(site) || !/\*[A-Za-z]{2}|[A-Za-z]{2}\*/.test(entry.slice(entry.indexOf(":")))) return undefined;
  const before = entry.replace(/([A-Za-z])[A-Za-z]\*/, "$1*");
  const behind = entry.replace(/\*[A-Za-z](?=[A-Za-z])/, "*");
  return [
    pick(
      random,
      [before, behind].filter((text) => text !== entry),
    ),
  ];
}

/** A prefix with one character fewer than asked for, of an action that it stands for. */
function tooShort(entry: string, random: Random, site: EntriesSite): readonly string[] | undefined {
  const { fit } = site.right.question.options;
  const names = granted(entry, site);
  if (fit?.form !== "characters" || names.length === 0) return undefined;
  const name = pick(random, names);
  return [`${name.slice(0, name.indexOf(":") + fit.shortest)}*`];
}
