/** The program as it is built, given what is made to harm it: what it reads, what it prints, and what it writes. */
import { spawnSync } from "node:child_process";
import { appendFileSync, mkdirSync, readFileSync, readdirSync, renameSync, symlinkSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { safeName } from "../dist/format/diff.js";
import { isUnchanged } from "../dist/workers/file-stamp.js";
import type { ReadBatch } from "../dist/workers/read-files.js";
import { readInParts } from "../dist/workers/read-large-file.js";
import {
  MAIN,
  CLEAN,
  accountWith,
  allowing,
  asked,
  leastwise,
  leastwiseIn,
  recommendations,
  refined,
  temporaryFolder,
  write,
} from "./leastwise.ts";

const folder = temporaryFolder();
const ROLE = "arn:aws:iam::123456789012:role/web";
const UNUSED = [{ arn: ROLE, unused: [{ serviceNamespace: "s3", actions: ["PutObject"] }] }];

function fifo(path: string): string {
  if (spawnSync("mkfifo", [path]).status !== 0) throw new Error("mkfifo is needed for this test");
  return path;
}

describe("a policy with a key twice", () => {
  const twice = '{"Statement":{"Effect":"Allow","Action":"s3:GetObject","Action":"*","Resource":"*"}}';

  test("as text in an export costs the policy alone", () => {
    const path = write(folder, "twice.json", accountWith("123456789012", { web: { twice, fine: allowing("s3:*") } }));
    const db = refined(folder, "twice.db", path);
    expect(recommendations(db).map(({ policyName }) => policyName)).toEqual(["fine"]);
    expect(asked(db, "refused")).toMatchObject([
      { code: "duplicate-key", pointer: "/RoleDetailList/0/RolePolicyList/0/PolicyDocument" },
    ]);
  });

  test("given alone, as an object or URL-encoded", () => {
    for (const text of [twice, encodeURIComponent(twice)]) {
      const { code, out, err } = leastwise(
        "policy",
        write(folder, "p.json", text),
        "--unused",
        write(folder, "u.json", []),
      );
      expect({ code, out }).toEqual({ code: 3, out: "" });
      expect(err).toContain("`Action` twice");
    }
  });

  test("in a configuration, a catalog and a list of unused actions", () => {
    const policy = write(folder, "fine.json", allowing("s3:*"));
    const list = write(folder, "list.json", [{ serviceNamespace: "s3", actions: ["PutObject"] }]);
    const config = write(folder, "config.json", '{"protected":["iam:*"],"protected":[]}');
    const catalog = write(folder, "catalog.json", '{"s3":["GetObject","PutObject"],"s3":["GetObject"]}');
    const unused = write(
      folder,
      "twice-list.json",
      '[{"serviceNamespace":"s3","actions":["PutObject"],"actions":null}]',
    );
    const refine = leastwise("refine", policy, "--db", join(folder, "no.db"), "--config", config);
    const other = leastwise("policy", policy, "--unused", list, "--catalog", catalog);
    const third = leastwise("policy", policy, "--unused", unused);
    for (const [{ code, err }, key] of [
      [refine, "protected"],
      [other, "s3"],
      [third, "actions"],
    ] as const) {
      expect(code).toBeGreaterThan(1);
      expect(code).toBeLessThan(5);
      expect(err).toMatch(new RegExp(`["\`]${key}["\`] twice`));
    }
  });
});

describe("what is no regular file", () => {
  const policy = write(folder, "policy.json", allowing("s3:*"));
  const list = write(folder, "list.json", [{ serviceNamespace: "s3", actions: ["PutObject"] }]);
  const pipe = fifo(join(folder, "pipe"));

  test.each([
    ["a policy", ["policy", pipe, "--unused", list]],
    ["a list of unused actions", ["policy", policy, "--unused", pipe]],
    ["a catalog", ["policy", policy, "--unused", list, "--catalog", pipe]],
    ["a service reference", ["policy", policy, "--unused", list, "--service-reference", pipe]],
    ["a configuration", ["refine", policy, "--db", join(folder, "no.db"), "--config", pipe]],
    ["a device as a policy", ["policy", "/dev/zero", "--unused", list]],
    ["a device as a catalog", ["policy", policy, "--unused", list, "--catalog", "/dev/zero"]],
  ])("as %s is refused before it is opened, since nobody may ever write to it", (_, args) => {
    const { code, out, err } = leastwise(...args);
    expect({ code, out }).toEqual({ code: expect.toSatisfy((c) => [2, 3, 4].includes(c as number)), out: "" });
    expect(err).toContain("regular file");
  });

  test("but what a shell has opened is read", () => {
    const shell = `'${process.execPath}' '${MAIN}' policy <(cat '${policy}') --unused '${list}' --format json`;
    const { status, stdout } = spawnSync("bash", ["-c", shell], { env: CLEAN, encoding: "utf8", timeout: 30_000 });
    expect(status).toBe(0);
    expect(stdout).toContain("CREATE_POLICY");
  });

  test("devices and pipes among the inputs cost themselves", () => {
    const db = refined(
      folder,
      "devices.db",
      write(folder, "a.json", accountWith("123456789012", { web: { p: allowing("s3:*") } })),
      "/dev/zero",
      "/dev/null",
      pipe,
    );
    expect(recommendations(db)).toHaveLength(1);
    expect(
      asked(db, "refused")
        .map(({ code, path }) => `${String(path)} ${String(code)}`)
        .toSorted(),
    ).toEqual(["/dev/null not-a-file", "/dev/zero not-a-file", `${pipe} not-a-file`]);
  });
});

describe("links", () => {
  test("in a ring, to themselves and out of the folder are not followed", () => {
    const place = join(folder, "links");
    mkdirSync(place);
    const outside = write(folder, "outside/secret.json", accountWith("210987654321", { out: { p: allowing("s3:*") } }));
    write(place, "a.json", accountWith("123456789012", { web: { p: allowing("s3:*") } }));
    symlinkSync("self.json", join(place, "self.json"));
    symlinkSync("b", join(place, "c"));
    symlinkSync("c", join(place, "b"));
    symlinkSync("..", join(place, "up"));
    symlinkSync(join(folder, "outside"), join(place, "outside"));
    symlinkSync(outside, join(place, "secret.json"));
    for (const input of [place, join(place, "**/*.json")]) {
      const db = refined(folder, `links-${input.length}.db`, input);
      expect(recommendations(db).map(({ accountId }) => accountId)).toEqual(["123456789012"]);
      expect(asked(db, "refused").map(({ code }) => code)).toEqual(["link-not-followed", "link-not-followed"]);
    }
  });
});

/** The codes of what is said when a change is made behind the first part; how many files all parts are of together. */
async function disturbed(path: string, change: () => void): Promise<readonly string[]> {
  let said: ReadBatch[] = [];
  for await (const part of readInParts({ path })) {
    if (said.length === 0) change();
    said = part.isInstead === true ? [part] : [...said, part];
  }
  return said.flatMap(({ files }) => files.flatMap(({ diagnostics }) => diagnostics.map(({ code }) => code)));
}

describe("a file that changes while it is read", () => {
  const lines = `${JSON.stringify(UNUSED[0])}\n`.repeat(100_000);
  const list = `[${Array.from({ length: 60_000 }, () => JSON.stringify(UNUSED[0])).join(",\n")}]`;

  test.each([
    ["lines that grow", "grow.jsonl", lines, (path: string) => appendFileSync(path, lines)],
    ["lines of the same length with another date", "touch.jsonl", lines, (path: string) => utimesSync(path, 1, 1)],
    [
      "a list that is cut",
      "cut.json",
      list,
      (path: string) => write(folder, "cut.json", list.slice(0, 5_000_000)) === path,
    ],
    [
      "a list in whose place comes another file",
      "moved.json",
      list,
      (path: string) => renameSync(write(folder, "other", list), path),
    ],
  ])("%s: all its parts are taken back", async (_, name, content, change) => {
    const path = write(folder, name, content);
    expect(await disturbed(path, () => change(path))).toEqual(["changed-file"]);
  });

  test("one that stays as it is has nothing said of it", async () => {
    const path = write(folder, "still.jsonl", lines);
    expect(await disturbed(path, () => undefined)).toEqual([]);
  });

  test("size, dates and identity tell", () => {
    const stamp = { ino: 9n, size: 5n, mtimeNs: 7n, ctimeNs: 8n };
    expect(isUnchanged(stamp, { ...stamp })).toBe(true);
    for (const other of [{ ino: 1n }, { size: 6n }, { mtimeNs: 6n }, { ctimeNs: 9n }])
      expect(isUnchanged(stamp, { ...stamp, ...other })).toBe(false);
  });
});

test("a gzip bomb costs itself, and the rest is done", () => {
  const zeros = gzipSync(Buffer.alloc(64 * 1024 * 1024, " "));
  const bomb = write(
    folder,
    "bomb.json.gz",
    Buffer.concat([gzipSync('{"RoleDetailList":['), ...Array.from({ length: 14 }, () => zeros)]),
  );
  const db = refined(
    folder,
    "bomb.db",
    bomb,
    write(folder, "a.json", accountWith("123456789012", { web: { p: allowing("s3:*") } })),
  );
  expect(recommendations(db)).toHaveLength(1);
  expect(asked(db, "refused")).toMatchObject([{ code: "too-large", path: bomb }]);
});

describe("names that nobody can see, or that mean something to what reads them", () => {
  const HIDDEN = [
    "\u0000",
    "\u001b[2J",
    "\u009b31m",
    "\u202e",
    "\u2066",
    "\u200b",
    "\u180e",
    "\u115f",
    "\u1160",
    "\u3164",
    "\uffa0",
    "\u034f",
    "\ufe0f",
    "\u{e0041}",
    "\u{e0100}",
    "\u{1d173}",
    "\u2800",
    "\ufffb",
  ];
  const FORMULA = '=HYPERLINK("http://x","y")';
  const names = [
    ...HIDDEN.map((hidden) => `a${hidden}b`),
    FORMULA,
    "'; DROP TABLE policy; --",
    '"',
    "`id`",
    "$(id)",
    "a\r\nb",
    "../../x",
    "-rf",
    "%2e%2e%2f",
  ];
  const hiding = allowing("s3:GetObject", "s3:PutObject", ...HIDDEN.map((hidden) => `s3:Get${hidden}`));
  const policies = Object.fromEntries(names.map((name) => [name, hiding]));
  const db = refined(
    folder,
    "names.db",
    write(folder, "names.json", accountWith("123456789012", { web: policies })),
    write(folder, "names-unused.json", UNUSED),
  );
  const RAW = new RegExp(HIDDEN.map((hidden) => hidden.replace("[", "\\[")).join("|"), "u");

  test("are all there, each as it is", () => {
    expect(
      recommendations(db)
        .map(({ policyName }) => policyName)
        .sort(),
    ).toEqual([...names].sort());
  });

  test.each([
    ["a table", ["query", "largest-reductions", "--limit", "0"]],
    ["records", ["query", "largest-reductions", "--limit", "0", "--format", "records"]],
    ["CSV of a question", ["query", "largest-reductions", "--format", "csv"]],
    ["JSON of a question", ["query", "largest-reductions", "--format", "json"]],
    ["show", ["show", ROLE]],
    ["explain", ["explain", ROLE, "s3:PutObject"]],
    ["a diff", ["export", "--format", "diff"]],
    ["CSV", ["export", "--format", "csv"]],
    ["JSON lines", ["export", "--format", "jsonl"]],
    ["AWS's shape", ["export", "--format", "access-analyzer"]],
  ])("in %s nothing of it is raw", (_, args) => {
    const { code, out, err } = leastwise(...args, "--db", db);
    expect(code).toBe(0);
    expect(out).toContain(args[0] === "explain" || args.includes("diff") ? "s3:PutObject" : "\\u");
    expect(out + err).not.toMatch(RAW);
  });

  test("in CSV a formula is text", () => {
    const { out } = leastwise("export", "--format", "csv", "--db", db);
    expect(out).toContain(`"'${FORMULA.replaceAll('"', '""')}"`);
  });

  test("as SQL they are texts", () => {
    const question = `SELECT count(*) AS n FROM recommendations WHERE policy_name = '${names.find((name) => name.includes("DROP"))?.replaceAll("'", "''")}'`;
    expect(asked(db, "--sql", question)).toEqual([{ n: 1 }]);
  });

  test.each(["aws-cli", "terraform", "patches"])(
    "files of %s stay in their folder, have names of letters, and nothing raw in them",
    (format) => {
      const out = join(folder, `out-${format}`);
      leastwise("export", "--format", format, "--db", db, "--out", out);
      const files = readdirSync(out, { recursive: true, withFileTypes: true });
      expect(files.length).toBeGreaterThan(0);
      for (const file of files) {
        expect(file.name).toMatch(/^[\w.@=+,%-]+$/);
        const text = file.isFile() ? readFileSync(join(file.parentPath, file.name), "utf8") : "";
        expect(text).not.toMatch(RAW);
      }
    },
  );

  test("two names never share a file", () => {
    expect(new Set(names.map(safeName)).size).toBe(names.length);
    expect(safeName("a%20b")).not.toBe(safeName("a b"));
  });

  test("in a file's own name they are shown escaped", () => {
    const place = join(folder, "odd");
    write(place, `x\u001b[2J\u202e'"$(id)\n.json`, "nope");
    const { code, out, err } = leastwiseIn({ cwd: folder }, "refine", "odd", "--db", join(folder, "odd.db"));
    expect(code).toBe(3);
    expect(out).toContain("\\u001B[2J\\u202E");
    expect(out + err).not.toMatch(RAW);
  });
});
