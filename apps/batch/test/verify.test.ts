/** `leastwise verify`: what holds, and that no hand can change a stored result, its inputs or its catalog without being found. */
import { createHash } from "node:crypto";
import { copyFileSync } from "node:fs";
import { PassThrough } from "node:stream";
import { loadCatalog } from "@leastwise/catalog";
import type { RefinementOptions } from "@leastwise/core";
import { type Connection, closeWriting, openForReading, openForWriting } from "@leastwise/store";
import pc from "picocolors";
import { beforeAll, describe, expect, test } from "vitest";
import { verifyCommand } from "../src/commands/verify.ts";
import { readSettings } from "../src/config/read-settings.ts";
import { SILENT } from "../src/progress.ts";
import { run } from "../src/run.ts";
import { listInputs } from "../src/stages/list-inputs.ts";
import { inlineExecutor } from "../src/workers/executor.ts";
import type { Terminal } from "../src/terminal.ts";
import { DEMO, accountWith, allowing, leastwise, refined, temporaryFolder, write } from "./leastwise.ts";
import { account as accountOf } from "./samples.ts";

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

/**
 * Results of every kind: replaced (with an unknown action), replaced by NotAction, detached, unchanged, shared by two roles, left alone,
 * and for a managed policy in place.
 */
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
    finding("mixed", { sqs: ["DeleteMessage"] }),
    finding("first", { sqs: ["DeleteMessage", "SendMessage"] }),
    finding("second", { sqs: ["DeleteMessage", "ReceiveMessage"] }),
  ]
    .map((line) => `${JSON.stringify(line)}\n`)
    .join(""),
);
const team = `arn:aws:iam::${ACCOUNT}:policy/team-policy`;
write(
  folder,
  "exports/account-2.json",
  accountOf(
    [
      { kind: "role", name: "mixed", inline: { baseline: allowing("sqs:*"), own: allowing("sqs:*", "kms:*") } },
      { kind: "role", name: "first", attached: [team] },
      { kind: "role", name: "second", attached: [team] },
    ],
    { [team]: { document: allowing("sqs:*Message") } },
  ),
);
const config = write(folder, "config.json", { exclude: { policies: ["baseline"] } });
const catalog = write(folder, "catalog.json", CATALOG);
/** So that some actions are tracked and others are not. */
const reference = write(folder, "reference.json", {
  Name: "s3",
  Actions: [{ Name: "ListBucket", SupportedBy: { "IAM Action Last Accessed": true } }],
});
const good = refined(
  folder,
  "good.db",
  `${folder}/exports`,
  "--catalog",
  catalog,
  "--service-reference",
  reference,
  "--config",
  config,
);
/**
 * A second database, of a run that was asked to fit, with what each step of the ladder comes to: a shorter form, a managed policy that is
 * split, inline policies that move to managed ones, and what cannot be made to fit.
 */
const VERBS = ["Create", "Delete", "Get", "List", "Put", "Start", "Stop", "Update"];
const taggings = { logs: VERBS.flatMap((verb) => [`${verb}GroupPolicy`, `${verb}GroupTagging`]), ...CATALOG };
const unheard = Array.from({ length: 12 }, (_, i) => `kms:NobodyHasHeardOf${String(i).padStart(2, "0")}`);
const conditioned = {
  Version: "2012-10-17",
  Statement: {
    Effect: "Allow",
    Action: ["sqs:SendMessage", "sqs:DeleteMessage"],
    Resource: "*",
    Condition: { StringEquals: { "aws:PrincipalTag/team": unheard } },
  },
};
const [shorter, longer, longest] = ["shorter", "longer", "longest"].map(
  (name) => `arn:aws:iam::${ACCOUNT}:policy/${name}`,
);
write(
  folder,
  "sizes/account.json",
  accountOf(
    [
      { kind: "role", name: "managed", attached: [shorter!, longer!, longest!] },
      {
        kind: "role",
        name: "inliner",
        inline: { long: allowing("sqs:DeleteMessage", ...unheard), short: allowing("kms:Decrypt") },
      },
    ],
    {
      [shorter!]: { document: allowing("logs:*") },
      [longer!]: { document: allowing("sqs:DeleteMessage", ...unheard) },
      [longest!]: { document: conditioned },
    },
  ),
);
const sizesUnused = { logs: VERBS.map((verb) => `${verb}GroupPolicy`), sqs: ["DeleteMessage"] };
write(
  folder,
  "sizes/findings.jsonl",
  ["managed", "inliner"].map((name) => `${JSON.stringify(finding(name, sizesUnused))}\n`).join(""),
);
const fitted = refined(
  folder,
  "fitted.db",
  `${folder}/sizes`,
  "--catalog",
  write(folder, "taggings.json", taggings),
  "--config",
  write(folder, "sizes.json", { limits: { managed: 256, roleInline: 256 }, fit: true }),
);

/** Of attachments nine, of the policy that two roles share one more. */
const RESULTS = 10;

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
function edited(edit: (db: Connection) => void, from = good): string {
  const path = `${folder}/edited.db`;
  copyFileSync(from, path);
  const db = openForWriting(path);
  db.pragma("foreign_keys = OFF");
  edit(db);
  closeWriting(db);
  return path;
}

describe("an untouched database", () => {
  test("holds", async () => {
    expect(await verify(good)).toMatchObject({ code: 0, checked: RESULTS, hold: RESULTS, fails: 0, failing: [] });
  });

  test("of the made-up organization holds, and says so to a person", () => {
    const db = refined(folder, "demo.db", DEMO);
    const { code, out, err } = leastwise("verify", "--db", db);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toMatch(/checked {2}44 results, the answers for 48 attachments\n +hold {2}44\n +fail {2}0\n/);
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
    expect(rows).toHaveLength(10);
    for (const { certificate, statement, removed, principal_arn: principal, policy_key: policy } of rows) {
      expect(sha256(statement)).toBe(certificate);
      expect(JSON.stringify(bounds.raw().all(principal, policy).flat())).toBe(removed);
    }
    expect(rows.some(({ removed }) => removed !== "[]")).toBe(true);
    db.close();
  });

  test("a sample is as many results as asked for, and no more than there are", async () => {
    expect(await verify(good, 2)).toMatchObject({ code: 0, checked: 2, hold: 2 });
    expect(await verify(good, 1000)).toMatchObject({ code: 0, checked: RESULTS, hold: RESULTS });
  });
});

describe("a run with options of its own", () => {
  const options: RefinementOptions = { granularity: "word", services: [["s3", "exact"]], keptSids: ["Keep"] };
  const kept = { Sid: "KeepQueues", Effect: "Allow", Action: "sqs:*", Resource: "*" };
  const policy = {
    Version: "2012-10-17",
    Statement: [kept, { Effect: "Allow", Action: ["s3:Get*", "sqs:*"], Resource: "*" }],
  };
  const account = write(folder, "kept/account.json", accountWith(ACCOUNT, { queue: { "queue-policy": policy } }));
  const report = `${JSON.stringify(finding("queue", { s3: ["GetObjectAcl"], sqs: ["DeleteMessage"] }))}\n`;
  const findings = write(folder, "kept/findings.jsonl", report);
  const path = `${folder}/kept.db`;
  beforeAll(async () => {
    const db = openForWriting(path);
    const own = loadCatalog(catalog);
    const settings = { ...readSettings(undefined, folder, {}), options };
    const job = { files: listInputs([account, findings]), catalog: own, settings };
    await run(db, job, inlineExecutor(own.trie.buffer), SILENT);
    closeWriting(db);
  });

  test("holds, though what is kept grants something unused, and shows its options", async () => {
    expect(await verify(path)).toMatchObject({ code: 0, checked: 1, hold: 1, fails: 0, failing: [] });
    const db = openForReading(path);
    const row = db
      .prepare<
        [],
        { readonly recommended_policy: string; readonly granularity: string; readonly actions_removed: number }
      >("SELECT recommended_policy, granularity, actions_removed FROM recommendations")
      .get();
    const certificates = db.prepare<[], string>("SELECT statement FROM certificates").pluck().all();
    const settings = db.prepare<[], string>("SELECT settings FROM runs").pluck().all();
    db.close();
    expect(row).toMatchObject({ granularity: "word", actions_removed: 1 });
    expect(JSON.parse(row?.recommended_policy ?? "")).toEqual({
      ...policy,
      Statement: [
        kept,
        {
          ...policy.Statement[1],
          Action: ["s3:GetObject", "s3:GetObjectTagging", "sqs:ReceiveMessage", "sqs:SendMessage"],
        },
      ],
    });
    expect(certificates.map((text) => (JSON.parse(text) as { readonly options: unknown }).options)).toEqual([options]);
    expect(settings.map((text) => (JSON.parse(text) as { readonly options: unknown }).options)).toEqual([options]);
  });

  test("does not hold once another Sid is said to be kept, though everything fits", async () => {
    const copy = `${folder}/kept-edited.db`;
    copyFileSync(path, copy);
    const db = openForWriting(copy);
    setOptions(db, '{"granularity":"word","services":[["s3","exact"]],"keptSids":["Other"]}');
    recertify(db);
    closeWriting(db);
    const { code, failing } = await verify(copy);
    expect(code).toBe(1);
    expect(failing[0]?.reasons.join("\n")).toMatch(
      /all-and-only, statement 0: `sqs:\*` still matches something unused/,
    );
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
    tracked: "1 - tracked",
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
  option_set: {
    option_set_id: "option_set_id + 100",
    sha256: "'0' || substr(sha256, 2)",
    text: "replace(text, 'word', 'exact')",
  },
  unit: {
    unit_id: "unit_id + 100",
    document_id: "document_id + 100",
    unused_id: "unused_id + 100",
    catalog_id: "catalog_id + 100",
    option_set_id: "option_set_id + 100",
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
  grant_set: {
    catalog_id: "catalog_id + 100",
    document_id: "document_id + 100",
    actions: "actions + 1",
    wildcards: `'["Action iam:*"]'`,
    intervals: "replace(intervals, ']', ',' || ((22000 << 26) + 22001) || ']')",
  },
  recommendation: {
    run_id: "run_id + 100",
    principal_id: "principal_id + 100",
    policy_id: "policy_id + 100",
    unit_id: "unit_id + CASE WHEN unit_id = (SELECT max(unit_id) FROM unit) THEN -1 ELSE 1 END",
    is_split: "1 - is_split",
    // of a principal of which nothing may go, it changes nothing
    left_because: `CASE WHEN (SELECT us.text FROM run_principal rp JOIN unused_set us ON us.unused_id = rp.removable_id
      WHERE rp.principal_id = recommendation.principal_id) = '[]' THEN left_because WHEN left_because IS NULL THEN 'exclude.policies: x' END`,
  },
  policy_recommendation: {
    run_id: "run_id + 100",
    policy_id: "policy_id + 100",
    unit_id: "unit_id + CASE WHEN unit_id = (SELECT max(unit_id) FROM unit) THEN -1 ELSE 1 END",
  },
  run_principal: {
    run_id: "run_id + 100",
    principal_id: "principal_id + 100",
    removable_id: "(SELECT min(unused_id) FROM unused_set WHERE unused_id <> removable_id)",
  },
};
/** The same for what says how results fit, in the database of the run that was asked to. */
const FIT_EDITS: typeof EDITS = {
  inline_size: {
    run_id: "run_id + 100",
    principal_id: "principal_id + 100",
    characters_before: "characters_before + 1",
    characters_after: "characters_after - 1",
  },
  rung: { run_id: "run_id + 100", unit_id: "unit_id + 100" },
  unit_split: { unit_id: "unit_id + 100", size_limit: "size_limit + 1", parts: "CASE parts WHEN 0 THEN 1 ELSE 0 END" },
  unit_part: {
    unit_id: "unit_id + 100",
    size_limit: "size_limit + 1",
    place: "place + 5",
    document_id: "document_id - 1",
  },
  recommendation: {
    unit_id: "unit_id + CASE WHEN unit_id = (SELECT max(unit_id) FROM unit) THEN -1 ELSE 1 END",
    is_split: "1 - is_split",
  },
  document: { text: "replace(text, 'HeardOf0', 'HeardOf1')", characters: "characters + 1" },
  run: {
    settings: "json_set(settings, '$.limits.managed', 400)",
    state: "'execute'",
  },
};
/** Columns that no result stands on. */
const UNTRIED: Readonly<Record<string, readonly string[]>> = {
  // what the inputs say and what the plan found on its way to removable_id, for people to read; other values lead to no other document
  run_principal: [
    "created_at",
    "last_used_at",
    "tracks_last_use",
    "boundary_arn",
    "tags",
    "unused_id",
    "evidence",
    "left_because",
    "unused_by",
    "unused_since",
    "young_after",
  ],
};
/** Tables that no result stands on, and why. */
const TOLD_ONLY: Readonly<Record<string, string>> = {
  run: "when and with what; what decides of it is compared with every unit",
  account: "names",
  principal: "names; whose a result is, attachments and recommendations say",
  policy: "names",
  policy_document: "which document a policy has is compared with every unit; versions and dates are told",
  attachment: "has keys alone; a row without its recommendation, and the other way round, is found",
  membership: "who is in a group, from which its removable_id came",
  aws_policy_document: "what inputs say of policies managed by AWS, from which policy_document came",
  input: "where evidence was read",
  input_account: "whom it is on; whoever builds on the run takes accounts over by it, and is verified like any other",
  usage_page: "is empty once a run is planned",
  export_page: "is empty once a run is planned",
  incomplete_account: "whose groups and shared policies are left alone, from which their removable_id came",
  usage_claims: "what usage_report claims",
  usage_report: "evidence as it was judged; what it came to is removable_id",
  event_use: "the same of events",
  event_name: "the same of their names",
  unused_principal: "the same of principals",
  policy_blocker: "who keeps what, computed from results",
  aws_recommendation: "another's results",
  aws_comparison: "another's results beside ours",
  diagnostic: "messages",
  ...Object.fromEntries(
    [
      "account_level_total",
      "account_service_total",
      "account_total",
      "action_total",
      "document_shape",
      "document_total",
      "evidence_total",
      "interval_block",
      "interval_document",
      "interval_total",
      "kept_statement",
      "policy_total",
      "principal_total",
      "reduction_total",
      "service_total",
      "shape_total",
      "size_total",
      "wildcard_total",
    ].map((table) => [table, "derived from results, and computed again when these hold"]),
  ),
};
/** Further tables of which a row may not go missing. */
const KEPT = ["attachment", "policy_document", "run", "principal", "policy"];

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

function columnsOf(db: Connection, table: string): readonly string[] {
  return db.prepare<[], string>(`SELECT name FROM pragma_table_info('${table}')`).pluck().all();
}

const untouched = openForReading(good);
const tables = untouched
  .prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
  .pluck()
  .all();
const columns = new Map(Object.keys(EDITS).map((table) => [table, columnsOf(untouched, table)]));
const rows = Object.keys(EDITS).flatMap((table) => rowsOf(untouched, table));
const fittedDb = openForReading(fitted);
const fitRows = Object.keys(FIT_EDITS).flatMap((table) => rowsOf(fittedDb, table));
const fitTables = ["inline_size", "rung", "unit_split", "unit_part"];
const fitColumns = new Map(fitTables.map((table) => [table, columnsOf(fittedDb, table)]));
fittedDb.close();
const keptRows = KEPT.flatMap((table) => rowsOf(untouched, table));
untouched.close();

describe("somebody has been at it", () => {
  test("every column of the tables that a result stands on is tried, in a database with results of every kind", () => {
    for (const [table, names] of columns) {
      const told = [...Object.keys(EDITS[table] ?? {}), ...(UNTRIED[table] ?? [])];
      expect(told.sort()).toEqual(names.toSorted());
    }
    for (const [table, names] of fitColumns)
      expect(Object.keys(FIT_EDITS[table] ?? {}).sort()).toEqual(names.toSorted());
    expect([...Object.keys(EDITS), ...fitTables, ...Object.keys(TOLD_ONLY)].sort()).toEqual(tables);
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

  test("the run that was asked to fit has come to each step", async () => {
    expect(await verify(fitted)).toMatchObject({ code: 0, fails: 0, failing: [] });
    const db = openForReading(fitted);
    const found = db
      .prepare("SELECT policy_name, form, fit, json_array_length(parts) FROM recommendations ORDER BY policy_name")
      .raw()
      .all();
    db.close();
    expect(found).toEqual([
      ["long", "prefixes", "split", 2],
      ["longer", "prefixes", "split", 2],
      ["longest", "prefixes", "does-not-fit", null],
      ["short", "prefixes", "fits", null],
      ["shorter", "inner", "fits", null],
    ]);
  });

  test.each(Object.keys(FIT_EDITS))("one value of `%s` edited where sizes count, in any row: found", async (table) => {
    const missed: string[] = [];
    let tried = 0;
    for (const { where } of fitRows.filter((row) => row.table === table)) {
      for (const [column, value] of Object.entries(FIT_EDITS[table] ?? {})) {
        let changed = false;
        const db = edited((open) => {
          const edit = `UPDATE ${table} SET ${column} = ${value} WHERE ${where} AND ${column} IS NOT ${value}`;
          changed = open.prepare(edit).run().changes > 0;
        }, fitted);
        if (!changed) continue; // there is no other value of that form
        tried++;
        const { code, fails } = await verify(db);
        if (code !== 1 || fails === 0) missed.push(`${table}.${column} = ${value} where ${where}`);
      }
    }
    expect(missed).toEqual([]);
    expect(tried).toBeGreaterThanOrEqual(Object.keys(FIT_EDITS[table] ?? {}).length);
  });

  test("one row of what says how results fit deleted: found", async () => {
    const missed: string[] = [];
    for (const { table, where } of fitRows) {
      const { code, fails } = await verify(edited((open) => open.exec(`DELETE FROM ${table} WHERE ${where}`), fitted));
      if (code !== 1 || fails === 0) missed.push(`${table} where ${where}`);
    }
    expect(missed).toEqual([]);
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

  test.each([
    [
      "a key twice, of which every reader takes its own",
      (text: string) =>
        text.replace('"Statement":', '"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}],"Statement":'),
    ],
    ["blanks", (text: string) => text.replace('"Statement":', '"Statement": ')],
  ])("a part of a split that has %s: found", async (_, forged) => {
    const db = edited((open) => {
      const [id, text] = open
        .prepare<[], [number, string]>(
          `SELECT document_id, text FROM document WHERE document_id IN (SELECT document_id FROM unit_part)
           AND document_id NOT IN (SELECT document_id FROM unit) AND document_id NOT IN (SELECT final_document_id FROM unit)`,
        )
        .raw()
        .get()!; // parts are no results
      expect(forged(text)).not.toBe(text);
      setDocument(open, id, forged(text));
    }, fitted);
    const { code, failing } = await verify(db);
    expect(code).toBe(1);
    expect(failing.find(({ what }) => what === "split")?.reasons).toEqual([
      expect.stringMatching(/^part \d+ is no minified JSON with each key once$/),
    ]);
  });

  test("what results come to is computed again", async () => {
    const db = edited((open) => open.exec("UPDATE service_total SET principals_after = principals_after + 1"));
    expect(await verify(db)).toMatchObject({
      code: 1,
      fails: 1,
      failing: [{ what: "database", name: "service_total", reasons: ["does not say what the results come to"] }],
    });
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

  test.each([
    [
      "what one of those who have it leaves unused",
      "SELECT unit_id FROM recommendation JOIN policy USING (policy_id) WHERE name = 'team-policy'",
    ],
    ["nothing, though all leave something unused", "SELECT unit_id FROM unit WHERE recommended_action = 'NONE'"],
  ])("a shared policy that is to lose %s: found", async (_, units) => {
    const db = edited((open) => {
      const [document] = open
        .prepare("SELECT document_id FROM policy_recommendation JOIN unit USING (unit_id)")
        .pluck()
        .all();
      const unit = open.prepare<[], number>(units).pluck().get();
      open
        .prepare("UPDATE unit SET document_id = ? WHERE unit_id = ? AND document_id <> ?")
        .run(document, unit, document);
      open.prepare("UPDATE policy_recommendation SET unit_id = ?").run(unit);
    });
    const { code, failing } = await verify(db);
    expect(code).toBe(1);
    const reasons = failing.filter(({ name }) => name.startsWith(team)).flatMap((found) => found.reasons);
    expect(reasons).toContain("something else goes than what nobody who has the policy uses");
  });

  test("options and their hash edited together: the certificate is another's", async () => {
    const db = edited((open) => setOptions(open, '{"granularity":"exact","services":[],"keptSids":[]}'));
    const { code, fails, failing } = await verify(db);
    expect({ code, fails }).toEqual({ code: 1, fails: RESULTS });
    expect(failing[0]?.reasons).toEqual(["the certificate is not that of these inputs and this result"]);
  });

  test("a forger who makes everything fit, the certificate too, cannot make the verifier pass a wrong document", async () => {
    const db = edited((open) => {
      const [id, text] = documentOf(open, "%s3:GetObjectTagging%", "final_document_id");
      setDocument(open, id, text.replace("s3:GetObjectTagging", "s3:GetObjectAcl"));
      open.exec(`UPDATE inline_size SET characters_after = characters_after - ${"Tagging".length - "Acl".length}
        WHERE principal_id = (SELECT principal_id FROM principal WHERE name = 'reader')`);
      open.exec(`UPDATE grant_set SET intervals = (
          SELECT json_group_array((action_id << 26) + action_id + 1) FROM (
            SELECT action_id FROM action WHERE action IN ('kms:Decrypt', 's3:GetObject', 's3:GetObjectAcl') ORDER BY action_id))
        WHERE document_id = ${id}`);
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
    expect(out).toMatch(/hold {2}7\n +fail {2}3\n/);
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
    expect(alone.out.match(/^fails result/gm)).toHaveLength(RESULTS);
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
    for (const column of ["policy_document.document_id", "grant_set.document_id", "document.document_id"]) {
      const [table = "", name = ""] = column.split(".");
      db.exec(`UPDATE ${table} SET ${name} = 9007199254740992 WHERE ${name} = ${id}`);
    }
    db.exec(
      `UPDATE unit SET document_id = 9007199254740992, final_document_id = 9007199254740993 WHERE document_id = ${id}`,
    );
    db.exec("INSERT INTO document VALUES (9007199254740993, 'no hash', 2, '{}')");
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
  "an action that is tracked by the text of its access level, under the same hash": (db) => {
    db.exec("UPDATE action SET access_level = access_level || char(9) || 'tracked', tracked = 0 WHERE tracked = 1");
  },
  "an action that is tracked more than tracked, which the hash does not tell": (db) => {
    db.exec("UPDATE action SET tracked = 2 WHERE tracked = 0");
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
  "an engine that is none": (db) => {
    db.exec("UPDATE unit SET engine_version = -7");
    db.exec("UPDATE run SET engine_version = -7");
    recertify(db);
  },
  "options that are none": (db) => {
    setOptions(db, '{"granularity":"bogus","services":[],"keptSids":[]}');
    recertify(db);
  },
  "options written in another way": (db) => {
    setOptions(db, '{"services":[],"granularity":"word","keptSids":[]}');
    recertify(db);
  },
  "options that keep what was refined": (db) => {
    db.exec(`UPDATE document SET text = replace(text, '"Effect"', '"Sid":"Keep","Effect"')`);
    rehash(db);
    setOptions(db, '{"granularity":"word","services":[],"keptSids":["Keep"]}');
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
    expect(await verify(db)).toMatchObject({ code: 0, checked: 8, unanswered: 2, unfinished: 1 });
    expect(leastwise("verify", "--db", db, "--quiet").out).toMatch(
      /no answer {2}2 attachments\n +unfinished {2}1 run;/,
    );
  });
});

/** Gives every result the certificate of what it says now, as SQL makes it. */
function recertify(db: Connection): void {
  const statements = db
    .prepare<[], { principal_arn: string; policy_key: string; statement: string }>(
      "SELECT principal_arn, policy_key, statement FROM certificates",
    )
    .all();
  for (const { principal_arn: principal, policy_key: policy, statement } of statements) {
    db.prepare(
      `UPDATE unit SET certificate = ? WHERE unit_id IN
       (SELECT unit_id FROM recommendation JOIN principal USING (principal_id) JOIN policy USING (policy_id) WHERE arn = ? AND key = ?)`,
    ).run(sha256(statement), principal, policy);
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

function setOptions(db: Connection, text: string): void {
  db.prepare("UPDATE option_set SET text = ?, sha256 = ?").run(text, sha256(text));
}

/** Gives every document the hash and the length of its text. */
function rehash(db: Connection): void {
  const documents = db.prepare<[], [number, string]>("SELECT document_id, text FROM document").raw().all();
  for (const [id, text] of documents) setDocument(db, id, text);
}

function setDocument(db: Connection, id: number, text: string): void {
  db.prepare("UPDATE document SET text = ?, sha256 = ?, characters = ? WHERE document_id = ?").run(
    text,
    sha256(text),
    text.length,
    id,
  );
}
