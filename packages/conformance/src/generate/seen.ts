import type { Unused, UnusedService } from "@leastwise/core";
import type { HeardEntry, HeardStatement, Hearing } from "../laws/hearing.ts";
import {
  endsAfter,
  entriesOf,
  fold,
  grantedBy,
  isByName,
  isUnused,
  matches,
  mayChange,
  reachesUnused,
  statementsOf,
  wordPrefixesOf,
} from "../laws/plainly.ts";
import { reference } from "../reference/refine.ts";
import type { Case } from "./cases.ts";

/** A case as the features look at it, with what the reference makes of it. */
export interface Seen {
  readonly asked: Case;
  readonly hearing: Hearing;
  /** The entries of `Action` in Allow statements. */
  readonly entries: readonly HeardEntry[];
  /** Those that something else takes the place of, with that. */
  readonly replaced: readonly { readonly entry: string; readonly by: readonly string[] }[];
  readonly appended: readonly string[];
  readonly known: ReadonlySet<string>;
}

export function hasOtherCase(entry: string, { asked }: Seen): boolean {
  const head = entry.replace(/[*?].*$/s, "");
  const alike = asked.catalog.filter((action) => fold(action).startsWith(fold(head)));
  return alike.length > 0 && !alike.some((action) => action.startsWith(head));
}

export function hasRepeated({ entries }: HeardStatement): boolean {
  return new Set(entries.map(({ entry }) => fold(entry))).size < entries.length;
}

export function hasNameThatStartsAnother({ known }: Seen): boolean {
  return [...known].some((name) => [...known].some((other) => other !== name && other.startsWith(name)));
}

export function keepsBesideChanged({ entries }: HeardStatement): boolean {
  const kept = entries.filter(({ becomes }) => becomes === "kept").length;
  return kept > 0 && kept < entries.length;
}

export function isExcepting(text: string): (service: UnusedService) => boolean {
  return ({ service, names }) => names.some((name) => `${service}:${name}` === fold(text));
}

export function isCreatedOfDenyAlone({ hearing }: Seen): boolean {
  const { recommendedAction, policy } = hearing.answer;
  return recommendedAction === "CREATE_POLICY" && statementsOf(policy).every(({ Effect }) => Effect === "Deny");
}

/** Chosen prefixes never overlap, so two entries that match the same action are remainders of one. */
export function overlaps(by: readonly string[], _: string, { known }: Seen): boolean {
  const patterns = by.map(fold);
  return [...known].some((name) => patterns.filter((text) => matches(text, name)).length > 1);
}

export function hasNested({ entries }: HeardStatement): boolean {
  return entries.some(({ entry }) =>
    entries.some(({ entry: other }) => fold(other) !== fold(entry) && matches(fold(other), fold(entry))),
  );
}

export function listed(unused: Unused): readonly string[] {
  return unused.flatMap(({ service, whole, names }) => (whole ? [] : names.map((name) => `${service}:${name}`)));
}

export function hasLeak({ asked, replaced }: Seen): boolean {
  if (replaced.length === 0) return false;
  const lost = asked.catalog
    .filter((action) => isUnused(action, asked.unused))
    .map((action) => [fold(action), wordPrefixesOf([action])] as const);
  const left = asked.catalog.filter((action) => !isUnused(action, asked.unused));
  const leaking = [...wordPrefixesOf(left)].flatMap((q) =>
    lost.flatMap(([name, own]) => (name.startsWith(q) && !own.has(q) ? [{ q, name }] : [])),
  );
  return replaced.some(({ entry }) => {
    const e = fold(entry);
    const head = e.search(/[*?]/);
    const reaches = (q: string): boolean =>
      left.some((action) => fold(action).startsWith(q) && matches(e, fold(action)));
    return head >= 0 && leaking.some(({ q, name }) => q.length >= head && matches(e, name) && reaches(q));
  });
}

/** Whether a remainder of a chosen prefix is not written though it matches something that is left. */
export function leavesOut(by: readonly string[], entry: string, { asked }: Seen): boolean {
  if (/^[^*?]*\*?$/.test(entry) || asked.options.granularity === "exact") return false;
  const left = asked.catalog.filter((action) => matches(fold(entry), fold(action)) && !isUnused(action, asked.unused));
  const written = new Set(by.map(fold));
  const patterns = by.map(fold).filter((text) => /[*?]/.test(text));
  if (patterns.length === 0) return false;
  const prefixes = [...wordPrefixesOf(left)];
  const isLeftOut = (pattern: string): boolean =>
    !written.has(pattern) &&
    !reachesUnused(pattern, asked.unused) &&
    left.filter((action) => matches(pattern, fold(action))).length === 1;
  return patterns.some((g) => {
    const head = g.slice(0, g.search(/[*?]/));
    return prefixes.some((q) => {
      if (!head.startsWith(q)) return false;
      const patternsOfQ = endsAfter(q, fold(entry)).map((end) => q + end);
      return patternsOfQ.includes(g) && patternsOfQ.some(isLeftOut);
    });
  });
}

/** Whether a statement is kept for its Sid's sake of which something is unused. */
export function keepsUnused({ before }: HeardStatement, { asked }: Seen): boolean {
  if (before.Effect !== "Allow" || mayChange(before, asked.options)) return false;
  return (
    grantedBy(before, asked.catalog).some((action) => isUnused(action, asked.unused)) ||
    entriesOf(before.Action).some((entry) => reachesUnused(entry, asked.unused))
  );
}

/** Whether a kept statement grants something that another one loses: then it is not removed. */
export function stillGrants({ asked, hearing }: Seen): boolean {
  const lost = new Set(
    hearing.statements.flatMap(({ before, after }) => {
      if (before.Effect !== "Allow" || before === after) return [];
      const left = after === null ? [] : grantedBy(after, asked.catalog);
      return grantedBy(before, asked.catalog).filter((action) => !left.includes(action));
    }),
  );
  return hearing.statements.some(
    ({ before }) =>
      before.Effect === "Allow" &&
      !mayChange(before, asked.options) &&
      grantedBy(before, asked.catalog).some((action) => lost.has(action)),
  );
}

/** Whether an entry becomes names of a service that goes by names, of which a prefix of words would have been safe. */
export function isNamedForItsService({ asked, hearing }: Seen): boolean {
  if (asked.options.granularity === "exact" || asked.options.services.length === 0) return false;
  const options = { ...asked.options, services: [] };
  return JSON.stringify(reference.refine({ ...asked, options }).policy) !== JSON.stringify(hearing.answer.policy);
}

/** Whether something generated is of a service that goes by names, and something beside it of one that goes by prefixes. */
export function mixes(by: readonly string[], { options }: Case): boolean {
  return new Set(by.map((text) => isByName(fold(text), options))).size === 2;
}

export function saysTwice({ entries }: HeardStatement): boolean {
  const generated = entries.flatMap(({ becomes }) => (becomes === "kept" ? [] : becomes.map(fold)));
  const kept = new Set(entries.filter(({ becomes }) => becomes === "kept").map(({ entry }) => fold(entry)));
  return generated.some((text, i) => kept.has(text) || generated.indexOf(text) < i);
}

export function isChangedByUnlisted({ asked, hearing, known }: Seen): boolean {
  const unused = asked.unused.flatMap((one) => {
    const names = one.names.filter((name) => known.has(`${one.service}:${name}`));
    return one.whole ? [one] : names.length > 0 ? [{ ...one, names }] : [];
  });
  return JSON.stringify(reference.refine({ ...asked, unused })) !== JSON.stringify(hearing.answer);
}
