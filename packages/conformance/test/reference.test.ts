import {
  DEFAULT_OPTIONS,
  type PolicyDocument,
  type RefinementOptions,
  type Statement,
  type Unused,
} from "@leastwise/core";
import { describe, expect, test } from "vitest";
import type { Answer } from "../src/refiner.ts";
import { reference } from "../src/reference/refine.ts";

const s3 = ["s3:GetObject", "s3:GetObjectAcl", "s3:GetBucketAcl", "s3:ListBucket", "s3:PutObject", "s3:PutObjectAcl"];

/** `named("s3", "GetObject")` reports one action, `whole("iam", "PassRole")` a service but for one. */
function named(service: string, ...names: string[]): Unused[number] {
  return { service, whole: false, names: names.map((name) => name.toLowerCase()).sort() };
}
function whole(service: string, ...names: string[]): Unused[number] {
  return { ...named(service, ...names), whole: true };
}

function allow(element: Partial<Statement>): Statement {
  return { Effect: "Allow", ...element, Resource: "*" };
}
function policyOf(...statements: Statement[]): PolicyDocument {
  return { Version: "2012-10-17", Statement: statements };
}

function ask(
  policy: PolicyDocument,
  unused: Unused,
  catalog: readonly string[],
  granularity: "word" | "exact",
): Answer {
  return reference.refine({ policy, unused, catalog, options: { ...DEFAULT_OPTIONS, granularity } });
}

/** What an Allow statement of these entries is left with; `"NONE"` and `"DETACH_POLICY"` where that is the outcome. */
function refined(
  entries: string | string[],
  unused: Unused,
  catalog: string[],
  granularity: "word" | "exact" = "word",
): unknown {
  const result = reference.refine({
    policy: policyOf(allow({ Action: entries })),
    unused,
    catalog,
    options: { ...DEFAULT_OPTIONS, granularity },
  });
  return result.recommendedAction === "CREATE_POLICY" ? statementsOf(result)[0]?.Action : result.recommendedAction;
}
function refinedNotAction(
  entries: string | string[],
  unused: Unused,
  catalog: string[],
  granularity: "word" | "exact" = "word",
): unknown {
  const result = reference.refine({
    policy: policyOf(allow({ NotAction: entries })),
    unused,
    catalog,
    options: { ...DEFAULT_OPTIONS, granularity },
  });
  return result.recommendedAction === "CREATE_POLICY" ? statementsOf(result)[0]?.NotAction : result.recommendedAction;
}
function statementsOf({ policy }: Answer): readonly Statement[] {
  return (policy?.Statement ?? []) as readonly Statement[]; // these tests give lists
}

describe("an entry without a wildcard", () => {
  test("goes when unused, whatever its case, and even if the catalog lacks it", () => {
    expect(refined(["S3:getOBJECT", "s3:Retired", "s3:ListBucket"], [named("s3", "GetObject", "Retired")], s3)).toEqual(
      ["s3:ListBucket"],
    );
  });
  test("stays as spelled otherwise, even if the catalog lacks it", () => {
    expect(refined(["S3:Retired", "nonsense", "s3:PutObject"], [named("s3", "PutObject")], s3)).toEqual([
      "S3:Retired",
      "nonsense",
    ]);
  });
  test("only ASCII letters are folded: the Kelvin sign is no k, the long s no s", () => {
    const entries = ["kms:Tag\u212aey", "km\u017f:TagKey"];
    expect(refined([...entries, "KMS:tagKEY"], [named("kms", "TagKey")], ["kms:TagKey"])).toEqual(entries);
  });
  test("of a service that is unused whole goes, unless it is an exception", () => {
    expect(refined(["iam:GetRole", "iam:Unheard", "iam:PassRole"], [whole("iam", "PassRole")], [])).toEqual([
      "iam:PassRole",
    ]);
  });
});

describe("an entry with a wildcard", () => {
  test("stays as spelled when it grants nothing unused", () => {
    expect(refined(["S3:get*"], [named("s3", "PutObject"), named("sqs", "GetObject")], s3)).toBe("NONE");
  });
  test("goes when something is unused and nothing of the catalog is left", () => {
    expect(refined(["s3:Get*", "sqs:*"], [named("s3", "GetObject", "GetObjectAcl", "GetBucketAcl")], s3)).toEqual([
      "sqs:*",
    ]);
  });
  test("becomes the shortest safe prefixes, and the exact name where a prefix covers one action only", () => {
    // s3:Get holds GetBucketAcl; s3:GetObject is a word prefix because of GetObjectAcl; s3:List covers ListBucket only
    const left = ["s3:GetObject*", "s3:ListBucket", "s3:Put*"];
    expect(refined("s3:*", [named("s3", "GetBucketAcl")], s3)).toEqual(left);
  });
  test("granularity exact names what is left", () => {
    const left = ["s3:GetObject", "s3:GetObjectAcl", "s3:ListBucket", "s3:PutObject", "s3:PutObjectAcl"];
    expect(refined("s3:*", [named("s3", "GetBucketAcl")], s3, "exact")).toEqual(left);
  });
  test("safety is decided on characters: DescribeInstance* would cover DescribeInstances", () => {
    const ec2 = [
      "ec2:DescribeInstances",
      "ec2:DescribeInstanceStatus",
      "ec2:DescribeInstanceTypes",
      "ec2:RunInstances",
    ];
    const left = ["ec2:DescribeInstanceStatus", "ec2:DescribeInstanceTypes"];
    expect(refined(["ec2:Describe*"], [named("ec2", "DescribeInstances")], ec2)).toEqual(left);
  });
  test("a reported name that the catalog lacks makes a prefix unsafe too", () => {
    expect(refined(["s3:*"], [named("s3", "PutRetired")], s3)).toEqual(["s3:Get*", "s3:ListBucket", "s3:PutObject*"]);
  });
  test("what is unused outside the entry does not make a prefix unsafe", () => {
    // PutObject is unused but does not end in Acl
    const unused = [named("s3", "GetBucketAcl", "PutObject")];
    expect(refined(["s3:*Acl"], unused, [...s3, "s3:PutBucketAcl"])).toEqual(["s3:GetObjectAcl", "s3:Put*Acl"]);
  });
  test("a prefix is no shorter than the literal head", () => {
    // s3:Get would be safe, but grants more than s3:GetO*
    const catalog = ["s3:GetObject", "s3:GetObjectAcl", "s3:GetObjectTags", "s3:GetOther", "s3:GetBucket"];
    expect(refined("s3:GetO*", [named("s3", "GetOther")], catalog)).toBe("s3:GetObject*");
  });
  test("an action may take a prefix that ends inside one of its own words", () => {
    const catalog = ["x:Getter", "x:GetObject", "x:Put"];
    expect(refined("x:*", [named("x", "Put")], catalog)).toBe("x:Get*");
  });
  test("a whole name is no word prefix: ListTag beside ListTags does not make ListTag*", () => {
    const catalog = ["x:ListTag", "x:ListTags", "x:ListUsers"];
    expect(refined("x:*", [named("x", "ListUsers")], catalog)).toEqual(["x:ListTag", "x:ListTags"]);
  });
  test("words start at acronyms, after digits and after signs", () => {
    const catalog = [
      "x:DescribeDBClusters",
      "x:DescribeDBSnapshots",
      "x:DescribeDomains",
      "x:ListV2Apps",
      "x:ListV2Keys",
      "x:List-by-id",
      "x:List-by-name",
      "x:ListVoid",
    ];
    const left = ["x:DescribeDB*", "x:List-*", "x:ListV2*"];
    expect(refined("x:*", [named("x", "DescribeDomains", "ListVoid")], catalog)).toEqual(left);
  });
  test("a word starts at a capital after a small letter or a digit, also when more capitals follow", () => {
    const catalog = ["x:TagACL", "x:TagURL", "x:Tab", "x:V2ACL", "x:V2URL", "x:V25"];
    expect(refined("x:*", [named("x", "Tab", "V25")], catalog)).toEqual(["x:Tag*", "x:V2ACL", "x:V2URL"]);
    expect(refined("x:*", [named("x", "Tab", "V3")], catalog)).toEqual(["x:Tag*", "x:V2*"]);
  });
  test("one spelling for prefixes that differ by case: of the first action, by folded name, with a word boundary there", () => {
    // all three start with rds:db; Dbaa has no boundary after Db, DBModify comes before DbRead
    const catalog = ["rds:Dbaa", "rds:DbRead", "rds:DBModify", "rds:Copy"];
    expect(refined("rds:*", [named("rds", "Copy")], catalog)).toBe("rds:DB*");
  });
});

describe("wildcards elsewhere", () => {
  test("a prefix that ends inside a literal leaves several remainders", () => {
    // after s3:Get, `*tP*` can still be ahead, or the t is that of Get and `P*` is left; neither contains the other
    const catalog = ["s3:GetPolicy", "s3:GetPublicBlock", "s3:GetBucketPolicy", "s3:GetObjectPolicy", "s3:PutPolicy"];
    expect(refined("s3:*tP*", [named("s3", "PutPolicy")], catalog)).toEqual(["s3:Get*tP*", "s3:GetP*"]);
  });
  test("a remainder that matches one action becomes its name, one that matches none is left out", () => {
    const catalog = ["s3:GetPolicy", "s3:GetBucketPolicy", "s3:GetObjectPolicy", "s3:PutPolicy"];
    expect(refined("s3:*tP*", [named("s3", "PutPolicy")], catalog)).toEqual(["s3:Get*tP*", "s3:GetPolicy"]);
    expect(refined("s3:*tP*", [named("s3", "PutPolicy", "GetPolicy")], catalog)).toEqual([
      "s3:GetBucketPolicy",
      "s3:GetObjectPolicy",
    ]);
  });
  test("of remainders that mean the same the shortest is written", () => {
    // `**t**` after s3:Get: **t**, *t**, t**, **, *; all are contained in *, and ** means the same
    expect(refined("s3:**t**", [named("s3", "PutObject")], s3)).toEqual([
      "s3:Get*",
      "s3:ListBucket",
      "s3:PutObjectAcl",
    ]);
  });
  test("the author's case in remainders, the catalog's in prefixes", () => {
    expect(refined("S3:*ACL", [named("s3", "PutObjectAcl")], s3)).toBe("s3:Get*ACL");
  });
  test("? is one character and is carried along", () => {
    expect(refined("*:???Object", [named("sqs", "NowObject")], s3)).toBe("s3:???Object");
    expect(refined("s3:?*Acl", [named("s3", "PutObjectAcl")], s3)).toBe("s3:Get*Acl");
    // an emoji is two UTF-16 code units, so one ? does not match it
    expect(refined("x:A?", [named("x", "A\u{1f600}")], ["x:AB"])).toBe("NONE");
    expect(refined("x:A??", [named("x", "A\u{1f600}")], ["x:ABC"])).toBe("x:ABC");
  });
  test("a wildcard in the service part is never written: * crosses the colon", () => {
    // after s3:, `*:Get*` could only go on to another colon; `Get*` is left
    const catalog = ["s3:GetObject", "s3:GetBucket", "sqs:GetQueue", "sqs:GetUrl"];
    expect(refined("*:Get*", [named("sqs", "GetUrl")], catalog)).toEqual(["s3:Get*", "sqs:GetQueue"]);
    expect(refined("s*Get*", [named("sqs", "GetUrl")], catalog)).toEqual(["s3:*Get*", "sqs:GetQueue"]);
  });
  test("* matches line breaks", () => {
    expect(refined("s3:Get*", [named("s3", "Get\n\u2028Object")], s3)).toEqual(["s3:GetBucketAcl", "s3:GetObject*"]);
  });
});

describe("a service that is unused whole", () => {
  const catalog = ["iam:PassRole", "iam:PassRoleChain", "iam:GetRole", "s3:GetObject", "s3:PutObject"];

  test("leaves its exceptions by name: strings nobody has heard of still start with iam:Pass", () => {
    expect(refined("*", [whole("iam", "PassRole")], catalog)).toEqual(["iam:PassRole", "s3:*"]);
    expect(refined("*", [whole("iam", "PassRole", "PassRoleChain")], catalog)).toEqual([
      "iam:PassRole",
      "iam:PassRoleChain",
      "s3:*",
    ]);
  });
  test("goes whole without exceptions", () => {
    expect(refined(["*", "iam:*"], [whole("iam")], catalog)).toEqual(["s3:*"]);
    expect(refined(["iam:*", "iam:Get*"], [whole("iam")], catalog)).toBe("DETACH_POLICY");
  });
  test("does not touch an entry that matches only an exception in it", () => {
    expect(refined(["ia?:PassRole"], [whole("iam", "PassRole")], catalog)).toBe("NONE");
    expect(refined(["iam:PassRol?"], [whole("iam", "PassRole")], catalog)).toEqual(["iam:PassRole"]);
  });
  test("that the catalog lacks still splits *", () => {
    expect(refined("*", [whole("gone")], catalog)).toEqual(["iam:*", "s3:*"]);
    expect(refined("gone:*", [whole("gone", "everything")], catalog)).toBe("DETACH_POLICY");
  });
  test("is not another service that starts alike", () => {
    expect(refined(["iam-x:*", "ia:*"], [whole("iam")], catalog)).toBe("NONE");
  });
});

describe("entries of one statement", () => {
  test("what is generated takes the entry's place, sorted within it", () => {
    const left = ["sqs:Send", "s3:GetObject*", "s3:ListBucket", "s3:Put*", "ec2:Run*"];
    expect(refined(["sqs:Send", "s3:*", "ec2:Run*"], [named("s3", "GetBucketAcl")], s3)).toEqual(left);
  });
  test("sorted means by folded text: A, b, C, and - before digits before letters", () => {
    const catalog = ["x:b", "x:C", "x:A", "x:2", "x:-", "x:unused"];
    expect(refined("x:*", [named("x", "unused")], catalog)).toEqual(["x:-", "x:2", "x:A", "x:b", "x:C"]);
  });
  test("nothing is generated twice, nor beside an equal entry that stays, before or after", () => {
    const left = ["S3:put*", "s3:GetObject*", "s3:ListBucket", "S3:GETOBJECT"];
    expect(refined(["S3:put*", "s3:*", "s*", "S3:GETOBJECT"], [named("s3", "GetBucketAcl")], s3)).toEqual(left);
    expect(refined(["s3:*", "s3:listbucket"], [named("s3", "GetBucketAcl")], s3)).toEqual([
      "s3:GetObject*",
      "s3:Put*",
      "s3:listbucket",
    ]);
  });
  test("the author's own repetitions stay", () => {
    expect(refined(["s3:Put*", "s3:Put*", "s3:Get*"], [named("s3", "GetBucketAcl")], s3)).toEqual([
      "s3:Put*",
      "s3:Put*",
      "s3:GetObject*",
    ]);
  });
  test("a string stays a string while it is one entry, a list a list", () => {
    expect(refined("s3:Get*", [named("s3", "GetBucketAcl")], s3)).toBe("s3:GetObject*");
    expect(refined("s3:*", [named("s3", "GetBucketAcl")], s3)).toHaveLength(3);
    expect(refined(["s3:Get*"], [named("s3", "GetBucketAcl")], s3)).toEqual(["s3:GetObject*"]);
  });
});

describe("NotAction", () => {
  const catalog = [...s3, "iam:PassRole", "iam:GetRole", "sqs:Send", "sqs:Receive", "sns:Publish"];

  test("excepts what is unused: a whole service, an exact name where nothing shorter spares what is used", () => {
    // s3:Get and s3:GetObject cover used actions, s3:GetBucket covers one action, sns: as well
    const unused = [named("s3", "GetBucketAcl"), whole("sns"), named("sqs", "Send", "Receive")];
    expect(refinedNotAction("iam:*", unused, catalog)).toEqual(["iam:*", "s3:GetBucketAcl", "sns:Publish", "sqs:*"]);
    expect(refinedNotAction("iam:*", unused, catalog, "exact")).toEqual([
      "iam:*",
      "s3:GetBucketAcl",
      "sns:Publish",
      "sqs:Receive",
      "sqs:Send",
    ]);
  });
  test("a prefix may cover what is excepted already", () => {
    // s3:Put covers PutObjectAcl, which the author excepted
    expect(refinedNotAction(["s3:PutObjectAcl"], [named("s3", "PutObject")], catalog)).toEqual([
      "s3:PutObjectAcl",
      "s3:Put*",
    ]);
  });
  test("is untouched when it grants nothing unused of the catalog", () => {
    expect(refinedNotAction(["iam:*"], [whole("iam"), named("s3", "Retired"), whole("gone")], catalog)).toBe("NONE");
  });
  test("goes when it grants nothing else", () => {
    expect(refinedNotAction(["s*"], [named("iam", "PassRole", "GetRole")], catalog)).toBe("DETACH_POLICY");
  });
});

describe("options", () => {
  const catalog = [...s3, "sqs:Receive", "sqs:Send", "sqs:Delete"];
  const unused = [named("s3", "GetBucketAcl"), named("sqs", "Delete")];
  const asked = (statement: Statement, options: Partial<RefinementOptions>): Answer =>
    reference.refine({
      policy: policyOf(statement),
      unused,
      catalog,
      options: { ...DEFAULT_OPTIONS, ...options },
    });
  const left = (statement: Statement, options: Partial<RefinementOptions>): Statement | undefined =>
    statementsOf(asked(statement, options))[0];

  test("a service may go by names while the others go by prefixes, and the reverse", () => {
    const names = ["s3:GetObject", "s3:GetObjectAcl", "s3:ListBucket", "s3:PutObject", "s3:PutObjectAcl"];
    const star = allow({ Action: ["*"] });
    expect(left(star, { services: [["s3", "exact"]] })?.Action).toEqual([...names, "sqs:Receive", "sqs:Send"]);
    expect(left(star, { granularity: "exact", services: [["s3", "word"]] })?.Action).toEqual([
      "s3:GetObject*",
      "s3:ListBucket",
      "s3:Put*",
      "sqs:Receive",
      "sqs:Send",
    ]);
    const untouched = allow({ Action: ["s3:Put*", "s3:Get*"] });
    expect(left(untouched, { services: [["s3", "exact"]] })?.Action).toEqual(["s3:Put*", ...names.slice(0, 2)]);
  });
  test("so it may in NotAction", () => {
    const statement = allow({ NotAction: ["s3:PutObject*", "s3:L*"] });
    const all = [named("s3", "GetBucketAcl", "GetObject", "GetObjectAcl"), named("sqs", "Delete")];
    const appended = (services: RefinementOptions["services"]): unknown => {
      const question = { policy: policyOf(statement), unused: all, catalog };
      const answer = reference.refine({ ...question, options: { ...DEFAULT_OPTIONS, services } });
      return statementsOf(answer)[0]?.NotAction?.slice(2);
    };
    expect(appended([])).toEqual(["s3:*", "sqs:Delete"]); // what is used of s3 is excepted anyway
    expect(appended([["s3", "exact"]])).toEqual(["s3:GetBucketAcl", "s3:GetObject", "s3:GetObjectAcl", "sqs:Delete"]);
  });
  test("a Sid that starts with a kept one, in its very case, keeps the statement as the same object", () => {
    const statement = allow({ Sid: "KeepThis", Action: ["s3:*", "sqs:*"] });
    expect(asked(statement, { keptSids: ["Audit", "Keep"] }).recommendedAction).toBe("NONE");
    for (const keptSids of [[], ["keep"], ["KeepThisToo"], ["This"]]) {
      expect(asked(statement, { keptSids }).recommendedAction).toBe("CREATE_POLICY");
    }
    expect(asked(allow({ Action: "s3:*" }), { keptSids: [""] }).recommendedAction).toBe("CREATE_POLICY");
    const beside = { policy: policyOf(allow({ Action: "sqs:Delete" }), statement), unused, catalog };
    const answer = reference.refine({ ...beside, options: { ...DEFAULT_OPTIONS, keptSids: ["Keep"] } });
    expect(statementsOf(answer)).toEqual([statement]);
    expect(statementsOf(answer)[0]).toBe(statement);
  });
});

describe("statements and policies", () => {
  const deny: Statement = { Effect: "Deny", Action: "s3:*", Resource: "*" };

  test("Deny is never touched, and a policy that still holds one is not detached", () => {
    const result = ask(policyOf(allow({ Action: "s3:*" }), deny), [whole("s3")], s3, "word");
    expect(result).toEqual({ recommendedAction: "CREATE_POLICY", policy: policyOf(deny) });
    expect(statementsOf(result)[0]).toBe(deny);
    const untouched = policyOf(deny);
    expect(ask(untouched, [whole("s3")], s3, "word")).toEqual({ recommendedAction: "NONE", policy: untouched });
  });
  test("nothing to remove gives the very object back", () => {
    for (const policy of [policyOf(), policyOf(allow({ Action: [] })), policyOf(allow({ Action: ["sqs:*"] }))]) {
      const result = ask(policy, [whole("s3")], s3, "word");
      expect(result.recommendedAction).toBe("NONE");
      expect(result.policy).toBe(policy);
    }
  });
  test("a statement without entries from the start stays while another goes", () => {
    const result = ask(policyOf(allow({ Action: [] }), allow({ Action: ["s3:*"] })), [whole("s3")], s3, "word");
    expect(result).toEqual({ recommendedAction: "CREATE_POLICY", policy: policyOf(allow({ Action: [] })) });
  });
  test("a single statement stays a single statement, all else and the order of keys as they are", () => {
    const text =
      '{"Statement":{"Resource":"${x}","Action":"s3:Get*","Condition":{"Bool":{"s3:x":"true"}},"Effect":"Allow","Sid":""},"Id":"i"}';
    const policy = JSON.parse(text) as PolicyDocument; // written above
    const result = ask(policy, [named("s3", "GetBucketAcl")], s3, "word");
    expect(JSON.stringify(result.policy)).toBe(text.replace("s3:Get*", "s3:GetObject*"));
    expect(ask(policy, [whole("s3")], s3, "word")).toEqual({ recommendedAction: "DETACH_POLICY", policy: null });
  });
  test("the order of the catalog does not matter", () => {
    const policy = policyOf(allow({ Action: "s3:*" }));
    const unused = [named("s3", "GetBucketAcl")];
    expect(ask(policy, unused, s3.toReversed(), "word")).toEqual(ask(policy, unused, s3, "word"));
  });
});
