import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { DEMO, type PolicyDocument, allowing, leastwise, temporaryFolder, write } from "./leastwise.ts";

const folder = temporaryFolder();
const ROLE = "arn:aws:iam::123456789012:role/web";

interface PolicyResult {
  readonly recommendedAction: string;
  readonly recommendedPolicy: PolicyDocument | null;
  readonly changes: readonly unknown[];
  readonly grants: unknown;
  readonly size: unknown;
  readonly catalog: Readonly<Record<string, unknown>>;
  readonly verified: boolean;
}

/** Puts and gets objects; putting is unused. */
const readWrite = write(folder, "read-write.json", allowing("s3:GetObject", "s3:PutObject"));
const putUnused = write(folder, "put-unused.json", [{ serviceNamespace: "s3", actions: ["PutObject"] }]);
const allUnused = write(folder, "all-unused.json", [{ serviceNamespace: "s3" }]);
const elseUnused = write(folder, "else-unused.json", [{ serviceNamespace: "sqs" }]);

function result(policy: string, unused: string, ...more: readonly string[]): PolicyResult {
  const { code, out, err } = leastwise("policy", policy, "--unused", unused, "--format", "json", ...more);
  if (code !== 0) throw new Error(err);
  return JSON.parse(out) as PolicyResult; // what --format json prints
}

/** The entries that the only statement is left with. */
function entriesLeft(policy: string, unused: string, ...more: readonly string[]): unknown {
  const statement = result(policy, unused, ...more).recommendedPolicy?.Statement;
  return Array.isArray(statement) ? (statement as { Action: unknown }[])[0]?.Action : undefined;
}

describe("formats", () => {
  test("text says what to do, the figures, every entry, and shows the diff", () => {
    const { code, out, err } = leastwise("policy", readWrite, "--unused", putUnused);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toBe(`replace this policy
actions 2 → 1 (1 removed), characters 113 → 98, verified

statement 0  − s3:PutObject

diff --git a/read-write.json b/read-write.json
--- a/read-write.json
+++ b/read-write.json
@@ -4,8 +4,7 @@
     {
       "Effect": "Allow",
       "Action": [
-        "s3:GetObject",
-        "s3:PutObject"
+        "s3:GetObject"
       ],
       "Resource": "*"
     }
`);
  });

  test("json has just these fields", () => {
    const found = result(readWrite, putUnused);
    expect(found).toEqual({
      recommendedAction: "CREATE_POLICY",
      recommendedPolicy: allowing("s3:GetObject"),
      changes: [{ statement: 0, element: "Action", entry: "s3:PutObject", replacedBy: [] }],
      grants: { before: 2, removed: 1, after: 1 },
      size: { before: 113, after: 98, limit: 6144 },
      form: "prefixes",
      fit: "fits",
      parts: null,
      catalog: found.catalog,
      verified: true,
    });
    expect(found.catalog).toEqual({
      version: expect.stringMatching(/^@cloud-copilot\/iam-data@/) as unknown,
      date: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) as unknown,
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown,
    });
  });

  test("policy is the document and nothing else", () => {
    const { out } = leastwise("policy", readWrite, "--unused", putUnused, "--format", "policy");
    expect(out).toBe(`${JSON.stringify(allowing("s3:GetObject"), null, 2)}\n`);
  });

  test("diff is what `text` ends with", () => {
    const text = leastwise("policy", readWrite, "--unused", putUnused).out;
    const { out } = leastwise("policy", readWrite, "--unused", putUnused, "--format", "diff");
    expect(out).toMatch(/^diff --git /);
    expect(text.endsWith(out)).toBe(true);
  });
});

describe("nothing to remove", () => {
  test("the file comes back byte for byte, however it was written", () => {
    const odd =
      '{ "Version":"2012-10-17",\r\n\t"Statement" : {"Effect":"Allow", "Action":"s3:G\\u0065t*","Resource":"*"}}  \r\n\n';
    const policy = write(folder, "odd.json", odd);
    const { code, out } = leastwise("policy", policy, "--unused", elseUnused, "--format", "policy");
    expect({ code, out }).toEqual({ code: 0, out: odd });
  });

  test("with a byte order mark too", () => {
    const marked = `\uFEFF${JSON.stringify(allowing("s3:GetObject"))}`;
    const policy = write(folder, "marked.json", marked);
    expect(leastwise("policy", policy, "--unused", elseUnused, "--format", "policy").out).toBe(marked);
  });

  test("says so, and there is no diff", () => {
    expect(result(readWrite, elseUnused)).toMatchObject({ recommendedAction: "NONE", changes: [] });
    expect(leastwise("policy", readWrite, "--unused", elseUnused).out).toMatch(/^nothing to remove\n/);
    expect(leastwise("policy", readWrite, "--unused", elseUnused, "--format", "diff").out).toBe("");
  });
});

describe("nothing is left", () => {
  test("the policy is to be detached", () => {
    expect(result(readWrite, allUnused)).toMatchObject({
      recommendedAction: "DETACH_POLICY",
      recommendedPolicy: null,
      grants: { before: 2, removed: 2, after: 0 },
      size: { before: 113, after: 0 },
    });
    expect(leastwise("policy", readWrite, "--unused", allUnused).out).toMatch(
      /^detach this policy: nothing of it is used\n/,
    );
  });

  test("there is no document, which stderr says", () => {
    const { code, out, err } = leastwise("policy", readWrite, "--unused", allUnused, "--format", "policy");
    expect({ code, out }).toEqual({ code: 0, out: "" });
    expect(err).toContain("detach the policy");
  });

  test("but a policy that still denies something stays", () => {
    const deny = { Effect: "Deny", Action: "s3:DeleteBucket", Resource: "*" };
    const Statement = [{ Effect: "Allow", Action: "s3:GetObject", Resource: "*" }, deny];
    const policy = write(folder, "denies.json", { Version: "2012-10-17", Statement });
    const { recommendedAction, recommendedPolicy } = result(policy, allUnused);
    expect(recommendedAction).toBe("CREATE_POLICY");
    expect(recommendedPolicy?.Statement).toEqual([deny]);
  });
});

describe("granularity", () => {
  const tagging = write(folder, "tagging.json", allowing("sqs:*Queue"));
  const unused = write(folder, "queues.json", [
    { serviceNamespace: "sqs", actions: ["CreateQueue", "DeleteQueue", "PurgeQueue"] },
  ]);

  test("exact writes names", () => {
    expect(entriesLeft(tagging, unused, "--granularity", "exact")).toEqual(["sqs:TagQueue", "sqs:UntagQueue"]);
  });

  test("word writes prefixes where they are safe", () => {
    const s3 = write(folder, "s3.json", allowing("s3:GetObject*"));
    const acl = write(folder, "acl.json", [{ serviceNamespace: "s3", actions: ["GetObjectAcl"] }]);
    const word = entriesLeft(s3, acl) as string[];
    const exact = entriesLeft(s3, acl, "--granularity", "exact") as string[];
    expect(word).toContain("s3:GetObjectVersion*");
    expect(exact).toContain("s3:GetObjectVersionTagging");
    expect(exact.filter((entry) => entry.includes("*"))).toEqual([]);
  });
});

/** The details of a finding that reports these actions of s3. */
function details(...actions: readonly string[]): readonly unknown[] {
  return [{ unusedPermissionDetails: { serviceNamespace: "s3", actions: actions.map((action) => ({ action })) } }];
}

describe("forms of the report", () => {
  const report = [{ serviceNamespace: "s3", actions: ["s3:putobject"] }];
  const finding = {
    id: "f1",
    findingType: "UnusedPermission",
    resource: ROLE,
    resourceType: "AWS::IAM::Role",
    resourceOwnerAccount: "123456789012",
    status: "ACTIVE",
    updatedAt: "2026-09-24T00:00:00+00:00",
    findingDetails: details("s3:putobject"),
  };

  test.each([
    ["a list alone", report],
    ["a list bound to a principal", { arn: ROLE, unused: report }],
    ["an Access Analyzer finding", finding],
  ])("%s", (name, content) => {
    const unused = write(folder, `${name}.json`, content);
    expect(entriesLeft(readWrite, unused)).toEqual(["s3:GetObject"]);
  });

  test("the pages of one finding, one a line", () => {
    const pages = ["4c54e8f9-88b0-4f6a-a38c-8a8f517b9493.json", "4c54e8f9-88b0-4f6a-a38c-8a8f517b9493-2.json"].map(
      (name) => JSON.parse(readFileSync(join(DEMO, "findings/444455556666", name), "utf8")) as unknown,
    );
    const unused = write(folder, "pages.jsonl", pages.map((page) => `${JSON.stringify(page)}\n`).join(""));
    const policy = write(folder, "lake.json", allowing("glue:Get*", "s3:GetObject", "s3:DeleteObject", "kms:Decrypt"));
    const [first, both] = [write(folder, "page-1.json", pages[0]), unused].map(
      (file) => result(policy, file).grants as { removed: number },
    );
    expect(both?.removed).toBeGreaterThan(first?.removed ?? 0);
  });

  test("the newest of several findings counts alone: what it no longer lists has been used since", () => {
    const older = {
      ...finding,
      id: "f0",
      updatedAt: "2026-08-25T00:00:00+00:00",
      findingDetails: details("GetObject", "PutObject"),
    };
    const newer = { ...finding, findingDetails: details("PutObject") };
    const unused = write(folder, "older-and-newer.jsonl", `${JSON.stringify(older)}\n${JSON.stringify(newer)}\n`);
    expect(entriesLeft(readWrite, unused)).toEqual(["s3:GetObject"]);
  });

  test("an archived finding removes nothing", () => {
    const unused = write(folder, "archived.json", { ...finding, status: "ARCHIVED" });
    expect(result(readWrite, unused).recommendedAction).toBe("NONE");
  });

  test("a whole service `iam` leaves iam:PassRole, naming it does not", () => {
    const policy = write(folder, "deployer.json", allowing("iam:CreateRole", "iam:PassRole", "s3:GetObject"));
    const whole = write(folder, "iam.json", [{ serviceNamespace: "iam" }]);
    const named = write(folder, "iam-named.json", [{ serviceNamespace: "iam", actions: ["PassRole", "CreateRole"] }]);
    expect(entriesLeft(policy, whole)).toEqual(["iam:PassRole", "s3:GetObject"]);
    expect(entriesLeft(policy, named)).toEqual(["s3:GetObject"]);
  });
});

test("an action that the catalog lacks is kept, with a warning on stderr", () => {
  const policy = write(folder, "typo.json", allowing("s3:GetObjectFoo", "s3:PutObject"));
  const { code, out, err } = leastwise("policy", policy, "--unused", putUnused, "--format", "policy");
  expect(code).toBe(0);
  expect(JSON.parse(out)).toEqual(allowing("s3:GetObjectFoo"));
  expect(err).toMatch(/^warning unknown-action: the catalog has no action `s3:GetObjectFoo` \(statement 0\)/);
});

describe("what cannot be used is refused with the place and a way out", () => {
  const bad = (name: string, content: unknown): string => write(folder, `bad/${name}`, content);
  const statement = { Effect: "Allow", Action: "s3:*", Resource: "*" };

  test.each([
    ["a missing policy", 4, ["nowhere.json", "--unused", putUnused], /`nowhere\.json` cannot be read/],
    ["a missing report", 4, [readWrite, "--unused", "nowhere.json"], /`nowhere\.json` cannot be read/],
    ["a folder", 4, [folder, "--unused", putUnused], /cannot be read/],
    ["no report at all", 2, [readWrite], /'--unused <file>'/],
    ["text", 3, [bad("notes.txt", "some notes"), "--unused", putUnused], /notes\.txt`.*JSON/],
    ["an empty file", 3, [bad("empty.json", ""), "--unused", putUnused], /empty\.json`: the file is empty/],
    ["a list for a policy", 3, [putUnused, "--unused", putUnused], /put-unused\.json`/],
    [
      "another Effect",
      3,
      [bad("effect.json", { Statement: [{ ...statement, Effect: "Maybe" }] }), "--unused", putUnused],
      /\/Statement\/0\/Effect/,
    ],
    [
      "Action beside NotAction",
      3,
      [bad("both.json", { Statement: [{ ...statement, NotAction: "s3:*" }] }), "--unused", putUnused],
      /\/Statement\/0: .*exactly one of Action and NotAction/,
    ],
    [
      "a number for an action",
      3,
      [bad("number.json", { Statement: [{ ...statement, Action: ["s3:*", 5] }] }), "--unused", putUnused],
      /\/Statement\/0\/Action\/1/,
    ],
    [
      "a document without a Statement",
      3,
      [bad("no-statement.json", { Version: "2012-10-17" }), "--unused", putUnused],
      /\/Statement/,
    ],
    [
      "an unused action with a wildcard",
      3,
      [readWrite, "--unused", bad("wild.json", [{ serviceNamespace: "s3", actions: ["Get*"] }])],
      /wild\.json` at \/0.*Get\*.* is no action name/,
    ],
    [
      "half a report",
      3,
      [readWrite, "--unused", bad("half.json", '[{"serviceNamespace":"s3","act')],
      /half\.json`.*line 1/,
    ],
    ["a report of nothing", 3, [readWrite, "--unused", readWrite], /read-write\.json`/],
    ["a form that is not known", 2, [readWrite, "--unused", putUnused, "--format", "yaml"], /Allowed choices/],
    ["a missing catalog", 4, [readWrite, "--unused", putUnused, "--catalog", "nowhere.json"], /nowhere\.json/],
    [
      "a catalog of nothing",
      2,
      [readWrite, "--unused", putUnused, "--catalog", bad("no-catalog.json", {})],
      /no-catalog\.json/,
    ],
  ] as const)("%s: exit code %i", (_what, code, args, message) => {
    const ended = leastwise("policy", ...args);
    expect(ended).toMatchObject({ code, out: "" });
    expect(ended.err).toMatch(message);
    const [first, ...hint] = ended.err.trimEnd().split("\n");
    expect(first).toMatch(/^leastwise: /);
    expect(hint).toHaveLength(1);
    expect(ended.err).not.toMatch(/^\s+at /m);
  });
});
