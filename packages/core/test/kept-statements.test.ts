/** What the verifier says of statements that are to be left for their Sid's sake. */
import { describe, expect, it } from "vitest";
import type { PolicyDocument, Statement } from "../src/policy/document.ts";
import { type Unused, unusedOf } from "../src/unused/unused.ts";
import type { Claim } from "../src/verify/claim.ts";
import { Verifier } from "../src/verify/verifier.ts";

const ACTIONS = ["s3:GetBucketAcl", "s3:GetObject", "sqs:DeleteMessage", "sqs:ReceiveMessage", "sqs:SendMessage"];
const verifier = new Verifier(ACTIONS);
const UNUSED: Unused = unusedOf([
  { service: "s3", actions: ["GetBucketAcl"] },
  { service: "sqs", actions: null },
]);
const SQS = [2, 5];

const KEPT = { Sid: "KeepQueues", Effect: "Allow", Action: ["sqs:*"], Resource: "*" } satisfies Statement;
const READS = { Sid: "Reads", Effect: "Allow", Action: ["s3:Get*"], Resource: "*" } satisfies Statement;
const DENY = { Sid: "KeepOut", Effect: "Deny", Action: "sqs:*", Resource: "*" } satisfies Statement;
const READ = { ...READS, Action: ["s3:GetObject"] };
const BEFORE: PolicyDocument = { Version: "2012-10-17", Statement: [READS, KEPT, DENY] };

function claim(after: readonly Statement[] | null, more: Partial<Claim> = {}): Claim {
  return {
    before: BEFORE,
    after: after === null ? null : { ...BEFORE, Statement: after },
    recommendedAction: after === null ? "DETACH_POLICY" : "CREATE_POLICY",
    unused: UNUSED,
    keptSids: ["Keep"],
    ...more,
  };
}
function refusals(given: Claim): readonly string[] {
  return verifier.verify(given).violations.map(({ law, statement, message }) => `${law} ${statement}: ${message}`);
}

describe("a kept statement", () => {
  it("that is as it was passes, and what it grants is granted still", () => {
    expect(verifier.verify(claim([READ, KEPT, DENY]))).toEqual({
      violations: [],
      grants: { before: 5, removed: 1, after: 4 },
    });
    expect(verifier.granted(BEFORE, UNUSED, ["Keep"])).toEqual({
      before: [0, 5],
      removed: [0, 1],
      after: [1, 5],
    });
  });

  it("may not be refined, though what it loses is unused", () => {
    const changed = "structure 1: the statement is kept for its Sid's sake, yet it has changed";
    const two = ["sqs:ReceiveMessage", "sqs:SendMessage"];
    for (const other of [
      { ...KEPT, Action: [] },
      { ...KEPT, Action: two },
      { ...KEPT, Action: "sqs:*" },
      { ...KEPT, Action: ["SQS:*"] },
      { ...KEPT, Sid: "KeepAll" },
      { ...KEPT, Resource: ["*"] },
      { Effect: "Allow", Sid: "KeepQueues", Action: ["sqs:*"], Resource: "*" } as const,
    ]) {
      expect(refusals(claim([READ, other, DENY]))).toEqual([changed]);
    }
  });

  it("may not go, nor change its place", () => {
    expect(refusals(claim([READ, DENY]))).toEqual([
      "structure 1: the statement is kept for its Sid's sake, yet it has changed",
      "deny-intact 2: the statement is missing",
    ]);
    expect(refusals(claim([KEPT, READ, DENY]))).not.toEqual([]);
    expect(refusals(claim(null))).toContain("all-and-only 1: the statement is missing");
    const alone = { before: { Statement: [KEPT] }, after: { Statement: [] } };
    expect(refusals(claim([], alone))).toContain("all-and-only 0: the statement is missing");
  });

  it("may not be what is told to have changed", () => {
    const changes = [
      { statement: 0, element: "Action", entry: "s3:Get*", replacedBy: ["s3:GetObject"] },
      { statement: 1, element: "Action", entry: "sqs:*", replacedBy: ["sqs:*"] },
    ] as const;
    expect(refusals(claim([READ, KEPT, DENY], { changes: changes.slice(0, 1) }))).toEqual([]);
    expect(refusals(claim([READ, KEPT, DENY], { changes }))).toEqual([
      "changes null: 1 of the changes are of entries that have not changed",
    ]);
  });

  it("makes NONE right where nothing else is unused, and anything else wrong", () => {
    const before: PolicyDocument = { Statement: [KEPT] };
    const none = claim([], { before, after: before, recommendedAction: "NONE" });
    expect(verifier.verify(none)).toEqual({ violations: [], grants: { before: 3, removed: 0, after: 3 } });
    expect(refusals({ ...none, recommendedAction: "CREATE_POLICY" })).not.toEqual([]);
    expect(refusals({ ...none, recommendedAction: "DETACH_POLICY", after: null })).not.toEqual([]);
  });

  it("of NotAction grants on what it does not except, beside another that grants some of it too", () => {
    const rest = { Sid: "KeepRest", Effect: "Allow", NotAction: "s3:*", Resource: "*" } satisfies Statement;
    const before = { Statement: [rest, { ...READS, Action: ["sqs:SendMessage", "s3:GetBucketAcl"] }] };
    const after = { Statement: [rest] };
    expect(verifier.verify(claim([], { before, after })).violations).toEqual([]);
    expect(verifier.granted(before, UNUSED, ["Keep"])).toEqual({ before: [0, 1, ...SQS], removed: [0, 1], after: SQS });
    const two = { Statement: [KEPT, rest] };
    expect(verifier.granted(two, UNUSED, ["Keep"])).toEqual({ before: SQS, removed: [], after: SQS });
  });
});

describe("a statement that is not kept", () => {
  it("may not be left though something of it is unused, whatever else is kept", () => {
    expect(refusals(claim([READS, KEPT, DENY]))).toContain("all-and-only 0: `s3:Get*` still matches something unused");
    expect(refusals(claim([READS, KEPT, DENY], { recommendedAction: "NONE", after: BEFORE }))).not.toEqual([]);
  });

  it.each([
    ["no Sid is kept", []],
    ["another case is", ["keep"]],
    ["the middle of the Sid is", ["Queues"]],
    ["a longer Sid is", ["KeepQueues2"]],
  ])("may not be left where %s", (_, keptSids) => {
    expect(refusals(claim([READ, KEPT, DENY], { keptSids }))).not.toEqual([]);
    expect(refusals(claim([READ, DENY], { keptSids }))).toEqual([]);
    expect(verifier.granted(BEFORE, UNUSED, keptSids).removed).toEqual([0, 1, ...SQS]);
  });

  it("is none that is kept where nobody says which are", () => {
    const { keptSids: _, ...unsaid } = claim([READ, KEPT, DENY]);
    expect(refusals(unsaid)).not.toEqual([]);
    expect(verifier.granted(BEFORE, UNUSED).removed).toEqual([0, 1, ...SQS]);
  });

  it("has no Sid, or one that is no text: the start of all Sids does not keep it", () => {
    const { Sid: _, ...nameless } = KEPT;
    for (const statement of [nameless, { ...KEPT, Sid: 7 } as unknown as Statement]) {
      const before = { Statement: [READS, statement] };
      expect(refusals(claim([], { before, after: { Statement: [READS, statement] }, keptSids: [""] }))).not.toEqual([]);
    }
  });

  it("does not become kept by a Sid that it gains", () => {
    const before = { Statement: [READS] };
    expect(refusals(claim([], { before, after: { Statement: [{ ...READS, Sid: "Keep" }] } }))).toContain(
      "structure 0: something other than the entries has changed",
    );
  });
});

it("two answers by one verifier do not mix up what is kept", () => {
  for (const keptSids of [["Keep"], [], ["Reads"], ["Keep"]]) {
    expect(verifier.granted(BEFORE, UNUSED, keptSids)).toEqual(new Verifier(ACTIONS).granted(BEFORE, UNUSED, keptSids));
  }
});
