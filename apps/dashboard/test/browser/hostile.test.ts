/** Names by people who mean harm, or whose keyboard is broken: the page shows them as text. */
import type { Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { accountWith, recommendations, refined, temporaryFolder, write } from "../../../batch/test/leastwise.ts";
import { type Serving, allRows, serving } from "../../../batch/test/serving.ts";
import { HAS_CHROMIUM, usingChromium } from "./chromium.ts";
import { overflowOf } from "./looks.ts";

const ACCOUNT = "123456789012";

/** A name, and what is to be seen of it. */
const NAMES: readonly (readonly [name: string, seen: string])[] = [
  ["<script>alert(1)</script>", "<script>alert(1)</script>"],
  ['"><img src=x onerror=alert(2)>', '"><img src=x onerror=alert(2)>'],
  ["'; alert(3); //&amp;&#x41;", "'; alert(3); //&amp;&#x41;"],
  ["javascript:alert(4)", "javascript:alert(4)"],
  ["a\u202Egpj.exe\u2066b", "a‹U+202E›gpj.exe‹U+2066›b"],
  ["c\u0007\u001B[31md\n\te", "c‹U+0007›‹U+001B›[31md‹U+000A›‹U+0009›e"],
  ["f\u200Bg\uFEFFh", "f‹U+200B›g‹U+FEFF›h"],
  ["אבג", "אבג"],
  ["{{7*7}}${7*7}%s%n", "{{7*7}}${7*7}%s%n"],
  [`z${"Long".repeat(250)}`, `z${"Long".repeat(250)}`],
];

describe.runIf(HAS_CHROMIUM)("an organization of hostile names", () => {
  const folder = temporaryFolder();
  const chromium = usingChromium();
  let server: Serving;

  beforeAll(async () => {
    const roles = Object.fromEntries(NAMES.map(([name]) => [name, { [name]: policyOf(name) }]));
    const unused = NAMES.map(([name]) => ({
      arn: `arn:aws:iam::${ACCOUNT}:role/${name}`,
      unused: [{ serviceNamespace: "s3", actions: ["PutObject"] }],
    }));
    const db = refined(folder, "org.db", write(folder, "account.json", accountWith(ACCOUNT, roles)), write(folder, "unused.json", unused));
    expect(recommendations(db)).toHaveLength(NAMES.length);
    server = await serving(db);
  });

  const show = (place: string, query: Readonly<Record<string, string>> = {}): Promise<Page> =>
    chromium.open(`${server.url}#${place}?${new URLSearchParams(query).toString()}`);

  test.each(["/principals", "/policies"])("%s: all of them, as text, each in its row", async (place) => {
    const page = await show(place, {});
    const links = page.locator("[data-row] .row-link");
    await expect.poll(async () => (await links.allTextContents()).toSorted()).toEqual(NAMES.map(([, seen]) => seen).toSorted());
    expect(await madeOfNames(page)).toEqual([]);
    const heights = await page.locator("[data-row]").evaluateAll((rows) => rows.map((row) => row.getBoundingClientRect().height));
    expect(new Set(heights).size).toBe(1);
  });

  test.each(NAMES)("%j: its own page, its policy, and who else can", async (name, seen) => {
    const arn = `arn:aws:iam::${ACCOUNT}:role/${name}`;
    const [row] = await allRows(server.port, "recommendations", { principal: arn });
    const policy = String(row?.["policyKey"]);
    const page = await show("/principal", { arn });
    const title = page.getByRole("heading", { level: 1 });
    await expect.poll(() => title.textContent()).toBe(seen);
    expect(await title.locator("bdi").count()).toBe(1);
    for (const width of [360, 1280]) expect(await overflowOf(page, width)).toBe(0);
    await page.evaluate((hash) => (location.hash = hash), `#/policy?${new URLSearchParams({ principal: arn, policy }).toString()}`);
    await expect.poll(() => page.locator(".sid").textContent()).toBe(seen);
    await expect.poll(() => title.textContent()).toBe(seen);
    expect(await page.locator(".entries code").allTextContents()).toContain(`s3:${seen}`);
    for (const tab of ["JSON", "Patch", "Apply", "Roll back"]) {
      await page.getByRole("tab", { name: tab }).click();
      await page.locator(".documents, .takeaway, .state.nothing").first().waitFor();
      expect(await madeOfNames(page)).toEqual([]);
    }
    for (const width of [360, 1280]) expect(await overflowOf(page, width)).toBe(0);
  });

  test("found by the search box, and who can call an action", async () => {
    const page = await show("/");
    await page.locator("#search").fill("<script>");
    const option = page.getByRole("option").first();
    await expect.poll(() => option.innerText()).toContain("<script>alert(1)</script>");
    await page.locator("#search").fill("s3:GetObject");
    await page.locator("#search").press("Enter");
    await expect.poll(() => page.locator("[data-row]").count()).toBe(NAMES.length);
    const seen = await page.locator("[data-row] [role=cell]:first-child bdi").allTextContents();
    const ends = NAMES.map(([, text]) => text.slice(text.indexOf("/") + 1));
    for (const end of ends) expect(seen.some((text) => end.endsWith(text) || text.endsWith(end))).toBe(true);
    expect(await madeOfNames(page)).toEqual([]);
  });
});

/** Elements that only a name can have made: the page itself has one script, and no picture but the canvas of its chart. */
function madeOfNames(page: Page): Promise<readonly string[]> {
  return page
    .locator("img, iframe, object, embed, base, script:not([type=module][src]), [onerror], [onclick], a[href^='javascript:' i]")
    .evaluateAll((elements) => elements.map(({ outerHTML }) => outerHTML));
}

function policyOf(name: string): unknown {
  return {
    Version: "2012-10-17",
    Statement: [
      { Sid: name, Effect: "Allow", Action: ["s3:GetObject", "s3:PutObject", `s3:${name}`], Resource: `arn:aws:s3:::${name}/*` },
    ],
  };
}
