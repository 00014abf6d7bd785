/** How one gets about on the page: by links from others, the back button, the search box, and keys alone. */
import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { DEMO, asked, refined, temporaryFolder } from "../../../batch/test/leastwise.ts";
import { type Serving, allRows, serving } from "../../../batch/test/serving.ts";
import { count } from "../../src/text/numbers.ts";
import { HAS_CHROMIUM, usingChromium } from "./chromium.ts";
import { countSeen, hashSeen, namesSeen, rowsSeen } from "./seen.ts";

const MOST_REMOVED = { sort: "removed", order: "desc" };

describe.runIf(HAS_CHROMIUM)("getting about", () => {
  const folder = temporaryFolder();
  const chromium = usingChromium();
  let db = "";
  let server: Serving;

  beforeAll(async () => {
    db = refined(folder, "org.db", DEMO);
    server = await serving(db);
  });

  const show = (place: string): Promise<Page> => chromium.open(`${server.url}#${place}`);
  const inDatabase = async (
    name: string,
    ask: Readonly<Record<string, string>>,
    key: string,
  ): Promise<readonly string[]> => (await allRows(server.port, name, ask)).map((row) => String(row[key]));

  test("a link from somebody else shows what they saw: filters, order, search", async () => {
    const filters = { account: "123456789012", policyKind: "inline", sort: "before", order: "asc", q: "my" };
    const page = await show(`/policies?${new URLSearchParams(filters).toString()}`);
    const known = await inDatabase("recommendations", filters, "policyName");
    expect(known.length).toBeGreaterThan(0);
    await expect.poll(() => namesSeen(page)).toEqual(known);
    expect(await page.getByRole("combobox", { name: "kind" }).inputValue()).toBe("inline");
    expect(await page.getByRole("searchbox", { name: "search policies and principals" }).inputValue()).toBe("my");
    expect(await page.getByRole("columnheader", { name: "actions" }).getAttribute("aria-sort")).toBe("ascending");
    await page.getByRole("button", { name: "account 123456789012: take this filter out" }).click();
    await expect.poll(() => hashSeen(page)).toBe("#/policies?order=asc&policyKind=inline&q=my&sort=before");
  });

  test("a filter is in the address, and the back button takes it back", async () => {
    const page = await show("/policies");
    const all = count((await inDatabase("recommendations", MOST_REMOVED, "policyName")).length);
    const detach = count(
      (await inDatabase("recommendations", { ...MOST_REMOVED, action: "detach" }, "policyName")).length,
    );
    expect(detach).not.toBe(all);
    await expect.poll(() => countSeen(page)).toBe(all);
    await page.getByRole("combobox", { name: "to do" }).selectOption("detach");
    await expect.poll(() => countSeen(page)).toBe(detach);
    expect(hashSeen(page)).toBe("#/policies?action=detach");
    await page.goBack();
    await expect.poll(() => countSeen(page)).toBe(all);
    expect(await page.getByRole("combobox", { name: "to do" }).inputValue()).toBe("");
    await page.goForward();
    await expect.poll(() => countSeen(page)).toBe(detach);
    await page.reload();
    await expect.poll(() => countSeen(page)).toBe(detach);
  });

  test("a column's title sorts by it, and again the other way round", async () => {
    const page = await show("/principals");
    const title = page.getByRole("columnheader", { name: "name", exact: true });
    for (const [order, said] of [
      ["asc", "ascending"],
      ["desc", "descending"],
    ] as const) {
      await title.getByRole("button").click();
      await expect.poll(() => title.getAttribute("aria-sort")).toBe(said);
      const known = await inDatabase("principals", { sort: "name", order }, "name");
      await expect.poll(async () => (await namesSeen(page)).slice(0, 10)).toEqual(known.slice(0, 10));
      expect(hashSeen(page)).toBe(`#/principals?order=${order}&sort=name`);
    }
  });

  test("it searches as one types, and gives up what it no longer needs", async () => {
    const page = await show("/principals");
    await page.route(/principals\?.*q=sho(&|$)/, () => undefined); // nobody answers this one
    const box = page.getByRole("searchbox", { name: "search principals" });
    const given = page.waitForRequest(/q=sho(&|$)/);
    const givenUp = page.waitForEvent("requestfailed", (request) => /q=sho(&|$)/.test(request.url()));
    await box.fill("sho");
    await given;
    await expect.poll(() => countSeen(page)).toContain("searching…");
    await box.fill("shop-c");
    expect((await givenUp).failure()?.errorText).toBe("net::ERR_ABORTED");
    await expect.poll(() => countSeen(page)).toBe("1 found");
    expect(await namesSeen(page)).toEqual(["shop-checkout"]);
    expect(hashSeen(page)).toBe("#/principals?q=shop-c");
    await box.fill("nobody is called so");
    await expect.poll(() => page.locator(".table-foot").innerText()).toContain("Nothing is called so");
  });

  test("CSV is what is shown, with its filters and in its order", async () => {
    const page = await show("/principals?account=123456789012&sort=name&order=asc");
    const saved = page.waitForEvent("download");
    await page.getByRole("link", { name: "CSV" }).click();
    const lines = readFileSync(await (await saved).path(), "utf8")
      .trimEnd()
      .split(/\r?\n/u);
    const known = await inDatabase("principals", { account: "123456789012", sort: "name", order: "asc" }, "arn");
    const at = lines[0]?.split(",").findIndex((title) => title.replaceAll('"', "") === "arn") ?? -1;
    expect(lines.slice(1).map((line) => line.split(",")[at])).toEqual(known);
  });

  test("which role still has iam:PassRole, and through which statement: one search", async () => {
    const page = await show("/");
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.keyboard.press("/");
    await page.keyboard.type("iam:PassRole");
    await page.keyboard.press("Enter");
    await expect.poll(() => page.getByRole("heading", { level: 1 }).innerText()).toBe("Who can iam:PassRole");
    const known = asked(db, "who-can", "iam:PassRole");
    await expect.poll(() => countSeen(page)).toBe(String(known.length));
    expect(await rowsSeen(page)).toContainEqual([
      expect.stringMatching(/^role\s+ci\/DeployPipeline$/),
      "555566667777",
      "deploy-stacks",
      "2 Roles",
      "iam:PassRole",
      '"arn:aws:iam::*:role/app/*"',
      "",
    ]);
    await page.getByRole("combobox", { name: "kind" }).selectOption("user");
    await expect.poll(() => countSeen(page)).toBe("0");
    await page.getByRole("combobox", { name: "kind" }).selectOption("role");
    await page.getByRole("button", { name: "today" }).click();
    await expect.poll(() => hashSeen(page)).toBe("#/holders?action=iam:PassRole&kind=role&when=before");
    await page.getByRole("link", { name: "deploy-stacks" }).click();
    await expect.poll(() => page.getByRole("heading", { level: 1 }).innerText()).toBe("deploy-stacks");
  });

  test("from nothing to the evidence for an entry, with keys alone", async () => {
    const page = await show("/");
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.keyboard.press("/");
    await page.keyboard.type("MyRole");
    await page
      .getByRole("option", { name: /^principal/ })
      .first()
      .waitFor();
    await page.keyboard.press("ArrowDown");
    const chosen = page.locator("#found").getByRole("option", { selected: true });
    await expect.poll(() => chosen.innerText()).toContain("MyRole");
    while (!(await chosen.innerText()).startsWith("principal")) await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await expect.poll(() => page.getByRole("heading", { level: 1 }).innerText()).toBe("MyRole");
    await tabTo(page, "MyRolePolicy");
    await page.keyboard.press("Enter");
    await expect.poll(() => page.getByRole("heading", { level: 1 }).innerText()).toBe("MyRolePolicy");
    await tabTo(page, "Changes");
    await page.keyboard.press("ArrowRight");
    await expect.poll(() => page.getByRole("tab", { selected: true }).innerText()).toBe("JSON");
    await page.keyboard.press("ArrowLeft");
    await tabTo(page, "lambda:AddPermission");
    await page.keyboard.press("Enter");
    await expect.poll(() => page.locator(".reason").innerText()).toContain("is not used");
    await page.keyboard.press("Escape");
    await expect.poll(() => page.getByRole("heading", { level: 1 }).innerText()).toBe("MyRole");
  });

  test("a list with keys alone: down, open, back where one was", async () => {
    const page = await show("/");
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.keyboard.press("g");
    await page.keyboard.press("p");
    await expect.poll(() => hashSeen(page)).toBe("#/principals");
    await expect.poll(async () => (await namesSeen(page)).length).toBeGreaterThan(10);
    const known = await inDatabase("principals", MOST_REMOVED, "name");
    await tabTo(page, known[0] ?? "");
    for (let step = 0; step < 3; step++) await page.keyboard.press("ArrowDown");
    await expect.poll(() => focused(page)).toBe(known[3]);
    await page.keyboard.press("End");
    await expect.poll(() => focused(page)).toBe(known.at(-1));
    await page.keyboard.press("Enter");
    await expect.poll(() => page.getByRole("heading", { level: 1 }).innerText()).toBe(known.at(-1));
    await page.keyboard.press("Escape");
    await expect.poll(async () => (await namesSeen(page)).at(-1)).toBe(known.at(-1));
  });

  test("? says what the keys do, and Escape closes it", async () => {
    const page = await show("/accounts");
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.keyboard.press("?");
    await expect.poll(() => page.getByRole("dialog").innerText()).toContain("search everything");
    await page.keyboard.press("Escape");
    await expect.poll(() => page.getByRole("dialog").count()).toBe(0);
    expect(hashSeen(page)).toBe("#/accounts");
  });

  test("light or dark is what one chose, also the next time", async () => {
    const page = await show("/accounts");
    const dress = (): Promise<string> => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await dress();
    await page.getByRole("button", { name: /^theme: system/ }).click();
    await page.getByRole("button", { name: /^theme: light/ }).click();
    await expect.poll(dress).not.toBe(light);
    const dark = await dress();
    await page.reload();
    await expect.poll(dress).toBe(dark);
  });
});

/** What has the focus, as text. */
function focused(page: Page): Promise<string> {
  return page.evaluate(() =>
    document.activeElement instanceof HTMLElement ? document.activeElement.innerText.trim() : "",
  );
}

const MOST_STEPS = 80;

/** Presses Tab until something that begins with these words has the focus. */
async function tabTo(page: Page, words: string): Promise<void> {
  const met: string[] = [];
  for (let step = 0; step < MOST_STEPS; step++) {
    await page.keyboard.press("Tab");
    const at = await focused(page);
    if (at.startsWith(words)) return;
    met.push(at);
  }
  throw new Error(`Tab does not come to ${words}, but to ${met.join(" | ")}`);
}
