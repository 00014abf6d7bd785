/** `leastwise verify`: what holds, and that no hand can change a stored result, its inputs or its catalog without being found. */
import { createHash } from "node:crypto";
import { copyFileSync } from "node:fs";
import { PassThrough } from "node:stream";
import { type Connection, closeWriting, openForReading, openForWriting } from "@leastwise/store";
import pc from "picocolors";
import { describe, expect, test } from "vitest";
import { verifyCommand } from "../src/cli/verify.ts";
import type { Terminal } from "../src/terminal.ts";
import { DEMO, accountWith, allowing, leastwise, refined, temporaryFolder, write } from "./leastwise.ts";

const folder = temporaryFolder();
const ACCOUNT = "123456789012";
const CATALOG = {
  s3: ["GetObject", "GetObjectAcl", "GetObjectTagging", "PutObject", "PutObjectAcl", "ListBucket"],
  sqs: ["ReceiveMessage", "SendMessage", "DeleteMessage"],
  kms: ["Decrypt", "Encrypt"],
};

function finding(name: string, unused: Readonly<Record<string, readonly string[] | null>>): object {
  return {
    id: `finding-${name}`,
    findingType: "UnusedPermission",
    resource: `arn:aws:iam::${ACCOUNT}:role/${name}`,
    resourceType: "AWS::IAM::Role",
    resourceOwnerAccount: ACCOUNT,
    status: "ACTIVE",
    updatedAt: "2026-11-01T00:00:00Z",
    findingDetails: Object.entries(unused).map(([serviceNamespace, actions]) => ({
      unusedPermissionDetails:
        actions === null ? { serviceNamespace } : { serviceNamespace, actions: actions.map((action) => ({ action })) },
    })),
  };
}

/** Results of every kind: replaced (with an unknown action), replaced by NotAction, detached, unchanged, shared by two roles. */
const shared = { "shared-policy": allowing("s3:*", "sqs:SendMessage") };
const everything = { Version: "2012-10-17", Statement: { Effect: "Allow", NotAction: "kms:*", Resource: "*" } };
write(
  folder,
  "exports/account.json",
  accountWith(ACCOUNT, {
    reader: { "reader-policy": allowing("s3:Get*", "s3:Unheard", "kms:Decrypt") },
    twin: shared,
    other: shared,
    admin: { "admin-policy": everything },
    leaver: { "leaver-policy": allowing("sqs:*") },
    keeper: { "keeper-policy": allowing("kms:*") },
  }),
);
write(
  folder,
  "exports/findings.jsonl",
  [
    finding("reader", { s3: ["GetObjectAcl"] }),
    finding("twin", { s3: ["PutObjectAcl", "ListBucket"] }),
    finding("other", { s3: ["PutObjectAcl", "ListBucket"] }),
    finding("admin", { sqs: ["DeleteMessage"] }),
    finding("leaver", { sqs: null }),
  ]
    .map((line) => `${JSON.stringify(line)}\n`)
    .join(""),
);
const catalog = write(folder, "catalog.json", CATALOG);
const good = refined(folder, "good.db", `${folder}/exports`, "--catalog", catalog);

interface Checked {
  readonly code: number;
  readonly checked: number;
  readonly hold: number;
  readonly fails: number;
  readonly failing: readonly { readonly what: string; readonly name: string; readonly reasons: readonly string[] }[];
}

async function verify(db: string, sample?: number): Promise<Checked> {
  const out = new PassThrough();
  const terminal = { out, err: new PassThrough(), colours: pc.createColors(false), width: null } as unknown as Terminal; // as far as it is used
  const code = await verifyCommand(
    { db, json: true, quiet: true, ...(sample === undefined ? {} : { sample }) },
    terminal,
  );
  return { code, ...(JSON.parse(String(out.read())) as Omit<Checked, "code">) };
}

/** A copy of the good database after somebody has been at it. */
function edited(edit: (db: Connection) => void): string {
  const path = `${folder}/edited.db`;
  copyFileSync(good, path);
  const db = openForWriting(path);
  db.pragma("foreign_keys = OFF");
  edit(db);
  closeWriting(db);
  return path;
}

describe("an untouched database", () => {
  test("holds", async () => {
    expect(await verify(good)).toMatchObject({ code: 0, checked: 5, hold: 5, fails: 0, failing: [] });
  });

  test("of the made-up organization holds, and says so to a person", () => {
    const db = refined(folder, "demo.db", DEMO);
    const { code, out, err } = leastwise("verify", "--db", db);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toMatch(/checked {2}42 results, the answers for 48 attachments\n +hold {2}42\n +fail {2}0\n/);
  });

  test("shows in plain SQL what each certificate is the hash of, and what goes", () => {
    const db = openForReading(good);
    const rows = db
      .prepare<[], Record<"certificate" | "statement" | "removed" | "principal_arn" | "policy_key", string>>(
        "SELECT * FROM certificates",
      )
      .all();
    const bounds = db.prepare<[string, string], [number, number]>(
      "SELECT lo, hi FROM granted_removed WHERE principal_arn = ? AND policy_key = ? ORDER BY lo",
    );
    expect(rows).toHaveLength(6);
    for (const { certificate, statement, removed, principal_arn: principal, policy_key: policy } of rows) {
      expect(sha256(statement)).toBe(certificate);
      expect(JSON.stringify(bounds.raw().all(principal, policy).flat())).toBe(removed);
    }
    expect(rows.some(({ removed }) => removed !== "[]")).toBe(true);
    db.close();
  });

  test("a sample is as many results as asked for, and no more than there are", async () => {
    expect(await verify(good, 2)).toMatchObject({ code: 0, checked: 2, hold: 2 });
    expect(await verify(good, 1000)).toMatchObject({ code: 0, checked: 5, hold: 5 });
  });
});

/** For each column of the tables that a result stands on: another value for it. */
const EDITS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  catalog: {
    catalog_id: "catalog_id + 100",
    sha256: "replace(sha256, substr(sha256, 1, 1), 'e') || 'x'",
    source: "'another ' || source",
    date: "'1999-01-01'",
  },
  service: { catalog_id: "catalog_id + 100", service: "service || '2'", lo: "lo + 1", hi: "hi + 1" },
  action: {
    catalog_id: "catalog_id + 100",
    action_id: "action_id + 100",
    service: "service || '2'",
    name: "name || '2'",
    action: "action || '2'",
    access_level: "'Write'",
  },
  document: {
    document_id: "document_id + 100",
    sha256: "'0' || substr(sha256, 2)",
    text: "replace(text, 'Allow', 'Deny')",
    characters: "characters + 1",
  },
  unused_set: {
    unused_id: "unused_id + 100",
    sha256: "'0' || substr(sha256, 2)",
    text: '\'[{"service":"ec2","whole":true,"names":[]}]\'',
  },
  unit: {
    unit_id: "unit_id + 100",
    document_id: "document_id + 100",
    unused_id: "unused_id + 100",
    catalog_id: "catalog_id + 100",
    granularity: "'exact'",
    engine_version: "engine_version + 1",
    state: "'failed'",
    recommended_action: "CASE recommended_action WHEN 'NONE' THEN 'DETACH_POLICY' ELSE 'NONE' END",
    final_document_id: "coalesce(final_document_id, 0) + 1",
    actions_before: "actions_before + 1",
    actions_removed: "actions_removed + 1",
    unknown_actions: '\'[{"statement":0,"entry":"s3:Madeup"}]\'',
    certificate: "'0' || substr(certificate, 2)",
    failure_code: "'verification-failed'",
    failure: "'no'",
  },
  unit_change: {
    unit_id: "unit_id + 100",
    changes: "replace(changes, 'Action\"', 'Action\",\"s3:x\"')",
  },
  grant_set: { catalog_id: "catalog_id + 100", document_id: "document_id + 100", actions: "actions + 1" },
  grant_interval: {
    catalog_id: "catalog_id + 100",
    document_id: "document_id + 100",
    lo: "lo - 1",
    hi: "hi + 1",
  },
  recommendation: {
    run_id: "run_id + 100",
    principal_id: "principal_id + 100",
    policy_id: "policy_id + 100",
    unit_id: "unit_id + CASE WHEN unit_id = (SELECT max(unit_id) FROM unit) THEN -1 ELSE 1 END",
  },
};
/** Further tables of which a row may not go missing. */
const KEPT = ["attachment", "policy_document", "run_principal", "run", "principal", "policy"];

interface Row {
  readonly table: string;
  /** SQL that is true of this row alone. */
  readonly where: string;
}

function rowsOf(db: Connection, table: string): readonly Row[] {
  const keys = db
    .prepare<[], string>(`SELECT name FROM pragma_table_info('${table}') WHERE pk > 0 ORDER BY pk`)
    .pluck()
    .all();
  const rows = db.prepare<[], (string | number)[]>(`SELECT ${keys.join()} FROM ${table}`).raw().all();
  return rows.map((row) => ({
    table,
    where: keys
      .map((key, i) => `${key} = ${typeof row[i] === "string" ? `'${row[i]}'` : String(row[i])}`)
      .join(" AND "),
  }));
}

const untouched = openForReading(good);
const columns = new Map(
  Object.keys(EDITS).map((table) => [
    table,
    untouched.prepare<[], string>(`SELECT name FROM pragma_table_info('${table}')`).pluck().all(),
  ]),
);
const rows = Object.keys(EDITS).flatMap((table) => rowsOf(untouched, table));
const keptRows = KEPT.flatMap((table) => rowsOf(untouched, table));
untouched.close();

describe("somebody has been at it", () => {
  test("every column of the tables that a result stands on is tried, in a database with results of every kind", () => {
    for (const [table, names] of columns) expect(Object.keys(EDITS[table] ?? {}).sort()).toEqual(names.toSorted());
    for (const table of Object.keys(EDITS)) expect(rows.some((row) => row.table === table)).toBe(true);
    const db = openForReading(good);
    const kinds = db.prepare<[], string>("SELECT DISTINCT recommended_action FROM unit ORDER BY 1").pluck().all();
    const unknown = db.prepare<[], number>("SELECT count(unknown_actions) FROM unit").pluck().get();
    db.close();
    expect(kinds).toEqual(["CREATE_POLICY", "DETACH_POLICY", "NONE"]);
    expect(unknown).toBeGreaterThan(0);
  });

  test.each(Object.keys(EDITS))("one value of `%s` edited, in any row: found", async (table) => {
    const missed: string[] = [];
    let tried = 0;
    for (const { where } of rows.filter((row) => row.table === table)) {
      for (const [column, value] of Object.entries(EDITS[table] ?? {})) {
        let changed = true;
        const db = edited((open) => {
          const before = open.prepare(`SELECT ${column} FROM ${table} WHERE ${where}`).pluck().get();
          const after = open.prepare(`SELECT ${value} FROM ${table} WHERE ${where}`).pluck().get();
          changed = before !== after;
          if (changed) open.exec(`UPDATE ${table} SET ${column} = ${value} WHERE ${where}`);
        });
        if (!changed) continue; // there is no other value of that form
        tried++;
        const { code, fails } = await verify(db);
        if (code !== 1 || fails === 0) missed.push(`${table}.${column} = ${value} where ${where}`);
      }
    }
    expect(missed).toEqual([]);
    expect(tried).toBeGreaterThanOrEqual(Object.keys(EDITS[table] ?? {}).length);
  });

  test("one row deleted, of any table: found", async () => {
    const missed: string[] = [];
    for (const { table, where } of [...rows, ...keptRows]) {
      const db = edited((open) => open.exec(`DELETE FROM ${table} WHERE ${where}`));
      const { code, fails } = await verify(db);
      if (code !== 1 || fails === 0) missed.push(`${table} where ${where}`);
    }
    expect(missed).toEqual([]);
    expect(keptRows.length).toBeGreaterThan(KEPT.length);
  });

  test("a document and its hash edited together: the certificate is another's", async () => {
    const db = edited((open) => {
      const [id, text] = documentOf(open, "%s3:Get%", "document_id");
      setDocument(open, id, text.replace("s3:Get*", "s3:Put*"));
    });
    const { code, failing } = await verify(db);
    expect(code).toBe(1);
    expect(failing.flatMap(({ reasons }) => reasons).join("\n")).toMatch(/certificate is not that of these inputs/);
  });

  test("a forger who makes everything fit, the certificate too, cannot make the verifier pass a wrong document", async () => {
    const db = edited((open) => {
      const [id, text] = documentOf(open, "%s3:GetObjectTagging%", "final_document_id");
      setDocument(open, id, text.replace("s3:GetObjectTagging", "s3:GetObjectAcl"));
      open.exec(`DELETE FROM grant_interval WHERE document_id = ${id}`);
      const grant = open.prepare(
        `INSERT INTO grant_interval SELECT catalog_id, ${id}, action_id, action_id + 1 FROM action WHERE action = ?`,
      );
      for (const action of ["kms:Decrypt", "s3:GetObject", "s3:GetObjectAcl"]) grant.run(action);
      open.exec(`UPDATE unit_change SET changes = replace(changes, 's3:GetObjectTagging', 's3:GetObjectAcl')`);
      recertify(open);
    });
    const { code, fails, failing } = await verify(db);
    expect({ code, fails }).toEqual({ code: 1, fails: 1 });
    expect(failing[0]?.name).toBe(`arn:aws:iam::${ACCOUNT}:role/reader reader-policy`);
    expect(failing[0]?.reasons.join("\n")).toMatch(/all-and-only, statement 0: `s3:getobjectacl` is unused/i);
  });

  test("what fails is named for a person, with the reason, and the exit code is 1", () => {
    const db = edited((open) => {
      open.exec("UPDATE unit SET actions_removed = actions_removed + 1 WHERE recommended_action = 'DETACH_POLICY'");
      open.exec("UPDATE unit SET certificate = NULL WHERE recommended_action = 'NONE'");
    });
    const { code, out } = leastwise("verify", "--db", db, "--quiet");
    expect(code).toBe(1);
    expect(out).toContain(
      `fails result arn:aws:iam::${ACCOUNT}:role/leaver leaver-policy\n  the numbers of actions are not what the documents grant\n`,
    );
    expect(out).toContain(`fails result arn:aws:iam::${ACCOUNT}:role/keeper keeper-policy\n  it has no certificate`);
    expect(out).toMatch(/hold {2}3\n +fail {2}2\n/);
  });

  test("a result that several attachments share is named once, with their number", () => {
    const db = edited((open) => {
      const [id, text] = documentOf(open, "%sqs:SendMessage%", "document_id");
      open.prepare("UPDATE document SET text = ? WHERE document_id = ?").run(text.replace("s3:*", "s3:?"), id);
    });
    const { out } = leastwise("verify", "--db", db, "--quiet");
    expect(out).toMatch(
      /fails result \S+role\/other shared-policy, and 1 more attachment\n {2}the existing document has the SHA-256/,
    );
  });

  test("other threads find the same in the same order", () => {
    const db = edited((open) => open.exec("UPDATE unit SET actions_before = actions_before + 1"));
    const outs = ["1", "2"].map((threads) => leastwise("verify", "--db", db, "--quiet", "--threads", threads));
    const alone = leastwise("verify", "--db", db, "--quiet");
    for (const { code, out } of outs) {
      expect(code).toBe(1);
      expect(out.replace(/time.*/, "")).toBe(alone.out.replace(/time.*/, ""));
    }
    expect(alone.out.match(/^fails result/gm)).toHaveLength(5);
  });

  test("documents that are no JSON, or no policy, are failures and no crash", async () => {
    for (const text of [
      "{",
      "[]",
      "null",
      "{}",
      '{"Statement":null}',
      '{"Statement":[{"Effect":"Allow","Action":[7]}]}',
    ]) {
      for (const column of ["document_id", "final_document_id"]) {
        const db = edited((open) => setDocument(open, documentOf(open, "%kms:Decrypt%", column)[0], text));
        expect({ text, code: (await verify(db)).code }).toEqual({ text, code: 1 });
      }
    }
  });
});

/** Each does what is needed for the rest to fit. None may pass. */
const ATTACKS: Readonly<Record<string, (db: Connection) => void>> = {
  "an id that JavaScript rounds, so that the unit is never found": (db) => {
    for (const table of ["unit", "unit_change", "recommendation"])
      db.exec(`UPDATE ${table} SET unit_id = 9007199254740993 WHERE unit_id = 1`);
  },
  "two documents whose ids JavaScript takes for one": (db) => {
    const id = db.prepare("SELECT document_id FROM unit WHERE recommended_action = 'NONE'").pluck().get() as number; // there is one
    for (const column of [
      "policy_document.document_id",
      "grant_set.document_id",
      "grant_interval.document_id",
      "document.document_id",
    ]) {
      const [table = "", name = ""] = column.split(".");
      db.exec(`UPDATE ${table} SET ${name} = 9007199254740992 WHERE ${name} = ${id}`);
    }
    db.exec(
      `UPDATE unit SET document_id = 9007199254740992, final_document_id = 9007199254740993 WHERE document_id = ${id}`,
    );
    db.exec("INSERT INTO document VALUES (9007199254740993, 'no hash', '{}', 2)");
  },
  "a run set back, so that nobody looks where its answers belong": (db) => {
    db.exec("UPDATE run SET state = 'ingest'");
  },
  "a run in a state that is none": (db) => {
    db.exec("UPDATE run SET state = 'Done'");
    db.exec("DELETE FROM recommendation WHERE unit_id > 1");
  },
  "a result that says it failed and shows another document": (db) => {
    db.exec("UPDATE unit SET state = 'failed', certificate = NULL, final_document_id = 1 WHERE unit_id = 1");
  },
  "a result in a state that is none": (db) => {
    db.exec("UPDATE unit SET state = 'done ', certificate = NULL WHERE unit_id = 1");
    db.exec("UPDATE run SET state = 'done '");
  },
  "another view for people to look at": (db) => {
    db.exec("DROP VIEW recommendations");
    db.exec("CREATE VIEW recommendations AS SELECT 'all is well' AS recommended_policy");
  },
  "a table more": (db) => {
    db.exec("CREATE TABLE extra (a TEXT) STRICT");
  },
  "an action that hides in the name of a service, under the same hash": (db) => {
    db.exec("DELETE FROM action WHERE action = 'sqs:SendMessage'");
    db.exec("INSERT INTO service SELECT catalog_id, 'sqs:SendMessage' || char(9) || 'Unknown', 0, 0 FROM catalog");
    recertify(db);
  },
  "a key that stands twice, of which each reader takes another": (db) => {
    const [id, text] = documentOf(db, "%s3:GetObjectTagging%", "final_document_id");
    setDocument(db, id, text.replace("{", '{"Version":"2008-10-17",'));
    recertify(db);
  },
  "blanks behind a document": (db) => {
    const [id, text] = documentOf(db, "%s3:GetObjectTagging%", "final_document_id");
    setDocument(db, id, `${text}\n`);
    recertify(db);
  },
  "an action that nobody can take": (db) => {
    db.exec("UPDATE unit SET recommended_action = 'DELETE_PRINCIPAL' WHERE recommended_action = 'CREATE_POLICY'");
    recertify(db);
  },
  "options that are none": (db) => {
    db.exec("UPDATE unit SET granularity = 'bogus', engine_version = -7");
    db.exec("UPDATE run SET granularity = 'bogus', engine_version = -7");
    recertify(db);
  },
  "a set of unused actions that nothing matches, for it is in upper case": (db) => {
    const text = '[{"service":"S3","whole":false,"names":["GETOBJECT"]}]';
    db.prepare("UPDATE unused_set SET text = ?, sha256 = ? WHERE text = '[]'").run(text, sha256(text));
    recertify(db);
  },
  "changes that tell of an entry which stays": (db) => {
    db.exec(
      'INSERT INTO unit_change SELECT unit_id, \'[[0,"Action","kms:*","kms:*"]]\' FROM unit WHERE recommended_action = \'NONE\'',
    );
    recertify(db);
  },
};

describe("what an attacker got past it once", () => {
  test.each(Object.entries(ATTACKS))("%s", async (_, attack) => {
    const { code, fails } = await verify(edited(attack));
    expect(code).toBe(1);
    expect(fails).toBeGreaterThan(0);
  });

  test("nothing of the database moves the cursor", () => {
    const db = edited((open) => open.exec("UPDATE catalog SET source = char(27) || '[2J' || char(155) || 'x'"));
    for (const form of [[], ["--json"]]) {
      const { code, out } = leastwise("verify", "--db", db, "--quiet", ...form);
      expect(code).toBe(1);
      // eslint-disable-next-line no-control-regex -- finding control characters is what this is for
      expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
    }
  });

  test("more threads than tasks are not started", () => {
    expect(leastwise("verify", "--db", good, "--quiet", "--threads", "256").code).toBe(0);
  });

  test("a run that is not finished is said to be", async () => {
    const db = edited((open) => {
      open.exec("UPDATE run SET state = 'execute', finished_at = NULL");
      open.exec(`UPDATE unit SET state = 'planned', recommended_action = NULL, final_document_id = NULL, actions_before = NULL,
                 actions_removed = NULL, unknown_actions = NULL, certificate = NULL WHERE recommended_action = 'NONE'`);
    });
    expect(await verify(db)).toMatchObject({ code: 0, checked: 4, unanswered: 1, unfinished: 1 });
    expect(leastwise("verify", "--db", db, "--quiet").out).toMatch(/no answer {2}1 attachment\n +unfinished {2}1 run;/);
  });
});

/** Gives every result the certificate of what it says now, as SQL makes it. */
function recertify(db: Connection): void {
  const statements = db
    .prepare<[], { policy_name: string; statement: string }>("SELECT policy_name, statement FROM certificates")
    .all();
  for (const { policy_name: policy, statement } of statements) {
    db.prepare(
      `UPDATE unit SET certificate = ? WHERE unit_id IN
       (SELECT unit_id FROM recommendation JOIN policy USING (policy_id) WHERE name = ?)`,
    ).run(sha256(statement), policy);
  }
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** The first document with such a text that results refer to by this column. */
function documentOf(db: Connection, like: string, column: string): [id: number, text: string] {
  const found = db
    .prepare<[string], [number, string]>(
      `SELECT document_id, text FROM document WHERE text LIKE ? AND document_id IN (SELECT ${column} FROM unit)`,
    )
    .raw()
    .get(like);
  if (found === undefined) throw new Error(`no document like ${like}`);
  return found;
}

function setDocument(db: Connection, id: number, text: string): void {
  db.prepare("UPDATE document SET text = ?, sha256 = ?, characters = ? WHERE document_id = ?").run(
    text,
    sha256(text),
    text.length,
    id,
  );
}
