import {
  DEFAULT_OPTIONS,
  type PolicyDocument,
  type RefinementOptions,
  type Statement,
  canonicalOptions,
  optionsText,
} from "@leastwise/core";
import type { Case } from "../generate/cases.ts";
import { elementOf, entriesOf, fold, statementsOf, withEntries } from "../laws/plainly.ts";
import { fewest } from "./fewest.ts";
import { rename, wordsOf } from "./rename.ts";
import { reportOf, unusedOfReport } from "./report.ts";

/** Whether what was wrong with the case it started with is wrong with this one too. */
export type IsBroken = (asked: Case) => boolean;

/** Checks that one counterexample may cost. A real document over the built-in catalog takes some hundreds. */
const MOST_CHECKS = 6_000;

/**
 * A smaller case that is broken in the same way: fewer statements, entries, reported names and actions, plain elements, then
 * shorter names. No statement, entry, action or report can be left out of what is returned by itself, unless 6,000 checks were not enough.
 */
export function minimise(asked: Case, isBroken: IsBroken): Case {
  const budget = { left: MOST_CHECKS };
  const stillBroken = (candidate: Case): boolean => budget.left-- > 0 && isBroken(candidate);
  let smallest = asked;
  for (let size = Infinity; sizeOf(smallest) < size && budget.left > 0;) {
    size = sizeOf(smallest);
    for (const step of STEPS) smallest = step(smallest, stillBroken);
  }
  return smallest;
}

type Step = (asked: Case, isBroken: IsBroken) => Case;

const STEPS: readonly Step[] = [
  (asked, isBroken) => firstBroken(asked.more.length === 0 ? [] : [{ ...asked, more: [] }], asked, isBroken),
  plainOptions,
  fewerStatements,
  fewerActions,
  fewerEntries,
  fewerReports,
  plainElements,
  shorterNames,
  fewerLetters,
];

/** The default, or as few exceptions to it as can be. */
function plainOptions(asked: Case, isBroken: IsBroken): Case {
  const withOptions = (options: RefinementOptions): Case => ({ ...asked, options: canonicalOptions(options) });
  const others = [DEFAULT_OPTIONS, { ...asked.options, granularity: "word" as const }].map(withOptions);
  const text = optionsText(asked.options);
  let { options } = firstBroken(
    others.filter((one) => optionsText(one.options) !== text),
    asked,
    isBroken,
  );
  const services = fewest(options.services, (left) => isBroken(withOptions({ ...options, services: left })));
  options = { ...options, services };
  const keptSids = fewest(options.keptSids, (left) => isBroken(withOptions({ ...options, keptSids: left })));
  return withOptions({ ...options, keptSids });
}

function fewerStatements(asked: Case, isBroken: IsBroken): Case {
  const withStatements = (left: readonly Statement[]): Case => ({
    ...asked,
    policy: { ...asked.policy, Statement: left },
  });
  return withStatementsOf(
    asked,
    fewest(statementsOf(asked.policy), (left) => isBroken(withStatements(left))),
  );
}

/** The same document where all are left, which a single statement needs to stay one. */
function withStatementsOf(asked: Case, left: readonly Statement[]): Case {
  if (left.length === statementsOf(asked.policy).length) return asked;
  return { ...asked, policy: { ...asked.policy, Statement: left } };
}

function fewerActions(asked: Case, isBroken: IsBroken): Case {
  const catalog = fewest(asked.catalog, (left) => left.length > 0 && isBroken({ ...asked, catalog: left }));
  return { ...asked, catalog };
}

function fewerEntries(asked: Case, isBroken: IsBroken): Case {
  return eachStatement(asked, (statement, replaced) => {
    const entries = statement[elementOf(statement)];
    if (typeof entries === "string") return statement;
    return withEntries(
      statement,
      fewest(entriesOf(entries), (left) => isBroken(replaced(withEntries(statement, left)))),
    );
  });
}

function fewerReports(asked: Case, isBroken: IsBroken): Case {
  const unused = fewest(reportOf(asked.unused), (left) => isBroken({ ...asked, unused: unusedOfReport(left) }));
  const first = { ...asked, unused: unusedOfReport(unused) };
  const more = fewest(reportOf(asked.more), (left) => isBroken({ ...first, more: unusedOfReport(left) }));
  return { ...first, more: unusedOfReport(more) };
}

/** Without conditions, ids, versions; a plain resource; a list for a single item; Action for NotAction; Allow for Deny. */
function plainElements(asked: Case, isBroken: IsBroken): Case {
  const { Statement, ...others } = asked.policy;
  let smallest = asked;
  for (const key of Object.keys(others)) {
    const { [key]: _, ...policy } = smallest.policy;
    smallest = firstBroken([{ ...smallest, policy: policy as PolicyDocument }], smallest, isBroken); // Statement is no key of the others
  }
  if (!Array.isArray(Statement))
    smallest = firstBroken(
      [{ ...smallest, policy: { ...smallest.policy, Statement: statementsOf(asked.policy) } }],
      smallest,
      isBroken,
    );
  return eachStatement(smallest, (statement, replaced) => {
    const element = elementOf(statement);
    const entries = statement[element];
    const list = entriesOf(entries);
    const without = (key: string): Statement =>
      Object.fromEntries(Object.entries(statement).filter(([other]) => other !== key)) as unknown as Statement; // Effect and entries stay
    const candidates: Statement[] = [
      { Effect: "Allow", Action: list, Resource: "*" },
      { Effect: statement.Effect, [element]: list, Resource: "*" },
      { Effect: statement.Effect, [element]: entries, Resource: "*" },
      withEntries(statement, list),
      ...Object.keys(statement)
        .filter((key) => key !== "Effect" && key !== "Resource" && key !== element)
        .map(without),
    ];
    const text = JSON.stringify(statement);
    return candidates.find((one) => JSON.stringify(one) !== text && isBroken(replaced(one))) ?? statement;
  });
}

/** Words of names taken out everywhere at once, or made one letter, so that what belongs together stays together. */
function shorterNames(asked: Case, isBroken: IsBroken): Case {
  let smallest = asked;
  for (const word of wordsOf(asked)) {
    const candidates = ["", word.slice(0, 1), word.slice(0, 2)]
      .filter((by) => by.length < word.length)
      .map((by) => rename(smallest, word, by));
    smallest = firstBroken(
      candidates.filter((one) => one !== null),
      smallest,
      isBroken,
    );
  }
  return smallest;
}

/** Single characters of entries, actions and reported names; the case of entries. */
function fewerLetters(asked: Case, isBroken: IsBroken): Case {
  const smallest = eachStatement(asked, (statement, replaced) => {
    const before = statement[elementOf(statement)];
    const entries = [...entriesOf(before)];
    const withList = (list: readonly string[]): Statement =>
      withEntries(statement, typeof before === "string" ? list[0]! : list); // a string is one entry
    entries.forEach((entry, place) => {
      const isLikeOne = (text: string): boolean => text !== "" && (hasService(text) || !hasService(entry));
      entries[place] = fewerIn(
        entry,
        (text) => isLikeOne(text) && isBroken(replaced(withList(entries.with(place, text)))),
      );
    });
    return withList(entries);
  });
  const catalog = [...smallest.catalog];
  catalog.forEach((action, place) => {
    const isFree = (text: string): boolean =>
      hasService(text) && !catalog.some((other, i) => i !== place && fold(other) === fold(text));
    catalog[place] = fewerIn(
      action,
      (text) => isFree(text) && isBroken({ ...smallest, catalog: catalog.with(place, text) }),
    );
  });
  const report = [...reportOf(smallest.unused)];
  const withName = (place: number, name: string): Case => {
    return { ...smallest, catalog, unused: unusedOfReport(report.with(place, { ...report[place]!, name })) }; // a place in it
  };
  report.forEach(({ service, name }, place) => {
    if (name !== null)
      report[place] = { service, name: fewerIn(name, (text) => text !== "" && isBroken(withName(place, text))) };
  });
  return { ...smallest, catalog, unused: unusedOfReport(report) };
}

/** Something, a colon and something more. */
function hasService(text: string): boolean {
  return /^[^:]+:./s.test(text);
}

function fewerIn(text: string, isBroken: (text: string) => boolean): string {
  return fewest(text.split(""), (left) => isBroken(left.join(""))).join("");
}

/** Replaces statements one by one; `change` can try what the whole case is like with another in its place. */
function eachStatement(
  asked: Case,
  change: (statement: Statement, replaced: (by: Statement) => Case) => Statement,
): Case {
  let smallest = asked;
  statementsOf(asked.policy).forEach((_, place) => {
    const base = smallest;
    const list = statementsOf(base.policy);
    const replaced = (by: Statement): Case => {
      const Statement = Array.isArray(base.policy.Statement) ? list.with(place, by) : by;
      return { ...base, policy: { ...base.policy, Statement } };
    };
    smallest = replaced(change(list[place]!, replaced)); // a place in it
  });
  return smallest;
}

function firstBroken(candidates: readonly Case[], otherwise: Case, isBroken: IsBroken): Case {
  return candidates.find((candidate) => isBroken(candidate)) ?? otherwise;
}

/** The characters that somebody has to read. */
function sizeOf({ catalog, policy, unused, more, options }: Case): number {
  return JSON.stringify([catalog, policy, unused, more, options]).length;
}
