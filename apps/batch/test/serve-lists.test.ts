import { beforeAll, describe, expect, test } from "vitest";
import { DEMO, asked, leastwise, refined, temporaryFolder } from "./leastwise.ts";
import { type Serving, allRows, get, apiPath, reply, serving } from "./serving.ts";

const folder = temporaryFolder();
let db = "";
let server: Serving;

beforeAll(async () => {
  db = refined(folder, "org.db", DEMO);
  server = await serving(db);
});

/** Rows of the program's own SQL. */
function sql(text: string): readonly Readonly<Record<string, unknown>>[] {
  return asked(db, "--sql", text, "--limit", "0");
}

const SORTS: readonly (readonly [list: string, sort: string])[] = [
  ...["removed", "account", "attachments", "before", "after"].map((sort) => ["accounts", sort] as const),
  ...["arn", "name", "before", "after", "removed", "services"].map((sort) => ["principals", sort] as const),
  ...["removed", "before", "principal", "size"].map((sort) => ["recommendations", sort] as const),
  ...["principals", "name", "results"].map((sort) => ["shared-policies", sort] as const),
  ...["removed", "service", "before", "after"].map((sort) => ["services", sort] as const),
];

describe.each(SORTS)("%s by %s", (list, sort) => {
  test.each(["asc", "desc"])("%s: pages of 7 are the list at once, without a row twice", async (order) => {
    const whole = await allRows(server.port, list, { sort, order, limit: "500" });
    const pages = await allRows(server.port, list, { sort, order, limit: "7" });

    expect(pages).toEqual(whole);
    expect(new Set(pages.map((row) => JSON.stringify(row))).size).toBe(pages.length);
  });

  test("descending is ascending turned round", async () => {
    const up = await allRows(server.port, list, { sort, order: "asc", limit: "500" });
    const down = await allRows(server.port, list, { sort, order: "desc", limit: "500" });

    expect([...down].reverse()).toEqual(up);
  });
});

test("every page of actions, of which thousands are equal in what goes, comes once", async () => {
  const rows = await allRows(server.port, "actions", { sort: "removed", limit: "499" });

  expect(rows).toHaveLength(Number(sql("SELECT count(*) AS n FROM actions")[0]?.["n"]));
  expect(new Set(rows.map((row) => row["action"])).size).toBe(rows.length);
});

describe("the numbers are those of the views", () => {
  test("of accounts", async () => {
    const rows = await allRows(server.port, "accounts", { sort: "account" });

    expect(rows).toEqual(
      sql(`SELECT account_id AS accountId, principals, attachments, to_replace AS toReplace, to_detach AS toDetach, unchanged, failed,
        actions_before AS actionsBefore, actions_after AS actionsAfter FROM accounts ORDER BY account_id`),
    );
  });

  test("of recommendations, each of them once", async () => {
    const rows = await allRows(server.port, "recommendations", { sort: "principal" });

    expect(rows).toEqual(
      sql(`SELECT account_id AS accountId, principal_arn AS principalArn, principal_name AS principalName, principal_kind AS principalKind,
        policy_key AS policyKey, policy_name AS policyName, policy_kind AS policyKind, recommended_action AS recommendedAction,
        actions_before AS actionsBefore, actions_after AS actionsAfter, size_after AS sizeAfter, size_limit AS sizeLimit, fit,
        left_because AS leftBecause, state FROM recommendations ORDER BY principal_arn, policy_key`),
    );
  });

  test("of principals, with those that have no policies", async () => {
    const rows = await allRows(server.port, "principals", { sort: "arn" });

    expect(rows).toEqual(
      sql(`SELECT p.arn, p.account_id AS accountId, p.kind, p.name, p.evidence, p.left_because AS leftBecause, p.unused_by AS unusedBy,
        coalesce(t.attachments, 0) AS attachments, coalesce(t.actions_before, 0) AS actionsBefore, coalesce(t.actions_after, 0) AS actionsAfter,
        coalesce(t.services_removed, 0) AS servicesRemoved
        FROM principals p LEFT JOIN principal_totals t ON t.principal_arn = p.arn ORDER BY p.arn`),
    );
    expect(rows.some(({ attachments }) => attachments === 0)).toBe(true);
  });

  test("of services, of the organization and of one account", async () => {
    const columns = `service, verdict, attachments_before AS attachmentsBefore, attachments_after AS attachmentsAfter,
      principals_before AS principalsBefore, principals_after AS principalsAfter`;
    const all = await allRows(server.port, "services", { sort: "service" });
    const one = await allRows(server.port, "services", { sort: "service", account: "123456789012" });

    expect(all).toEqual(
      sql(
        `SELECT ${columns}, accounts_before AS accountsBefore, accounts_after AS accountsAfter FROM services ORDER BY service`,
      ).map((row) => expect.objectContaining(row) as unknown),
    );
    expect(one).toEqual(
      sql(`SELECT ${columns} FROM account_services WHERE account_id = '123456789012' ORDER BY service`).map(
        (row) => expect.objectContaining(row) as unknown,
      ),
    );
    expect(one.length).toBeGreaterThan(0);
  });

  test("of shared policies and diagnostics", async () => {
    const shared = await allRows(server.port, "shared-policies", { sort: "name" });
    const said = await allRows(server.port, "diagnostics", {});

    expect(shared.map((row) => [row["policyKey"], row["principals"], row["blockers"]])).toEqual(
      sql("SELECT policy_key, principals, blockers FROM shared_policies ORDER BY policy_name, policy_key").map((row) =>
        Object.values(row),
      ),
    );
    expect(said.map((row) => JSON.stringify(row)).sort()).toEqual(
      sql("SELECT severity, code, path, pointer, message, hint FROM diagnostics")
        .map((row) => JSON.stringify(row))
        .sort(),
    );
  });

  test.each(["before", "after"])("of who may call an action, %s", async (when) => {
    for (const action of ["s3:GetObject", "iam:PassRole", "sqs:SendMessage", "ec2:DescribeInstances"]) {
      const rows = await allRows(server.port, "holders", { action, when, limit: "3" });
      const expected =
        sql(`SELECT account_id AS accountId, principal_arn AS principalArn, principal_kind AS principalKind, policy_key AS policyKey,
        policy_name AS policyName, policy_kind AS policyKind, statement, sid, element, entry, resource, condition
        FROM allowed_${when} WHERE action = '${action}'`);

      expect(rows).toEqual(expected);
      expect(rows.length).toBeGreaterThan(0);
    }
  });

  test("of the overview, which the lists behind it have too", async () => {
    const overview = await reply(server.port, "overview");
    const [found] = sql(
      "SELECT sum(attachments) AS attachments, sum(to_replace) AS toReplace, sum(to_detach) AS toDetach, sum(unchanged) AS unchanged, sum(actions_before) AS actionsBefore, sum(actions_after) AS actionsAfter FROM accounts",
    );
    const distribution = overview["distribution"] as readonly { from: number; below: number; attachments: number }[]; // the contract

    expect(overview).toMatchObject(found ?? {});
    for (const action of ["replace", "detach", "none"]) {
      const rows = await allRows(server.port, "recommendations", { action });
      const { total } = await reply(server.port, "recommendations", { action });
      expect(rows).toHaveLength(
        Number(overview[{ replace: "toReplace", detach: "toDetach", none: "unchanged" }[action] ?? ""]),
      );
      expect(total).toBe(rows.length);
    }
    for (const { from, below, attachments } of distribution) {
      const bar = { removedFrom: String(from), removedBelow: String(below) };
      expect(await allRows(server.port, "recommendations", bar)).toHaveLength(attachments);
    }
    expect(distribution.reduce((sum, bar) => sum + bar.attachments, 0)).toBe(found?.["attachments"]);
    const kinds = (overview["evidence"] as { kinds: readonly { kind: string; principals: number }[] }).kinds; // the contract
    for (const { kind, principals } of kinds)
      expect(await allRows(server.port, "principals", { evidence: kind })).toHaveLength(principals);
  });

  test("of a named question, as `query` gives it", async () => {
    const { rows } = await reply(server.port, "question", { question: "largest-reductions" });
    const who = await reply(server.port, "question", { question: "who-can", "p.action": "iam:PassRole" });

    expect(rows).toEqual(asked(db, "largest-reductions").map((row) => Object.values(row)));
    expect(who["rows"]).toEqual(asked(db, "who-can", "iam:PassRole").map((row) => Object.values(row)));
  });
});

describe("filters", () => {
  test.each([
    ["recommendations", { account: "123456789012" }, "account_id = '123456789012'"],
    ["recommendations", { principal: "arn:aws:iam::123456789012:role/MyRole" }, "principal_name = 'MyRole'"],
    [
      "recommendations",
      { policyKind: "aws", action: "replace" },
      "policy_kind = 'aws' AND recommended_action = 'CREATE_POLICY'",
    ],
    [
      "recommendations",
      { policy: "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess" },
      "policy_name = 'AmazonS3ReadOnlyAccess'",
    ],
    ["recommendations", { q: "SHOP" }, "principal_arn LIKE '%shop%' OR policy_key LIKE '%shop%'"],
    [
      "recommendations",
      { q: "shop-", sort: "principal", action: "none" },
      "recommended_action = 'NONE' AND (principal_arn LIKE '%shop-%' OR policy_key LIKE '%shop-%')",
    ],
    ["recommendations", { fit: "fits" }, "fit = 'fits'"],
    ["recommendations", { fit: "too-large" }, "fit = 'too-large'"],
    ["principals", { kind: "user" }, "kind = 'user'"],
    ["principals", { left: "yes", sort: "removed" }, "left_because IS NOT NULL"],
    ["principals", { left: "no", account: "123456789012" }, "left_because IS NULL AND account_id = '123456789012'"],
    ["principals", { unused: "yes" }, "unused_by IS NOT NULL"],
    ["principals", { q: "role/shop/" }, "arn LIKE '%role/shop/%'"],
    [
      "actions",
      { service: "s3", level: "Write", granted: "yes" },
      "service = 's3' AND access_level = 'Write' AND attachments_before > 0",
    ],
    ["actions", { q: "passrole" }, "action LIKE '%passrole%'"],
    ["actions", { escalation: "yes" }, "action IN (SELECT action FROM escalation_actions)"],
    ["services", { verdict: "unused" }, "verdict = 'unused'"],
  ] as const)("%s %j", async (list, filters, where) => {
    const rows = await allRows(server.port, list, { ...filters, limit: "500" });

    expect(rows).toHaveLength(Number(sql(`SELECT count(*) AS n FROM ${list} WHERE ${where}`)[0]?.["n"]));
  });

  test("accounts that grant a service", async () => {
    const rows = await allRows(server.port, "accounts", { service: "DynamoDB" });

    expect(rows.map(({ accountId }) => String(accountId)).sort()).toEqual(
      sql(
        "SELECT account_id FROM account_services WHERE service = 'dynamodb' AND attachments_before > 0 ORDER BY 1",
      ).map((row) => row["account_id"]),
    );
  });

  test("a percent sign and an underscore are searched for as they are", async () => {
    expect(await allRows(server.port, "principals", { q: "%" })).toEqual([]);
    expect(await allRows(server.port, "actions", { q: "s3_GetObject" })).toEqual([]);
  });
});

describe("CSV", () => {
  test.each([
    ["recommendations", { sort: "removed", account: "123456789012" }],
    ["principals", { kind: "role" }],
    ["actions", { service: "s3" }],
    ["holders", { action: "s3:GetObject", when: "before" }],
  ] as const)("%s %j has the rows of the list in its order", async (list, filters) => {
    const rows = await allRows(server.port, list, filters);
    const { text, headers } = await get(server.port, apiPath(`${list}.csv`, filters));
    const [head = "", ...lines] = text.trimEnd().split("\n");

    expect(headers["content-type"]).toContain("text/csv");
    expect(head.split(",")).toEqual(Object.keys(rows[0] ?? {}).toSorted((a, b) => head.indexOf(a) - head.indexOf(b)));
    expect(lines).toHaveLength(rows.length);
    const key = list === "actions" ? "action" : list === "principals" ? "arn" : "principalArn";
    const place = head.split(",").indexOf(key);
    expect(lines.map((line) => line.split(",")[place])).toEqual(rows.map((row) => row[key]));
  });

  test("what is no list has none", async () => {
    expect((await get(server.port, "/api/overview.csv")).status).toBe(404);
    expect((await get(server.port, "/api/sql.csv?sql=SELECT+1")).status).toBe(404);
  });
});

test("an unfinished search says where it goes on, and whoever follows finds everything", async () => {
  const rows = await allRows(server.port, "recommendations", { q: "MyRole", sort: "principal", limit: "1" });

  expect(rows).toHaveLength(
    Number(sql("SELECT count(*) AS n FROM recommendations WHERE policy_key LIKE '%MyRole%'")[0]?.["n"]),
  );
});

test("what `find` finds is what is called so, the beginning first", async () => {
  const found = (await reply(server.port, "find", { q: "iam:passr" })) as unknown as readonly Record<string, unknown>[]; // the contract

  expect(found).toEqual([expect.objectContaining({ kind: "action", key: "iam:PassRole" })]);
  const role = (await reply(server.port, "find", { q: "myrole" })) as unknown as readonly Record<string, unknown>[]; // the contract
  expect(role.map(({ key }) => key)).toContain("arn:aws:iam::123456789012:role/MyRole");
  const account = (await reply(server.port, "find", { q: "1234" })) as unknown as readonly Record<string, unknown>[]; // the contract
  expect(account[0]).toMatchObject({ kind: "account", key: "123456789012" });
});

test("the schema is described as docs/schema.md does", async () => {
  const schema = (await reply(server.port, "schema")) as unknown as readonly {
    name: string;
    kind: string;
    description: string;
    columns: readonly string[];
  }[]; // the contract

  expect(schema.find(({ name }) => name === "accounts")?.columns).toContain("actions_before");
  expect(schema.filter(({ description }) => description === "")).toEqual([]);
  expect(schema.length).toBe(
    Number(
      sql("SELECT count(*) AS n FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite%'")[0]?.[
        "n"
      ],
    ),
  );
});

test("runs are those of `runs`", async () => {
  const runs = (await reply(server.port, "runs")) as unknown as readonly Record<string, unknown>[]; // the contract
  const [line = ""] = leastwise("runs", "--db", db, "--json").out.split("\n");
  const said = JSON.parse(line) as Record<string, unknown>; // a line of JSON

  expect(runs).toHaveLength(1);
  expect(runs[0]).toMatchObject({
    runId: said["run_id"],
    attachments: said["attachments"],
    actionsAfter: said["actions_after"],
  });
});
