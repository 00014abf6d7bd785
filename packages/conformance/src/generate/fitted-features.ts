import { type Hearing, hear } from "../laws/hearing.ts";
import { elementOf, entriesOf, fold, matches } from "../laws/plainly.ts";
import { reference } from "../reference/refine.ts";
import type { Case } from "./cases.ts";

/** Something that cases in forms that fit must have now and then. */
interface FittedFeature {
  readonly name: string;
  /** The least share of cases that have it, in per cent: about half of what 3,000 cases had when it was written down. */
  readonly least: number;
  readonly has: (seen: FittedSeen) => boolean;
}

interface FittedSeen {
  readonly asked: Case;
  readonly hearing: Hearing;
  /** What stands in a changed statement and did not before. */
  readonly generated: readonly string[];
  readonly appended: readonly string[];
  /** Whether the answer differs from that of word prefixes. */
  readonly isOther: boolean;
}

export const FITTED_FEATURES: readonly FittedFeature[] = [
  { name: "inner patterns asked for", least: 20, has: ({ asked }) => asked.options.fit?.form === "inner" },
  { name: "characters asked for", least: 30, has: ({ asked }) => asked.options.fit?.form === "characters" },
  { name: "another answer than word prefixes give", least: 10, has: ({ isOther }) => isOther },
  { name: "a star before the end", least: 5, has: ({ generated }) => generated.some((text) => /\*./s.test(text)) },
  { name: "two stars or more", least: 2, has: ({ generated }) => generated.some((text) => /\*.*\*/s.test(text)) },
  {
    name: "a prefix that ends inside a word",
    least: 1,
    has: ({ asked, generated }) =>
      asked.options.fit?.form === "characters" &&
      generated.some((text) => /[A-Za-z]\*$/.test(text) && !isCut(text, asked)),
  },
  {
    name: "a pattern for a single action",
    least: 3,
    has: ({ asked, generated }) =>
      generated.some(
        (text) => /\*/.test(text) && asked.catalog.filter((action) => matches(fold(text), fold(action))).length === 1,
      ),
  },
  { name: "a name", least: 10, has: ({ generated }) => generated.some((text) => !/[*?]/.test(text)) },
  { name: "an inner star in NotAction", least: 0.5, has: ({ appended }) => appended.some((text) => /\*./s.test(text)) },
  {
    name: "everything was tried",
    least: 25,
    has: ({ hearing: { answer } }) =>
      answer.fitted !== undefined &&
      answer.fitted.statements > 0 &&
      answer.fitted.statements === answer.fitted.shortest,
  },
  {
    name: "too much to try",
    least: 4,
    has: ({ hearing: { answer } }) => (answer.fitted?.statements ?? 0) > (answer.fitted?.shortest ?? 0),
  },
];

/** Whether the pattern ends where a word of some action ends that it matches. */
function isCut(text: string, { catalog }: Case): boolean {
  const end = text.length - 1;
  return catalog.some(
    (action) =>
      matches(fold(text), fold(action)) &&
      (action.length === end || /^(?:[a-z0-9][A-Z]|[A-Z][A-Z][a-z]|[^A-Za-z0-9])/.test(action.slice(end - 1))),
  );
}

/** The places in `FITTED_FEATURES` of what a case has, by what the reference makes of it. */
export function fittedFeaturesOf(asked: Case): readonly number[] {
  const hearing = hear(reference, asked);
  const { fit: _, ...options } = asked.options;
  const inPrefixes = reference.refine({ ...asked, options });
  const fresh = (element: "Action" | "NotAction"): readonly string[] =>
    hearing.statements.flatMap(({ before, after }) => {
      if (after === null || after === before || elementOf(before) !== element) return [];
      const old = new Set(entriesOf(before[element]));
      return entriesOf(after[element]).filter((entry) => !old.has(entry));
    });
  const isOther = JSON.stringify(inPrefixes.policy) !== JSON.stringify(hearing.answer.policy);
  const seen: FittedSeen = { asked, hearing, generated: fresh("Action"), appended: fresh("NotAction"), isOther };
  return FITTED_FEATURES.flatMap(({ has }, place) => (has(seen) ? [place] : []));
}
