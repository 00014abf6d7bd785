/** Every view, in a browser, of the made-up organization: it shows what the database says. */
import type { Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import type { PolicyPage, PrincipalPage, WordNode, WordTree } from "@leastwise/api";
import {
  DEMO,
  accountWith,
  allowing,
  asked,
  leastwise,
  refined,
  temporaryFolder,
  write,
} from "../../../batch/test/leastwise.ts";
import { type Serving, allRows, reply, serving } from "../../../batch/test/serving.ts";
import { count } from "../../src/text/numbers.ts";
import { HAS_CHROMIUM, usingChromium } from "./chromium.ts";
import { countSeen, hashSeen, namesSeen, rowsSeen, tableSeen } from "./seen.ts";

const MY_ROLE = "arn:aws:iam::123456789012:role/MyRole";
const MY_POLICY = `${MY_ROLE}#MyRolePolicy`;

describe.runIf(HAS_CHROMIUM)("of the made-up organization", () => {
  const folder = temporaryFolder();
  const chromium = usingChromium();
  let db = "";
  let server: Serving;

  beforeAll(async () => {
    const gone = write(folder, "gone.json", accountWith("222233334444", { gone: { own: allowing("s3:GetObject") } }));
    refined(folder, "org.db", DEMO, gone);
    db = refined(folder, "org.db", DEMO); // the second run, which is shown
    server = await serving(db);
  });

  const show = (place: string): Promise<Page> => chromium.open(`${server.url}#${place}`);
  const policyPlace = `/policy?${new URLSearchParams({ principal: MY_ROLE, policy: MY_POLICY }).toString()}`;

  test("the organization: its numbers are those of `leastwise query overview`", async () => {
    const page = await show("/");
    const [told = {}] = asked(db, "overview");
    const before = Number(told["actions_before"]);
    const after = Number(told["actions_after"]);
    const values = page.locator(".hero .value");
    await expect.poll(() => values.allInnerTexts()).toEqual([count(before), count(after), `−${count(before - after)}`]);
    const strip = page.getByRole("navigation", { name: "lists behind the numbers" }).getByRole("link");
    const said = ["accounts", "attachments", "to_replace", "to_detach", "unchanged"].map((name) =>
      count(Number(told[name])),
    );
    const [accounts, , attachments, replace, detach, unchanged] = await strip.locator(".value").allInnerTexts();
    expect([accounts, attachments, replace, detach, unchanged]).toEqual(said);
    const bars = await tableSeen(page.getByRole("table", { name: "permissions by account" }));
    expect(bars.map(([account, , goes]) => [account, goes])).toEqual(
      asked(db, "by-account").map((row) => [
        row["account"],
        `−${count(Number(row["actions_before"]) - Number(row["actions_after"]))}`,
      ]),
    );
    const escalation = await tableSeen(page.getByRole("table").filter({ hasText: "iam:PassRole" }));
    const known = asked(db, "escalation").map((row) => [
      `${String(row["action"])}\n${String(row["reason"])}`,
      String(row["before"]),
      String(row["after"]),
    ]);
    expect(escalation.length).toBeGreaterThan(5);
    for (const row of escalation) expect(known).toContainEqual(row); // how it leads to more stands under an action
  });

  test("each number of the organization leads to a list of so many", async () => {
    const page = await show("/");
    const places = [
      page.getByRole("navigation", { name: "lists behind the numbers" }).getByRole("link"),
      page.getByRole("list", { name: /by the share/ }).getByRole("link"),
      page.locator("dl.facts dd a[href*='evidence=']"),
    ];
    await places[0]?.first().waitFor();
    const found: (readonly [href: string, said: string])[] = [];
    for (const links of places)
      for (const link of await links.all())
        found.push([
          (await link.getAttribute("href")) ?? "",
          (await link.innerText())
            .trim()
            .split("\n")
            .find((line) => /^[\d,]+$/.test(line)) ?? "",
        ]);
    expect(found).toHaveLength(7 + 10 + 3);
    for (const [href, said] of found) {
      await page.evaluate((hash) => (location.hash = hash), href);
      await expect.poll(async () => [href, await countSeen(page)]).toEqual([href, said]);
    }
  });

  test.each([
    ["/accounts", "accounts", { sort: "removed", order: "desc" }, "accountId"],
    ["/principals", "principals", { sort: "removed", order: "desc" }, "name"],
    ["/policies", "recommendations", { sort: "removed", order: "desc" }, "policyName"],
    ["/shared", "shared-policies", { sort: "principals", order: "desc" }, "policyName"],
    ["/services", "services", { sort: "removed", order: "desc" }, "service"],
    ["/services?sort=service&order=asc", "services", { sort: "service", order: "asc" }, "service"],
    ["/actions?service=s3", "actions", { service: "s3", sort: "removed", order: "desc" }, "action"],
    [
      "/policies?account=123456789012&action=replace",
      "recommendations",
      { account: "123456789012", action: "replace", sort: "removed", order: "desc" },
      "policyName",
    ],
  ])("%s: in the order of the database, and all of it", async (place, name, ask, key) => {
    const page = await show(place);
    const all = (await allRows(server.port, name, ask)).map((row) => String(row[key]));
    expect(all.length).toBeGreaterThan(0);
    await expect.poll(async () => (await namesSeen(page)).length).toBeGreaterThanOrEqual(Math.min(all.length, 15));
    const seen = await namesSeen(page);
    expect(seen).toEqual(all.slice(0, seen.length));
    await page.locator("[data-list]").evaluate((list) => list.scrollTo(0, 1e9)); // the last rows come when one goes there
    await expect
      .poll(async () => {
        await page.locator("[data-list]").evaluate((list) => list.scrollTo(0, 1e9));
        return (await namesSeen(page)).at(-1);
      })
      .toBe(all.at(-1));
    expect(await countSeen(page)).toBe(count(all.length));
  });

  test("accounts: granted today, after, and what goes", async () => {
    const page = await show("/accounts");
    const known = asked(db, "by-account").map((row) => {
      const [before, after] = [Number(row["actions_before"]), Number(row["actions_after"])];
      return [String(row["account"]), count(before), count(after), `−${count(before - after)}`];
    });
    await expect
      .poll(async () =>
        (await rowsSeen(page)).map(([account, before, after, goes]) => [account, before, after, goes?.split("\n")[0]]),
      )
      .toEqual(known);
  });

  test("refused inputs: what `leastwise query refused` says", async () => {
    const page = await show("/refused");
    const known = asked(db, "refused");
    await expect.poll(() => countSeen(page)).toBe(count(known.length));
    expect((await rowsSeen(page)).map(([, code = ""]) => code).sort()).toEqual(
      known.map((row) => String(row["code"])).sort(),
    );
  });

  test("a policy: statement by statement, what stays and what goes, and why", async () => {
    const page = await show(policyPlace);
    const told = (await reply(server.port, "policy", {
      principal: MY_ROLE,
      policy: MY_POLICY,
    })) as unknown as PolicyPage; // the contract
    await expect
      .poll(() => page.locator(".summary-line").innerText())
      .toContain("92 actions today, 62 after: −30 (33 %)");
    const statements = page.locator(".statement");
    expect(await statements.count()).toBe(told.statements.length);
    for (const [at, { entries }] of told.statements.entries()) {
      const before = entries.flatMap((entry) => (entry.is === "added" ? [] : [entry.before]));
      const after = entries.flatMap((entry) => (entry.is === "removed" ? [] : entry.after));
      expect(await statements.nth(at).locator(".entry .before code").allInnerTexts()).toEqual(before);
      expect(await statements.nth(at).locator(".entry .after code").allInnerTexts()).toEqual(after);
    }
    expect(await statements.first().locator(".tally").innerText()).toMatch(/^−8 removed\s+=1 kept$/);
    await page.getByRole("button", { name: "lambda:AddPermission" }).click();
    await expect
      .poll(() => page.locator(".reason").innerText())
      .toMatch(/^access-analyzer says that 1 action is not used, 2026-09-24/);
  });

  test("a policy: the documents, and what to take away, are those of the program", async () => {
    const page = await show(policyPlace);
    const told = (await reply(server.port, "policy", {
      principal: MY_ROLE,
      policy: MY_POLICY,
    })) as unknown as PolicyPage; // the contract
    await page.getByRole("tab", { name: "JSON" }).click();
    const lines = (side: string): Promise<readonly string[]> =>
      page.locator(`.text-cell.${side} code`).allTextContents();
    await expect.poll(() => lines("before")).toEqual(told.before.trimEnd().split("\n"));
    expect(await lines("after")).toEqual(told.after[0]?.trimEnd().split("\n"));
    await page.getByRole("tab", { name: "Patch" }).click();
    const diff = leastwise("show", MY_ROLE, "--db", db, "--all").out;
    const patch = async (): Promise<string> => (await page.locator(".takeaway pre").textContent()) ?? "";
    await expect.poll(patch).toContain('-        "lambda:AddPermission",');
    expect(diff).toContain((await patch()).trim());
    await page.getByRole("tab", { name: "Apply" }).click();
    await expect
      .poll(async () => ((await page.locator(".takeaway pre").textContent()) ?? "").trim())
      .toBe(told.apply?.trim());
    await page.getByRole("tab", { name: "Roll back" }).click();
    await expect
      .poll(async () => ((await page.locator(".takeaway pre").textContent()) ?? "").trim())
      .toBe(told.rollback?.trim());
    await page.locator(".certificate summary").click();
    expect(await page.locator(".certificate pre").innerText()).toContain(told.certificate);
  });

  test("a tree: from an entry that was replaced to its words, with keys, and back", async () => {
    const page = await show(policyPlace);
    await page.getByRole("link", { name: "tree of s3:Get*" }).click();
    const question = { principal: MY_ROLE, policy: MY_POLICY, statement: "1", entry: "s3:Get*" };
    const told = (await reply(server.port, "tree", question)) as unknown as WordTree; // the contract
    const entries = page.getByRole("region", { name: "what stands in its place" }).locator("li code");
    await expect.poll(() => entries.allInnerTexts()).toEqual(told.replacedBy);
    const nodes = page.getByRole("tree").getByRole("treeitem");
    const titles = await nodes.locator("title").allTextContents();
    expect(titles[0]).toBe("s3:Get*: 41 stay, 22 go");
    for (const { action, chosen, kept, unused } of leavesOf(told.root).filter((leaf) => leaf.chosen === "name")) {
      expect([chosen, kept, unused]).toEqual(["name", 1, 0]);
      expect(titles.some((title) => title.startsWith(`${action ?? ""}: stays`))).toBe(true);
    }
    await nodes.first().focus();
    await page.keyboard.press("ArrowRight");
    await expect.poll(() => page.locator(".tree-said").innerText()).not.toContain("s3:Get*:");
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("Enter");
    await expect.poll(() => nodes.count()).toBe(1);
    expect(hashSeen(page)).toContain("closed=s3:Get&");
    await page.keyboard.press("Enter");
    await expect.poll(() => nodes.count()).toBe(titles.length);
    await page.getByText("The same as a list").click();
    await expect.poll(() => page.locator(".tree-list > li").innerText()).toContain("41 stay, 22 go");
    await page.goBack();
    await expect.poll(() => page.getByRole("heading", { level: 1 }).innerText()).toBe("MyRolePolicy");
  });

  test("a principal: what it has, and what each source says of its use", async () => {
    const page = await show(`/principal?arn=${MY_ROLE}`);
    const told = (await reply(server.port, "principal", { arn: MY_ROLE })) as unknown as PrincipalPage; // the contract
    const usage = page.getByRole("region", { name: "what the sources say" }).getByRole("table");
    await usage.waitFor();
    const seen = await tableSeen(usage);
    const known = told.usage.slice(0, seen.length).map((row) => [row.service, row.state]);
    expect(seen.map(([service, state]) => [service, state?.replace(/^\S\s*/u, "")])).toEqual(known);
    expect(known.map(([service]) => service)).toContain("lambda");
    const policies = await tableSeen(page.getByRole("region", { name: "policies" }).getByRole("table"));
    expect(policies.map(([name, kind]) => [name, kind])).toEqual([["MyRolePolicy", "inline"]]);
    expect(policies[0]?.[3]).toBe("92 → 62");
  });

  test("who can: as `leastwise query who-can` and `who-could` say, by which entry", async () => {
    for (const [when, question] of [
      ["after", "who-can"],
      ["before", "who-could"],
    ] as const) {
      const page = await show(`/holders?action=lambda:CreateFunction&when=${when}`);
      const known = asked(db, question, "lambda:CreateFunction");
      await expect.poll(() => countSeen(page)).toBe(count(known.length));
      const seen = (await rowsSeen(page)).map(([, account, policy, , entry]) => `${account} ${policy} ${entry}`);
      expect(seen.toSorted()).toEqual(
        known
          .map(
            (row) =>
              `${String(row["account"])} ${String(row["policy"])} ${row["element"] === "NotAction" ? "not " : ""}${String(row["entry"])}`,
          )
          .toSorted(),
      );
    }
  });

  test("runs, and what differs between two", async () => {
    const page = await show("/runs");
    await page.getByRole("link", { name: "run 1 → run 2" }).click();
    await expect.poll(() => rowsSeen(page)).toHaveLength(1);
    const [[principal, account, change] = []] = await rowsSeen(page);
    expect([principal, account, change]).toEqual(["arn:aws:iam::222233334444:role/gone", "222233334444", "gone"]);
    await page.getByRole("link", { name: "Organization" }).click();
    await page.getByRole("combobox", { name: "run" }).selectOption("1");
    const [told = {}] = asked(db, "overview", "--run", "1");
    await expect
      .poll(() => page.locator(".hero .value").first().innerText())
      .toBe(count(Number(told["actions_before"])));
  });

  test("a question with a name and a parameter, and one's own in SQL", async () => {
    const page = await show("/ask");
    await page.getByRole("link", { name: /^covers/ }).click();
    await page.getByRole("textbox", { name: "entry" }).fill("s3:GetBucket*");
    await page.getByRole("button", { name: "Ask", exact: true }).click();
    const known = asked(db, "covers", "s3:GetBucket*");
    await expect.poll(() => page.locator(".answer [role=status]").first().innerText()).toBe(`${known.length} rows`);
    expect(await namesSeen(page)).toEqual(
      known.slice(0, (await namesSeen(page)).length).map((row) => String(Object.values(row)[0])),
    );
    await page.getByRole("tab", { name: "SQL" }).click();
    const sql = "SELECT account_id, count(*) AS policies FROM recommendations GROUP BY 1 ORDER BY 1";
    await page.getByRole("textbox", { name: /SQL/ }).fill(sql);
    await page.getByRole("textbox", { name: /SQL/ }).press("Control+Enter");
    const rows = asked(db, "--sql", sql).map((row) => Object.values(row).map(String));
    await expect.poll(() => rowsSeen(page)).toEqual(rows);
    await page.getByRole("button", { name: "Bars" }).click();
    expect((await tableSeen(page.locator(".chart table"))).map(([name, , value]) => [name, value])).toEqual(rows);
  });

  test("SQL that writes is refused in words", async () => {
    const page = await chromium.open(`${server.url}#/ask?sql=DELETE+FROM+run`, { forgiven: /status of 400/ });
    await expect.poll(() => page.getByRole("alert").innerText()).toMatch(/^Only questions are answered here/);
  });

  test("an address of nothing says so, and leads back", async () => {
    const page = await chromium.open(`${server.url}#/principal?arn=arn:aws:iam::123456789012:role/nobody`, {
      forgiven: /status of 404/,
    });
    await expect.poll(() => page.getByRole("alert").innerText()).toContain("nobody");
    await page.goto(`${server.url}#/nowhere`);
    await page.getByRole("link", { name: "To the organization" }).click();
    await expect.poll(() => page.getByRole("heading", { level: 1 }).innerText()).toBe("Organization");
  });
});

function leavesOf(node: WordNode): readonly WordNode[] {
  return node.children.length === 0 ? [node] : node.children.flatMap(leavesOf);
}
