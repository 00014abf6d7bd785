import type { PolicyDocument, Statement, Unused } from "@leastwise/core";
import { describe, expect, test } from "vitest";
import { type GeneratedCase, generateCase, referenceRefine } from "../src/index.ts";

const SEEDS = Array.from({ length: 3000 }, (_, seed) => seed);

test("the same seed gives the same case, another seed another", () => {
  expect(generateCase(7)).toEqual(generateCase(7));
  expect(new Set(SEEDS.map((seed) => JSON.stringify(generateCase(seed)))).size).toBe(SEEDS.length);
});

test("most cases change something, and one in ten writes a prefix with more than a final * after it", () => {
  const changed = SEEDS.map(generateCase).filter((made) => outcome(made).action !== "NONE");
  const general = changed.filter((made) => {
    const before = statementsOf(made.policy).flatMap(actionsOf);
    const after = statementsOf(outcome(made).policy).flatMap(actionsOf);
    return after.some((entry) => !before.includes(entry) && /\?|\*./.test(entry));
  });
  expect(changed.length).toBeGreaterThan(SEEDS.length / 2);
  expect(general.length).toBeGreaterThan(SEEDS.length / 10);
});

test("unused is canonical: folded, sorted, each once, none empty", () => {
  for (const { unused } of SEEDS.map(generateCase)) {
    expect(unused.map(({ service }) => service)).toEqual([...new Set(unused.map(({ service }) => service))].sort());
    for (const { service, whole, names } of unused) {
      expect(names).toEqual([...new Set(names)].sort());
      expect(whole || names.length > 0).toBe(true);
      expect([service, ...names].join("")).not.toMatch(/[A-Z]/);
    }
  }
});

/** SEMANTICS 5 on the reference itself, with a matcher of this file's own. */
describe("laws", () => {
  test("1, all and only: every Allow statement grants what it granted, without what is unused", () => {
    for (const made of SEEDS.map(generateCase)) {
      const left = statementsOf(made.policy).flatMap((statement) => {
        const wanted = grantedBy(statement, made.catalog).filter((action) => !isUnused(action, made.unused));
        const [single] = statementsOf(outcome({ ...made, policy: { Statement: statement } }).policy);
        expect(single === undefined ? [] : grantedBy(single, made.catalog)).toEqual(
          statement.Effect === "Allow" ? wanted : grantedBy(statement, made.catalog),
        );
        return single ?? [];
      });
      expect(statementsOf(outcome(made).policy)).toEqual(left); // statements do not see one another
    }
  });
  test("2, never broader: what a generated entry matches, in the catalog or not, an entry matched before", () => {
    for (const made of SEEDS.map(generateCase)) {
      for (const statement of statementsOf(made.policy)) {
        const [after] = statementsOf(outcome({ ...made, policy: { Statement: statement } }).policy);
        for (const entry of after === undefined ? [] : actionsOf(after)) {
          for (const filler of ["", "A", "tag", "\n:"]) {
            const text = entry.replaceAll("*", filler).replaceAll("?", "x");
            expect([text, actionsOf(statement).some((before) => matches(before, text))]).toEqual([text, true]);
          }
        }
      }
    }
  });
  test("6, idempotent", () => {
    for (const made of SEEDS.map(generateCase)) {
      const { policy } = outcome(made);
      if (policy !== null) expect(outcome({ ...made, policy }).action).toBe("NONE");
    }
  });
  test("7, monotone, over any string: what is left with more unused is matched by what is left with less", () => {
    for (const seed of SEEDS) {
      const less = generateCase(seed);
      const [service, name] = fold(less.catalog[seed % less.catalog.length] ?? "").split(":") as [string, string]; // an action
      const known = less.unused.find((record) => record.service === service);
      if (known?.whole === true) continue;
      const names = [...new Set([...(known?.names ?? []), name])].sort();
      const unused = [...less.unused.filter((record) => record !== known), { service, whole: false, names }];
      const left = statementsOf(outcome(less).policy).flatMap(actionsOf);
      for (const entry of statementsOf(outcome({ ...less, unused }).policy).flatMap(actionsOf)) {
        const text = entry.replaceAll("*", "zz").replaceAll("?", "z");
        expect([seed, text, left.some((before) => matches(before, text))]).toEqual([seed, text, true]);
      }
    }
  });
});

function outcome({ policy, unused, catalog, granularity }: GeneratedCase): ReturnType<typeof referenceRefine> {
  return referenceRefine(policy, unused, catalog, granularity);
}

function statementsOf(policy: PolicyDocument | null): Statement[] {
  return [policy?.Statement ?? []].flat() as Statement[]; // one or a list
}

function actionsOf(statement: Statement): string[] {
  return [statement.Action ?? []].flat();
}

function grantedBy(statement: Statement, catalog: readonly string[]): string[] {
  const entries = [statement.Action ?? statement.NotAction ?? []].flat();
  const listed = (action: string): boolean => entries.some((entry) => matches(entry, action));
  return catalog.filter((action) => listed(action) === (statement.Action !== undefined));
}

function isUnused(action: string, unused: Unused): boolean {
  const [service, ...name] = fold(action).split(":");
  return unused.some((record) => record.service === service && record.names.includes(name.join(":")) !== record.whole);
}

/** By recursion on the first character of the glob. */
function matches(glob: string, text: string): boolean {
  if (glob === "") return text === "";
  if (glob.startsWith("*")) return matches(glob.slice(1), text) || (text !== "" && matches(glob, text.slice(1)));
  return (
    text !== "" &&
    (glob.startsWith("?") || fold(glob.charAt(0)) === fold(text.charAt(0))) &&
    matches(glob.slice(1), text.slice(1))
  );
}

function fold(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
