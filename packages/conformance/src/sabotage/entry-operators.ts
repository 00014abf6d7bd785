import { fold, hasWildcard } from "../reference/glob.ts";
import { type Random, below, pick, shuffled } from "./random.ts";
import { actionsMatching } from "./evidence.ts";
import { type EntriesSite, type Operator, eachEntry, editingEntries, standing, withStatements } from "./operator.ts";
import { elementOf } from "../laws/plainly.ts";
import { entriesIn } from "./right-result.ts";

/** Wrong entries of Allow statements: laws 1 and 2, and what is to stay as it is spelled. */
export const ENTRY_OPERATORS: readonly Operator[] = [
  // Law 1: something used is lost ------------------------------------------------------------------------------------------
  {
    name: "a generated entry is lost",
    law: "all-and-only",
    sabotage: editingEntries(
      "Action",
      eachEntry("generated", () => []),
    ),
  },
  {
    name: "a kept entry that grants something is lost",
    law: "all-and-only",
    sabotage: editingEntries(
      "Action",
      eachEntry("kept", (entry, _, site) => (granted(entry, site).length > 0 ? [] : undefined)),
    ),
  },
  {
    name: "a generated pattern becomes all but one of its names",
    law: "all-and-only",
    sabotage: editingEntries("Action", eachEntry("generated", allNamesButOne)),
  },
  {
    name: "a generated pattern goes on for a character more",
    law: "all-and-only",
    sabotage: editingEntries("Action", eachEntry("generated", oneCharacterMore)),
  },
  {
    name: "a star becomes a question mark",
    law: "all-and-only",
    sabotage: editingEntries(
      "Action",
      eachEntry("generated", (entry, random) => replacedOne(entry, /\*/g, "?", random)),
    ),
  },
  {
    name: "a letter becomes one that only Unicode folds to it",
    law: "all-and-only",
    sabotage: editingEntries("Action", eachEntry("generated", unicodeTwin)),
  },
  {
    name: "no entry is left",
    law: "all-and-only",
    sabotage: editingEntries("Action", ({ now }) => (now.length > 0 ? [[]] : [])),
  },
  {
    name: "NotAction excepts a used action more",
    law: "all-and-only",
    sabotage: editingEntries("NotAction", function* (site, random) {
      const used = grantedByNotAction(site);
      if (used.length > 0) yield [...site.now, pick(random, used)];
    }),
  },
  {
    name: "an appended entry of NotAction stops a character early",
    law: "all-and-only",
    sabotage: editingEntries(
      "NotAction",
      eachEntry("generated", (entry) => [`${entry.replace(/\*$/, "").slice(0, -1)}*`]),
    ),
  },

  // Law 1: something unused is still granted ---------------------------------------------------------------------------------
  {
    name: "an unused action is back by its name",
    law: "all-and-only",
    sabotage: editingEntries("Action", function* (site, random) {
      const actions = removed(site);
      if (actions.length > 0) yield insertedAnywhere(site.now, pick(random, actions), random);
    }),
  },
  {
    name: "an unused action that the catalog lacks is back by its name",
    law: "all-and-only",
    sabotage: editingEntries("Action", function* (site, random) {
      const lacking = unusedBeyondCatalog(site);
      if (lacking.length > 0) yield insertedAnywhere(site.now, pick(random, lacking), random);
    }),
  },
  {
    name: "a pattern reaches an unused action that the catalog lacks",
    law: "all-and-only",
    sabotage: editingEntries("Action", function* (site, random) {
      const lacking = unusedBeyondCatalog(site);
      if (lacking.length > 0) yield insertedAnywhere(site.now, pick(random, lacking).replace(/.$/su, "?"), random);
    }),
  },
  {
    name: "a generated pattern stops a character early, inside what stood there",
    law: "all-and-only",
    sabotage: editingEntries("Action", eachEntry("generated", stopsEarly)),
  },
  {
    name: "a replaced entry stands beside its replacements",
    law: "all-and-only",
    sabotage: editingEntries("Action", function* (site, random) {
      for (const entry of replaced(site)) yield insertedAnywhere(site.now, entry, random);
    }),
  },
  {
    name: "the entries are as they were",
    law: "all-and-only",
    sabotage: editingEntries("Action", (site) => (replaced(site).length > 0 ? [site.old] : [])),
  },
  {
    name: "NotAction is as it was",
    law: "all-and-only",
    sabotage: editingEntries("NotAction", ({ old, now }) => (old.length < now.length ? [old] : [])),
  },
  {
    name: "an appended entry of NotAction is lost",
    law: "all-and-only",
    sabotage: editingEntries(
      "NotAction",
      eachEntry("generated", () => []),
    ),
  },
  {
    name: "an appended pattern of NotAction becomes all but one of its names",
    law: "all-and-only",
    sabotage: editingEntries("NotAction", eachEntry("generated", allNamesButOne)),
  },

  // Law 2: broader, in the catalog or not ------------------------------------------------------------------------------------
  {
    name: "a pattern stops a character before what stood there",
    law: "never-broader",
    sabotage: editingEntries(
      "Action",
      eachEntry("any", (entry) => (/[^:*?]\*$/.test(entry) ? [entry.replace(/.\*$/su, "*")] : undefined)),
    ),
  },
  {
    name: "a pattern stops a word before what stood there",
    law: "never-broader",
    sabotage: editingEntries(
      "Action",
      eachEntry("any", (entry) => (/[A-Z][a-z]+\*$/.test(entry) ? [entry.replace(/[A-Z][a-z]+\*$/, "*")] : undefined)),
    ),
  },
  {
    name: "a star is put in",
    law: "never-broader",
    sabotage: editingEntries(
      "Action",
      eachEntry("any", (entry, random) => [inserted(entry, below(random, entry.length + 1), "*")]),
    ),
  },
  {
    name: "a star is put behind the end",
    law: "never-broader",
    sabotage: editingEntries(
      "Action",
      eachEntry("any", (entry) => (entry.endsWith("*") ? undefined : [`${entry}*`])),
    ),
  },
  {
    name: "a question mark becomes a star",
    law: "never-broader",
    sabotage: editingEntries(
      "Action",
      eachEntry("any", (entry, random) => replacedOne(entry, /\?/g, "*", random)),
    ),
  },
  {
    name: "a letter becomes a question mark",
    law: "never-broader",
    sabotage: editingEntries(
      "Action",
      eachEntry("any", (entry, random) => replacedOne(entry, /[A-Za-z]/g, "?", random)),
    ),
  },
  {
    name: "what a pattern requires after its star is gone",
    law: "never-broader",
    sabotage: editingEntries(
      "Action",
      eachEntry("any", (entry) => (/\*[^*]+$/.test(entry) ? [entry.replace(/[^*]+$/, "")] : undefined)),
    ),
  },
  {
    name: "the service becomes a wildcard",
    law: "never-broader",
    sabotage: editingEntries(
      "Action",
      eachEntry("any", (entry, random) =>
        /^[^:*?]+:/.test(entry) ? [entry.replace(/^[^:]+/, () => pick(random, ["*", "?*", "s*"]))] : undefined,
      ),
    ),
  },
  {
    name: "an entry for names that no catalog has",
    law: "never-broader",
    sabotage: editingEntries("Action", function* (site, random) {
      yield insertedAnywhere(site.now, pick(random, ["unheard-of:*", "unheard-of:Get", "unheard-of:Ge?"]), random);
    }),
  },
  {
    name: "an action that was not granted",
    law: "never-broader",
    sabotage: editingEntries("Action", function* (site, random) {
      const [action] = shuffled(random, site.right.catalog.actions);
      if (action !== undefined) yield insertedAnywhere(site.now, action.text, random);
    }),
  },
  {
    name: "everything",
    law: "never-broader",
    sabotage: editingEntries("Action", function* (site, random) {
      yield insertedAnywhere(site.now, pick(random, ["*", "**", "*:*"]), random);
    }),
  },
  {
    name: "an entry that NotAction had is lost",
    law: "never-broader",
    sabotage: editingEntries(
      "NotAction",
      eachEntry("kept", () => []),
    ),
  },
  {
    name: "an entry that NotAction had is narrowed",
    law: "never-broader",
    sabotage: editingEntries(
      "NotAction",
      eachEntry("kept", (entry) => (entry.endsWith("*") ? [`${entry.slice(0, -1)}X*`] : undefined)),
    ),
  },
  {
    name: "an entry that NotAction had becomes the names it excepts",
    law: "never-broader",
    sabotage: editingEntries(
      "NotAction",
      eachEntry("kept", (entry, _, site) => (hasWildcard(entry) ? granted(entry, site) : undefined)),
    ),
  },
  {
    name: "NotAction excepts nothing",
    law: "never-broader",
    sabotage: editingEntries("NotAction", ({ old }) => (old.length > 0 ? [[]] : [])),
  },

  // What stays, stays as it is spelled and in its order; nothing is said twice ---------------------------------------------------
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

function granted(entry: string, { right }: EntriesSite): readonly string[] {
  return actionsMatching(fold(entry), right.catalog).map(({ text }) => text);
}

/** The actions of the catalog that the statement grants no more. */
function removed(site: EntriesSite): string[] {
  return site.old.flatMap((entry) => granted(entry, site)).filter(site.right.isUnused);
}

function grantedByNotAction(site: EntriesSite): string[] {
  const excepted = new Set(site.now.flatMap((entry) => granted(entry, site)));
  return site.right.catalog.actions.map(({ text }) => text).filter((action) => !excepted.has(action));
}

function replaced({ old, right }: EntriesSite): string[] {
  return old.filter((entry) => right.reaches(entry));
}

/** Unused actions that the catalog lacks, of services that the statement speaks of. */
function unusedBeyondCatalog({ old, right }: EntriesSite): string[] {
  const text = fold(old.join(" "));
  return right.question.unused
    .filter(({ service }) => text.includes(`${service}:`))
    .flatMap(({ service, whole, names }) =>
      whole ? [`${service}:UnheardOf`] : names.map((name) => `${service}:${name}`),
    )
    .filter((action) => actionsMatching(action, right.catalog).length === 0);
}

function allNamesButOne(entry: string, random: Random, site: EntriesSite): readonly string[] | undefined {
  const names = shuffled(random, granted(entry, site));
  return hasWildcard(entry) && names.length > 1 ? names.slice(1) : undefined;
}

function oneCharacterMore(entry: string, random: Random, site: EntriesSite): readonly string[] | undefined {
  const longer = shuffled(random, granted(entry, site)).find((name) => name.length >= entry.length);
  return entry.endsWith("*") && longer !== undefined ? [`${longer.slice(0, entry.length)}*`] : undefined;
}

/** A prefix cut by one to three characters, where an entry that stood there still holds it. */
function stopsEarly(entry: string, random: Random, site: EntriesSite): readonly string[] | undefined {
  const prefix = entry.replace(/\*$/, "").slice(0, -1 - below(random, 3));
  const holds = (wide: string): boolean => /^[^*?]*\*$/.test(wide) && fold(prefix).startsWith(fold(wide.slice(0, -1)));
  return site.old.some(holds) ? [`${prefix}*`] : undefined;
}

/** U+212A folds to k and U+017F to s, but not in ASCII. */
function unicodeTwin(entry: string, random: Random): readonly string[] | undefined {
  const twins = [
    ...(replacedOne(entry, /k/gi, "\u212a", random) ?? []),
    ...(replacedOne(entry, /s/gi, "\u017f", random) ?? []),
  ];
  return twins.length === 0 ? undefined : [pick(random, twins)];
}

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

function replacedOne(
  entry: string,
  what: RegExp,
  by: string | ((found: string) => string),
  random: Random,
): readonly string[] | undefined {
  const places = [...entry.matchAll(what)].map(({ index }) => index);
  if (places.length === 0) return undefined;
  const place = pick(random, places);
  const found = entry.charAt(place);
  return [entry.slice(0, place) + (typeof by === "string" ? by : by(found)) + entry.slice(place + 1)];
}

function* exchanged({ now, isKept }: EntriesSite): Iterable<readonly string[]> {
  const places = [...now.keys()].filter((i) => isKept(now[i]!)); // i is one of its places, here and below
  for (const [k, i] of places.entries()) {
    const j = places[k + 1];
    if (j !== undefined && now[i] !== now[j]) yield now.with(i, now[j]!).with(j, now[i]!);
  }
}

function inserted(text: string, place: number, what: string): string {
  return text.slice(0, place) + what + text.slice(place);
}

function insertedAnywhere(entries: readonly string[], entry: string, random: Random): readonly string[] {
  return entries.toSpliced(below(random, entries.length + 1), 0, entry);
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
