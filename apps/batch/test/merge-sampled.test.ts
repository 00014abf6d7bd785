/** Merging with only some of the answers checked: what is drawn and does not hold brings everything of its part to light. */
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { loadCatalog } from "@leastwise/catalog";
import { openForReading, openForWriting } from "@leastwise/store";
import { beforeAll, describe, expect, test } from "vitest";
import { drawnAtRandom } from "../dist/merging/part-trust.js";
import { type MergeExecutor, inlineExecutor } from "../dist/workers/executor.js";
import { allowing, leastwise, temporaryFolder, write } from "./leastwise.ts";
import { type Job, allShares, contentIn, edited, mergedFrom, newPath, undivided } from "./merging.ts";
import { account, arnOf, finding } from "./samples.ts";

const folder = temporaryFolder();
const catalogFile = write(folder, "catalog.json", {
  s3: ["GetObject", "GetObjectAcl", "GetObjectTagging", "ListAllMyBuckets", "ListBucket", "PutObject"],
  sqs: ["DeleteMessage", "ReceiveMessage", "SendMessage"],
});
const names = Array.from({ length: 40 }, (_, i) => `role-${i}`);
const members = [
  ...names.map((name, i) => ({
    kind: "role" as const,
    name,
    inline: { own: allowing("s3:*", "sqs:DeleteMessage", `s3:Unheard${i}`) },
  })),
  { kind: "role" as const, name: "leaver", inline: { own: allowing("sqs:*") } },
];
const findings = [
  ...names.map((role) => finding(arnOf("role", role), { s3: ["GetObjectTagging"], sqs: ["DeleteMessage"] })),
  finding(arnOf("role", "leaver"), { sqs: null }),
];
write(folder, "org/account.json", account(members));
write(folder, "org/findings.jsonl", findings.map((line) => `${JSON.stringify(line)}\n`).join(""));
const job: Job = { folder, inputs: [join(folder, "org")], catalog: loadCatalog(catalogFile) };

let whole: ReturnType<typeof contentIn>;
let parts: readonly [string, string];
beforeAll(async () => {
  whole = contentIn(await undivided(job));
  const [first = "", second = ""] = await allShares(job, 2);
  parts = [first, second];
});

const NEVER = (): boolean => false;

/** Draws the unit at this place among all that are drawn from, and no other. */
function only(place: number): () => boolean {
  let asked = 0;
  return () => asked++ === place;
}

function numberIn(path: string, sql: string): number {
  const db = openForReading(path);
  const value = db.prepare<[], number>(sql).pluck().get();
  db.close();
  return Number(value);
}

function answered(path: string): number {
  return numberIn(path, "SELECT count(*) FROM unit WHERE state = 'done'");
}

/** The first part, and the second with something wrong in it. */
function forged(sql: string): readonly [string, string] {
  return [parts[0], edited(parts[1], newPath(job, "forged"), sql)];
}

/** Counts of which parts how many answers were held against their questions. */
function counting(): { readonly executor: MergeExecutor; readonly checked: Map<string, number> } {
  const inline = inlineExecutor(job.catalog.trie.buffer);
  const checked = new Map<string, number>();
  const take: MergeExecutor["take"] = async (task) => {
    const taken = await inline.take(task);
    const seen = taken.places.length - taken.unchecked + taken.refused.length;
    checked.set(task.path, (checked.get(task.path) ?? 0) + seen);
    return taken;
  };
  return { executor: { ...inline, take }, checked };
}

const ALL_CERTIFICATES = `UPDATE unit SET certificate = '${"0".repeat(64)}' WHERE state = 'done'`;
/** The first answers of the second part alone: the units keep their order in every database of these. */
const FIRST_CERTIFICATES = `UPDATE unit SET certificate = '${"0".repeat(64)}' WHERE unit_id IN
  (SELECT unit_id FROM unit WHERE state = 'done' ORDER BY unit_id LIMIT 3)`;

describe("parts that are right", () => {
  test.each([0, 5, 50])("come to the undivided run with %i percent of their answers checked", async (percent) => {
    const { path, result } = await mergedFrom(job, parts, { percent });
    expect(contentIn(path)).toEqual(whole);
    expect(result.taken.units).toBe(answered(parts[0]) + answered(parts[1]));
  });

  test("are checked as far as they are drawn, answer by answer, and nothing else", async () => {
    const { executor, checked } = counting();
    const { result } = await mergedFrom({ ...job, executor }, parts, { percent: 5, draw: only(2) });
    expect([...checked]).toEqual([
      [parts[0], 1],
      [parts[1], 0],
    ]);
    expect(result.taken).toMatchObject({ units: 41, unchecked: 40, refused: 0 });
  });

  test("are checked altogether at 100 percent, whatever is drawn", async () => {
    const { result } = await mergedFrom(job, parts, { percent: 100, draw: NEVER });
    expect(result.taken).toMatchObject({ units: 41, unchecked: 0 });
  });
});

describe("a part with answers that do not hold", () => {
  test("gets through where none of them is drawn, which is what one pays with", async () => {
    const { result } = await mergedFrom(job, forged(ALL_CERTIFICATES), { percent: 5, draw: NEVER });
    expect(result).toHaveProperty("summary");
    expect(result.taken).toMatchObject({ refused: 0, unchecked: 41 });
  });

  test("is checked altogether once one is drawn, also what had been taken from it before, and no other part is", async () => {
    const paths = forged(ALL_CERTIFICATES);
    const { executor, checked } = counting();
    const draw = only(answered(parts[0]) + answered(parts[1]) - 1); // the last one
    const { path, result } = await mergedFrom({ ...job, executor }, paths, { percent: 5, draw });
    const wrong = answered(parts[1]);
    expect(result).toMatchObject({ open: wrong, taken: { units: answered(parts[0]), refused: wrong } });
    expect(new Set(result.taken.refusedFirst.map((answer) => answer.path))).toEqual(new Set([paths[1]]));
    expect(checked.get(paths[0])).toBe(0);
    expect(checked.get(paths[1])).toBe(wrong + 1);
    expect(numberIn(path, "SELECT count(*) FROM unit WHERE certificate NOT GLOB '*[1-9a-f]*'")).toBe(0);
    expect(contentIn(path).get("run")?.[0]).toContain('"execute"');
  });

  test("of which the others are right: these stay, and the rest can be refined where they are merged", async () => {
    const draw = only(answered(parts[0])); // the first of the second part
    const { path, result } = await mergedFrom(job, forged(FIRST_CERTIFICATES), { percent: 5, draw, isComplete: true });
    expect(result).toMatchObject({ unitsComputed: 3, taken: { units: 38, refused: 3 } });
    expect(contentIn(path)).toEqual(whole);
  });

  test("that says what documents grant: nothing of it stays, though others say it too", async () => {
    const paths = forged(`${ALL_CERTIFICATES}; UPDATE grant_set SET actions = 1, intervals = '[1]'`);
    const draw = only(answered(parts[0]) + answered(parts[1]) - 1);
    const { path } = await mergedFrom(job, paths, { percent: 5, draw, isComplete: true });
    expect(contentIn(path)).toEqual(whole);
  });

  test("gets no second chance from a merge that goes on, whatever is drawn then", async () => {
    const paths = forged(FIRST_CERTIFICATES);
    const { path, result } = await mergedFrom(job, paths, { percent: 5, draw: only(answered(parts[0])) });
    expect(result).toMatchObject({ open: 3 });
    const again = await mergedFrom(job, paths, { percent: 5, draw: NEVER, path });
    expect(again.result).toMatchObject({ open: 3, taken: { refused: 3 } });
    await mergedFrom(job, paths, { percent: 5, draw: NEVER, path, isComplete: true });
    expect(contentIn(path)).toEqual(whole);
  });
});

test("a shorter form that does not hold is found as well, and nothing has been concluded by then", async () => {
  const limits = { managed: 256, roleInline: 256, userInline: 256, groupInline: 256 };
  const large = names.slice(0, 12).map((name, i) => {
    const Resource = `arn:aws:s3:::${String(i).repeat(180)}`;
    const own = { Version: "2012-10-17", Statement: { Effect: "Allow", Action: ["s3:*", "sqs:*"], Resource } };
    return { kind: "role" as const, name, inline: { own } };
  });
  write(folder, "large/account.json", account(large));
  copyFileSync(join(folder, "org/findings.jsonl"), join(folder, "large/findings.jsonl"));
  const inline = inlineExecutor(job.catalog.trie.buffer);
  let closed = 0;
  const executor: MergeExecutor = {
    ...inline,
    close: () => {
      closed++;
      return inline.close();
    },
  };
  const fitting: Job = {
    ...job,
    inputs: [join(folder, "large")],
    flags: { fit: true },
    config: write(folder, "limits.json", { limits }),
  };
  const as = contentIn(await undivided(fitting));
  const [first = "", second = ""] = await allShares(fitting, 2);
  const forms = "state = 'done' AND option_set_id <> (SELECT option_set_id FROM run)";
  const wrong = numberIn(second, `SELECT count(*) FROM unit WHERE ${forms}`);
  const other = edited(
    second,
    newPath(job, "forged"),
    `UPDATE unit SET certificate = '${"0".repeat(64)}' WHERE ${forms}`,
  );
  const inFirst = numberIn(first, `SELECT count(*) FROM unit WHERE ${forms}`);
  const draw = only(12 + inFirst); // the first form of the second part
  const { path, result } = await mergedFrom({ ...fitting, executor }, [first, other], { percent: 5, draw });
  expect(wrong).toBeGreaterThan(1);
  expect(result.taken).toMatchObject({ refused: wrong, unchecked: answered(first) });
  expect(contentIn(path)).toEqual(as);
  expect(closed).toBe(2); // before concluding, once, and in the end
});

/** The first part is taken over, and some of the second. */
async function interrupted(paths: readonly string[]): Promise<string> {
  const inline = inlineExecutor(job.catalog.trie.buffer);
  let tasks = 0;
  const executor: typeof inline = {
    ...inline,
    take: (task) => (++tasks > 2 ? Promise.reject(new Error("the lights go out")) : inline.take(task)),
  };
  const path = newPath(job, "interrupted");
  await expect(mergedFrom({ ...job, executor }, paths, { percent: 5, draw: NEVER, path })).rejects.toThrow(
    "the lights go out",
  );
  return path;
}

/** A copy of what a killed process would have left: with the log beside it. */
function killed(path: string): string {
  const copy = newPath(job, "killed");
  const db = openForWriting(path);
  db.exec("UPDATE unit SET certificate = 'x' WHERE state = 'done'");
  for (const suffix of ["", "-wal"]) copyFileSync(path + suffix, copy + suffix);
  db.close();
  return copy;
}

describe("a merge that was interrupted after it had taken answers unchecked", () => {
  test("finds in what is left what does not hold, and then what had been taken before", async () => {
    const paths = forged(ALL_CERTIFICATES);
    const path = await interrupted(paths);
    expect(numberIn(path, "SELECT count(*) FROM run WHERE share = 'merging-unchecked'")).toBe(1);
    expect(leastwise("runs", "--db", path).out).toContain("(merging)");
    expect(leastwise("verify", "--db", path, "--quiet").out).not.toContain("its share");
    const { result } = await mergedFrom(job, paths, { percent: 5, draw: NEVER, path });
    expect(result).toMatchObject({ open: answered(parts[1]), taken: { refused: answered(parts[1]) } });
  });

  test("begins anew where all are to be checked now", async () => {
    const paths: readonly string[] = [edited(parts[0], newPath(job, "forged"), ALL_CERTIFICATES), parts[1]];
    const path = killed(await interrupted(paths));
    expect(answered(path)).toBeGreaterThan(0);
    const { result } = await mergedFrom(job, paths, { path });
    expect(result).toMatchObject({ open: answered(parts[0]), taken: { refused: answered(parts[0]), unchecked: 0 } });
    await mergedFrom(job, paths, { path, isComplete: true });
    expect(contentIn(path)).toEqual(whole);
  });
});

/** A unit of the second part whose policy is replaced. */
const REPLACED = "(SELECT min(unit_id) FROM unit WHERE recommended_action = 'CREATE_POLICY')";
const NEW = `(SELECT final_document_id FROM unit WHERE unit_id = ${REPLACED})`;

test.each<[what: string, sql: string]>([
  ["a text under another's hash", `UPDATE document SET text = text || ' ' WHERE document_id = ${NEW}`],
  [
    "a text that is another document's",
    `UPDATE document SET text = replace(text, 's3:List*', 's3:*') WHERE document_id = ${NEW}`,
  ],
  ["no document where one is replaced", `UPDATE unit SET final_document_id = document_id WHERE unit_id = ${REPLACED}`],
  ["what is to be done that nobody does", `UPDATE unit SET recommended_action = 'ASK' WHERE unit_id = ${REPLACED}`],
  ["a certificate that is no hash", `UPDATE unit SET certificate = 'x' WHERE unit_id = ${REPLACED}`],
  ["no number of actions", `UPDATE unit SET actions_before = NULL WHERE unit_id = ${REPLACED}`],
  ["a negative number", `UPDATE unit SET actions_removed = -1 WHERE unit_id = ${REPLACED}`],
  ["more removed than there were", `UPDATE unit SET actions_removed = 1000 WHERE unit_id = ${REPLACED}`],
  ["changes that are no JSON", `UPDATE unit_change SET changes = '[' WHERE unit_id = ${REPLACED}`],
  ["changes that are no list", `UPDATE unit_change SET changes = '{}' WHERE unit_id = ${REPLACED}`],
  ["an empty list of changes", `UPDATE unit_change SET changes = '[]' WHERE unit_id = ${REPLACED}`],
  ["a change that is none", `UPDATE unit_change SET changes = '[[0,"Effect","s3:*"]]' WHERE unit_id = ${REPLACED}`],
  ["changes with blanks", `UPDATE unit_change SET changes = changes || ' ' WHERE unit_id = ${REPLACED}`],
  ["unknown actions that are none", `UPDATE unit SET unknown_actions = '[1]' WHERE unit_id = ${REPLACED}`],
  ["intervals that do not ascend", `UPDATE grant_set SET intervals = '[134217731,1]' WHERE document_id = ${NEW}`],
  ["intervals of another size", `UPDATE grant_set SET intervals = '[1]', actions = 2 WHERE document_id = ${NEW}`],
  ["an interval of nothing", `UPDATE grant_set SET intervals = '[0]', actions = 0 WHERE document_id = ${NEW}`],
  ["intervals that are no list", `UPDATE grant_set SET intervals = '7', actions = 0 WHERE document_id = ${NEW}`],
  ["wildcards that are no texts", `UPDATE grant_set SET wildcards = '[1]' WHERE document_id = ${NEW}`],
  ["a shape that is no hash", `INSERT INTO document_shape (document_id, shape_sha256) VALUES (${NEW}, 'x')`],
  [
    "nothing of what a document grants",
    `DELETE FROM grant_set WHERE document_id = (SELECT document_id FROM unit WHERE unit_id = ${REPLACED})`,
  ],
  [
    "a failure of no known kind",
    `UPDATE unit SET state = 'failed', failure_code = 'gone-fishing', failure = 'at sea', recommended_action = NULL, actions_before = NULL,
       actions_removed = NULL, unknown_actions = NULL, certificate = NULL, final_document_id = document_id WHERE unit_id = ${REPLACED};
     DELETE FROM unit_change WHERE unit_id IN (SELECT unit_id FROM unit WHERE state = 'failed')`,
  ],
])("%s: found with none checked, and then all of the part are", async (_, sql) => {
  const paths = forged(sql);
  const { executor, checked } = counting();
  const { path, result } = await mergedFrom({ ...job, executor }, paths, { percent: 0 });
  expect(result).toMatchObject({ open: 1, taken: { refused: 1, unchecked: answered(parts[0]) } });
  expect(result.taken.refusedFirst[0]?.path).toBe(paths[1]);
  expect(checked.get(paths[0])).toBe(0);
  await mergedFrom(job, paths, { path, isComplete: true });
  expect(contentIn(path)).toEqual(whole);
});

/** Of 20,000. */
function drawn(percent: number): number {
  return Array.from({ length: 20_000 }).filter(() => drawnAtRandom(percent)).length;
}

test("as many are drawn as was asked for, about", () => {
  expect(drawn(0)).toBe(0);
  expect(drawn(100)).toBe(20_000);
  expect(Math.abs(drawn(5) - 1000)).toBeLessThan(250); // eight standard deviations
});

describe("the command", () => {
  test("says how many were not verified", () => {
    const target = newPath(job, "merged");
    const { code, out } = leastwise("merge", ...parts, "--db", target, "--quiet", "--check-outcomes", "0");
    expect(code).toBe(0);
    expect(out).toContain(
      "41 taken over from 2 parts and 0 computed of 41 asked, each verified but 41 of those taken over\n",
    );
    expect(contentIn(target)).toEqual(whole);
    const json = leastwise("merge", ...parts, "--db", newPath(job, "merged"), "--json", "--check-outcomes", "0");
    expect(JSON.parse(json.out)).toMatchObject({ unitsTaken: 41, unitsUnchecked: 41 });
  });

  test("tells of what has no form of an answer, and ends with 1", () => {
    const paths = forged(`UPDATE unit SET certificate = 'x' WHERE unit_id = ${REPLACED}`);
    const target = newPath(job, "merged");
    const { code, out } = leastwise("merge", ...paths, "--db", target, "--quiet", "--check-outcomes", "0");
    expect(code).toBe(1);
    expect(out).toContain(`of ${paths[1]}\n  the certificate is not that of these inputs and this result\n`);
  });

  test.each(["101", "-1", "five", ""])("cannot check `%s` percent", (text) => {
    const { code, err } = leastwise("merge", ...parts, "--db", newPath(job, "none"), "--check-outcomes", text);
    expect(code).toBe(2);
    expect(err).toContain("Give a number from 0 to 100.");
  });
});
