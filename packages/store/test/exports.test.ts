import { expect, test } from "vitest";
import * as store from "../src/index.ts";

test("the package exports these names and no others", () => {
  expect(Object.keys(store).sort()).toEqual([
    "IngestWriter",
    "OutcomeWriter",
    "QUESTIONS",
    "StoreError",
    "StoredResults",
    "ask",
    "beginRun",
    "closeWriting",
    "countUnits",
    "ensureCatalog",
    "enterState",
    "findPrincipal",
    "holdSnapshot",
    "isKnown",
    "lockFor",
    "openForReading",
    "openForWriting",
    "plan",
    "readCatalogs",
    "readChanges",
    "readDiagnosticsByCode",
    "readEvidenceOf",
    "readGroupsOf",
    "readRecommendations",
    "readShards",
    "shardLimits",
    "suggestPrincipals",
    "summarise",
    "unsound",
  ]);
});
