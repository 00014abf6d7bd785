/** Names by people who mean harm, or whose keyboard is broken: the page shows them as text. */
import type { Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { accountWith, recommendations, refined, temporaryFolder, write } from "../../../batch/test/leastwise.ts";
import { type Serving, serving } from "../../../batch/test/serving.ts";
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
  ["=HYPERLINK(1)", "=HYPERLINK(1)"],
  ["{{7*7}}${7*7}%s%n", "{{7*7}}${7*7}%s%n"],
  ["w".repeat(990), "w".repeat(990)],
];

/** What an ARN may hold before its last name, and how long that may be. */
const PATH = `/<script>alert(5)</script>/'"><svg/onload=alert(6)>/`;
const LONG = "Long".repeat(250);
const LONG_ARN = `arn:aws:iam::${ACCOUNT}:role${PATH}${LONG}`;

function arnOf(at: number): string {
  return `arn:aws:iam::${ACCOUNT}:role/web-${at}`;
}

describe.runIf(HAS_CHROMIUM)("an organization of hostile names", () => {
  const folder = temporaryFolder();
  const chromium = usingChromium();
  let server: Serving;

  beforeAll(async () => {
    const plain = accountWith(
      ACCOUNT,
      Object.fromEntries(NAMES.map(([name], at) => [`web-${at}`, { [name]: policyOf(name) }])),
    );
    const Tags = NAMES.map(([name]) => ({ Key: name, Value: name }));
    const hard = { RoleName: LONG, RoleId: "AROALONG", Arn: LONG_ARN, Path: PATH, Tags };
    const [like] = plain["RoleDetailList"] as readonly object[]; // a role in AWS's form
    const account = {
      ...plain,
      RoleDetailList: [...(plain["RoleDetailList"] as readonly object[]), { ...like, ...hard }],
    };
    const unused = [...NAMES.map((_, at) => arnOf(at)), LONG_ARN].map((arn) => ({
      arn,
      unused: [{ serviceNamespace: "s3", actions: ["PutObject"] }],
    }));
    const files = [
      write(folder, `<img src=x>\u202E'.json`, account),
      write(folder, "unused.json", unused),
      write(folder, "bad\u001B[2J<b>.json", { "<b>": 1 }),
    ];
    const db = refined(folder, "org.db", ...files);
    if (recommendations(db).length !== NAMES.length + 1) throw new Error("not every name has come into the database");
    server = await serving(db);
  });

  const show = (place: string, query: Readonly<Record<string, string>> = {}): Promise<Page> =>
    chromium.open(`${server.url}#${place}?${new URLSearchParams(query).toString()}`);

  test("all of them in a list, as text, each in its row", async () => {
    const page = await show("/policies");
    const links = page.locator("[data-row] .row-link");
    const seen = [...NAMES.map(([, text]) => text), NAMES[0]?.[1] ?? ""]; // the last role has the first one's policy
    await expect.poll(async () => (await links.allTextContents()).toSorted()).toEqual(seen.toSorted());
    expect(await madeOfNames(page)).toEqual([]);
    const heights = await page
      .locator("[data-row]")
      .evaluateAll((rows) => rows.map((row) => row.getBoundingClientRect().height));
    expect(new Set(heights).size).toBe(1);
  });

  test.each(NAMES.map(([name, seen], at) => ({ name, seen, at })))(
    "$name: the page of a policy",
    async ({ name, seen, at }) => {
      const policy = `${arnOf(at)}#${name}`;
      const page = await show("/policy", { principal: arnOf(at), policy });
      const title = page.getByRole("heading", { level: 1 });
      await expect.poll(() => title.textContent()).toBe(seen);
      expect(await title.locator("bdi").count()).toBe(1);
      expect(await page.locator(".sid").textContent()).toBe(seen);
      expect(await page.locator(".entries .before code").allTextContents()).toContain(`s3:Get${seen}`);
      for (const tab of ["JSON", "Patch", "Apply", "Roll back"]) {
        await page.getByRole("tab", { name: tab }).click();
        await page.locator(".documents, .takeaway, .state.nothing").first().waitFor();
        expect(await madeOfNames(page)).toEqual([]);
      }
      for (const width of [360, 1280]) expect([width, await overflowOf(page, width)]).toEqual([width, 0]);
    },
  );

  test("a principal with a path of markup, a name of 1,000 letters, and tags", async () => {
    const page = await show("/principal", { arn: LONG_ARN });
    const title = page.getByRole("heading", { level: 1 });
    await expect.poll(() => title.textContent()).toBe(LONG);
    expect(await page.locator(".arn").textContent()).toBe(LONG_ARN);
    expect(await page.locator(".tag").allTextContents()).toEqual(NAMES.map(([, seen]) => `${seen}=${seen}`));
    expect(await madeOfNames(page)).toEqual([]);
    for (const width of [360, 1280]) expect([width, await overflowOf(page, width)]).toEqual([width, 0]);
  });

  test("found by the search box, and who can call an action", async () => {
    const page = await show("/");
    await page.locator("#search").fill("<script>");
    await expect.poll(() => page.locator("#found").getByRole("option").first().textContent()).toContain(LONG); // by its path
    expect(await madeOfNames(page)).toEqual([]);
    await page.locator("#search").fill("s3:GetObject");
    await page.locator("#search").press("Enter");
    const cells = page.locator("[data-row] [role=cell]:nth-child(3) bdi");
    const seen = [...NAMES.map(([, text]) => text), NAMES[0]?.[1] ?? ""];
    await expect.poll(async () => (await cells.allTextContents()).toSorted()).toEqual(seen.toSorted());
    expect(await madeOfNames(page)).toEqual([]);
  });

  test("the names of files, and what was wrong in them", async () => {
    const page = await show("/refused");
    await expect
      .poll(() => page.locator("[data-row]").allTextContents())
      .toContainEqual(expect.stringContaining("bad‹U+001B›[2J<b>.json"));
    expect(await madeOfNames(page)).toEqual([]);
  });
});

/** Elements that only a name can have made: the page itself has one script, and no picture but the canvas of its chart. */
function madeOfNames(page: Page): Promise<readonly string[]> {
  return page
    .locator(
      "img, iframe, object, embed, base, script:not([type=module][src]), [onerror], [onclick], a[href^='javascript:' i]",
    )
    .evaluateAll((elements) => elements.map(({ outerHTML }) => outerHTML));
}

function policyOf(name: string): unknown {
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: name,
        Effect: "Allow",
        Action: ["s3:GetObject", "s3:PutObject", `s3:Get${name}`],
        Resource: `arn:aws:s3:::${name}/*`,
      },
    ],
  };
}
