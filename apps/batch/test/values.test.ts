import * as fc from "fast-check";
import { expect, test } from "vitest";
import { z } from "zod";
import { instantOf } from "../src/config/values.ts";

const DAY = z.iso.date();
const INSTANT = z.iso.datetime({ offset: true });

const number = (least: number, most: number, digits: number): fc.Arbitrary<string> =>
  fc.integer({ min: least, max: most }).map((value) => String(value).padStart(digits, "0"));
const years = fc.oneof(number(0, 9999, 4), fc.constantFrom("1900", "2000", "2023", "2024", "2026", "2100", "226"));
const days = fc.tuple(years, number(0, 13, 2), number(0, 32, 2)).map((parts) => parts.join("-"));
const times = fc
  .tuple(
    number(0, 25, 2),
    number(0, 61, 2),
    fc.constantFrom("", ":00", ":59", ":60", ":5", ":00.5", ":01.123456789", "."),
  )
  .map(([hour, minute, second]) => `${hour}:${minute}${second}`);
const offsets = fc.constantFrom("", "Z", "z", "+00:00", "-11:30", "+23:59", "+24:00", "+0100", " ");
const instants = fc.tuple(days, fc.constantFrom("T", "t", " "), times, offsets).map((parts) => parts.join(""));

test("a date or time is one where zod says so, and stands for the same moment", () => {
  let valid = 0;
  fc.assert(
    fc.property(fc.oneof(days, instants), (text) => {
      const isOne = DAY.safeParse(text).success || INSTANT.safeParse(text).success;
      if (isOne) valid++;
      expect(instantOf(text)).toBe(isOne ? new Date(text).toISOString() : undefined);
    }),
    { numRuns: 20_000, seed: 20_261_122 },
  );
  expect(valid).toBeGreaterThan(2000);
});

test.each([
  ["2024-02-29", "2024-02-29T00:00:00.000Z"],
  ["2026-11-21T01:30:00+02:00", "2026-11-20T23:30:00.000Z"],
  ["2026-11-21T01:30:00.25Z", "2026-11-21T01:30:00.250Z"],
])("%s is %s", (text, instant) => {
  expect(instantOf(text)).toBe(instant);
});

test.each([
  "2026-02-29",
  "2026-02-30",
  "2026-04-31",
  "2026-11-21T01:30:00",
  "2026-11-21T01:30Z",
  "2026-11-21T24:00:00Z",
  "21.11.2026",
  "",
  "now",
])("`%s` is no date", (text) => {
  expect(instantOf(text)).toBeUndefined();
});
