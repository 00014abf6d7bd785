import { spawnSync } from "node:child_process";
import { accessSync, chmodSync, constants, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { DEMO, accountWith, allowing, asked, leastwise, recommendations, temporaryFolder, write } from "./leastwise.ts";

const folder = temporaryFolder();
const account = readFileSync(join(DEMO, "authorization-details/123456789012.json"), "utf8");
const good = write(folder, "good.json", account);

/** Files that cannot be used, each with the code of its diagnostic. */
const BAD: readonly (readonly [what: string, path: string, code: string])[] = [
  ["text that is no JSON", write(folder, "notes.json", "these are notes\n"), "not-json"],
  ["an export that breaks off", write(folder, "cut.json", account.slice(0, 3000)), "truncated-json"],
  ["an empty file", write(folder, "empty.json", ""), "empty-file"],
  ["an unknown shape", write(folder, "unknown.json", { Invoices: [] }), "unrecognised-input"],
  ["a known shape that has gone wrong", write(folder, "wrong.json", { RoleDetailList: 5 }), "unsupported-input"],
  ["a role without an ARN", write(folder, "no-arn.json", { RoleDetailList: [{ RoleName: "web" }] }), "wrong-shape"],
  ["a list of findings, which names no actions", write(folder, "list.json", { findings: [] }), "unsupported-input"],
  ["a policy alone", write(folder, "policy.json", allowing("s3:*")), "unsupported-input"],
  ["a damaged gzip", write(folder, "damaged.json.gz", Uint8Array.of(0x1f, 0x8b, 8, 0, 1, 2, 3)), "damaged-gzip"],
  ["bytes that are no text", write(folder, "binary.json", Uint8Array.of(0x7b, 0xff, 0xfe, 0xc3, 0x28)), "not-utf8"],
  ["a pipe that nobody writes to", madeFifo("pipe.json"), "not-a-file"],
  ["a link to nowhere", madeLink("dangling.json"), "unreadable-file"],
];

function madeFifo(name: string): string {
  const path = join(folder, name);
  if (spawnSync("mkfifo", [path]).status !== 0) throw new Error("mkfifo is needed for this test");
  return path;
}
function madeLink(name: string): string {
  const path = join(folder, name);
  symlinkSync(join(folder, "nowhere"), path);
  return path;
}

describe("a bad file costs itself alone", () => {
  const db = join(folder, "named.db");
  const ended = leastwise("refine", good, ...BAD.map(([, path]) => path), "--db", db);
  const refused = asked(db, "refused");

  test.each(BAD)("%s is refused with its path, a reason and a way out", (_what, path, code) => {
    const row = refused.find((diagnostic) => diagnostic["path"] === path);
    expect(row).toMatchObject({ severity: "error", code });
    expect(row?.["message"]).toMatch(/^[^A-Z\n].*[^.\n]$/);
    expect(row?.["hint"]).not.toBe("");
  });

  test("the rest is done, and the exit code is 3", () => {
    expect(ended.code).toBe(3);
    expect(recommendations(db)).toHaveLength(13);
    expect(refused.filter(({ severity }) => severity === "error")).toHaveLength(BAD.length);
  });

  test("the summary says how many, names every kind once and where to see all, without a stack", () => {
    expect(ended.out).toMatch(new RegExp(`refused {2}${BAD.length}\\b`));
    for (const code of new Set(BAD.map(([, , each]) => each))) expect(ended.out).toContain(`error ${code}: `);
    expect(ended.out).toContain(`leastwise query refused --db ${db}`);
    expect(ended.out + ended.err).not.toMatch(/^\s+at .*:\d+:\d+/m);
  });
});

test("text that is no JSON says where", () => {
  const notes = write(folder, "place/list.json", '{\n  "RoleDetailList": [],\n  oops\n}\n');
  leastwise("refine", notes, good, "--db", join(folder, "place.db"), "--quiet");
  const refused = asked(join(folder, "place.db"), "refused");
  expect(refused.map(({ message }) => message)).toEqual([expect.stringContaining("line 3")]);
});

test("a folder whose name ends in .json is a folder", () => {
  const inside = write(folder, "parent/archive.json/export.json", account);
  const db = join(folder, "folder.db");
  expect(leastwise("refine", join(folder, "parent"), "--db", db, "--quiet").code).toBe(0);
  expect(asked(db, "--sql", "SELECT inputs FROM runs")).toEqual([{ inputs: 1 }]);
  expect(leastwise("refine", join(folder, "parent/archive.json"), "--db", db, "--quiet").code).toBe(0);
  expect(inside).toContain("archive.json/");
});

test("a folder with nothing in it is wrong usage", () => {
  mkdirSync(join(folder, "nothing.json"));
  const ended = leastwise("refine", join(folder, "nothing.json"), "--db", join(folder, "none.db"));
  expect(ended).toMatchObject({ code: 2, out: "" });
  expect(ended.err).toContain("names no input file");
});

test("pipes and links inside a folder do not hold up the run, and links are not followed", () => {
  const place = join(folder, "links");
  write(place, "export.json", account);
  symlinkSync("export.json", join(place, "again.json"));
  symlinkSync("..", join(place, "loop"));
  spawnSync("mkfifo", [join(place, "pipe.json")]);
  const db = join(folder, "links.db");
  const { code } = leastwise("refine", place, "--db", db, "--quiet");
  expect([0, 3]).toContain(code);
  expect(recommendations(db)).toHaveLength(13);
  const read = asked(db, "--sql", "SELECT count(*) AS n FROM input WHERE kinds <> '[]'");
  expect(read).toEqual([{ n: 1 }]);
});

const locked = write(folder, "locked.json", account);
chmodSync(locked, 0o000);
const canReadAnyway = canRead(locked);

function canRead(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

test.skipIf(canReadAnyway)(
  "a file without permission (SKIPPED WHEN ROOT RUNS THE TESTS: root can read everything)",
  () => {
    const db = join(folder, "locked.db");
    expect(leastwise("refine", locked, good, "--db", db, "--quiet").code).toBe(3);
    expect(asked(db, "refused")).toEqual([expect.objectContaining({ code: "unreadable-file", path: locked })]);
  },
);

describe("a bad part costs that part", () => {
  test("a policy that is none leaves the role's other policy", () => {
    const broken = { Version: "2012-10-17", Statement: [{ Effect: "Perhaps", Action: "s3:*" }] };
    const path = write(
      folder,
      "part.json",
      accountWith("123456789012", { web: { broken, fine: allowing("s3:GetObject") } }),
    );
    const db = join(folder, "part.db");
    expect(leastwise("refine", path, "--db", db, "--quiet").code).toBe(3);
    expect(recommendations(db).map(({ policyName }) => policyName)).toEqual(["fine"]);
    const [row] = asked(db, "refused");
    expect(row).toMatchObject({ code: "invalid-policy", path });
    expect(row?.["pointer"]).toBe("/RoleDetailList/0/RolePolicyList/0/PolicyDocument/Statement/0/Effect");
  });

  test("a line that is none leaves the other lines", () => {
    const lines = [JSON.stringify(JSON.parse(account)), '{"id": "f1", "findi', ""].join("\n");
    const path = write(folder, "lines.jsonl", lines);
    const db = join(folder, "lines.db");
    expect(leastwise("refine", path, "--db", db, "--quiet").code).toBe(3);
    expect(recommendations(db)).toHaveLength(13);
    expect(asked(db, "refused")).toEqual([
      expect.objectContaining({ code: "truncated-json", path, pointer: "line 2" }),
    ]);
  });
});
