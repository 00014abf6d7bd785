import { hasWildcard } from "../reference/glob.ts";
import {
  granted,
  removed,
  grantedByNotAction,
  replaced,
  unusedBeyondCatalog,
  allNamesButOne,
  oneCharacterMore,
  stopsEarly,
  unicodeTwin,
  replacedOne,
  inserted,
  insertedAnywhere,
} from "./entry-edits.ts";
import { type Operator, eachEntry, editingEntries } from "./operator.ts";
import { below, pick, shuffled } from "./random.ts";

/** Wrong entries of Allow statements: laws 1 and 2. */
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
];
