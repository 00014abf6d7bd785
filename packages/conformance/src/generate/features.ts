import { type Hearing, hear } from "../laws/hearing.ts";
import { entriesOf, fold, matches, statementsOf } from "../laws/plainly.ts";
import { reference } from "../reference/refine.ts";
import type { Case } from "./cases.ts";
import {
  type Seen,
  hasLeak,
  hasNested,
  hasOtherCase,
  isChangedByUnlisted,
  leavesOut,
  listed,
  saysTwice,
} from "./seen.ts";
import { SERVICES } from "./words.ts";

/** Something that cases must have now and then, or a proof by generated cases says nothing about it. */
export interface Feature {
  readonly group: string;
  readonly name: string;
  /** The least share of cases that have it, in per cent: about half of what 12,000 cases had when it was written down, a third of what is rare. */
  readonly least: number;
  readonly has: (seen: Seen) => boolean;
}

export const FEATURES: readonly Feature[] = [
  ...group("entry", [
    ["a literal", 11, anEntry((entry) => !/[*?]/.test(entry))],
    [
      "a literal that the catalog lacks",
      6,
      ({ entries, known }) => entries.some(({ entry }) => !/[*?]/.test(entry) && !known.has(fold(entry))),
    ],
    ["ends in its only star", 12, anEntry((entry) => /^[^*?]+\*$/.test(entry))],
    ["one star before the end", 24, anEntry((entry) => /^[^*?]*\*[^*?]+$/.test(entry))],
    ["several stars", 35, anEntry((entry) => /\*[^*]+\*/.test(entry))],
    ["?", 23, anEntry((entry) => entry.includes("?"))],
    ["only stars", 2, anEntry((entry) => /^\*+$/.test(entry))],
    ["a wildcard in the service", 21, anEntry((entry) => /^[^:]*[*?]/.test(entry))],
    ["in another case than the catalog", 18, hasOtherCase],
    ["a letter outside ASCII, or a line break", 5, anEntry((entry) => /[^ -~]/.test(entry))],
    [
      "the same twice",
      11,
      ({ hearing }) =>
        hearing.statements.some(
          ({ entries }) => new Set(entries.map(({ entry }) => fold(entry))).size < entries.length,
        ),
    ],
    ["one inside another", 19, ({ hearing }) => hearing.statements.some(hasNested)],
    [
      "an empty list",
      3,
      ({ hearing }) =>
        hearing.statements.some(
          ({ before }) =>
            [before.Action, before.NotAction].flat().length === 1 &&
            entriesOf(before.Action ?? before.NotAction).length === 0,
        ),
    ],
  ]),
  ...group("policy", [
    ["Deny", 11, ({ asked }) => statementsOf(asked.policy).some(({ Effect }) => Effect === "Deny")],
    [
      "NotAction",
      11,
      ({ asked }) =>
        statementsOf(asked.policy).some(({ Effect, NotAction }) => Effect === "Allow" && NotAction !== undefined),
    ],
    [
      "a string for a list",
      10,
      ({ asked }) => statementsOf(asked.policy).some(({ Action }) => typeof Action === "string"),
    ],
    ["a single statement, not in a list", 8, ({ asked }) => !Array.isArray(asked.policy.Statement)],
    ["no statement", 0.6, ({ asked }) => statementsOf(asked.policy).length === 0],
    [
      "a condition that looks like entries",
      15,
      ({ asked }) => statementsOf(asked.policy).some((statement) => statement["Condition"] !== undefined),
    ],
    ["exact names asked for", 7, ({ asked }) => asked.granularity === "exact"],
  ]),
  ...group("catalog", [
    [
      "a name that starts another",
      39,
      ({ known }) => [...known].some((name) => [...known].some((other) => other !== name && other.startsWith(name))),
    ],
    [
      "a piece of a real one",
      10,
      ({ asked }) =>
        asked.catalog.some((action) => !(SERVICES as readonly string[]).includes(action.replace(/:.*/s, ""))),
    ],
  ]),
  ...group("U", [
    ["nothing", 2, ({ asked }) => asked.unused.length === 0],
    ["a name that the catalog lacks", 29, ({ asked, known }) => listed(asked.unused).some((name) => !known.has(name))],
    ["a whole service", 5, ({ asked }) => asked.unused.some(({ whole, names }) => whole && names.length === 0)],
    [
      "a whole service with exceptions",
      5,
      ({ asked }) => asked.unused.some(({ whole, names }) => whole && names.length > 0),
    ],
    [
      "iam whole but for PassRole",
      0.4,
      ({ asked, known }) =>
        asked.unused.some(
          ({ service, whole, names }) =>
            service === "iam" && whole && names.includes("passrole") && known.has("iam:passrole"),
        ),
    ],
    [
      "a whole service that the catalog lacks",
      1.5,
      ({ asked, known }) =>
        asked.unused.some(({ service, whole }) => whole && ![...known].some((name) => name.startsWith(`${service}:`))),
    ],
    ["a prefix leaks: it starts unused names whose words it cuts", 11, hasLeak],
  ]),
  ...group("entry becomes", [
    [
      "kept beside a changed one",
      20,
      ({ hearing }) =>
        hearing.statements.some(
          ({ entries }) =>
            entries.some(({ becomes }) => becomes === "kept") && entries.some(({ becomes }) => becomes !== "kept"),
        ),
    ],
    [
      "a literal dropped",
      3,
      ({ replaced }) => replaced.some(({ entry, by }) => by.length === 0 && !/[*?]/.test(entry)),
    ],
    [
      "a wildcard dropped",
      17,
      ({ replaced }) => replaced.some(({ entry, by }) => by.length === 0 && /[*?]/.test(entry)),
    ],
    ["prefixes", 9, ({ replaced }) => replaced.some(({ by }) => by.some((text) => /^[^*?]*\*$/.test(text)))],
    [
      "a prefix and what is still required",
      6,
      ({ replaced }) => replaced.some(({ by }) => by.some((text) => /\*.|\?/s.test(text))),
    ],
    [
      "exact names",
      19,
      ({ replaced, asked }) =>
        replaced.some(({ by }) => asked.granularity === "word" && by.some((text) => !/[*?]/.test(text))),
    ],
    [
      "overlapping remainders of one prefix",
      0.2,
      ({ replaced, known }) =>
        replaced.some(({ by }) => [...known].some((name) => by.filter((text) => matches(fold(text), name)).length > 1)),
    ],
    [
      "a remainder left out for one beside it",
      4,
      (seen) => seen.replaced.some(({ entry, by }) => leavesOut(entry, by, seen)),
    ],
    [
      "a name excepted from its whole service",
      2,
      ({ replaced, asked }) =>
        replaced.some(({ by }) =>
          by.some((text) =>
            asked.unused.some(
              ({ service, whole, names }) => whole && names.some((name) => `${service}:${name}` === fold(text)),
            ),
          ),
        ),
    ],
    ["something that stands there already", 9, ({ hearing }) => hearing.statements.some(saysTwice)],
    ["other entries because of a name that the catalog lacks", 5, isChangedByUnlisted],
  ]),
  ...group("statement becomes", [
    ["gone", 10, ({ hearing }) => hearing.statements.some(({ after }) => after === null)],
    [
      "a list, once a string",
      1.5,
      ({ hearing }) =>
        hearing.statements.some(
          ({ before, after }) => typeof before.Action === "string" && typeof after?.Action === "object",
        ),
    ],
    ["NotAction with a prefix", 2, ({ appended }) => appended.some((text) => /^[^:]*:.+\*$/s.test(text))],
    ["NotAction with a whole service", 0.4, ({ appended }) => appended.some((text) => text.endsWith(":*"))],
    ["NotAction with an exact name", 5, ({ appended }) => appended.some((text) => !text.endsWith("*"))],
    [
      "gone, a NotAction",
      0.8,
      ({ hearing }) => hearing.statements.some(({ before, after }) => before.NotAction !== undefined && after === null),
    ],
  ]),
  ...group("recommendation", [
    ["CREATE_POLICY", 32, ({ hearing }) => hearing.answer.recommendedAction === "CREATE_POLICY"],
    ["DETACH_POLICY", 4, ({ hearing }) => hearing.answer.recommendedAction === "DETACH_POLICY"],
    ["NONE", 14, ({ hearing }) => hearing.answer.recommendedAction === "NONE"],
    [
      "CREATE_POLICY, of Deny alone",
      0.7,
      ({ hearing }) =>
        hearing.answer.recommendedAction === "CREATE_POLICY" &&
        statementsOf(hearing.answer.policy).every(({ Effect }) => Effect === "Deny"),
    ],
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

function anEntry(is: (entry: string) => boolean): Feature["has"] {
  return ({ entries }) => entries.some(({ entry }) => is(entry));
}
