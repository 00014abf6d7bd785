import { createHash } from "node:crypto";
import { spawnSync } from "node:child_process";
import { beforeAll, describe, expect, test } from "vitest";
import type { AlignedStatement, PolicyPage, PrincipalPage, WordTree, WordNode } from "@leastwise/api";
import { DEMO, asked, leastwise, recommendations, refined, temporaryFolder, write, accountWith } from "./leastwise.ts";
import { type Serving, allRows, get, reply, serving } from "./serving.ts";

const folder = temporaryFolder();
const ROLE = "arn:aws:iam::123456789012:role/MyRole";
let db = "";
let server: Serving;
let pages: ReadonlyMap<string, PolicyPage>;

beforeAll(async () => {
  db = refined(folder, "org.db", DEMO);
  server = await serving(db);
  const found = new Map<string, PolicyPage>();
  for (const { principalArn, policyKey } of await allRows(server.port, "recommendations", { sort: "principal" })) {
    const page = await policyPage(String(policyKey), String(principalArn));
    found.set(`${String(principalArn)} ${String(policyKey)}`, page);
  }
  pages = found;
});

async function policyPage(policy: string, principal?: string): Promise<PolicyPage> {
  return (await reply(server.port, "policy", {
    policy,
    ...(principal === undefined ? {} : { principal }),
  })) as unknown as PolicyPage; // the contract
}

/** What becomes of a statement's Action, as its alignment says. */
function actionsAfter({ entries }: AlignedStatement): readonly string[] {
  return entries.flatMap((entry) => (entry.is === "removed" ? [] : entry.after));
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [value];
}

test("every policy of the organization has a page, with the documents that `export` gives", () => {
  for (const row of recommendations(db)) {
    const key = row.policyKind === "inline" ? `${row.principalArn}#${row.policyName}` : row.policyId;
    const page = pages.get(`${row.principalArn} ${key}`);

    expect(JSON.parse(page?.before ?? "")).toEqual(row.existingPolicy);
    const kept = row.recommendedAction === "NONE" ? row.existingPolicy : row.recommendedPolicy;
    expect(page?.after.map((text) => JSON.parse(text) as unknown)).toEqual(kept === null ? [] : [kept]);
    expect(page?.recommendation).toMatchObject({ actionsBefore: row.actionsBefore, actionsAfter: row.actionsAfter });
  }
});

test("statements stand beside what becomes of them, entry by entry", () => {
  let [changed, gone] = [0, 0];
  for (const { before, after, statements } of pages.values()) {
    const old = asList((JSON.parse(before) as { Statement: unknown }).Statement) as readonly Record<string, unknown>[]; // a policy
    const now =
      after.length === 0
        ? []
        : (asList((JSON.parse(after[0] ?? "") as { Statement: unknown }).Statement) as readonly Record<
            string,
            unknown
          >[]); // a policy
    expect(statements.map(({ before: place }) => place)).toEqual(old.map((_, i) => i));
    expect(statements.flatMap(({ after: place }) => (place === null ? [] : [place]))).toEqual(now.map((_, i) => i));
    for (const statement of statements) {
      const [was, is] = [old[statement.before], statement.after === null ? undefined : now[statement.after]];
      const element = statement.element;
      const named = statement.entries.flatMap((entry) => (entry.is === "added" ? [] : [entry.before]));
      expect(named).toEqual(asList(was?.[element]));
      if (is === undefined) gone++;
      const left = is === undefined ? [] : asList(is[element]).map(String);
      expect(is === undefined ? [] : [...actionsAfter(statement)].sort()).toEqual(left.sort());
      if (JSON.stringify(was) !== JSON.stringify(is)) changed++;
      const { Sid: _sid, Effect: _effect, Action: _action, NotAction: _notAction, ...rest } = was ?? {};
      expect(JSON.parse(statement.rest)).toEqual(rest);
    }
  }
  expect(changed).toBeGreaterThan(10);
  expect(gone).toBeGreaterThan(0);
});

test("Deny, what is left alone and what keeps its Sid say why they stay", () => {
  const all = [...pages.values()].flatMap((page) => page.statements.map((statement) => ({ page, statement })));
  const denied = all.filter(
    ({ statement, page }) => statement.effect === "Deny" && page.recommendation.recommendedAction !== "DETACH_POLICY",
  );
  const left = all.filter(({ page }) => page.recommendation.leftBecause !== null);

  expect(denied.length).toBeGreaterThan(0);
  for (const { statement } of denied) expect(statement.untouched).not.toBeNull();
  for (const { statement, page } of left)
    expect(statement.untouched).toBe(`left alone: ${page.recommendation.leftBecause ?? ""}`);
  const plain = all.filter(
    ({ statement, page }) => statement.effect === "Allow" && page.recommendation.leftBecause === null,
  );
  expect(plain.every(({ statement }) => statement.untouched === null)).toBe(true);
});

test("each certificate is the hash of its statement, which is the one that the database gives", () => {
  const stored = new Map(
    asked(db, "--sql", "SELECT principal_arn, policy_key, statement FROM certificates", "--limit", "0").map((row) => [
      `${String(row["principal_arn"])} ${String(row["policy_key"])}`,
      row["statement"],
    ]),
  );
  for (const [key, { certificate, certificateStatement }] of pages) {
    expect(certificateStatement).toBe(stored.get(key));
    expect(
      createHash("sha256")
        .update(certificateStatement ?? "")
        .digest("hex"),
    ).toBe(certificate);
  }
  expect(stored.size).toBe(pages.size);
});

test("the patches together are what `export --format diff` prints", () => {
  const diff = leastwise("export", "--db", db, "--format", "diff").out;
  const patches = [...pages.values()].map(({ patch }) => patch).filter((patch) => patch !== "");

  expect(patches.length).toBeGreaterThan(10);
  for (const patch of patches) expect(diff).toContain(patch);
});

test("what goes names its evidence: source, date and the actions", () => {
  const { statements } = pages.get(`${ROLE} ${ROLE}#MyRolePolicy`)!; // it is in the organization
  const entries = statements.flatMap(({ entries: all }) => all);
  const removed = entries.find((entry) => entry.is === "removed" && entry.before === "lambda:AddPermission");
  const replaced = entries.find((entry) => entry.is === "replaced" && entry.before === "s3:Get*");

  expect(removed).toMatchObject({
    evidence: [
      {
        source: "access-analyzer",
        updatedAt: "2026-09-24T08:45:41.000Z",
        ageDays: 1,
        actions: 1,
        first: ["lambda:AddPermission"],
      },
    ],
  });
  expect(replaced).toMatchObject({ hasTree: true, evidence: [{ source: "access-analyzer", actions: 22 }] });
  const unsaid = [...pages.values()]
    .filter(({ recommendation }) => recommendation.recommendedAction === "CREATE_POLICY")
    .flatMap((page) => page.statements.flatMap((statement) => statement.entries))
    .filter((entry) => (entry.is === "removed" || entry.is === "replaced") && entry.evidence.length === 0);
  expect(unsaid).toEqual([]);
});

describe("a wildcard that was replaced", () => {
  test("has a tree whose chosen nodes are what stands in its place", async () => {
    const tree = (await reply(server.port, "tree", {
      policy: `${ROLE}#MyRolePolicy`,
      principal: ROLE,
      statement: "1",
      entry: "s3:Get*",
    })) as unknown as WordTree; // the contract
    const chosen: string[] = [];
    const walk = ({ entries, children }: WordNode): void => {
      chosen.push(...entries);
      for (const child of children) walk(child);
    };
    walk(tree.root);

    expect(tree.pattern).toBe("s3:Get*");
    expect(chosen.sort()).toEqual([...tree.replacedBy].sort());
    expect(tree.replacedBy).toContain("s3:GetObject*");
    expect(tree.root.kept + tree.root.unused).toBe(63);
  });
});

describe("scripts", () => {
  test("are whole, and bash understands them", () => {
    const scripts = [...pages.values()]
      .flatMap(({ apply, rollback }) => [apply, rollback])
      .filter((text) => text !== null);

    expect(scripts.filter((text) => text.includes("apply.sh")).length).toBeGreaterThan(10);
    for (const text of scripts)
      expect(spawnSync("bash", ["-n"], { input: text, encoding: "utf8" })).toMatchObject({ status: 0, stderr: "" });
  });

  test("make the same calls as those of `export --format aws-cli`", () => {
    const { apply } = pages.get(`${ROLE} ${ROLE}#MyRolePolicy`)!; // it is in the organization

    expect(apply).toContain("put_inline 'role/MyRole/inline-MyRolePolicy' 'role' 'MyRole' 'MyRolePolicy'");
    expect(apply).toContain("changes=1\n");
  });

  test("a permission set's is not applied, and says why", () => {
    const page = [...pages.values()].find(
      ({ madeAs, recommendation }) =>
        madeAs === "permission set" && recommendation.recommendedAction === "CREATE_POLICY",
    );

    expect(page?.apply).toMatch(/^# not applied: the change belongs in the permission set/);
    expect(page?.rollback).toBeNull();
  });

  test("of what stays as it is there is none", () => {
    const kept = [...pages.values()].filter(
      ({ recommendation: { recommendedAction, leftBecause } }) => recommendedAction === "NONE" && leftBecause === null,
    );

    expect(kept.length).toBeGreaterThan(0);
    for (const { apply, rollback, patch } of kept) expect([apply, rollback, patch]).toEqual([null, null, ""]);
  });
});

test("a shared policy in place says who has it and who keeps more in it", async () => {
  const key = "arn:aws:iam::123456789012:policy/shop/ShopCatalogAccess";
  const page = await policyPage(key);
  const [row] = asked(db, "--sql", `SELECT * FROM policy_recommendations WHERE policy_key = '${key}'`);

  expect(page.recommendation).toMatchObject({
    principalArn: "",
    accountId: "123456789012",
    actionsBefore: row?.["actions_before"],
    actionsAfter: row?.["actions_after"],
  });
  expect(page.shared).toMatchObject({ principals: 3 });
  expect(page.blockers).toEqual(
    asked(
      db,
      "--sql",
      `SELECT principal_arn AS principalArn, reason, actions FROM policy_blockers WHERE policy_key = '${key}' ORDER BY actions DESC, 1, 2`,
    ),
  );
  expect(page.certificate).toBe(
    createHash("sha256")
      .update(page.certificateStatement ?? "")
      .digest("hex"),
  );
});

test("drift is null where the program has no newer catalog, and says how far entries reach where it has", async () => {
  expect(pages.get(`${ROLE} ${ROLE}#MyRolePolicy`)?.drift).toBeNull();
  const older = refined(folder, "older.db", DEMO, "--catalog", "test-data/catalogs/2024.json");
  const other = await serving(older);
  const page = (await reply(other.port, "policy", {
    policy: `${ROLE}#MyRolePolicy`,
    principal: ROLE,
  })) as unknown as PolicyPage; // the contract

  expect(page.drift).toContainEqual({
    entry: "s3:GetObject*",
    now: expect.any(Number) as unknown,
    then: expect.any(Number) as unknown, // eslint-disable-line unicorn/no-thenable -- a number of the contract
  });
  for (const { now, then } of page.drift ?? []) expect(then).toBeGreaterThan(now);
});

test("a principal's page has what `show` and the views have", async () => {
  for (const arn of [
    ROLE,
    "arn:aws:iam::123456789012:group/people/support",
    "arn:aws:iam::123456789012:user/people/olena.koval",
  ]) {
    const page = (await reply(server.port, "principal", { arn })) as unknown as PrincipalPage; // the contract
    const usage = asked(
      db,
      "--sql",
      `SELECT source, service, state FROM usage WHERE principal_arn = '${arn}' ORDER BY 1, 2, 3`,
      "--limit",
      "0",
    );
    const said = page.usage.map(({ source, service, state }) => ({ source, service, state }));

    expect(said.map((one) => JSON.stringify(one)).sort()).toEqual(usage.map((one) => JSON.stringify(one)).sort());
    expect(page.recommendations.map(({ policyKey }) => policyKey)).toEqual(
      asked(db, "--sql", `SELECT policy_key FROM recommendations WHERE principal_arn = '${arn}' ORDER BY 1`).map(
        (row) => row["policy_key"],
      ),
    );
  }
  const group = (await reply(server.port, "principal", {
    arn: "arn:aws:iam::123456789012:group/people/support",
  })) as unknown as PrincipalPage; // the contract
  expect(group.members.length).toBeGreaterThan(0);
});

test("hostile names are data: they come back as they are, in JSON, and defused in CSV", async () => {
  const names = [
    '=cmd|" /C calc"!A0',
    "</script><script>alert(1)</script>",
    "a\u202Eb\u0007c",
    "x".repeat(128),
    "'; DROP TABLE run; --",
  ];
  const roles = Object.fromEntries(
    names.map((name, i) => [
      `role${i}`,
      { [name]: { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "s3:Get*", Resource: "*" }] } },
    ]),
  );
  const hostile = refined(folder, "hostile.db", write(folder, "hostile.json", accountWith("210987654321", roles)));
  const other = await serving(hostile);
  const rows = await allRows(other.port, "recommendations", { sort: "principal" });

  expect(rows.map(({ policyName }) => policyName)).toEqual(names);
  const csv = (await get(other.port, "/api/recommendations.csv?sort=principal")).text;
  expect(csv).toContain(`"'=cmd|"" /C calc""!A0"`);
  expect(csv).toContain("a\\u202Eb\\u0007c");
  for (const { policyKey, principalArn } of rows) {
    const page = (await reply(other.port, "policy", {
      policy: String(policyKey),
      principal: String(principalArn),
    })) as unknown as PolicyPage; // the contract
    expect(page.recommendation.policyKey).toBe(policyKey);
  }
});
