import { describe, expect, it } from "vitest";
import type { PolicyDocument, Statement } from "../src/policy/document.ts";
import type { RecommendedAction } from "../src/refine/policy.ts";
import { type Unused, unusedOf } from "../src/unused/unused.ts";
import { covers, lowerAscii } from "../src/verify/glob.ts";
import { Verifier } from "../src/verify/verifier.ts";

const ACTIONS = [
  "iam:ListRoles",
  "iam:PassRole",
  "s3:GetBucketAcl",
  "s3:GetObject",
  "s3:GetObjectAcl",
  "sqs:SendMessage",
];

/** U of lines such as `s3:GetObject`, and `s3` for the whole service. */
function reported(...lines: readonly string[]): Unused {
  return unusedOf(
    lines.map((line) => {
      const [service = "", name] = line.split(":");
      return { service, actions: name === undefined ? null : [name] };
    }),
  );
}

/** Everything that the verifier has against a claim, in its order: `law place: message`. */
function against(
  recommendedAction: RecommendedAction,
  before: unknown,
  after: unknown,
  unused: Unused = reported("s3:GetBucketAcl", "sqs"),
): readonly string[] {
  const claim = { before: before as PolicyDocument, after: after as PolicyDocument | null, recommendedAction, unused }; // some are ill-formed on purpose
  return new Verifier(ACTIONS)
    .verify(claim)
    .violations.map(({ law, statement, message }) => `${law} ${statement ?? "document"}: ${message}`);
}

/** The same where each document is one Allow statement with these entries. */
function ofEntries(
  before: string | readonly string[],
  after: string | readonly string[],
  unused?: Unused,
): readonly string[] {
  return against("CREATE_POLICY", allowing(before), allowing(after), unused);
}
function allowing(Action: string | readonly string[], more: Readonly<Record<string, unknown>> = {}): PolicyDocument {
  return { Statement: [{ Effect: "Allow", Action, ...more }] };
}
function excepting(NotAction: string | readonly string[]): PolicyDocument {
  return { Statement: [{ Effect: "Allow", NotAction }] };
}

const DENY: Statement = { Effect: "Deny", Action: "s3:*" };

const ALLOW_ROLES: Statement = { Effect: "Allow", Action: "iam:*" };
const ALLOW_QUEUES: Statement = { Effect: "Allow", Action: "sqs:*" };
const READ = allowing(["s3:Get*"]);
const READ_LEFT = allowing(["s3:GetObject*"]);
const [LEFT] = READ_LEFT.Statement as readonly Statement[]; // `allowing` makes a list

/** The claim that these statements are what is left of others. */
function left(before: readonly unknown[], after: readonly unknown[]): readonly string[] {
  return against("CREATE_POLICY", { Statement: before }, { Statement: after });
}

describe("of the document as a whole the verifier says", () => {
  it.each<[string, () => readonly string[], readonly string[]]>([
    ["nothing where it is right", () => against("CREATE_POLICY", READ, READ_LEFT), []],
    [
      "that DETACH_POLICY leaves no document",
      () => against("DETACH_POLICY", READ, READ_LEFT),
      ["structure document: DETACH_POLICY does not go with a document"],
    ],
    [
      "that CREATE_POLICY needs one",
      () => against("CREATE_POLICY", allowing("sqs:*"), null),
      ["structure document: CREATE_POLICY does not go with no document"],
    ],
    [
      "that a policy without statements has nothing to be detached for",
      () => against("DETACH_POLICY", { Statement: [] }, null),
      [
        "structure document: a policy that had no statement is not to be detached",
        "structure document: DETACH_POLICY, yet nothing changes",
      ],
    ],
    [
      "that an element is missing",
      () => against("CREATE_POLICY", { Version: "1", ...READ }, READ_LEFT),
      ["structure document: the document has other elements, or in another order"],
    ],
    [
      "that an element has changed",
      () => against("CREATE_POLICY", { ...READ, Version: "1" }, { ...READ_LEFT, Version: "2" }),
      ["structure document: something outside the statements has changed"],
    ],
    [
      "that a list is one statement",
      () => against("CREATE_POLICY", READ, { Statement: LEFT }),
      ["structure document: a single statement has become a list, or a list a single statement"],
    ],
    [
      "that NONE changes a statement",
      () => against("NONE", READ, READ_LEFT),
      ["structure document: NONE, yet the document has changed", "structure document: NONE, yet something changes"],
    ],
    [
      "that NONE changes an element",
      () => against("NONE", allowing(["iam:*"]), { ...allowing(["iam:*"]), Id: "x" }),
      [
        "structure document: the document has other elements, or in another order",
        "structure document: NONE, yet the document has changed",
      ],
    ],
    [
      "that nothing changes",
      () => against("CREATE_POLICY", allowing(["iam:*"]), allowing(["iam:*"])),
      ["structure document: nothing has changed", "structure document: CREATE_POLICY, yet nothing changes"],
    ],
    [
      "that nothing is left",
      () => against("CREATE_POLICY", allowing(["sqs:*"]), { Statement: [] }),
      ["structure document: a policy without statements is to be detached"],
    ],
    [
      "that a statement should have gone",
      () => against("NONE", allowing(["sqs:*"]), allowing(["sqs:*"])),
      ["structure document: 1 more statements than there should be", "structure document: NONE, yet something changes"],
    ],
    [
      "that there are statements too many",
      () => left([{ Effect: "Allow", Action: ["s3:Get*"] }], [LEFT, DENY, DENY]),
      ["structure document: 2 more statements than there should be"],
    ],
  ])("%s", (_, said, expected) => {
    expect(said()).toEqual(expected);
  });
});

describe("of a statement the verifier says", () => {
  const before: Statement = { Effect: "Allow", Action: ["s3:Get*"] };
  const NO_STATEMENT = "structure 0: what is left is no statement, or its entries are no strings";
  const OTHER = "structure 0: something other than the entries has changed";
  it.each<[string, () => readonly string[], readonly string[]]>([
    [
      "that a Deny is missing",
      () => left([DENY, ALLOW_QUEUES], []),
      ["structure document: a policy without statements is to be detached", "deny-intact 0: the statement is missing"],
    ],
    [
      "that a Deny has changed",
      () => left([DENY, ALLOW_QUEUES], [{ ...DENY, Sid: "x" }]),
      ["deny-intact 0: a statement that does not allow has changed"],
    ],
    [
      "that an Allow is missing",
      () => left([ALLOW_ROLES, ALLOW_QUEUES], []),
      ["structure document: a policy without statements is to be detached", "all-and-only 0: the statement is missing"],
    ],
    [
      "that it has another element",
      () => left([before], [{ ...LEFT, Sid: "x" }]),
      ["structure 0: the statement has other elements, or in another order"],
    ],
    [
      "that it has lost its entries",
      () => left([before], [{ Effect: "Allow" }]),
      ["structure 0: the statement has other elements, or in another order"],
    ],
    ["that an element has changed", () => left([{ ...before, Sid: "y" }], [{ ...LEFT, Sid: "x" }]), [OTHER]],
    ["that a text is no statement", () => left([before], ["x"]), [NO_STATEMENT]],
    ["that null is no statement", () => left([before], [null]), [NO_STATEMENT]],
    ["that a list is no statement", () => left([before], [[]]), [NO_STATEMENT]],
    ["that a number is no entry", () => left([before], [{ Effect: "Allow", Action: [1] }]), [NO_STATEMENT]],
    ["that a number is no entries", () => left([before], [{ Effect: "Allow", Action: 1 }]), [NO_STATEMENT]],
  ])("%s", (_, said, expected) => {
    expect(said()).toEqual(expected);
  });

  it.each<[string, unknown, unknown]>([
    ["a text for an object that reads like it", "ab", { 0: "a", 1: "b" }],
    ["an object for a text that reads like it", { 0: "a", 1: "b" }, "ab"],
    ["nothing for an object without keys", {}, null],
    ["an object without keys for nothing", null, {}],
    ["an object for a list that reads like it", ["a"], { 0: "a", length: 1 }],
    ["a list for an object that reads like it", { 0: "a", length: 1 }, ["a"]],
    ["an empty list for an empty object", {}, []],
    ["a longer list", ["a"], ["a", "b"]],
    ["another number", 1, 2],
    ["another value deep inside", { a: [{ b: 1 }] }, { a: [{ b: 2 }] }],
    ["other keys of the same values", { a: 1 }, { b: 1 }],
    ["one key more", { a: 1 }, { a: 1, b: undefined }],
  ])("that Condition is another, given %s", (_, was, is) => {
    expect(left([{ ...before, Condition: was }], [{ ...LEFT, Condition: is }])).toEqual([OTHER]);
    expect(left([{ ...before, Condition: was }], [{ ...LEFT, Condition: structuredClone(was) }])).toEqual([]);
  });
});

describe("of entries the verifier says", () => {
  const GRANTED_STILL = "all-and-only 0: `s3:getbucketacl` is unused and still granted";
  const TOO_OFTEN = "structure 0: an entry stands there more often than it should";
  it.each<[string, () => readonly string[], readonly string[]]>([
    [
      "that one still matches something unused",
      () => against("NONE", allowing(["s3:Get*", "iam:*"]), allowing(["s3:Get*", "iam:*"])),
      ["all-and-only 0: `s3:Get*` still matches something unused"],
    ],
    [
      "that the old one is there as well",
      () => ofEntries(["s3:Get*"], ["s3:Get*", "s3:GetObject*"]),
      [TOO_OFTEN, GRANTED_STILL],
    ],
    ["that the old one is there alone", () => ofEntries(["s3:Get*", "sqs:*"], ["s3:Get*"]), [TOO_OFTEN, GRANTED_STILL]],
    [
      "that a list is a text",
      () => ofEntries(["s3:Get*"], "s3:GetObject*"),
      ["structure 0: the entries are to stand as a list"],
    ],
    [
      "that a text is a list",
      () => ofEntries("s3:Get*", ["s3:GetObject*"]),
      ["structure 0: the entries are to stand as a string"],
    ],
    ["that there are none", () => ofEntries(["s3:Get*"], []), ["all-and-only 0: `s3:getobject` is used and was lost"]],
    [
      "that one was generated twice",
      () => ofEntries(["s3:Get*"], ["s3:GetObject*", "s3:GetObject*"]),
      ["structure 0: `s3:GetObject*` stands there already"],
    ],
    ["that one stays twice", () => ofEntries(["s3:Get*", "iam:*"], ["s3:GetObject*", "iam:*", "iam:*"]), [TOO_OFTEN]],
    [
      "that one is gone",
      () => ofEntries(["s3:Get*", "iam:*"], ["s3:GetObject*"]),
      [
        "structure 0: `iam:*` matches nothing unused, yet it is gone, respelled or moved",
        "all-and-only 0: `iam:listroles` is used and was lost",
      ],
    ],
    [
      "that one was moved",
      () => ofEntries(["iam:*", "s3:GetObject", "sqs:*"], ["s3:GetObject", "iam:*"]),
      ["structure 0: `s3:GetObject` matches nothing unused, yet it is gone, respelled or moved"],
    ],
    [
      "that nothing is unused, so that nothing is to be said in other words",
      () => ofEntries(["iam:*"], ["iam:List*", "iam:PassRole"]),
      [
        "structure 0: nothing of the statement is unused, yet its entries have changed",
        "structure 0: `iam:List*` is a pattern for a single action",
        "structure 0: `iam:*` matches nothing unused, yet it is gone, respelled or moved",
      ],
    ],
    [
      "that what was generated is no action of the catalog",
      () => ofEntries(["s3:*"], ["s3:GetObject*", "s3:Zzz*"]),
      ["structure 0: `s3:Zzz*` was generated, yet names no service or no action of the catalog"],
    ],
    [
      "that what was generated has a wildcard in its service",
      () => ofEntries(["*:Get*"], ["s3:GetObject*", "s?:GetObject*"]),
      ["structure 0: `s?:GetObject*` was generated, yet names no service or no action of the catalog"],
    ],
    [
      "that a name was respelled, which no entry but itself covers",
      () => ofEntries(["iam:PassRole", "sqs:*"], ["iam:passrole"]),
      [
        "never-broader 0: `iam:passrole` is not inside any entry that stood there",
        "structure 0: `iam:passrole` stands there already",
        "structure 0: `iam:PassRole` matches nothing unused, yet it is gone, respelled or moved",
      ],
    ],
    [
      "nothing where one of several wildcards in the service covers it",
      () => ofEntries(["*:Get*", "?am:*"], ["s3:GetObject*", "?am:*"]),
      [],
    ],
  ])("%s", (_, said, expected) => {
    expect(said()).toEqual(expected);
  });
});

describe("of what the report has and the catalog lacks the verifier says", () => {
  it.each<[string, () => readonly string[], readonly string[]]>([
    [
      "that a wildcard still matches it",
      () => against("NONE", allowing(["s3:*"]), allowing(["s3:*"]), reported("s3:Retired")),
      ["all-and-only 0: `s3:*` still matches something unused"],
    ],
    [
      "that what was generated matches it",
      () => ofEntries(["s3:*"], ["s3:GetBucketAcl", "s3:GetObject*"], reported("s3:GetObjectRetired")),
      ["all-and-only 0: `s3:GetObject*` still matches something unused"],
    ],
    [
      "nothing where names take its place",
      () =>
        ofEntries(["s3:*"], ["s3:GetBucketAcl", "s3:GetObject", "s3:GetObjectAcl"], reported("s3:GetObjectRetired")),
      [],
    ],
    [
      "that an entry goes which matches nothing else",
      () => against("NONE", allowing(["s3:R*"]), allowing(["s3:R*"]), reported("s3:Retired")),
      ["structure document: 1 more statements than there should be", "structure document: NONE, yet something changes"],
    ],
    ["nothing where it went", () => against("DETACH_POLICY", allowing(["s3:R*"]), null, reported("s3:Retired")), []],
    [
      "nothing where a name that the catalog lacks goes with its whole service, wildcard in the service or not",
      () => against("DETACH_POLICY", allowing(["?qs:Purge", "sqs:Purge", "sqs*"]), null),
      [],
    ],
    [
      "nothing where a whole service excepts it",
      () =>
        against("NONE", allowing(["?3:Kept", "s3:Kept"]), allowing(["?3:Kept", "s3:Kept"]), [
          { service: "s3", whole: true, names: ["kept"] },
        ]),
      [],
    ],
    [
      "nothing of texts without a colon, though they begin as the service is called",
      () => against("NONE", allowing(["s3x", "s3", "nowhere"]), allowing(["s3x", "s3", "nowhere"]), reported("s3")),
      [],
    ],
  ])("%s", (_, said, expected) => {
    expect(said()).toEqual(expected);
  });
});

describe("of NotAction the verifier says", () => {
  it.each<[string, () => readonly string[], readonly string[]]>([
    [
      "nothing where it is right",
      () => against("CREATE_POLICY", excepting(["iam:*"]), excepting(["iam:*", "s3:GetBucketAcl", "sqs:*"])),
      [],
    ],
    [
      "that a list is a text",
      () => against("CREATE_POLICY", excepting(["iam:*"]), excepting("iam:*"), []),
      ["structure 0: the entries are to stand as a list", "structure document: CREATE_POLICY, yet nothing changes"],
    ],
    [
      "that an entry is gone",
      () => against("CREATE_POLICY", excepting(["iam:*"]), excepting(["s3:GetBucketAcl", "sqs:*"])),
      [
        "never-broader 0: an entry of NotAction is gone, respelled or moved",
        "all-and-only 0: `iam:listroles` was not granted before",
      ],
    ],
    [
      "that something unused is granted still",
      () => against("CREATE_POLICY", excepting(["iam:*"]), excepting(["iam:*", "sqs:*"])),
      ["all-and-only 0: `s3:getbucketacl` is unused and still granted"],
    ],
    [
      "that nothing was added",
      () => against("NONE", excepting(["iam:*"]), excepting(["iam:*"])),
      ["all-and-only 0: `s3:getbucketacl` is unused and still granted"],
    ],
    [
      "that something used was lost",
      () => against("CREATE_POLICY", excepting(["iam:*"]), excepting(["iam:*", "s3:*", "sqs:*"])),
      ["all-and-only 0: `s3:getobject` is used and was lost"],
    ],
    [
      "that what was added takes away something unused that was not granted",
      () =>
        against(
          "CREATE_POLICY",
          excepting(["iam:*", "sqs:*"]),
          excepting(["iam:*", "sqs:*", "s3:GetBucketAcl", "sqs:SendMessage"]),
        ),
      ["all-and-only 0: `sqs:SendMessage` takes away nothing that is unused"],
    ],
    [
      "that what was added takes nothing away, or stands there already",
      () =>
        against(
          "CREATE_POLICY",
          excepting(["iam:*"]),
          excepting(["iam:*", "s3:GetBucketAcl", "sqs:*", "iam:PassRole", "SQS:*"]),
        ),
      ["all-and-only 0: `iam:PassRole` takes away nothing that is unused", "structure 0: `SQS:*` stands there already"],
    ],
  ])("%s", (_, said, expected) => {
    expect(said()).toEqual(expected);
  });
});

describe("the verifier's own matcher at the ends of texts", () => {
  it.each([
    ["a?*", "a", false],
    ["a?*", "ab", true],
    ["ab*ba", "aba", false],
    ["ab*ba", "abba", true],
    ["a*?", "a", false],
    ["*?", "", false],
    ["?", "", false],
  ])("%j covers %j: %s", (wide, text, expected) => {
    expect(covers(wide, text)).toBe(expected);
  });

  it("folds ASCII letters alone, in a text without any other character too", () => {
    expect(lowerAscii("\u212a\u00c4")).toBe("\u212a\u00c4");
    expect(lowerAscii("S3:\u212aGet\u007f")).toBe("s3:\u212aget\u007f");
  });
});
