import { spawnSync } from "node:child_process";
import { cpSync, readFileSync, readdirSync, symlinkSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import {
  COMMANDS,
  accountWith,
  allowing,
  leastwise,
  leastwiseIn,
  refined,
  temporaryFolder,
  write,
} from "./leastwise.ts";

const folder = temporaryFolder();
const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const OURS = "apps/batch/dist/";

/**
 * Which files the program loads for these arguments: its own by their names in `dist`, of other packages the package's name, each once
 * and sorted. They are the scripts that V8 knows of when the process ends.
 */
function loadedFor(...args: readonly string[]): {
  readonly own: readonly string[];
  readonly packages: readonly string[];
} {
  const coverage = `${folder}/${args.join(" ").replaceAll("/", "_")}`;
  const { code, err } = leastwiseIn({ cwd: folder, env: { NODE_V8_COVERAGE: coverage } }, ...args);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  const urls = readdirSync(coverage).flatMap((name) => {
    const { result } = JSON.parse(readFileSync(`${coverage}/${name}`, "utf8")) as {
      readonly result: readonly { readonly url: string }[];
    }; // what Node writes
    return result.map(({ url }) => url);
  });
  const paths = urls.filter((url) => url.startsWith("file:")).map((url) => fileURLToPath(url).slice(ROOT.length));
  const own = paths.filter((path) => path.startsWith(OURS)).map((path) => path.slice(OURS.length));
  const others = paths.filter((path) => !path.startsWith(OURS)).map(packageOf);
  return { own: [...new Set(own)].sort(), packages: [...new Set(others)].sort() };
}

/** Of `node_modules/@scope/name/file.js` the package, of `packages/core/dist/index.js` the folder. */
function packageOf(path: string): string {
  const [, name = path] = /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path) ?? /^(packages\/[^/]+)\//.exec(path) ?? [];
  return name;
}

/** What there is before a command is called. */
const BARE = [
  "asking/limits.js",
  "cli/choices.js",
  "cli/handing-on.js",
  "cli/one-policy.js",
  "cli/options.js",
  "cli/over-time.js",
  "cli/program.js",
  "cli/refining.js",
  "cli/stored-results.js",
  "config/values.js",
  "exit-code.js",
  "format/printable.js",
  "in-thread.js",
  "main.js",
  "queue/names.js",
  "reason.js",
  "terminal.js",
  "version.js",
  "workers/worker-limits.js",
];

test.each(["--version", "--help", ...COMMANDS.map((command) => `${command} --help`)])(
  "`leastwise %s` loads the command line and no command, catalog or database",
  (words) => {
    expect(loadedFor(...words.split(" "))).toEqual({
      own: BARE,
      packages: ["commander", "packages/pictures", "picocolors"],
    });
  },
);

describe("a command loads what it needs", () => {
  const policy = write(folder, "policy.json", allowing("s3:Get*"));
  const unused = write(folder, "unused.json", [{ serviceNamespace: "s3", actions: ["GetObject"] }]);

  test("`policy` has no database, no threads of workers and no other command", () => {
    const { own, packages } = loadedFor("policy", policy, "--unused", unused);
    expect(own.filter((name) => /^(?:commands|given)\//.test(name))).toEqual([
      "commands/fit-policy.js",
      "commands/policy.js",
      "given/policy-file.js",
      "given/unused-file.js",
    ]);
    for (const absent of ["packages/store", "better-sqlite3", "piscina"]) expect(packages).not.toContain(absent);
    expect(packages).toContain("packages/catalog");
  });

  test("`trie` has no database where it is given a file", () => {
    const { own, packages } = loadedFor("trie", "s3:Get*", "--unused", unused);
    expect(own).toContain("commands/trie.js");
    for (const absent of ["packages/store", "better-sqlite3", "piscina"]) expect(packages).not.toContain(absent);
  });

  test("`query --list` reads no exports and no catalog", () => {
    const { own, packages } = loadedFor("query", "--list");
    expect(own).toContain("commands/query.js");
    for (const absent of ["packages/evidence", "packages/catalog", "zod", "piscina"])
      expect(packages).not.toContain(absent);
  });
});

test("the bash functions are read when scripts are written, and nothing else misses them", () => {
  const policies = { wide: allowing("s3:Get*", "sqs:*") };
  const unused = [{ arn: "arn:aws:iam::123456789012:role/fine", unused: [{ serviceNamespace: "sqs" }] }];
  const account = write(folder, "org.json", accountWith("123456789012", { fine: policies }));
  const db = refined(folder, "org.db", account, write(folder, "of-fine.json", unused));
  const copy = `${folder}/copy`; // the program without its folder `shell`
  for (const part of ["dist", "package.json"])
    cpSync(`${ROOT}apps/batch/${part}`, `${copy}/${part}`, { recursive: true });
  symlinkSync(`${ROOT}node_modules`, `${copy}/node_modules`);
  const exportAs = (...format: readonly string[]) =>
    spawnSync(process.execPath, [`${copy}/dist/main.js`, "export", "--db", db, "--format", ...format], {
      encoding: "utf8",
    });

  expect(exportAs("jsonl")).toMatchObject({
    status: 0,
    stdout: leastwise("export", "--db", db, "--format", "jsonl").out,
  });
  expect(exportAs("terraform", "--out", `${folder}/terraform`)).toMatchObject({ status: 0 });
  const scripts = exportAs("aws-cli", "--out", `${folder}/scripts`);
  expect(scripts).toMatchObject({ status: 5 });
  expect(scripts.stderr).toContain("common.sh");
});
