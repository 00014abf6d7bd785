/** From intervals of granted actions to the documents that grant them. */
import { describe, expect, test } from "vitest";
import { type Connection, forgetRun, wrongTotals } from "../src/index.ts";
import { BlockIntervals, indexAllIntervals, indexIntervals } from "../src/conclude/interval-documents.ts";
import {
  allowing,
  answered,
  file,
  newDatabase,
  planned,
  role,
  rows,
  temporaryFolder,
  together,
  withInline,
} from "./organization.ts";

const folder = temporaryFolder();
const packed = (lo: number, hi: number): number => lo * 2 ** 26 + hi;

describe("a block", () => {
  test("has a row for each interval, in order, with the documents in order", () => {
    const block = new BlockIntervals();
    block.add([{ documentId: 3, intervals: [packed(0, 2), packed(5, 6)], wildcards: [] }]);
    block.add([
      { documentId: 4, intervals: [packed(5, 7)], wildcards: [] },
      { documentId: 9, intervals: [packed(0, 2), packed(5, 6)], wildcards: [] },
      { documentId: 10, intervals: [], wildcards: [] },
    ]);
    expect([...block.rows()]).toEqual([
      { lo: 0, hi: 2, first: 3, documents: "[3,9]" },
      { lo: 5, hi: 6, first: 3, documents: "[3,9]" },
      { lo: 5, hi: 7, first: 4, documents: "[4]" },
    ]);
  });

  test("cuts a long list into rows of 256 documents", () => {
    const block = new BlockIntervals();
    const ids = Array.from({ length: 600 }, (_, i) => 2 * i + 1);
    block.add(ids.map((documentId) => ({ documentId, intervals: [packed(1, 2)], wildcards: [] })));
    const found = [...block.rows()];
    expect(found.map(({ first }) => first)).toEqual([1, 513, 1025]);
    expect(found.flatMap(({ documents }) => JSON.parse(documents) as number[])).toEqual(ids);
  });
});

const indexed = (db: Connection): readonly unknown[] =>
  rows(db, "SELECT * FROM interval_document ORDER BY catalog_id, lo, hi, first_document_id");

/** What interval_document should hold, as pairs, and what it holds. */
const pairs = (db: Connection): readonly [unknown, unknown] => [
  rows(db, "SELECT lo, hi, document_id AS id FROM grant_intervals ORDER BY 1, 2, 3"),
  rows(db, "SELECT lo, hi, one.value AS id FROM interval_document, json_each(documents) AS one ORDER BY 1, 2, 3"),
];

describe("interval_document", () => {
  test("holds what grant_intervals shows, the other way round, after a run and after the next", () => {
    const { db } = newDatabase(folder);
    answered(db, planned(db, [file("a.json", withInline(role("web"), allowing("s3:Get*", "sqs:*")))]));
    const [first, stored] = pairs(db);
    expect(stored).toEqual(first);
    const said = together(withInline(role("web"), allowing("s3:*")), withInline(role("api"), allowing("sqs:*")));
    answered(db, planned(db, [file("b.json", said)], { runKey: "next" }));
    const [both, more] = pairs(db);
    expect(more).toEqual(both);
    expect(more).not.toEqual(first);
    db.close();
  });

  test("nothing is written where it is up to date, and it may be made again after an interruption", () => {
    const { db } = newDatabase(folder);
    const run = answered(db, planned(db, [file("a.json", withInline(role("web"), allowing("sqs:*")))]));
    const once = indexed(db);
    const changes = (): unknown => db.prepare("SELECT total_changes()").pluck().get();
    const before = changes();
    indexIntervals(db, run.catalogId);
    expect(changes()).toBe(before);
    db.exec("DELETE FROM interval_block");
    db.exec("DELETE FROM interval_document");
    indexIntervals(db, run.catalogId);
    expect(indexed(db)).toEqual(once);
    db.close();
  });

  test("loses what only a forgotten run had", () => {
    const { db } = newDatabase(folder);
    answered(db, planned(db, [file("a.json", withInline(role("web"), allowing("sqs:*")))]));
    const once = indexed(db);
    const next = answered(
      db,
      planned(db, [file("b.json", withInline(role("web"), allowing("s3:*")))], { runKey: "next" }),
    );
    expect(indexed(db)).not.toEqual(once);
    forgetRun(db, next.runId);
    expect(indexed(db)).toEqual(once);
    expect([...wrongTotals(db)]).toEqual([]);
    db.close();
  });

  test("has nothing of documents that grant nothing, which nobody misses, of whatever run they are", () => {
    const { db } = newDatabase(folder);
    const run = answered(db, planned(db, [file("a.json", withInline(role("web"), allowing("sqs:*")))]));
    const once = [...indexed(db), ...rows(db, "SELECT * FROM interval_block")];
    const denying = JSON.stringify({
      Version: "2012-10-17",
      Statement: { Effect: "Deny", Action: "sqs:SendMessage", Resource: "*" },
    });
    for (const id of [1000, 70_000]) {
      db.prepare("INSERT INTO document VALUES (?, ?, ?, ?)").run(id, String(id), denying.length, denying);
      db.prepare("INSERT INTO grant_set VALUES (?, ?, 0, NULL, '[]')").run(run.catalogId, id);
    }
    expect([...wrongTotals(db)]).toEqual([]);
    indexIntervals(db, run.catalogId); // as a run ends while another one is unfinished
    expect([...indexed(db), ...rows(db, "SELECT * FROM interval_block")]).toEqual(once);
    expect([...wrongTotals(db)]).toEqual([]);
    indexAllIntervals(db); // as a run is forgotten
    expect([...indexed(db), ...rows(db, "SELECT * FROM interval_block")]).toEqual(once);
    expect([...wrongTotals(db)]).toEqual([]);
    db.close();
  });

  test("may lack what only an unfinished run asks about, and nothing else", () => {
    const { db } = newDatabase(folder);
    answered(db, planned(db, [file("a.json", withInline(role("web"), allowing("sqs:*")))]));
    db.exec(`INSERT INTO document SELECT 1000, 'other', characters, text FROM document LIMIT 1;
      INSERT INTO grant_set SELECT catalog_id, 1000, actions, wildcards, intervals FROM grant_set LIMIT 1`);
    expect([...wrongTotals(db)]).toEqual([]);
    db.exec("DELETE FROM interval_document");
    db.exec("DELETE FROM interval_block");
    expect([...wrongTotals(db)]).toEqual(["interval_document", "interval_block"].toSorted());
    db.close();
  });
});
