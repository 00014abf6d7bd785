import type { HandoffFacts, PolicyRecommendationRow, PolicyStanding } from "@leastwise/store";
import { describe, expect, test } from "vitest";
import { byAccount } from "../src/handoff/by-account.ts";
import type { SwapChange } from "../src/handoff/change.ts";
import { copyNames } from "../src/handoff/copy-names.ts";
import { documentText } from "../src/handoff/document-text.ts";
import { planPrincipal } from "../src/handoff/plan-principal.ts";
import { planShared } from "../src/handoff/plan-shared.ts";
import { shellQuote } from "../src/handoff/shell-quote.ts";
import { row } from "./handoff-account.ts";
import { allowing } from "./leastwise.ts";

const ROLE = "arn:aws:iam::123456789012:role/app/checkout";
const OWN = "arn:aws:iam::123456789012:policy/team/Own";
const BEFORE = allowing("s3:*");
const AFTER = [allowing("s3:Get*")];
const PARTS = [allowing("s3:Get*"), allowing("s3:List*")];

function facts(standing: Partial<PolicyStanding> = {}, more: Partial<HandoffFacts> = {}): HandoffFacts {
  return {
    markOf: () => null,
    standingOf: () => ({ holders: 1, attachmentCount: 1, isBoundary: false, ...standing }),
    isNameTaken: () => false,
    attachedTo: () => [],
    ...more,
  };
}

const own = row(ROLE, "customer", OWN, "Own", BEFORE, AFTER);

describe("a customer managed policy changes in place", () => {
  test.each([
    ["when its one holder is all that has it", { attachmentCount: 1 }, "version"],
    ["when the export does not say who else has it: the script looks", { attachmentCount: null }, "version"],
    ["but not when AWS counts another holder", { attachmentCount: 2 }, "swap"],
    ["but not when it is somebody's boundary", { isBoundary: true }, "swap"],
  ] as const)("%s", (_name, standing, type) => {
    expect(planPrincipal([own], facts(standing), "in-place").changes.map((change) => change.type)).toEqual([type]);
  });

  test("for all at once when it is shared: the single principals' answers are not applied", () => {
    expect(planPrincipal([own], facts({ holders: 2 }), "in-place")).toEqual({ changes: [], notApplied: [] });
    expect(planPrincipal([own], facts({ holders: 2 }), "copies").changes).toMatchObject([{ type: "swap", old: OWN }]);
  });
});

/** Why the policy is left out, with this changed. */
function reasonOf(changed: object, more: Partial<HandoffFacts> = {}): readonly string[] {
  const { changes, notApplied } = planPrincipal([{ ...own, ...changed }], facts({}, more), "in-place");
  expect(changes).toEqual([]);
  return notApplied.map(({ reason }) => reason);
}

describe("left out, with the reason,", () => {
  test("is what is left alone, what does not fit, and what is not ours to change", () => {
    expect(reasonOf({ left_because: "exclude.paths: /app/", recommended_action: "NONE" })).toEqual([
      "left alone: exclude.paths: /app/",
    ]);
    expect(reasonOf({ fit: "does-not-fit" })).toEqual([
      expect.stringContaining("however it is written; do it by hand"),
    ]);
    expect(reasonOf({ fit: "too-large", size_after: 6145 })).toEqual([
      "it would be too large for IAM (6145 of 6144 characters); refine with --fit",
    ]);
    expect(reasonOf({}, { markOf: () => "service-linked" })).toEqual(["service-linked: AWS lets nobody change it"]);
  });

  test("is nothing of what stays as it is: there is nothing to apply", () => {
    expect(reasonOf({ recommended_action: "NONE" })).toEqual([]);
  });

  test("is what IAM cannot have told: a policy of another account, another partition, or an impossible name", () => {
    for (const changed of [
      { policy_key: "arn:aws:iam::999999999999:policy/Own" },
      { policy_key: "arn:aws-cn:iam::123456789012:policy/Own" },
      { policy_key: "arn:aws:iam::aws:policy/Own" },
      { policy_kind: "aws" },
      { policy_name: "a b" },
      { policy_name: "x".repeat(129) },
    ]) {
      expect(reasonOf(changed)).toEqual(["IAM allows no such name, so the export is not genuine"]);
    }
  });
});

describe("the order of one principal's changes", () => {
  test("is by growth: what shrinks makes room for what grows", () => {
    const sized = (name: string, after: typeof AFTER, characters_after: number): ReturnType<typeof row> => ({
      ...row(ROLE, "inline", `${ROLE}#${name}`, name, BEFORE, after),
      characters_before: 100,
      characters_after,
    });
    const rows = [sized("grows", AFTER, 200), sized("shrinks", AFTER, 50), sized("goes", [], 0)];
    const { changes } = planPrincipal(rows, facts(), "in-place");
    expect(changes.map(({ id }) => id)).toEqual([
      "role/checkout/inline-goes",
      "role/checkout/inline-shrinks",
      "role/checkout/inline-grows",
    ]);
  });

  test("takes out inline policies that become managed ones before others grow in their place", () => {
    const inline = (name: string, parts: typeof PARTS, before: number, after: number): ReturnType<typeof row> => ({
      ...row(ROLE, "inline", `${ROLE}#${name}`, name, BEFORE, parts),
      characters_before: before,
      characters_after: after,
    });
    const rows = [inline("grows", AFTER, 300, 3300), inline("moves", PARTS, 9000, 15_000)];
    expect(planPrincipal(rows, facts(), "in-place").changes.map(({ id }) => id)).toEqual([
      "role/checkout/inline-moves",
      "role/checkout/inline-grows",
    ]);
  });

  test("makes room for parts by what is detached", () => {
    const large = row(ROLE, "aws", "arn:aws:iam::aws:policy/Large", "Large", BEFORE, PARTS);
    const small = row(ROLE, "aws", "arn:aws:iam::aws:policy/Small", "Small", BEFORE, []);
    const rows = [
      { ...large, characters_before: 20_000, characters_after: 9000 },
      { ...small, characters_before: 300, characters_after: 0 },
    ];
    expect(planPrincipal(rows, facts(), "in-place").changes.map(({ id }) => id)).toEqual([
      "role/checkout/aws-Small",
      "role/checkout/aws-Large",
    ]);
  });
});

describe("ids", () => {
  test("differ where policies differ by path or case alone", () => {
    const arns = [
      "arn:aws:iam::aws:policy/Read",
      "arn:aws:iam::aws:policy/service-role/Read",
      "arn:aws:iam::aws:policy/job-function/READ",
    ];
    const rows = arns.map((arn) => row(ROLE, "aws", arn, arn.slice(arn.lastIndexOf("/") + 1), BEFORE, AFTER));
    const { changes } = planPrincipal(rows, facts(), "in-place");
    expect(new Set(changes.map(({ id }) => id.toLowerCase())).size).toBe(3);
    expect(new Set(changes.flatMap(({ documents }) => documents.map(({ path }) => path.toLowerCase()))).size).toBe(6);
    expect(new Set((changes as readonly SwapChange[]).flatMap(({ copies }) => copies)).size).toBe(3);
  });
});

describe("the names of what takes a policy's place", () => {
  test("are legal and not shared, however long the names they are made of", () => {
    const long = "x".repeat(128);
    const names = ["a", "b"].flatMap((holder) => copyNames(long, long, `${ROLE}${holder}`, OWN, 12));
    for (const name of names) expect(name).toMatch(/^[\w+=,.@-]{1,128}$/);
    expect(new Set(names).size).toBe(24);
  });

  test("of a split policy are NAME-1, NAME-2, unless somebody has one of them, or they are too long", () => {
    const split = row(ROLE, "customer", OWN, "Own", BEFORE, PARTS);
    const copiesOf = (
      standing: Partial<PolicyStanding>,
      isNameTaken: HandoffFacts["isNameTaken"],
      changed: object = {},
    ): unknown =>
      (
        planPrincipal([{ ...split, ...changed }], facts(standing, { isNameTaken }), "copies")
          .changes as readonly SwapChange[]
      ).flatMap(({ copies }) => copies);
    expect(copiesOf({}, () => false)).toEqual(["Own-1", "Own-2"]);
    expect(copiesOf({}, (_account, name) => name === "Own-2")).toEqual([
      expect.stringMatching(/^Own-checkout-[0-9a-f]{8}-1$/),
      expect.stringMatching(/^Own-checkout-[0-9a-f]{8}-2$/),
    ]);
    expect(copiesOf({ holders: 2 }, () => false)).toEqual([
      expect.stringMatching(/^Own-checkout-/),
      expect.stringMatching(/^Own-checkout-/),
    ]);
    const long = "x".repeat(127);
    expect(
      copiesOf({}, () => false, { policy_name: long, policy_key: `arn:aws:iam::123456789012:policy/${long}` }),
    ).toEqual([expect.stringMatching(/^x{56}-checkout-[0-9a-f]{8}-1$/), expect.stringMatching(/-2$/)]);
  });
});

describe("a shared policy", () => {
  const { principal_arn: _arn, principal_kind: _kind, policy_kind: _policyKind, ...rest } = own;
  const shared: PolicyRecommendationRow = { ...rest, principals: 2, parts: null, fit: "fits" };
  const holders = [ROLE, "arn:aws:iam::123456789012:user/ops"];

  test("changes for all, and the script is told who they are", () => {
    const { changes } = planShared(shared, holders, false, facts());
    expect(changes).toMatchObject([{ type: "version", id: "policy/Own", policyArn: OWN }]);
    expect(changes[0]?.documents.find(({ path }) => path.endsWith("holders.txt"))?.text).toBe(
      "role\tcheckout\nuser\tops\n",
    );
  });

  test("of which nothing goes is told of only when somebody stands in the way", () => {
    const kept: PolicyRecommendationRow = { ...shared, recommended_action: "NONE" };
    expect(planShared(kept, holders, false, facts())).toEqual({ changes: [], notApplied: [] });
    expect(planShared(kept, holders, true, facts()).notApplied).toMatchObject([
      { arn: OWN, reason: expect.stringContaining("--shared copies") as string },
    ]);
  });

  test("is not taken from a role to which AWS alone attaches policies", () => {
    const gone: PolicyRecommendationRow = { ...shared, recommended_action: "DETACH_POLICY", recommended_policy: null };
    expect(planShared(gone, holders, false, facts()).changes).toHaveLength(2);
    const plan = planShared(
      gone,
      holders,
      false,
      facts({}, { markOf: (arn) => (arn === ROLE ? "identity-center" : null) }),
    );
    expect(plan).toMatchObject({ changes: [], notApplied: [{ reason: expect.stringContaining(ROLE) as string }] });
  });

  test("that is left alone or too large is left out", () => {
    for (const changed of [
      { left_because: "exclude.policies: Own" },
      { fit: "does-not-fit" as const },
      { policy_key: "arn:aws:iam::123456789012:policy/a b" },
    ]) {
      expect(planShared({ ...shared, ...changed }, holders, false, facts())).toMatchObject({
        changes: [],
        notApplied: [{}],
      });
    }
  });
});

function principalIn(partition: string, account: string): readonly ReturnType<typeof row>[] {
  return [row(`arn:${partition}:iam::${account}:role/r`, "inline", "k", "n", BEFORE, AFTER)];
}

function policyIn(partition: string, account: string): PolicyRecommendationRow {
  const { principal_arn: _arn, principal_kind: _kind, policy_kind: _policyKind, ...rest } = own;
  return { ...rest, policy_key: `arn:${partition}:iam::${account}:policy/p`, principals: 2, parts: null, fit: "fits" };
}

test("both streams come together by account, shared policies first, in all partitions", () => {
  const parts = byAccount(
    [policyIn("aws-cn", "000000000009"), policyIn("aws", "000000000001"), policyIn("aws", "000000000003")],
    [
      principalIn("aws-us-gov", "000000000002"),
      principalIn("aws", "000000000001"),
      principalIn("aws", "000000000002"),
      principalIn("aws", "000000000004"),
    ],
  );
  expect(
    [...parts].map((part) => `${part.partition} ${part.accountId} ${"shared" in part ? "policy" : "principal"}`),
  ).toEqual([
    "aws-cn 000000000009 policy",
    "aws-us-gov 000000000002 principal",
    "aws 000000000001 policy",
    "aws 000000000001 principal",
    "aws 000000000002 principal",
    "aws 000000000003 policy",
    "aws 000000000004 principal",
  ]);
});

test("a document's file is ASCII, without a backtick, and means the same", () => {
  const document = { Sid: "é`\u2028😀\u007f", Resource: "${aws:username}" };
  const text = documentText(JSON.stringify(document));
  expect(text).toMatch(/^[\n\x20-\x7e]+$/);
  expect(text).not.toContain("`");
  expect(JSON.parse(text)).toEqual(document);
});

test("a word for the shell is what it was, and never holds what no name holds", () => {
  expect(shellQuote('it\'s $(a) `b` "c" \\')).toBe(`'it'\\''s $(a) \`b\` "c" \\'`);
  for (const word of ["a\nb", "\u0000", "é"]) expect(() => shellQuote(word)).toThrow("legal name");
});
