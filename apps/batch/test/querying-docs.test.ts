import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { CLEAN, DEMO, MAIN, leastwise, leastwiseIn, refined, temporaryFolder } from "./leastwise.ts";

/** docs/querying.md: what it shows can be run as it stands. */

const PAGE = readFileSync(fileURLToPath(new URL("../../../docs/querying.md", import.meta.url)), "utf8");
const folder = temporaryFolder();
const db = refined(folder, "org.db", DEMO);
mkdirSync(join(folder, "bin"));
symlinkSync(MAIN, join(folder, "bin", "leastwise"));

function blocks(language: string): readonly string[] {
  return Array.from(PAGE.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)\\n\`\`\`$`, "gms")), ([, text = ""]) => text);
}

describe("docs/querying.md", () => {
  test.each(blocks("console").flatMap((block) => block.split("\n")))("%s", (command) => {
    const { status, stderr, stdout } = spawnSync("bash", ["-c", `set -o pipefail; ${command}`], {
      cwd: folder,
      env: { ...CLEAN, PATH: `${join(folder, "bin")}:${CLEAN.PATH}` },
      encoding: "utf8",
    });
    expect({ status, stderr: stderr.replace(/^the first \d+ rows;.*\n/, "") }).toEqual({ status: 0, stderr: "" });
    const out = command.includes(" > ") ? readFileSync(join(folder, "reductions.csv"), "utf8") : stdout;
    expect(out.split("\n").length).toBeGreaterThan(3);
  });

  test.each(blocks("sql"))("%s", (sql) => {
    const { code, out } = leastwise("query", "--db", db, "--sql", sql, "--format", "jsonl");
    expect(code).toBe(0);
    expect(JSON.parse(out.split("\n")[0] ?? "")).toMatchObject({ version: "2012-10-17" });
  });

  test.each([
    ["--timeout", "30"],
    ["--max-memory", "512"],
    ["--max-bytes", "1000000000"],
  ])("the default of %s is the one that --help shows", (option, value) => {
    const help = leastwiseIn({}, "query", "--help").out.replaceAll(/\s+/g, " ");
    expect(help).toMatch(new RegExp(`${option} <\\w+> [^(]*\\(default: ${value} for --sql\\)`));
    expect(PAGE.replaceAll(",", "")).toMatch(new RegExp(`\\| ${value} (?:seconds|MB|bytes) +\\| \`${option} `));
  });
});
