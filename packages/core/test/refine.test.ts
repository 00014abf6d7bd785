import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type IntervalSet, ids } from "../src/interval/interval-set.ts";
import { type PolicyDocument, type Statement, statementsOf } from "../src/policy/document.ts";
import { DEFAULT_OPTIONS, type RefinementOptions } from "../src/refine/options.ts";
import { type Refinement, refinePolicy } from "../src/refine/policy.ts";
import { resolveUnused } from "../src/refine/resolved-unused.ts";
import type { CatalogTrie } from "../src/trie/trie.ts";
import { type Unused, type UnusedReport, intersectionOf, unionOf, unusedOf } from "../src/unused/unused.ts";
import { actionsOf2024, catalogOf } from "./catalog.ts";

const aws = catalogOf(actionsOf2024());

/** A part of AWS small enough to see at a glance what is left of a wildcard. */
const small = catalogOf([
  "ec2:DescribeImages",
  "ec2:DescribeInstanceStatus",
  "ec2:DescribeInstances",
  "iam:GetRole",
  "iam:ListRoles",
  "iam:PassRole",
  "s3:DeleteObject",
  "s3:GetBucketAcl",
  "s3:GetBucketCORS",
  "s3:GetObject",
  "s3:GetObjectAcl",
  "s3:GetObjectTagging",
  "s3:ListBucket",
  "s3:PutBucketTagging",
  "s3:PutObject",
  "s3:PutObjectTagging",
  "s3:PutObjectVersionTagging",
  "sqs:ReceiveMessage",
  "sqs:SendMessage",
]);

/** U of lines such as `s3:GetObject`, and `s3` for the whole service. */
function reported(...lines: readonly string[]): Unused {
  return unusedOf(
    lines.map((line): UnusedReport => {
      const colon = line.indexOf(":");
      return colon < 0
        ? { service: line, actions: null }
        : { service: line.slice(0, colon), actions: [line.slice(colon + 1)] };
    }),
  );
}

function refine(
  policy: PolicyDocument,
  unused: Unused,
  { catalog = small, ...options }: { catalog?: CatalogTrie } & Partial<RefinementOptions> = {},
): Refinement {
  return refinePolicy(catalog, resolveUnused(catalog, unused), { ...DEFAULT_OPTIONS, ...options }, policy);
}

function allowing(element: Partial<Statement>): PolicyDocument {
  return { Version: "2012-10-17", Statement: [{ Effect: "Allow", ...element, Resource: "*" }] };
}

/** What is left of the entries of one Allow statement, or the recommended action where it is another than CREATE_POLICY. */
function left(action: string | readonly string[], unused: Unused, options?: Parameters<typeof refine>[2]): unknown {
  return elementLeft(refine(allowing({ Action: action }), unused, options), "Action");
}
function leftOut(
  notAction: string | readonly string[],
  unused: Unused,
  options?: Parameters<typeof refine>[2],
): unknown {
  return elementLeft(refine(allowing({ NotAction: notAction }), unused, options), "NotAction");
}
function elementLeft({ recommendedAction, policy }: Refinement, element: "Action" | "NotAction"): unknown {
  if (recommendedAction !== "CREATE_POLICY") return recommendedAction;
  return statementsOf(policy ?? { Statement: [] })[0]?.[element];
}

describe("published example", () => {
  it("gives the policy that Amazon Science printed in June 2024", () => {
    const url = new URL("../../../test-data/golden/amazon-science-2024.json", import.meta.url);
    const golden = JSON.parse(readFileSync(url, "utf8")) as {
      readonly policy: PolicyDocument;
      readonly unused: readonly { readonly serviceNamespace: string; readonly actions: readonly string[] }[];
      readonly recommended: PolicyDocument;
    }; // the file's own form
    const unused = unusedOf(
      golden.unused.map(({ serviceNamespace, actions }) => ({ service: serviceNamespace, actions })),
    );
    const { recommendedAction, policy, grants } = refine(golden.policy, unused, { catalog: aws });
    expect(recommendedAction).toBe("CREATE_POLICY");
    expect(JSON.stringify(policy)).toBe(JSON.stringify(golden.recommended));
    expect(grants.removed).toBe(30);
  });

  it("s3:*Tagging without PutBucketTagging: Put splits, and what the entry requires after the prefix stays", () => {
    expect(left(["s3:*Tagging"], reported("s3:PutBucketTagging"), { catalog: aws })).toEqual([
      "s3:Delete*Tagging",
      "s3:Get*Tagging",
      "s3:PutJobTagging",
      "s3:PutObject*Tagging",
      "s3:PutStorageLensConfigurationTagging",
    ]);
  });
});

describe("an entry without a wildcard (SEMANTICS 2.1)", () => {
  it("goes when it is unused, in whatever case", () => {
    expect(left(["S3:getOBJECT", "s3:ListBucket"], reported("s3:GetObject"))).toEqual(["s3:ListBucket"]);
  });

  it("stays as it is spelled otherwise", () => {
    expect(left(["S3:LISTbucket", "s3:GetObject"], reported("s3:GetObject"))).toEqual(["S3:LISTbucket"]);
  });

  it("stays when the catalog lacks it, and is told", () => {
    const result = refine(allowing({ Action: ["s3:Retired", "s3:GetObject", "nocolon"] }), reported("s3:GetObject"));
    expect(elementLeft(result, "Action")).toEqual(["s3:Retired", "nocolon"]);
    expect(result.unknownActions).toEqual([
      { statement: 0, entry: "s3:Retired" },
      { statement: 0, entry: "nocolon" },
    ]);
  });

  it("goes when the catalog lacks it and the report names it, or its whole service", () => {
    expect(left(["s3:Retired", "s3:ListBucket"], reported("s3:RETIRED"))).toEqual(["s3:ListBucket"]);
    expect(left(["fsx:CreateBackup", "s3:ListBucket"], reported("fsx"))).toEqual(["s3:ListBucket"]);
    expect(left(["s3:Retired"], reported("s3"))).toBe("DETACH_POLICY");
  });

  it("is another action than one that it begins or that begins it", () => {
    expect(left(["s3:GetObject"], reported("s3:GetObjectAcl", "s3:GetObjec"))).toBe("NONE");
  });

  it("spelled with KELVIN SIGN is nobody's action, and stays", () => {
    expect(left(["s3:GetObject\u212a"], reported("s3:GetObjectk"))).toBe("NONE");
  });
});

describe("an entry that reaches nothing unused (SEMANTICS 2.2)", () => {
  it.each(["s3:List*", "S3:lIsT*", "s3:*", "s3:Get?bject", "s3:Zzz*", "?3:*", "*t"])(
    "%s stays as it is spelled",
    (entry) => {
      expect(left([entry], [])).toBe("NONE");
      expect(left([entry], reported("sqs:SendMessage"))).toBe("NONE");
      expect(left([entry, "sqs:SendMessage"], reported("sqs:SendMessage"))).toEqual([entry]);
    },
  );

  it("stays although an unused action begins like it: what it matches counts, not how it starts", () => {
    expect(left(["s3:*Tagging"], reported("s3:GetObject", "s3:PutObject"))).toBe("NONE");
    expect(left(["s3:GetObject?*"], reported("s3:GetObject"))).toBe("NONE");
  });

  it("stays when only another service is unused whole", () => {
    expect(left(["s3:Get*"], reported("s3-outposts", "sqs", "fsx"))).toBe("NONE");
  });
});

describe("an entry with nothing left (SEMANTICS 2.3)", () => {
  it("goes when all that it matches is unused", () => {
    expect(left(["s3:GetBucket*", "s3:ListBucket"], reported("s3:GetBucketAcl", "s3:GetBucketCORS"))).toEqual([
      "s3:ListBucket",
    ]);
  });

  it("goes when its service is unused whole, in the catalog or not", () => {
    expect(left(["sqs:*", "fsx:*", "fsx:Create?olume", "s3:ListBucket"], reported("sqs", "fsx"))).toEqual([
      "s3:ListBucket",
    ]);
  });

  it("goes when it matches nothing of the catalog but an action that the report names", () => {
    expect(left(["s3:Retired*", "s3:ListBucket"], reported("s3:RetiredThing"))).toEqual(["s3:ListBucket"]);
  });

  it("goes when the whole service is unused, though nothing of the catalog matches it", () => {
    expect(left(["s3:Zzz*", "sqs:SendMessage"], reported("s3"))).toEqual(["sqs:SendMessage"]);
  });
});

describe("the shortest safe prefixes of what is left (SEMANTICS 2.4)", () => {
  it("cover by characters: DescribeInstance* would grant DescribeInstances", () => {
    expect(left(["ec2:Describe*"], reported("ec2:DescribeInstances"))).toEqual([
      "ec2:DescribeImages",
      "ec2:DescribeInstanceStatus",
    ]);
  });

  it("are cut at words, and are the exact name where they cover one action", () => {
    expect(left(["s3:Get*"], reported("s3:GetBucketAcl"))).toEqual(["s3:GetBucketCORS", "s3:GetObject*"]);
    expect(left(["s3:*"], reported("s3:GetBucketAcl"))).toEqual([
      "s3:DeleteObject",
      "s3:GetBucketCORS",
      "s3:GetObject*",
      "s3:ListBucket",
      "s3:Put*",
    ]);
  });

  it("stand for themselves where no prefix is safe: GetObject has only prefixes that GetObjectAcl has too", () => {
    expect(left(["s3:Get*"], reported("s3:GetObjectAcl"))).toEqual([
      "s3:GetBucket*",
      "s3:GetObject",
      "s3:GetObjectTagging",
    ]);
  });

  it("are no shorter than the literal head: s3:GetO* never becomes s3:Get*", () => {
    expect(left(["s3:GetO*"], reported("s3:GetObject"))).toEqual(["s3:GetObjectAcl", "s3:GetObjectTagging"]);
    expect(left(["s3:PutO*"], reported("s3:PutObject"))).toEqual(["s3:PutObjectTagging", "s3:PutObjectVersionTagging"]);
    expect(left(["s3:Put*"], reported("s3:PutBucketTagging"))).toEqual(["s3:PutObject*"]);
    expect(left(["s3:PutObject*"], reported("s3:PutObject"))).toEqual([
      "s3:PutObjectTagging",
      "s3:PutObjectVersionTagging",
    ]);
  });

  it("go on with what the entry still requires behind them", () => {
    expect(left(["s3:Get*A*"], reported("s3:GetBucketAcl"))).toEqual(["s3:GetObject*A*"]);
    expect(left(["s3:GetObject*g*"], reported("s3:GetObjectAcl"))).toBe("NONE");
  });

  it("do not cover a name that the report has and the catalog lacks", () => {
    expect(left(["s3:*"], reported("s3:GetObjectRetired"))).toEqual([
      "s3:DeleteObject",
      "s3:GetBucket*",
      "s3:GetObject",
      "s3:GetObjectAcl",
      "s3:GetObjectTagging",
      "s3:ListBucket",
      "s3:Put*",
    ]);
  });

  it("do not cover any one of several such names", () => {
    const unused = reported("s3:GetObjectRetired", "s3:PutBucketRetired");
    expect(left(["s3:Get*", "s3:Put*"], unused)).toEqual([
      "s3:GetBucket*",
      "s3:GetObject",
      "s3:GetObjectAcl",
      "s3:GetObjectTagging",
      "s3:PutBucketTagging",
      "s3:PutObject*",
    ]);
    expect(left(["s3:*"], unused)).toEqual([
      "s3:DeleteObject",
      "s3:GetBucket*",
      "s3:GetObject",
      "s3:GetObjectAcl",
      "s3:GetObjectTagging",
      "s3:ListBucket",
      "s3:PutBucketTagging",
      "s3:PutObject*",
    ]);
  });

  it("may cover an unused action that the entry does not match", () => {
    expect(left(["s3:*Tagging"], reported("s3:GetObjectTagging", "s3:PutObject"))).toEqual(["s3:Put*Tagging"]);
    expect(left(["s3:*Tagging"], reported("s3:GetObjectTagging", "s3:PutObjectRetired"))).toEqual(["s3:Put*Tagging"]);
  });

  it("take nothing from a service that is unused whole: its exceptions are spelled out", () => {
    const unused = reported("iam");
    expect(left(["iam:*"], unused)).toEqual(["iam:PassRole"]);
    expect(left(["iam:*Role"], unused)).toEqual(["iam:PassRole"]);
    expect(left(["iam:PassR*", "iam:PassRole"], unused)).toEqual(["iam:PassRole"]);
    expect(left(["iam:?assRole"], unused)).toEqual(["iam:PassRole"]);
    expect(left(["i?m:PassRole"], unused)).toBe("NONE");
    expect(left(["iam:Pass????"], unused)).toEqual(["iam:PassRole"]);
  });

  it("spell several exceptions out one by one, though one prefix would cover them all", () => {
    const both = unionOf(reported("s3"), []);
    const partly: Unused = [{ service: "s3", whole: true, names: ["putobjecttagging", "putobjectversiontagging"] }];
    expect(left(["s3:*"], intersectionOf(both, partly))).toEqual(["s3:PutObjectTagging", "s3:PutObjectVersionTagging"]);
    expect(left(["s3:*Tagging"], partly)).toEqual(["s3:PutObjectTagging", "s3:PutObjectVersionTagging"]);
  });

  it("of everything are services: a wildcard in the service part is never written", () => {
    expect(left("*", reported("s3", "iam:PassRole"))).toEqual(["ec2:*", "iam:GetRole", "iam:ListRoles", "sqs:*"]);
    expect(left(["s?s:*", "ec2:*"], reported("sqs:SendMessage"))).toEqual(["sqs:ReceiveMessage", "ec2:*"]);
    expect(left(["*:Get*"], reported("s3:GetBucketAcl"))).toEqual(["iam:GetRole", "s3:GetBucketCORS", "s3:GetObject*"]);
  });

  it("of everything replace the star even when the unused service is not in the catalog", () => {
    expect(left("*", reported("fsx"))).toEqual(["ec2:*", "iam:*", "s3:*", "sqs:*"]);
    expect(left("*", reported("fsx:CreateBackup"))).toEqual(["ec2:*", "iam:*", "s3:*", "sqs:*"]);
  });

  it("carry a question mark along", () => {
    const catalog = catalogOf(["x:GetA1", "x:GetA2", "x:PutA1", "x:PutA2", "x:PutA3"]);
    expect(left(["x:*A?"], reported("x:PutA3"), { catalog })).toEqual(["x:Get*A?", "x:PutA1", "x:PutA2"]);
    expect(left(["x:?etA?"], reported("x:GetA1"), { catalog })).toEqual(["x:GetA2"]);
  });
});

/** What is left of `x:*tag*` without PutTag, in a catalog of these, GetXTag and GetYTag. */
function leftOf(...names: readonly string[]): unknown {
  const catalog = catalogOf([...names, "x:GetXTag", "x:GetYTag", "x:PutTag"]);
  return left(["x:*tag*"], reported("x:PutTag"), { catalog });
}

describe("several remainders after one prefix (SEMANTICS 2.4): the t of Get may be that of tag", () => {
  it("writes each that matches several", () => {
    expect(leftOf("x:Getage", "x:Getagile")).toEqual(["x:Get*tag*", "x:Getag*"]);
  });

  it("writes the name where one matches a single action", () => {
    expect(leftOf("x:Getage")).toEqual(["x:Get*tag*", "x:Getage"]);
  });

  it("writes nothing for one that matches nothing left, or only what the other matches as well", () => {
    expect(leftOf()).toEqual(["x:Get*tag*"]);
    expect(leftOf("x:GetagTag")).toEqual(["x:Get*tag*"]);
  });

  it("grants nothing more than the entry did: GetX* is not written for it", () => {
    expect(leftOf("x:GetXEd", "x:GetXTagged")).toEqual(["x:Get*tag*"]);
  });
});

describe("spelling and order (SEMANTICS 2.5)", () => {
  it("writes the catalog's case for what it generates and the author's for what it keeps", () => {
    expect(left(["S3:GET*", "S3:list*"], reported("s3:GetBucketAcl"))).toEqual([
      "s3:GetBucketCORS",
      "s3:GetObject*",
      "S3:list*",
    ]);
    expect(left(["S3:*TAGging"], reported("s3:PutBucketTagging"))).toEqual([
      "s3:GetObjectTagging",
      "s3:PutObject*TAGging",
    ]);
  });

  it("puts what is generated where its entry stood, sorted, and moves nothing else", () => {
    expect(left(["sqs:SendMessage", "s3:Get*", "s3:Zzz", "iam:GetRole"], reported("s3:GetBucketAcl"))).toEqual([
      "sqs:SendMessage",
      "s3:GetBucketCORS",
      "s3:GetObject*",
      "s3:Zzz",
      "iam:GetRole",
    ]);
  });

  it("leaves out what an entry that is kept says already, before it or behind it, in whatever case", () => {
    expect(left(["S3:getobject*", "s3:Get*", "s3:GETBUCKETCORS"], reported("s3:GetBucketAcl"))).toEqual([
      "S3:getobject*",
      "s3:GETBUCKETCORS",
    ]);
  });

  it("generates each entry once in a statement", () => {
    expect(left(["s3:Get*", "s3:GetB*", "S3:GET*"], reported("s3:GetBucketAcl"))).toEqual([
      "s3:GetBucketCORS",
      "s3:GetObject*",
    ]);
  });

  it("keeps the duplicates that the author wrote and nothing touches", () => {
    expect(left(["s3:ListBucket", "s3:ListBucket", "sqs:SendMessage"], reported("sqs:SendMessage"))).toEqual([
      "s3:ListBucket",
      "s3:ListBucket",
    ]);
  });

  it("treats statements apart: what one says is generated in the next as well", () => {
    const statement: Statement = { Effect: "Allow", Action: "s3:Get*", Resource: "*" };
    const { policy } = refine({ Statement: [statement, statement] }, reported("s3:GetBucketAcl"));
    const refined = { ...statement, Action: ["s3:GetBucketCORS", "s3:GetObject*"] };
    expect(policy).toEqual({ Statement: [refined, refined] });
  });
});

describe("granularity exact", () => {
  it("writes exact names where word writes prefixes, in Action and NotAction", () => {
    const exact = { granularity: "exact" } as const;
    expect(left(["s3:Get*", "sqs:*"], reported("s3:GetBucketAcl"), exact)).toEqual([
      "s3:GetBucketCORS",
      "s3:GetObject",
      "s3:GetObjectAcl",
      "s3:GetObjectTagging",
      "sqs:*",
    ]);
    expect(leftOut(["iam:*"], reported("sqs"), exact)).toEqual(["iam:*", "sqs:ReceiveMessage", "sqs:SendMessage"]);
    expect(left(["s3:Get*"], [], exact)).toBe("NONE");
    expect(left(["sqs:*"], reported("sqs"), exact)).toBe("DETACH_POLICY");
  });
});

describe("granularity by service", () => {
  const s3ByName = { services: [["s3", "exact"]] } as const;

  it("names what is left of a service that goes by names, and goes on with prefixes for the others", () => {
    expect(left("*", reported("s3:GetBucketAcl", "ec2:DescribeImages", "iam"), s3ByName)).toEqual([
      "ec2:DescribeInstance*",
      "iam:PassRole", // a report on all of iam says nothing of it
      "s3:DeleteObject",
      "s3:GetBucketCORS",
      "s3:GetObject",
      "s3:GetObjectAcl",
      "s3:GetObjectTagging",
      "s3:ListBucket",
      "s3:PutBucketTagging",
      "s3:PutObject",
      "s3:PutObjectTagging",
      "s3:PutObjectVersionTagging",
      "sqs:*",
    ]);
  });

  it("names it too where the whole service is still used and only another one is not", () => {
    expect(left("*", reported("sqs", "ec2", "iam"), { services: [["s3", "exact"]] })).not.toContain("s3:*");
    expect(left("*", reported("sqs", "ec2", "iam"), { services: [["ec2", "exact"]] })).toContain("s3:*");
  });

  it("turns nothing into names that stays as it is: an entry of which nothing is unused is the author's", () => {
    expect(left(["s3:Get*", "sqs:*"], reported("sqs:SendMessage"), s3ByName)).toEqual([
      "s3:Get*",
      "sqs:ReceiveMessage",
    ]);
    expect(left("s3:*", reported("sqs"), s3ByName)).toBe("NONE");
  });

  it("the other way round: all by names, one service by prefixes", () => {
    const unused = reported("s3:GetBucketAcl", "ec2:DescribeImages");
    const options = { granularity: "exact", services: [["ec2", "word"]] } as const;
    expect(left(["ec2:*", "s3:Get*", "s3:*Tagging"], unused, options)).toEqual([
      "ec2:DescribeInstance*",
      "s3:GetBucketCORS",
      "s3:GetObject",
      "s3:GetObjectAcl",
      "s3:GetObjectTagging",
      "s3:*Tagging",
    ]);
  });

  it("reads a wildcard in the service, which can reach a service of either kind", () => {
    const unused = reported("s3:GetBucketAcl", "iam:ListRoles");
    expect(left("?*:Get*", unused, s3ByName)).toEqual([
      "iam:GetRole",
      "s3:GetBucketCORS",
      "s3:GetObject",
      "s3:GetObjectAcl",
      "s3:GetObjectTagging",
    ]);
    expect(left("*Tagging", reported("s3:GetObjectTagging"), s3ByName)).toEqual([
      "s3:PutBucketTagging",
      "s3:PutObjectTagging",
      "s3:PutObjectVersionTagging",
    ]);
    expect(left("*Tagging", reported("s3:GetObjectTagging"))).toBe("s3:Put*Tagging");
  });

  it("does not take a service for another whose name it starts", () => {
    const catalog = catalogOf([
      "s3-outposts:GetA",
      "s3-outposts:GetB",
      "s3-outposts:PutA",
      "s3:GetA",
      "s3:GetB",
      "s3:PutA",
    ]);
    const unused = reported("s3:PutA", "s3-outposts:PutA");
    expect(left("s3*", unused, { catalog, services: [["s3", "exact"]] })).toEqual([
      "s3-outposts:Get*",
      "s3:GetA",
      "s3:GetB",
    ]);
    expect(left("s3*", unused, { catalog, services: [["s3-outposts", "exact"]] })).toEqual([
      "s3-outposts:GetA",
      "s3-outposts:GetB",
      "s3:Get*",
    ]);
  });

  it("asks nothing of a service that the catalog lacks", () => {
    const unused = reported("s3:GetBucketAcl");
    expect(left("s3:Get*", unused, { services: [["zzz", "exact"]] })).toEqual(left("s3:Get*", unused));
  });

  it("is the same for NotAction: a whole service that goes by names is left out name by name", () => {
    expect(leftOut(["iam:*"], reported("sqs", "ec2"), { services: [["sqs", "exact"]] })).toEqual([
      "iam:*",
      "ec2:*",
      "sqs:ReceiveMessage",
      "sqs:SendMessage",
    ]);
    expect(leftOut(["iam:*"], reported("sqs", "ec2"), { granularity: "exact", services: [["sqs", "word"]] })).toEqual([
      "iam:*",
      "ec2:DescribeImages",
      "ec2:DescribeInstances",
      "ec2:DescribeInstanceStatus",
      "sqs:*",
    ]);
  });
});

describe("kept Sids", () => {
  const keptSids = ["Break", "Keep"];
  const kept: Statement = { Sid: "KeepForAudit", Effect: "Allow", Action: ["sqs:*", "s3:Retired"], Resource: "*" };
  const other: Statement = { Sid: "Reads", Effect: "Allow", Action: "s3:Get*", Resource: "*" };

  it("leaves a statement alone whose Sid starts with one, however much of it is unused", () => {
    const policy = { Statement: [kept, other] };
    const refined = refine(policy, reported("sqs", "s3:GetBucketAcl", "s3:Retired"), { keptSids });
    expect(refined).toMatchObject({
      recommendedAction: "CREATE_POLICY",
      policy: { Statement: [kept, { ...other, Action: ["s3:GetBucketCORS", "s3:GetObject*"] }] },
      grants: { before: 7, removed: 1, after: 6 },
      unknownActions: [{ statement: 0, entry: "s3:Retired" }],
    });
    expect(statementsOf(refined.policy ?? policy)[0]).toBe(kept);
    expect(refined.changes.map(({ statement }) => statement)).toEqual([1]);
  });

  it("leaves the whole policy alone, the same object, where nothing else changes", () => {
    const policy = { Statement: kept };
    const refined = refine(policy, reported("sqs"), { keptSids });
    expect(refined).toMatchObject({
      recommendedAction: "NONE",
      changes: [],
      grants: { before: 2, removed: 0, after: 2 },
    });
    expect(refined.policy).toBe(policy);
  });

  it("creates a policy of what is kept alone, where everything else goes", () => {
    const { recommendedAction, policy } = refine({ Statement: [other, kept] }, reported("sqs", "s3"), { keptSids });
    expect({ recommendedAction, policy }).toEqual({
      recommendedAction: "CREATE_POLICY",
      policy: { Statement: [kept] },
    });
  });

  it("does not count as removed what another, kept statement still grants", () => {
    const policy = { Statement: [{ ...other, Action: ["sqs:*", "s3:GetObject"] }, kept] };
    const refined = refine(policy, reported("sqs", "s3:GetObject"), { keptSids });
    expect(refined.grants).toEqual({ before: 3, removed: 1, after: 2 });
    expect(Array.from(ids(refined.grantedAfter), (id) => small.name(id))).toEqual([
      "sqs:ReceiveMessage",
      "sqs:SendMessage",
    ]);
  });

  it("keeps NotAction the same way, with all that it grants", () => {
    const rest: Statement = {
      Sid: "BreakGlass",
      Effect: "Allow",
      NotAction: ["iam:*", "s3:*", "ec2:*"],
      Resource: "*",
    };
    expect(refine({ Statement: [rest] }, reported("sqs"), { keptSids })).toMatchObject({
      recommendedAction: "NONE",
      grants: { before: 2, removed: 0, after: 2 },
    });
    expect(refine({ Statement: [rest] }, reported("sqs")).recommendedAction).toBe("DETACH_POLICY");
  });

  it("minds the case, and the start alone: not the middle, and no statement without a Sid", () => {
    for (const Sid of ["keepForAudit", "DoNotKeep", "Kee", undefined]) {
      const statement = {
        ...(Sid === undefined ? {} : { Sid }),
        Effect: "Allow",
        Action: "sqs:*",
        Resource: "*",
      } as const;
      expect(refine({ Statement: [statement] }, reported("sqs"), { keptSids }).recommendedAction).toBe("DETACH_POLICY");
    }
    for (const Sid of ["Keep", "Keeper", "BreakGlass"]) {
      const statement = { Sid, Effect: "Allow", Action: "sqs:*", Resource: "*" } as const;
      expect(refine({ Statement: [statement] }, reported("sqs"), { keptSids }).recommendedAction).toBe("NONE");
    }
  });

  it("lets a Deny be as it always is, and grants nothing by it", () => {
    const deny: Statement = { Sid: "KeepOut", Effect: "Deny", Action: "sqs:*", Resource: "*" };
    const refined = refine({ Statement: [deny] }, reported("sqs"), { keptSids });
    expect(refined).toMatchObject({ recommendedAction: "NONE", grants: { before: 0, removed: 0, after: 0 } });
  });
});

describe("NotAction (SEMANTICS 3)", () => {
  it("stays untouched when the statement grants nothing that is unused", () => {
    expect(leftOut(["s3:*"], reported("s3:GetObject", "s3:Retired", "fsx"))).toBe("NONE");
  });

  it("goes when the statement grants nothing that is used", () => {
    expect(leftOut(["s3:*", "ec2:*", "iam:*"], reported("sqs"))).toBe("DETACH_POLICY");
  });

  it("leaves out a whole service by its prefix, one action by its name, others by the shortest prefixes", () => {
    expect(leftOut(["iam:*"], reported("sqs", "s3:GetBucketAcl", "s3:GetBucketCORS", "s3:DeleteObject"))).toEqual([
      "iam:*",
      "s3:DeleteObject",
      "s3:GetBucket*",
      "sqs:*",
    ]);
  });

  it("leaves out by exact name what shares every prefix with an action that is used", () => {
    expect(leftOut(["iam:*"], reported("s3:GetObject"))).toEqual(["iam:*", "s3:GetObject"]);
    expect(leftOut(["iam:*"], reported("ec2:DescribeInstanceStatus"))).toEqual(["iam:*", "ec2:DescribeInstanceStatus"]);
  });

  it("may leave out by one prefix what was left out before too, for it takes nothing that is used", () => {
    expect(leftOut(["s3:GetObjectAcl"], reported("s3:GetObject", "s3:GetObjectTagging"))).toEqual([
      "s3:GetObjectAcl",
      "s3:GetObject*",
    ]);
  });

  it("becomes a list when it was a string, and keeps what stood there as it is spelled", () => {
    expect(leftOut("IAM:*", reported("sqs"))).toEqual(["IAM:*", "sqs:*"]);
    expect(leftOut(["s3:*", "S3:*", "nowhere:*"], reported("sqs"))).toEqual(["s3:*", "S3:*", "nowhere:*", "sqs:*"]);
  });

  it("keeps iam:PassRole granted when iam is reported whole", () => {
    expect(leftOut(["s3:*"], reported("iam"))).toEqual(["s3:*", "iam:GetRole", "iam:ListRoles"]);
  });

  it("tells of names that the catalog lacks", () => {
    const notAction = ["s3:Retired", "s3:G*", "s3:PutObject", "nowhere:*"];
    expect(refine(allowing({ NotAction: notAction }), []).unknownActions).toEqual([
      { statement: 0, entry: "s3:Retired" },
    ]);
  });

  it("that matches everything grants nothing, and stays", () => {
    expect(leftOut("*", reported("sqs"))).toBe("NONE");
  });

  it("over an empty catalog stays", () => {
    expect(leftOut("iam:*", reported("sqs"), { catalog: catalogOf([]) })).toBe("NONE");
  });
});

describe("Deny is never touched (SEMANTICS 4)", () => {
  const deny: Statement = { Sid: "Guard", Effect: "Deny", Action: ["s3:Get*", "s3:Retired"], Resource: "*" };
  const denyRest: Statement = { Effect: "Deny", NotAction: "s3:*", Resource: "*" };

  it("whatever is unused, and is neither granted nor told as unknown", () => {
    const policy: PolicyDocument = { Statement: [deny, denyRest] };
    const result = refine(policy, reported("s3", "sqs"));
    expect(result.recommendedAction).toBe("NONE");
    expect(result.policy).toBe(policy);
    expect(result.grants).toEqual({ before: 0, removed: 0, after: 0 });
    expect(result.unknownActions).toEqual([]);
  });

  it("keeps the policy attached when every Allow goes: to detach it would widen what others grant", () => {
    const allow: Statement = { Effect: "Allow", Action: "sqs:*", Resource: "*" };
    const result = refine({ Version: "2012-10-17", Statement: [allow, deny, allow] }, reported("sqs"));
    expect(result.recommendedAction).toBe("CREATE_POLICY");
    expect(result.policy).toEqual({ Version: "2012-10-17", Statement: [deny] });
  });
});

describe("the frame of a policy (SEMANTICS 4)", () => {
  it("stays: Version, Id, Sid, Resource, Condition, unknown keys, the order of keys and of statements", () => {
    const policy = {
      Statement: [
        { Resource: ["arn:aws:s3:::b/*"], Action: "s3:Get*", Note: 1, Effect: "Allow", Sid: "Read" },
        { Effect: "Deny", Resource: "*", Action: "*", Condition: { Bool: { "aws:SecureTransport": "false" } } },
        { Sid: "Gone", Effect: "Allow", Action: "sqs:*", Resource: "*" },
        {
          NotResource: "x",
          Effect: "Allow",
          Condition: { StringLike: { "s3:prefix": ["${aws:username}/*"] } },
          NotAction: "iam:*",
        },
      ],
      Id: "reader",
      Version: "2008-10-17",
      Comment: { of: "the author" },
    } as const satisfies PolicyDocument;
    const [read, guard, , rest] = policy.Statement;
    const result = refine(policy, reported("s3:GetBucketAcl", "sqs"));
    expect(JSON.stringify(result.policy)).toBe(
      JSON.stringify({
        ...policy,
        Statement: [
          { ...read, Action: ["s3:GetBucketCORS", "s3:GetObject*"] },
          guard,
          { ...rest, NotAction: ["iam:*", "s3:GetBucketAcl", "sqs:*"] },
        ],
      }),
    );
  });

  it("gets no Version where there is none", () => {
    const { policy } = refine(
      { Statement: { Effect: "Allow", Action: ["s3:GetObject", "s3:ListBucket"] } },
      reported("s3:GetObject"),
    );
    expect(policy).toEqual({ Statement: { Effect: "Allow", Action: ["s3:ListBucket"] } });
  });

  it("keeps a string a string while one entry is left, and makes a list of more", () => {
    expect(left("s3:GetB*", reported("s3:GetBucketAcl"))).toBe("s3:GetBucketCORS");
    expect(left("s3:Get*", reported("s3:GetBucketAcl"))).toEqual(["s3:GetBucketCORS", "s3:GetObject*"]);
  });

  it("keeps a list a list, even of one", () => {
    expect(left(["s3:GetB*"], reported("s3:GetBucketAcl"))).toEqual(["s3:GetBucketCORS"]);
  });

  it("keeps a single statement an object, and a list of one a list", () => {
    const statement: Statement = { Effect: "Allow", Action: "s3:GetB*", Resource: "*" };
    const refined = { ...statement, Action: "s3:GetBucketCORS" };
    expect(refine({ Statement: statement }, reported("s3:GetBucketAcl")).policy).toEqual({ Statement: refined });
    expect(refine({ Statement: [statement] }, reported("s3:GetBucketAcl")).policy).toEqual({ Statement: [refined] });
  });

  it("is detached when no statement is left", () => {
    for (const Statement of [{ Effect: "Allow", Action: "sqs:*" }, [{ Effect: "Allow", Action: ["sqs:*"] }]] as const) {
      const result = refine({ Version: "2012-10-17", Statement }, reported("sqs"));
      expect([result.recommendedAction, result.policy]).toEqual(["DETACH_POLICY", null]);
    }
  });

  it("that has nothing to remove is the very same object, and so is one without statements or entries", () => {
    for (const Statement of [{ Effect: "Allow", Action: "s3:*" }, [], [{ Effect: "Allow", Action: [] }]] as const) {
      const policy = { Statement };
      const result = refine(policy, reported("sqs:SendMessage"));
      expect(result.recommendedAction).toBe("NONE");
      expect(result.policy).toBe(policy);
      expect(result.changes).toEqual([]);
    }
  });

  it("keeps the statements that nothing touches as the same objects, even one without entries", () => {
    const kept: readonly Statement[] = [
      { Effect: "Allow", Action: "s3:*" },
      { Effect: "Allow", NotAction: ["sqs:*", "iam:*"] },
      { Effect: "Allow", Action: [] },
      { Effect: "Deny", Action: "sqs:*" },
    ];
    const { policy } = refine({ Statement: [...kept, { Effect: "Allow", Action: "sqs:*" }] }, reported("sqs"));
    const statements = statementsOf(policy ?? { Statement: [] });
    expect(statements).toHaveLength(kept.length);
    statements.forEach((statement, i) => expect(statement).toBe(kept[i]));
  });

  it("is not written to: the input is as it was", () => {
    const policy = allowing({ Action: ["s3:Get*", "sqs:*"] });
    const before = JSON.stringify(policy);
    refine(policy, reported("s3:GetBucketAcl", "sqs"));
    expect(JSON.stringify(policy)).toBe(before);
  });
});

function namesOf(granted: IntervalSet): readonly string[] {
  return Array.from(ids(granted), (id) => small.name(id));
}

describe("what is told of a refinement", () => {
  const policy: PolicyDocument = {
    Statement: [
      { Effect: "Allow", Action: ["s3:GetObject", "s3:GetB*", "s3:GetBucket*", "sqs:SendMessage"], Resource: "*" },
      { Effect: "Deny", Action: "sqs:*", Resource: "*" },
      { Effect: "Allow", NotAction: ["s3:*", "ec2:*", "iam:*"], Resource: "*" },
      { Effect: "Allow", NotAction: ["s3:*", "ec2:*", "iam:*", "sqs:ReceiveMessage"], Resource: "*" },
    ],
  };
  const told = (): Refinement => refine(policy, reported("s3:GetBucketAcl", "sqs:SendMessage", "iam:GetRole"));

  it("each change, with the statement's place before and what took the entry's place", () => {
    expect(told().changes).toEqual([
      { statement: 0, element: "Action", entry: "s3:GetB*", replacedBy: ["s3:GetBucketCORS"] },
      { statement: 0, element: "Action", entry: "s3:GetBucket*", replacedBy: [] },
      { statement: 0, element: "Action", entry: "sqs:SendMessage", replacedBy: [] },
      { statement: 2, element: "NotAction", entry: null, replacedBy: ["sqs:SendMessage"] },
      { statement: 3, element: "NotAction", entry: null, replacedBy: [] },
    ]);
  });

  it("what all Allow statements grant together, each action once, before and after", () => {
    const result = told();
    expect(namesOf(result.grantedBefore)).toEqual([
      "s3:GetBucketAcl",
      "s3:GetBucketCORS",
      "s3:GetObject",
      "sqs:ReceiveMessage",
      "sqs:SendMessage",
    ]);
    expect(namesOf(result.grantedAfter)).toEqual(["s3:GetBucketCORS", "s3:GetObject", "sqs:ReceiveMessage"]);
    expect(result.grants).toEqual({ before: 5, removed: 2, after: 3 });
  });

  it("the statement's place of an unknown action, though a statement before it goes", () => {
    const { unknownActions } = refine(
      {
        Statement: [
          { Effect: "Allow", Action: "sqs:*" },
          { Effect: "Allow", Action: "s3:Retired" },
        ],
      },
      reported("sqs"),
    );
    expect(unknownActions).toEqual([{ statement: 1, entry: "s3:Retired" }]);
  });
});

describe("U that no statement grants (SEMANTICS 5, law 9)", () => {
  it("changes nothing", () => {
    const policy = allowing({ Action: ["s3:Get*", "sqs:*"] });
    expect(refine(policy, reported("s3:PutObject", "iam", "fsx", "s3:PutRetired")).policy).toBe(policy);
    expect(refine(policy, reported("s3:GetBucketAcl")).policy).toEqual(
      refine(policy, reported("s3:GetBucketAcl", "s3:PutObject", "iam", "fsx", "s3:PutRetired")).policy,
    );
  });
});

describe("hostile entries", () => {
  it("come to an end", () => {
    const stars = "*a".repeat(5_000);
    expect(left([`s3:${stars}`, "s3:*".padEnd(10_000, "*")], reported("s3:GetBucketAcl"))).toEqual(expect.any(Array));
  });
});

describe("what a report of a whole service says and does not say", () => {
  it("nothing of an exception that the catalog lacks: an entry that matches nothing else of the service stays", () => {
    const catalog = catalogOf(["iam:GetRole", "s3:GetObject"]);
    expect(left(["i?m:PassRole", "s3:GetObject"], reported("iam", "s3:GetObject"), { catalog })).toEqual([
      "i?m:PassRole",
    ]);
  });

  it("but every name in it that is no exception, though the catalog lacks it and the service has a wildcard", () => {
    expect(left(["?qs:Purge", "s3:ListBucket"], reported("sqs"))).toEqual(["s3:ListBucket"]);
  });

  it("nothing of a text without a colon, though it begins as the service is called", () => {
    expect(left(["s3x", "s3", "sqs:SendMessage"], reported("s3", "sqs"))).toEqual(["s3x", "s3"]);
  });
});

describe("the literal head of an entry", () => {
  it("is never shortened, though the first action of the shorter prefix is the entry's own", () => {
    const catalog = catalogOf(["x:GetOne", "x:GetOnly", "x:GetOnlyOne", "x:GetOther", "y:GetA"]);
    expect(left(["x:GetOn*"], reported("x:GetOne"), { catalog })).toEqual(["x:GetOnly*"]);
    expect(left(["x:GetOnl*"], reported("x:GetOnlyRetired"), { catalog })).toEqual(["x:GetOnly", "x:GetOnlyOne"]);
    expect(left(["x:GetO*e"], reported("x:GetOne"), { catalog })).toEqual(["x:GetOnlyOne"]);
  });
});
