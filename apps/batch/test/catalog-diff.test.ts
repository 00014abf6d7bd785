/** What AWS changed between two catalogs. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { count } from "../src/progress.ts";
import { CATALOGS, allowing, jsonLines, leastwise, refined, temporaryFolder, write } from "./leastwise.ts";
import { account } from "./samples.ts";

const folder = temporaryFolder();
const DRIFT_PAGE = fileURLToPath(new URL("../../../docs/drift.md", import.meta.url));

const OLD = write(folder, "old.json", {
  a: { Read: ["GetThing", "GetOther", "Say"], Write: ["Put_Thing", "PutOther"] },
  gone: { Read: ["GetOne", "GetTwo"] },
  moved: { Read: ["GetX", "GetY", "GetZ"] },
  half: { Read: ["GetP", "GetQ"] },
});
const NEW = write(folder, "new.json", {
  A: { Read: ["GetThing", "GetMore", "Sayings"], Write: ["GetOther", "PutThing", "PutOther", "DeleteThing"] },
  elsewhere: { Read: ["GetX", "GetY"] },
  first: { Read: ["GetP"] },
  second: { Read: ["GetQ"] },
});

function changes(
  older: string,
  newer: string,
  ...more: readonly string[]
): readonly Readonly<Record<string, unknown>>[] {
  const { out, err, code } = leastwise("catalog", "diff", older, newer, "--json", ...more);
  expect({ err, code }).toEqual({ err: "", code: 0 });
  return jsonLines(out) as readonly Readonly<Record<string, unknown>>[]; // what the program wrote
}

const found = changes(OLD, NEW);
const of = (change: string): readonly Readonly<Record<string, unknown>>[] =>
  found.filter((row) => row["change"] === change).map(({ change: _change, ...row }) => row);

const sha256 = (path: string): string =>
  /sha256 +(\w+)/.exec(leastwise("catalog", "info", "--catalog", path).out)?.[1] ?? "";

describe("services", () => {
  test("added; another case is no other service", () => {
    expect(of("service-added")).toEqual([{ service: "elsewhere" }, { service: "first" }, { service: "second" }]);
  });

  test("gone; renamed where one new service alone has at least half of the names", () => {
    expect(of("service-gone")).toEqual([
      { service: "gone", renamedTo: null },
      { service: "half", renamedTo: null },
      { service: "moved", renamedTo: "elsewhere" },
    ]);
  });
});

/** The service reference of s3, with these actions tracked. */
const service = (name: string, tracked: readonly string[]): string =>
  write(folder, name, {
    Name: "s3",
    Actions: ["GetObject", "PutObject", "ListBucket"].map((Name) => ({
      Name,
      SupportedBy: { "IAM Action Last Accessed": tracked.includes(Name) },
    })),
  });

describe("actions", () => {
  test("added, and whether a prefix of one word was there for them", () => {
    const added = of("action-added").map((row) => [row["action"], row["isNewService"], row["isUnderKnownWord"]]);
    expect(added).toEqual([
      ["A:DeleteThing", false, false],
      ["A:GetMore", false, true],
      ["A:PutThing", false, true],
      ["A:Sayings", false, false], // `a:Say` is a whole name, and no word prefix
      ["elsewhere:GetX", true, false],
      ["elsewhere:GetY", true, false],
      ["first:GetP", true, false],
      ["second:GetQ", true, false],
    ]);
  });

  test("gone or renamed", () => {
    expect(of("action-gone").map(({ action, renamedTo }) => [action, renamedTo])).toEqual([
      ["a:Put_Thing", "A:PutThing"],
      ["a:Say", null],
      ["gone:GetOne", null],
      ["gone:GetTwo", null],
      ["half:GetP", null],
      ["half:GetQ", null],
      ["moved:GetX", "elsewhere:GetX"],
      ["moved:GetY", "elsewhere:GetY"],
      ["moved:GetZ", null],
    ]);
  });

  test("of another access level", () => {
    expect(of("access-level")).toEqual([{ action: "A:GetOther", before: "Read", after: "Write" }]);
  });

  test("a level that one of the catalogs does not know is no change", () => {
    const plain = write(folder, "plain.json", { a: ["GetOther"] });
    const levelled = write(folder, "levelled.json", { a: { Write: ["GetOther"] } });
    expect(changes(plain, levelled)).toEqual([]);
    expect(changes(levelled, plain)).toEqual([]);
  });

  test("tracked otherwise, where both tell what is tracked", () => {
    const [older, newer] = [
      service("r1.json", ["GetObject", "ListBucket"]),
      service("r2.json", ["PutObject", "ListBucket"]),
    ];
    expect(changes(older, newer)).toEqual([
      { change: "tracking", action: "s3:GetObject", tracked: false },
      { change: "tracking", action: "s3:PutObject", tracked: true },
    ]);
    expect(changes(older, service("r3.json", []))).toEqual([]);
  });
});

describe("as text", () => {
  test("figures, then services", () => {
    const { out } = leastwise("catalog", "diff", OLD, NEW);
    expect(out).toContain("services  3 added, 3 gone; moved is elsewhere now\n");
    expect(out).toContain("actions added  8, of which 4 to services that were there\n");
    expect(out).toContain("2 (50 %) under a prefix of one word that was there, such as `A:Get*`\n");
    expect(out).toContain("actions gone  9, of which 3 renamed\n");
    expect(out).toMatch(/^A +4 +1 +1 +1 +0$/m);
  });

  test("--all shows every action", () => {
    const { out } = leastwise("catalog", "diff", OLD, NEW, "--all");
    for (const line of ["  A:GetMore  Read", "  moved:GetX, now elsewhere:GetX", "  A:GetOther  Read → Write"])
      expect(out.split("\n")).toContain(line);
  });

  test("nothing differs between a catalog and itself", () => {
    expect(changes("built-in", "built-in")).toEqual([]);
    expect(leastwise("catalog", "diff", "built-in", "built-in").out).toContain("actions added  0, of which 0");
  });
});

describe("a catalog of a database", () => {
  const export_ = write(folder, "account.json", account([{ kind: "role", name: "r", inline: { p: allowing("a:*") } }]));
  const db = refined(folder, "org.db", export_, "--catalog", OLD);
  refined(folder, "org.db", export_, "--catalog", NEW);

  test("by the first digits of its SHA-256, in either case", () => {
    const named = changes(sha256(OLD).slice(0, 8), sha256(NEW).slice(0, 12).toUpperCase(), "--db", db);
    expect(named).toEqual(found);
  });

  test("too few digits, or those of none, are taken for a file", () => {
    const { code, err } = leastwise("catalog", "diff", sha256(OLD).slice(0, 3), NEW, "--db", db);
    expect(code).toBe(4);
    expect(err).toContain("cannot be read");
  });
});

describe("November 2024 beside the built-in catalog", () => {
  const all = changes(join(CATALOGS, "2024.json"), "built-in");

  test("docs/drift.md has the figures", () => {
    const added = all.filter(({ change }) => change === "action-added");
    const known = added.filter(({ isNewService }) => isNewService === false);
    const under = known.filter(({ isUnderKnownWord }) => isUnderKnownWord === true);
    const page = readFileSync(DRIFT_PAGE, "utf8").replaceAll(/\s+/g, " ");
    const percent = ((100 * under.length) / known.length).toFixed(0);
    expect(page).toContain(
      `${count(added.length)} actions, ${count(known.length)} of them to services that were there; ${count(under.length)} of these (${percent} %)`,
    );
    const gone = all.filter(({ change }) => change === "action-gone");
    expect(page).toContain(`${count(gone.length)} actions are gone`);
    expect(gone.filter(({ renamedTo }) => renamedTo !== null)).toEqual([]);
  });
});
