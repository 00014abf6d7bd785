/** How SQLite answers named questions: never by looking at every row of a table that grows with the organization. */
import { describe, expect, test } from "vitest";
import { type Connection, QUESTIONS, closeWriting, openForReading, openForWriting } from "../src/index.ts";
import {
  allowing,
  answered,
  file,
  finding,
  newDatabase,
  planned,
  role,
  temporaryFolder,
  together,
  withInline,
} from "./organization.ts";

const folder = temporaryFolder();

/** Tables with a row, or more, for each principal, policy, document, attachment, interval or kind of call. */
const BIG = new Set([
  "account_service_total",
  "attachment",
  "aws_comparison",
  "aws_recommendation",
  "diagnostic",
  "document",
  "document_shape",
  "document_total",
  "event_name",
  "event_use",
  "grant_set",
  "interval_document",
  "interval_total",
  "membership",
  "policy",
  "policy_blocker",
  "policy_document",
  "policy_recommendation",
  "policy_total",
  "principal",
  "principal_total",
  "recommendation",
  "run_principal",
  "unit",
  "unit_change",
  "unused_set",
  "usage_report",
]);

/** Scans that are meant, and why they are short. */
const MEANT: Readonly<Record<string, readonly string[]>> = {
  // partial indexes that hold nothing but failed units, and units with unknown actions
  refused: [
    "SCAN u USING INDEX unit_failed",
    "SCAN u USING INDEX unit_with_unknown_actions",
    "SCAN u USING COVERING INDEX unit_with_unknown_actions",
  ],
};

/** Where sorting is meant: the answer has as many rows as there are accounts, services, actions or sources. */
const SORTED = new Set([
  "by-account",
  "escalation",
  "access-levels",
  "services-unused",
  "services-unused-in",
  "events",
  "unmapped-events",
]);

function plan(
  db: Connection,
  sql: string,
  parameters: readonly { readonly name: string; readonly example: string }[],
): readonly string[] {
  const given = Object.fromEntries(parameters.map(({ name, example }) => [name, example]));
  return db
    .prepare<[object], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`)
    .all(given)
    .map(({ detail }) => detail);
}

/** The aliases under which a question, and the views it asks, name tables. */
function aliasesOf(db: Connection, sql: string): ReadonlyMap<string, string> {
  const views = db.prepare<[], string>("SELECT sql FROM sqlite_schema WHERE type = 'view'").pluck().all();
  const aliases = new Map<string, string>();
  for (const text of [sql, ...views])
    for (const [, table = "", alias = ""] of text.matchAll(
      /\b(?:FROM|JOIN|,)\s+([a-z_]+)(?:\s+(?:AS\s+)?([a-z_]+))?/gi,
    ))
      if (BIG.has(table)) {
        aliases.set(table, table);
        if (!/^(?:ON|USING|WHERE|CROSS|LEFT|JOIN|GROUP|ORDER)$/i.test(alias) && alias !== "") aliases.set(alias, table);
      }
  return aliases;
}

function database(): Connection {
  const { db } = newDatabase(folder);
  const web = role("web");
  const said = together(withInline(web, allowing("s3:Get*", "sqs:*")), withInline(role("api"), allowing("s3:*")));
  answered(db, planned(db, [file("a.json", { ...said, usage: [finding(web, "f", null, { sqs: null })] })]));
  return db;
}

/** As ANALYZE found them in a database of a million recommendations. */
const OF_A_MILLION: Readonly<Record<string, string>> = {
  "account account": "2500 1",
  "action action": "22091 2001 1",
  "action action_by_name": "22091 2001 1",
  "attachment attachment": "999876 2001 4 1",
  "attachment attachment_by_policy": "999876 2001 1001",
  "document sqlite_autoindex_document_1": "617802 1",
  "interval_document interval_document": "1500000 2001 60 3 1",
  "grant_set grant_set": "617802 2001 1",
  "policy sqlite_autoindex_policy_1": "321594 1",
  "policy_blocker policy_blocker_by_policy": "159357 2001 8",
  "policy_document policy_document": "321594 2001 1",
  "policy_recommendation policy_recommendation": "19999 2001 1",
  "policy_recommendation policy_recommendation_by_unit": "19999 15 15",
  "principal principal_by_account": "250000 96 96 1",
  "principal sqlite_autoindex_principal_1": "250000 1",
  "recommendation recommendation": "999876 2001 4 1",
  "recommendation recommendation_by_policy": "999876 1001 1001",
  "recommendation recommendation_by_unit": "999876 2001 2001",
  "run_principal run_principal": "250000 2001 1",
  "unit sqlite_autoindex_unit_1": "802177 5 1 1 1 1",
  "usage_report usage_report_by_principal": "250000 2001 1",
};

/** What SQLite believes of the tables' sizes. */
const STATISTICS: Readonly<Record<string, (db: Connection) => void>> = {
  "as it is written": () => {},
  "that somebody has analysed when it was large": (db) => {
    db.exec("ANALYZE; DELETE FROM sqlite_stat1");
    const insert = db.prepare("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (?, ?, ?)");
    for (const [place, stat] of Object.entries(OF_A_MILLION)) insert.run(...place.split(" "), stat);
  },
};

test("nothing is analysed when a database is closed, so that plans do not depend on sizes", () => {
  const { db, path } = newDatabase(folder);
  closeWriting(db);
  const again = openForReading(path);
  expect(again.prepare("SELECT count(*) FROM sqlite_schema WHERE name LIKE 'sqlite_stat%'").pluck().get()).toBe(0);
});

describe.each(Object.entries(STATISTICS))("a database %s", (_, prepare) => {
  const made = database();
  prepare(made);
  const { name: path } = made;
  made.close();
  const db = openForWriting(path); // statistics are read when a database is opened

  test.each(QUESTIONS.map((question) => [question.name, question] as const))("%s", (name, { sql, parameters }) => {
    const details = plan(db, sql, parameters);
    const aliases = aliasesOf(db, sql);
    const scans = details.filter((detail) => {
      const scanned = /^SCAN (\w+)/.exec(detail)?.[1];
      return (
        scanned !== undefined &&
        !detail.includes("VIRTUAL TABLE") &&
        aliases.has(scanned) &&
        !MEANT[name]?.includes(detail)
      );
    });
    expect(scans).toEqual([]);
    expect(details.filter((detail) => detail.includes("AUTOMATIC"))).toEqual([]);
  });

  test.each(QUESTIONS.filter(({ name }) => !SORTED.has(name)).map((question) => [question.name, question] as const))(
    "%s gives its rows in the order of an index",
    (_name, { sql, parameters }) => {
      const rows = db
        .prepare<[object], { id: number; parent: number; detail: string }>(`EXPLAIN QUERY PLAN ${sql}`)
        .all(Object.fromEntries(parameters.map(({ name, example }) => [name, example])));
      const sorts = rows.filter(({ parent, detail }) => parent === 0 && detail.startsWith("USE TEMP B-TREE"));
      expect(sorts).toEqual([]);
    },
  );
});
