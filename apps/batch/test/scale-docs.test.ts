/** docs/scale.md: its commands are commands, and do what the page says. */
import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { CLEAN, DEMO, MAIN, exported, leastwise, temporaryFolder, write } from "./leastwise.ts";

const PAGE = readFileSync(fileURLToPath(new URL("../../../docs/scale.md", import.meta.url)), "utf8");
const blocks = Array.from(PAGE.matchAll(/\n```(\w+)\n(.*?)\n```\n/gs), ([, language = "", text = ""]) => {
  return { language, text };
});
const shell = blocks.filter(({ language }) => language === "bash");
const folder = temporaryFolder();

function blockWith(words: string): string {
  const found = shell.find(({ text }) => text.includes(words));
  if (found === undefined) throw new Error(`no block has ${words}`);
  return found.text;
}

/** Runs a script in the folder, with commands of this folder before those of the system. */
function run(
  script: string,
  env: Readonly<Record<string, string>> = {},
): { readonly code: number | null; readonly out: string } {
  const { status, stdout, stderr } = spawnSync("bash", ["-c", script], {
    cwd: folder,
    encoding: "utf8",
    env: { ...CLEAN, ...env, PATH: `${join(folder, "bin")}:${CLEAN.PATH}` },
  });
  return { code: status, out: stdout + stderr };
}

function command(name: string, script: string): void {
  chmodSync(write(folder, `bin/${name}`, `#!/bin/sh\n${script}\n`), 0o755);
}

test.each(shell.map(({ text }) => [text.split("\n")[0], text]))("`%s`: the shell can parse it", (_, text) => {
  const { status, stderr } = spawnSync("bash", ["-n"], { input: text, encoding: "utf8" });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
});

test.each(blocks.filter(({ language }) => language === "json").map(({ text }) => [text]))("JSON is JSON", (text) => {
  expect(JSON.parse(text)).toHaveProperty("StartAt"); // the only kind there is
});

test("shares and merge, as they are shown, come to the undivided run", () => {
  cpSync(DEMO, join(folder, "exports"), { recursive: true });
  command("leastwise", `exec '${process.execPath}' '${MAIN}' "$@" --quiet`);
  expect(run(blockWith("--shard 4/4"))).toMatchObject({ code: 3 });
  const whole = join(folder, "whole.db");
  const inFolder = spawnSync(process.execPath, [MAIN, "refine", "exports/", "--db", whole], {
    cwd: folder,
    env: CLEAN,
  });
  expect(inFolder.status).toBe(3);
  expect(exported(join(folder, "org.db"))).toBe(exported(whole));
  expect(leastwise("verify", "--db", join(folder, "org.db"), "--quiet").code).toBe(0);
});

describe("the array of AWS Batch", () => {
  command("aws", "exit 0");
  command("leastwise-told", `echo "$@"`);
  const script = blockWith("AWS_BATCH_JOB_ARRAY_INDEX").replaceAll("leastwise refine", "leastwise-told refine");

  test.each([
    ["0", "1/4"],
    ["3", "4/4"],
  ])("the job of index %s does share %s", (index, share) => {
    const { code, out } = run(script, { AWS_BATCH_JOB_ARRAY_INDEX: index, SHARES: "4", BUCKET: "b" });
    expect({ code, out }).toEqual({
      code: 0,
      out: `refine exports/ --shard ${share} --db part-${Number(index) + 1}.db --quiet\n`,
    });
  });

  test("goes on where some inputs were refused, and not where it failed", () => {
    for (const [ended, goesOn] of [
      [3, 0],
      [4, 1],
    ]) {
      command("leastwise-told", `exit ${ended}`);
      expect(run(script, { AWS_BATCH_JOB_ARRAY_INDEX: "0", SHARES: "4", BUCKET: "b" }).code).toBe(goesOn);
    }
  });

  test("the parts are merged by one job", () => {
    expect(blockWith("leastwise merge parts/")).toContain("leastwise merge parts/part-*.db --db org.db");
    expect(existsSync(MAIN)).toBe(true);
  });
});
