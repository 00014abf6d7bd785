// `npm run screenshots`: the main views of the made-up organization, as the README and docs/page.md show them.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

const ROOT = join(import.meta.dirname, "../../..");
const PROGRAM = join(ROOT, "apps/batch/dist/main.js");
const ROLE = "arn:aws:iam::123456789012:role/MyRole";
const POLICY = new URLSearchParams({ principal: ROLE, policy: `${ROLE}#MyRolePolicy` });

/** @type {readonly { name: string, place: string, width?: number, height: number, scheme?: "dark" | "light" }[]} */
const VIEWS = [
  { name: "organization", place: "/", height: 900 },
  { name: "policy", place: `/policy?${POLICY}`, height: 900 },
  { name: "trie", place: `/tree?${POLICY}&statement=1&entry=s3%3AGet*`, height: 900, scheme: "dark" },
  { name: "who-can", place: "/holders?action=iam%3APassRole&when=after", height: 420 },
  { name: "narrow", place: "/", width: 360, height: 740 },
];

const folder = mkdtempSync(join(tmpdir(), "leastwise-screenshots-"));
const database = join(folder, "demo.db");
try {
  execFileSync(process.execPath, [PROGRAM, "refine", join(ROOT, "test-data/orgs/demo"), "--db", database, "--quiet"]);
} catch (error) {
  if (error.status !== 3) throw error; // 3: the demo has inputs that are refused
}
const server = spawn(process.execPath, [PROGRAM, "serve", "--db", database, "--port", "0"], {
  stdio: ["ignore", "ignore", "pipe"],
});
const browser = await chromium.launch({
  executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
});
try {
  const address = await new Promise((resolve) => {
    let said = "";
    server.stderr.setEncoding("utf8").on("data", (text) => {
      said += text;
      const found = /http:\/\/\S+/.exec(said);
      if (found !== null) resolve(found[0]);
    });
  });
  for (const { name, place, width = 1280, height, scheme = "light" } of VIEWS) {
    const page = await browser.newPage({ viewport: { width, height }, colorScheme: scheme });
    await page.goto(`${address}#${place}`);
    await page.locator("main h1").waitFor();
    await page.waitForLoadState("networkidle");
    await page.screenshot({ path: join(ROOT, `docs/pictures/page-${name}.png`) });
    await page.close();
  }
} finally {
  await browser.close();
  server.kill();
  rmSync(folder, { recursive: true, force: true });
}
