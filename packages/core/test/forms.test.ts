/** SEMANTICS 9: how what is left of a wildcard is written where few characters count. */
import { describe, expect, it } from "vitest";
import { type PolicyDocument, type Statement, statementsOf } from "../src/policy/document.ts";
import { DEFAULT_OPTIONS, type Fit, type RefinementOptions } from "../src/refine/options.ts";
import { type Refinement, refinePolicy } from "../src/refine/policy.ts";
import { resolveUnused } from "../src/refine/resolved-unused.ts";
import type { CatalogTrie } from "../src/trie/trie.ts";
import { NOTHING_UNUSED, type Unused, unusedOf } from "../src/unused/unused.ts";
import { Verifier } from "../src/verify/verifier.ts";
import { actionsOf2024, catalogOf } from "./catalog.ts";

const INNER: Fit = { form: "inner" };
const CHARACTERS: Fit = { form: "characters", shortest: 4 };

const S3 = [
  "s3:DeleteObject",
  "s3:DeleteObjectTagging",
  "s3:GetBucketAcl",
  "s3:GetBucketTagging",
  "s3:GetObject",
  "s3:GetObjectAcl",
  "s3:GetObjectTagging",
  "s3:PutBucketTagging",
  "s3:PutObject",
  "s3:PutObjectTagging",
  "s3:PutObjectVersionTagging",
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

function allowing(element: Partial<Statement>): PolicyDocument {
  return { Version: "2012-10-17", Statement: [{ Effect: "Allow", ...element, Resource: "*" }] };
}

/** Refined, and passed by the verifier as of that form. */
function refined(
  catalog: CatalogTrie,
  before: PolicyDocument,
  unused: Unused,
  options: Partial<RefinementOptions>,
): Refinement {
  const given = { ...DEFAULT_OPTIONS, ...options };
  const refinement = refinePolicy(catalog, resolveUnused(catalog, unused), given, before);
  const { policy: after, recommendedAction, changes } = refinement;
  const names = Array.from({ length: catalog.actionCount }, (_, id) => catalog.name(id));
  const { fit, keptSids } = given;
  const claim = { before, after, recommendedAction, changes, unused, keptSids };
  expect(new Verifier(names).verify(fit === undefined ? claim : { ...claim, fit }).violations).toEqual([]);
  return refinement;
}

/** What a statement's entries become; a list, however it stands there. */
function entriesAfter(
  actions: readonly string[],
  element: Partial<Statement>,
  unused: Unused,
  options: Partial<RefinementOptions>,
): readonly string[] {
  const [statement] = statementsOf(refined(catalogOf(actions), allowing(element), unused, options).policy!); // something is left in each test
  return [statement!.Action ?? statement!.NotAction ?? []].flat();
}

describe("inner patterns", () => {
  it("everything of tagging is written as one pattern where only reading and writing objects is unused", () => {
    const unused = reported("s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:GetObjectAcl", "s3:GetBucketAcl");
    expect(entriesAfter(S3, { Action: "s3:*" }, unused, {})).toEqual(S3.filter((action) => action.endsWith("Tagging")));
    expect(entriesAfter(S3, { Action: "s3:*" }, unused, { fit: INNER })).toEqual(["s3:*Tagging"]);
  });

  it("reading tags: `s3:Get*Tagging`, since writing them is unused", () => {
    const unused = reported(...S3.filter((action) => !/Get.*Tagging/.test(action)));
    expect(entriesAfter(S3, { Action: "s3:*" }, unused, { fit: INNER })).toEqual(["s3:Get*Tagging"]);
  });

  it("one action is written by its name, however long, since a pattern for it alone would only hide it", () => {
    const unused = reported(...S3.filter((action) => action !== "s3:PutObjectVersionTagging"));
    expect(entriesAfter(S3, { Action: "s3:*" }, unused, { fit: INNER })).toEqual(["s3:PutObjectVersionTagging"]);
  });

  it("a star stands for whole words only: `ec2:*s` would be shorter", () => {
    const ec2 = ["ec2:DescribeImages", "ec2:DescribeVolumes", "ec2:RunInstances", "ec2:StopInstance"];
    expect(entriesAfter(ec2, { Action: "ec2:*" }, reported("ec2:StopInstance"), { fit: INNER })).toEqual([
      "ec2:Describe*",
      "ec2:RunInstances",
    ]);
  });

  it("safety is decided on characters: `Describe*Instance*` also matches what has Instances as a word", () => {
    const ec2 = ["ec2:DescribeDBInstance", "ec2:DescribeMyInstance", "ec2:DescribeInstancesOf"];
    expect(entriesAfter(ec2, { Action: "ec2:*" }, reported("ec2:DescribeInstancesOf"), { fit: INNER })).toEqual([
      "ec2:*Instance",
    ]);
    const others = [...ec2, "ec2:DescribeOtherinstance"];
    expect(
      entriesAfter(others, { Action: "ec2:*" }, reported("ec2:DescribeInstancesOf", "ec2:DescribeOtherinstance"), {
        fit: INNER,
      }),
    ).toEqual(["ec2:DescribeDBInstance", "ec2:DescribeMyInstance"]);
  });

  it("an unused action that the catalog lacks is as unsafe as one that it has", () => {
    const unused = reported(
      "s3:GetObject",
      "s3:PutObject",
      "s3:DeleteObject",
      "s3:GetObjectAcl",
      "s3:GetBucketAcl",
      "s3:HeadTagging",
    );
    expect(entriesAfter(S3, { Action: "s3:*" }, unused, { fit: INNER })).toEqual([
      "s3:*BucketTagging",
      "s3:*Object*Tagging",
    ]);
  });

  it("inside a service that is unused whole what is excepted goes by its name", () => {
    const unused: Unused = [{ service: "s3", whole: true, names: ["getbuckettagging", "getobjecttagging"] }];
    const names = ["s3:GetBucketTagging", "s3:GetObjectTagging"];
    expect(entriesAfter(S3, { Action: "s3:*" }, unused, { fit: INNER })).toEqual(names);
    expect(entriesAfter(S3, { Action: "s3:*" }, unused, { fit: CHARACTERS })).toEqual(names);
  });

  it("a service whose granularity is exact goes by names in every form", () => {
    const unused = reported(...S3.filter((action) => !/Get.*Tagging/.test(action)));
    const services = [["s3", "exact"]] as const;
    for (const fit of [INNER, CHARACTERS]) {
      expect(entriesAfter(S3, { Action: "s3:*" }, unused, { fit, services })).toEqual([
        "s3:GetBucketTagging",
        "s3:GetObjectTagging",
      ]);
    }
  });

  it("nothing reaches out of the entry it stands for: `s3:*Tagging` would grant writing tags", () => {
    const unused = reported("s3:GetObject", "s3:GetObjectAcl", "s3:GetBucketAcl");
    expect(entriesAfter(S3, { Action: ["s3:Get*"] }, unused, { fit: INNER })).toEqual(["s3:Get*Tagging"]);
  });

  it("each pattern stands in the place of the first entry that it lies inside", () => {
    const before = { Action: ["s3:Put*", "sqs:SendMessage", "s3:*"] };
    const unused = reported("s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:GetObjectAcl", "s3:GetBucketAcl");
    const { changes } = refined(catalogOf([...S3, "sqs:SendMessage"]), allowing(before), unused, { fit: INNER });
    expect(changes).toEqual([
      { statement: 0, element: "Action", entry: "s3:Put*", replacedBy: [] },
      { statement: 0, element: "Action", entry: "s3:*", replacedBy: ["s3:*Tagging"] },
    ]);
  });

  it("what an entry that stays grants need not be written again", () => {
    const unused = reported("s3:GetObjectAcl", "s3:PutObject", "s3:DeleteObject");
    const before = { Action: ["s3:*Tagging", "s3:GetBucket*", "s3:*"] };
    expect(entriesAfter(S3, before, unused, { fit: INNER })).toEqual(["s3:*Tagging", "s3:GetBucket*", "s3:GetObject"]);
    expect(entriesAfter(S3, { Action: ["s3:GetObject", ...before.Action] }, unused, { fit: INNER })).toEqual([
      "s3:GetObject",
      "s3:*Tagging",
      "s3:GetBucket*",
    ]);
  });

  it("is the answer of word prefixes, byte for byte, where nothing is shorter", () => {
    const unused = reported(...S3.filter((action) => action.startsWith("s3:Put")));
    const catalog = catalogOf(S3);
    const before = allowing({ Action: "s3:*" });
    const texts = [{}, { fit: INNER }].map((options) =>
      JSON.stringify(refined(catalog, before, unused, options)?.policy),
    );
    expect(texts[1]).toBe(texts[0]);
  });

  it("a string stays a string where one pattern is left, and a kept statement stays as it is", () => {
    const unused = reported("s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:GetObjectAcl", "s3:GetBucketAcl");
    const kept = { Sid: "KeepMe", Effect: "Allow", Action: "s3:*", Resource: "*" } as const;
    const before = { Statement: [kept, { Effect: "Allow", Action: "s3:*", Resource: "*" }] } as const;
    expect(refined(catalogOf(S3), before, unused, { fit: INNER, keptSids: ["Keep"] }).policy).toEqual({
      Statement: [kept, { Effect: "Allow", Action: "s3:*Tagging", Resource: "*" }],
    });
  });

  it("what an entry requires after a word prefix stays, though it may be no whole word", () => {
    const unused = reported("s3:GetObjectTagging", "s3:PutBucketTagging");
    expect(entriesAfter(S3, { Action: "s3:*ging" }, unused, { fit: INNER })).toEqual([
      "s3:DeleteObjectTagging",
      "s3:GetBucketTagging",
      "s3:PutObject*ging",
    ]);
  });

  it("pieces are spelled as the catalog does, whatever the entry's case", () => {
    const unused = reported("s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:GetObjectAcl", "s3:GetBucketAcl");
    expect(entriesAfter(S3, { Action: "S3:*" }, unused, { fit: INNER })).toEqual(["s3:*Tagging"]);
    const names = ["a:GetDBTag", "a:PutDbTag", "a:Drop"];
    expect(entriesAfter(names, { Action: "a:*" }, reported("a:Drop"), { fit: INNER })).toEqual(["a:*DB*"]);
  });

  it("refined again with the same report nothing changes", () => {
    const unused = reported("s3:GetObject", "s3:PutObject", "s3:GetBucketAcl");
    for (const fit of [INNER, CHARACTERS]) {
      const first = refined(catalogOf(S3), allowing({ Action: ["s3:*", "s3:Get*"] }), unused, { fit });
      expect(refined(catalogOf(S3), first.policy!, unused, { fit }).recommendedAction).toBe("NONE");
    }
  });
});

describe("NotAction", () => {
  it("excepts what is unused by inner patterns that leave what is used", () => {
    const unused = reported(...S3.filter((action) => action.endsWith("Tagging")));
    expect(entriesAfter([...S3, "iam:PassRole"], { NotAction: ["iam:*"] }, unused, { fit: INNER })).toEqual([
      "iam:*",
      "s3:*Tagging",
    ]);
  });

  it("a pattern may also match what is excepted already", () => {
    const unused = reported("s3:PutBucketTagging", "s3:PutObjectTagging");
    const element = { NotAction: ["s3:Get*", "s3:Delete*", "s3:PutObjectVersionTagging"] };
    expect(entriesAfter(S3, element, unused, { fit: INNER }).slice(3)).toEqual(["s3:*Tagging"]);
  });

  it("may be cut anywhere where characters count", () => {
    const unused = reported("s3:DeleteObjectTagging");
    expect(entriesAfter(S3, { NotAction: "iam:*" }, unused, { fit: INNER }).slice(1)).toEqual([
      "s3:DeleteObjectTagging",
    ]);
    expect(entriesAfter(S3, { NotAction: "iam:*" }, unused, { fit: CHARACTERS }).slice(1)).toEqual([
      "s3:Delete*Tagging",
    ]);
  });
});

describe("characters", () => {
  it("a single action is cut where nothing unused starts alike", () => {
    const ec2 = ["ec2:DescribeVerifiedAccessGroupPolicy", "ec2:DescribeVpcs", "ec2:RunInstances"];
    const unused = reported("ec2:DescribeVpcs", "ec2:RunInstances");
    expect(entriesAfter(ec2, { Action: "ec2:*" }, unused, { fit: INNER })).toEqual([ec2[0]]);
    expect(entriesAfter(ec2, { Action: "ec2:*" }, unused, { fit: CHARACTERS })).toEqual(["ec2:*Group*"]);
  });

  it("no prefix that ends inside a word is shorter than asked for", () => {
    const sqs = ["sqs:Receive", "sqs:Send"];
    const at = (shortest: number): readonly string[] =>
      entriesAfter(sqs, { Action: "sqs:*" }, reported("sqs:Send"), { fit: { form: "characters", shortest } });
    expect(at(1)).toEqual(["sqs:R*"]);
    expect(at(4)).toEqual(["sqs:Rece*"]);
    expect(at(5)).toEqual(["sqs:Recei*"]);
    expect(at(6)).toEqual(["sqs:Receive"]); // no longer than `sqs:Receiv*`, and grants nothing that nobody knows
    expect(at(40)).toEqual(["sqs:Receive"]);
  });

  it("a name that is no longer than its prefix stands for itself", () => {
    const sqs = ["sqs:Rec", "sqs:Send"];
    expect(
      entriesAfter(sqs, { Action: "sqs:*" }, reported("sqs:Send"), { fit: { form: "characters", shortest: 2 } }),
    ).toEqual(["sqs:Rec"]);
  });

  it("an unused name that starts alike, in the catalog or not, pushes the cut behind it", () => {
    const sqs = ["sqs:ReceiveMessages", "sqs:Send"];
    const unused = reported("sqs:Send", "sqs:Receipt");
    const fit: Fit = { form: "characters", shortest: 4 };
    expect(entriesAfter(sqs, { Action: "sqs:R*" }, unused, { fit })).toEqual(["sqs:Receiv*"]);
  });
});

describe("on all of AWS", () => {
  const actions = actionsOf2024();
  const aws = catalogOf(actions);
  const everySecond = unusedOf(
    actions
      .toSorted()
      .filter((_, place) => place % 2 === 0)
      .map((action) => ({ service: action.replace(/:.*/, ""), actions: [action.replace(/.*:/, "")] })),
  );

  it.each(["ec2:*", "iam:*", "s3:*", "sagemaker:*Model*", "*:Describe*"])(
    "the size of %s only shrinks along the ladder, and nothing is shorter for certain",
    (entry) => {
      const forms = [{}, { fit: INNER }, { fit: CHARACTERS }].map((options) =>
        refined(aws, allowing({ Action: entry }), everySecond, options),
      );
      const [prefixes, inner, characters] = forms.map(({ policy }) => JSON.stringify(policy).length) as [
        number,
        number,
        number,
      ]; // three went in
      expect(inner).toBeLessThan(prefixes);
      expect(characters).toBeLessThan(inner);
      expect(forms.map(({ fitted }) => fitted)).toEqual([
        { statements: 0, shortest: 0 },
        { statements: 1, shortest: 1 },
        { statements: 1, shortest: 1 },
      ]);
    },
  );

  it("nothing is chosen where nothing is unused", () => {
    const { recommendedAction, fitted } = refined(aws, allowing({ Action: "ec2:*" }), NOTHING_UNUSED, { fit: INNER });
    expect(recommendedAction).toBe("NONE");
    expect(fitted).toEqual({ statements: 0, shortest: 0 });
  });

  it("an entry made to be slow is done all the same", () => {
    const hostile = [`ec2:${"*e".repeat(40)}*`, `*${"?*".repeat(30)}`, `e*c2:*${"s*".repeat(8)}`];
    const { policy } = refined(aws, allowing({ Action: hostile }), everySecond, { fit: CHARACTERS });
    expect(policy).not.toBeNull();
  });
});
