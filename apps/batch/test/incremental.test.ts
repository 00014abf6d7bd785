/** A run that takes over what has not changed comes to what a run comes to that reads everything into an empty database. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { loadCatalog } from "@leastwise/catalog";
import { type Connection, forgetRun, openForReading, openForWriting, wrongTotals } from "@leastwise/store";
import { describe, expect, test } from "vitest";
import { readSettings } from "../dist/config/read-settings.js";
import type { Flags } from "../dist/config/settings.js";
import { SILENT } from "../dist/progress.js";
import { type RunResult, run } from "../dist/run.js";
import { listInputs } from "../dist/stages/list-inputs.js";
import { type Executor, inlineExecutor } from "../dist/workers/executor.js";
import { allowing, leastwise, temporaryFolder, write } from "./leastwise.ts";
import { contentOf } from "./run-content.ts";
import {
  ACCOUNT,
  type Member,
  account,
  arnOf,
  awsRecommendation,
  finding,
  lastAccessed,
  trailRecord,
} from "./samples.ts";

const folder = temporaryFolder();
const CATALOG = write(folder, "catalog.json", {
  s3: ["GetObject", "PutObject", "DeleteObject", "ListBucket"],
  sqs: ["SendMessage", "DeleteMessage", "ReceiveMessage"],
  ec2: ["DescribeInstances", "RunInstances", "TerminateInstances"],
});
const catalog = loadCatalog(CATALOG);
const executor = inlineExecutor(catalog.trie.buffer);

const READ_ONLY = "arn:aws:iam::aws:policy/ReadOnly";
const POWER = "arn:aws:iam::aws:policy/Power";
const SHARED = arnOf("policy", "Shared");
const web = arnOf("role", "web");
const ops = arnOf("role", "ops");
const ann = arnOf("user", "ann");

/** Members of every account. */
const MEMBERS: readonly Member[] = [
  { kind: "role", name: "web", inline: { own: allowing("s3:*", "sqs:*") }, attached: [SHARED, READ_ONLY] },
  {
    kind: "role",
    name: "ops",
    attached: [SHARED, POWER],
    more: { RoleLastUsed: { LastUsedDate: "2026-10-01T00:00:00Z" } },
  },
  { kind: "user", name: "ann", groups: ["admins"], attached: [READ_ONLY] },
  { kind: "group", name: "admins", inline: { all: allowing("ec2:*", "s3:*") } },
];
const POLICIES = {
  [SHARED]: { document: allowing("s3:*", "ec2:*") },
  [READ_ONLY]: { document: allowing("s3:GetObject", "s3:ListBucket", "ec2:DescribeInstances") },
  [POWER]: { document: allowing("ec2:*", "sqs:*") },
};

type Policies = Parameters<typeof account>[1];

function details(members: readonly Member[] = MEMBERS, policies: Policies = POLICIES): object {
  return account(members, policies);
}

/** A list of what the role does not use. */
function unusedOf(service: string, action: string): object {
  return { arn: web, unused: [{ serviceNamespace: service, actions: [action] }], date: "2026-11-10" };
}
const LIST = unusedOf("sqs", "DeleteMessage");

/** A place with the exports of some accounts; each holds what the account of the samples does, under another id. */
class Place {
  readonly path: string;

  constructor(name: string) {
    this.path = join(folder, name);
  }

  write(name: string, id: string, ...values: readonly unknown[]): void {
    const text = values.map((value) => `${JSON.stringify(value).replaceAll(ACCOUNT, id)}\n`).join("");
    write(this.path, name, name.endsWith(".gz") ? gzipSync(text) : text);
  }

  remove(name: string): void {
    rmSync(join(this.path, name));
  }
}

const IDS = ["111111111111", "222222222222", "333333333333", "444444444444"] as const;
const [FIRST, SECOND, THIRD, FOURTH] = IDS;

function organization(name: string): Place {
  const place = new Place(name);
  for (const id of IDS) {
    place.write(`${id}/details.json`, id, details());
    place.write(
      `${id}/findings.jsonl`,
      id,
      finding(web, { s3: ["PutObject"], sqs: null }),
      finding(ops, { ec2: null }),
    );
    place.write(`${id}/unused.json.gz`, id, LIST);
    place.write(`${id}/accessed.json`, id, lastAccessed(ann, "ACTION_LEVEL", { s3: { at: null }, ec2: { at: null } }));
    place.write(`${id}/trail.json`, id, { Records: [trailRecord(web, "s3", "ListObjects", "2026-11-15T00:00:00Z")] });
    place.write(`${id}/aws.json`, id, awsRecommendation(web, [{ id: "own", document: allowing("s3:GetObject") }]));
  }
  place.write("nobody.json", SECOND, finding(arnOf("role", "nobody"), { s3: null }));
  place.write("odd.json", FIRST, { what: "is this" });
  return place;
}

interface Options {
  readonly flags?: Flags;
  /** A configuration file. */
  readonly config?: string;
  readonly isFull?: boolean;
  readonly executor?: Executor;
}

async function refine(db: Connection, place: Place, options: Options = {}): Promise<RunResult> {
  const { configFile: _, ...settings } = readSettings(options.config, folder, options.flags ?? {});
  const job = { files: listInputs([place.path]), catalog, settings, isFull: options.isFull ?? false };
  return run(db, job, options.executor ?? executor, SILENT);
}

let databases = 0;
function newDatabase(): Connection {
  return openForWriting(join(folder, `${++databases}.db`));
}

/** What a run of the place comes to in an empty database. */
async function afresh(place: Place, options: Options = {}): Promise<ReturnType<typeof contentOf>> {
  const db = newDatabase();
  const { runId } = await refine(db, place, options);
  const content = contentOf(db, runId);
  db.close();
  return content;
}

function expectSame(found: ReturnType<typeof contentOf>, wanted: ReturnType<typeof contentOf>): void {
  expect([...found.keys()]).toEqual([...wanted.keys()]);
  for (const [table, rows] of wanted) expect({ table, rows: found.get(table) }).toEqual({ table, rows });
}

interface Second {
  readonly result: RunResult;
  readonly files: number;
}

/** Refines the organization, has it changed, refines it again, and holds that against a run in an empty database. */
async function changed(
  name: string,
  change: (place: Place) => void,
  prepare: (place: Place) => void = () => undefined,
  options: Options = {},
): Promise<Second> {
  const place = organization(name);
  prepare(place);
  const db = newDatabase();
  const first = await refine(db, place, options);
  const before = contentOf(db, first.runId);
  change(place);
  const result = await refine(db, place, options);
  expect(result.runId).not.toBe(first.runId);
  expectSame(contentOf(db, result.runId), await afresh(place, options));
  expectSame(contentOf(db, first.runId), before);
  expect([...wrongTotals(db)]).toEqual([]);
  db.close();
  return { result, files: listInputs([place.path]).length };
}

const touch = (place: Place): void => place.write(`${THIRD}/unused.json.gz`, THIRD, unusedOf("s3", "DeleteObject"));
const FILES_EACH = 6;

/** Lists on a role of two accounts in one file. */
const both = (place: Place, action: string): void =>
  place.write("both.jsonl", FIRST, LIST, { ...unusedOf("s3", action), arn: web.replace(ACCOUNT, SECOND) });

/** Policies of which the shared one allows this. */
const shared = (action: string): Policies => ({
  ...POLICIES,
  [SHARED]: { document: allowing(action, "s3:PutObject") },
});

/** A call by a service of AWS. */
const record = (name: string): object =>
  trailRecord(web, "s3", name, "2026-11-14T00:00:00Z", {
    userIdentity: { type: "AWSService", invokedBy: "config.amazonaws.com" },
  });

/** Also a role that was last used that day. */
const used = (day: string): readonly Member[] => [
  ...MEMBERS,
  { kind: "role", name: "rare", inline: { own: allowing("s3:*") }, more: { RoleLastUsed: { LastUsedDate: day } } },
];

/** What a second run comes to, which is what it comes to in an empty database. */
const twice = async (name: string, first: Options, second: Options): Promise<RunResult> => {
  const place = organization(name);
  const db = newDatabase();
  await refine(db, place, first);
  const result = await refine(db, place, second);
  expectSame(contentOf(db, result.runId), await afresh(place, second));
  db.close();
  return result;
};

/** An executor whose task of that name fails after so many times. */
function failing(task: "hash" | "read" | "settle" | "refine", times = 0): Executor {
  let left = times;
  const orFail = <T>(work: () => Promise<T>): Promise<T> => (left-- > 0 ? work() : Promise.reject(new Error("killed")));
  return {
    ...executor,
    ...{
      hash: { hash: (files: Parameters<Executor["hash"]>[0]) => orFail(() => executor.hash(files)) },
      read: { read: (files: Parameters<Executor["read"]>[0]) => orFail(() => executor.read(files)) },
      settle: { settle: (batch: Parameters<Executor["settle"]>[0]) => orFail(() => executor.settle(batch)) },
      refine: { refine: (shard: Parameters<Executor["refine"]>[0]) => orFail(() => executor.refine(shard)) },
    }[task],
  };
}

describe("a second run on", () => {
  test("the same files reads none", async () => {
    const { result, files } = await changed("same", () => undefined);
    expect(result).toMatchObject({ filesKept: files, baseRunId: 1, unitsComputed: 0 });
  });

  test("a changed list reads the files of its account", async () => {
    const { result, files } = await changed("list", touch);
    expect(result.filesKept).toBe(files - FILES_EACH);
    expect(result.unitsComputed).toBeGreaterThan(0);
  });

  test("changed policies reads the files of their account", async () => {
    const { result, files } = await changed("policies", (place) => {
      const [first, ...others] = MEMBERS;
      const members = [{ ...first!, inline: { own: allowing("s3:*", "sqs:*", "ec2:*") } }, ...others]; // there is one
      place.write(`${FIRST}/details.json`, FIRST, details(members));
    });
    expect(result.filesKept).toBe(files - FILES_EACH);
  });

  test("a file less", async () => {
    const { result, files } = await changed("gone", (place) => {
      place.remove(`${SECOND}/findings.jsonl`);
    });
    expect(result.filesKept).toBe(files - (FILES_EACH - 1) - 1); // what tells of a principal that is in no export, too
  });

  test("an account less reads nothing", async () => {
    const { result, files } = await changed("account gone", (place) => {
      for (const name of [
        "details.json",
        "findings.jsonl",
        "unused.json.gz",
        "accessed.json",
        "trail.json",
        "aws.json",
      ])
        place.remove(`${FOURTH}/${name}`);
    });
    expect(result.filesKept).toBe(files);
  });

  test("a file more on a known account reads the account once more, in the order of names", async () => {
    const { result, files } = await changed("more", (place) => {
      place.write("a-new.json", FOURTH, unusedOf("s3", "DeleteObject"));
    });
    expect(result.filesKept).toBe(files - FILES_EACH - 1);
  });

  test("a new account", async () => {
    const { result, files } = await changed("new account", (place) => {
      place.write("new.json", "555555555555", details());
    });
    expect(result.filesKept).toBe(files - 1);
  });

  test("an account that has moved from one file to another", async () => {
    const { result, files } = await changed("moved", (place) => {
      place.remove(`${FIRST}/details.json`);
      place.write("zz-moved.json", FIRST, details());
    });
    expect(result.filesKept).toBe(files - FILES_EACH);
  });

  test("two accounts in one file, of which one changes: both are read", async () => {
    const { result, files } = await changed(
      "two in one",
      (place) => {
        both(place, "DeleteObject");
      },
      (place) => {
        both(place, "ListBucket");
      },
    );
    expect(result.filesKept).toBe(files - 2 * FILES_EACH - 2);
  });

  test("two exports of one account that contradict each other, of which the first changes", async () => {
    const { result, files } = await changed(
      "contradiction",
      (place) => {
        place.write(`${FIRST}/details.json`, FIRST, details(MEMBERS, shared("s3:GetObject")));
      },
      (place) => {
        place.write(`${FIRST}/again.json`, FIRST, details(MEMBERS, shared("s3:ListBucket")));
        place.write(`${SECOND}/again.json`, SECOND, details(MEMBERS, shared("s3:ListBucket")));
      },
    );
    expect(result.filesKept).toBe(files - FILES_EACH - 1);
  });

  test("a policy of AWS that is newer in one file is so for everybody, and only its account is read", async () => {
    const newer = { document: allowing("s3:GetObject", "sqs:ReceiveMessage"), updated: "2026-05-01T00:00:00+00:00" };
    const { result, files } = await changed("aws newer", (place) => {
      place.write(`${SECOND}/details.json`, SECOND, details(MEMBERS, { ...POLICIES, [READ_ONLY]: newer }));
    });
    expect(result.filesKept).toBe(files - FILES_EACH - 1);
  });

  test("a policy of AWS that was newer in one file, and is no longer", async () => {
    const newer = { document: allowing("s3:GetObject", "sqs:ReceiveMessage"), updated: "2026-05-01T00:00:00+00:00" };
    const { result, files } = await changed(
      "aws older",
      (place) => {
        place.write(`${SECOND}/details.json`, SECOND, details());
      },
      (place) => {
        place.write(`${SECOND}/details.json`, SECOND, details(MEMBERS, { ...POLICIES, [READ_ONLY]: newer }));
      },
    );
    expect(result.filesKept).toBe(files - FILES_EACH - 1);
  });

  test("a policy of AWS whose only document goes", async () => {
    const { [POWER]: power, ...without } = POLICIES;
    expect(power).toBeDefined();
    await changed(
      "aws gone",
      (place) => {
        place.write(`${FIRST}/details.json`, FIRST, details(MEMBERS, without));
      },
      (place) => {
        for (const id of [SECOND, THIRD, FOURTH]) place.write(`${id}/details.json`, id, details(MEMBERS, without));
      },
    );
  });

  test("calls of AWS's services, which are no account's", async () => {
    const { result, files } = await changed(
      "services",
      (place) => {
        place.write("of-services-2.json", FIRST, { Records: [record("ListObjects")] });
      },
      (place) => {
        place.write("of-services.json", FIRST, { Records: [record("GetObject")] });
      },
    );
    expect(result.filesKept).toBe(files - 2);
  });

  test("an export without its last page, and another that changes", async () => {
    const { result, files } = await changed("incomplete", touch, (place) => {
      place.write(`${FIRST}/details.json`, FIRST, { ...details(), IsTruncated: true, Marker: "next" });
    });
    expect(result.filesKept).toBe(files - FILES_EACH);
  });

  test("rules that leave alone, one of which meets nobody but in an account that is not read", async () => {
    const config = write(folder, "excluding.json", {
      exclude: {
        principals: ["web", "nobody-at-all"],
        accounts: [FIRST],
        paths: ["/team/"],
        policies: ["Shared", "Missing"],
      },
    });
    const { result, files } = await changed("rules", touch, undefined, { config });
    expect(result.filesKept).toBe(files - FILES_EACH);
  });

  test("statements that are kept by their Sid", async () => {
    const config = write(folder, "sids.json", { exclude: { sids: ["Keep"] } });
    const kept = {
      Version: "2012-10-17",
      Statement: [{ Sid: "KeepThis", Effect: "Allow", Action: "s3:*", Resource: "*" }],
    };
    const { result, files } = await changed(
      "sids",
      touch,
      (place) => {
        const members: readonly Member[] = [...MEMBERS, { kind: "role", name: "kept", inline: { kept } }];
        for (const id of [FIRST, THIRD]) place.write(`${id}/details.json`, id, details(members));
      },
      { config },
    );
    expect(result.filesKept).toBe(files - FILES_EACH);
  });

  test("a large file that is read in parts, and a store of iam-collect", async () => {
    const padding = { padding: "x".repeat(17 * 1024 * 1024) };
    const iam = `data/aws/aws/accounts/555555555555/iam/role/web`;
    const { result, files } = await changed("large", touch, (place) => {
      place.write("large.jsonl", "666666666666", details(), padding);
      const arn = "arn:aws:iam::555555555555:role/web";
      place.write(`${iam}/metadata.json`, FIRST, {
        arn,
        name: "web",
        path: "/",
        id: "AROAWEB",
        created: "2024-01-01T00:00:00Z",
      });
      place.write(`${iam}/inline-policies.json`, FIRST, [{ PolicyName: "own", PolicyDocument: allowing("s3:*") }]);
    });
    expect(result.filesKept).toBe(files - FILES_EACH);
  });

  test("with --fit, the forms that were chosen", async () => {
    const many = Array.from({ length: 900 }, (_, i) => `s3:Get*${i}`);
    const { result, files } = await changed(
      "fit",
      touch,
      (place) => {
        const [first, ...others] = MEMBERS;
        const members = [{ ...first!, inline: { own: allowing("s3:*", "sqs:*", ...many) } }, ...others]; // there is one
        for (const id of [FIRST, THIRD]) place.write(`${id}/details.json`, id, details(members));
      },
      { flags: { fit: true } },
    );
    expect(result.filesKept).toBe(files - FILES_EACH);
    expect(result.summary.sizes.tooLarge).toBe(0);
    expect(result.summary.sizes.shortened + result.summary.sizes.split).toBeGreaterThan(0);
  });
});

describe("the day of a run", () => {
  test("moves with a newer report, and reads accounts with a role whose last use has left the window", async () => {
    const { result, files } = await changed(
      "later",
      (place) => {
        place.write(`${THIRD}/unused.json.gz`, THIRD, { ...LIST, date: "2026-11-21T10:00:00Z" });
      },
      (place) => {
        place.write(`${FIRST}/details.json`, FIRST, details(used("2026-08-22T20:00:00Z")));
        place.write(`${SECOND}/details.json`, SECOND, details(used("2026-09-22T20:00:00Z")));
      },
    );
    expect(result.filesKept).toBe(files - 2 * FILES_EACH);
  });

  test("moves back when the newest report goes", async () => {
    const { result, files } = await changed(
      "earlier",
      (place) => {
        place.write(`${THIRD}/unused.json.gz`, THIRD, LIST);
      },
      (place) => {
        place.write(`${THIRD}/unused.json.gz`, THIRD, { ...LIST, date: "2026-11-21T10:00:00Z" });
        place.write(`${FIRST}/details.json`, FIRST, details(used("2026-08-22T20:00:00Z")));
      },
    );
    expect(result.filesKept).toBe(files - 2 * FILES_EACH);
  });

  test("decides which events count where they have a window", async () => {
    const config = write(folder, "windowed.json", { windows: { cloudtrail: 6 } });
    const { result } = await changed(
      "events",
      (place) => {
        place.write(`${THIRD}/unused.json.gz`, THIRD, { ...LIST, date: "2026-11-21T10:00:00Z" });
      },
      undefined,
      { config },
    );
    expect(result.filesKept).toBe(1); // every account has an event of the 15th
  });

  test("judges reports without a date", async () => {
    const undated = { ...LIST, date: undefined };
    const { result, files } = await changed(
      "undated",
      (place) => {
        place.write(`${THIRD}/unused.json.gz`, THIRD, { ...LIST, date: "2026-11-21T10:00:00Z" });
      },
      (place) => {
        place.write(`${FIRST}/unused.json.gz`, FIRST, undated);
      },
      { flags: { minAge: 30 } },
    );
    expect(result.filesKept).toBe(files - 2 * FILES_EACH);
  });
});

describe("everything is read", () => {
  test("with other settings", async () => {
    expect(await twice("settings", {}, { flags: { protect: ["s3:*"] } })).toMatchObject({
      filesKept: 0,
      baseRunId: null,
    });
  });

  test("with a greatest age of evidence, which counts from today", async () => {
    const place = organization("max age");
    const db = newDatabase();
    const flags = { maxAge: 400 };
    await refine(db, place, { flags });
    expect(await refine(db, place, { flags })).toMatchObject({ filesKept: 0 });
    db.close();
  });

  test("when asked to", async () => {
    expect(await twice("full", {}, { isFull: true })).toMatchObject({ filesKept: 0 });
  });

  test("where the newest run is not done", async () => {
    const place = organization("unfinished");
    const db = newDatabase();
    await refine(db, place);
    place.write("new.json", "555555555555", details());
    const dying = failing("refine");
    await expect(refine(db, place, { executor: dying })).rejects.toThrow("killed");
    touch(place);
    const result = await refine(db, place);
    expect(result).toMatchObject({ runId: 3, filesKept: 0 });
    expectSame(contentOf(db, 3), await afresh(place));
    db.close();
  });

  test("where somebody is left out and nobody knows of which account", async () => {
    const place = organization("of any");
    const odd = '{"UserDetailList": [{"UserName": "lost"';
    write(place.path, "odd.json", odd);
    const db = newDatabase();
    await refine(db, place);
    expect(await refine(db, place)).toMatchObject({ filesKept: 0 });
    place.write("odd.json", FIRST, { what: "is this" });
    await refine(db, place);
    write(place.path, "odd.json", odd);
    const result = await refine(db, place);
    expect(result).toMatchObject({ filesKept: 0 });
    expectSame(contentOf(db, result.runId), await afresh(place));
    db.close();
  });
});

describe("a run that takes over goes on where it was killed", () => {
  test.each([
    ["while it compares", failing("hash")],
    ["while it reads", failing("read")],
    ["while it reads what it has found that it has to", failing("read", 1)],
    ["while it plans", failing("settle")],
    ["while it refines", failing("refine")],
  ])("%s", async (when, dying) => {
    const place = organization(when);
    const db = newDatabase();
    await refine(db, place);
    touch(place);
    place.write("a-new.json", FOURTH, unusedOf("s3", "DeleteObject"));
    await expect(refine(db, place, { executor: dying })).rejects.toThrow("killed");
    const result = await refine(db, place);
    expect(result).toMatchObject({ runId: 2, resumed: true, baseRunId: 1 });
    expectSame(contentOf(db, 2), await afresh(place));
    db.close();
  });

  test.each([
    ["reads", failing("read")],
    ["plans", failing("settle")],
    ["refines", failing("refine")],
  ])("while it %s, though its base is forgotten meanwhile", async (stage, dying) => {
    const place = organization(`forgotten while it ${stage}`);
    const db = newDatabase();
    await refine(db, place);
    touch(place);
    await expect(refine(db, place, { executor: dying })).rejects.toThrow("killed");
    forgetRun(db, 1);
    const result = await refine(db, place);
    expect(result).toMatchObject({ runId: 2, resumed: true });
    expectSame(contentOf(db, 2), await afresh(place));
    db.close();
  });
});

describe("a run whose base is forgotten", () => {
  test("keeps all it has, and others can build on it", async () => {
    const place = organization("forgotten");
    const db = newDatabase();
    await refine(db, place);
    touch(place);
    const second = await refine(db, place);
    const before = contentOf(db, second.runId);
    forgetRun(db, 1);
    expectSame(contentOf(db, second.runId), before);
    expect([...wrongTotals(db)]).toEqual([]);
    place.write(`${FIRST}/unused.json.gz`, FIRST, unusedOf("s3", "DeleteObject"));
    const third = await refine(db, place);
    expect(third).toMatchObject({ baseRunId: 2 });
    expect(third.filesKept).toBeGreaterThan(0);
    expectSame(contentOf(db, third.runId), await afresh(place));
    db.close();
  });
});

test("people are told how many files were read, and every command takes such a run as any other", () => {
  const place = organization("told");
  const path = join(folder, "told.db");
  const refined = (...options: readonly string[]): string =>
    leastwise("refine", place.path, "--db", path, "--catalog", CATALOG, "--quiet", ...options).out;
  expect(refined()).not.toMatch(/files read/);
  touch(place);
  expect(refined()).toMatch(/^ +files read {2}6 of 26 \(the others are as in run 1\)$/m);
  const fresh = join(folder, "told-fresh.db");
  leastwise("refine", place.path, "--db", fresh, "--catalog", CATALOG, "--quiet");
  const role = web.replace(ACCOUNT, FIRST);
  const same = (...command: readonly string[]): void => {
    const [ours, theirs] = [path, fresh].map((db) => leastwise(...command, "--db", db));
    expect(ours).toEqual(theirs);
    expect(ours?.out).not.toBe("");
  };
  same("export", "--format", "jsonl");
  same("export", "--format", "csv");
  same("show", role);
  same("explain", role, "s3:PutObject");
  same("query", "by-account");
  expect(leastwise("verify", "--db", path).code).toBe(0);
  const differences = leastwise("diff-runs", "1", "2", "--db", path, "--json").out;
  expect(differences).toContain(THIRD);
  expect(differences).not.toContain(FIRST);
  expect(refined("--full")).not.toMatch(/files read/);
  expect(leastwise("runs", "--db", path, "--forget", "1").code).toBe(0);
  expect(leastwise("verify", "--db", path).code).toBe(0);
  openForReading(path).close();
});
