/**
 * One account described in several ways. The table below is the world: who used what, and when. What each source would say of it is
 * written from it, and so is what must become of every action (docs/semantics.md, section 6), with nothing of the program's.
 */
import { PassThrough } from "node:stream";
import { gzipSync } from "node:zlib";
import pc from "picocolors";
import { describe, expect, test } from "vitest";
import { explainCommand } from "../src/commands/explain.ts";
import type { Explanation } from "../src/explain/explain-action.ts";
import type { Terminal } from "../src/terminal.ts";
import {
  type PolicyDocument,
  allowing,
  leastwise,
  recommendations,
  refined,
  temporaryFolder,
  write,
} from "./leastwise.ts";
import { ACCOUNT, type Unused, account, arnOf, finding, lastAccessed, trailRecord } from "./samples.ts";

const folder = temporaryFolder();

/** Reports are of the 20th of November and look 90 days back. */
const SINCE = "2026-08-22T00:00:00Z";
const [NOW, EDGE, BEFORE, LONG_AGO] = ["2026-11-02T10:00:00Z", SINCE, "2026-08-21T23:59:59Z", "2026-02-03T04:05:06Z"];

type Name = "app" | "batch" | "dana";
const ARNS: Readonly<Record<Name, string>> = {
  app: arnOf("role", "app", "/service/"),
  batch: arnOf("role", "batch"),
  dana: arnOf("user", "dana"),
};
const NAMES = Object.keys(ARNS) as readonly Name[]; // of the line above

interface Action {
  /** Whether IAM says when it was last accessed; `unlisted`: it does, yet the principals' reports leave it out. */
  readonly tracked: boolean | "unlisted";
  /** What CloudTrail calls it, with its source; null where the trail does not log it. */
  readonly event: readonly [source: string, name: string] | null;
  readonly used: Readonly<Partial<Record<Name, string>>>;
}

const WORLD: Readonly<Record<string, Action>> = {
  "s3:GetObject": { tracked: false, event: ["s3", "GetObject"], used: { app: NOW, batch: LONG_AGO } },
  "s3:PutObject": { tracked: false, event: null, used: { app: NOW } },
  "s3:ListBucket": { tracked: false, event: ["s3", "ListObjectsV2"], used: { app: NOW } },
  "s3:CreateBucket": { tracked: true, event: ["s3", "CreateBucket"], used: { dana: EDGE, batch: LONG_AGO } },
  "s3:DeleteBucket": { tracked: true, event: ["s3", "DeleteBucket"], used: { dana: BEFORE } },
  "s3:PutBucketPolicy": { tracked: "unlisted", event: ["s3", "PutBucketPolicy"], used: {} },
  "dynamodb:GetItem": { tracked: false, event: null, used: { batch: NOW } },
  "dynamodb:PutItem": { tracked: false, event: null, used: {} },
  "dynamodb:CreateTable": { tracked: true, event: ["dynamodb", "CreateTable"], used: { batch: NOW } },
  "dynamodb:DeleteTable": { tracked: true, event: ["dynamodb", "DeleteTable"], used: { app: LONG_AGO } },
  "iam:PassRole": { tracked: false, event: null, used: { batch: LONG_AGO } },
  "iam:CreateRole": { tracked: true, event: ["iam", "CreateRole"], used: { dana: NOW } },
  "iam:GetRole": { tracked: true, event: ["iam", "GetRole"], used: { dana: NOW } },
  "cloudwatch:PutMetricData": { tracked: false, event: null, used: { app: NOW } },
  "cloudwatch:DescribeAlarms": {
    tracked: true,
    event: ["monitoring", "DescribeAlarms"],
    used: { app: NOW, dana: BEFORE },
  },
  "cloudwatch:DeleteAlarms": { tracked: true, event: ["monitoring", "DeleteAlarms"], used: {} },
};
const ACTIONS = Object.keys(WORLD);
const SERVICES = ["s3", "dynamodb", "iam", "cloudwatch"];

/** Calls that AWS refused, and a call that no table knows the action of. */
const DENIED: readonly (readonly [Name, action: string])[] = [
  ["batch", "s3:DeleteBucket"],
  ["dana", "dynamodb:DeleteTable"],
];
const UNMAPPED: readonly (readonly [Name, service: string])[] = [["app", "dynamodb"]];
/** Of whom a finding names `iam:PassRole` beside the whole service. */
const PASS_ROLE_NAMED: ReadonlySet<Name> = new Set(["batch"]);

const ops = arnOf("policy", "Ops");
const exported = account(
  [
    {
      kind: "role",
      name: "app",
      path: "/service/",
      inline: { data: allowing("s3:*", "dynamodb:*Item", "dynamodb:*Table", "cloudwatch:PutMetricData") },
      attached: [ops],
    },
    {
      kind: "role",
      name: "batch",
      inline: { own: allowing("s3:?etObject", "S3:*Bucket", "dynamodb:*") },
      attached: [ops],
    },
    { kind: "user", name: "dana", inline: { buckets: allowing("s3:*") }, groups: ["developers"] },
    {
      kind: "group",
      name: "developers",
      inline: {
        all: { Version: "2012-10-17", Statement: { Effect: "Allow", NotAction: ["s3:*", "ec2:*"], Resource: "*" } },
      },
    },
  ],
  { [ops]: { document: allowing("iam:PassRole", "iam:*Role", "cloudwatch:*") } },
);

function serviceOf(action: string): string {
  return action.slice(0, action.indexOf(":"));
}

function nameOf(action: string): string {
  return action.slice(action.indexOf(":") + 1);
}

function usedIn(action: string, who: Name, since: string): boolean {
  return (WORLD[action]?.used[who] ?? "") >= since;
}

function isServiceUsed(service: string, who: Name): boolean {
  return ACTIONS.some((action) => serviceOf(action) === service && usedIn(action, who, SINCE));
}

function newestUse(service: string, who: Name): string | null {
  const dates = ACTIONS.filter((action) => serviceOf(action) === service).map((action) => WORLD[action]?.used[who]);
  return (
    dates
      .filter((date) => date !== undefined)
      .sort()
      .at(-1) ?? null
  );
}

/** What Access Analyzer would find: services without access, and tracked actions without access in the others. */
function findingOf(who: Name): object {
  const unused: Record<string, Unused[string]> = {};
  for (const service of SERVICES) {
    const names = ACTIONS.filter((action) => serviceOf(action) === service && WORLD[action]?.tracked === true)
      .filter((action) => !usedIn(action, who, SINCE))
      .map(nameOf);
    if (!isServiceUsed(service, who)) unused[service] = null;
    else if (names.length > 0) unused[service] = names;
  }
  const { findingDetails: details } = finding(ARNS[who], unused) as {
    readonly findingDetails: readonly object[];
  };
  const named = { unusedPermissionDetails: { serviceNamespace: "iam", actions: [{ action: "iam:PassRole" }] } };
  return { ...finding(ARNS[who], {}), findingDetails: PASS_ROLE_NAMED.has(who) ? [...details, named] : details };
}

function detailsOf(who: Name, level: "ACTION_LEVEL" | "SERVICE_LEVEL"): object {
  const services = SERVICES.map((service) => {
    const tracked = ACTIONS.filter((action) => serviceOf(action) === service && WORLD[action]?.tracked === true);
    const actions = Object.fromEntries(tracked.map((action) => [nameOf(action), WORLD[action]?.used[who] ?? null]));
    return [service, { at: newestUse(service, who), actions }] as const;
  });
  return lastAccessed(ARNS[who], level, Object.fromEntries(services));
}

/** Log files as a trail leaves them in S3, a file a day. */
function writeTrail(place: string): void {
  const days = new Map<string, object[]>();
  const add = (who: Name, source: string, name: string, time: string, fields: object = {}): void => {
    const day = time.slice(0, 10).replaceAll("-", "/");
    days.set(day, [...(days.get(day) ?? []), trailRecord(ARNS[who], source, name, time, fields)]);
  };
  for (const { event, used } of Object.values(WORLD)) {
    for (const who of NAMES) if (event !== null && used[who] !== undefined) add(who, ...event, used[who]);
  }
  for (const [who, action] of DENIED)
    add(who, ...(WORLD[action]?.event ?? ["", ""]), NOW, { errorCode: "AccessDenied" });
  for (const [who, service] of UNMAPPED) add(who, service, "JugglePaperCranes", NOW);
  for (const [day, Records] of days) {
    const name = `${ACCOUNT}_CloudTrail_eu-west-1_${day.replaceAll("/", "")}T0000Z_x.json.gz`;
    write(place, `AWSLogs/${ACCOUNT}/CloudTrail/eu-west-1/${day}/${name}`, gzipSync(JSON.stringify({ Records })));
  }
}

type State = "used" | "unused" | "unknown";

/** Only naming makes `iam:PassRole` unused: what reports on whole services do not see, they do not say. */
function wholly(action: string): State {
  return action === "iam:PassRole" ? "unknown" : "unused";
}

function byFindings(action: string, who: Name): State {
  if (action === "iam:PassRole" && PASS_ROLE_NAMED.has(who)) return "unused";
  if (!isServiceUsed(serviceOf(action), who)) return wholly(action);
  return WORLD[action]?.tracked === true && !usedIn(action, who, SINCE) ? "unused" : "unknown";
}

function byDetails(action: string, who: Name, knowsAllTracked: boolean): State {
  if (!isServiceUsed(serviceOf(action), who)) return wholly(action);
  const { tracked } = WORLD[action]!; // all that is asked is in the world
  if (tracked !== true && !(tracked === "unlisted" && knowsAllTracked)) return "unknown";
  return usedIn(action, who, SINCE) ? "used" : "unused";
}

/** Whether the trail shows that an action was used; with a window, in it. */
function isSeen(action: string, who: Name, since = ""): boolean {
  return WORLD[action]?.event !== null && usedIn(action, who, since === "" ? "0" : since);
}

function byFindingsAndTrail(action: string, who: Name, since = ""): State {
  if (isSeen(action, who, since)) return "used";
  const isNamed = isServiceUsed(serviceOf(action), who) || action === "iam:PassRole";
  const somethingIsUsed = UNMAPPED.some(([name, service]) => name === who && service === serviceOf(action));
  return somethingIsUsed && !isNamed ? "unknown" : byFindings(action, who);
}

interface Way {
  readonly write: (place: string) => void;
  readonly args?: readonly string[];
  readonly state: (action: string, who: Name) => State;
}

const REFERENCE = write(
  folder,
  "service-reference.json",
  SERVICES.map((service) => ({
    Name: service,
    Actions: ACTIONS.filter((action) => serviceOf(action) === service).map((action) => ({
      Name: nameOf(action),
      SupportedBy: { "IAM Action Last Accessed": WORLD[action]?.tracked !== false },
    })),
  })),
);

const writeFindings = (place: string): void => {
  for (const who of NAMES) write(place, `findings/${who}.json`, findingOf(who));
};
const writeDetails =
  (level: "ACTION_LEVEL" | "SERVICE_LEVEL") =>
  (place: string): void => {
    for (const who of NAMES) write(place, `details/${who}.json`, detailsOf(who, level));
  };

const WAYS: Readonly<Record<string, Way>> = {
  findings: { write: writeFindings, state: byFindings },
  "service last accessed, by action": {
    write: writeDetails("ACTION_LEVEL"),
    state: (action, who) => byDetails(action, who, false),
  },
  "service last accessed, by action, and the service reference": {
    write: writeDetails("ACTION_LEVEL"),
    args: ["--service-reference", REFERENCE],
    state: (action, who) => byDetails(action, who, true),
  },
  "service last accessed, by service": {
    write: writeDetails("SERVICE_LEVEL"),
    args: ["--service-reference", REFERENCE],
    state: (action, who) => (isServiceUsed(serviceOf(action), who) ? "unknown" : wholly(action)),
  },
  "findings and CloudTrail": {
    write: (place) => {
      writeFindings(place);
      writeTrail(place);
    },
    state: byFindingsAndTrail,
  },
  "findings and CloudTrail of the last 90 days": {
    write: (place) => {
      writeFindings(place);
      writeTrail(place);
      write(place, "config.json.txt", { windows: { cloudtrail: 90 }, asOf: "2026-11-20" });
    },
    args: ["--config", "config.json.txt"],
    state: (action, who) => byFindingsAndTrail(action, who, SINCE),
  },
  "CloudTrail alone": { write: writeTrail, state: (action, who) => (isSeen(action, who) ? "used" : "unknown") },
};

/** Whether a policy allows an action, by the words of the IAM User Guide: `*` is any text, `?` one character, case does not matter. */
function allows({ Statement }: PolicyDocument, action: string): boolean {
  return [Statement].flat().some((statement) => {
    const { Action, NotAction } = statement as { Action?: string | string[]; NotAction?: string | string[] }; // as IAM has it
    const isIn = [Action ?? NotAction ?? []].flat().some((entry) => {
      const text = entry
        .replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
        .replaceAll("*", ".*")
        .replaceAll("?", ".");
      return new RegExp(`^${text}$`, "i").test(action);
    });
    return Action === undefined ? !isIn : isIn;
  });
}

/** `leastwise explain ARN ACTION --json`, without starting the program each time. */
async function explained(db: string, arn: string, action: string): Promise<Explanation> {
  const out = new PassThrough();
  const terminal = { out, err: new PassThrough(), colours: pc.createColors(false), width: null } as unknown as Terminal; // as far as it is used
  await explainCommand(arn, action, { db, json: true }, terminal);
  return JSON.parse(String(out.read())) as Explanation;
}

/** Whose use decides over a principal's policies: a group's, that of its only member. */
function userOf(arn: string): Name {
  return NAMES.find((who) => ARNS[who] === arn) ?? "dana";
}

describe.each(Object.entries(WAYS))("by %s", (name, { write: writeWay, args = [], state }) => {
  const place = `${folder}/${name}`;
  write(place, "account.json", exported);
  writeWay(place);
  const db = refined(place, "org.db", place, ...args.map((arg) => (arg.endsWith(".txt") ? `${place}/${arg}` : arg)));
  const all = recommendations(db).filter(({ scope }) => scope === "principal");

  test("every action of every policy stays, unless it is unused", () => {
    const wrong: string[] = [];
    for (const { principalArn, policyName, recommendedAction, existingPolicy, recommendedPolicy } of all) {
      const left = recommendedAction === "NONE" ? existingPolicy : recommendedPolicy;
      for (const action of ACTIONS) {
        const isUnused = state(action, userOf(principalArn)) === "unused";
        const expected = allows(existingPolicy, action) && !isUnused;
        const found = left !== null && allows(left, action);
        if (found !== expected) wrong.push(`${principalArn} ${policyName} ${action}: ${found ? "stays" : "goes"}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(all).toHaveLength(6);
  });

  test("explain says of every action what it is, and whether it stays", async () => {
    const wrong: string[] = [];
    for (const arn of [...Object.values(ARNS), arnOf("group", "developers")]) {
      for (const action of ACTIONS) {
        const { holders } = await explained(db, arn, action);
        const expected = state(action, userOf(arn));
        for (const { principal, state: found, grants } of holders) {
          if (found !== expected) wrong.push(`${principal.arn} ${action}: ${found}, not ${expected}`);
          const policies = all.filter(
            (one) => one.principalArn === principal.arn && allows(one.existingPolicy, action),
          );
          const stays = policies.map(({ policyName }) => `${policyName} ${expected !== "unused"}`);
          const said = grants.map((grant) => `${grant.policyName} ${grant.stays}`);
          if (said.toSorted().join() !== stays.toSorted().join())
            wrong.push(`${principal.arn} ${action}: ${JSON.stringify(said)}`);
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  test("the verifier agrees", () => {
    const { code, out } = leastwise("verify", "--db", db, "--quiet", "--json");
    expect({ code, ...(JSON.parse(out) as object) }).toMatchObject({ code: 0, fails: 0 });
  });
});

test("the ways are worth comparing: each knows something that another does not", () => {
  const told = Object.values(WAYS).map(({ state }) =>
    JSON.stringify(NAMES.map((who) => ACTIONS.map((action) => state(action, who)))),
  );
  expect(new Set(told).size).toBe(told.length);
  for (const state of ["used", "unused", "unknown"]) expect(told.join()).toContain(state);
});

test("CloudTrail alone removes nothing", () => {
  const db = `${folder}/CloudTrail alone/org.db`;
  expect(
    recommendations(db)
      .filter(({ scope }) => scope === "principal")
      .map(({ recommendedAction }) => recommendedAction),
  ).toEqual(Array.from({ length: 6 }, () => "NONE"));
  const { code, out } = leastwise("explain", ARNS.app, "s3:ListBucket", "--db", db, "--json");
  expect({ code, explanation: JSON.parse(out) as unknown }).toMatchObject({
    code: 0,
    explanation: {
      holders: [{ state: "used", sayings: [{ source: "cloudtrail", report: "s3.amazonaws.com ListObjectsV2" }] }],
    },
  });
});
