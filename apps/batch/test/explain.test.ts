/** `leastwise explain`: for each fate that an action can have, the answer that a person gets. */
import { PassThrough } from "node:stream";
import { join } from "node:path";
import pc from "picocolors";
import { describe, expect, test } from "vitest";
import { explainCommand } from "../src/commands/explain.ts";
import type { Explanation } from "../src/explain/explain-action.ts";
import type { Terminal } from "../src/terminal.ts";
import { accountWith, allowing, leastwise, refined, temporaryFolder, write } from "./leastwise.ts";
import { ACCOUNT, account, arnOf, finding, lastAccessed, trailRecord } from "./samples.ts";

const folder = temporaryFolder();
const app = arnOf("role", "app", "/service/");
const [quiet, seen, glass, tagged, ci, young, gone, old] = [
  arnOf("role", "quiet"),
  arnOf("role", "seen"),
  arnOf("role", "break-glass-1"),
  arnOf("role", "tagged"),
  arnOf("role", "deploy", "/ci/"),
  arnOf("role", "young"),
  arnOf("role", "gone"),
  arnOf("role", "old"),
];
const [dana, eve, developers] = [arnOf("user", "dana"), arnOf("user", "eve"), arnOf("group", "developers")];
const FOREIGN = "arn:aws:iam::999988887777:role/foreign";

const data = {
  Version: "2012-10-17",
  Statement: [
    { Sid: "Objects", Effect: "Allow", Action: ["s3:*", "s3:MadeUpAction"], Resource: "*" },
    { Sid: "NOREPOQueues", Effect: "Allow", Action: "sqs:*", Resource: "*" },
    { Effect: "Deny", Action: "s3:DeleteBucket*", Resource: "*" },
    { Effect: "Allow", NotAction: ["s3:*", "sqs:*", "iam:*"], Resource: "*" },
  ],
};
const own = { own: allowing("s3:*") };
const put = { s3: ["PutObject"] };
write(folder, "org/account.json", [
  account([
    { kind: "role", name: "app", path: "/service/", inline: { data, baseline: allowing("s3:PutObject") } },
    { kind: "role", name: "quiet", inline: own },
    { kind: "role", name: "seen", inline: own },
    { kind: "role", name: "break-glass-1", inline: own },
    { kind: "role", name: "tagged", inline: own, tags: { team: "payments" } },
    { kind: "role", name: "deploy", path: "/ci/", inline: own },
    { kind: "role", name: "young", inline: own, created: "2026-11-10T00:00:00+00:00" },
    { kind: "role", name: "gone", inline: own },
    { kind: "role", name: "old", inline: own },
    { kind: "user", name: "dana", groups: ["developers"] },
    { kind: "user", name: "eve", groups: ["developers"] },
    { kind: "group", name: "developers", inline: { all: allowing("s3:*", "iam:*") } },
  ]),
  accountWith("999988887777", { foreign: own }),
  finding(app, {
    s3: ["PutObject", ["DeleteObject", "2026-02-01T00:00:00Z"], "PutBucketPolicy", "DeleteBucket", "PutBucketAcl"],
    sqs: null,
    ec2: ["RunInstances"],
    dynamodb: null,
  }),
  ...[glass, tagged, ci, young, FOREIGN].map((arn) => finding(arn, put)),
  { ...finding(gone, {}), findingType: "UnusedIAMRole", findingDetails: [{ unusedIamRoleDetails: {} }] },
  lastAccessed(
    old,
    "ACTION_LEVEL",
    { s3: { at: "2026-08-01T00:00:00Z", actions: { PutBucketAcl: "2026-08-01T00:00:00Z", PutBucketPolicy: null } } },
    { JobCreationDate: "2026-08-02T00:00:00Z", JobCompletionDate: "2026-08-02T00:00:07Z" },
  ),
  finding(dana, { s3: ["PutObject", "DeleteObject"], iam: null }),
  lastAccessed(eve, "ACTION_LEVEL", {
    s3: { at: "2026-11-02T00:00:00Z", actions: { PutObject: "2026-11-02T00:00:00Z", DeleteObject: null } },
    iam: { at: null },
  }),
]);
write(folder, "org/trail.json", {
  Records: [
    trailRecord(app, "s3", "ListObjectsV2", "2026-11-18T00:00:00Z"),
    trailRecord(app, "s3", "ListObjectsV2", "2026-11-17T00:00:00Z"),
    trailRecord(app, "s3", "PutBucketAcl", "2026-11-18T00:00:00Z", { errorCode: "AccessDenied" }),
    trailRecord(app, "dynamodb", "JugglePaperCranes", "2026-11-18T00:00:00Z"),
    trailRecord(seen, "s3", "GetBucketAcl", "2026-11-18T00:00:00Z"),
    trailRecord(seen, "s3", "GetBucketPolicy", "2026-05-01T00:00:00Z"),
  ],
});
const config = write(folder, "config.json", {
  protected: ["s3:PutBucketPol*"],
  exclude: {
    accounts: ["999988887777"],
    principals: ["break-glass-*"],
    paths: ["/ci/"],
    tags: { team: "payments" },
    policies: ["baseline"],
    sids: ["NOREPO"],
  },
  windows: { cloudtrail: 90 },
  maxAge: 60,
  minAge: 30,
  asOf: "2026-11-21",
});
const db = refined(folder, "org.db", join(folder, "org"), "--config", config);

/** The text as a terminal of so many columns gets it. */
async function explained(arn: string, action: string, width: number | null = 80, json = false): Promise<string> {
  const out = new PassThrough();
  const terminal = { out, err: new PassThrough(), colours: pc.createColors(false), width } as unknown as Terminal; // as far as it is used
  await explainCommand(arn, action, { db, json }, terminal);
  return String(out.read());
}

/** The answer: what stands between the title and the first empty line. */
async function answerOf(arn: string, action: string): Promise<string> {
  const [answer = ""] = (await explained(arn, action, null)).split("\n\n");
  return answer.split("\n").slice(1).join("\n");
}

function words(text: string): string {
  return text.replaceAll(/\s+/g, " ");
}

const DENIED_TOO = "a Deny statement names it too; Deny statements are never touched";
const ANSWERS: readonly (readonly [what: string, arn: string, action: string, answer: string])[] = [
  ["used", app, "s3:ListBucket", "stays: used, as CloudTrail says"],
  ["unused", app, "s3:DeleteObject", "goes: unused, as Access Analyzer says"],
  ["unknown", app, "s3:GetBucketAcl", "stays: nothing says that it is unused"],
  ["protected", app, "s3:PutBucketPolicy", "stays: it is unused, and protected by `s3:PutBucketPol*`"],
  ["kept by its Sid", app, "sqs:SendMessage", "stays: it is unused, and its statement is left alone by its Sid"],
  ["denied as well", app, "s3:DeleteBucket", `goes: unused, as Access Analyzer says\n${DENIED_TOO}`],
  ["granted by NotAction", app, "ec2:RunInstances", "goes: unused, as Access Analyzer says"],
  ["called in vain only", app, "s3:PutBucketAcl", "goes: unused, as Access Analyzer says"],
  [
    "of a service with an event of no known action",
    app,
    "dynamodb:GetItem",
    "stays: something of the service is used, and nothing says by which action",
  ],
  [
    "not in the catalog",
    app,
    "s3:MadeUpAction",
    "the catalog has no such action; what policies and reports say of it counts all the same\nstays: nothing says that it is unused",
  ],
  [
    "in two policies, one of them left alone",
    app,
    "s3:PutObject",
    "goes from some policies and stays in others: unused, as Access Analyzer says; baseline is left alone (exclude.policies: baseline)",
  ],
  ["not granted", app, "iam:PassRole", "no policy of it allows this action"],
  ["of somebody unknown", quiet, "s3:GetObject", "stays: nothing is known of the use of this principal"],
  ["seen by CloudTrail alone", seen, "s3:GetBucketAcl", "stays: used, as CloudTrail says"],
  ["seen by CloudTrail long ago", seen, "s3:GetBucketPolicy", "stays: nothing says that it is unused"],
  ["left alone by name", glass, "s3:PutObject", "stays: it is left alone (exclude.principals: break-glass-*)"],
  ["left alone by tag", tagged, "s3:PutObject", "stays: it is left alone (exclude.tags: team=payments)"],
  ["left alone by path", ci, "s3:PutObject", "stays: it is left alone (exclude.paths: /ci/)"],
  ["left alone by account", FOREIGN, "s3:PutObject", "stays: it is left alone (exclude.accounts: 999988887777)"],
  ["left alone for it is young", young, "s3:PutObject", "stays: it is left alone (min-age: 30 days)"],
  ["of a role that is unused altogether", gone, "s3:PutObject", "stays: it is left alone (unused-principal)"],
  ["used by an old report", old, "s3:PutBucketAcl", "stays: used, as service last accessed says"],
  ["unused by an old report", old, "s3:PutBucketPolicy", "stays: nothing says that it is unused"],
  ["a group's, for another member", dana, "s3:PutObject", "stays: the group keeps it for eve"],
  ["a group's, that no member uses", dana, "s3:DeleteObject", "goes: no member uses it"],
  ["the same, asked of the group", developers, "s3:DeleteObject", "goes: no member uses it"],
  ["of no member's known use, as PassRole", developers, "iam:PassRole", "stays: the group keeps it for dana, eve"],
];

describe("the answer for an action that is", () => {
  test.each(ANSWERS)("%s", async (_, arn, action, answer) => {
    expect(await answerOf(arn, action)).toBe(answer);
  });

  test.each(ANSWERS)("%s: the recommended policies agree", async (_, arn, action, answer) => {
    const { holders } = JSON.parse(await explained(arn, action, null, true)) as Explanation;
    const allowed = holders.flatMap(({ grants }) => grants.filter(({ effect }) => effect === "Allow"));
    const first = /^(stays|goes from some|goes|no policy)/m.exec(answer)?.[0];
    const fates = [...new Set(allowed.map(({ stays }) => (stays ? "stays" : "goes")))].sort().join();
    expect(fates).toBe(first === "goes from some" ? "goes,stays" : first === "no policy" ? "" : first);
  });
});

describe("what is told of it", () => {
  test("which statements grant it, what each source says, and from which file", async () => {
    expect(await explained(app, "s3:DeleteBucket", null)).toBe(
      [
        `s3:DeleteBucket for ${app}`,
        "goes: unused, as Access Analyzer says",
        DENIED_TOO,
        "",
        "granted by policies",
        "  data, statement 0 (Objects): allows it by `s3:*`; goes",
        "  data, statement 2: denies it by `s3:DeleteBucket*`",
        "",
        "evidence: unused",
        `  Access Analyzer finding finding-app of 2026-11-20: unused: never accessed in its tracking period [${folder}/org/account.json]`,
        "",
      ].join("\n"),
    );
  });

  test("dates are those of the action itself", async () => {
    expect(await explained(app, "s3:DeleteObject", null)).toContain("unused: last accessed on 2026-02-01");
    expect(await explained(app, "s3:PutObject", null)).toContain("unused: never accessed in its tracking period");
  });

  test("events: how many, the last, what was denied, what stands for no action, and what is too long ago", async () => {
    expect(await explained(app, "s3:ListBucket", null)).toContain(
      "CloudTrail s3.amazonaws.com ListObjectsV2: used: 2 events, the last on 2026-11-18\n",
    );
    expect(await explained(app, "s3:PutBucketAcl", null)).toContain(
      "CloudTrail s3.amazonaws.com PutBucketAcl: 1 event, which was denied, so it proves no use\n",
    );
    expect(await explained(app, "dynamodb:GetItem", null)).toContain(
      "JugglePaperCranes: 1 event, the last on 2026-11-18; the name stands for no known action, so something of the service is used\n",
    );
    expect(await explained(seen, "s3:GetBucketPolicy", null)).toContain(
      "GetBucketPolicy: 1 event, the last on 2026-05-01; older than the window\n",
    );
  });

  test("a report that is too old says that it removes nothing", async () => {
    expect(await explained(old, "s3:PutBucketPolicy", null)).toMatch(
      /of 2026-08-02: unused: .*; too old to remove anything/,
    );
  });

  test("members by name, where a group is asked about", async () => {
    const text = await explained(developers, "s3:PutObject", null);
    expect(text).toContain("granted by policies\n  all, statement 0: allows it by `s3:*`; stays\n");
    expect(text).toMatch(/finding finding-dana on user\/dana of 2026-11-20: unused/);
    expect(text).toMatch(
      /service last accessed \(ACTION_LEVEL\) on user\/eve of 2026-11-20: used: last accessed on 2026-11-02, with a window of 90 days/,
    );
  });

  test("fits a terminal of 80 columns, and says there what it says elsewhere", async () => {
    for (const [, arn, action] of ANSWERS) {
      const narrow = await explained(arn, action);
      const wide = narrow.split("\n").filter((line) => line.length > 80 && line.trim().includes(" "));
      expect(wide).toEqual([]);
      expect(words(narrow)).toBe(words(await explained(arn, action, null)));
    }
  });

  test("case does not matter, and the catalog's spelling is shown", async () => {
    expect(await explained(app, "S3:deleteobject", null)).toContain(`s3:DeleteObject for ${app}\ngoes: `);
  });

  test("--json has it all", async () => {
    const { out, code, err } = leastwise("explain", app, "s3:ListBucket", "--db", db, "--json");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(JSON.parse(out)).toMatchObject({
      action: "s3:ListBucket",
      inCatalog: true,
      protectedBy: null,
      holders: [
        {
          principal: { arn: app },
          state: "used",
          grants: [
            { policyName: "data", statement: 0, sid: "Objects", entries: ["s3:*"], stays: true, leftBecause: null },
          ],
          sayings: [
            { source: "access-analyzer", state: "silent" },
            { source: "cloudtrail", state: "used", events: { allowed: 2, denied: 0 } },
          ],
        },
      ],
    });
  });
});

describe("wrong usage is exit code 2, with a way out", () => {
  test.each([
    [
      "an ARN that nobody has",
      [`arn:aws:iam::${ACCOUNT}:role/service/ap`, "s3:GetObject"],
      /no principal `arn:.*`\ndid you mean .*role\/service\/app/,
    ],
    ["no ARN", ["app", "s3:GetObject"], /no principal `app`\n/],
    ["a wildcard", [app, "s3:*"], /`s3:\*` is no action\ngive one action, such as s3:GetObject/],
    ["no service", [app, "GetObject"], /`GetObject` is no action\n/],
    ["no action", [app], /missing required argument 'action'/],
  ])("%s", (_, args, message) => {
    const { code, out, err } = leastwise("explain", ...args, "--db", db);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toMatch(message);
  });
});
