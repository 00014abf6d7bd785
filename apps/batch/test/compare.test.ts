/** `leastwise compare`: our recommendations beside AWS's own, in every way that the two can differ. */
import { PassThrough } from "node:stream";
import { join } from "node:path";
import pc from "picocolors";
import { describe, expect, test } from "vitest";
import { compareCommand } from "../src/commands/compare.ts";
import type { Terminal } from "../src/terminal.ts";
import { DEMO, allowing, asked, jsonLines, leastwise, refined, temporaryFolder, write } from "./leastwise.ts";
import { account, arnOf, awsRecommendation, finding, hubRecommendation } from "./samples.ts";

const folder = temporaryFolder();
const CATALOG = write(folder, "catalog.json", {
  s3: ["DeleteObject", "GetBucketAcl", "GetObject", "GetObjectAcl", "ListBucket", "PutObject"],
  sqs: ["ReceiveMessage", "SendMessage"],
});
const managed = arnOf("policy", "Shared");
const arn = (name: string): string => arnOf("role", name);
const gets = allowing("s3:Get*", "sqs:SendMessage");
/** What is unused of `gets` by every finding, so that ours is always GetBucketAcl, GetObject and SendMessage. */
const UNUSED = { s3: ["GetObjectAcl"] };
const OURS = allowing("s3:GetBucketAcl", "s3:GetObject", "sqs:SendMessage");

const AWS: Readonly<Record<string, object | readonly object[] | null>> = {
  "same-but-for-the-order": awsRecommendation(arn("same-but-for-the-order"), [
    { id: "own", document: allowing("sqs:SendMessage", "S3:getobject", "s3:GetBucketAcl") },
  ]),
  "another-form": awsRecommendation(arn("another-form"), [
    { id: "own", document: allowing("s3:GetBucket*", "s3:GetObject", "sqs:Send*") },
  ]),
  "ours-tighter": awsRecommendation(arn("ours-tighter"), [
    { id: "own", document: allowing("s3:*", "sqs:SendMessage") },
  ]),
  "aws-detaches": awsRecommendation(arn("aws-detaches"), [{ id: "own", document: null }]),
  "each-has-more": awsRecommendation(arn("each-has-more"), [{ id: "own", document: allowing("s3:Get*") }]),
  failed: awsRecommendation(arn("failed"), [], {
    status: "FAILED",
    error: { code: "UNABLE_TO_CREATE", message: "the policy has NotAction" },
  }),
  "leaves-it": awsRecommendation(arn("leaves-it"), []),
  "older-version": awsRecommendation(arn("older-version"), [
    { id: managed, document: OURS, updated: "2023-01-01T00:00:00Z" },
  ]),
  "this-version": awsRecommendation(arn("this-version"), [
    { id: managed, document: OURS, updated: "2024-01-01T00:00:00Z" },
  ]),
  "hub-same-policy": hubRecommendation(arn("hub-same-policy"), [{ id: "own", document: OURS, existing: gets }]),
  "hub-other-policy": hubRecommendation(arn("hub-other-policy"), [
    { id: "own", document: OURS, existing: allowing("s3:*") },
  ]),
  paged: [
    awsRecommendation(arn("paged"), [{ id: "own", document: OURS }], { nextToken: "2" }),
    awsRecommendation(arn("paged"), [{ id: managed, document: null }]),
  ],
  "newest-counts": [
    awsRecommendation(arn("newest-counts"), [{ id: "own", document: null }], { completedAt: "2026-10-01T00:00:00Z" }),
    awsRecommendation(arn("newest-counts"), [{ id: "own", document: OURS }]),
  ],
  "by-both": [
    awsRecommendation(arn("by-both"), [{ id: "own", document: OURS }]),
    hubRecommendation(arn("by-both"), [{ id: "own", document: null }]),
  ],
  "not-asked": null,
};
const WITH_MANAGED = new Set(["older-version", "this-version", "paged"]);
const names = Object.keys(AWS);
write(folder, "org/account.json", [
  account(
    names.map((name) => ({
      kind: "role",
      name,
      inline: WITH_MANAGED.has(name) && name !== "paged" ? {} : { own: gets },
      attached: WITH_MANAGED.has(name) ? [managed] : [],
    })),
    { [managed]: { document: gets } },
  ),
  ...names.map((name) => finding(arn(name), UNUSED)),
  ...Object.values(AWS).flatMap((answers) => answers ?? []),
]);
const db = refined(folder, "org.db", join(folder, "org"), "--catalog", CATALOG);
const expected: readonly (readonly [
  role: string,
  policy: string,
  verdict: string,
  oursOnly: string,
  awsOnly: string,
])[] = [
  ["another-form", "own", "different-in-form", "", ""],
  ["aws-detaches", "own", "looser", "s3:GetBucketAcl s3:GetObject sqs:SendMessage", ""],
  ["by-both", "own", "same", "", ""],
  ["by-both", "own", "looser", "s3:GetBucketAcl s3:GetObject sqs:SendMessage", ""],
  ["each-has-more", "own", "different", "sqs:SendMessage", "s3:GetObjectAcl"],
  ["failed", "own", "no-answer", "", ""],
  ["hub-other-policy", "own", "same", "", ""],
  ["hub-same-policy", "own", "same", "", ""],
  ["leaves-it", "own", "tighter", "", "s3:GetObjectAcl"],
  ["newest-counts", "own", "same", "", ""],
  ["older-version", "Shared", "same", "", ""],
  ["ours-tighter", "own", "tighter", "", "s3:DeleteObject s3:GetObjectAcl s3:ListBucket s3:PutObject"],
  ["paged", "Shared", "looser", "s3:GetBucketAcl s3:GetObject sqs:SendMessage", ""],
  ["paged", "own", "same", "", ""],
  ["same-but-for-the-order", "own", "same", "", ""],
  ["this-version", "Shared", "same", "", ""],
];

interface Row {
  readonly principalArn: string;
  readonly policyName: string;
  readonly verdict: string;
  readonly isCurrent: boolean;
  readonly recommendedAction: string;
  readonly awsAction: string | null;
  readonly oursOnly: readonly string[];
  readonly awsOnly: readonly string[];
}

function compared(path: string): readonly Row[] {
  const { code, out, err } = leastwise("compare", "--db", path, "--json");
  expect({ code, err }).toEqual({ code: 0, err: "" });
  return jsonLines(out) as readonly Row[]; // what --json prints
}

describe("verdicts", () => {
  const rows = compared(db);
  const about = (name: string): readonly Row[] => rows.filter(({ principalArn }) => principalArn === arn(name));

  test("of every policy that AWS has spoken of, with what only one of both grants", () => {
    const found = rows.map(({ principalArn, policyName, verdict, oursOnly, awsOnly }) => [
      principalArn.split("/").at(-1),
      policyName,
      verdict,
      oursOnly.join(" "),
      awsOnly.join(" "),
    ]);
    expect(found).toEqual(expected);
  });

  test("the named question and the summary of the run count the same", () => {
    const counts = new Map<string, number>();
    for (const { verdict } of rows) counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
    const question = asked(db, "compare").map(({ verdict }) => verdict);
    expect(question.map(String).toSorted()).toEqual(rows.map(({ verdict }) => verdict).toSorted());
    const { out } = leastwise(
      "refine",
      join(folder, "org"),
      "--db",
      join(folder, "again.db"),
      "--catalog",
      CATALOG,
      "--json",
    );
    const { summary } = JSON.parse(out) as { summary: { comparisons: { verdict: string; policies: number }[] } };
    expect(new Map(summary.comparisons.map(({ verdict, policies }) => [verdict, policies]))).toEqual(counts);
  });

  test("what AWS looked at is said not to be the policy of today where it says so", () => {
    const stale = rows.filter(({ isCurrent }) => !isCurrent).map(({ principalArn }) => principalArn);
    expect(stale).toEqual([arn("hub-other-policy"), arn("older-version")]);
  });

  test("a policy that AWS does not name is one that it leaves; no answer is none", () => {
    expect(about("leaves-it")).toMatchObject([{ recommendedAction: "CREATE_POLICY", awsAction: "NONE" }]);
    expect(about("failed")).toMatchObject([{ awsAction: null, verdict: "no-answer" }]);
    expect(about("not-asked")).toEqual([]);
  });
});

/** The text as a terminal of 80 columns gets it. */
async function shown(all: boolean): Promise<string> {
  const out = new PassThrough();
  const terminal = { out, err: new PassThrough(), colours: pc.createColors(false), width: 80 } as unknown as Terminal; // as far as it is used
  await compareCommand({ db, all }, terminal);
  return String(out.read());
}

describe("for people", () => {
  test("what differs, with the difference in actions, and the sum", async () => {
    const text = await shown(false);
    expect(text).toContain(
      [
        "different: each grants something that the other does not",
        `  own (inline) of ${arn("each-has-more")}`,
        "  ours CREATE_POLICY, Access Analyzer CREATE_POLICY",
        "  only ours keeps sqs:SendMessage",
        "  only AWS keeps s3:GetObjectAcl",
        "",
      ].join("\n"),
    );
    expect(text).toContain(
      `looser than AWS\n  own (inline) of ${arn("by-both")}\n  ours CREATE_POLICY, Security Hub DETACH_POLICY\n`,
    );
    expect(text).not.toContain("same-but-for-the-order");
    expect(text).toMatch(/\n\n +8 {2}the same as AWS\n +3 {2}looser than AWS\n/);
    expect(text).toMatch(/equal ones are not shown; --all shows them\n$/);
  });

  test("why there is no answer", async () => {
    expect(await shown(false)).toContain(
      `no answer to compare with\n  own (inline) of ${arn("failed")}\n  Access Analyzer says: UNABLE_TO_CREATE: the policy has NotAction\n`,
    );
  });

  test("--all shows the equal ones too, and what AWS has seen another version of", async () => {
    const text = await shown(true);
    expect(text).toContain(`the same as AWS\n  own (inline) of ${arn("same-but-for-the-order")}\n`);
    expect(text).toContain("  AWS has looked at another version of this policy\n");
    expect(text.match(/^ {2}\S+ \(\w+\) of arn:/gm)).toHaveLength(expected.length);
    expect(text).not.toContain("--all");
  });

  test("no line is wider than the terminal", async () => {
    for (const all of [false, true])
      expect((await shown(all)).split("\n").filter((line) => line.length > 80)).toEqual([]);
  });
});

describe("our own export in AWS's shape, fed back", () => {
  const export_ = write(
    folder,
    "export.jsonl",
    leastwise("export", "--db", refined(folder, "demo.db", DEMO), "--format", "access-analyzer").out,
  );
  const rows = compared(refined(folder, "back.db", DEMO, export_));

  test("is the same as itself, policy by policy", () => {
    expect(rows.length).toBeGreaterThan(30);
    expect(rows.filter(({ verdict }) => verdict !== "same")).toEqual([]);
    expect(new Set(rows.map(({ awsAction }) => awsAction))).toEqual(
      new Set(["CREATE_POLICY", "DETACH_POLICY", "NONE"]),
    );
    for (const { recommendedAction, awsAction } of rows) expect(awsAction).toBe(recommendedAction);
  });
});

test("a database without a recommendation by AWS: what to export", () => {
  const without = join(folder, "demo.db");
  const { code, out, err } = leastwise("compare", "--db", without);
  expect({ code, out }).toEqual({ code: 2, out: "" });
  expect(err).toBe(
    `leastwise: \`${without}\` has no recommendation by AWS\ngive \`leastwise refine\` the output of \`aws accessanalyzer get-finding-recommendation\` as well\n`,
  );
});
