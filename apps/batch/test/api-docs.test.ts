import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { API_NAMES, type ApiName } from "@leastwise/api";
import { format } from "prettier";
import { expect, test } from "vitest";
import { ANSWERERS } from "../src/pages/answers.ts";
import { DEMO, refined, temporaryFolder } from "./leastwise.ts";
import { reply, serving } from "./serving.ts";

const PAGE = fileURLToPath(new URL("../../../docs/api.md", import.meta.url));
const MARK = "<!-- What follows is made by apps/batch/test/api-docs.test.ts. -->\n";
const folder = temporaryFolder();
const ROLE = "arn:aws:iam::123456789012:role/MyRole";
const POLICY = { policy: `${ROLE}#MyRolePolicy`, principal: ROLE };

/** What each question is, and an example of it. */
const EXAMPLES: Readonly<Record<ApiName, readonly [sentence: string, asked: Readonly<Record<string, string>>]>> = {
  accounts: ["Accounts, with what their attached policies grant.", { sort: "removed", limit: "1" }],
  actions: [
    "Actions of the run's catalog, and how many attached policies grant them.",
    { service: "s3", level: "Permissions management", granted: "yes", limit: "1" },
  ],
  diagnostics: ["What was refused, could not be answered or should be looked at; errors first.", { severity: "error" }],
  find: ["Whatever some letters may mean: at most five of each kind.", { q: "iam:PassR" }],
  holders: [
    "Who may call an action, today (`before`) or once the recommendations are applied (`after`), entry by entry.",
    { action: "iam:PassRole", when: "after", limit: "1" },
  ],
  overview: ["The organization on one page.", {}],
  policy: [
    "One policy of a principal; without `principal`, a customer managed policy that is narrowed in place.",
    POLICY,
  ],
  principal: ["One principal: what it has, and what every source says of its use.", { arn: ROLE }],
  principals: ["Roles, users and groups.", { kind: "user", limit: "1" }],
  question: [
    "A named question of `leastwise query`, its parameters as `p.NAME`; 1,000 rows at the most.",
    { question: "covers", "p.entry": "s3:GetBucketA*" },
  ],
  questions: ["The named questions.", {}],
  recommendations: ["Attached policies, and what to do with them.", { q: "myrole", action: "replace" }],
  "run-differences": [
    "Principals that differ between an `older` run and the one that is shown.",
    { older: "1", run: "2" },
  ],
  runs: ["All runs, the newest first.", {}],
  schema: ["Tables and views, as docs/schema.md describes them.", {}],
  services: ["Services, of the organization or of an account.", { verdict: "unused", limit: "1" }],
  "shared-policies": ["Managed policies that several principals have.", { kind: "customer" }],
  sql: [
    "A person's own SQL, as `leastwise query --sql`; 1,000 rows at the most, 30 s, 512 MB.",
    { sql: "SELECT kind, count(*) AS number FROM principals GROUP BY kind" },
  ],
  tree: ["The words behind a wildcard, `statement` counted from 0.", { ...POLICY, statement: "1", entry: "s3:Get*" }],
};
/** Dates of the clock, which no two runs share. */
const CLOCK: Readonly<Record<string, string>> = {
  startedAt: "2026-11-22T12:00:00.000Z",
  finishedAt: "2026-11-22T12:00:01.000Z",
};

/** A reply short enough to be read: of lists the first, of texts the beginning. */
function shortened(value: unknown, key = ""): unknown {
  if (CLOCK[key] !== undefined) return CLOCK[key];
  if (typeof value === "string") return value.length > 90 ? `${value.slice(0, 80)}…` : value;
  if (Array.isArray(value)) {
    const first: unknown[] = value.slice(0, 1).map((one: unknown) => shortened(one));
    return value.length > 1 ? [...first, "…"] : first;
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, shortened(one, name)]));
}

test("docs/api.md shows every question with its parameters, and what it is answered", async () => {
  const db = refined(folder, "org.db", DEMO);
  const server = await serving(db);
  const parts: string[] = [];
  for (const name of API_NAMES) {
    const [sentence, asked] = EXAMPLES[name];
    const parameters = name === "sql" ? ["run", "sql"] : ANSWERERS[name].parameters;
    const isList = name !== "sql" && ANSWERERS[name].columns !== null;
    const query = new URLSearchParams(asked).toString();
    const answer = name === "run-differences" ? null : shortened(await reply(server.port, name, asked));
    const list =
      parameters.length === 0
        ? "It takes no parameters."
        : `Parameters: ${parameters.map((one) => `\`${one}\``).join(", ")}.`;
    const csv = isList ? ` All rows as CSV: \`/api/${name}.csv\`.` : "";
    const shown = answer === null ? "" : `\n\`\`\`json\n${JSON.stringify(answer, null, 2)}\n\`\`\`\n`;
    parts.push(
      `## ${name}\n\n${sentence} ${list}${csv}\n\n\`\`\`console\ncurl 'http://127.0.0.1:8477/api/${name}${query === "" ? "" : `?${query}`}'\n\`\`\`\n${shown}`,
    );
  }
  const page = readFileSync(PAGE, "utf8");
  const introduction = page.slice(0, page.indexOf(MARK) + MARK.length);
  const text = await format(`${introduction}\n${parts.join("\n")}`, { parser: "markdown", printWidth: 120 });
  if (process.env["LEASTWISE_UPDATE"] !== undefined) writeFileSync(PAGE, text);

  expect(readFileSync(PAGE, "utf8")).toBe(text);
});
