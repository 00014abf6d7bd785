import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import * as core from "../src/index.ts";

const VALUES = [
  "CatalogTrie",
  "ImageError",
  "NOTHING_UNUSED",
  "Verifier",
  "buildImage",
  "certificateText",
  "changeOf",
  "changeRow",
  "contains",
  "entriesOf",
  "fold",
  "hasWildcard",
  "ids",
  "includes",
  "intersect",
  "intersectionOf",
  "intervalSetOf",
  "matchedBy",
  "matches",
  "parsePattern",
  "refinePolicy",
  "refineShard",
  "remainders",
  "resolveUnused",
  "settleReports",
  "size",
  "statementsOf",
  "subtract",
  "unionOf",
  "unusedOf",
  "wordStarts",
];
const TYPES = [
  "AttachmentRecord",
  "Certificate",
  "Change",
  "ChangeRow",
  "Claim",
  "Diagnostic",
  "DocumentRecord",
  "Engine",
  "Evidence",
  "GrantCounts",
  "GrantRow",
  "Granted",
  "Granularity",
  "ImageSource",
  "IntervalSet",
  "Law",
  "Origin",
  "OutcomeRows",
  "Pattern",
  "PolicyDocument",
  "PolicyKind",
  "PolicyRecord",
  "PrincipalKind",
  "PrincipalRecord",
  "RecommendedAction",
  "Refinement",
  "Report",
  "ResolvedUnused",
  "Shard",
  "ShardOutcome",
  "Statement",
  "Unit",
  "UnitFailure",
  "UnitOutcome",
  "UnitResult",
  "UnitRow",
  "Unused",
  "UnusedReport",
  "UnusedService",
  "UsageRecord",
  "UsageSource",
  "Verdict",
  "Violation",
];

it("core exports these values and no others", () => {
  expect(Object.keys(core).sort()).toEqual(VALUES);
});

it("core exports these names, types and all", () => {
  const text = readFileSync(new URL("../src/index.ts", import.meta.url), "utf8");
  const lists = Array.from(text.matchAll(/export (?:type )?\{([^}]*)\}/g), ([, list]) => list ?? "");
  const names = lists.flatMap((list) => list.split(",")).map((name) => name.replace("type ", "").trim());
  expect(names.filter((name) => name !== "").sort()).toEqual([...VALUES, ...TYPES].sort());
  expect(text).not.toMatch(/export (?:\*|const|function|class|default)/);
});
