/** Several runs in one file: what each found, which one is shown, and what stays when one is forgotten. */
import { describe, expect, test } from "vitest";
import {
  type Connection,
  RunDifferences,
  closeWriting,
  findRun,
  forgetRun,
  openForReading,
  readCurrentRun,
  readRecommendations,
  readReusedUnits,
  readRuns,
  unsound,
} from "../src/index.ts";
import {
  allowing,
  answered,
  dump,
  event,
  file,
  finding,
  managedPolicy,
  newDatabase,
  planned,
  role,
  rows,
  temporaryFolder,
  together,
  withInline,
} from "./organization.ts";

const folder = temporaryFolder();
const AUGUST = "2026-08-25T00:00:00.000Z";

const first = file("one.json", {
  ...together(
    withInline(role("web"), allowing("s3:*")),
    withInline(role("api"), allowing("sqs:*"), allowing("s3:GetObject")),
  ),
  usage: [finding(role("web"), "f1", AUGUST, { s3: ["PutObject"] }), finding(role("api"), "f2", AUGUST, { sqs: null })],
});

/** The same, but for what is unused of one role. */
const later = file("two.json", {
  ...first,
  usage: [
    finding(role("web"), "f1", AUGUST, { s3: ["PutObject", "ListBucket"] }),
    finding(role("api"), "f2", AUGUST, { sqs: null }),
  ],
});

function run(db: Connection, said: typeof first, key: string): ReturnType<typeof answered> {
  return answered(db, planned(db, [said], { runKey: key }));
}

describe("answers taken over from earlier runs", () => {
  test("none in the first, all where nothing has changed, and all but one with one other finding", () => {
    const { db } = newDatabase(folder);
    const reused = [first, first, later].map((said, i) => readReusedUnits(db, run(db, said, `run ${i}`)));
    expect(reused).toEqual([0, 3, 2]);
    expect(readRuns(db).map(({ units_reused, units_asked }) => [units_reused, units_asked])).toEqual([
      [0, 3],
      [3, 3],
      [2, 3],
    ]);
  });

  test("none with other options or another engine", () => {
    const { db } = newDatabase(folder);
    run(db, first, "one");
    const exact = { granularity: "exact", services: [], keptSids: [] } as const;
    expect(readReusedUnits(db, planned(db, [first], { runKey: "two", options: exact }))).toBe(0);
    expect(readReusedUnits(db, planned(db, [first], { runKey: "three", engineVersion: 2 }))).toBe(0);
  });

  test("a run that is not planned has none yet", () => {
    const { db } = newDatabase(folder);
    const begun = planned(db, [first]);
    db.prepare("UPDATE run SET units_reused = NULL").run();
    expect(readReusedUnits(db, begun)).toBe(0);
  });
});

describe("the list of runs", () => {
  test("says what each found, the newest last; nothing of one that is not done", () => {
    const { db } = newDatabase(folder);
    run(db, first, "one");
    planned(db, [later], { runKey: "two" });
    expect(readRuns(db)).toMatchObject([
      {
        run_id: 1,
        state: "done",
        accounts: 1,
        principals: 2,
        attachments: 3,
        actions_before: 5 + 2 + 1,
        actions_after: 4 + 0 + 1,
        to_change: 2,
        inputs: 1,
      },
      { run_id: 2, state: "execute", accounts: null, attachments: null, actions_before: null, to_change: null },
    ]);
  });
});

describe("which run is shown", () => {
  const { db, path } = newDatabase(folder);
  run(db, first, "one");
  run(db, later, "two");
  run(db, first, "three");
  planned(db, [later], { runKey: "four" });
  closeWriting(db);
  const names = ["1", "2", "3", "4", "latest", "previous"];

  test.each(names.map((name, i) => [name, [1, 2, 3, 4, 3, 2][i]]))("`%s` is run %i", (name, id) => {
    const reader = openForReading(path, name);
    expect(findRun(reader, name)).toBe(id);
    expect(readCurrentRun(reader)?.runId).toBe(id);
    expect(rows(reader, "SELECT DISTINCT run_id FROM current_run")).toEqual([{ run_id: id }]);
    reader.close();
  });

  test.each(["0", "5", "", " 1", "1 OR 1", "newest", "-1", "1.0", "9999999999999999999"])("`%s` is none", (name) => {
    expect(() => openForReading(path, name)).toThrow(expect.objectContaining({ code: "no-run" }));
  });

  // what the recommendations of a run leave
  const after = (name?: string): readonly (readonly [string, number])[] => {
    const reader = openForReading(path, name);
    const found = [...readRecommendations(reader)].map((row) => [row.policy_key, row.actions_after] as const);
    const bounds = rows(reader, "SELECT count(*) AS n FROM granted_removed");
    reader.close();
    return [...found, ["granted_removed", Number(bounds[0]?.["n"])]];
  };

  test("every view speaks of it, those that are made of others too", () => {
    expect(after("2")).not.toEqual(after("1"));
    expect(after("1")).toEqual(after("3"));
    expect(after()).toEqual(after("latest"));
  });

  test("every stored view has its like, word for word but for where it lies", () => {
    const reader = openForReading(path, "1");
    const views = (schema: string): readonly string[] =>
      rows(reader, `SELECT name FROM ${schema} WHERE type = 'view' ORDER BY name`).map(({ name }) => String(name));
    expect(views("sqlite_temp_schema")).toEqual(views("sqlite_schema"));
    reader.close();
  });

  test("nothing is written, and nothing can be", () => {
    const reader = openForReading(path, "1");
    for (const sql of ["DELETE FROM run", "DROP VIEW runs", "DELETE FROM temp.chosen_run", "CREATE TABLE temp.x (y)"])
      expect(() => reader.exec(sql)).toThrow(/readonly|read-only|query_only/);
    reader.close();
  });

  test("without a finished run the newest is the latest, and there is none before", () => {
    const { db: young } = newDatabase(folder);
    planned(young, [first]);
    expect(findRun(young, "latest")).toBe(1);
    expect(() => findRun(young, "previous")).toThrow(expect.objectContaining({ code: "no-run" }));
  });
});

/** Everything but the ids of rows, which depend on what was there before. */
function contents(db: Connection): unknown {
  const { run: runs = [], ...tables } = dump(db);
  return { runs: runs.length, tables: Object.entries(tables).map(([name, all]) => [name, all.length]) };
}

describe("forgetting a run", () => {
  const shared = managedPolicy("Shared", allowing("s3:Get*"));
  const only = file("only.json", {
    ...together(
      withInline(role("only"), allowing("s3:PutObject", "sqs:*")),
      {
        policies: [shared],
        documents: [allowing("s3:Get*")],
        attachments: ["only", "web"].map((name) => ({ principalArn: role(name).arn, policyKey: shared.key })),
      },
      withInline(role("web"), allowing("s3:*")),
    ),
    usage: [finding(role("only"), "f9", AUGUST, { sqs: ["SendMessage"] })],
    events: [event(role("only"), "s3.amazonaws.com", "GetObject")],
    unusedPrincipals: [
      { principalArn: role("web").arn, reportId: "u", updatedAt: AUGUST, active: true, lastAccessed: null },
    ],
    exportPages: [],
    diagnostics: [{ severity: "warning", code: "odd", path: "only.json", pointer: "", message: "m", hint: "" }],
  });

  test.each([
    ["the older", 1],
    ["the newer", 2],
  ])("%s: the other is as if it had been alone", (_, forgotten) => {
    const { db } = newDatabase(folder);
    const { db: alone } = newDatabase(folder);
    const said = [only, later];
    said.forEach((one, i) => run(db, one, `run ${i}`));
    run(alone, said[2 - forgotten]!, "alone"); // the other one
    forgetRun(db, forgotten);
    forgetRun(alone, 99); // a plan may leave a text behind that nothing needs
    expect(contents(db)).toEqual(contents(alone));
    expect(db.pragma("foreign_key_check")).toEqual([]);
    expect(db.pragma("foreign_keys", { simple: true })).toBe(1);
    expect([...unsound(db)]).toEqual([]);
    expect([...readRecommendations(db)].map((row) => [row.policy_key, row.recommended_policy])).toEqual(
      [...readRecommendations(alone)].map((row) => [row.policy_key, row.recommended_policy]),
    );
  });

  test("what both need stays, and a run after it takes it over", () => {
    const { db } = newDatabase(folder);
    run(db, first, "one");
    run(db, later, "two");
    forgetRun(db, 1);
    expect(readReusedUnits(db, run(db, later, "three"))).toBe(3);
    expect(readReusedUnits(db, run(db, first, "four"))).toBe(2);
  });

  test("no table of facts by run is left out", () => {
    const { db } = newDatabase(folder);
    const tables = rows(
      db,
      `SELECT t.name FROM sqlite_schema t JOIN pragma_table_info(t.name) c ON c.name = 'run_id' WHERE t.type = 'table' ORDER BY t.name`,
    ).map(({ name }) => String(name));
    run(db, only, "one");
    run(db, later, "two");
    db.pragma("foreign_keys = OFF");
    for (const table of tables) {
      // a row of run 1 in every table, whatever it says
      const has = db.prepare<[], number>(`SELECT count(*) FROM ${table} WHERE run_id = 1`).pluck().get();
      if (has !== 0) continue;
      const columns = rows(db, `SELECT name, type FROM pragma_table_info('${table}')`);
      const values = columns.map(({ name, type }) => (name === "run_id" ? 1 : type === "TEXT" ? "[]" : 0));
      db.prepare(`INSERT INTO ${table} VALUES (${values.map(() => "?").join(", ")})`).run(...values);
    }
    forgetRun(db, 1);
    const left = tables.filter((table) => rows(db, `SELECT 1 FROM ${table} WHERE run_id = 1`).length > 0);
    expect(left).toEqual([]);
  });

  test("documents that an unfinished run knows by their hash alone stay", () => {
    const { db } = newDatabase(folder);
    const recommended = allowing("s3:GetObjectAcl");
    const step = { policyUpdatedAt: null, existingSha256: null, policyId: "inline-1" };
    const withAws = file("aws.json", {
      ...later,
      documents: [...later.documents, recommended],
      awsRecommendations: [
        {
          principalArn: role("web").arn,
          source: "access-analyzer",
          status: "SUCCEEDED",
          error: "",
          completedAt: AUGUST,
          steps: [{ ...step, recommendedAction: "CREATE_POLICY", recommendedSha256: recommended.sha256 }],
        },
      ],
    });
    run(db, first, "one");
    planned(db, [withAws], { runKey: "two" });
    forgetRun(db, 1);
    const known = db.prepare<[string], number>("SELECT count(*) FROM document WHERE sha256 = ?").pluck();
    expect(known.get(recommended.sha256)).toBe(1);
  });
});

describe("what differs between two runs", () => {
  const { db } = newDatabase(folder);
  run(db, first, "one");
  run(db, later, "two");
  const differences = new RunDifferences(db, 1, 2);

  test("only principals with another answer, and of them all policies", () => {
    const found = [...differences.principals()];
    expect(found).toMatchObject([{ arn: role("web").arn, isInFrom: true, isInTo: true }]);
    const { from, to } = differences.answersOf(found[0]!); // the one
    expect(from.map(({ policyName }) => policyName)).toEqual(["inline-1"]);
    expect(from[0]?.documentId).toBe(to[0]?.documentId);
    expect(from[0]?.unusedId).not.toBe(to[0]?.unusedId);
    expect([...differences.inPlace()]).toEqual([]);
  });

  test("who came and who is gone", () => {
    const { db: three } = newDatabase(folder);
    run(three, first, "one");
    run(three, file("three.json", withInline(role("new"), allowing("s3:*"))), "two");
    const found = new RunDifferences(three, 1, 2);
    expect([...found.principals()].map(({ arn, isInFrom, isInTo }) => [arn, isInFrom, isInTo])).toEqual([
      [role("api").arn, true, false],
      [role("new").arn, false, true],
      [role("web").arn, true, false],
    ]);
    expect(found.comeAndGone()).toEqual({
      principalsCame: 1,
      principalsGone: 2,
      policiesCame: 1,
      policiesGone: 3,
      policiesChanged: 0,
    });
  });
});
