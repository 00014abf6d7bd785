import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PolicyDocument, Statement } from "../src/policy/document.ts";
import { DEFAULT_OPTIONS } from "../src/refine/options.ts";
import { type Change, type Refinement, refinePolicy } from "../src/refine/policy.ts";
import { resolveUnused } from "../src/refine/resolved-unused.ts";
import { type Unused, unusedOf } from "../src/unused/unused.ts";
import type { Violation } from "../src/verify/claim.ts";
import { Verifier } from "../src/verify/verifier.ts";
import { catalogOf } from "./catalog.ts";
import { foldedByHand, regExpOf } from "./globs.ts";

const ACTIONS = [
  "iam:ListRoles",
  "iam:PassRole",
  "s3:GetBucketAcl",
  "s3:GetBucketCORS",
  "s3:GetObject",
  "s3:GetObjectAcl",
  "s3:PutObject",
  "sqs:ReceiveMessage",
  "sqs:SendMessage",
];
const UNUSED = unusedOf([
  { service: "s3", actions: ["GetBucketAcl", "Retired"] },
  { service: "sqs", actions: null },
]);
const DOCUMENT = {
  Version: "2012-10-17",
  Statement: [
    { Effect: "Allow", Action: ["iam:List*", "s3:Get*", "s3:Retired", "sqs:*"], Resource: "*" },
    { Effect: "Deny", Action: ["sqs:*", "s3:Unheard"], Resource: "*" },
    { Effect: "Allow", NotAction: ["iam:*", "s3:Get*"], Resource: "*" },
    { Effect: "Allow", Action: "sqs:*", Resource: "*" },
    { Effect: "Allow", NotAction: ["iam:*", "s3:*"], Resource: "*" },
    { Effect: "Allow", NotAction: "s3:*", Resource: "*" },
    { Effect: "Allow", Action: "iam:*", Resource: "*" },
  ],
} as const satisfies PolicyDocument;

function refined(before: PolicyDocument = DOCUMENT, unused: Unused = UNUSED): Refinement {
  const trie = catalogOf(ACTIONS);
  return refinePolicy(trie, resolveUnused(trie, unused), DEFAULT_OPTIONS, before);
}

/** What the verifier has against a refinement that is right but for what is said to have changed. */
function against(changes: readonly Change[], before: PolicyDocument = DOCUMENT): readonly Violation[] {
  const { policy, recommendedAction } = refined(before);
  const claim = { before, after: policy, recommendedAction, unused: UNUSED, changes };
  return new Verifier(ACTIONS).verify(claim).violations;
}

function atEnd(count: number): Violation {
  return {
    law: "changes",
    statement: null,
    message: `${count} of the changes are of entries that have not changed`,
  };
}
function inStatement(statement: number): Violation {
  return { law: "changes", statement, message: "what is said to have changed does not lead to what is left" };
}

describe("what is said to have changed", () => {
  const RIGHT: readonly Change[] = [
    { statement: 0, element: "Action", entry: "s3:Get*", replacedBy: ["s3:GetBucketCORS", "s3:GetObject*"] },
    { statement: 0, element: "Action", entry: "s3:Retired", replacedBy: [] },
    { statement: 0, element: "Action", entry: "sqs:*", replacedBy: [] },
    { statement: 2, element: "NotAction", entry: null, replacedBy: ["sqs:*"] },
    { statement: 3, element: "Action", entry: "sqs:*", replacedBy: [] },
    { statement: 4, element: "NotAction", entry: null, replacedBy: [] },
    { statement: 5, element: "NotAction", entry: null, replacedBy: ["sqs:*"] },
  ];
  it("holds where it is what the refiner says, and is not looked at where nothing is said", () => {
    expect(refined().changes).toEqual(RIGHT);
    expect(against(RIGHT)).toEqual([]);
    const { policy, recommendedAction } = refined();
    const claim = { before: DOCUMENT, after: policy, recommendedAction, unused: UNUSED };
    expect(new Verifier(ACTIONS).verify(claim).violations).toEqual([]);
  });

  it("holds for a policy that stays and for one that is thrown away", () => {
    const kept: PolicyDocument = { Statement: { Effect: "Allow", Action: "iam:*", Resource: "*" } };
    expect(against([], kept)).toEqual([]);
    const gone: PolicyDocument = { Statement: { Effect: "Allow", Action: "sqs:*", Resource: "*" } };
    expect(against([{ statement: 0, element: "Action", entry: "sqs:*", replacedBy: [] }], gone)).toEqual([]);
    expect(against([], gone)).toEqual([inStatement(0)]);
  });

  it.each(RIGHT.map((change, place) => [place, change.statement] as const))(
    "is refused without the change at place %i",
    (place, statement) => {
      expect(against(RIGHT.toSpliced(place, 1))).toContainEqual(inStatement(statement));
    },
  );

  it.each(RIGHT.map((change, place) => [place, change.statement] as const))(
    "is refused with something else in its place at %i",
    (place, statement) => {
      const { replacedBy } = RIGHT[place]!; // one of them
      const more = { ...RIGHT[place]!, replacedBy: [...replacedBy, "s3:GetObjectAcl"] };
      expect(against(RIGHT.with(place, more))).toContainEqual(inStatement(statement));
    },
  );

  it("is refused in other words or in another order than what is left", () => {
    const [first] = RIGHT;
    const spelled = (...replacedBy: readonly string[]): readonly Change[] => RIGHT.with(0, { ...first!, replacedBy }); // seven changes
    expect(against(spelled("s3:GetObject*", "s3:GetBucketCORS"))).toEqual([inStatement(0)]);
    expect(against(spelled("s3:GetBucketCORS", "s3:getobject*"))).toEqual([inStatement(0)]);
    expect(against(spelled("s3:GetBucketCORS"))).toEqual([inStatement(0)]);
  });

  it("is refused when it names another statement, element or entry, and counts what nobody asked for", () => {
    const changed = (place: number, change: Partial<Change>): readonly Change[] =>
      RIGHT.with(place, { ...RIGHT[place]!, ...change }); // one of them
    expect(against(changed(6, { statement: 6 }))).toEqual([inStatement(5), atEnd(1)]);
    expect(against(changed(6, { element: "Action" }))).toEqual([inStatement(5), atEnd(1)]);
    expect(against(changed(6, { entry: "s3:*" }))).toEqual([inStatement(5), atEnd(1)]);
    expect(against(changed(4, { entry: null }))).toEqual([inStatement(3), inStatement(4), inStatement(5), atEnd(3)]);
    expect(against(changed(4, { element: "NotAction" }))).toEqual([
      inStatement(3),
      inStatement(4),
      inStatement(5),
      atEnd(3),
    ]);
    expect(against([...RIGHT, ...RIGHT.slice(-2)])).toEqual([atEnd(2)]);
  });

  it("is refused of an entry that has not changed, though it says that nothing has", () => {
    const idle: Change = { statement: 1, element: "Action", entry: "sqs:*", replacedBy: ["sqs:*"] };
    expect(against(RIGHT.toSpliced(3, 0, idle))).toContainEqual(atEnd(5));
  });
});

/** A catalog of which a few entries match little: 8 services of 12 actions. */
const MANY = Array.from(
  { length: 96 },
  (_, i) => `${"abcdefgh".charAt(Math.floor(i / 12))}:${i % 2 === 0 ? "Get" : "Put"}${i % 12}`,
);
const NAMES = MANY.map(foldedByHand).sort();

function runsOf(names: readonly string[]): readonly number[] {
  const bounds: number[] = [];
  NAMES.forEach((name, id) => {
    if (names.includes(name) !== names.includes(NAMES[id - 1] ?? "")) bounds.push(id);
  });
  return names.includes(NAMES.at(-1) ?? "") ? [...bounds, NAMES.length] : bounds;
}

describe("Verifier.granted", () => {
  const entries = fc.array(
    fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...MANY, "x:Get1") },
      {
        weight: 1,
        arbitrary: fc.constantFrom("a:*", "B:PUT*", "c:*1?", "*:Get1", "h:Get1*", "a:*1*", "b:?et*", "d:Get1?", "*"),
      },
    ),
    { maxLength: 4 },
  );
  const statement = fc.record({
    Effect: fc.constantFrom("Allow", "Allow", "Allow", "Deny"),
    element: fc.constantFrom("Action", "Action", "Action", "NotAction"),
    entries,
  });
  const unuseds = fc
    .array(
      fc.tuple(
        fc.constantFrom("a", "b", "c", "d", "e", "f", "g", "h"),
        fc.option(fc.constantFrom("Get0", "Put1", "Get10", "Retired")),
      ),
    )
    .map((lines) => unusedOf(lines.map(([service, name]) => ({ service, actions: name === null ? null : [name] }))));

  it("is what going through all names with regular expressions says, in runs, as are the counts", () => {
    const verifier = new Verifier(MANY);
    fc.assert(
      fc.property(fc.array(statement, { maxLength: 3 }), unuseds, (parts, unused) => {
        const document: PolicyDocument = {
          Statement: parts.map(({ Effect, element, entries: list }): Statement => ({ Effect, [element]: list })),
        };
        const before = NAMES.filter((name) =>
          parts.some(({ Effect, element, entries: list }) => {
            const isMatched = list.some((entry) => regExpOf(entry).test(name));
            return Effect === "Allow" && isMatched === (element === "Action");
          }),
        );
        const isUnused = (name: string): boolean =>
          unused.some(
            ({ service, whole, names }) => name.startsWith(`${service}:`) && (whole || names.includes(name.slice(2))),
          );
        expect(verifier.granted(document, unused)).toEqual({
          before: runsOf(before),
          removed: runsOf(before.filter(isUnused)),
          after: runsOf(before.filter((name) => !isUnused(name))),
        });
        const claim = { before: document, after: document, recommendedAction: "NONE", unused } as const;
        const removed = before.filter(isUnused).length;
        expect(verifier.verify(claim).grants).toEqual({
          before: before.length,
          removed,
          after: before.length - removed,
        });
      }),
      { seed: 2024, numRuns: 2000 },
    );
  });

  it("answers for one U after another, with equal ones too", () => {
    const verifier = new Verifier(ACTIONS);
    const document: PolicyDocument = { Statement: { Effect: "Allow", Action: "s3:*" } };
    const acl = unusedOf([{ service: "s3", actions: ["GetBucketAcl"] }]);
    const put = unusedOf([{ service: "s3", actions: ["PutObject"] }]);
    expect(verifier.granted(document, acl).removed).toEqual([2, 3]);
    expect(verifier.granted(document, put).removed).toEqual([6, 7]);
    expect(verifier.granted(document, []).removed).toEqual([]);
    expect(verifier.granted(document, structuredClone(acl)).removed).toEqual([2, 3]);
  });

  it("grants an action once, though several entries and statements name it", () => {
    const twice: Statement = { Effect: "Allow", Action: ["b:Get0", "A:GET0", "a:Get0"] };
    const document: PolicyDocument = { Statement: [twice, twice] };
    expect(new Verifier(MANY).granted(document, []).before).toEqual([0, 1, 12, 13]);
    expect(NAMES[12]).toBe("b:get0");
  });

  it("leaves granted what a whole service excepts", () => {
    const document: PolicyDocument = { Statement: { Effect: "Allow", Action: "iam:*" } };
    const unused = unusedOf([{ service: "iam", actions: null }]);
    expect(new Verifier(ACTIONS).granted(document, unused)).toEqual({ before: [0, 2], removed: [0, 1], after: [1, 2] });
  });
});

describe("Verifier.unknownActions", () => {
  it("are the names in Allow statements that the catalog lacks, as spelled, each with its statement", () => {
    const document: PolicyDocument = {
      Statement: [
        { Effect: "Allow", Action: ["s3:Retired", "s3:GetObject", "s3:Zzz*", "S3:Retired"] },
        { Effect: "Deny", Action: "s3:Retired" },
        { Effect: "Allow", NotAction: "nowhere:Go" },
      ],
    };
    expect(new Verifier(ACTIONS).unknownActions(document)).toEqual([
      { statement: 0, entry: "s3:Retired" },
      { statement: 0, entry: "S3:Retired" },
      { statement: 2, entry: "nowhere:Go" },
    ]);
    expect(new Verifier(ACTIONS).unknownActions({ Statement: [] })).toEqual([]);
  });
});
