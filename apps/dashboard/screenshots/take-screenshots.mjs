/**
 * `npm run screenshots`: the page's pictures in `docs/pictures`, taken of the made-up organization as `leastwise serve` shows it, with Debian's Chromium.
 * Look at them before you commit them.
 */
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const HOME = fileURLToPath(new URL("../../..", import.meta.url));
const MAIN = join(HOME, "apps/batch/dist/main.js");
const PICTURES = join(HOME, "docs/pictures");
const ROLE = "arn:aws:iam::123456789012:role/MyRole";
const POLICY = { principal: ROLE, policy: `${ROLE}#MyRolePolicy` };
const WIDE = { width: 1280, height: 860 };
const NARROW = { width: 360, height: 740 };

/** What is shown, how, and what is waited for. */
const SHOTS = [
  { name: "page-organization", place: "/", size: WIDE, dress: "light", until: ".plot canvas" },
  { name: "page-organization-dark", place: "/", size: WIDE, dress: "dark", until: ".plot canvas" },
  {
    name: "page-policy",
    place: at("/policy", POLICY),
    size: WIDE,
    dress: "light",
    until: ".statement",
    open: "lambda:AddPermission",
  },
  {
    name: "page-trie",
    place: at("/tree", { ...POLICY, statement: "1", entry: "s3:Get*" }),
    size: { width: 1280, height: 780 },
    dress: "light",
    until: ".tree-node",
  },
  {
    name: "page-who-can",
    place: at("/holders", { action: "iam:PassRole", when: "after" }),
    size: { width: 1280, height: 420 },
    dress: "light",
    until: "[data-row]",
  },
  { name: "page-narrow", place: at("/policy", POLICY), size: NARROW, dress: "dark", until: ".statement" },
];

const folder = mkdtempSync(join(tmpdir(), "leastwise-screenshots-"));
const database = join(folder, "org.db");
try {
  refine();
  const server = spawn(process.execPath, [MAIN, "serve", "--db", database, "--port", "0"], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  try {
    await take(await addressOf(server));
  } finally {
    server.kill();
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function take(address) {
  const browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu"],
  });
  try {
    for (const { name, place, size, dress, until, open } of SHOTS) {
      const page = await browser.newPage({ viewport: size, colorScheme: dress, reducedMotion: "reduce" });
      await page.goto(`${address}#${place}`);
      await page.locator(until).first().waitFor();
      if (open !== undefined) await page.getByRole("button", { name: open }).click();
      await page.screenshot({ path: join(PICTURES, `${name}.png`) });
      await page.close();
      process.stdout.write(`docs/pictures/${name}.png\n`);
    }
  } finally {
    await browser.close();
  }
}

/** Exit code 3 says that one of the made-up organization's inputs was refused, as it should be. */
function refine() {
  try {
    execFileSync(process.execPath, [MAIN, "refine", join(HOME, "test-data/orgs/demo"), "--db", database], {
      stdio: "pipe",
    });
  } catch (error) {
    if (error.status !== 3) throw error;
  }
}

function addressOf(server) {
  return new Promise((resolve, reject) => {
    let said = "";
    server.stderr.setEncoding("utf8").on("data", (text) => {
      said += text;
      const address = /http:\/\/\S+/u.exec(said)?.[0];
      if (address !== undefined) resolve(address);
    });
    server.on("exit", (code) => reject(new Error(`leastwise serve ended with ${code}: ${said}`)));
  });
}

function at(path, query) {
  return `${path}?${new URLSearchParams(query).toString()}`;
}
