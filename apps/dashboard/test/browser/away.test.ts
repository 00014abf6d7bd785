/** The program behind the page is ended, and comes back. */
import { beforeAll, describe, expect, test } from "vitest";
import { DEMO, refined, temporaryFolder } from "../../../batch/test/leastwise.ts";
import { allRows, serving } from "../../../batch/test/serving.ts";
import { count } from "../../src/text/numbers.ts";
import { HAS_CHROMIUM, usingChromium } from "./chromium.ts";
import { countSeen, namesSeen } from "./seen.ts";

describe.runIf(HAS_CHROMIUM)("a server that is gone", () => {
  const folder = temporaryFolder();
  const chromium = usingChromium();
  let db = "";

  beforeAll(() => {
    db = refined(folder, "org.db", DEMO);
  });

  test("the page says so, keeps what it has, asks again, and goes on by itself", async () => {
    const first = await serving(db);
    const page = await chromium.open(`${first.url}#/principals`, {
      forgiven: /ERR_CONNECTION_(REFUSED|RESET)|ERR_EMPTY_RESPONSE/,
    });
    const principals = count((await allRows(first.port, "principals", {})).length);
    await expect.poll(() => countSeen(page)).toBe(principals);
    first.process.kill("SIGKILL");
    await first.ended;
    expect(await page.getByRole("alert").count()).toBe(0);
    await page.getByRole("link", { name: "Accounts" }).click();
    await expect.poll(() => page.getByRole("alert").innerText()).toContain("The server is gone");
    await page.goBack();
    await expect.poll(() => countSeen(page)).toBe(principals);
    await page.goForward();
    const second = await serving(db, "--port", String(first.port));
    const accounts = (await allRows(second.port, "accounts", { sort: "removed", order: "desc" })).map(
      (row) => row["accountId"],
    );
    await expect.poll(() => namesSeen(page)).toEqual(accounts);
    expect(await page.getByRole("alert").count()).toBe(0);
  });
});
