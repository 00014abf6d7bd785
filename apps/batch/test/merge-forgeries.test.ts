/** A part is a file from somewhere: what is wrong in it is found, told of and not taken over, wherever it stands. */
import { hash } from "node:crypto";
import { join } from "node:path";
import { loadCatalog } from "@leastwise/catalog";
import { openForReading } from "@leastwise/store";
import { beforeAll, describe, expect, test } from "vitest";
import { inlineExecutor } from "../dist/workers/executor.js";
import { TaskFault } from "../dist/workers/task-fault.js";
import { allowing, leastwise, temporaryFolder, write } from "./leastwise.ts";
import { type Job, allShares, contentIn, edited, mergedFrom, newPath, sharePart, undivided } from "./merging.ts";
import { account, arnOf, finding } from "./samples.ts";

const folder = temporaryFolder();
const catalogFile = write(folder, "catalog.json", {
  s3: ["GetObject", "GetObjectAcl", "GetObjectTagging", "ListAllMyBuckets", "ListBucket", "PutObject"],
  sqs: ["DeleteMessage", "ReceiveMessage", "SendMessage"],
});
const names = Array.from({ length: 16 }, (_, i) => `role-${i}`);
const wide = (i: number): object => ({
  Version: "2012-10-17",
  Statement: [
    {
      Sid: `S${i}`,
      Effect: "Allow",
      Action: ["s3:*", "sqs:DeleteMessage", "s3:Unheard"],
      Resource: `arn:aws:s3:eu-west-1:1234567890${10 + i}:x`,
    },
  ],
});
const members = [
  ...names.map((name, i) => ({ kind: "role" as const, name, inline: { own: wide(i) } })),
  { kind: "role" as const, name: "leaver", inline: { own: allowing("sqs:*") } },
  { kind: "role" as const, name: "keeper", inline: { own: allowing("s3:ListBucket") } },
];
function organization(name: string, unused: readonly string[]): string {
  write(folder, `${name}/account.json`, account(members));
  const all = [...names, "keeper"].map((role) => finding(arnOf("role", role), { s3: unused, sqs: ["DeleteMessage"] }));
  const lines = [...all, finding(arnOf("role", "leaver"), { sqs: null })].map((line) => `${JSON.stringify(line)}\n`);
  write(folder, `${name}/findings.jsonl`, lines.join(""));
  return join(folder, name);
}
const job: Job = { folder, inputs: [organization("org", ["GetObjectTagging"])], catalog: loadCatalog(catalogFile) };

let whole: ReturnType<typeof contentIn>;
let parts: readonly string[];
beforeAll(async () => {
  whole = contentIn(await undivided(job));
  parts = await allShares(job, 2);
});

/** The text of a document of the part. */
function textIn(path: string, documentId: string): string {
  const db = openForReading(path);
  const text = db.prepare<[], string>(`SELECT text FROM document WHERE document_id = ${documentId}`).pluck().get();
  db.close();
  return text!; // each test asks for what is there
}

/** The SHA-256 of the document of a unit that the part has answered. */
function inUnit(path: string): string {
  const db = openForReading(path);
  const find = db.prepare<[], string>(
    "SELECT d.sha256 FROM unit JOIN document d USING (document_id) WHERE state = 'done' ORDER BY unit_id LIMIT 1",
  );
  const sha256 = find.pluck().get();
  db.close();
  return sha256!; // it has answered some
}

/** A unit of the part whose policy is replaced. */
const REPLACED = "(SELECT min(unit_id) FROM unit WHERE recommended_action = 'CREATE_POLICY')";
const NEW = `(SELECT final_document_id FROM unit WHERE unit_id = ${REPLACED})`;
const OLD = `(SELECT document_id FROM unit WHERE unit_id = ${REPLACED})`;

describe.each([0, 1])("in part %i of two, the first of which the merged database begins with", (place) => {
  const forge = (sql: string): readonly string[] => {
    const path = newPath(job, "forged");
    return parts.map((part, i) => (i === place ? edited(part, path, sql) : part));
  };

  test.each<[what: string, sql: string, reason: RegExp]>([
    [
      "another certificate",
      `UPDATE unit SET certificate = '${"0".repeat(64)}' WHERE unit_id = ${REPLACED}`,
      /the certificate/,
    ],
    ["no certificate", `UPDATE unit SET certificate = NULL WHERE unit_id = ${REPLACED}`, /the certificate/],
    [
      "another count",
      `UPDATE unit SET actions_removed = actions_removed + 1 WHERE unit_id = ${REPLACED}`,
      /the numbers of actions/,
    ],
    ["other unknown actions", `UPDATE unit SET unknown_actions = NULL WHERE unit_id = ${REPLACED}`, /unknown actions/],
    [
      "other changes",
      `UPDATE unit_change SET changes = replace(changes, 's3:List*', 's3:ListB*') WHERE unit_id = ${REPLACED}`,
      /changes/,
    ],
    ["no changes", `DELETE FROM unit_change WHERE unit_id = ${REPLACED}`, /changes/],
    [
      "to be kept",
      `UPDATE unit SET recommended_action = 'NONE', final_document_id = document_id WHERE unit_id = ${REPLACED}`,
      /all-and-only/,
    ],
    [
      "to be detached",
      `UPDATE unit SET recommended_action = 'DETACH_POLICY', final_document_id = NULL WHERE unit_id = ${REPLACED}`,
      /structure/,
    ],
    [
      "the existing document once more",
      `UPDATE unit SET final_document_id = document_id WHERE unit_id = ${REPLACED}`,
      /without a new document/,
    ],
    [
      "the document of another",
      `UPDATE unit SET final_document_id = (SELECT max(final_document_id) FROM unit WHERE recommended_action = 'CREATE_POLICY') WHERE unit_id = ${REPLACED}`,
      /structure/,
    ],
    [
      "a document that grants other intervals",
      `UPDATE grant_set SET intervals = '[1]' WHERE document_id = ${NEW}`,
      /granted intervals of the recommended/,
    ],
    [
      "a document with other wildcards",
      `UPDATE grant_set SET wildcards = NULL WHERE document_id = ${NEW}`,
      /wildcards of the recommended/,
    ],
    [
      "a document of another shape",
      `UPDATE document_shape SET shape_sha256 = 'x' WHERE document_id = ${NEW}`,
      /shape of the recommended/,
    ],
    [
      "a document of which nothing is known",
      `DELETE FROM grant_set WHERE document_id = ${NEW}`,
      /without a new document/,
    ],
    [
      "an existing document that grants other intervals",
      `UPDATE grant_set SET actions = 1 WHERE document_id = ${OLD}`,
      /granted intervals of the existing/,
    ],
    [
      "an existing document of which nothing is known",
      `DELETE FROM grant_set WHERE document_id = ${OLD}`,
      /does not say what the existing/,
    ],
    [
      "a failure of no known kind",
      `UPDATE unit SET state = 'failed', failure_code = 'gone-fishing', failure = 'at sea', recommended_action = NULL, actions_before = NULL,
         actions_removed = NULL, unknown_actions = NULL, certificate = NULL, final_document_id = document_id WHERE unit_id = ${REPLACED};
       DELETE FROM unit_change WHERE unit_id IN (SELECT unit_id FROM unit WHERE state = 'failed')`,
      /no reason to fail/,
    ],
  ])("%s: not taken over, told of, and refined here where it may be", async (_, sql, reason) => {
    const paths = forge(sql);
    const { path, result } = await mergedFrom(job, paths);
    expect(result).toMatchObject({ open: 1, taken: { refused: 1 } });
    const [refused] = result.taken.refusedFirst;
    expect(refused?.path).toBe(paths[place]);
    expect(refused?.reasons.join("\n")).toMatch(reason);
    expect(contentIn(path).get("run")?.[0]).toContain('"execute"');
    const again = await mergedFrom(job, paths, { isComplete: true, path });
    expect(again.result).toMatchObject({ unitsComputed: 1, taken: { refused: 1 } });
    expect(contentIn(path)).toEqual(whole);
  });

  test("the text of a document, under the hash that the right one has", async () => {
    const text = textIn(parts[place]!, NEW); // there are two
    const wrong = text.replace("s3:List*", "s3:*");
    const paths = forge(
      `UPDATE document SET text = '${wrong}', characters = ${wrong.length} WHERE document_id = ${NEW}`,
    );
    const attempt = mergedFrom(job, paths).then(
      ({ result }) => result.taken.refusedFirst[0]?.reasons.join("\n"),
      String,
    );
    expect(await attempt).toMatch(
      place === 0 ? /does not hold: a document has not the SHA-256/ : /never-broader|all-and-only/,
    );
  });

  test("what somebody wrote by hand that holds, and that the refiner would not have said", async () => {
    const text = textIn(parts[place]!, NEW); // there are two
    const other = text.replace('"s3:List*"', '"s3:ListAllMyBuckets","s3:ListBucket"');
    expect(other).not.toBe(text);
    const paths = forge(
      `UPDATE document SET text = '${other}', characters = ${other.length}, sha256 = '${hash("sha256", other)}' WHERE document_id = ${NEW};
       UPDATE unit_change SET changes = replace(changes, '"s3:List*"', '"s3:ListAllMyBuckets","s3:ListBucket"') WHERE unit_id = ${REPLACED}`,
    );
    const { result } = await mergedFrom(job, paths);
    expect(result.taken.refusedFirst[0]?.reasons).toContain("it passes the laws, yet the refiner says something else");
  });

  test.each<[table: string, sql: string]>([
    [
      "run_principal",
      "UPDATE run_principal SET removable_id = (SELECT max(unused_id) FROM unused_set), tags = '[]' WHERE principal_id = 3",
    ],
    ["run_principal", "UPDATE run_principal SET evidence = 'none' WHERE principal_id = 3"],
    ["recommendation", "UPDATE recommendation SET left_because = 'because' WHERE principal_id = 3"],
    [
      "recommendation",
      "UPDATE recommendation SET unit_id = (SELECT max(unit_id) FROM unit) WHERE principal_id IN (1, 2)",
    ],
    ["attachment", "DELETE FROM attachment WHERE principal_id = 3"],
    ["policy_document", "UPDATE policy_document SET left_because = 'because' WHERE policy_id = 3"],
    ["run_principal", "UPDATE principal SET marked = 'service-linked' WHERE principal_id = 3"],
    ["usage_report", "DELETE FROM usage_report WHERE principal_id = 3"],
    [
      "diagnostic",
      `INSERT INTO diagnostic (run_id, severity, code, path, pointer, message, hint) VALUES (1, 'info', 'x', '', '', '', '')`,
    ],
  ])("another plan (%s): refused as a whole", async (table, sql) => {
    await expect(mergedFrom(job, forge(sql))).rejects.toThrow(`they have come to another \`${table}\``);
  });
});

test("an answer of a run before that does not hold: the merged database does not begin with it", async () => {
  const before = await undivided({ ...job, inputs: [organization("before", ["GetObjectAcl"])] });
  const [first] = [await sharePart(job, 1, 2, before)];
  const good = await mergedFrom(job, [first.path, parts[1]!]); // there are two
  expect(contentIn(good.path)).toEqual(whole);
  const path = newPath(job, "forged");
  edited(
    first.path,
    path,
    `UPDATE unit SET certificate = 'x' WHERE unit_id = (
       SELECT min(unit_id) FROM unit WHERE state = 'done' AND unit_id NOT IN (SELECT unit_id FROM recommendation WHERE run_id = 2))`,
  );
  await expect(mergedFrom(job, [path, parts[1]!])).rejects.toThrow(
    /an answer of a run before, unit \d+: the certificate/,
  );
  const other = await mergedFrom(job, [parts[1]!, path]); // which has it begin with the other
  expect(contentIn(other.path)).toEqual(whole);
});

test("an answer that a thread cannot check is not taken over, and costs no other", async () => {
  const inline = inlineExecutor(job.catalog.trie.buffer);
  const poisoned = inUnit(parts[1]!); // there are two
  const executor: typeof inline = {
    ...inline,
    take: async (task) => {
      const texts = task.shard.units.map(({ document }) => task.shard.documents[document]?.text ?? "");
      if (texts.some((text) => hash("sha256", text) === poisoned))
        throw new TaskFault("out-of-time", "it takes too long");
      return inline.take(task);
    },
  };
  const { path, result } = await mergedFrom({ ...job, executor }, parts);
  expect(result).toMatchObject({ open: 1, taken: { refused: 1 } });
  expect(result.taken.refusedFirst[0]?.reasons).toEqual(["it cannot be checked: it takes too long"]);
  await mergedFrom({ ...job, executor }, parts, { path, isComplete: true });
  expect(contentIn(path)).toEqual(whole);
});

test("where no answer is to blame but the threads, nothing is refused for it", async () => {
  const inline = inlineExecutor(job.catalog.trie.buffer);
  const executor: typeof inline = { ...inline, take: () => Promise.reject(new Error("no thread begins")) };
  await expect(mergedFrom({ ...job, executor }, parts)).rejects.toThrow("no thread begins");
});

test("the command names the policy and the part, ends with 1, and with --complete as if nothing had been", () => {
  const forged = edited(
    parts[1]!,
    newPath(job, "forged"),
    `UPDATE unit SET actions_removed = 1 WHERE unit_id = ${REPLACED}`,
  ); // there are two
  const target = newPath(job, "merged");
  const { code, out, err } = leastwise("merge", parts[0]!, forged, "--db", target, "--quiet"); // there are two
  expect(code).toBe(1);
  expect(out).toMatch(
    new RegExp(
      `^refused arn:aws:iam::123456789012:role/\\S+ own, of ${forged}\n {2}the numbers of actions are not what the documents grant\n$`,
    ),
  );
  expect(err).toContain("1 answer of the parts does not hold, so 1 unit is open and nothing is concluded");
  const json = leastwise("merge", parts[0]!, forged, "--db", target, "--quiet", "--json"); // there are two
  expect(json.code).toBe(1);
  expect(JSON.parse(json.out)).toMatchObject({
    refused: 1,
    refusedAnswers: [
      { path: forged, policy: "own", reasons: ["the numbers of actions are not what the documents grant"] },
    ],
  });
  expect(leastwise("verify", "--db", target, "--quiet").out).toContain("unfinished");
  expect(leastwise("query", "refused", "--db", target).err).toContain("the same `leastwise merge` goes on with it");
  const complete = leastwise("merge", parts[0]!, forged, "--db", target, "--quiet", "--complete"); // there are two
  expect(complete.code).toBe(0);
  expect(complete.out).toContain("refused arn:aws:iam::123456789012:role/");
  expect(complete.out).toContain("taken over from 2 parts and 1 computed of");
  expect(contentIn(target)).toEqual(whole);
});
