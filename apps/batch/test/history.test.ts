/** Two weeks of an account: what a security team is told after the second run. */
import { beforeAll, describe, expect, test } from "vitest";
import {
  allowing,
  asked,
  jsonLines,
  leastwise,
  type PolicyDocument,
  recommendations,
  refined,
  temporaryFolder,
  write,
} from "./leastwise.ts";
import { type Member, account, arnOf, finding } from "./samples.ts";

const folder = temporaryFolder();

const READ_ONLY = "arn:aws:iam::aws:policy/ReadSome";
const SHARED = arnOf("policy", "Shared");
const CATALOG = write(folder, "catalog.json", {
  iam: ["PassRole", "PutRolePolicy"],
  s3: ["GetBucketAcl", "GetBucketPolicy", "GetObject", "GetObjectAcl", "ListBucket", "PutObject"],
  sqs: ["DeleteMessage", "SendMessage"],
});

/** Allows actions on one bucket. */
function on(bucket: string, ...actions: readonly string[]): PolicyDocument {
  return {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: actions, Resource: `arn:aws:s3:::${bucket}/*` }],
  };
}

const denying: PolicyDocument = {
  Version: "2012-10-17",
  Statement: [
    { Effect: "Allow", Action: "s3:*", Resource: "*" },
    { Effect: "Deny", Action: "s3:PutObject", Resource: "arn:aws:s3:::ledger/*" },
  ],
};

const fencing: PolicyDocument = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Deny", Action: "s3:PutObject", Resource: "arn:aws:s3:::ledger/*" }],
};

const role = (name: string, inline: Readonly<Record<string, unknown>>, attached: readonly string[] = []): Member => ({
  kind: "role",
  name,
  inline,
  attached,
});

const unusedGets = { s3: ["GetBucketAcl", "GetBucketPolicy"] };

/** What there is before: names say what will have happened a week later. */
const before: readonly Member[] = [
  role("applied", { own: allowing("s3:Get*") }),
  role("detached", { own: allowing("sqs:*"), kept: allowing("s3:ListBucket") }),
  role("copied", {}, [READ_ONLY]),
  role("half-copied", {}, [READ_ONLY]),
  role("widened", { own: allowing("s3:GetObject") }),
  role("narrowed", { own: allowing("s3:Get*", "sqs:*") }),
  role("other-bucket", { own: on("old", "s3:GetObject") }),
  role("deny-dropped", { own: denying }),
  role("fence-detached", { own: allowing("s3:*"), fence: fencing }),
  role("moved-between-policies", { one: allowing("s3:GetObject"), two: allowing("sqs:SendMessage") }),
  role("reworded", { own: allowing("s3:GetObject", "s3:PutObject") }),
  role("less-used", { own: allowing("s3:*") }),
  role("used-again", { own: allowing("s3:*") }),
  role("untouched", { own: allowing("s3:Get*") }),
  role("left", { own: allowing("sqs:*") }),
  role("holder-1", {}, [SHARED]),
  role("holder-2", {}, [SHARED]),
];

const policies = (shared: PolicyDocument): Parameters<typeof account>[1] => ({
  [READ_ONLY]: { document: allowing("s3:Get*", "s3:List*") },
  [SHARED]: { document: shared },
});

const findingsBefore = [
  ...["applied", "copied", "half-copied", "untouched"].map((name) => finding(arnOf("role", name), unusedGets)),
  finding(arnOf("role", "detached"), { sqs: null }),
  finding(arnOf("role", "less-used"), { s3: ["PutObject"] }),
  finding(arnOf("role", "used-again"), { s3: ["PutObject", "ListBucket"] }),
  ...["holder-1", "holder-2"].map((name) => finding(arnOf("role", name), { sqs: null })),
];

interface Difference {
  readonly scope: "principal" | "policy";
  readonly principalArn: string;
  readonly policyKey: string;
  readonly change: string;
  readonly gained: readonly string[];
  readonly lost: readonly string[];
  readonly newlyRemovable: readonly string[];
  readonly noLongerRemovable: readonly string[];
  readonly evidenceChanged: boolean;
  readonly documentChanged: boolean;
  readonly policies: readonly Difference[];
}

let db = "";
let differences: readonly Difference[] = [];
const of = (name: string): Difference | undefined =>
  differences.find(({ principalArn }) => principalArn === arnOf("role", name));

beforeAll(() => {
  const first = write(folder, "one/account.json", account(before, policies(allowing("s3:GetObject", "sqs:*"))));
  const findings = write(folder, "one/findings.json", findingsBefore);
  db = refined(folder, "history.db", first, findings, "--catalog", CATALOG);
  const recommended = (name: string): PolicyDocument => {
    const found = recommendations(db).find(({ principalArn }) => principalArn === arnOf("role", name));
    if (found === undefined || found.recommendedPolicy === null) throw new Error(`nothing is recommended for ${name}`);
    return found.recommendedPolicy;
  };
  const copy = arnOf("policy", "ReadSome-narrowed");
  const inline: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
    applied: { own: recommended("applied") },
    detached: { kept: allowing("s3:ListBucket") },
    widened: { own: allowing("s3:GetObject", "iam:PutRolePolicy") },
    narrowed: { own: allowing("s3:Get*") },
    "other-bucket": { own: on("new", "s3:GetObject") },
    "deny-dropped": { own: allowing("s3:*") },
    "fence-detached": { own: allowing("s3:*") },
    "moved-between-policies": { one: allowing("s3:GetObject", "sqs:SendMessage") },
    reworded: { own: allowing("s3:PutObject", "s3:GetObject") },
  };
  const attached: Readonly<Record<string, readonly string[]>> = { copied: [copy], "half-copied": [READ_ONLY, copy] };
  const after = before
    .filter(({ name }) => name !== "left")
    .map(({ name, inline: had = {}, attached: have = [] }) => role(name, inline[name] ?? had, attached[name] ?? have))
    .concat(role("came", { own: allowing("iam:PassRole") }));
  const second = write(
    folder,
    "two/account.json",
    account(after, { ...policies(allowing("s3:GetObject")), [copy]: { document: recommended("copied") } }),
  );
  const week = { updatedAt: "2026-11-27T00:00:00Z" };
  const findingsAfter = write(folder, "two/findings.json", [
    ...["half-copied", "untouched"].map((name) => finding(arnOf("role", name), unusedGets)),
    finding(arnOf("role", "less-used"), { s3: ["PutObject", "ListBucket"] }, week),
    finding(arnOf("role", "used-again"), { s3: ["PutObject"] }, week),
    finding(arnOf("role", "widened"), { iam: ["PutRolePolicy"] }, week),
    ...["holder-1", "holder-2"].map((name) => finding(arnOf("role", name), { sqs: null })),
  ]);
  refined(folder, "history.db", second, findingsAfter, "--catalog", CATALOG);
  const { out } = leastwise("diff-runs", "previous", "latest", "--db", db, "--json", "--actions");
  differences = jsonLines(out) as readonly Difference[]; // what the program wrote
});

describe("what a principal may do", () => {
  test.each([
    ["widened", "worse", ["iam:PutRolePolicy"], []],
    ["came", "new", ["iam:PassRole"], []],
    ["left", "gone", [], ["sqs:DeleteMessage", "sqs:SendMessage"]],
    ["applied", "better", [], ["s3:GetBucketAcl", "s3:GetBucketPolicy"]],
    ["detached", "better", [], ["sqs:DeleteMessage", "sqs:SendMessage"]],
    ["copied", "better", [], ["s3:GetBucketAcl", "s3:GetBucketPolicy"]],
    ["narrowed", "better", [], ["sqs:DeleteMessage", "sqs:SendMessage"]],
    ["other-bucket", "other-terms", [], []],
    ["deny-dropped", "other-terms", [], []],
    ["fence-detached", "other-terms", [], []],
    ["less-used", "same", [], []],
    ["used-again", "same", [], []],
    ["reworded", "same", [], []],
  ])("%s: %s", (name, change, gained, lost) => {
    expect(of(name)).toMatchObject({ scope: "principal", change, gained, lost });
  });

  test("an action that it has by another policy already is nothing new, but it may be on other resources", () => {
    expect(of("moved-between-policies")).toMatchObject({ change: "other-terms", gained: [], lost: [] });
  });

  test("a copy beside the policy that it should replace takes nothing away", () => {
    expect(of("half-copied")).toMatchObject({ change: "other-terms", gained: [], lost: [] });
  });

  test("nobody else is named", () => {
    expect(of("untouched")).toBeUndefined();
    expect(differences.filter(({ scope }) => scope === "principal")).toHaveLength(17);
  });
});

describe("what became of a policy", () => {
  test.each([
    ["applied", [["own", "applied"]]],
    [
      "detached",
      [
        ["own", "applied"],
        ["kept", "same"],
      ],
    ],
    [
      "copied",
      [
        ["ReadSome-narrowed", "copy"],
        ["ReadSome", "applied"],
      ],
    ],
    ["half-copied", [["ReadSome-narrowed", "new"]]],
    ["widened", [["own", "worse"]]],
    ["narrowed", [["own", "better"]]],
    ["other-bucket", [["own", "other-terms"]]],
    ["deny-dropped", [["own", "worse"]]],
    ["reworded", [["own", "rewritten"]]],
    ["less-used", [["own", "more-to-remove"]]],
    ["used-again", [["own", "less-to-remove"]]],
    ["came", [["own", "new"]]],
    ["left", [["own", "gone"]]],
  ])("of %s: %j", (name, expected) => {
    const found = (of(name)?.policies ?? []) as readonly (Difference & { readonly policyName: string })[]; // as written
    expect(new Set(found.map(({ policyName, change }) => `${policyName} ${change}`))).toEqual(
      new Set(expected.map(([policy, change]) => `${policy} ${change}`)),
    );
  });

  test("new excess is told beside it: who got more than is used may lose it again", () => {
    expect(of("widened")?.policies[0]).toMatchObject({
      newlyRemovable: ["iam:PutRolePolicy"],
      documentChanged: true,
      evidenceChanged: true,
    });
    expect(of("less-used")?.policies[0]).toMatchObject({
      newlyRemovable: ["s3:ListBucket"],
      noLongerRemovable: [],
      documentChanged: false,
      evidenceChanged: true,
    });
    expect(of("used-again")?.policies[0]).toMatchObject({ newlyRemovable: [], noLongerRemovable: ["s3:ListBucket"] });
  });

  test("a shared policy in place that is as was recommended", () => {
    const inPlace = differences.filter(({ scope }) => scope === "policy");
    expect(inPlace.map(({ policyKey, change }) => [policyKey, change])).toEqual([
      [arnOf("policy", "ReadSome-narrowed"), "new"],
      [SHARED, "applied"],
    ]);
    expect(of("holder-1")).toMatchObject({ change: "better", policies: [{ change: "applied" }] });
  });
});

const text = (...more: readonly string[]): string => leastwise("diff-runs", "1", "2", "--db", db, ...more).out;

describe("as text", () => {
  test("figures, then the worst first", () => {
    const out = text();
    expect(out).toMatch(/^principals +17 +17 {2}1 came, 1 gone$/m);
    expect(out).toMatch(/^ +1 {2}may do more than before$/m);
    expect(out).toMatch(/^ +\d {2}as run 1 recommended, of \d+ that it wanted changed$/m);
    const titles = out.split("\n").filter((line) => /^[a-z ]+: (?:arn:|\d)/.test(line));
    expect(titles[0]).toBe(`may do more: ${arnOf("role", "widened")}`);
    expect(titles).toContain(`may do less: 2 principals, such as ${arnOf("role", "holder-1")}`);
  });

  test("no line is made of more than it needs, and --json is the same on any day", () => {
    expect(text()).not.toMatch(/undefined|NaN|null/);
    expect(text("--json")).toBe(text("--json"));
  });

  test("counts instead of names, unless --actions asks for them", () => {
    const lines = jsonLines(text("--json")) as readonly Readonly<Record<string, unknown>>[]; // what the program wrote
    expect(lines.find(({ principalArn }) => principalArn === arnOf("role", "widened"))).toMatchObject({
      gained: 1,
      lost: 0,
    });
  });

  test("a run beside itself: nothing differs", () => {
    expect(leastwise("diff-runs", "latest", "latest", "--db", db).out).toContain("nothing differs\n");
    expect(leastwise("diff-runs", "2", "2", "--db", db, "--json").out).toBe("");
  });

  test("the other way round, better is worse", () => {
    const lines = jsonLines(leastwise("diff-runs", "2", "1", "--db", db, "--json").out) as readonly Difference[]; // what the program wrote
    const kind = (name: string): string | undefined =>
      lines.find(({ principalArn }) => principalArn === arnOf("role", name))?.change;
    expect(kind("widened")).toBe("better");
    expect(kind("narrowed")).toBe("worse");
    expect(kind("came")).toBe("gone");
  });
});

describe("as a check", () => {
  test.each([
    [["worse"], 1],
    [["new"], 1],
    [["other-terms"], 1],
    [["more-to-remove"], 1],
    [[], 0],
  ])("--fail-on %j ends with %i", (kinds, code) => {
    const options = kinds.length === 0 ? [] : ["--fail-on", ...kinds];
    expect(leastwise("diff-runs", "1", "2", "--db", db, ...options).code).toBe(code);
  });

  test("it fails on nothing that is not there", () => {
    expect(
      leastwise("diff-runs", "2", "2", "--db", db, "--fail-on", "worse", "new", "other-terms", "more-to-remove").code,
    ).toBe(0);
  });
});

describe("what runs are called", () => {
  test.each(["9", "yesterday", "-1", "1e3"])("`%s` is none", (name) => {
    const { code, err } = leastwise("diff-runs", "1", `--db=${db}`, "--", name);
    expect(code).toBe(2);
    expect(err).toContain(name);
  });
});

test("any run can be looked at", () => {
  const overview = (...run: readonly string[]): unknown => asked(db, "overview", ...run)[0];
  expect(overview("--run", "previous")).toEqual(overview("--run", "1"));
  expect(overview("--run", "latest")).toEqual(overview());
  expect(overview("--run", "1")).not.toEqual(overview("--run", "2"));
  const left = arnOf("role", "left");
  expect(leastwise("show", left, "--db", db).code).toBe(2);
  expect(leastwise("show", left, "--db", db, "--run", "1").out).toContain("own (inline)");
  expect(leastwise("export", "--db", db, "--run", "1", "--format", "jsonl").out).toContain(left);
  expect(leastwise("explain", left, "sqs:SendMessage", "--db", db, "--run", "1").code).toBe(0);
});
