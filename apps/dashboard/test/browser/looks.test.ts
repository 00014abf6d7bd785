/** Every view for everybody: without violations of WCAG, light and dark, and as wide as the window from a telephone to a large screen. */
import { beforeAll, describe, expect, test } from "vitest";
import { DEMO, refined, temporaryFolder } from "../../../batch/test/leastwise.ts";
import { type Serving, serving } from "../../../batch/test/serving.ts";
import { HAS_CHROMIUM, usingChromium } from "./chromium.ts";
import { overflowOf, settled, violationsOf } from "./looks.ts";
import { LIVE_PLACES, PLACES } from "./places.ts";

describe.runIf(HAS_CHROMIUM)("for everybody", () => {
  const folder = temporaryFolder();
  const chromium = usingChromium();
  let server: Serving;

  beforeAll(async () => {
    server = await serving(refined(folder, "org.db", DEMO));
  });

  test.each([...PLACES, ...LIVE_PLACES])("%s", async (_view, place) => {
    const page = await chromium.open(`${server.url}#${place}`, { reducedMotion: "reduce", colorScheme: "light" });
    await settled(page);
    expect(await violationsOf(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: "dark" });
    expect(await violationsOf(page)).toEqual([]);
    for (const width of [360, 768, 1920]) expect([width, await overflowOf(page, width)]).toEqual([width, 0]);
  });

  test("help", async () => {
    const page = await chromium.open(server.url, { reducedMotion: "reduce" });
    await settled(page);
    await page.keyboard.press("?");
    await page.getByRole("dialog").waitFor();
    expect(await violationsOf(page)).toEqual([]);
  });
});
