/** Debian's Chromium, as people would use it, and what must never happen in it. */
import { type Browser, type BrowserContextOptions, type Page, chromium } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { isInstalled } from "../../../batch/test/is-installed.ts";

const CHROMIUM = "/usr/bin/chromium";
const QUIETLY = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Where there is none, tests that need it are skipped by name. */
export const HAS_CHROMIUM: boolean = isInstalled("chromium", CHROMIUM, "the page in a browser");

interface How extends BrowserContextOptions {
  /** What the console may say, such as that nobody answers. */
  readonly forgiven?: RegExp;
}

export interface Chromium {
  /**
   * Goes to an address in a window of its own, which is closed after the test. The test fails where the console has an error, as a violation of the
   * content security policy is; where a script throws; where a dialog opens; and where anything is asked of another host than the one of the address.
   */
  open(address: string, how?: How): Promise<Page>;
}

/** One browser for the tests of a file. Call it inside `describe.runIf(HAS_CHROMIUM)`. */
export function usingChromium(): Chromium {
  let browser: Browser;
  const faults: string[] = [];
  const close: (() => Promise<void>)[] = [];
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: CHROMIUM, args: QUIETLY });
  });
  afterEach(async () => {
    await Promise.all(close.splice(0).map((one) => one()));
    expect(faults.splice(0)).toEqual([]);
  });
  afterAll(() => browser.close());
  return {
    open: async (address, { forgiven, ...settings } = {}) => {
      const { origin } = new URL(address);
      const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...settings });
      close.push(() => context.close());
      const page = await context.newPage();
      page.setDefaultTimeout(30_000); // a busy machine
      page.on("console", (message) => {
        if (message.type() === "error" && forgiven?.test(message.text()) !== true) faults.push(message.text());
      });
      page.on("pageerror", (error) => faults.push(String(error)));
      page.on("dialog", (dialog) => {
        faults.push(`a dialog: ${dialog.message()}`);
        void dialog.dismiss();
      });
      context.on("request", (request) => {
        const url = new URL(request.url());
        const own =
          url.protocol === "file:" ? url.href === new URL(address.replace(/#.*$/su, "")).href : url.origin === origin;
        if (!own && url.protocol !== "data:" && url.protocol !== "blob:") faults.push(`a request to ${request.url()}`);
      });
      await page.goto(address);
      return page;
    },
  };
}
