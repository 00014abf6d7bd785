/** What people decide in `leastwise.config.json`, from the file to the results, the summary and the database. */
import { join } from "node:path";
import { loadCatalog } from "@leastwise/catalog";
import { closeWriting, openForWriting } from "@leastwise/store";
import { describe, expect, test } from "vitest";
import { readSettings } from "../src/config/read-settings.ts";
import { SILENT } from "../src/progress.ts";
import { type RunResult, run } from "../src/run.ts";
import { listInputs } from "../src/stages/list-inputs.ts";
import { type Executor, inlineExecutor } from "../src/workers/executor.ts";
import {
  type Ended,
  accountWith,
  allowing,
  asked,
  exported,
  leastwiseIn,
  recommendations,
  temporaryFolder,
  write,
} from "./leastwise.ts";
import { account, arnOf, finding, lastAccessed, trailRecord } from "./samples.ts";

const folder = temporaryFolder();
const CATALOG = write(folder, "catalog.json", {
  s3: ["GetBucketAcl", "GetBucketCORS", "GetBucketLocation", "GetBucketPolicy", "GetBucketPolicyStatus", "GetObject"],
  sqs: ["DeleteMessage", "ReceiveMessage", "SendMessage"],
  ec2: ["RunInstances"],
});
const FOREIGN = "arn:aws:iam::999988887777:role/foreign";
const managed = arnOf("policy", "Team");
const reads = allowing("s3:GetBucket*", "sqs:*Message");
const kept = {
  Version: "2012-10-17",
  Statement: [
    { Sid: "NOREPObyHand", Effect: "Allow", Action: "sqs:*Message", Resource: "*" },
    { Sid: "norepo", Effect: "Allow", Action: "sqs:*Message", Resource: "*" },
  ],
};
const UNUSED = { s3: ["GetBucketAcl"], sqs: [["SendMessage", "2026-07-01T00:00:00Z"], "DeleteMessage"] } as const;
const ROLES = ["plain", "break-glass-1", "tagged", "any-tag", "deploy", "young", "sids", "baseline-holder", "team"];
const PATHS: Readonly<Record<string, string>> = { deploy: "/ci/east/" };

write(folder, "exports/account.json", [
  account(
    [
      { kind: "role", name: "plain", inline: { own: reads } },
      { kind: "role", name: "break-glass-1", inline: { own: reads } },
      { kind: "role", name: "tagged", inline: { own: reads }, tags: { team: "payments" } },
      { kind: "role", name: "any-tag", inline: { own: reads }, tags: { quarantine: "since May" } },
      { kind: "role", name: "deploy", path: "/ci/east/", inline: { own: reads } },
      { kind: "role", name: "young", inline: { own: reads }, created: "2026-11-10T00:00:00+00:00" },
      { kind: "role", name: "sids", inline: { own: kept } },
      { kind: "role", name: "baseline-holder", inline: { "baseline-logs": reads, own: reads } },
      { kind: "role", name: "team", attached: [managed] },
    ],
    { [managed]: { document: reads, updated: "2026-11-12T00:00:00+00:00" } },
  ),
  accountWith("999988887777", { foreign: { own: reads } }),
  ...ROLES.map((name) => finding(arnOf("role", name, PATHS[name] ?? "/"), UNUSED)),
  finding(FOREIGN, UNUSED),
]);

/** `leastwise refine` of these exports with a configuration file beside them. */
function refine(name: string, config: object, ...args: readonly string[]): Ended & { readonly db: string } {
  const cwd = join(folder, name);
  write(cwd, "leastwise.config.json", config);
  return {
    ...leastwiseIn({ cwd }, "refine", "../exports", "--db", "org.db", "--catalog", CATALOG, ...args),
    db: join(cwd, "org.db"),
  };
}

/** What is left in the policies, as `role policy: entries`; of those that stay as they are, none. */
function changed(db: string): readonly string[] {
  return recommendations(db)
    .filter(({ recommendedAction }) => recommendedAction !== "NONE")
    .map(({ principalArn, policyName, recommendedPolicy }) => {
      const statements = [recommendedPolicy?.Statement ?? []].flat();
      return `${principalArn.split("/").at(-1)} ${policyName}: ${statements.map((statement) => [statement["Action"]].flat().join(" ")).join(" | ")}`;
    });
}

const PLAIN = "s3:GetBucketCORS s3:GetBucketLocation s3:GetBucketPolicy* sqs:ReceiveMessage";

test("without any, every policy loses what is unused, and nothing is left alone", () => {
  const { code, out, db } = refine("nothing", {});
  expect(code).toBe(0);
  expect(changed(db)).toHaveLength(11); // of ten roles, one with two
  expect(changed(db)).toContain(`plain own: ${PLAIN}`);
  expect(out).not.toContain("left alone");
});

/** What changes without any configuration. */
let whole: readonly string[] | undefined;
function everything(): readonly string[] {
  return (whole ??= changed(refine("everything", {}).db));
}

describe("exclusions", () => {
  const RULES: readonly (readonly [rule: string, exclude: object, who: string, policy: string | null])[] = [
    ["exclude.accounts: 999988887777", { accounts: ["999988887777"] }, FOREIGN, null],
    ["exclude.principals: break-glass-*", { principals: ["break-glass-*"] }, arnOf("role", "break-glass-1"), null],
    [
      "exclude.principals: arn:aws:iam::*:role/team",
      { principals: ["arn:aws:iam::*:role/team"] },
      arnOf("role", "team"),
      null,
    ],
    ["exclude.paths: /ci/", { paths: ["/ci/"] }, arnOf("role", "deploy", "/ci/east/"), null],
    ["exclude.tags: team=payments", { tags: { team: ["ledger", "payments"] } }, arnOf("role", "tagged"), null],
    ["exclude.tags: quarantine", { tags: { quarantine: null } }, arnOf("role", "any-tag"), null],
    [
      "exclude.policies: baseline-*",
      { policies: ["baseline-*"] },
      arnOf("role", "baseline-holder"),
      `${arnOf("role", "baseline-holder")}#baseline-logs`,
    ],
    [`exclude.policies: ${managed}`, { policies: [managed] }, arnOf("role", "team"), managed],
  ];

  test.each(RULES)("%s", (rule, exclude, who, policy) => {
    const { code, out, db } = refine(rule.replaceAll(/\W/g, "-"), { exclude }, "--json");
    expect(code).toBe(0);
    const others = new Set(changed(db));
    const left = everything().filter((line) => !others.has(line));
    expect(left).toHaveLength(1);
    expect(left[0]?.split(" ")[0]).toBe(who.split("/").at(-1));
    expect(asked(db, "left-alone")).toEqual([
      { rule, account: who.split(":")[4], principal: who, policy, statement: null },
    ]);
    const { summary } = JSON.parse(out) as { readonly summary: object };
    const count = policy === null ? { principals: 1, attachments: 0 } : { principals: 0, attachments: 1 };
    expect(summary).toMatchObject({ leftAlone: [{ rule, ...count }] });
  });

  test("all at once: the summary names every rule", () => {
    const exclude = {
      accounts: ["999988887777"],
      principals: ["break-glass-*"],
      paths: ["/ci/"],
      tags: { team: "payments", quarantine: null },
      policies: ["baseline-*", "Team"],
      sids: ["NOREPO"],
    };
    const { code, out, err, db } = refine("all", { exclude, minAge: 30, asOf: "2026-11-21" });
    expect(code).toBe(0);
    expect(err).toContain("settings of leastwise.config.json\n");
    const [, lines = ""] = /\n {5}left alone {2}(.*?)\n {10}units/s.exec(out) ?? [];
    expect(lines.split("\n").map((line) => line.trim())).toEqual(
      [
        "1 principal by exclude.accounts: 999988887777",
        "1 principal by exclude.paths: /ci/",
        "1 attached policy by exclude.policies: baseline-*",
        "1 attached policy by exclude.policies: Team",
        "1 principal by exclude.principals: break-glass-*",
        "1 principal by exclude.tags: quarantine",
        "1 principal by exclude.tags: team=payments",
        "1 principal by min-age: 30 days",
        "statements of 1 attached policy by their Sid",
      ].toSorted((a, b) => Number(a.includes("Sid")) - Number(b.includes("Sid")) || (order(a) < order(b) ? -1 : 1)),
    );
    expect(changed(db).map((line) => line.split(":")[0])).toEqual(["baseline-holder own", "plain own", "sids own"]);
  });

  test("a Sid that begins with NOREPO, in that case, keeps its statement and no other", () => {
    const { out, db } = refine("sids", { exclude: { sids: ["NOREPO"] } }, "--json");
    const line = changed(db).find((one) => one.startsWith("sids own"));
    expect(line).toBe("sids own: sqs:*Message | sqs:ReceiveMessage");
    expect((JSON.parse(out) as RunResult).summary.keptBySid).toBe(1);
    const statements = asked(db, "left-alone").filter(({ rule }) => rule === "exclude.sids: NOREPO");
    expect(statements).toMatchObject([{ principal: expect.stringMatching(/sids$/), statement: 0 }]);
  });
});

/** What rules sort by: the text of the rule itself. */
function order(line: string): string {
  return line.slice(line.indexOf(" by ") + 4);
}

test("protected actions stay, whatever the evidence says; --protect adds to them", () => {
  const { db } = refine("protected", { protected: ["s3:*Acl"] }, "--protect", "sqs:Send*");
  expect(changed(db)).toContain("plain own: s3:GetBucket* sqs:ReceiveMessage sqs:SendMessage");
});

test("granularity may differ from service to service", () => {
  const { db } = refine("granularity", { granularity: { default: "word", services: { s3: "exact" } } });
  const exact = PLAIN.replace("s3:GetBucketPolicy*", "s3:GetBucketPolicy s3:GetBucketPolicyStatus");
  expect(changed(db)).toContain(`plain own: ${exact}`);
});

describe("windows and ages", () => {
  test("a longer window of findings counts the access that they themselves tell of", () => {
    const { db } = refine("window", { windows: { "access-analyzer": 180 } });
    expect(changed(db)).toContain(`plain own: ${PLAIN} sqs:SendMessage`); // of the 1st of July
  });

  test("stale evidence removes nothing, is named, and ends the run with 3", () => {
    const { code, out, db } = refine("stale", { maxAge: 30, asOf: "2027-01-10" });
    expect(code).toBe(3);
    expect(changed(db)).toEqual([]);
    expect(out).toMatch(
      /error stale-evidence: the report is of 2026-11-20, more than 30 days before 2027-01-10; it removes nothing\n.*\n {2}export it again, or allow more with --max-age\n/,
    );
    expect(refine("fresh", { maxAge: 60, asOf: "2027-01-10" }).code).toBe(0);
  });

  test("who is younger than the least age is left alone, and so is a policy that has changed since", () => {
    const { db } = refine("age", { minAge: 30, asOf: "2026-11-21" });
    expect(asked(db, "left-alone")).toEqual([
      {
        rule: "min-age: 30 days",
        account: "123456789012",
        principal: arnOf("role", "young"),
        policy: null,
        statement: null,
      },
      {
        rule: "min-age: changed 2026-11-12",
        account: "123456789012",
        principal: arnOf("role", "team"),
        policy: managed,
        statement: null,
      },
    ]);
    expect(asked(refine("no-age", { minAge: 0 }).db, "left-alone")).toEqual([]);
    expect(asked(refine("short-age", { minAge: 5 }).db, "left-alone")).toEqual([]);
  });

  test("last accessed details and CloudTrail have windows of their own", () => {
    const arn = arnOf("role", "worker");
    const other = join(folder, "windows-exports");
    write(other, "account.json", [
      account([
        {
          kind: "role",
          name: "worker",
          inline: { own: allowing("s3:GetObject", "sqs:SendMessage", "ec2:RunInstances") },
        },
      ]),
      lastAccessed(arn, "SERVICE_LEVEL", {
        s3: { at: "2026-10-01T00:00:00Z" },
        sqs: { at: null },
        ec2: { at: "2026-06-01T00:00:00Z" },
      }),
    ]);
    write(other, "trail.json", { Records: [trailRecord(arn, "sqs", "SendMessage", "2026-06-01T00:00:00Z")] });
    const left = (config: object): string | undefined => {
      const cwd = join(folder, "windows");
      write(cwd, "leastwise.config.json", config);
      expect(leastwiseIn({ cwd }, "refine", other, "--db", "org.db", "--catalog", CATALOG).code).toBe(0);
      return changed(join(cwd, "org.db"))[0];
    };
    expect(left({})).toBe("worker own: s3:GetObject sqs:SendMessage"); // 90 days for the details, any time for CloudTrail
    expect(left({ windows: { cloudtrail: 90 } })).toBe("worker own: s3:GetObject");
    expect(left({ windows: { "last-accessed": 30 } })).toBe("worker own: sqs:SendMessage");
    expect(left({ windows: 365 })).toBeUndefined();
  });
});

describe("a run that was interrupted", () => {
  const cwd = join(folder, "interrupted");
  const catalog = loadCatalog(CATALOG);
  const inline = inlineExecutor(catalog.trie.buffer);
  const failing: Executor = {
    ...inline,
    read: (task) => inline.read(task),
    readLarge: (task) => inline.readLarge(task),
    refine: () => Promise.reject(new Error("the power went")),
  };
  const runWith = async (name: string, config: object, executor: Executor): Promise<RunResult> => {
    write(cwd, "leastwise.config.json", config);
    const db = openForWriting(join(cwd, name));
    try {
      const job = { files: listInputs([join(folder, "exports")]), catalog, settings: readSettings(undefined, cwd, {}) };
      return await run(db, job, executor, SILENT);
    } finally {
      closeWriting(db);
    }
  };
  const config = { exclude: { principals: ["plain"] }, granularity: "exact" };

  test("goes on with the same settings", async () => {
    await expect(runWith("same.db", config, failing)).rejects.toThrow("the power went");
    expect(await runWith("same.db", config, inline)).toMatchObject({ runId: 1, resumed: true });
    expect(changed(join(cwd, "same.db"))).toEqual(changed(refine("undisturbed", config).db));
    expect(asked(join(cwd, "same.db"), "left-alone")).toMatchObject([{ rule: "exclude.principals: plain" }]);
  });

  test("is another run with other settings", async () => {
    await expect(runWith("other.db", config, failing)).rejects.toThrow("the power went");
    expect(await runWith("other.db", {}, inline)).toMatchObject({ runId: 2, resumed: false });
    expect(exported(join(cwd, "other.db"))).toBe(exported(join(folder, "nothing/org.db")));
    expect(asked(join(cwd, "other.db"), "left-alone")).toEqual([]);
  });

  test("and a finished one, repeated, computes nothing and says the same", async () => {
    const before = exported(join(cwd, "same.db"));
    expect(await runWith("same.db", config, inline)).toMatchObject({ resumed: false, unitsComputed: 0 });
    expect(exported(join(cwd, "same.db"))).toBe(before);
    const settings = asked(join(cwd, "same.db"), "--sql", "SELECT DISTINCT settings FROM runs");
    expect(settings).toHaveLength(1);
  });
});
