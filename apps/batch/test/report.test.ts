import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createHash } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { type Report, replyKey } from "@leastwise/api";
import { ShownDatabase } from "../src/pages/shown-database.ts";
import { recordReport } from "../src/report/record-report.ts";
import { reportHtml } from "../src/report/report-html.ts";
import { pageFiles } from "../src/serve/page-files.ts";
import { DEMO, accountWith, allowing, leastwise, refined, temporaryFolder, write } from "./leastwise.ts";
import { reply, serving } from "./serving.ts";

const folder = temporaryFolder();
const ROLE = "arn:aws:iam::123456789012:role/MyRole";
const SCRIPT = 'const a = "</script>"; const b = "<!--"; export {};\n';
const STYLE = "body { color: CanvasText }\n";
let db = "";

beforeAll(() => {
  db = refined(folder, "org.db", DEMO);
  mkdirSync(join(folder, "page/assets"), { recursive: true });
  writeFileSync(
    join(folder, "page/index.html"),
    '<!doctype html>\n<html>\n  <head>\n    <title>x</title>\n    <script type="module" crossorigin src="./assets/page-1a.js"></script>\n    <link rel="stylesheet" crossorigin href="./assets/page-1a.css">\n  </head>\n  <body></body>\n</html>\n',
  );
  writeFileSync(join(folder, "page/assets/page-1a.js"), SCRIPT);
  writeFileSync(join(folder, "page/assets/page-1a.css"), STYLE);
});

function report(database: string, account: string | null = null, top = 100, mostBytes = 7_000_000): string {
  const shown = new ShownDatabase(database);
  try {
    const { about, recording } = shown.with(undefined, (run) =>
      recordReport(run, { database: "org.db", account, top, mostBytes }),
    );
    return reportHtml(pageFiles(join(folder, "page")), about, recording);
  } finally {
    shown.close();
  }
}

function hash(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}

/** Where a list ends does not count, nor how it was looked for. */
function plain(answer: unknown): unknown {
  const isList = typeof answer === "object" && answer !== null && "looked" in answer;
  return isList ? { ...answer, looked: 0, next: null } : answer;
}

/** What a page finds in it. */
function dataOf(html: string): Report {
  const [, text = ""] = /<script id="leastwise-report" type="application\/json">(.*?)<\/script>/s.exec(html) ?? [];
  return JSON.parse(text) as Report; // what the report has written
}

function replyIn({ replies, bodies }: Report, key: string): unknown {
  return bodies[replies[key] ?? -1];
}

describe("of the made-up organization", () => {
  let html = "";
  let data: Report;

  beforeAll(() => {
    html = report(db);
    data = dataOf(html);
  });

  test("it is the same for the same database, byte for byte", () => {
    expect(createHash("sha256").update(report(db)).digest("hex")).toBe(createHash("sha256").update(html).digest("hex"));
  });

  test("it loads nothing, connects nowhere, and runs only what its policy names", () => {
    const policy = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(html)?.[1] ?? "";
    const scripts = [...html.matchAll(/<script type="module">(.*?)<\/script>/gs)].map(([, text = ""]) => text);

    expect(scripts).toEqual([SCRIPT.replace("</script>", "<\\/script>").replace("<!--", "<\\!--")]);
    expect(policy).toBe(
      `default-src 'none'; script-src ${hash(scripts[0] ?? "")}; style-src ${hash(STYLE)}; img-src data:; base-uri 'none'; form-action 'none'`,
    );
    expect(html.indexOf("Content-Security-Policy")).toBeLessThan(html.indexOf("<script"));
    expect(html).not.toMatch(/\s(?:src|href)="(?!data:)/);
  });

  test("it answers as `serve` does", async () => {
    const server = await serving(db);
    for (const [name, asked] of [
      ["overview", {}],
      ["recommendations", { sort: "before", order: "asc" }],
      ["recommendations", { action: "detach" }],
      ["principals", {}],
      ["accounts", { sort: "removed", order: "desc" }],
      ["principal", { arn: ROLE }],
      ["tree", { policy: `${ROLE}#MyRolePolicy`, principal: ROLE, statement: "1", entry: "s3:Get*" }],
      ["holders", { action: "iam:PassRole", when: "after" }],
      ["schema", {}],
    ] as const) {
      const served = await reply(
        server.port,
        name,
        name === "principals"
          ? { sort: "removed", limit: "200" }
          : { ...asked, ...(name === "recommendations" || name === "accounts" ? { limit: "200" } : {}) },
      );
      const kept = replyIn(data, replyKey(name, asked));

      expect(plain(kept)).toEqual(plain(served));
    }
  });

  test("it has every policy that changes, with all that stands behind it but the script", () => {
    const changing = (
      replyIn(data, "recommendations?") as { readonly rows: readonly Record<string, unknown>[] }
    ).rows.filter(({ recommendedAction }) => recommendedAction !== "NONE"); // the rows of a list

    expect(changing.length).toBeGreaterThan(20);
    for (const { policyKey, principalArn } of changing) {
      const ask = { policy: String(policyKey), principal: String(principalArn) };
      expect(replyIn(data, replyKey("policy", ask))).toMatchObject({ rollback: null });
      expect(replyIn(data, replyKey("principal", { arn: ask.principal }))).toMatchObject({ arn: ask.principal });
    }
    const page = replyIn(data, replyKey("policy", { policy: `${ROLE}#MyRolePolicy`, principal: ROLE }));
    expect(page).toMatchObject({
      apply: expect.stringContaining("leastwise export --db org.db --format aws-cli") as unknown,
    });
  });

  test("it says what is left out, and what shows it", () => {
    expect(data.about).toMatchObject({ run: { runId: 1 }, account: null });
    expect(data.about.leftOut).toContainEqual({
      what: "searches, your own SQL and scripts",
      shown: 0,
      total: null,
      command: "leastwise serve --db org.db",
    });
  });
});

test("of one account, its lists have that account alone", () => {
  const data = dataOf(report(db, "123456789012"));
  const { rows } = replyIn(data, "recommendations?") as { readonly rows: readonly Record<string, unknown>[] }; // the rows of a list

  expect(rows.length).toBeGreaterThan(0);
  expect(new Set(rows.map(({ accountId }) => accountId))).toEqual(new Set(["123456789012"]));
  expect(replyIn(data, "recommendations?account=123456789012")).toEqual(replyIn(data, "recommendations?"));
  expect(data.about.account).toBe("123456789012");
  const policies = Object.keys(data.replies).filter((key) => key.startsWith("policy?"));
  expect(policies.every((key) => key.includes("123456789012"))).toBe(true);
});

test("it keeps to its size whatever there is, the overview first, and says what did not fit", () => {
  const html = report(db, null, 100, 200_000);
  const data = dataOf(html);

  expect(html.length).toBeLessThan(260_000);
  expect(replyIn(data, "overview?")).toBeDefined();
  expect(data.about.leftOut.map(({ what }) => what)).toContain("policies with all that stands behind them");
});

test("names end no script, whatever they are", () => {
  const name = "</script><script>alert(1)</script><!--";
  const roles = { role: { [name]: allowing("s3:Get*") } };
  const hostile = refined(folder, "hostile.db", write(folder, "hostile.json", accountWith("210987654321", roles)));
  const html = report(hostile);

  expect(html).not.toContain("<script>alert");
  expect(html.match(/<script/g)).toHaveLength(2);
  expect(JSON.stringify(dataOf(html).bodies)).toContain(JSON.stringify(name).slice(1, -1));
});

describe("the file", () => {
  test("that is no report is not written over", () => {
    const path = write(folder, "mine.html", "<html>mine</html>");

    expect(leastwise("report", "--db", db, "--out", path)).toMatchObject({
      code: 2,
      err: expect.stringContaining("is no report") as unknown,
    });
    expect(readFileSync(path, "utf8")).toBe("<html>mine</html>");
  });

  test("of an account that is not there is not written at all", () => {
    const path = join(folder, "nobody.html");
    const { code, err } = leastwise("report", "--db", db, "--out", path, "--account", "999999999999");

    expect([code, existsSync(path)]).toEqual([2, false]);
    expect(err).toContain("the database has no account `999999999999`");
    expect(readdirSync(folder).filter((name) => name.endsWith(".part"))).toEqual([]);
  });
});
