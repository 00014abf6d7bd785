/** What stands on the page, as one who looks at it would say. */
import type { Locator, Page } from "playwright-core";

/** The rows of a list that are there, each as the texts of its cells. */
export async function rowsSeen(page: Page): Promise<readonly (readonly string[])[]> {
  return page
    .locator("[data-list] [data-row]")
    .evaluateAll((rows) =>
      rows.map((row) => [...row.querySelectorAll<HTMLElement>('[role="cell"]')].map(({ innerText }) => innerText)),
    );
}

/** The first cell of each row that is there. */
export async function namesSeen(page: Page): Promise<readonly string[]> {
  return (await rowsSeen(page)).map(([name = ""]) => name);
}

/** How many a list says that it has. */
export function countSeen(page: Page): Promise<string> {
  return page.locator(".list-count").innerText();
}

/** The rows of a table in HTML. */
export function tableSeen(table: Locator): Promise<readonly (readonly string[])[]> {
  return table
    .locator("tbody tr")
    .evaluateAll((rows) =>
      rows.map((row) => [...row.querySelectorAll<HTMLElement>("th, td")].map(({ innerText }) => innerText)),
    );
}

/** What the address says behind its `#`. */
export function hashSeen(page: Page): string {
  return decodeURIComponent(new URL(page.url()).hash);
}
