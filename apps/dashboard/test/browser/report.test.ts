/** A report: one file, opened from a disk on a machine without a network, long after the program has ended. */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { DEMO, asked, leastwise, refined, temporaryFolder } from "../../../batch/test/leastwise.ts";
import { count } from "../../src/text/numbers.ts";
import { HAS_CHROMIUM, usingChromium } from "./chromium.ts";
import { overflowOf, settled, violationsOf } from "./looks.ts";
import { PLACES } from "./places.ts";
import { countSeen, namesSeen, rowsSeen } from "./seen.ts";

describe.runIf(HAS_CHROMIUM)("a report", () => {
  const folder = temporaryFolder();
  const chromium = usingChromium();
  const file = join(folder, "report.html");
  let db = "";

  beforeAll(() => {
    db = refined(folder, "org.db", DEMO);
    const { code, err } = leastwise("report", "--db", db, "--out", file);
    if (code !== 0) throw new Error(`report ended with ${code}: ${err}`);
  });

  const show = (place: string): Promise<Page> =>
    chromium.open(`${pathToFileURL(file).href}#${place}`, { offline: true });

  test.each(PLACES)("%s: is there", async (_view, place) => {
    const page = await show(place);
    await settled(page);
    expect(await page.getByRole("alert").count()).toBe(0);
    expect(await page.locator(".report-note").innerText()).toContain("A report of run 1");
    expect([360, await overflowOf(page, 360)]).toEqual([360, 0]);
  });

  test("its numbers are those of the database, and lead to the lists behind them", async () => {
    const page = await show("/");
    const [told = {}] = asked(db, "overview");
    const [before, after] = [Number(told["actions_before"]), Number(told["actions_after"])];
    const values = page.locator(".hero .value");
    await expect.poll(() => values.allInnerTexts()).toEqual([count(before), count(after), `−${count(before - after)}`]);
    await page.getByRole("link", { name: "± to replace" }).click();
    await expect.poll(() => countSeen(page)).toBe(count(Number(told["to_replace"])));
    await page.getByRole("searchbox", { name: "search policies and principals" }).fill("MyRolePolicy");
    await expect.poll(() => namesSeen(page)).toEqual(["MyRolePolicy"]);
    await page.getByRole("link", { name: "MyRolePolicy" }).click();
    await page.getByRole("button", { name: "lambda:AddPermission" }).click();
    await expect.poll(() => page.locator(".reason").innerText()).toContain("is not used");
    await page.goBack();
    await expect.poll(() => namesSeen(page)).toEqual(["MyRolePolicy"]);
  });

  test("what it says of itself is for everybody too", async () => {
    const page = await show("/accounts");
    await settled(page);
    await page.locator(".report-note summary").click();
    expect(await violationsOf(page)).toEqual([]);
  });

  test("who still has iam:PassRole, as in the program", async () => {
    const page = await show("/");
    await page.locator("#search").fill("iam:PassRole");
    await page.locator("#search").press("Enter");
    const known = asked(db, "who-can", "iam:PassRole");
    await expect.poll(() => countSeen(page)).toBe(count(known.length));
    expect((await rowsSeen(page)).map(([, account = "", policy = ""]) => `${account} ${policy}`).toSorted()).toEqual(
      known.map((row) => `${String(row["account"])} ${String(row["policy"])}`).toSorted(),
    );
  });

  test("what is not in it says where it is", async () => {
    const page = await show("/ask?sql=SELECT+1");
    await expect.poll(() => page.locator("main").innerText()).toContain("leastwise serve");
  });
});
