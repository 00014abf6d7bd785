/** What is wrong with the looks of a page, measured. */
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import type Axe from "axe-core";
import type { Page } from "playwright-core";
import { expect } from "vitest";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What axe-core finds by all its rules of WCAG 2.2 A and AA that are no experiments: rule, and where. */
export async function violationsOf(page: Page): Promise<readonly string[]> {
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as { readonly axe: typeof Axe }; // the script above has put it there
    const rules = axe.getRules(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]);
    const runOnly = rules.filter(({ tags }) => !tags.includes("experimental")).map(({ ruleId }) => ruleId);
    const { violations } = await axe.run(document, { runOnly });
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id} at ${target.join(" ")}: ${failureSummary ?? ""}`),
    );
  });
}

/** How many pixels the page, or the part of it that scrolls by itself, has to be moved sideways to be seen whole in a window so wide. */
export async function overflowOf(page: Page, width: number): Promise<number> {
  await page.setViewportSize({ width, height: 900 });
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
  return page.evaluate(() => {
    const parts = [document.documentElement, ...document.querySelectorAll("main")];
    return Math.max(...parts.map(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth));
  });
}

/** Waits until a view has all that it has asked for. */
export async function settled(page: Page): Promise<void> {
  await page.locator("main :is(h1, h2)").first().waitFor();
  await expect
    .poll(() =>
      page.locator("main .spinner, main .table-foot:text('loading…'), main .table-foot:text('searching…')").count(),
    )
    .toBe(0);
}
