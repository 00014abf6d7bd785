import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PolicyDocument, Statement } from "../src/policy/document.ts";
import { DEFAULT_OPTIONS, type Granularity, type RefinementOptions } from "../src/refine/options.ts";
import { type RecommendedAction, refinePolicy } from "../src/refine/policy.ts";
import { resolveUnused } from "../src/refine/resolved-unused.ts";
import { type Unused, unionOf, unusedOf } from "../src/unused/unused.ts";
import { covers, lowerAscii, suffixesAfter } from "../src/verify/glob.ts";
import type { Claim, Law } from "../src/verify/claim.ts";
import { Verifier } from "../src/verify/verifier.ts";
import { catalogOf } from "./catalog.ts";
import { foldedByHand, globs, globsWithText, nearly, regExpOf, textsOf } from "./globs.ts";

const ACTIONS = [
  "iam:GetRole",
  "iam:ListRoles",
  "iam:PassRole",
  "s3:DeleteObject",
  "s3:GetBucketAcl",
  "s3:GetBucketCORS",
  "s3:GetObject",
  "s3:GetObjectAcl",
  "s3:GetObjectTagging",
  "s3:GetVersionTagging",
  "s3:ListBucket",
  "s3:PutBucketAcl",
  "s3:PutBucketTagging",
  "s3:PutObject",
  "s3:PutObjectTagging",
  "sns:Publish",
  "sns:Subscribe",
  "sqs:ReceiveMessage",
  "sqs:SendMessage",
];

const UNUSED = unusedOf([
  { service: "s3", actions: ["GetBucketAcl", "Retired", "PutBucketAcl", "PutBucketTagging", "DeleteObject"] },
  { service: "sqs", actions: null },
  { service: "sns", actions: ["Publish"] },
]);

const CONDITION = { StringEquals: { "aws:RequestedRegion": "eu-west-1", "aws:PrincipalTag/team": "a" } };

/** Everything that a policy can have, and for each statement a reason why it changes, stays or goes. */
const BEFORE = {
  Version: "2012-10-17",
  Id: "team-policy",
  Statement: [
    {
      Sid: "Read",
      Effect: "Allow",
      Action: ["s3:ListBucket", "s3:Get*", "s3:Retired", "s3:Unheard", "s3:*Tagging", "iam:List*"],
      Resource: ["arn:aws:s3:::a", "arn:aws:s3:::b"],
      Condition: CONDITION,
    },
    { Sid: "Guard", Effect: "Deny", Action: ["s3:Get*", "s3:DeleteObject"], Resource: "*" },
    { Sid: "Queues", Effect: "Allow", Action: ["sqs:*", "sqs:SendMessage"], Resource: "*" },
    { Sid: "Rest", Effect: "Allow", NotAction: ["iam:*", "s3:G*"], Resource: "*" },
    { Sid: "Topics", Effect: "Allow", Action: "sns:*", Resource: "*" },
    { Sid: "Roles", Effect: "Allow", Action: "iam:Get*", Resource: "*" },
  ],
} satisfies PolicyDocument;

const READ_ENTRIES = [
  "s3:ListBucket",
  "s3:GetBucketCORS",
  "s3:GetObject*",
  "s3:GetVersionTagging",
  "s3:Unheard",
  "s3:Get*Tagging",
  "s3:PutObjectTagging",
  "iam:List*",
];
const REST_ENTRIES = ["iam:*", "s3:G*", "s3:DeleteObject", "s3:PutBucket*", "sns:Publish", "sqs:*"];
const AFTER = {
  ...BEFORE,
  Statement: [
    {
      ...BEFORE.Statement[0]!, // six statements, here and below
      Action: READ_ENTRIES,
    },
    BEFORE.Statement[1]!,
    {
      ...BEFORE.Statement[3]!,
      NotAction: REST_ENTRIES,
    },
    { ...BEFORE.Statement[4]!, Action: "sns:Subscribe" },
    BEFORE.Statement[5]!,
  ],
} satisfies PolicyDocument;
const READ = 0;
const GUARD = 1;
const REST = 2;
const TOPICS = 3;
const ROLES = 4;

const RIGHT: Claim = { before: BEFORE, after: AFTER, recommendedAction: "CREATE_POLICY", unused: UNUSED };

function lawsBroken(claim: Claim): readonly Law[] {
  return new Verifier(ACTIONS).verify(claim).violations.map(({ law }) => law);
}

function messages(claim: Claim): readonly string[] {
  return new Verifier(ACTIONS).verify(claim).violations.map(({ message }) => message);
}
function allowing(action: string | readonly string[]): PolicyDocument {
  return { Statement: { Effect: "Allow", Action: action } };
}

/** The right result with the document changed. */
function after(change: Partial<PolicyDocument>): Claim {
  return { ...RIGHT, after: { ...AFTER, ...change } };
}
/** The right result with one statement changed. */
function at(place: number, change: Readonly<Record<string, unknown>>): Claim {
  return after({
    Statement: AFTER.Statement.map(
      (statement, i): Statement => (i === place ? { ...statement, ...change } : statement) as Statement,
    ), // `change` may be ill-formed on purpose
  });
}
/** The right result with one entry of Read replaced by others. */
function read(entry: string, ...instead: readonly string[]): Claim {
  const place = READ_ENTRIES.indexOf(entry);
  expect(place).not.toBe(-1);
  return at(READ, { Action: READ_ENTRIES.toSpliced(place, 1, ...instead) });
}
function without(key: string, statement: Readonly<Record<string, unknown>>): Statement {
  return Object.fromEntries(Object.entries(statement).filter(([other]) => other !== key)) as Statement; // ill-formed on purpose
}
function withStatement(place: number, ...statements: readonly Statement[]): Claim {
  return after({ Statement: (AFTER.Statement as readonly Statement[]).toSpliced(place, 1, ...statements) });
}

describe("a right result", () => {
  it("holds, and is the refiner's", () => {
    const trie = catalogOf(ACTIONS);
    const refined = refinePolicy(trie, resolveUnused(trie, UNUSED), DEFAULT_OPTIONS, BEFORE);
    expect(refined.policy).toEqual(AFTER);
    expect(lawsBroken(RIGHT)).toEqual([]);
  });

  it("may be less general than the refiner's: exact names grant the same", () => {
    expect(lawsBroken(read("s3:GetObject*", "s3:GetObject", "s3:GetObjectAcl", "s3:GetObjectTagging"))).toEqual([]);
    expect(
      lawsBroken(
        at(REST, {
          NotAction: [
            "iam:*",
            "s3:G*",
            "s3:DeleteObject",
            "s3:PutBucketAcl",
            "s3:PutBucketTagging",
            "sns:Publish",
            "sqs:ReceiveMessage",
            "sqs:SendMessage",
          ],
        }),
      ),
    ).toEqual([]);
  });

  it("counts each action that the Allow statements grant once, whatever the claim", () => {
    const grants = { before: ACTIONS.length - 1, removed: 7, after: 11 }; // everything but iam:PassRole
    const verifier = new Verifier(ACTIONS);
    expect(verifier.verify(RIGHT).grants).toEqual(grants);
    expect(verifier.verify({ ...RIGHT, after: null }).grants).toEqual(grants);
    expect(verifier.verify({ ...RIGHT, unused: [] }).grants).toEqual({ before: 18, removed: 0, after: 18 });
  });

  it("of NONE is the document as it was", () => {
    const claim = { before: AFTER, after: AFTER, recommendedAction: "NONE", unused: UNUSED } as const;
    expect(lawsBroken(claim)).toEqual([]);
    expect(lawsBroken({ ...claim, after: structuredClone(AFTER) })).toEqual([]);
  });

  it("of DETACH_POLICY is no document", () => {
    const statement: Statement = { Effect: "Allow", Action: ["sqs:*", "sqs:Purge"], Resource: "*" };
    const nearlyAll: Statement = { Effect: "Allow", NotAction: ["s3:*", "sns:*", "iam:*"], Resource: "*" };
    for (const Statement of [statement, [statement], [statement, nearlyAll]]) {
      expect(
        lawsBroken({ before: { Statement }, after: null, recommendedAction: "DETACH_POLICY", unused: UNUSED }),
      ).toEqual([]);
    }
  });

  it("keeps a statement that had no entries: nothing of it is unused", () => {
    const empty: Statement = { Effect: "Allow", Action: [], Resource: "*" };
    const claim = { before: { Statement: [empty, { Effect: "Allow", Action: "sns:*" }] }, unused: UNUSED } as const;
    const topics: Statement = { Effect: "Allow", Action: "sns:Subscribe" };
    const action = "CREATE_POLICY";
    expect(lawsBroken({ ...claim, after: { Statement: [empty, topics] }, recommendedAction: action })).toEqual([]);
    expect(lawsBroken({ ...claim, after: { Statement: [topics] }, recommendedAction: action })).not.toEqual([]);
  });

  it("may be asked for with one U after another", () => {
    const verifier = new Verifier(ACTIONS);
    const none = { before: BEFORE, after: BEFORE, recommendedAction: "NONE" } as const;
    expect(verifier.verify({ ...none, unused: [] }).violations).toEqual([]);
    expect(verifier.verify({ ...none, unused: UNUSED }).violations).not.toEqual([]);
    expect(verifier.verify(RIGHT).violations).toEqual([]);
    expect(verifier.verify({ ...none, unused: [] }).violations).toEqual([]);
  });

  it("does not depend on the order or the case of the catalog that the verifier is given", () => {
    for (const actions of [ACTIONS.toReversed(), ACTIONS.map((action) => action.toUpperCase())]) {
      expect(new Verifier(actions).verify(RIGHT)).toEqual(new Verifier(ACTIONS).verify(RIGHT));
    }
  });
});

describe("law 1, all and only, is broken by", () => {
  it.each<[string, Claim]>([
    ["an action lost", read("s3:GetBucketCORS")],
    ["a prefix lost", read("s3:GetObject*", "s3:GetObject")],
    ["a name lost that a remainder had", read("s3:PutObjectTagging")],
    ["a prefix a word too long", read("s3:GetObject*", "s3:GetObjectA*", "s3:GetObjectTagging")],
    ["an unused action kept by name", read("s3:GetBucketCORS", "s3:GetBucketCORS", "s3:GetBucketAcl")],
    ["a prefix too short, which covers an unused action", read("s3:GetBucketCORS", "s3:GetBucket*")],
    ["a pattern a character too short", read("s3:PutObjectTagging", "s3:Put*Tagging")],
    ["the wildcard left as it was", read("s3:GetBucketCORS", "s3:Get*")],
    ["NotAction that leaves an unused action granted", at(REST, { NotAction: REST_ENTRIES.slice(0, -1) })],
    ["NotAction that takes one too many", at(REST, { NotAction: [...REST_ENTRIES, "s3:PutObject"] })],
    ["NotAction as it was", at(REST, { NotAction: ["iam:*", "s3:G*"] })],
    ["the last statement missing", after({ Statement: AFTER.Statement.slice(0, -1) })],
    ["a string that names the unused one", at(TOPICS, { Action: "sns:Publish" })],
    ["a document thrown away that still grants", { ...RIGHT, after: null, recommendedAction: "DETACH_POLICY" }],
  ])("%s", (_, claim) => {
    expect(lawsBroken(claim)).toContain("all-and-only");
  });
});

describe("laws 1 and 2 are broken together by", () => {
  it("a pattern whose first actions were granted before, and whose last was not", () => {
    const before = allowing(["iam:List*", "sns:*"]);
    const claim = { before, recommendedAction: "CREATE_POLICY", unused: UNUSED } as const;
    expect(lawsBroken({ ...claim, after: allowing(["iam:List*", "sns:Subscribe"]) })).toEqual([]);
    expect(lawsBroken({ ...claim, after: allowing(["iam:List*", "sns:Subscribe", "s*:S*"]) })).toEqual([
      "never-broader",
      "structure",
      "all-and-only",
      "all-and-only",
    ]);
  });
});

describe("what SEMANTICS 2 and 3 say beyond the laws is broken by", () => {
  const before = allowing(["iam:List*", "sns:*"]);
  it.each([
    ["a generated entry with a wildcard in its service", ["iam:List*", "sns*:Subscribe"]],
    ["a generated entry that names no action of the catalog", ["iam:List*", "sns:Subscribe", "sns:Unheard"]],
    ["an entry that stays, again in another case", ["iam:List*", "IAM:LIST*", "sns:Subscribe"]],
  ])("%s", (_, entries) => {
    const claim = { before, after: allowing(entries), recommendedAction: "CREATE_POLICY", unused: UNUSED } as const;
    expect(lawsBroken(claim)).toContain("structure");
  });

  const none = { recommendedAction: "CREATE_POLICY", unused: [] } as const;

  it("a change of entries where nothing is unused", () => {
    const claim = { ...none, before: allowing(["s3:*"]), after: allowing(["s3:*", "s3:GetObject"]) };
    expect(lawsBroken(claim)).toContain("structure");
  });

  it.each([
    ["takes away nothing that is unused", [...REST_ENTRIES, "ec2:*"], "all-and-only"],
    ["says what stood there", [...REST_ENTRIES, "IAM:*"], "structure"],
    ["says what was added already", [...REST_ENTRIES, ...REST_ENTRIES.slice(-1)], "structure"],
  ])("an entry added to NotAction that %s", (_, entries, law) => {
    expect(lawsBroken(at(REST, { NotAction: entries }))).toContain(law);
  });

  it.each([null, "s3:*", 7, [], ["s3:GetObject"]])("a statement that is %j", (statement) => {
    const left = { Statement: [statement] } as unknown as PolicyDocument; // on purpose
    expect(lawsBroken({ ...none, before: { Statement: [] }, after: left })).toContain("structure");
    expect(lawsBroken({ ...none, before: { Statement: allowing(["s3:*"]).Statement }, after: left })).toContain(
      "structure",
    );
  });

  it.each([[7], [["s3:Größe"]], [null], { 0: "s3:*", length: 1 }])("entries that are %j", (entries) => {
    const left = allowing(entries as unknown as readonly string[]); // on purpose
    expect(lawsBroken({ ...none, before: allowing(["s3:*"]), after: left })).toContain("structure");
  });
});

describe("what is said to have changed", () => {
  const CHANGES: NonNullable<Claim["changes"]> = [
    { statement: 0, element: "Action", entry: "s3:Get*", replacedBy: READ_ENTRIES.slice(1, 4) },
    { statement: 0, element: "Action", entry: "s3:Retired", replacedBy: [] },
    { statement: 0, element: "Action", entry: "s3:*Tagging", replacedBy: READ_ENTRIES.slice(5, 7) },
    { statement: 2, element: "Action", entry: "sqs:*", replacedBy: [] },
    { statement: 2, element: "Action", entry: "sqs:SendMessage", replacedBy: [] },
    { statement: 3, element: "NotAction", entry: null, replacedBy: REST_ENTRIES.slice(2) },
    { statement: 4, element: "Action", entry: "sns:*", replacedBy: ["sns:Subscribe"] },
  ];
  const first = CHANGES[0]!; // seven changes

  it("is not looked at where nothing is said, and holds where it is so", () => {
    expect(lawsBroken(RIGHT)).toEqual([]);
    expect(lawsBroken({ ...RIGHT, changes: CHANGES })).toEqual([]);
    const unchanged = { before: allowing("s3:GetObject"), after: allowing("s3:GetObject"), unused: [], changes: [] };
    expect(lawsBroken({ ...unchanged, recommendedAction: "NONE" })).toEqual([]);
  });

  it.each<[string, NonNullable<Claim["changes"]>]>([
    ["is nothing", []],
    ["leaves the first one out", CHANGES.slice(1)],
    ["leaves the last one out", CHANGES.slice(0, -1)],
    ["leaves out a statement that went", CHANGES.filter(({ statement }) => statement !== 2)],
    ["leaves out half of a statement that went", CHANGES.toSpliced(4, 1)],
    ["leaves out what NotAction gained", CHANGES.filter(({ statement }) => statement !== 3)],
    ["is of another entry", CHANGES.with(0, { ...first, entry: "s3:Put*" })],
    ["is of another element", CHANGES.with(0, { ...first, element: "NotAction" })],
    ["is of another statement", CHANGES.with(0, { ...first, statement: 1 })],
    ["is another list", CHANGES.with(0, { ...first, replacedBy: first.replacedBy.slice(1) })],
    ["is another list of the same length", CHANGES.with(0, { ...first, replacedBy: first.replacedBy.toReversed() })],
    ["is in another order", [CHANGES[1]!, first, ...CHANGES.slice(2)]], // as above
    ["says one twice", [first, ...CHANGES]],
    ["says one more at the end", [...CHANGES, { statement: 5, element: "Action", entry: "iam:Get*", replacedBy: [] }]],
    ["is of a Deny", [...CHANGES.slice(0, 3), { ...first, statement: 1 }, ...CHANGES.slice(3)]],
  ])("is refused where it %s", (_, changes) => {
    expect(new Set(lawsBroken({ ...RIGHT, changes }))).toEqual(new Set(["changes"]));
  });

  it("of a NotAction that goes is that it goes", () => {
    const before: PolicyDocument = { Statement: { Effect: "Allow", NotAction: ["s3:*", "sns:*", "iam:*"] } };
    const gone = { before, after: null, recommendedAction: "DETACH_POLICY", unused: UNUSED } as const;
    const change = { statement: 0, element: "NotAction", entry: null, replacedBy: [] } as const;
    expect(lawsBroken({ ...gone, changes: [change] })).toEqual([]);
    expect(lawsBroken({ ...gone, changes: [] })).toEqual(["changes"]);
    expect(lawsBroken({ ...gone, changes: [{ ...change, replacedBy: ["sqs:*"] }] })).toEqual(["changes"]);
  });
});

function told(entry: string | null, ...replacedBy: readonly string[]): NonNullable<Claim["changes"]>[number] {
  return { statement: 0, element: entry === null ? "NotAction" : "Action", entry, replacedBy };
}

describe("lies about changes that lead to what is left all the same", () => {
  const unused = unusedOf([{ service: "s3", actions: ["GetBucketCORS"] }]);
  const before = allowing(["s3:Get*", "s3:PutObject"]);
  const refined = new Verifier(ACTIONS);

  it("that an entry which stays has changed into itself", () => {
    const same = { before, after: before, recommendedAction: "NONE", unused: [] } as const;
    expect(lawsBroken({ ...same, changes: [] })).toEqual([]);
    const lie = { ...same, changes: [told("s3:PutObject", "s3:PutObject")] };
    expect(lawsBroken(lie)).toEqual(["changes"]);
    expect(messages(lie)).toEqual(["what is said to stand for `s3:PutObject` does not"]);
  });

  it("that one entry stands for what is left of its neighbour", () => {
    const { after: left } = refined.granted(before, unused);
    const names = ACTIONS.map((action) => action.toLowerCase()).sort();
    const entries = names.filter(
      (name, id) => name.startsWith("s3:get") && left.some((lo, i) => i % 2 === 0 && lo <= id && id < left[i + 1]!),
    ); // bounds are pairs
    const claim = {
      before,
      after: allowing([...entries, "s3:PutObject"]),
      recommendedAction: "CREATE_POLICY",
      unused,
    } as const;
    expect(lawsBroken({ ...claim, changes: [told("s3:Get*", ...entries)] })).toEqual([]);
    const shifted = [told("s3:Get*", ...entries, "s3:PutObject"), told("s3:PutObject")];
    expect(new Set(lawsBroken({ ...claim, changes: shifted }))).toEqual(new Set(["changes"]));
  });

  it("that a NotAction has gone which stays, or has gone unsaid", () => {
    const stays: PolicyDocument = { Statement: { Effect: "Allow", NotAction: ["s3:*"] } };
    const none = { before: stays, after: stays, recommendedAction: "NONE", unused: [] } as const;
    expect(lawsBroken({ ...none, changes: [told(null)] })).toEqual(["changes"]);
    const all: PolicyDocument = { Statement: { Effect: "Allow", NotAction: [] } };
    const everything = unusedOf(ACTIONS.map((action) => ({ service: action.split(":")[0]!, actions: null }))); // has a service
    const gone = { before: all, after: null, recommendedAction: "DETACH_POLICY" } as const;
    const named = unionOf(everything, unusedOf([{ service: "iam", actions: ["PassRole"] }]));
    expect(lawsBroken({ ...gone, unused: named, changes: [told(null)] })).toEqual([]);
    expect(lawsBroken({ ...gone, unused: named, changes: [] })).toEqual(["changes"]);
  });
});

describe("what an attacker got past it once", () => {
  it.each(["*:Publish", "?ns:Publish", "sns:Publis?", "sns:*ublish", "*Publish"])(
    "NotAction that gains `%s`",
    (entry) => {
      expect(
        lawsBroken(at(REST, { NotAction: REST_ENTRIES.map((old) => (old === "sns:Publish" ? entry : old)) })),
      ).toContain("structure");
    },
  );

  it("is told in words which entry of NotAction it is", () => {
    const claim = at(REST, { NotAction: REST_ENTRIES.map((old) => (old === "sns:Publish" ? "?ns:Publish" : old)) });
    expect(messages(claim)).toEqual(["`?ns:Publish` is neither a name nor a prefix of names of one service"]);
  });

  it("an Action beside a NotAction", () => {
    const statement = { ...BEFORE.Statement[3]!, Action: ["s3:PutObject"] }; // six statements
    const claim = { before: { Statement: statement }, recommendedAction: "CREATE_POLICY", unused: UNUSED } as const;
    const left = { ...statement, NotAction: REST_ENTRIES };
    expect(lawsBroken({ ...claim, after: { Statement: left } })).toEqual([]);
    expect(lawsBroken({ ...claim, after: { Statement: { ...left, Action: ["*"] } } })).toContain("structure");
  });

  it("an action that nobody can take", () => {
    const claim = { ...RIGHT, recommendedAction: "DELETE_PRINCIPAL" } as unknown as Claim; // on purpose
    expect(lawsBroken(claim)).toEqual(["structure"]);
    expect(messages(claim)).toEqual(["`DELETE_PRINCIPAL` is no recommended action"]);
  });
});

describe("what is granted", () => {
  const verifier = new Verifier(ACTIONS);
  const names = ACTIONS.map((action) => action.toLowerCase()).sort();
  const grantedBy = (...action: readonly string[]): readonly number[] => verifier.granted(allowing(action), []).before;
  const named = (bounds: readonly number[]): readonly string[] =>
    names.filter((_, id) => bounds.some((lo, i) => i % 2 === 0 && lo <= id && id < bounds[i + 1]!)); // bounds are pairs

  it("before, removed and after is in the catalog's order, as runs that do not touch", () => {
    const { before, removed, after: left } = verifier.granted(BEFORE, UNUSED);
    for (const bounds of [before, removed, left]) {
      expect(bounds.length % 2).toBe(0);
      expect(bounds.every((bound, i) => i === 0 || bound > bounds[i - 1]!)).toBe(true); // i is inside
    }
    expect(named([...before])).toEqual([...named(removed), ...named(left)].sort());
    expect(named(left)).toEqual(named(verifier.granted(AFTER, []).before));
    expect(verifier.verify(RIGHT).grants).toEqual({
      before: named(before).length,
      removed: named(removed).length,
      after: named(left).length,
    });
  });

  it("by nothing, by one entry, by two that overlap", () => {
    expect(grantedBy()).toEqual([]);
    expect(grantedBy("*")).toEqual([0, ACTIONS.length]);
    expect(grantedBy("*", "s3:*")).toEqual([0, ACTIONS.length]);
    expect(named(grantedBy("s3:GetObject", "s3:GetO*"))).toEqual(names.filter((name) => name.startsWith("s3:geto")));
  });

  it("of an action that the catalog lacks is told apart: in Action and NotAction, not in a Deny, not for patterns", () => {
    const Statement: readonly Statement[] = [
      { Effect: "Allow", Action: ["s3:Unheard", "s3:GetObject", "unheard:*"] },
      { Effect: "Deny", Action: "s3:Denied" },
      { Effect: "Allow", NotAction: "s3:Missing" },
    ];
    expect(verifier.unknownActions({ Statement })).toEqual([
      { statement: 0, entry: "s3:Unheard" },
      { statement: 2, entry: "s3:Missing" },
    ]);
  });
});

describe("law 2, never broader, is broken by", () => {
  it.each<[string, Claim]>([
    ["a pattern a character too short, though the catalog has nothing more", read("iam:List*", "iam:Lis*")],
    ["a star where the pattern went on", read("s3:Get*Tagging", "s3:GetObject*Tagging", "s3:PutObjectTaggin*")],
    ["a star behind what had to end", read("s3:PutObjectTagging", "s3:PutObjectTagging*")],
    ["a question mark for a letter", read("s3:Unheard", "s3:Unhear?")],
    ["an action of another service", read("s3:Unheard", "s3:Unheard", "ec2:RunInstances")],
    ["an action that the catalog lacks", at(TOPICS, { Action: ["sns:Subscribe", "snsx:Subscribe"] })],
    ["everything", read("s3:GetObject*", "*")],
    ["a wildcard in the service part", read("s3:GetObject*", "s?:GetObject*")],
    ["an entry of NotAction dropped", at(REST, { NotAction: REST_ENTRIES.slice(1) })],
    ["an entry of NotAction narrowed", at(REST, { NotAction: REST_ENTRIES.with(0, "iam:G*") })],
    ["an entry of NotAction respelled", at(REST, { NotAction: REST_ENTRIES.with(0, "IAM:*") })],
    ["entries of NotAction moved", at(REST, { NotAction: REST_ENTRIES.toReversed() })],
    ["NotAction emptied", at(REST, { NotAction: [] })],
  ])("%s", (_, claim) => {
    expect(lawsBroken(claim)).toContain("never-broader");
  });
});

describe("law 3, structure, is broken by", () => {
  const reading = { ...AFTER.Statement[READ]! };
  it.each<[string, Claim]>([
    ["Version changed", after({ Version: "2008-10-17" })],
    ["Id dropped", { ...RIGHT, after: without("Id", AFTER) as unknown as PolicyDocument }],
    ["Version dropped", { ...RIGHT, after: without("Version", AFTER) as unknown as PolicyDocument }],
    ["an element added", after({ Comment: "refined" })],
    [
      "the order of the elements",
      { ...RIGHT, after: { Id: AFTER.Id, Version: AFTER.Version, Statement: AFTER.Statement } },
    ],
    ["Sid dropped", withStatement(READ, without("Sid", reading))],
    ["Sid changed", at(READ, { Sid: "Reads" })],
    ["Sid dropped where nothing else changes", withStatement(ROLES, without("Sid", AFTER.Statement[ROLES]!))],
    ["Effect changed", at(READ, { Effect: "Deny" })],
    ["Resource narrowed", at(READ, { Resource: ["arn:aws:s3:::a"] })],
    ["the order of the resources", at(READ, { Resource: ["arn:aws:s3:::b", "arn:aws:s3:::a"] })],
    ["Resource a list instead of a string", at(TOPICS, { Resource: ["*"] })],
    [
      "Resource for NotResource",
      withStatement(TOPICS, { ...without("Resource", AFTER.Statement[TOPICS]!), NotResource: "*" }),
    ],
    ["Condition dropped", withStatement(READ, without("Condition", reading))],
    [
      "Condition touched",
      at(READ, { Condition: { StringEquals: { "aws:RequestedRegion": "eu-west-2", "aws:PrincipalTag/team": "a" } } }),
    ],
    [
      "the order inside Condition",
      at(READ, { Condition: { StringEquals: { "aws:PrincipalTag/team": "a", "aws:RequestedRegion": "eu-west-1" } } }),
    ],
    ["Condition with another name inside", at(READ, { Condition: { StringLike: CONDITION.StringEquals } })],
    ["Condition with more inside", at(READ, { Condition: { ...CONDITION, Null: {} } })],
    ["Resource null", at(TOPICS, { Resource: null })],
    [
      "Resource an object that reads like the list",
      at(READ, { Resource: { 0: "arn:aws:s3:::a", 1: "arn:aws:s3:::b" } }),
    ],
    ["Resource with more in it", at(READ, { Resource: ["arn:aws:s3:::a", "arn:aws:s3:::b", "arn:aws:s3:::c"] })],
    ["Condition added", at(TOPICS, { Condition: {} })],
    [
      "the order of the keys",
      withStatement(TOPICS, { Effect: "Allow", Sid: "Topics", Action: "sns:Subscribe", Resource: "*" }),
    ],
    [
      "NotAction for Action",
      withStatement(TOPICS, { Sid: "Topics", Effect: "Allow", NotAction: "sns:Subscribe", Resource: "*" }),
    ],
    ["a list where a string is left of a string", at(TOPICS, { Action: ["sns:Subscribe"] })],
    ["a list where a string stood and nothing changed", at(ROLES, { Action: ["iam:Get*"] })],
    ["a kept entry respelled", read("iam:List*", "iam:LIST*")],
    ["a kept entry made exact", read("iam:List*", "iam:ListRoles")],
    ["a kept entry moved", at(READ, { Action: [...READ_ENTRIES.slice(1), "s3:ListBucket"] })],
    ["a literal dropped that the catalog lacks", read("s3:Unheard")],
    ["the order of statements that both stay", after({ Statement: [0, 1, 2, 4, 3].map((i) => AFTER.Statement[i]!) })],
    ["a statement more", after({ Statement: [...AFTER.Statement, AFTER.Statement[ROLES]!] })],
    ["a statement kept that should go", after({ Statement: [...AFTER.Statement, BEFORE.Statement[2]!] })],
    [
      "a statement kept that should go, in its place",
      withStatement(REST, BEFORE.Statement[2]!, AFTER.Statement[REST]!),
    ],
    [
      "a statement kept without entries",
      withStatement(REST, { ...BEFORE.Statement[2]!, Action: [] }, AFTER.Statement[REST]!),
    ],
    ["NONE for what changes", { ...RIGHT, recommendedAction: "NONE" }],
    ["NONE with the document before", { ...RIGHT, after: BEFORE, recommendedAction: "NONE" }],
    ["DETACH_POLICY with a document", { ...RIGHT, recommendedAction: "DETACH_POLICY" }],
    ["CREATE_POLICY without a document", { ...RIGHT, after: null }],
    ["CREATE_POLICY where nothing changes", { ...RIGHT, before: AFTER }],
  ])("%s", (_, claim) => {
    expect(lawsBroken(claim)).toContain("structure");
  });

  it("a string where a list is left of a list", () => {
    const before: PolicyDocument = { Statement: { Effect: "Allow", Action: ["sns:*"] } };
    const claim = { before, recommendedAction: "CREATE_POLICY", unused: UNUSED } as const;
    expect(lawsBroken({ ...claim, after: allowing(["sns:Subscribe"]) })).toEqual([]);
    expect(lawsBroken({ ...claim, after: allowing("sns:Subscribe") })).toEqual(["structure"]);
  });

  it("a single statement made a list, and a list made a single statement", () => {
    const before: Statement = { Effect: "Allow", Action: "sns:*" };
    const now: Statement = { Effect: "Allow", Action: "sns:Subscribe" };
    const claim = { recommendedAction: "CREATE_POLICY", unused: UNUSED } as const;
    expect(lawsBroken({ ...claim, before: { Statement: before }, after: { Statement: now } })).toEqual([]);
    expect(lawsBroken({ ...claim, before: { Statement: before }, after: { Statement: [now] } })).toEqual(["structure"]);
    expect(lawsBroken({ ...claim, before: { Statement: [before] }, after: { Statement: [now] } })).toEqual([]);
    expect(lawsBroken({ ...claim, before: { Statement: [before] }, after: { Statement: now } })).toEqual(["structure"]);
  });

  it("a policy left without statements instead of detached, and one detached that had none", () => {
    const gone: PolicyDocument = { Statement: [{ Effect: "Allow", Action: "sqs:*" }] };
    const empty: PolicyDocument = { Statement: [] };
    expect(lawsBroken({ before: gone, after: empty, recommendedAction: "CREATE_POLICY", unused: UNUSED })).toContain(
      "structure",
    );
    expect(lawsBroken({ before: empty, after: null, recommendedAction: "DETACH_POLICY", unused: UNUSED })).toContain(
      "structure",
    );
    expect(lawsBroken({ before: empty, after: empty, recommendedAction: "NONE", unused: UNUSED })).toEqual([]);
  });

  it("one of two equal entries dropped, since nothing touches either", () => {
    const claim = {
      before: allowing(["iam:*", "iam:*", "sqs:*"]),
      recommendedAction: "CREATE_POLICY",
      unused: UNUSED,
    } as const;
    expect(lawsBroken({ ...claim, after: allowing(["iam:*", "iam:*"]) })).toEqual([]);
    expect(lawsBroken({ ...claim, after: allowing(["iam:*"]) })).toEqual(["structure"]);
  });
});

describe("law 4, Deny intact, is broken by a Deny that is", () => {
  const deny = AFTER.Statement[GUARD]!;
  it.each<[string, Claim]>([
    ["narrowed", at(GUARD, { Action: ["s3:GetObject*", "s3:DeleteObject"] })],
    ["without what is unused", at(GUARD, { Action: ["s3:Get*"] })],
    ["widened", at(GUARD, { Action: ["s3:Get*", "s3:DeleteObject", "s3:PutObject"] })],
    ["sorted", at(GUARD, { Action: ["s3:DeleteObject", "s3:Get*"] })],
    ["respelled", at(GUARD, { Action: ["s3:GET*", "s3:DeleteObject"] })],
    ["removed", withStatement(GUARD)],
    ["made an Allow", at(GUARD, { Effect: "Allow" })],
    ["renamed", at(GUARD, { Sid: "Guards" })],
    ["given a condition", at(GUARD, { Condition: { Bool: { "aws:SecureTransport": "false" } } })],
    [
      "put in another order of keys",
      withStatement(GUARD, { Effect: deny.Effect, Sid: deny.Sid, Action: deny.Action!, Resource: "*" }),
    ],
    ["behind the statement that it followed", after({ Statement: [1, 0, 2, 3, 4].map((i) => AFTER.Statement[i]!) })],
  ])("%s", (_, claim) => {
    expect(lawsBroken(claim)).toContain("deny-intact");
  });

  it("a NotAction that denies only what is unused, and thrown away", () => {
    const everything = unusedOf(
      ["iam", "s3", "sns", "sqs"].flatMap((service) => [
        { service, actions: null },
        { service, actions: ["PassRole"] },
      ]),
    );
    const before: PolicyDocument = { Statement: [{ Effect: "Deny", NotAction: "s3:*", Resource: "*" }] };
    const claim = { before, unused: everything } as const;
    expect(lawsBroken({ ...claim, after: before, recommendedAction: "NONE" })).toEqual([]);
    expect(lawsBroken({ ...claim, after: null, recommendedAction: "DETACH_POLICY" })).toContain("deny-intact");
  });

  it("the last statement and removed, or thrown away with the policy", () => {
    const allow: Statement = { Effect: "Allow", Action: "sqs:*", Resource: "*" };
    const before: PolicyDocument = { Statement: [allow, deny] };
    const claim = { before, unused: UNUSED } as const;
    expect(lawsBroken({ ...claim, after: { Statement: [deny] }, recommendedAction: "CREATE_POLICY" })).toEqual([]);
    expect(lawsBroken({ ...claim, after: { Statement: [] }, recommendedAction: "CREATE_POLICY" })).toContain(
      "deny-intact",
    );
    expect(lawsBroken({ ...claim, after: null, recommendedAction: "DETACH_POLICY" })).toContain("deny-intact");
  });
});

describe("a violation", () => {
  it("tells the statement's place in the document before, and what is wrong", () => {
    const { violations } = new Verifier(ACTIONS).verify(at(TOPICS, { Action: "sns:Publish" }));
    expect(violations).toContainEqual({
      law: "all-and-only",
      statement: 4,
      message: "`sns:publish` is unused and still granted",
    });
    expect(new Verifier(ACTIONS).verify(after({ Version: "2008-10-17" })).violations).toEqual([
      { law: "structure", statement: null, message: "something outside the statements has changed" },
    ]);
  });

  it("names what was lost and what was not granted before", () => {
    expect(messages(read("s3:GetBucketCORS"))).toEqual(["`s3:getbucketcors` is used and was lost"]);
    expect(messages(read("s3:GetBucketCORS", "s3:GetBucketCORS", "s3:PutObject"))).toEqual([
      "`s3:PutObject` is not inside any entry that stood there",
      "`s3:putobject` was not granted before",
    ]);
  });
});

describe("the verifier's own matcher", () => {
  const RUNS = { seed: 2024, numRuns: 3000 };

  it("agrees with the regular expression", () => {
    fc.assert(
      fc.property(globsWithText, ([glob, text]) => {
        expect(covers(foldedByHand(glob), lowerAscii(text))).toBe(regExpOf(glob).test(foldedByHand(text)));
      }),
      { ...RUNS, numRuns: 20_000 },
    );
  });

  it("says of two patterns that one covers the other only where it does", () => {
    fc.assert(
      fc.property(
        globs.chain((narrow) => fc.tuple(fc.constant(narrow), nearly(fc.constant(narrow)), textsOf(narrow))),
        ([narrow, wide, text]) => {
          const isCounterexample = !regExpOf(wide).test(foldedByHand(text));
          expect(covers(foldedByHand(wide), foldedByHand(narrow)) && isCounterexample).toBe(false);
        },
      ),
      RUNS,
    );
  });

  it("covers what a pattern becomes when its stars take characters and its question marks stay", () => {
    expect(covers("s3:*tagging", "s3:get*tagging")).toBe(true);
    expect(covers("s3:*tagging", "s3:get*taggin")).toBe(false);
    expect(covers("s3:get?*", "s3:get?object*")).toBe(true);
    expect(covers("s3:get?*", "s3:get*")).toBe(false);
    expect(covers("s3:get?", "s3:get*")).toBe(false);
    expect(covers("s3:geta", "s3:get?")).toBe(false);
    expect(covers("*", "*")).toBe(true);
  });

  it("takes the two halves of a surrogate pair for two characters, as the refiner does", () => {
    expect([...suffixesAfter("??:get*", "\u{1f600}:")]).toEqual(["get*"]);
    expect([...suffixesAfter("*\ude00:get*", "\u{1f600}:")]).toContain("get*");
    expect([...suffixesAfter("\u{1f600}:get*", "\u{1f600}:")]).toEqual(["get*"]);
    expect([...suffixesAfter("?:get*", "\u{1f600}:")]).toEqual([]);
  });

  it("finds what a pattern still requires after a text, wherever it is cut", () => {
    fc.assert(
      fc.property(globsWithText, ([glob, text]) => {
        const [folded, whole] = [foldedByHand(glob), foldedByHand(text)];
        const expected = regExpOf(glob).test(whole);
        for (let cut = 0; cut <= whole.length; cut++) {
          const suffixes = [...suffixesAfter(folded, whole.slice(0, cut))];
          expect(suffixes.some((suffix) => regExpOf(suffix).test(whole.slice(cut)))).toBe(expected);
        }
      }),
      RUNS,
    );
  });
});

/** Policies and reports over the small catalog, with everything in them that decides between the rules. */
const entry = fc
  .tuple(
    fc.constantFrom("s3:", "s3:", "s3:", "S3:", "s?:", "sqs:", "iam:", "*:", "*", "fsx:"),
    fc.array(
      fc.constantFrom("*", "*", "?", "Get", "get", "Put", "Bucket", "Object", "Tagging", "tag", "Acl", "PassRole", "t"),
      {
        maxLength: 3,
      },
    ),
  )
  .map(([head, tail]) => head + tail.join(""));
const element = fc.oneof(entry, fc.array(fc.oneof(entry, fc.constantFrom(...ACTIONS)), { minLength: 1, maxLength: 4 }));
const statement: fc.Arbitrary<Statement> = fc
  .tuple(
    fc.constantFrom("Allow", "Allow", "Allow", "Deny"),
    fc.constantFrom("Action", "Action", "NotAction"),
    element,
    fc.constantFrom("KeepThis", "keepThis", "Team", undefined, undefined),
  )
  .map(([Effect, key, entries, Sid]) => {
    if (Sid === undefined) return { Effect, [key]: entries, Resource: "*" };
    return { Sid, Effect, [key]: entries, Resource: "*" };
  });
const policies: fc.Arbitrary<PolicyDocument> = fc
  .oneof(statement, fc.array(statement, { maxLength: 3 }))
  .map((Statement) => ({ Version: "2012-10-17", Statement }));
const unuseds: fc.Arbitrary<Unused> = fc
  .array(
    fc.oneof(
      { weight: 5, arbitrary: fc.constantFrom(...ACTIONS, "s3:Retired", "s3:GetObjectRetired") },
      { weight: 1, arbitrary: fc.constantFrom("iam", "sqs", "fsx", "s3") },
    ),
    { maxLength: 7 },
  )
  .map((lines) =>
    unusedOf(
      lines.map((line) => {
        const [service, name] = line.split(":");
        return { service: service ?? "", actions: name === undefined ? null : [name] };
      }),
    ),
  );

describe("whatever the refiner makes, of any policy and U", () => {
  const trie = catalogOf(ACTIONS);
  const verifier = new Verifier(ACTIONS);
  const RUNS = { seed: 2024, numRuns: 4000 };
  const granularity = fc.constantFrom<Granularity[]>("word", "exact");
  const options: fc.Arbitrary<RefinementOptions> = fc.record({
    granularity,
    services: fc.array(fc.tuple(fc.constantFrom("s3", "sqs", "iam", "fsx"), granularity), { maxLength: 2 }),
    keptSids: fc.subarray(["Keep", "Te", ""], { maxLength: 1 }),
  });
  const cases = fc.record({ policy: policies, unused: unuseds, options });

  it("holds before the verifier, with the same counts", () => {
    const seen = new Set<RecommendedAction>();
    fc.assert(
      fc.property(cases, ({ policy, unused, options: asked }) => {
        const refined = refinePolicy(trie, resolveUnused(trie, unused), asked, policy);
        const { recommendedAction } = refined;
        const { policy: left, changes } = refined;
        const { keptSids } = asked;
        const verdict = verifier.verify({ before: policy, after: left, recommendedAction, unused, changes, keptSids });
        seen.add(recommendedAction);
        expect(verdict).toEqual({ violations: [], grants: refined.grants });
        const granted = verifier.granted(policy, unused, keptSids);
        expect([granted.before, granted.after]).toEqual([refined.grantedBefore, refined.grantedAfter]);
        expect(granted.after).toEqual(verifier.granted(left ?? { Statement: [] }, []).before); // what is left really grants it
      }),
      RUNS,
    );
    expect(seen.size).toBe(3);
  });

  it("is refined no further by the same U (law 6)", () => {
    fc.assert(
      fc.property(cases, ({ policy, unused, options: asked }) => {
        const resolved = resolveUnused(trie, unused);
        const refined = refinePolicy(trie, resolved, asked, policy).policy ?? { Statement: [] };
        const again = refinePolicy(trie, resolved, asked, refined);
        expect(again.recommendedAction).toBe("NONE");
        expect(again.policy).toBe(refined);
      }),
      RUNS,
    );
  });
});
