import { type Statement, type Unused, fold, unionOf, unusedOf } from "@leastwise/core";
import { describe, expect, test } from "vitest";
import { type GeneratedCase, generateCase } from "../src/index.ts";
import { below, chance, listOfLength, mulberry32, pick, recased, shuffled } from "../src/random.ts";
import { actionsOf, endsAfter, grantedBy, isUnused, matches, statementsOf, wordPrefixesOf } from "./brute-force.ts";
import { REFINERS, type Refiner, imageOf } from "./engine.ts";

/**
 * SEMANTICS 5 on generated cases. Laws 3 and 4 are the verifier's in `differential.test.ts`. What breaks a law is collected with
 * its seed, so that a failure shows all of it.
 */
const CASES = Array.from({ length: 3000 }, (_, i) => ({ seed: 1_000_000 + i, ...generateCase(1_000_000 + i) }));
type Case = (typeof CASES)[number];

/** What strings not in any catalog are made of: nothing, letters, what a word starts with, what a careless matcher excludes. */
const FILLERS = ["", "A", "tag", "zz", "\n:", "\u{1f600}"];

describe.each(REFINERS)("%s", (_, refine) => {
  test("1, all and only: every Allow statement grants what it granted, without what is unused", () => {
    const broken = forEachStatement((made, statement) => {
      const granted = grantedBy(statement, made.catalog);
      const wanted =
        statement.Effect === "Allow" ? granted.filter((action) => !isUnused(action, made.unused)) : granted;
      const after = alone(refine, made, statement);
      const left = after === null ? [] : grantedBy(after, made.catalog);
      return left.join() === wanted.join() ? [] : [{ statement, after, left, wanted }];
    });
    expect(broken).toEqual([]);
  });

  test("statements do not see one another", () => {
    for (const made of CASES) {
      const left = statementsOf(made.policy).map((statement) => alone(refine, made, statement));
      expect(statementsOf(refine(made).policy)).toEqual(left.filter((statement) => statement !== null));
    }
  });

  test("2, never broader: what an entry matches, in the catalog or not, an entry matched before", () => {
    const broken = forEachStatement((made, statement) => {
      const after = alone(refine, made, statement);
      if (after === null) return [];
      const old = [statement.NotAction ?? []].flat();
      if ([after.NotAction ?? []].flat().slice(0, old.length).join() !== old.join()) return [{ statement, after }];
      return stringsOf(actionsOf(after), made.seed).filter(
        (text) => !actionsOf(statement).some((before) => matches(before, text)),
      );
    });
    expect(broken).toEqual([]);
  });

  test("5, shortest: no generated prefix has a shorter safe one, and no generated entry is said by another", () => {
    let checked = 0;
    const broken = forEachStatement((made, statement) =>
      statement.Effect === "Deny"
        ? []
        : actionsOf(statement).flatMap((entry) => {
            const unused = /^[^*?]*\*$/.test(entry) ? made.unused : spelledOut(made.unused, made.catalog);
            const after = alone(refine, { ...made, unused, granularity: "word" }, allow(entry));
            const generated = after === null ? [] : actionsOf(after);
            if (generated.length === 0 || generated.includes(entry)) return [];
            checked++;
            return tooLong(entry, generated, unused, made.catalog);
          }),
    );
    expect(broken).toEqual([]);
    expect(checked).toBeGreaterThan(CASES.length / 2);
  });

  test("6, idempotent: refining the result changes nothing", () => {
    const broken = CASES.filter((made) => {
      const { policy } = refine(made);
      return policy !== null && refine({ ...made, policy }).action !== "NONE";
    });
    expect(broken).toEqual([]);
  });

  test("7, monotone: with more unused no more is granted, in the catalog or not", () => {
    const broken = forEachStatement((made, statement) => {
      const less = alone(refine, made, statement);
      const more = alone(refine, { ...made, unused: unionOf(made.unused, someMore(made)) }, statement);
      if (more === null) return [];
      if (less === null) return [{ statement, more }];
      const granted = new Set(grantedBy(less, made.catalog));
      return [
        ...grantedBy(more, made.catalog).filter((action) => !granted.has(action)),
        ...stringsOf(actionsOf(more), made.seed).filter(
          (text) => !actionsOf(less).some((entry) => matches(entry, text)),
        ),
      ];
    });
    expect(broken).toEqual([]);
  });

  test("8, deterministic: the order of the catalog and of U does not matter", () => {
    const broken = CASES.filter((made) => {
      const random = mulberry32(made.seed);
      const catalog = shuffled(random, made.catalog);
      const unused = shuffled(random, made.unused);
      return JSON.stringify(refine({ ...made, catalog, unused })) !== JSON.stringify(refine(made));
    });
    expect(broken).toEqual([]);
  });

  test("9, local: an action of U that no statement grants changes nothing", () => {
    const broken = CASES.filter((made) => {
      const unused = unionOf(made.unused, unusedOf(elsewhere(made)));
      return JSON.stringify(refine({ ...made, unused })) !== JSON.stringify(refine(made));
    });
    expect(broken).toEqual([]);
  });
});

test("8, deterministic: a catalog in any order gives the same image, a report in any order and case the same U", () => {
  for (const { seed, catalog, unused } of CASES) {
    const random = mulberry32(seed);
    expect(Buffer.from(imageOf(shuffled(random, catalog))).equals(Buffer.from(imageOf(catalog)))).toBe(true);
    const named = unused.filter(({ whole }) => !whole);
    const lines = named.flatMap(({ service, names }) => names.map((name) => ({ service, actions: [name] })));
    const otherwise = lines.map(({ service, actions }) => ({
      service: recased(random, service),
      actions: actions.map((name) => recased(random, name)),
    }));
    expect(unusedOf(shuffled(random, otherwise))).toEqual(named);
  }
});

function forEachStatement(check: (made: Case, statement: Statement) => readonly unknown[]): unknown[] {
  return CASES.flatMap((made) =>
    statementsOf(made.policy).flatMap((statement) =>
      check(made, statement).map((broken) => ({ seed: made.seed, broken })),
    ),
  );
}

/** What a statement becomes where it is the only one; null when it goes. */
function alone(refine: Refiner, made: GeneratedCase, statement: Statement): Statement | null {
  return statementsOf(refine({ ...made, policy: { Statement: statement } }).policy)[0] ?? null;
}

function allow(entry: string): Statement {
  return { Effect: "Allow", Action: [entry], Resource: "*" };
}

/** For every filler a string with that one everywhere, and a few with a different one for each wildcard. */
function stringsOf(entries: readonly string[], seed: number): string[] {
  const random = mulberry32(seed);
  const mixed = (entry: string): string =>
    entry.replace(/[*?]/g, (glob) => (glob === "?" ? pick(random, ["x", ":", "2", "\ud800"]) : pick(random, FILLERS)));
  return entries.flatMap((entry) => [
    ...FILLERS.map((filler) => entry.replaceAll("*", filler).replaceAll("?", "x")),
    ...listOfLength(4, () => mixed(entry)),
  ]);
}

// Law 5 ----------------------------------------------------------------------------------------------------------------------

/** U with services that are unused whole given by the names that the catalog has: then what starts with a prefix can be counted. */
function spelledOut(unused: Unused, catalog: readonly string[]): Unused {
  const whole = unused.filter((service) => service.whole);
  const named = unused.filter((service) => !service.whole);
  const actions = catalog.filter((action) => isUnused(action, whole)).map(serviceAndName);
  return unionOf(named, unusedOf(actions.map(([service, name]) => ({ service, actions: [name] }))));
}

/**
 * What is wrong with the entries generated for one entry, in words. A service that is unused whole counts as endlessly many
 * actions, which holds for entries that end in their only `*`; other entries are asked with a U that has none.
 */
function tooLong(entry: string, generated: readonly string[], unused: Unused, catalog: readonly string[]): string[] {
  const e = fold(entry);
  const inReach = catalog.filter((action) => matches(e, action));
  const remaining = inReach.filter((action) => !isUnused(action, unused));
  const services = unused.filter(({ whole }) => whole).map(({ service }) => `${service}:`);
  const named = unused.filter(({ whole }) => !whole);
  const reported = named
    .flatMap(({ service, names }) => names.map((name) => `${service}:${name}`))
    .filter((action) => matches(e, action));
  const isSafe = (q: string): boolean =>
    !reported.some((action) => action.startsWith(q)) &&
    !services.some((service) => service.startsWith(q) || q.startsWith(service));
  const safe = [...wordPrefixesOf(catalog)]
    .filter((q) => q.length >= e.search(/[*?]/) && isSafe(q))
    .sort((a, b) => a.length - b.length);

  return generated.flatMap((text) => {
    const g = fold(text);
    const others = generated.filter((other) => other !== text && matches(other, text));
    if (others.length > 0) return [`${entry}: ${text} is inside ${others.join()}`];
    const q = safe.find((candidate) => g.startsWith(candidate));
    if (remaining.includes(text)) {
      const general = q === undefined ? [] : patternsFor(q, e, remaining).filter((pattern) => matches(pattern, text));
      return general.length === 0 ? [] : [`${entry}: ${text} could be ${general.join()}`];
    }
    if (q === undefined) return [`${entry}: ${text} has no safe prefix`];
    return patternsFor(q, e, remaining).includes(g) ? [] : [`${entry}: ${text} could start with ${q}`];
  });
}

/** What could be written for a safe prefix: whatever e still requires after it, where that grants more than one action. */
function patternsFor(q: string, e: string, remaining: readonly string[]): string[] {
  return endsAfter(q, e)
    .map((end) => q + end)
    .filter((pattern) => remaining.filter((action) => matches(pattern, action)).length > 1);
}

// Laws 7 and 9 ---------------------------------------------------------------------------------------------------------------

/** A few actions of the catalog, a service whole now and then, and a name that nobody has heard of. */
function someMore({ seed, catalog }: Case): Unused {
  const random = mulberry32(seed);
  const actions = listOfLength(1 + below(random, 3), () => pick(random, catalog)).map(serviceAndName);
  const report = actions.map(([service, name]) => ({ service, actions: chance(random, 0.1) ? null : [name] }));
  const [service, name] = serviceAndName(pick(random, catalog));
  return unusedOf([...report, { service, actions: [name.slice(0, 1 + below(random, name.length)) + "Unheard"] }]);
}

/** Whatever no statement of the case grants: actions of the catalog, and names near them that it lacks. */
function elsewhere({ policy, catalog }: Case): { readonly service: string; readonly actions: readonly string[] }[] {
  const allows = statementsOf(policy).filter(({ Effect }) => Effect === "Allow");
  const granted = new Set(allows.flatMap((statement) => grantedBy(statement, catalog)));
  const unheard = catalog.map((action) => `${action}Unheard`);
  const entries = allows.flatMap(actionsOf);
  return [
    ...catalog.filter((action) => !granted.has(action)),
    ...unheard.filter((action) => !catalog.includes(action) && !entries.some((entry) => matches(entry, action))),
  ].map((action) => {
    const [service, name] = serviceAndName(action);
    return { service, actions: [name] };
  });
}

function serviceAndName(action: string): [service: string, name: string] {
  const colon = action.indexOf(":");
  return [action.slice(0, colon), action.slice(colon + 1)];
}
