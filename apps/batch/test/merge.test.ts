/** Shares of a run, merged: what comes of them is what comes of the run undivided, and nothing in a part is believed. */
import { createHash } from "node:crypto";
import { copyFileSync, readFileSync, readdirSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadCatalog } from "@leastwise/catalog";
import { openForReading, shareOf } from "@leastwise/store";
import { beforeAll, describe, expect, test } from "vitest";
import { inlineExecutor } from "../dist/workers/executor.js";
import {
  type PolicyDocument,
  allowing,
  asked,
  exported,
  jsonLines,
  leastwise,
  temporaryFolder,
  write,
} from "./leastwise.ts";
import { type Job, allShares, contentIn, edited, mergedFrom, newPath, sharePart, undivided } from "./merging.ts";
import { type Member, account, arnOf, awsRecommendation, finding, lastAccessed, trailRecord } from "./samples.ts";

const folder = temporaryFolder();
const VERBS = ["Create", "Delete", "Get", "List", "Put", "Start", "Stop", "Update"];
const catalogFile = write(folder, "catalog.json", {
  ec2: ["DescribeInstances", "RunInstances", "TerminateInstances"],
  kms: ["Decrypt", "Encrypt"],
  logs: VERBS.flatMap((verb) => [`${verb}GroupPolicy`, `${verb}GroupTagging`]),
  s3: ["DeleteObject", "GetObject", "GetObjectAcl", "GetObjectTagging", "ListAllMyBuckets", "ListBucket", "PutObject"],
  sqs: ["DeleteMessage", "ReceiveMessage", "SendMessage"],
});
const catalog = loadCatalog(catalogFile);

const SHARED = arnOf("policy", "Shared");
const READ_ONLY = "arn:aws:iam::aws:policy/ReadOnly";
const SERVICES = ["s3", "sqs", "ec2", "kms", "logs"];
const roles = Array.from({ length: 24 }, (_, i) => `role-${i}`);

/** Each has a policy of its own, some with entries that the catalog lacks, some that name an account. */
function ownPolicy(i: number): PolicyDocument {
  const [one = "", two = ""] = [SERVICES[i % 5], SERVICES[(i * 3 + 1) % 5]];
  const entries = [`${one}:*`, `${two}:*${i % 2 === 0 ? "" : "e*"}`, ...(i % 6 === 0 ? [`${one}:Unheard${i}`] : [])];
  const resource = i % 4 === 0 ? `arn:aws:sqs:eu-west-1:1111222233${String(i).padStart(2, "0")}:queue` : "*";
  return { Version: "2012-10-17", Statement: [{ Sid: `S${i}`, Effect: "Allow", Action: entries, Resource: resource }] };
}
const members: readonly Member[] = [
  ...roles.map((name, i): Member => {
    const attached = [...(i % 3 === 0 ? [SHARED] : []), ...(i % 5 === 0 ? [READ_ONLY] : [])];
    return { kind: "role", name, inline: { own: ownPolicy(i) }, attached };
  }),
  { kind: "user", name: "ann", groups: ["admins"], attached: [READ_ONLY] },
  { kind: "group", name: "admins", inline: { all: allowing("ec2:*", "s3:*") } },
  {
    kind: "role",
    name: "admin",
    inline: { all: { Version: "2012-10-17", Statement: { Effect: "Allow", NotAction: "kms:*", Resource: "*" } } },
  },
];
const policies = {
  [SHARED]: { document: allowing("s3:*", "ec2:*") },
  [READ_ONLY]: { document: allowing("s3:GetObject", "s3:List*", "ec2:DescribeInstances") },
};
const unusedOf = (i: number): Readonly<Record<string, readonly string[] | null>> => ({
  s3: i % 2 === 0 ? ["GetObjectTagging", "PutObject"] : ["DeleteObject"],
  sqs: i % 7 === 0 ? null : ["DeleteMessage"],
  ec2: i % 4 === 0 ? null : ["TerminateInstances"],
  logs: VERBS.map((verb) => `${verb}GroupPolicy`),
});
function organization(name: string, from = 0): string {
  const place = join(folder, name);
  write(place, "account.json", account(members, policies));
  const findings = roles.map((role, i) => finding(arnOf("role", role), unusedOf(i + from)));
  write(
    place,
    "findings.jsonl",
    [...findings, finding(arnOf("role", "admin"), { sqs: null })].map((line) => `${JSON.stringify(line)}\n`).join(""),
  );
  write(
    place,
    "accessed.json",
    lastAccessed(arnOf("user", "ann"), "ACTION_LEVEL", { s3: { at: null }, ec2: { at: null } }),
  );
  write(place, "trail.json", {
    Records: [trailRecord(arnOf("role", "role-1"), "s3", "ListObjects", "2026-11-15T00:00:00Z")],
  });
  write(
    place,
    "aws.json",
    awsRecommendation(arnOf("role", "role-2"), [{ id: "own", document: allowing("s3:GetObject") }]),
  );
  write(place, "odd.json", { what: "is this" });
  return place;
}
const org = organization("org");
const job: Job = { folder, inputs: [org], catalog };
const OPTIONS = [org, "--catalog", catalogFile, "--quiet"];

let whole: string;
let parts: readonly string[];
beforeAll(async () => {
  whole = await undivided(job);
  parts = await allShares(job, 4);
});

function sha256(path: string): string {
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}

function runOf(path: string): Readonly<Record<string, unknown>> {
  return jsonLines(leastwise("runs", "--db", path, "--json").out).at(-1) as Readonly<Record<string, unknown>>; // one a run
}

/** What a database comes to: every row of its newest run, and what is exported of it. */
function outcomeOf(path: string): { readonly content: ReturnType<typeof contentIn>; readonly exported: string } {
  return { content: contentIn(path), exported: createHash("sha256").update(exported(path)).digest("hex") };
}

async function mergedPath(of: Job, paths: readonly string[]): Promise<string> {
  return (await mergedFrom(of, paths)).path;
}

function runUnits(): number {
  return Number(runOf(whole)["units_asked"]);
}

function answeredIn(path: string): number {
  const [row] = asked(path, "--sql", "SELECT count(*) AS units FROM unit WHERE state = 'done'");
  return Number(row?.["units"]);
}

/** A database of the job with other options. */
function other(...options: readonly string[]): string {
  const path = newPath(job, "different");
  const { code, err } = leastwise("refine", ...OPTIONS, ...options, "--db", path);
  if (code !== 3 && code !== 0) throw new Error(err);
  return path;
}

/** What merging says that does not begin; nothing is written. */
function refusal(...paths: readonly string[]): string {
  const target = newPath(job, "refused");
  const { code, out, err } = leastwise("merge", ...paths, "--db", target, "--quiet");
  expect({ code, out }).toEqual({ code: 2, out: "" });
  expect(readdirSync(folder).filter((name) => name.startsWith(target.slice(folder.length + 1)))).toEqual([]);
  return err;
}

describe("merged shares come to what the undivided run comes to", () => {
  test.each([1, 2, 4, 7])("%i of them, in any order", async (of) => {
    const paths = of === 4 ? parts : await allShares(job, of);
    expect(outcomeOf(await mergedPath(job, paths))).toEqual(outcomeOf(whole));
    expect(outcomeOf(await mergedPath(job, [...paths].reverse()))).toEqual(outcomeOf(whole));
  });

  test("every unit is in one share, and in the same one everywhere", () => {
    const db = openForReading(whole);
    const units = db
      .prepare<[], { d: string; s: string }>(
        "SELECT d.sha256 AS d, s.sha256 AS s FROM unit u JOIN document d USING (document_id) JOIN unused_set s USING (unused_id)",
      )
      .all();
    db.close();
    const found = [1, 2, 3, 4].map((number) => {
      const part = openForReading(parts[number - 1]!); // there are four
      const answered = part
        .prepare<[], { d: string; s: string }>(
          `SELECT d.sha256 AS d, s.sha256 AS s FROM unit u JOIN document d USING (document_id) JOIN unused_set s USING (unused_id)
           WHERE u.state = 'done'`,
        )
        .all();
      part.close();
      expect(answered.length, `share ${number}`).toBeGreaterThan(0);
      for (const { d, s } of answered) expect(shareOf(d, s, 4)).toBe(number);
      return answered.length;
    });
    expect(found.reduce((sum, number) => sum + number, 0)).toBe(units.length);
  });

  describe("where what is too large is made to fit", () => {
    const fitting: Job = {
      ...job,
      flags: { fit: true },
      config: write(folder, "limits.json", {
        limits: { managed: 300, roleInline: 260, userInline: 350, groupInline: 260 },
      }),
    };
    let as: string;
    beforeAll(async () => {
      as = await undivided(fitting);
    });

    test("of which the shares do what they can", async () => {
      expect(asked(as, "--sql", "SELECT 1 FROM recommendations WHERE form <> 'prefixes'")).not.toEqual([]);
      const shares = [await sharePart(fitting, 1, 2), await sharePart(fitting, 2, 2)];
      for (const { unitsFitted, unitsOfShare, unitsComputed } of shares) {
        expect(unitsFitted).toBeGreaterThan(0);
        expect(unitsComputed).toBe(unitsOfShare);
      }
      const merged = await mergedFrom(
        fitting,
        shares.map(({ path }) => path),
      );
      const { unitsAsked } = (merged.result as { readonly summary: { readonly unitsAsked: number } }).summary; // it is concluded
      const byShares = shares.reduce((sum, { unitsOfShare, unitsFitted }) => sum + unitsOfShare + unitsFitted, 0);
      expect(merged.result).toMatchObject({ taken: { refused: 0 } });
      expect(merged.result.taken.units).toBeGreaterThan(
        shares.reduce((sum, { unitsOfShare }) => sum + unitsOfShare, 0),
      );
      expect(merged.result.taken.units).toBeLessThanOrEqual(Math.min(byShares, unitsAsked));
      expect(outcomeOf(merged.path)).toEqual(outcomeOf(as));
      expect(leastwise("verify", "--db", merged.path, "--quiet").code).toBe(0);
    });

    test("in databases that have climbed before", async () => {
      const earlier: Job = { ...fitting, inputs: [organization("fitted-before", 1)] };
      const before = await undivided(earlier);
      const path = newPath(job, "climbed");
      copyFileSync(before, path);
      const [first, second] = [(await sharePart(fitting, 1, 2, path)).path, (await sharePart(fitting, 2, 2)).path];
      for (const paths of [
        [first, second],
        [second, first],
      ]) {
        const merged = await mergedPath(fitting, paths);
        expect(outcomeOf(merged)).toEqual(outcomeOf(as));
        expect(leastwise("verify", "--db", merged, "--quiet").code).toBe(0);
      }
    });

    test("and a shorter form that does not hold is refined where they are merged", async () => {
      const [first = "", second = ""] = await allShares(fitting, 2);
      const forged = edited(
        second,
        newPath(job, "forged-form"),
        `UPDATE unit SET certificate = 'x' WHERE state = 'done' AND option_set_id <> (SELECT option_set_id FROM run)`,
      );
      const { path, result } = await mergedFrom(fitting, [first, forged]);
      expect(result.taken.refused).toBeGreaterThan(0);
      expect(result.taken.refusedFirst[0]?.reasons).toEqual([
        "the certificate is not that of these inputs and this result",
      ]);
      expect(outcomeOf(path)).toEqual(outcomeOf(as));
    });
  });

  test("where some units fail", async () => {
    const inline = inlineExecutor(catalog.trie.buffer);
    const executor: typeof inline = {
      ...inline,
      refine: async (shard) => {
        const { units, grants } = await inline.refine(shard);
        const fails = (place: number): boolean => shard.documents[shard.units[place]!.document]!.text.includes('"S3"'); // its places are inside
        const failed = units.map((unit, place) =>
          fails(place)
            ? {
                unitId: unit.unitId,
                ok: false as const,
                code: "out-of-time" as const,
                message: "it takes longer than 1 s",
              }
            : unit,
        );
        return { units: failed, grants };
      },
    };
    const poisoned: Job = { ...job, executor };
    const as = await undivided(poisoned);
    const merged = await mergedPath(job, await allShares(poisoned, 3)); // nothing fails where they are merged
    expect(outcomeOf(merged)).toEqual(outcomeOf(as));
    expect(asked(merged, "--sql", "SELECT code, path FROM diagnostics WHERE code = 'out-of-time'")).toHaveLength(1);
  });

  test("in databases that have runs before, which stand in the merged one as in the first part", async () => {
    const before = await undivided({ ...job, inputs: [organization("before", 1)] });
    write(folder, "org-2/more.json", [
      { arn: arnOf("role", "role-3"), unused: [{ serviceNamespace: "kms" }], date: "2026-11-20" },
    ]);
    const changed: Job = { ...job, inputs: [org, `${folder}/org-2`] };
    const as = await undivided(changed);
    const withHistory = async (number: number): Promise<string> => {
      const path = newPath(job, "history");
      copyFileSync(number === 3 ? whole : before, path);
      return (await sharePart(changed, number, 3, path)).path;
    };
    const fresh = (await sharePart(changed, 2, 3)).path;
    const [first, third] = [await withHistory(1), await withHistory(3)];
    for (const paths of [
      [first, fresh, third],
      [third, first, fresh],
      [fresh, first, third],
    ]) {
      const merged = await mergedPath(changed, paths);
      expect(outcomeOf(merged)).toEqual(outcomeOf(as));
      expect(leastwise("verify", "--db", merged, "--quiet").code).toBe(0);
      expect(jsonLines(leastwise("runs", "--db", merged, "--json").out)).toHaveLength(paths[0] === fresh ? 1 : 2);
    }
  });
});

describe("a part", () => {
  test("is a run that is not finished, and says so wherever it is shown", () => {
    const path = newPath(job, "said");
    const { code, out } = leastwise("refine", ...OPTIONS, "--shard", "2/4", "--db", path);
    expect(code).toBe(3); // one input is refused
    const units = answeredIn(parts[1]!); // there are four
    expect(out).toContain(`share 2 of 4  ${units} of ${runUnits()} units refined, each verified\n`);
    expect(out).toMatch(/\nshare 2\/4 is done, the run is not: `leastwise merge` puts the parts together\n$/);
    expect(runOf(path)).toMatchObject({ state: "execute", share: "2/4", finished_at: null });
    expect(leastwise("runs", "--db", path).out).toContain("(share 2/4)");
    const [row] = asked(
      path,
      "--sql",
      "SELECT principal_arn FROM recommendations WHERE state = 'done' AND policy_kind = 'inline' ORDER BY 1",
    );
    const answered = String(row?.["principal_arn"]);
    const remark =
      "run 1 is not finished: only share 2/4 of it is refined here; `leastwise merge` puts the shares together\n";
    for (const words of [
      ["query", "refused"],
      ["show", answered],
      ["export", "--format", "csv"],
    ])
      expect(leastwise(...words, "--db", path)).toMatchObject({ code: 0, err: remark });
    expect(leastwise("query", "refused", "--db", whole).err).toBe("");
  });

  test("says in JSON what was done", () => {
    const path = newPath(job, "json");
    const { code, out } = leastwise("refine", ...OPTIONS, "--shard", "2/4", "--db", path, "--json");
    expect(code).toBe(3);
    const units = answeredIn(parts[1]!); // there are four
    expect(JSON.parse(out)).toMatchObject({
      share: "2/4",
      unitsAsked: runUnits(),
      unitsOfShare: units,
      unitsComputed: units,
      unitsFailed: 0,
      unitsReused: 0,
      database: path,
    });
    const again = leastwise("refine", ...OPTIONS, "--shard", "2/4", "--db", path, "--json");
    expect(JSON.parse(again.out)).toMatchObject({ resumed: true, unitsComputed: 0, unitsOfShare: units });
  });

  test("goes on with the rest where it is refined without --shard", async () => {
    const path = newPath(job, "rest");
    copyFileSync(parts[2]!, path); // there are four
    const { code, out } = leastwise("refine", ...OPTIONS, "--db", path, "--json");
    expect(code).toBe(3);
    const units = answeredIn(parts[2]!); // there are four
    expect(JSON.parse(out)).toMatchObject({ resumed: true, unitsComputed: runUnits() - units });
    expect(runOf(path)).toMatchObject({ state: "done", share: null });
    expect(outcomeOf(path)).toEqual(outcomeOf(whole));
  });

  test("is no other share, and left as it was where one asks for another", () => {
    const path = newPath(job, "other");
    copyFileSync(parts[0]!, path); // there are four
    const { code, err } = leastwise("refine", ...OPTIONS, "--shard", "2/4", "--db", path);
    expect({ code, err }).toEqual({
      code: 2,
      err: "leastwise: other-share: the database is share 1/4 of this run, not share 2/4\nname another file with --db; without --shard, all the rest is done here\n",
    });
    expect(leastwise("merge", path, ...parts.slice(1), "--db", newPath(job, "m"), "--quiet").code).toBe(3);
  });

  test.each(["0/4", "5/4", "1", "1/0", "1/1001", "-1/4", "1/4/4", "a/b", "01/4", ""])("is not %s", (text) => {
    const { code, err } = leastwise("refine", ...OPTIONS, "--shard", text, "--db", newPath(job, "none"));
    expect(code).toBe(2);
    expect(err).toContain("Give I/N, I from 1 to N, N up to 1000, such as 2/4.");
  });

  test("needs a day where ages are counted to the run's own", () => {
    const path = newPath(job, "day");
    const { code, err } = leastwise("refine", ...OPTIONS, "--shard", "1/4", "--max-age", "9000", "--db", path);
    expect({ code, err }).toMatchObject({ code: 2, err: expect.stringContaining("--as-of") });
    expect(
      leastwise("refine", ...OPTIONS, "--shard", "1/4", "--max-age", "9000", "--as-of", "2026-11-20", "--db", path)
        .code,
    ).toBe(3);
  });
});

describe("the command", () => {
  test("merges, says what it came to, and ends with 3 where inputs were refused; the parts are not written to", () => {
    const before = parts.map((path) => [sha256(path), statSync(path).mtimeMs]);
    const files = readdirSync(folder).sort();
    const path = newPath(job, "cli");
    const { code, out, err } = leastwise("merge", ...parts, "--db", path, "--quiet");
    expect({ code, err }).toEqual({ code: 3, err: "" });
    const units = Number(runOf(path)["units_asked"]);
    expect(out).toContain(`${units} taken over from 4 parts and 0 computed of ${units} asked, each verified\n`);
    expect(out).toMatch(/time {2}\S+ s for 4 parts\n/);
    expect(parts.map((part) => [sha256(part), statSync(part).mtimeMs])).toEqual(before);
    expect(readdirSync(folder).sort()).toEqual([...files, path.slice(folder.length + 1)].sort());
    expect(contentIn(path)).toEqual(contentIn(whole));
    const again = leastwise("merge", ...parts, "--db", path);
    expect(again).toMatchObject({ code: 3, out: "", err: expect.stringContaining("holds this run already") });
    const json = leastwise("merge", ...parts, "--db", newPath(job, "cli"), "--quiet", "--json", "--threads", "1");
    expect(JSON.parse(json.out)).toMatchObject({
      unitsTaken: units,
      unitsComputed: 0,
      refused: 0,
      refusedAnswers: [],
      parts: 4,
    });
  });

  test("refuses what is missing by name, writes nothing, and refines it where it may", async () => {
    const path = newPath(job, "lacking");
    const some = [parts[0]!, parts[3]!]; // there are four
    const { code, err } = leastwise("merge", ...some, "--db", path, "--quiet");
    expect(code).toBe(2);
    expect(err).toMatch(
      /share 2\/4 is missing \(\d+ units\); share 3\/4 is missing \(\d+ units\)\nrun `leastwise refine` with --shard 2\/4/,
    );
    expect(readdirSync(folder).filter((name) => name.startsWith(path.slice(folder.length + 1)))).toEqual([]);
    const { out } = leastwise("merge", ...some, "--db", path, "--complete", "--quiet", "--json");
    const { unitsTaken, unitsComputed, summary } = JSON.parse(out) as Readonly<Record<string, number>> & {
      summary: { unitsAsked: number };
    };
    expect(unitsComputed).toBeGreaterThan(0);
    expect((unitsTaken ?? 0) + (unitsComputed ?? 0)).toBe(summary.unitsAsked);
    expect(outcomeOf(path)).toEqual(outcomeOf(whole));
  });

  test("tells a share that is not finished from one that is missing", () => {
    const unfinished = edited(
      parts[1]!, // there are four
      newPath(job, "unfinished"),
      `UPDATE unit SET state = 'planned', recommended_action = NULL, final_document_id = NULL, actions_before = NULL, actions_removed = NULL,
         unknown_actions = NULL, certificate = NULL WHERE unit_id = (SELECT min(unit_id) FROM unit WHERE state = 'done')`,
    );
    const { code, err } = leastwise(
      "merge",
      parts[0]!,
      unfinished,
      parts[2]!,
      parts[3]!,
      "--db",
      newPath(job, "m"),
      "--quiet",
    ); // there are four
    expect(code).toBe(2);
    expect(err).toMatch(/share 2\/4 in `\S+` is not finished \(1 of \d+ units are open\)/);
  });

  test("says in which setting parts differ", () => {
    const protecting = other("--shard", "2/4", "--protect", "kms:*");
    expect(refusal(parts[0]!, protecting)).toContain(
      `\`${protecting}\` and \`${parts[0]}\` are not parts of one run: --protect is ["kms:*"] in one and [] in the other\n`,
    ); // there are four
    expect(refusal(parts[0]!, other("--shard", "2/4", "--granularity", "exact"))).toContain(
      '--granularity is "exact" in one and "word" in the other',
    );
    expect(refusal(parts[0]!, other("--shard", "2/4", "--fit"))).toContain("--fit is 4 in one");
    expect(refusal(parts[0]!, other("--shard", "2/4", "--as-of", "2026-11-21"))).toContain("--as-of is");
    expect(refusal(parts[0]!, other("--shard", "2/4", "--window", "30"))).toContain("--window is 30 in one");
  });

  test("says which file, catalog, count or share it is", () => {
    const elsewhere = write(folder, "more/another.json", { what: "else" });
    expect(refusal(parts[0]!, other(elsewhere, "--shard", "2/4"))).toContain(`have not read the same \`${elsewhere}\``);
    const catalogs = other("--shard", "2/4", "--catalog", write(folder, "other-catalog.json", { s3: ["GetObject"] }));
    expect(refusal(parts[0]!, catalogs)).toContain("their catalogs are");
    expect(refusal(parts[0]!, other("--shard", "2/3"))).toContain("is share 2/3, ");
    expect(refusal(parts[0]!, parts[0]!)).toContain("is there twice");
    const older = parts.map((part) => edited(part, newPath(job, "older"), "UPDATE run SET tool_version = '0.0.1'"));
    expect(refusal(...older)).toContain(`\`${older[0]}\` was made by Leastwise 0.0.1, engine 1; this is `);
    expect(refusal(parts[0]!, older[1]!)).toContain("they were made by Leastwise 0.0.1 and "); // there are four
    const twin = newPath(job, "twin");
    copyFileSync(parts[0]!, twin);
    expect(refusal(parts[0]!, twin)).toContain("share 1/4 is there twice");
    expect(refusal(whole, parts[0]!)).toContain("holds a whole run, which is finished");
    expect(leastwise("merge", ...parts, "--db", parts[1]!)).toMatchObject({
      code: 2,
      err: expect.stringContaining("is a part and cannot be what they are merged into"),
    });
  });

  test("has nothing to do with files that are no parts", () => {
    expect(refusal(parts[0]!, join(folder, "nowhere.db"))).toContain("no-database");
    expect(leastwise("merge", parts[0]!, org, "--db", newPath(job, "m"))).toMatchObject({
      code: 4,
      err: expect.stringContaining("database-io"),
    });
    const text = write(folder, "text.db", "no database at all, but long enough to be looked at as one".repeat(9));
    const { code, err } = leastwise("merge", parts[0]!, text, "--db", newPath(job, "m"));
    expect({ code, err }).toMatchObject({ code: 4, err: expect.stringContaining("not-a-database") });
    const open = newPath(job, "open");
    copyFileSync(parts[1]!, open);
    writeFileSync(`${open}-wal`, "something that was not written back");
    expect(refusal(parts[0]!, open)).toContain("was not closed");
    const odd = edited(
      parts[1]!,
      newPath(job, "odd"),
      "CREATE TRIGGER harm AFTER INSERT ON document BEGIN DELETE FROM unit; END",
    );
    expect(refusal(parts[0]!, odd)).toContain("`trigger harm`");
    const cut = newPath(job, "cut");
    copyFileSync(parts[1]!, cut);
    truncateSync(cut, Math.floor(statSync(cut).size / 2 / 8192) * 8192);
    const damaged = leastwise("merge", parts[0]!, cut, parts[2]!, parts[3]!, "--db", newPath(job, "m"), "--quiet"); // there are four
    expect(damaged.code).toBe(4);
    expect(damaged.err).toContain(cut);
  });

  test("writes into nothing that is something else", () => {
    for (const there of [
      write(folder, "notes.txt", "my notes, which are long enough to be a file of their own".repeat(4)),
      newPath(job, "x"),
    ]) {
      if (there.endsWith(".db")) copyFileSync(parts[3]!, there); // there are four
      const before = sha256(there);
      const { code } = leastwise("merge", ...parts, "--db", there, "--quiet");
      expect([2, 4]).toContain(code);
      expect(sha256(there)).toBe(before);
    }
  });
});
