import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { CASES } from "./handoff-account.ts";
import { NOW, handoffs, permissions, watch } from "./handoff-runs.ts";
import { type PolicyDocument, allowing } from "./leastwise.ts";

const { made, madeIn, run } = handoffs();

describe.each(Object.entries(CASES))("%s", (_name, build) => {
  test("a dry run changes nothing, in AWS or in the folder, and shows each call", async () => {
    const { iam, apply, rollback, folder: written } = made(build);
    const before = iam.snapshot();
    const { code, out, err } = await run(iam, apply);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(iam.writes).toEqual([]);
    expect(iam.snapshot()).toEqual(before);
    expect(() => readFileSync(join(written, "applied.log"))).toThrow("ENOENT");
    const shown = out.split("\n").filter((line) => line.includes("would run: "));
    expect(await run(iam, apply, ...NOW)).toMatchObject({ code: 0, err: "" });
    expect(iam.writes.length).toBeGreaterThan(0);
    // the two holders of a shared policy that is split need its parts but once
    expect(shown.length).toBeGreaterThanOrEqual(iam.writes.length);
    const after = iam.snapshot();
    iam.writes.length = 0;
    expect(await run(iam, rollback)).toMatchObject({ code: 0, err: "" });
    expect({ writes: iam.writes, state: iam.snapshot() }).toEqual({ writes: [], state: after });
  });

  test("apply does it, twice is once, rollback restores all, and apply does it again", async () => {
    const { iam, apply, rollback } = made(build);
    const before = iam.snapshot();
    const permissionsBefore = permissions(iam);
    expect(await run(iam, apply, ...NOW)).toMatchObject({ code: 0, err: "" });
    const after = iam.snapshot();
    expect(after).not.toEqual(before);
    const standing = iam.standing();
    const wanted = permissions(iam);
    iam.writes.length = 0;
    const again = await run(iam, apply, ...NOW);
    expect(again).toMatchObject({ code: 0, err: "" });
    expect(again.out).toMatch(/^changes made: 0; as they should be already: \d; passed over: 0$/m);
    expect({ writes: iam.writes, state: iam.snapshot() }).toEqual({ writes: [], state: after });
    const broken = watch(iam, wanted, permissionsBefore);
    expect(await run(iam, rollback, ...NOW)).toMatchObject({ code: 0, err: "" });
    expect(iam.snapshot()).toEqual(before);
    iam.writes.length = 0;
    expect(await run(iam, rollback, ...NOW)).toMatchObject({ code: 0, err: "" });
    expect({ writes: iam.writes, state: iam.snapshot() }).toEqual({ writes: [], state: before });
    expect(await run(iam, apply, ...NOW)).toMatchObject({ code: 0, err: "" });
    expect(iam.standing()).toEqual(standing);
    expect(broken).toEqual([]);
  });
});

/** A policy of about so many characters. */
function long(prefix: string, characters: number): PolicyDocument {
  const name = (_: unknown, n: number): string => `${prefix}${String(n).padStart(4, "0")}${"x".repeat(80)}`;
  return allowing(...Array.from({ length: Math.floor(characters / 100) }, name));
}

test("inline policies that fill IAM's limit are changed, and changed back, in an order that never goes over it", async () => {
  const { iam, apply, rollback } = made((account) => {
    account.inline("role/full", "a-grows", { before: allowing("s3:*"), after: [long("s3:", 7000)] });
    account.inline("role/full", "b-shrinks", { before: long("sqs:", 9500), after: [long("sqs:", 900)] });
  });
  const before = iam.snapshot();
  expect(await run(iam, apply, ...NOW)).toMatchObject({ code: 0, err: "" });
  expect(iam.writes).toHaveLength(2);
  expect(await run(iam, rollback, ...NOW)).toMatchObject({ code: 0, err: "" });
  expect(iam.snapshot()).toEqual(before);
});

test.each(["aws-cn", "aws-us-gov"])("in %s all ARNs are of that partition", async (partition) => {
  const { iam, apply, rollback } = madeIn(partition, CASES["an AWS managed policy gets a copy"]!); // one of them
  const before = iam.snapshot();
  expect(await run(iam, apply, ...NOW)).toMatchObject({ code: 0, err: "" });
  const [copy] = iam.principal("role/checkout").attached;
  expect(copy).toMatch(new RegExp(`^arn:${partition}:iam::123456789012:policy/leastwise/S3All-checkout-[0-9a-f]{8}$`));
  expect(await run(iam, rollback, ...NOW)).toMatchObject({ code: 0, err: "" });
  expect(iam.snapshot()).toEqual(before);
});

test("half a script does nothing at all", async () => {
  const { iam, apply } = made(CASES["an inline policy gets smaller"]!); // one of them
  const lines = readFileSync(apply, "utf8").split("\n");
  const first = lines.findIndex((line) => line.startsWith("  put_inline "));
  for (const cut of [first, first + 1, first + 2, lines.indexOf('begin "$@"')]) {
    writeFileSync(apply, `${lines.slice(0, cut).join("\n")}\n`);
    await run(iam, apply, ...NOW);
    expect({ cut, calls: iam.calls }).toEqual({ cut, calls: [] });
  }
});

test("a pause that is no number of seconds is refused", async () => {
  const { iam, apply } = made(CASES["an inline policy gets smaller"]!); // one of them
  for (const settle of [["--settle", "soon"], ["--settle", "-1"], ["--settle"]]) {
    expect(await run(iam, apply, "--apply", ...settle)).toMatchObject({ code: 2 });
  }
  expect(iam.calls).toEqual([]);
});

/** A person need not have it; CI must. */
const isChecked = process.env["CI"] === "true" || spawnSync("shellcheck", ["--version"]).error === undefined;

test.runIf(isChecked)("shellcheck has nothing to say of them, whatever the names", () => {
  const { apply, rollback } = made(
    CASES["a customer managed policy of one principal"]!,
    CASES["an inline policy gets smaller"]!,
  ); // two of them
  const { status, stdout } = spawnSync("shellcheck", [apply, rollback], { encoding: "utf8" });
  expect({ status, stdout }).toEqual({ status: 0, stdout: "" });
});

test("no pipe ends in a command that may stop reading: under pipefail what it found would count as not found", () => {
  for (const name of ["common", "apply", "rollback"]) {
    const text = readFileSync(new URL(`../shell/${name}.sh`, import.meta.url), "utf8").replace(/^\s*#.*$/gm, "");
    expect(text).not.toMatch(/\|\s*(grep -\w*q|head|sed \S*q)/);
  }
});

test("they hold no syntax that the bash of a Mac (3.2) lacks", () => {
  for (const name of ["common", "apply", "rollback"]) {
    const text = readFileSync(new URL(`../shell/${name}.sh`, import.meta.url), "utf8");
    expect(text).not.toMatch(
      /\b(mapfile|readarray|coproc)\b|declare -[A-Zn]|local -[A-Zn]|\|&|&>>|\$\{\w+(,,|\^\^|@[A-Z])|\[-\d+\]|;&|printf -v|%\(/,
    );
  }
});
