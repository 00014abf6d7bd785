import { spawnSync } from "node:child_process";
import { chmodSync, readFileSync, readdirSync, symlinkSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { CLEAN, DEMO, MAIN, asked, leastwiseIn, temporaryFolder, write } from "./leastwise.ts";

/** README.md: what its blocks tell people to type is run here, in order, in one folder. */

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const README = readFileSync(`${ROOT}/README.md`, "utf8");
const ACCOUNT = "123456789012";

/** A terminal breaks lines where the README does; a pipe does not. */
const asOneLine = (text: string): string => text.replaceAll(/\s+/g, " ").trim();

test("the drift of the article's own result is what the README prints", () => {
  const [, command = "", printed = ""] =
    /```console\nnpx leastwise (drift [^\n]+)\n```\n\n```text\n([^]*?)```/.exec(README) ?? [];
  const { code, out, err } = leastwiseIn({ cwd: ROOT }, ...command.split(" "));
  expect({ code, err }).toEqual({ code: 0, err: "" });
  expect(asOneLine(out)).toBe(asOneLine(printed));
});

/** What the README writes for an example, and what stands there when it is run. The demo has its role `MyRole`. */
const IN_PLACE: readonly (readonly [example: string, real: string])[] = [
  ["exports/details/ACCOUNT.json", `exports/details/${ACCOUNT}.json`],
  ["ANALYZER_ARN", `arn:aws:access-analyzer:eu-central-1:${ACCOUNT}:analyzer/unused`],
];

/** What a test cannot do within itself, and the script of the root's package.json that it stands for. */
const NOT_RUN: Readonly<Record<string, string>> = {
  "npm ci && npm run demo": "demo", // demo.test.ts runs the program that it ends in
  "npm ci && npm test": "test",
};

/** The AWS CLI as far as the README calls it, for an account of the demo. Whatever else it is asked is wrong usage. */
const AWS = `#!/usr/bin/env node
const { readFileSync, readdirSync } = require("node:fs");
const [service, operation, ...options] = process.argv.slice(2);
const given = Object.fromEntries(options.flatMap((word, i) => (i % 2 === 0 ? [[word, options[i + 1]]] : [])));
const call = [service, operation, ...Object.keys(given).sort()].join(" ");
const folder = ${JSON.stringify(`${DEMO}/findings/${ACCOUNT}/`)};
const findings = readdirSync(folder).map((name) => readFileSync(folder + name, "utf8"));
const analyzer = given["--analyzer-arn"];
if (analyzer !== undefined && !/^arn:aws:access-analyzer:[a-z0-9-]+:\\d{12}:analyzer.\\w+$/.test(analyzer)) process.exit(254);
if (call === "iam get-account-authorization-details") {
  process.stdout.write(readFileSync(${JSON.stringify(`${DEMO}/authorization-details/${ACCOUNT}.json`)}));
} else if (call === "accessanalyzer list-findings-v2 --analyzer-arn --filter --output --query") {
  if (given["--query"] !== "findings[].id" || given["--output"] !== "text") process.exit(252);
  const wanted = Object.entries(JSON.parse(given["--filter"]));
  const found = findings.map((text) => JSON.parse(text));
  const matching = found.filter((finding) => wanted.every(([key, { eq }]) => eq.includes(finding[key])));
  console.log(matching.map(({ id }) => id).join("\\t"));
} else if (call === "accessanalyzer get-finding-v2 --analyzer-arn --id") {
  process.stdout.write(findings.find((text) => JSON.parse(text).id === given["--id"]) ?? process.exit(254));
} else process.exit(252);
`;

/** The program that is built, and no other package: npx would fetch one. */
const NPX = `#!/usr/bin/env bash
[ "$1" = leastwise ] && exec node "${MAIN}" "\${@:2}"
exit 127
`;

/** Fences with their languages, in order. */
const blocks = Array.from(README.matchAll(/^```(\w*)\n(.*?)\n```$/gms), ([, language = "", text = ""]) => ({
  language,
  text,
}));

/** A block's commands, each whole: bash says where one ends. */
function commandsOf(block: string): readonly string[] {
  const commands: string[] = [];
  let lines = "";
  for (const line of block.split("\n")) {
    lines += `${lines === "" ? "" : "\n"}${line}`;
    if (lines.endsWith("\\") || spawnSync("bash", ["-n", "-c", lines]).status !== 0) continue;
    commands.push(lines);
    lines = "";
  }
  if (lines !== "") commands.push(lines); // no command, and running it will say so
  return commands;
}

describe("the blocks of README.md", () => {
  const folder = temporaryFolder();
  const commands = blocks.filter(({ language }) => language === "console").flatMap(({ text }) => commandsOf(text));
  for (const [name, text] of Object.entries({ aws: AWS, npx: NPX }))
    chmodSync(write(folder, `bin/${name}`, text), 0o755);
  for (const name of ["bash", "mkdir", "tr"]) {
    const { stdout } = spawnSync("bash", ["-c", `type -P ${name}`], { encoding: "utf8" });
    symlinkSync(stdout.trim(), `${folder}/bin/${name}`);
  }
  symlinkSync(process.execPath, `${folder}/bin/node`);
  symlinkSync(`${ROOT}/test-data`, `${folder}/test-data`);

  test("are all of a kind that is looked at here", () => {
    expect(new Set(blocks.map(({ language }) => language))).toEqual(new Set(["console", "diff", "text"]));
    expect(README.split("```")).toHaveLength(2 * blocks.length + 1);
    expect(commands.length).toBeGreaterThan(10);
    for (const [example] of IN_PLACE) expect(commands.join("\n")).toContain(example);
  });

  test.each(commands.filter((command) => command in NOT_RUN))("%s names a script of the repository", (command) => {
    const { scripts } = JSON.parse(readFileSync(`${ROOT}/package.json`, "utf8")) as {
      readonly scripts: Readonly<Record<string, string>>;
    }; // our own
    expect(scripts[NOT_RUN[command] ?? ""]).toMatch(/ (?:vitest run|node apps\/batch\/demo\/demo\.mjs)$/);
  });

  test.each(commands.filter((command) => !(command in NOT_RUN)))("%s", (command) => {
    const real = IN_PLACE.reduce((text, [example, put]) => text.replaceAll(example, put), command);
    const { status, stderr } = spawnSync("bash", ["-euo", "pipefail", "-c", real], {
      cwd: folder,
      env: { ...CLEAN, PATH: `${folder}/bin` },
      encoding: "utf8",
    });
    expect({ status, stderr: status === 0 ? "" : stderr }).toEqual({ status: 0, stderr: "" });
  });

  test("have exported, refined and handed on what there was", () => {
    expect(readdirSync(`${folder}/exports/details`)).toEqual([`${ACCOUNT}.json`]);
    const all = `${DEMO}/findings/${ACCOUNT}`;
    const active = readdirSync(all).filter((name) => /"status": "ACTIVE"/.test(readFileSync(`${all}/${name}`, "utf8")));
    expect(readdirSync(`${folder}/exports/findings`).sort()).toEqual(active.sort());
    expect(active.length).toBeGreaterThan(5);
    expect(asked(`${folder}/org.db`, "overview")).toMatchObject([{ accounts: 1 }]);
    expect(readdirSync(`${folder}/changes/${ACCOUNT}`)).toEqual(expect.arrayContaining(["apply.sh", "rollback.sh"]));
  });
});
