/** How the page writes what it has. */
import { describe, expect, test } from "vitest";
import { chartColumns } from "../src/text/chart-columns.ts";
import { tableCsv } from "../src/text/csv.ts";
import { age, day, minute } from "../src/text/dates.ts";
import { count, counted, percent, share } from "../src/text/numbers.ts";
import { readTyped } from "../src/text/typed.ts";
import { pieces, visible } from "../src/text/visible.ts";

describe("numbers", () => {
  test("with commas, and one of a thing is one", () => {
    expect([count(0), count(1234567), counted(1, "policy", "policies"), counted(1200, "policy", "policies")]).toEqual([
      "0",
      "1,234,567",
      "1 policy",
      "1,200 policies",
    ]);
  });

  test("nothing and everything are said only where they are exact: one of a million is not 0 %", () => {
    const whole = 1_000_000;
    expect(
      [0, 1, 9_999, 10_000, 500_000, 990_000, 990_001, 999_999, whole].map((part) => percent(part, whole)),
    ).toEqual(["0 %", "<1 %", "<1 %", "1 %", "50 %", "99 %", ">99 %", ">99 %", "100 %"]);
    expect(percent(0, 0)).toBe("–");
  });

  test("a length is between nothing and all", () => {
    expect([share(1, 4), share(5, 4), share(-1, 4), share(1, 0)]).toEqual([0.25, 1, 0, 0]);
  });
});

describe("dates", () => {
  test("in UTC as they stand, and what is none as it is", () => {
    expect(day("2026-09-26T17:45:01.123Z")).toBe("2026-09-26");
    expect(minute("2026-09-26T17:45:01.123Z")).toBe("2026-09-26 17:45 UTC");
    expect([day("soon"), minute("2026-09-26T17:45:01+02:00")]).toEqual(["soon", "2026-09-26T17:45:01+02:00"]);
  });

  test("an age in whole days that have gone by", () => {
    expect([0, 0.9, 1, 1.9, 2, 34.7].map(age)).toEqual(["today", "today", "1 day", "1 day", "2 days", "34 days"]);
  });
});

describe("what a person types", () => {
  test("an action, an ARN, or a name", () => {
    expect(readTyped(" iam:PassRole ")).toEqual({ is: "action", action: "iam:PassRole" });
    expect(readTyped("arn:aws:iam::123456789012:role/R")).toEqual({
      is: "arn",
      arn: "arn:aws:iam::123456789012:role/R",
    });
    for (const text of ["MyRole", "123456789012", "s3:", "s3:Get*", "a b:c", "arn:aws:iam"])
      expect(readTyped(text)).toMatchObject({ is: "name" });
  });
});

describe("names from elsewhere", () => {
  test("what one would not see is shown by its number", () => {
    expect(visible("a\u202Eb\u0000c\u200Dd\uFEFFe\u{E0041}f\uD800g")).toBe(
      "a‹U+202E›b‹U+0000›c‹U+200D›d‹U+FEFF›e‹U+E0041›f‹U+D800›g",
    );
  });

  test("what one sees stays: letters of any script, signs, spaces, pictures", () => {
    const text = "Zoë 日本 אבג <b>&amp; 😀 – “x”";
    expect(visible(text)).toBe(text);
    expect(pieces(text)).toEqual([{ text, hidden: false }]);
  });

  test("cut where something hides, and nothing is lost", () => {
    expect(pieces("\u202Eab\u202C")).toEqual([
      { text: "‹U+202E›", hidden: true },
      { text: "ab", hidden: false },
      { text: "‹U+202C›", hidden: true },
    ]);
    expect(pieces("")).toEqual([]);
  });
});

describe("a table as CSV", () => {
  test("by RFC 4180", () => {
    expect(
      tableCsv({
        columns: ["a", "b"],
        rows: [
          ["x,y", 'say "so"'],
          ["two\nlines", null],
          [-1.5, 2],
        ],
      }),
    ).toBe('a,b\r\n"x,y","say ""so"""\r\n"two\nlines",\r\n-1.5,2\r\n');
  });

  test("no text begins a formula; a number that is negative stays one", () => {
    const rows = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "fine"].map((text) => [text]);
    expect(tableCsv({ columns: ["t"], rows: [...rows, [-1]] })).toBe(
      "t\r\n'=1+1\r\n'+1\r\n'-1\r\n'@SUM(A1)\r\n'\tx\r\nfine\r\n-1\r\n",
    );
  });
});

describe("bars of an answer", () => {
  const rows = [
    ["x", 1, "p", 5],
    ["y", 2, "q", 6],
  ] as const;

  test("the first column of texts and the last of amounts", () => {
    expect(chartColumns({ columns: ["a", "b", "c", "d"], rows })).toEqual({ text: 0, number: 3 });
  });

  test("none where there is one row, no text, or less than nothing", () => {
    const columns = ["a", "b"];
    expect(chartColumns({ columns, rows: [["x", 1]] })).toBeNull();
    expect(
      chartColumns({
        columns,
        rows: [
          [1, 1],
          [2, 2],
        ],
      }),
    ).toBeNull();
    expect(
      chartColumns({
        columns,
        rows: [
          ["x", 1],
          ["y", -2],
        ],
      }),
    ).toBeNull();
    expect(
      chartColumns({
        columns,
        rows: [
          ["x", 1],
          ["y", null],
        ],
      }),
    ).toBeNull();
  });
});
