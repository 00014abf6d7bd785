/** AWS adds, renames and takes away actions: what that means for policies that nobody has touched. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import pc from "picocolors";
import { beforeAll, describe, expect, test } from "vitest";
import { driftCommand } from "../src/commands/drift.ts";
import type { Terminal } from "../src/terminal.ts";
import { CATALOGS, GOLDEN, allowing, jsonLines, leastwise, refined, temporaryFolder, write } from "./leastwise.ts";
import { account, arnOf, finding } from "./samples.ts";

const folder = temporaryFolder();

const OLD = write(folder, "old.json", {
  iam: { Write: ["PassRole"] },
  s3: { Read: ["GetObject", "GetObjectAcl", "GetTorrent"], List: ["ListBucket"], Write: ["PutObject"] },
  shop: { Read: ["GetOrder", "ListOrders"], Write: ["PlaceOrder"] },
  sqs: { Write: ["SendMessage", "Send_Batch", "PurgeQueue"] },
});
const NEW = write(folder, "new.json", {
  iam: { Write: ["PassRole"] },
  s3: {
    Read: ["GetObject", "GetObjectAcl", "GetObjectTorrent"],
    List: ["ListBucket"],
    Write: ["PutObject"],
    "Permissions management": ["PutObjectAcl"],
  },
  store: { Read: ["GetOrder", "ListOrders", "GetBasket"], Write: ["PlaceOrder"] },
  sqs: { Write: ["SendMessage", "SendBatch", "ScheduleMessage"] },
});

interface Line {
  readonly drift: "new" | "gone";
  readonly scope?: string;
  readonly principalArn?: string | null;
  readonly policyName?: string;
  readonly statement: number;
  readonly effect: string;
  readonly pattern?: string;
  readonly notAction?: readonly string[];
  readonly action: string;
  readonly accessLevel: string;
  readonly isNamed?: boolean;
  readonly renamedTo?: string | null;
  readonly nearest?: string | null;
}

/** What drift says of one policy. */
function driftOf(...statements: readonly object[]): readonly Line[] {
  const policy = write(folder, "policy.json", { Version: "2012-10-17", Statement: statements });
  const { out, err, code } = leastwise("drift", "--policy", policy, "--from", OLD, "--catalog", NEW, "--json");
  expect({ err, code }).toEqual({ err: "", code: 0 });
  return jsonLines(out) as readonly Line[]; // what the program wrote
}

const allow = (...Action: readonly string[]): object => ({ Effect: "Allow", Action, Resource: "*" });

describe("what a wildcard lets through", () => {
  test.each([
    ["s3:Get*", ["s3:GetObjectTorrent"]],
    ["S3:gEt*", ["s3:GetObjectTorrent"]],
    ["s3:GetObject", []],
    ["s3:GetObject?*", ["s3:GetObjectTorrent"]],
    ["s3:*Acl", ["s3:PutObjectAcl"]],
    ["s3:List*", []],
    ["iam:*", []],
    ["*:Get*", ["s3:GetObjectTorrent", "store:GetBasket", "store:GetOrder"]],
    ["store:*", ["store:GetBasket", "store:GetOrder", "store:ListOrders", "store:PlaceOrder"]],
  ])("%s: %j", (pattern, actions) => {
    const found = driftOf(allow(pattern)).filter(({ drift }) => drift === "new");
    expect(found.map(({ action }) => action).sort()).toEqual(actions);
    for (const line of found) expect(line).toMatchObject({ statement: 0, effect: "Allow", pattern });
  });

  test("with its access level in the newer catalog", () => {
    const levels = driftOf(allow("s3:*")).filter(({ drift }) => drift === "new");
    expect(levels.map(({ action, accessLevel }) => [action, accessLevel])).toEqual([
      ["s3:PutObjectAcl", "Permissions management"],
      ["s3:GetObjectTorrent", "Read"],
    ]);
  });

  test("a name that is spelled out lets nothing new through, even if AWS makes an action of it", () => {
    expect(driftOf(allow("s3:PutObjectAcl", "sqs:ScheduleMessage"))).toEqual([]);
  });

  test("NotAction: what is new and none of its entries matches", () => {
    const found = driftOf(allow("iam:PassRole"), { Effect: "Allow", NotAction: ["s3:*", "store:*"], Resource: "*" });
    expect(found.map(({ drift, statement, notAction, action }) => [drift, statement, notAction, action])).toEqual([
      ["new", 1, ["s3:*", "store:*"], "sqs:ScheduleMessage"],
      ["new", 1, ["s3:*", "store:*"], "sqs:SendBatch"],
    ]);
  });

  test("a Deny grants nothing, whatever it matches now", () => {
    expect(driftOf({ Effect: "Deny", Action: "s3:*", Resource: "*" })).toEqual([]);
    expect(driftOf({ Effect: "Deny", NotAction: "iam:*", Resource: "*" })).toEqual([]);
  });

  test("one entry in two statements is told of twice, twice in one statement once", () => {
    const found = driftOf(allow("s3:*Acl", "s3:*Acl", "S3:*ACL"), allow("s3:*Acl"));
    expect(found.map(({ statement, action }) => [statement, action])).toEqual([
      [0, "s3:PutObjectAcl"],
      [1, "s3:PutObjectAcl"],
    ]);
  });
});

const gone = (action: string, effect = "Allow"): readonly Line[] =>
  driftOf({ Effect: effect, Action: action, Resource: "*" }).filter(({ drift }) => drift === "gone");

describe("actions that are gone", () => {
  test.each([
    ["sqs:Send_Batch", "sqs:SendBatch", null, "the same but for what is no letter or digit"],
    ["shop:GetOrder", "store:GetOrder", null, "its service has another prefix"],
    ["s3:GetTorrent", null, null, "alike, and in the same service, but not alike enough"],
    ["sqs:PurgeQueue", null, null, "nothing is like it"],
  ])("%s: renamed to %s, near %s: %s", (action, renamedTo, nearest, _why) => {
    expect(gone(action)).toMatchObject([{ action, isNamed: true, renamedTo, nearest }]);
    expect(gone(action, "Deny")).toMatchObject([{ effect: "Deny", action, renamedTo }]);
  });

  test("a name that is spelled much alike is a hint, no more", () => {
    const older = write(folder, "older.json", { one: ["DeleteUser"] });
    const newer = write(folder, "newer.json", { one: ["DeleteUserV1"] });
    const policy = write(folder, "one.json", allowing("one:DeleteUser"));
    const { out } = leastwise("drift", "--policy", policy, "--from", older, "--catalog", newer, "--json");
    expect(jsonLines(out)).toMatchObject([{ action: "one:DeleteUser", renamedTo: null, nearest: "one:DeleteUserV1" }]);
  });

  test("what a wildcard matched is told of as not named", () => {
    expect(gone("sqs:P*")).toMatchObject([{ action: "sqs:PurgeQueue", isNamed: false, pattern: "sqs:P*" }]);
    expect(gone("sqs:P*", "Deny")).toEqual([]);
  });

  test("a name among a NotAction's entries is a name", () => {
    const found = driftOf({ Effect: "Allow", NotAction: ["shop:PlaceOrder", "s*:*", "iam:*"], Resource: "*" });
    expect(found).toMatchObject([
      { drift: "gone", action: "shop:PlaceOrder", isNamed: true, renamedTo: "store:PlaceOrder" },
    ]);
  });

  test("a name that neither catalog has is no matter of drift", () => {
    expect(gone("s3:Nonsense")).toEqual([]);
  });
});

describe("of an organization", () => {
  const SHARED = arnOf("policy", "Shared");
  let db = "";
  beforeAll(() => {
    const names = ["one", "two", "three"];
    const members = names.map((name) => ({
      kind: "role" as const,
      name,
      inline: { reads: allowing("s3:*", "iam:PassRole") },
      attached: name === "three" ? [] : [SHARED],
    }));
    const export_ = write(
      folder,
      "account.json",
      account([...members, { kind: "role", name: "detached", inline: { all: allowing("sqs:S*") } }], {
        [SHARED]: { document: allowing("sqs:Send*", "sqs:PurgeQueue") },
      }),
    );
    const findings = write(folder, "findings.json", [
      finding(arnOf("role", "one"), { s3: ["PutObject"] }),
      finding(arnOf("role", "two"), { s3: ["PutObject"] }),
      finding(arnOf("role", "detached"), { sqs: null }),
    ]);
    db = refined(folder, "org.db", export_, findings, "--catalog", OLD);
  });

  const lines = (...more: readonly string[]): readonly Line[] =>
    jsonLines(leastwise("drift", "--db", db, "--catalog", NEW, "--json", ...more).out) as readonly Line[]; // what the program wrote

  test("what counts is what should be in place: generated prefixes and what was kept, and nothing of what is to be detached", () => {
    const found = lines().filter(({ drift, scope }) => drift === "new" && scope === "principal");
    const said = found.map(
      (line) => `${line.principalArn?.split("/").at(-1)} ${line.policyName} ${line.pattern} ${line.action}`,
    );
    expect(said.sort()).toEqual([
      "one Shared sqs:Send* sqs:SendBatch",
      "one reads s3:Get* s3:GetObjectTorrent",
      "three reads s3:* s3:GetObjectTorrent",
      "three reads s3:* s3:PutObjectAcl",
      "two Shared sqs:Send* sqs:SendBatch",
      "two reads s3:Get* s3:GetObjectTorrent",
    ]);
  });

  test("a shared policy is told of in place as well", () => {
    const found = lines().filter(({ scope }) => scope === "policy");
    expect(
      found.map(({ drift, principalArn, policyName, action }) => [drift, principalArn, policyName, action]),
    ).toEqual([
      ["new", null, "Shared", "sqs:SendBatch"],
      ["gone", null, "Shared", "sqs:Send_Batch"],
      ["gone", null, "Shared", "sqs:PurgeQueue"],
    ]);
  });

  test("as text: a pattern is one group, the worst first, with how many have it", () => {
    const { out, code } = leastwise("drift", "--db", db, "--catalog", NEW);
    expect(code).toBe(0);
    expect(out).toContain("3 entries let 3 new actions through: 1 Permissions management, 1 Write, 1 Read\n");
    const titles = Array.from(out.matchAll(/^(\w+:\S*)$/gm), ([title]) => title);
    expect(titles).toEqual(["s3:*", "sqs:Send*", "s3:Get*"]);
    expect(out).toContain("s3:Get*\n  Read: s3:GetObjectTorrent\n  in 2 policies of 2 principals\n");
    expect(out).toContain("in 2 policies of 2 principals and 1 shared policy in place\n");
    expect(out).toContain(
      "gone from the catalog, and named in policies\n  sqs:PurgeQueue, named in 2 policies of 2 principals",
    );
  });

  test("with the catalog that it was made with: nothing", () => {
    const { out, code } = leastwise("drift", "--db", db, "--catalog", OLD, "--fail-on", "any");
    expect(code).toBe(0);
    expect(out).toContain("no wildcard lets a new action through\n");
    expect(out).toContain("0 actions are new, 0 are gone\n");
  });

  test("what is built in is newer where nothing is said", () => {
    expect(leastwise("drift", "--db", db).out).toMatch(/^file old\.json \(12 actions\) → @cloud-copilot\/iam-data@/);
  });

  test("no line is wider than a terminal of 80 columns, and none has an escape code", async () => {
    const out = new PassThrough();
    const terminal = { out, err: new PassThrough(), colours: pc.createColors(false), width: 80 } as unknown as Terminal; // as far as it is used
    await driftCommand({ db }, terminal);
    const text = String(out.read());
    expect(text.length).toBeGreaterThan(1000);
    expect(text.split("\n").filter((line) => line.length > 80)).toEqual([]);
  });
});

const ending = (pattern: string, failOn: string): number | null => {
  const policy = write(folder, "checked.json", allowing(pattern));
  return leastwise("drift", "--policy", policy, "--from", OLD, "--catalog", NEW, "--fail-on", failOn).code;
};

describe("as a check", () => {
  test.each([
    ["s3:Get*", "any", 1],
    ["s3:Get*", "write", 0],
    ["sqs:Schedule*", "write", 1],
    ["sqs:Schedule*", "permissions", 0],
    ["s3:*Acl", "write", 1],
    ["s3:*Acl", "permissions", 1],
    ["s3:List*", "any", 0],
    ["sqs:Purge*", "any", 0],
  ])("%s with --fail-on %s ends with %i", (pattern, failOn, code) => {
    expect(ending(pattern, failOn)).toBe(code);
  });
});

describe("wrong usage", () => {
  const policy = write(folder, "any.json", allowing("s3:*"));
  test.each([
    [["--policy", policy], /--policy and --from go together/],
    [["--from", OLD], /--policy and --from go together/],
    [[], /needs --db FILE, or --policy FILE and --from CATALOG/],
    [["--policy", policy, "--from", OLD, "--db", "x.db"], /cannot be used with/],
    [["--policy", policy, "--from", OLD, "--fail-on", "read"], /Allowed choices are any, write, permissions/],
  ])("%j", (args, message) => {
    const { code, err, out } = leastwise("drift", ...args);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toMatch(message);
  });
});

describe("the result of Amazon Science's article, between November 2024 and today", () => {
  const recommended = join(GOLDEN, "amazon-science-2024-recommended.json");
  const catalog = join(CATALOGS, "2024.json");

  test("the policy is the one of the golden case", () => {
    const golden = JSON.parse(readFileSync(join(GOLDEN, "amazon-science-2024.json"), "utf8")) as {
      recommended: unknown;
    }; // its form
    expect(JSON.parse(readFileSync(recommended, "utf8"))).toEqual(golden.recommended);
  });

  test("two of its wildcards let five new actions through", () => {
    const { out } = leastwise("drift", "--policy", recommended, "--from", catalog, "--json");
    const found = jsonLines(out) as readonly Line[]; // what the program wrote
    expect(found.map(({ pattern, action, accessLevel }) => [pattern, action, accessLevel])).toEqual([
      ["s3:GetObject*", "s3:GetObjectAnnotation", "Read"],
      ["s3:GetObject*", "s3:GetObjectVersionAnnotation", "Read"],
      ["s3:GetObject*", "s3:GetObjectVersionAnnotationForReplication", "Read"],
      ["s3:List*", "s3:ListObjectAnnotations", "List"],
      ["s3:List*", "s3:ListObjectVersionAnnotations", "List"],
    ]);
  });
});
