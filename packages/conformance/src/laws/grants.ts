import { type PolicyDocument, type Statement, type Unused, unionOf, unusedOf } from "@leastwise/core";
import { isSubset } from "../automaton.ts";
import type { Case } from "../generate/cases.ts";
import { type Hearing, alone } from "./hearing.ts";
import { entriesOf, fold, grantedBy, isUnused, matches, mayChange, reachesUnused, statementsOf } from "./plainly.ts";

/** Laws 1, 2, 7 and 9: what is granted before and after. */

/**
 * Law 1: per Allow statement, granted-after ∩ C = (granted-before ∩ C) \ U, and for one that its Sid keeps granted-before ∩ C. And
 * since U knows names that C lacks, no entry of an `Action` that may change matches anything unused afterwards (SEMANTICS 2.2). A
 * refiner that counts counts what the two documents grant.
 */
export function allAndOnly({ asked, answer, statements }: Hearing): string | null {
  for (const { before, after } of statements) {
    if (before.Effect !== "Allow") continue;
    const isFree = mayChange(before, asked.options);
    const wanted = grantedBy(before, asked.catalog).filter((action) => !isFree || !isUnused(action, asked.unused));
    const left = after === null ? [] : grantedBy(after, asked.catalog);
    const lost = wanted.filter((action) => !left.includes(action));
    const tooMuch = left.filter((action) => !wanted.includes(action));
    if (lost.length > 0) return `no longer granted, though nobody called it unused: ${lost.join(", ")}`;
    if (tooMuch.length > 0) return `unused and still granted, or never granted before: ${tooMuch.join(", ")}`;
    const beyond = isFree ? entriesOf(after?.Action).find((entry) => reachesUnused(entry, asked.unused)) : undefined;
    if (beyond !== undefined) return `\`${beyond}\` matches something unused that the catalog lacks`;
  }
  if (answer.grants === undefined) return null;
  const [before, after] = [asked.policy, answer.policy].map((policy) => countGranted(policy, asked.catalog)) as [
    number,
    number,
  ]; // two went in
  const counts = `${before} - ${before - after} = ${after}`;
  const { grants } = answer;
  const told = `${grants.before} - ${grants.removed} = ${grants.after}`;
  return told === counts ? null : `it counts ${told}, and it is ${counts}`;
}

/** How many actions of the catalog the Allow statements grant together. */
function countGranted(policy: PolicyDocument | null, catalog: readonly string[]): number {
  const allows = statementsOf(policy).filter(({ Effect }) => Effect === "Allow");
  return new Set(allows.flatMap((statement) => grantedBy(statement, catalog))).size;
}

/** Law 2, exactly: every string at all that a statement matches afterwards it matched before. Decided by an automaton. */
export function neverBroader({ statements }: Hearing): string | null {
  for (const { before, after } of statements) {
    if (after === null) continue;
    const witness = broader(after, before);
    if (witness !== null) return `\`${witness}\` is matched afterwards and was not before`;
  }
  return null;
}

/** A string that `now` matches and `then` does not; null where there is none. A `NotAction` grants what none of its entries match. */
function broader(now: Statement, then: Statement): string | null {
  if ((now.NotAction === undefined) !== (then.NotAction === undefined))
    return "Action has become NotAction, or the reverse";
  if (now.NotAction === undefined) return isSubset(entriesOf(now.Action), entriesOf(then.Action));
  return isSubset(entriesOf(then.NotAction), entriesOf(now.NotAction));
}

/**
 * Law 7: with more reported no statement matches more, in the catalog or not; U′ is U and what the case has as `more`. In the forms of
 * SEMANTICS 9 no statement grants more of the catalog.
 */
export function monotone({ refiner, asked, statements }: Hearing): string | null {
  const unused = unionOf(asked.unused, asked.more);
  for (const { before, after: less } of statements) {
    const more = alone(refiner, { ...asked, unused }, before);
    if (more === null || more === less) continue;
    if (less === null) return `a statement that went comes back with more reported: ${JSON.stringify(more)}`;
    const witness = asked.options.fit === undefined ? broader(more, less) : grantedMore(more, less, asked.catalog);
    if (witness !== null) return `\`${witness}\` is matched only with more reported`;
  }
  return null;
}

function grantedMore(now: Statement, then: Statement, catalog: readonly string[]): string | null {
  const before = new Set(grantedBy(then, catalog));
  return grantedBy(now, catalog).find((action) => !before.has(action)) ?? null;
}

/** Law 9: with everything in U that no statement grants but kept ones, known and unheard of, the answer has the same text. */
export function local({ refiner, asked, answer }: Hearing): string | null {
  const elsewhere = notGranted(asked);
  const unused = unionOf(asked.unused, elsewhere);
  const other = refiner.refine({ ...asked, unused });
  if (JSON.stringify(other) === JSON.stringify(answer)) return null;
  return `with what nothing that may change grants reported too it is ${JSON.stringify(other)}`;
}

/** Whatever no statement of the case that may change grants: actions of the catalog, names near them that it lacks, and those of `more`. */
function notGranted({ policy, catalog, more, options }: Case): Unused {
  const allows = statementsOf(policy).filter((statement) => mayChange(statement, options));
  const granted = new Set(allows.flatMap((statement) => grantedBy(statement, catalog)).map(fold));
  const known = new Set(catalog.map(fold));
  const entries = allows.flatMap(({ Action }) => entriesOf(Action)).map(fold);
  const reported = more.flatMap(({ service, names }) => names.map((name) => `${service}:${name}`));
  const unheard = [...known].map((action) => `${action}unheard`);
  const actions = new Set([...known, ...unheard, ...reported]);
  const isGranted = (action: string): boolean =>
    known.has(action) ? granted.has(action) : entries.some((entry) => matches(entry, action));
  return unusedOf(
    [...actions]
      .filter((action) => !isGranted(action))
      .map((action) => {
        const colon = action.indexOf(":");
        return { service: action.slice(0, colon), actions: [action.slice(colon + 1)] };
      }),
  );
}
