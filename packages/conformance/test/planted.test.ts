import { DEFAULT_OPTIONS } from "@leastwise/core";
import { describe, expect, test } from "vitest";
import { describeFinding } from "../src/describe.ts";
import { engine } from "../src/engine.ts";
import type { Case } from "../src/generate/cases.ts";
import { LAWS, firstBreach } from "../src/laws/laws.ts";
import { elementOf, entriesOf, statementsOf } from "../src/laws/plainly.ts";
import { minimise } from "../src/minimise/minimise.ts";
import { reference } from "../src/reference/refine.ts";
import type { Refiner } from "../src/refiner.ts";
import { judge, search } from "../src/search.ts";
import { PLANTED, type Planted } from "./planted.ts";

/** Cases after which a mistake must have been found by everything together, and by the one law that says it is one. */
const SOON = 500;
const BY_LAW = 4_000;
const SEEDS = [1, 2, 3];

describe.each(PLANTED)("a refiner that $name", (planted) => {
  test.each(SEEDS)(`is found within ${SOON} cases and shown in a few lines, seed %i`, (seed) => {
    const found = search({ seed, count: SOON, real: [], check: (asked) => judge(planted, asked) });
    expect(found).not.toBeNull();
    const { statements, entries, actions, reported } = sizeOf(found!.asked); // not null: checked the line before
    expect({
      statements: statements <= 2,
      entries: entries <= 3,
      actions: actions <= 4,
      reported: reported <= 4,
    }).toEqual({
      statements: true,
      entries: true,
      actions: true,
      reported: true,
    });
    const text = describeFinding(found!, "npm run prove", [planted, reference]); // as before
    expect(text.split("\n").length).toBeLessThan(80);
    expect(text).toContain(`broken:\n  ${found!.breach.law}, by \`${planted.name}\`: `); // as before
  });

  test(`breaks ${planted.breaks}`, () => {
    expect(foundByLaw(planted)).toBe(true);
  });
});

test("every law finds some mistake by itself", () => {
  const broken = new Set(PLANTED.map(({ breaks }) => breaks));
  expect(LAWS.map(({ name }) => name).filter((name) => !broken.has(name))).toEqual([]);
});

test("of a minimal counterexample nothing can be left out", () => {
  const large = {
    catalog: ["s3:GetObject", "s3:PutObject", "s3:PutObjectAcl", "sqs:SendMessage"],
    policy: {
      Version: "2012-10-17",
      Statement: [
        { Sid: "One", Effect: "Allow", Action: ["s3:Get*", "sqs:*"], Resource: "arn:aws:s3:::made-up" },
        { Effect: "Deny", Action: "s3:*", Resource: "*" },
      ],
    },
    unused: [{ service: "s3", whole: false, names: ["getobject", "putobject", "putobjectacl"] }],
    more: [{ service: "s3", whole: true, names: [] }],
    options: { granularity: "exact", services: [["s3", "word"]], keptSids: ["Keep"] },
  } as const;
  const small = minimise(large, hasStarPutAndTwoNames);
  expect(small.catalog).toEqual([expect.stringMatching(/^.:Put$/)]);
  expect(small.policy).toEqual({
    Statement: [{ Effect: "Allow", Action: [expect.stringMatching(/^.:\*$/)], Resource: "*" }],
  });
  expect(small.unused).toEqual([expect.objectContaining({ whole: false })]);
  expect(small.unused[0]?.names).toHaveLength(2);
  expect(small).toMatchObject({ more: [], options: DEFAULT_OPTIONS });
});

test("of the options that stays which matters, and it is shown", () => {
  const large = {
    catalog: ["s3:GetObject", "sqs:SendMessage"],
    policy: { Statement: [{ Sid: "KeepIt", Effect: "Allow", Action: ["s3:*"], Resource: "*" }] },
    unused: [{ service: "s3", whole: true, names: [] }],
    more: [],
    options: {
      granularity: "exact",
      services: [
        ["s3", "word"],
        ["sqs", "word"],
      ],
      keptSids: ["Audit", "Keep"],
    },
  } as const satisfies Case;
  const keptOnly = minimise(large, (asked) => firstBreach(deaf("keptSids"), asked, LAWS.slice(0, 1)) !== null);
  expect(keptOnly.options).toEqual({ ...DEFAULT_OPTIONS, keptSids: ["Keep"] });
  expect(statementsOf(keptOnly.policy)).toMatchObject([{ Sid: "KeepIt" }]);
  const wide = { ...large, unused: [], catalog: [...large.catalog, "s3:GetB", "s3:Put"] };
  const byService = minimise(wide, ({ options }) => options.services.some(([service]) => service.startsWith("s")));
  expect(byService.options.services).toHaveLength(1);
  const breach = { law: "structure", refiner: "engine", what: "made up" };
  expect(describeFinding({ breach, asked: large }, "again")).toContain(
    "options:\n  granularity exact\n  granularity word for s3\n  granularity word for sqs\n" +
      "  statements kept whose Sid starts with `Audit`\n  statements kept whose Sid starts with `Keep`\n",
  );
});

test("the engine, put in the same place, breaks nothing", () => {
  expect(search({ seed: 1, count: 300, real: [], check: (asked) => judge(engine, asked) })).toBeNull();
});

/** The engine without one of its options. */
function deaf(option: "keptSids"): Refiner {
  return {
    name: "deaf",
    refine: (question) => engine.refine({ ...question, options: { ...question.options, [option]: [] } }),
  };
}

function foundByLaw(planted: Planted): boolean {
  const laws = LAWS.filter(({ name }) => name === planted.breaks || planted.breaks === "answers");
  return SEEDS.some(
    (seed) => search({ seed, count: BY_LAW, real: [], check: (asked) => firstBreach(planted, asked, laws) }) !== null,
  );
}

function sizeOf({ policy, catalog, unused }: Case): Record<"statements" | "entries" | "actions" | "reported", number> {
  const statements = statementsOf(policy);
  return {
    statements: statements.length,
    entries: statements.flatMap((statement) => entriesOf(statement[elementOf(statement)])).length,
    actions: catalog.length,
    reported: unused.reduce((sum, { whole, names }) => sum + names.length + (whole ? 1 : 0), 0),
  };
}

/** Something with a star, a Put and two reported names of one service: what is broken in the large case above. */
function hasStarPutAndTwoNames({ policy, catalog, unused }: Case): boolean {
  return (
    statementsOf(policy).some(({ Action }) => entriesOf(Action).some((entry) => entry.includes("*"))) &&
    catalog.some((action) => action.includes("Put")) &&
    unused.some(({ names }) => names.length > 1)
  );
}
