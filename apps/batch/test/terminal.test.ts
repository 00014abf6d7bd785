import { spawnSync } from "node:child_process";
import { expect, describe, test } from "vitest";
import type { Change } from "@leastwise/core";
import pc from "picocolors";
import { changeLines } from "../src/format/changes.ts";
import { formatTable } from "../src/format/table.ts";
import {
  CLEAN,
  COMMANDS,
  MAIN,
  accountWith,
  allowing,
  leastwise,
  refined,
  temporaryFolder,
  write,
} from "./leastwise.ts";

const folder = temporaryFolder();
const PLAIN = pc.createColors(false);
const ROLE = "arn:aws:iam::111122223333:role/app/checkout";

const COLUMNS = ["principal", "policy", "action", "before", "after"];

function rowOf(arn: string): (string | number)[] {
  return [arn, "AmazonEC2ContainerServiceFullAccess", "CREATE_POLICY", 22_091, 8_768];
}

describe("a table that is too wide", () => {
  test.each([92, 88, 84, 80, 76, 72])(
    "of %i columns still says of which account a principal is, and how it ends",
    (width) => {
      const [, , line = ""] = formatTable(COLUMNS, [rowOf(ROLE)], width).split("\n");
      expect(line.length).toBeLessThanOrEqual(width);
      expect(line).toMatch(/^…?111122223333\S*kout {2}/);
    },
  );

  test("has an ARN without partition and service where that is enough", () => {
    const [, , line = ""] = formatTable(COLUMNS, [rowOf(ROLE)], 90).split("\n");
    expect(line).toMatch(/^…111122223333:role\/app\/checkout {2}/);
    const [, , whole = ""] = formatTable(COLUMNS, [rowOf(ROLE)], 200).split("\n");
    expect(whole).toContain(ROLE);
  });

  test("tells accounts apart that have a role of the same name", () => {
    const accounts = ["111122223333", "444422223333"].map((account) =>
      rowOf(`arn:aws:iam::${account}:role/app/checkout`),
    );
    const lines = formatTable(COLUMNS, accounts, 76).split("\n").slice(2);
    expect(new Set(lines).size).toBe(2);
  });

  test("cuts a sentence at its end", () => {
    const text = formatTable(["reason", "name"], [["uses them, or nothing is known of their use", "x".repeat(30)]], 60);
    expect(text.split("\n")[2]).toMatch(/^uses them, or nothing is kno… {2}x+…x+$/);
  });
});

describe("what happened to an entry", () => {
  const replacedBy = Array.from({ length: 1_200 }, (_, i) => `s3:GetSomethingLong${i}*`);
  const changes: readonly Change[] = [
    { statement: 0, element: "Action", entry: "s3:Get*", replacedBy },
    { statement: 12, element: "NotAction", entry: null, replacedBy },
    { statement: 3, element: "Action", entry: "s3:PutObject", replacedBy: [] },
  ];

  test("is broken between entries, the later lines below the first entry", () => {
    const [first = "", second = "", third] = changeLines(changes, PLAIN, 80);
    for (const line of [...first.split("\n"), ...second.split("\n")]) expect(line.length).toBeLessThanOrEqual(80);
    expect(first.split("\n").slice(0, 2)).toEqual([
      "statement 0  ~ s3:Get* → s3:GetSomethingLong0*, s3:GetSomethingLong1*,",
      "                 s3:GetSomethingLong2*, s3:GetSomethingLong3*,",
    ]);
    expect(first).toMatch(/ and\s+1,188 more$/);
    expect(second).toMatch(/^statement 12 {2}NotAction gains s3:\S+, s3:\S+,\n {16}s3:/);
    expect(third).toBe("statement 3  − s3:PutObject");
  });

  test("is one line where it is piped", () => {
    for (const line of changeLines(changes, PLAIN, null)) expect(line).not.toContain("\n");
  });
});

test("an organization of one role and one policy is spoken of in the singular", () => {
  const account = write(folder, "small.json", accountWith("111122223333", { web: { one: allowing("s3:Get*") } }));
  const db = `${folder}/one.db`;
  expect(leastwise("refine", account, "--db", db).out).toMatch(/policies {2}1, attached once\n[^]*s for 1 file\n/);
  expect(leastwise("verify", "--db", db).out).toContain("checked  1 result, the answers for 1 attachment\n");
});

/** What a terminal of so many columns shows, lines ended as in a file. */
function onTerminal(columns: number, ...args: readonly string[]): readonly string[] {
  const words = [process.execPath, MAIN, ...args].map((word) => `'${word}'`).join(" ");
  const { stdout } = spawnSync("script", ["-qec", `stty cols ${columns}; ${words}`, "/dev/null"], {
    env: { ...CLEAN, TERM: "xterm", NO_COLOR: "1" },
    encoding: "utf8",
    timeout: 50_000,
  });
  return stdout.replaceAll("\r", "").trimEnd().split("\n");
}

describe.skipIf(spawnSync("script", ["--version"]).status !== 0)(
  "on a terminal (SKIPPED WITHOUT util-linux `script`)",
  () => {
    const arn = "arn:aws:iam::111122223333:role/wide";
    const account = write(
      folder,
      "account.json",
      accountWith("111122223333", { wide: { everything: allowing("s3:*", "ec2:*") } }),
    );
    const unused = [
      {
        serviceNamespace: "ec2",
        actions: ["RunInstances", "DescribeVpcs", "CreateTags", "DeleteTags", "GetConsoleOutput"],
      },
    ];
    const db = refined(folder, "org.db", account, write(folder, "unused.json", [{ arn, unused }]));

    test("`show` shows the start of a long diff and how much more there is; piped, or with --all, all of it", () => {
      const shown = onTerminal(80, "show", arn, "--db", db);
      expect(shown.at(-1)).toMatch(/^… \d+ more lines of this diff; --all shows them$/);
      expect(shown.length).toBeLessThan(90);
      const more = Number(/\d+/.exec(shown.at(-1) ?? "")?.[0]);
      const whole = onTerminal(80, "show", arn, "--db", db, "--all");
      expect(whole.length).toBe(shown.length - 1 + more);
      const piped = leastwise("show", arn, "--db", db).out;
      expect(piped).toContain("ec2:Withdraw");
      expect(piped).not.toContain("more lines");
    });

    test.each([80, 200])("of %i columns no line of `show` above its diff is wider", (columns) => {
      const shown = onTerminal(columns, "show", arn, "--db", db);
      const above = shown.slice(
        0,
        shown.findIndex((line) => line.startsWith("diff ")),
      );
      expect(above.filter((line) => line.length > columns)).toEqual([]);
      expect(above.length).toBeGreaterThan(5);
    });

    test.each(["", ...COMMANDS])("of 80 columns no line of `leastwise %s --help` is wider", (command) => {
      const lines = onTerminal(80, ...(command === "" ? [] : [command]), "--help");
      expect(lines.filter((line) => line.length > 80 && !line.startsWith("  leastwise "))).toEqual([]);
      expect(lines[0]).toContain("Usage: leastwise");
    });

    test("a principal is found by what a table shows of its ARN", () => {
      for (const text of ["…111122223333:role/wide", "111122223333:role/wide", "111122223333…wide"]) {
        expect(leastwise("show", text, "--db", db).out.split("\n")[0]).toBe(arn);
        expect(leastwise("explain", text, "ec2:RunInstances", "--db", db).out.split("\n")[0]).toContain(arn);
      }
      for (const text of ["111122223333…wid", "wide", "…3333:role/wide", "111122223333…x…wide"])
        expect(leastwise("show", text, "--db", db).code).toBe(2);
    });
  },
);
