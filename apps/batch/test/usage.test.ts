import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { closeWriting, openForWriting } from "@leastwise/store";
import { describe, expect, test } from "vitest";
import { COMMANDS, DEMO, leastwise, temporaryFolder, write } from "./leastwise.ts";

const folder = temporaryFolder();

describe("help", () => {
  test.each(COMMANDS)("of `%s` shows its options and examples", (command) => {
    const { code, out, err } = leastwise(command, "--help");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toContain(`Usage: leastwise ${command}`);
    expect(out).toMatch(new RegExp(`Examples:\n {2}leastwise ${command} `));
  });

  test("of the program shows every command, examples and the exit codes", () => {
    const { code, out } = leastwise("--help");
    expect(code).toBe(0);
    const [, commands = ""] = /\nCommands:\n(.*?)\n\n/s.exec(out) ?? [];
    const named = Array.from(commands.matchAll(/^ {2}([\w-]+) /gm), ([, name]) => name);
    expect(named).toEqual([...COMMANDS, "help"]);
    expect(out).toContain("Examples:");
    expect(out).toMatch(/Exit codes: 0 done.*130 interrupted/s);
  });

  test("no line is wider than a terminal of 80 columns, examples apart", () => {
    const { out } = leastwise("--help");
    const wide = out.split("\n").filter((line) => line.length > 85);
    expect(wide).toEqual([]);
  });

  test("the version alone", () => {
    const { code, out } = leastwise("--version");
    expect({ code, out }).toEqual({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) as unknown });
  });
});

describe("wrong usage is exit code 2, on stderr", () => {
  const db = join(folder, "usage.db");
  test.each([
    ["no command", [], /Usage: leastwise/],
    ["an unknown command", ["refin"], /unknown command 'refin'/],
    ["an unknown option", ["refine", DEMO, "--db", db, "--fast"], /unknown option '--fast'/],
    ["no database to write", ["refine", DEMO], /'--db <file>'/],
    ["no path", ["refine", "--db", db], /missing required argument 'path'/],
    [
      "a number of threads that is none",
      ["refine", DEMO, "--db", db, "--threads", "two"],
      /'two' is invalid.*1 to 256/,
    ],
    ["no thread at all", ["refine", DEMO, "--db", db, "--threads", "0"], /1 to 256/],
    ["too many threads", ["refine", DEMO, "--db", db, "--threads", "257"], /1 to 256/],
    [
      "a granularity that is none",
      ["refine", DEMO, "--db", db, "--granularity", "coarse"],
      /Allowed choices are word, exact/,
    ],
    ["a path that is not there", ["refine", join(folder, "nowhere"), "--db", db], /nowhere` names no input file/],
    ["a glob that matches nothing", ["refine", join(folder, "*.json"), "--db", db], /\*\.json` names no input file/],
    [
      "one bad path among good ones",
      ["refine", DEMO, join(folder, "nowhere"), "--db", db],
      /nowhere` names no input file/,
    ],
    ["a form of export that is none", ["export", "--db", db, "--format", "xml"], /Allowed choices/],
    ["something else of the catalog", ["catalog", "delete"], /unknown command 'delete'/],
  ])("%s", (_what, args, message) => {
    const { code, out, err } = leastwise(...args);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toMatch(message);
  });

  test("and makes no database", () => {
    expect(existsSync(db)).toBe(false);
  });
});

describe("a database that cannot be used is exit code 4, and is left alone", () => {
  const text = write(folder, "notes.txt", "notes about the migration\n".repeat(100));
  const other = madeDatabase("other.db", "application_id = 1");
  const newer = madeDatabase("newer.db", "user_version = 9999");

  function madeDatabase(name: string, pragma: string): string {
    const path = join(folder, name);
    const db = openForWriting(path);
    db.pragma(pragma);
    closeWriting(db);
    return path;
  }

  const cases = [
    ["a text file", text, /not-a-database: .*notes\.txt` is no SQLite database/],
    ["a database of another program", other, /not-leastwise: .*other\.db` is a database of another program/],
    ["a database of a newer version", newer, /newer-version: .*newer\.db` has schema 9999/],
  ] as const;

  test.each(cases)("refine into %s", (_what, path, message) => {
    const before = readFileSync(path);
    const { code, out, err } = leastwise("refine", DEMO, "--db", path, "--quiet");
    expect({ code, out }).toEqual({ code: 4, out: "" });
    expect(err).toMatch(message);
    expect(err.trimEnd().split("\n")).toHaveLength(2);
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  test.each(cases)("ask %s", (_what, path, message) => {
    const { code, out, err } = leastwise("query", "overview", "--db", path);
    expect({ code, out }).toEqual({ code: 4, out: "" });
    expect(err).toMatch(message);
  });

  test.each([
    ["a folder", folder],
    ["a folder that is not there", join(folder, "nowhere", "org.db")],
  ])("refine into %s", (_what, path) => {
    const { code, err } = leastwise("refine", DEMO, "--db", path, "--quiet");
    expect(code).toBe(4);
    expect(err).toMatch(/^leastwise: database-io: .* cannot be used: .*\n.*folder.*writable/);
  });

  test("asking one that is not there is wrong usage, and makes none", () => {
    const path = join(folder, "missing.db");
    for (const args of [
      ["query", "overview"],
      ["show", "x"],
      ["export", "--format", "jsonl"],
      ["catalog", "info"],
    ]) {
      const { code, err } = leastwise(...args, "--db", path);
      expect(code).toBe(2);
      expect(err).toMatch(/there is no database .*missing\.db`\nmake it with `leastwise refine/);
    }
    expect(existsSync(path)).toBe(false);
  });
});

describe("catalog info", () => {
  test("says which actions the results were computed with", () => {
    const { code, out } = leastwise("catalog", "info");
    expect(code).toBe(0);
    expect(out).toMatch(
      /^@cloud-copilot\/iam-data@\S+\n {2}date {6}\d{4}-\d\d-\d\d\n {2}services {2}\d+\n {2}actions {3}[\d,]+\n {2}sha256 {4}[0-9a-f]{64}\n$/,
    );
  });

  test("of a file of one's own", () => {
    const file = join(folder, "own.json");
    writeFileSync(file, JSON.stringify({ s3: ["GetObject", "PutObject"], sqs: [] }));
    const { out } = leastwise("catalog", "info", "--catalog", file);
    expect(out).toMatch(/services {2}2\n {2}actions {3}2\n/);
  });

  describe("with AWS's service reference", () => {
    const services = join(folder, "servicereference");
    const tracked = { SupportedBy: { "IAM Action Last Accessed": true } };
    write(services, "v1/s3/s3.json", {
      Name: "s3",
      Version: "v1.4",
      Actions: [{ Name: "ListBucket", ...tracked }, { Name: "BrandNewAction" }],
      Operations: [{ Name: "ListObjectsV2", AuthorizedActions: [{ Name: "ListBucket", Service: "s3" }] }],
    });
    write(services, "v1/ec2/ec2.json", { Name: "ec2", Actions: [{ Name: "RunInstances", ...tracked }] });

    test("beside the built-in catalog: what it adds, how many actions are tracked and how many operations are mapped", () => {
      const [, before = ""] = /actions {3}([\d,]+)\n/.exec(leastwise("catalog", "info").out) ?? [];
      const after = (Number(before.replace(",", "")) + 1).toLocaleString("en-US");
      const { code, out } = leastwise("catalog", "info", "--service-reference", services);
      expect(code).toBe(0);
      expect(out).toMatch(/^@cloud-copilot\/iam-data@\S+ \+ service reference \(2 services\)\n/);
      expect(out).toContain(
        `\n  actions     ${after}\n  tracked     2 actions\n  operations  1 mapped to actions\n  sha256      `,
      );
    });

    test("as the whole catalog", () => {
      const { code, out } = leastwise("catalog", "info", "--catalog", services);
      expect(code).toBe(0);
      expect(out).toMatch(
        /^service reference \(2 services\)\n {2}date {8}unknown\n {2}services {4}2\n {2}actions {5}3\n/,
      );
    });

    test("is kept with the results, and told of a database too", () => {
      const db = join(folder, "tracked.db");
      const { code } = leastwise("refine", DEMO, "--db", db, "--service-reference", services, "--quiet");
      expect(code).toBe(3);
      const { out } = leastwise("catalog", "info", "--db", db);
      expect(out).toMatch(/ \+ service reference \(2 services\)\n.*\n {2}tracked {3}2 actions\n {2}sha256 /s);
    });

    test("lets `policy` know of an action that the built-in catalog lacks", () => {
      const policy = write(folder, "new-action.json", {
        Version: "2012-10-17",
        Statement: { Effect: "Allow", Action: "s3:BrandNewAction", Resource: "*" },
      });
      const unused = write(folder, "nothing-of-note.json", [{ serviceNamespace: "sqs", actions: ["SendMessage"] }]);
      const without = leastwise("policy", policy, "--unused", unused);
      expect(without.err).toContain("the catalog has no action `s3:BrandNewAction`");
      const { code, err } = leastwise("policy", policy, "--unused", unused, "--service-reference", services);
      expect({ code, err }).toEqual({ code: 0, err: "" });
    });

    test("what is none is wrong usage, one line and a way out; so is asking for a database's and a file's at once", () => {
      const index = write(folder, "index.json", [
        { service: "s3", url: "https://servicereference.us-east-1.amazonaws.com/v1/s3/s3.json" },
      ]);
      const { code, out, err } = leastwise("catalog", "info", "--service-reference", index);
      expect({ code, out }).toEqual({ code: 2, out: "" });
      expect(err).toMatch(/^leastwise: catalog-shape: .*index\.json` is the index .*\ndownload each url .*\n$/);
      for (const option of ["--catalog", "--service-reference"]) {
        expect(leastwise("catalog", "info", "--db", join(folder, "tracked.db"), option, services).code).toBe(2);
      }
    });
  });
});
