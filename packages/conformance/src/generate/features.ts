import type { Granularity, UnusedService } from "@leastwise/core";
import { type HeardStatement, type Hearing, hear } from "../laws/hearing.ts";
import { elementOf, entriesOf, fold, mayChange } from "../laws/plainly.ts";
import { reference } from "../reference/refine.ts";
import type { Case } from "./cases.ts";
import {
  type Seen,
  hasLeak,
  hasNameThatStartsAnother,
  hasNested,
  hasOtherCase,
  hasRepeated,
  isChangedByUnlisted,
  isCreatedOfDenyAlone,
  isExcepting,
  isNamedForItsService,
  keepsBesideChanged,
  keepsUnused,
  leavesOut,
  listed,
  mixes,
  overlaps,
  saysTwice,
  stillGrants,
} from "./seen.ts";
import { SERVICES } from "./words.ts";

const MADE_UP: ReadonlySet<string> = new Set(SERVICES);

/** Something that cases must have now and then, or a proof by generated cases says nothing about it. */
export interface Feature {
  readonly group: string;
  readonly name: string;
  /**
   * The least share of cases that have it, in per cent: about half of what 12,000 cases had when it was written down, a third
   * of what is rare.
   */
  readonly least: number;
  readonly has: (seen: Seen) => boolean;
}

export const FEATURES: readonly Feature[] = [
  ...group("entry", [
    ["a literal", 11, anEntry((entry) => !/[*?]/.test(entry))],
    [
      "a literal that the catalog lacks",
      6,
      anEntry((entry, { known }) => !/[*?]/.test(entry) && !known.has(fold(entry))),
    ],
    ["ends in its only star", 12, anEntry((entry) => /^[^*?]+\*$/.test(entry))],
    ["one star before the end", 24, anEntry((entry) => /^[^*?]*\*[^*?]+$/.test(entry))],
    ["several stars", 35, anEntry((entry) => /\*[^*]+\*/.test(entry))],
    ["?", 23, anEntry((entry) => entry.includes("?"))],
    ["only stars", 2, anEntry((entry) => /^\*+$/.test(entry))],
    ["a wildcard in the service", 21, anEntry((entry) => /^[^:]*[*?]/.test(entry))],
    ["in another case than the catalog", 18, anEntry(hasOtherCase)],
    ["a letter outside ASCII, or a line break", 5, anEntry((entry) => /[^ -~]/.test(entry))],
    ["the same twice", 11, aStatement(hasRepeated)],
    ["one inside another", 19, aStatement(hasNested)],
    ["an empty list", 3, aStatement(({ before }) => entriesOf(before[elementOf(before)]).length === 0)],
  ]),
  ...group("policy", [
    ["Deny", 11, aStatement(({ before }) => before.Effect === "Deny")],
    ["NotAction", 11, aStatement(({ before }) => before.Effect === "Allow" && before.NotAction !== undefined)],
    ["a string for a list", 10, aStatement(({ before }) => typeof before.Action === "string")],
    ["a single statement, not in a list", 8, ({ asked }) => !Array.isArray(asked.policy.Statement)],
    ["no statement", 0.6, ({ hearing }) => hearing.statements.length === 0],
    ["a condition that looks like entries", 15, aStatement(({ before }) => before["Condition"] !== undefined)],
  ]),
  ...group("options", [
    ["exact names asked for", 7, ({ asked }) => asked.options.granularity === "exact"],
    ["exact names for one service", 7, anOther("word", true)],
    ["prefixes for one service, names for all others", 1, anOther("exact", true)],
    ["a service that the catalog lacks", 1.5, anOther(null, false)],
    ["a kept Sid", 12, ({ asked }) => asked.options.keptSids.length > 0],
  ]),
  ...group("statement is kept", [
    ["for its Sid's sake", 3.5, aStatement(isKept)],
    ["though something of it is unused", 2, aStatement(keepsUnused)],
    [
      "beside one that changes",
      1,
      ({ hearing, asked }) =>
        hearing.answer.recommendedAction === "CREATE_POLICY" &&
        hearing.statements.some((one) => isKept(one, { asked })),
    ],
    ["and grants what another one loses", 0.7, stillGrants],
  ]),
  ...group("catalog", [
    ["a name that starts another", 39, hasNameThatStartsAnother],
    [
      "a piece of a real one",
      10,
      ({ asked }) => asked.catalog.some((action) => !MADE_UP.has(action.replace(/:.*/s, ""))),
    ],
  ]),
  ...group("U", [
    ["nothing", 2, ({ asked }) => asked.unused.length === 0],
    ["a name that the catalog lacks", 29, ({ asked, known }) => listed(asked.unused).some((name) => !known.has(name))],
    ["a whole service", 5, aWholeService(({ names }) => names.length === 0)],
    ["a whole service with exceptions", 5, aWholeService(({ names }) => names.length > 0)],
    [
      "iam whole but for PassRole",
      0.4,
      aWholeService(({ names }, { known }) => names.includes("passrole") && known.has("iam:passrole")),
    ],
    [
      "a whole service that the catalog lacks",
      1.5,
      aWholeService(({ service }, { known }) => ![...known].some((name) => name.startsWith(`${service}:`))),
    ],
    ["a prefix leaks: it starts unused names whose words it cuts", 11, hasLeak],
  ]),
  ...group("entry becomes", [
    ["kept beside a changed one", 20, aStatement(keepsBesideChanged)],
    ["a literal dropped", 3, aReplaced((by, entry) => by.length === 0 && !/[*?]/.test(entry))],
    ["a wildcard dropped", 17, aReplaced((by, entry) => by.length === 0 && /[*?]/.test(entry))],
    ["prefixes", 9, aReplaced((by) => by.some((text) => /^[^*?]*\*$/.test(text)))],
    ["a prefix and what is still required", 6, aReplaced((by) => by.some((text) => /\*.|\?/s.test(text)))],
    [
      "exact names",
      19,
      aReplaced((by, _, { asked }) => asked.options.granularity === "word" && by.some((text) => !/[*?]/.test(text))),
    ],
    ["overlapping remainders of one prefix", 0.2, aReplaced(overlaps)],
    ["a remainder left out for one beside it", 4, aReplaced(leavesOut)],
    [
      "a name excepted from its whole service",
      2,
      aReplaced((by, _, seen) => by.some((text) => aWholeService(isExcepting(text))(seen))),
    ],
    ["names where a service goes by names, else prefixes", 1.5, isNamedForItsService],
    ["names for one service, prefixes for another", 0.2, aReplaced((by, _, { asked }) => mixes(by, asked))],
    ["something that stands there already", 9, aStatement(saysTwice)],
    ["other entries because of a name that the catalog lacks", 5, isChangedByUnlisted],
  ]),
  ...group("statement becomes", [
    ["gone", 10, aStatement(({ after }) => after === null)],
    [
      "a list, once a string",
      1.5,
      aStatement(({ before, after }) => typeof before.Action === "string" && typeof after?.Action === "object"),
    ],
    ["NotAction with a prefix", 1.5, ({ appended }) => appended.some((text) => /^[^:]*:.+\*$/s.test(text))],
    ["NotAction with a whole service", 0.4, ({ appended }) => appended.some((text) => text.endsWith(":*"))],
    ["NotAction with an exact name", 5, ({ appended }) => appended.some((text) => !text.endsWith("*"))],
    [
      "NotAction with names for one service, prefixes for another",
      0.1,
      ({ appended, asked }) => mixes(appended, asked),
    ],
    ["gone, a NotAction", 0.8, aStatement(({ before, after }) => before.NotAction !== undefined && after === null)],
  ]),
  ...group("recommendation", [
    ["CREATE_POLICY", 32, ({ hearing }) => hearing.answer.recommendedAction === "CREATE_POLICY"],
    ["DETACH_POLICY", 4, ({ hearing }) => hearing.answer.recommendedAction === "DETACH_POLICY"],
    ["NONE", 14, ({ hearing }) => hearing.answer.recommendedAction === "NONE"],
    ["CREATE_POLICY, of Deny alone", 0.7, isCreatedOfDenyAlone],
  ]),
];

/** The places in `FEATURES` of what a case has. `hearing` is the reference's. Brute force over small catalogs. */
export function featuresOf(asked: Case, hearing: Hearing = hear(reference, asked)): readonly number[] {
  const entries = hearing.statements.flatMap((statement) => statement.entries);
  const replaced = entries.flatMap(({ entry, becomes }) => (becomes === "kept" ? [] : [{ entry, by: becomes }]));
  const appended = hearing.statements.flatMap(({ before, after }) =>
    entriesOf(after?.NotAction).slice(entriesOf(before.NotAction).length),
  );
  const seen: Seen = { asked, hearing, entries, replaced, appended, known: new Set(asked.catalog.map(fold)) };
  return FEATURES.flatMap(({ has }, place) => (has(seen) ? [place] : []));
}

function group(
  name: string,
  features: readonly (readonly [name: string, least: number, has: Feature["has"]])[],
): Feature[] {
  return features.map(([of, least, has]) => ({ group: name, name: of, least, has }));
}

function anEntry(is: (entry: string, seen: Seen) => boolean): Feature["has"] {
  return (seen) => seen.entries.some(({ entry }) => is(entry, seen));
}

function aStatement(is: (statement: HeardStatement, seen: Seen) => boolean): Feature["has"] {
  return (seen) => seen.hearing.statements.some((statement) => is(statement, seen));
}

function isKept({ before }: HeardStatement, { asked }: Pick<Seen, "asked">): boolean {
  return before.Effect === "Allow" && !mayChange(before, asked.options);
}

/** A service with a granularity of its own, beside this default or any, in the catalog or not. */
function anOther(granularity: Granularity | null, isKnown: boolean): Feature["has"] {
  return ({ asked: { options }, known }) =>
    (granularity === null || options.granularity === granularity) &&
    options.services.some(([service]) => [...known].some((name) => name.startsWith(`${service}:`)) === isKnown);
}

function aWholeService(is: (service: UnusedService, seen: Seen) => boolean): Feature["has"] {
  return (seen) => seen.asked.unused.some((service) => service.whole && is(service, seen));
}

/** Something that takes an entry's place; nothing does where it is dropped. */
function aReplaced(is: (by: readonly string[], entry: string, seen: Seen) => boolean): Feature["has"] {
  return (seen) => seen.replaced.some(({ entry, by }) => is(by, entry, seen));
}
