import { expect, test } from "vitest";
import { ensureCatalog, readCatalogs } from "../src/index.ts";
import { CATALOG_SHA256, catalogId, newDatabase, newRun, rows, temporaryFolder } from "./organization.ts";

const folder = temporaryFolder();

test("a catalog is written once, and known from then on without being read again", () => {
  const { db } = newDatabase(folder);
  const first = catalogId(db);
  const second = ensureCatalog(db, CATALOG_SHA256, () => {
    throw new Error("the rows of a known catalog were asked for");
  });
  expect(second).toBe(first);
  expect(readCatalogs(db)).toEqual([
    { source: "a small catalog", date: "2026-09-26", sha256: CATALOG_SHA256, services: 2, actions: 7, tracked: 1 },
  ]);
  db.close();
});

test("an action's id is its place in the order, so that a service is one interval", () => {
  const { db } = newDatabase(folder);
  catalogId(db);
  const ofSqs = `SELECT a.action_id, a.service, a.name FROM service s JOIN action a USING (catalog_id)
    WHERE s.service = 'sqs' AND s.lo <= a.action_id AND a.action_id < s.hi`;
  expect(rows(db, ofSqs)).toEqual([
    { action_id: 5, service: "sqs", name: "DeleteMessage" },
    { action_id: 6, service: "sqs", name: "SendMessage" },
  ]);
  db.close();
});

test("people see of each action whether IAM tracks it", () => {
  const { db } = newDatabase(folder);
  newRun(db);
  expect(rows(db, "SELECT action FROM actions WHERE tracked")).toEqual([{ action: "s3:ListBucket" }]);
  expect(rows(db, "SELECT DISTINCT tracked FROM actions ORDER BY 1")).toEqual([{ tracked: 0 }, { tracked: 1 }]);
  db.close();
});

function* broken(): Generator<{ action: string; accessLevel: string; tracked: boolean }> {
  yield { action: "s3:GetObject", accessLevel: "Read", tracked: false };
  throw new Error("the disk is gone");
}

test("a catalog that breaks off is not there at all", () => {
  const { db } = newDatabase(folder);
  const sha256 = "d".repeat(64);
  const rowsOf = { sha256, source: "broken", date: "", services: [{ service: "s3", lo: 0, hi: 1 }] };
  expect(() => ensureCatalog(db, sha256, () => ({ ...rowsOf, actions: broken() }))).toThrow("the disk is gone");
  expect(readCatalogs(db)).toEqual([]);
  db.close();
});
