/** `leastwise refine --fit`: each step of the ladder, whose policies it is for, and that a stopped run comes to the same. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { loadCatalog } from "@leastwise/catalog";
import { closeWriting, openForReading, openForWriting } from "@leastwise/store";
import { describe, expect, test } from "vitest";
import { readSettings } from "../src/config/read-settings.ts";
import { SILENT } from "../src/progress.ts";
import { run } from "../src/run.ts";
import { listInputs } from "../src/stages/list-inputs.ts";
import { type Executor, inlineExecutor } from "../src/workers/executor.ts";
import {
  CLEAN,
  DEMO,
  MAIN,
  type PolicyDocument,
  allowing,
  asked,
  exported,
  jsonLines,
  leastwise,
  refined,
  temporaryFolder,
  write,
} from "./leastwise.ts";
import { type Unused, account, arnOf, finding } from "./samples.ts";
import { allRows, reply, serving } from "./serving.ts";

const folder = temporaryFolder();

const VERBS = ["Create", "Delete", "Get", "List", "Put", "Start", "Stop", "Update"];
const GREEK = ["Alpha", "Beta", "Gamma", "Delta", "Epsilon", "Zeta", "Theta", "Kappa"];
/** Of `tag` everything that is left ends in the same word, of `one` nothing but the first letters of its words tells it apart. */
const CATALOG = {
  tag: VERBS.flatMap((verb) => [`${verb}GroupPolicy`, `${verb}GroupMembershipTagging`]),
  one: GREEK.flatMap((letter) => [`Get${letter}confirmation`, `Get${letter}verificationstatus`]),
  sqs: ["DeleteMessage", "ReceiveMessage", "SendMessage"],
};
const UNUSED: Unused = {
  tag: VERBS.map((verb) => `${verb}GroupPolicy`),
  one: GREEK.map((letter) => `Get${letter}confirmation`),
  sqs: ["DeleteMessage"],
};
/** So many characters of names that no catalog has, and one that goes. */
function unheard(characters: number, id: string): PolicyDocument {
  const names = Array.from(
    { length: Math.ceil(characters / 25) },
    (_, i) => `sqs:${id}NobodyHasHeard${String(i).padStart(3, "0")}`,
  );
  return allowing("sqs:DeleteMessage", ...names);
}
const stuck = {
  Version: "2012-10-17",
  Statement: [
    {
      Sid: "Queues",
      Effect: "Allow",
      Action: ["sqs:DeleteMessage", "sqs:SendMessage"],
      Resource: `arn:aws:sqs:::${"q".repeat(300)}`,
    },
    { Sid: "Read", Effect: "Allow", Action: "sqs:ReceiveMessage", Resource: "*" },
  ],
};

const managed: Readonly<Record<string, unknown>> = {
  AsItIs: allowing("sqs:*"),
  Inner: allowing("tag:*"),
  Characters: allowing("one:*"),
  Split: unheard(600, "a"),
  Stuck: stuck,
  SharedSplit: unheard(600, "b"),
  SharedInner: allowing("tag:*", "sqs:ReceiveMessage"),
};
const small = Object.fromEntries(Array.from({ length: 5 }, (_, i) => [`Small${i}`, allowing(`sqs:Unheard${i}`)]));
const policies = Object.fromEntries(
  Object.entries({ ...managed, ...small }).map(([name, document]) => [arnOf("policy", name), { document }]),
);
const attached = (...names: readonly string[]): readonly string[] => names.map((name) => arnOf("policy", name));

write(
  folder,
  "org/account.json",
  account(
    [
      { kind: "role", name: "each", attached: attached("AsItIs", "Inner", "Characters", "Split", "Stuck") },
      { kind: "role", name: "full", attached: attached("SharedSplit", "SharedInner", ...Object.keys(small)) },
      { kind: "role", name: "free", attached: attached("SharedSplit", "SharedInner") },
      { kind: "user", name: "ana", inline: { tagging: allowing("tag:*"), small: allowing("sqs:*") }, groups: ["team"] },
      {
        kind: "group",
        name: "team",
        inline: { first: allowing("one:*"), second: allowing("one:*", "sqs:SendMessage") },
      },
      {
        kind: "role",
        name: "mover",
        inline: { long: unheard(300, "c"), short: allowing("sqs:*"), other: unheard(250, "d") },
      },
      { kind: "role", name: "kept", inline: { large: unheard(100, "e"), kept: allowing("sqs:SendMessage") } },
    ],
    policies,
  ),
);
const roles = ["each", "full", "free", "mover", "kept"].map((name) => finding(arnOf("role", name), UNUSED));
const lines = [...roles, finding(arnOf("user", "ana"), UNUSED)].map((line) => `${JSON.stringify(line)}\n`);
write(folder, "org/findings.jsonl", lines.join(""));
const catalog = write(folder, "catalog.json", CATALOG);
const limits = { managed: 300, roleInline: 600, userInline: 350, groupInline: 620, attachments: 8 };
const config = write(folder, "config.json", { limits });
const org = [`${folder}/org`, "--catalog", catalog, "--config", config];
const plain = refined(folder, "plain.db", ...org);
const fitted = refined(folder, "fitted.db", ...org, "--fit", "--threads", "1");

/** What of the export this is about. */
interface Line {
  readonly principalArn: string | null;
  readonly policyName: string;
  readonly policyKind: string;
  readonly recommendedAction: string;
  readonly recommendedPolicy: PolicyDocument | null;
  readonly sizeBefore: number;
  readonly sizeAfter: number;
  readonly sizeLimit: number;
  readonly fit: string;
  readonly form: string;
  readonly parts: readonly PolicyDocument[] | null;
}

function lineOf(db: string, principal: string | null, policyName: string): Line {
  const all = jsonLines(exported(db)) as readonly Line[]; // what the program wrote
  const arn = principal === null ? null : arnOf(...(principal.split("/") as ["role", string])); // kind/name
  const found = all.find((line) => line.principalArn === arn && line.policyName === policyName);
  if (found === undefined) throw new Error(`no recommendation for ${principal} ${policyName}`);
  return found;
}

function verdict(principal: string | null, policyName: string): string {
  const { form, fit, parts } = lineOf(fitted, principal, policyName);
  return `${form} ${fit}${parts === null ? "" : ` ${parts.length}`}`;
}

function actionsOf(document: PolicyDocument): readonly string[] {
  const statements = Array.isArray(document.Statement) ? document.Statement : [document.Statement];
  return (statements as readonly { Action: string | string[] }[]).flatMap(({ Action }) => Action);
}

describe("nobody has asked to fit", () => {
  test("what is too large is told of, and written as ever", () => {
    const { fit, form, parts, sizeAfter, sizeLimit, sizeBefore } = lineOf(plain, "role/each", "Split");
    expect({ fit, form, parts, sizeLimit }).toEqual({
      fit: "too-large",
      form: "prefixes",
      parts: null,
      sizeLimit: 300,
    });
    expect(sizeBefore - sizeAfter).toBe('"sqs:DeleteMessage",'.length);
    expect(lineOf(plain, "role/each", "AsItIs").fit).toBe("fits");
    const { out } = leastwise("refine", ...org, "--db", `${folder}/said.db`, "--quiet");
    expect(out).toMatch(/ over the limit {2}\d+; --fit makes them fit where it can\n/);
    expect(asked(plain, "too-large").length).toBeGreaterThan(5);
    expect(leastwise("show", arnOf("role", "each"), "--db", plain).out).toMatch(
      /over the limit: \d+ of 300 characters/,
    );
  });
});

describe("the ladder", () => {
  test.each([
    ["fits as it is first written", "AsItIs", "prefixes fits"],
    ["fits with inner wildcards", "Inner", "inner fits"],
    ["fits with prefixes that end inside words", "Characters", "characters fits"],
    ["is split", "Split", "prefixes split 3"],
    ["cannot be made to fit", "Stuck", "prefixes does-not-fit"],
  ])("a managed policy that %s", (_, policy, expected) => {
    expect(verdict("role/each", policy)).toBe(expected);
  });

  test("gives a user the shorter form where it saves most, for the sum of its inline policies", () => {
    expect(verdict("user/ana", "tagging")).toBe("inner fits");
    expect(verdict("user/ana", "small")).toBe("prefixes fits");
    const { sizeAfter, sizeLimit } = lineOf(fitted, "user/ana", "small");
    expect(sizeLimit).toBe(350);
    expect(sizeAfter).toBe(lineOf(fitted, "user/ana", "tagging").sizeAfter);
  });

  test("gives a group the shortest form only for as many as it takes", () => {
    expect(verdict("group/team", "first")).toBe("characters fits"); // it saves as much as the other, and comes first
    expect(verdict("group/team", "second")).toBe("prefixes fits");
    expect(lineOf(fitted, "group/team", "first")).toMatchObject({ sizeLimit: 620 });
  });

  test("moves of a role's inline policies the fewest to managed ones", () => {
    expect(verdict("role/mover", "long")).toBe("prefixes split 2");
    expect(verdict("role/mover", "short")).toBe("prefixes fits");
    expect(verdict("role/mover", "other")).toBe("prefixes fits");
    expect(verdict("role/kept", "large")).toBe("prefixes fits");
  });

  test("keeps the number of attachments of each principal by itself", () => {
    expect(verdict("role/free", "SharedSplit")).toBe("prefixes split 3");
    expect(verdict("role/full", "SharedSplit")).toBe("prefixes does-not-fit");
    expect(verdict("role/full", "SharedInner")).toBe("inner fits");
  });

  test("does not split a shared policy in place", () => {
    expect(verdict(null, "SharedSplit")).toBe("prefixes does-not-fit");
    expect(verdict(null, "SharedInner")).toBe("inner fits");
  });

  test("puts nothing in place that is over its limit without saying so, and splits without loss", () => {
    const all = jsonLines(exported(fitted)) as readonly Line[]; // what the program wrote
    for (const { fit, sizeAfter, sizeLimit, parts, recommendedPolicy } of all) {
      expect({ fit, isOver: sizeAfter > sizeLimit }).toEqual({ fit, isOver: fit === "does-not-fit" });
      if (parts === null || recommendedPolicy === null) continue;
      expect(parts.flatMap(actionsOf).sort()).toEqual(actionsOf(recommendedPolicy).toSorted());
      for (const part of parts) expect(JSON.stringify(part).length).toBeLessThanOrEqual(limits.managed);
    }
    expect(all.filter(({ fit }) => fit === "split")).toHaveLength(3);
  });

  test("grants what is granted without it", () => {
    const granted = [fitted, plain].map((db) => asked(db, "--sql", "SELECT * FROM granted_after ORDER BY 1, 2, 3, 4"));
    expect(granted[0]).toEqual(granted[1]);
  });

  test("tells of it: in the summary, for each policy, and what costs most where nothing helps", () => {
    const { out } = leastwise("refine", ...org, "--fit", "--db", `${folder}/told.db`, "--quiet");
    expect(out).toMatch(/ over the limit {2}7 fit in a shorter form, 3 are split, 3 cannot be made to fit\n/);
    const shown = leastwise("show", arnOf("role", "each"), "--db", fitted).out;
    expect(shown).toContain("split into 3 customer managed policies, Split-1 to Split-3");
    expect(shown).toContain("it cannot be split: a statement is too large that can be cut along no list");
    expect(shown).toMatch(/\d+ characters: statement 0 \(Queues\)\n.*\d+ characters: statement 1 \(Read\)\n/);
    const full = leastwise("show", arnOf("role", "full"), "--db", fitted).out;
    expect(full).toContain("it would take 3 managed policies, and the principal has room for 2");
    expect(asked(fitted, "does-not-fit").map(({ policy }) => policy)).toContain("Stuck");
    expect(asked(fitted, "fitted").map(({ policy }) => policy)).toContain("Split");
  });

  test("hands a split on as steps and as files", () => {
    const { out } = leastwise("export", "--db", fitted, "--format", "access-analyzer");
    const free = (jsonLines(out) as readonly { resourceArn: string; recommendedSteps: readonly object[] }[]).find(
      ({ resourceArn }) => resourceArn === arnOf("role", "free"),
    ); // AWS's own shape
    const steps = JSON.stringify(free?.recommendedSteps.slice(-4)).match(/"recommendedAction":"[A-Z_]+"/g);
    expect(steps).toEqual([
      ...Array.from({ length: 3 }, () => '"recommendedAction":"CREATE_POLICY"'),
      '"recommendedAction":"DETACH_POLICY"',
    ]);
    const patch = leastwise("export", "--db", fitted, "--format", "diff").out;
    expect(patch).toContain(
      "diff --git a/123456789012/role/free/customer-SharedSplit.json b/123456789012/role/free/customer-SharedSplit.json\ndeleted file mode 100644",
    );
    for (const i of [1, 2, 3])
      expect(patch).toContain(`b/123456789012/role/free/customer-SharedSplit-${i}.json\nnew file mode 100644`);
  });

  test("holds, and so does a database of the made-up organization under narrow limits", () => {
    expect(leastwise("verify", "--db", fitted, "--quiet").code).toBe(0);
  });
});

describe("the same bytes", () => {
  test("on one thread and on two", () => {
    const two = refined(folder, "two.db", ...org, "--fit", "--threads", "2");
    expect(exported(two) === exported(fitted)).toBe(true);
  });

  test("wherever a worker died, once the run has been finished", async () => {
    const expected = exported(fitted);
    let calls = 0;
    for (let died = 1; ; died++) {
      const path = `${folder}/died-${died}.db`;
      calls = 0;
      const dying = (executor: Executor): Executor => ({
        ...executor,
        refine: (shard) => (++calls === died ? Promise.reject(new Error("died")) : executor.refine(shard)),
        split: (task) => (++calls === died ? Promise.reject(new Error("died")) : executor.split(task)),
      });
      const finished = await attempt(path, dying).then(
        () => true,
        (error: Error) => {
          expect(error.message).toBe("died");
          return false;
        },
      );
      if (!finished) await attempt(path, (executor) => executor);
      expect(exported(path) === expected, `died at ${died}`).toBe(true);
      if (finished) break;
    }
    expect(calls).toBeGreaterThan(3); // plain, inner, characters, splits
  });

  test("after the program was killed on the ladder", async () => {
    const narrow = write(folder, "narrow.json", { limits: { managed: 600, roleInline: 400 }, fit: { shortest: 3 } });
    const job = [DEMO, "--config", narrow];
    const whole = refined(folder, "whole.db", ...job);
    const path = `${folder}/killed.db`;
    expect(await killedOnTheLadder(path, job)).toBe("SIGKILL");
    const open = openForReading(path);
    expect(open.prepare("SELECT state FROM run").pluck().get()).toBe("execute");
    open.close();
    const { out } = leastwise("refine", ...job, "--db", path, "--quiet", "--json");
    expect(JSON.parse(out)).toMatchObject({ resumed: true });
    expect(exported(path) === exported(whole)).toBe(true);
    expect(leastwise("verify", "--db", path, "--quiet").code).toBe(0);
  });
});

/** The job in this process, with an executor made of the plain one. */
async function attempt(path: string, made: (executor: Executor) => Executor): Promise<void> {
  const own = loadCatalog(catalog);
  const db = openForWriting(path);
  try {
    const settings = readSettings(config, folder, { fit: true });
    await run(
      db,
      { files: listInputs([`${folder}/org`]), catalog: own, settings },
      made(inlineExecutor(own.trie.buffer)),
      SILENT,
    );
    closeWriting(db);
  } finally {
    if (db.open) db.close();
  }
}

/** Kills the program as soon as the ladder has an answer and waits for another. */
async function killedOnTheLadder(path: string, job: readonly string[]): Promise<string | null> {
  const child: ChildProcess = spawn(process.execPath, [MAIN, "refine", ...job, "--db", path, "--quiet"], {
    env: CLEAN,
    stdio: "ignore",
  });
  const end = new Promise<string | null>((resolve) => child.on("close", (_code, signal) => resolve(signal)));
  while (child.exitCode === null && child.signalCode === null) {
    await new Promise((resolve) => setTimeout(resolve, 1));
    if (existsSync(path) && isOnTheLadder(path)) {
      child.kill("SIGKILL");
      break;
    }
  }
  return end;
}

function isOnTheLadder(path: string): boolean {
  try {
    const db = openForReading(path);
    const rungs = db.prepare<[], number>("SELECT count(*) FROM rung").pluck().get();
    db.close();
    return (rungs ?? 0) > 0;
  } catch {
    return false; // the tables are not there yet
  }
}

test.each([
  ["plain", plain],
  ["fitted", fitted],
])("the page counts as many of each size as its list has: %s", async (_, db) => {
  const { port } = await serving(db);
  const { sizes } = (await reply(port, "overview")) as { sizes: Readonly<Record<string, number>> }; // as in the contract
  const listed = async (fit: string): Promise<number> => (await allRows(port, "recommendations", { fit })).length;

  const { shortened, ...linked } = sizes;
  expect(linked).toEqual({
    tooLarge: await listed("too-large"),
    doesNotFit: await listed("does-not-fit"),
    split: await listed("split"),
  });
  const fits = jsonLines(exported(db)) as readonly Line[]; // what the program wrote
  const other = fits.filter(
    ({ principalArn, form, fit }) => principalArn !== null && form !== "prefixes" && fit === "fits",
  );
  expect(shortened).toBe(other.length);
  expect(Object.values(sizes).reduce((sum, each) => sum + each, 0)).toBeGreaterThan(5);
});
