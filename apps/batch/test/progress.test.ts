import { expect, test } from "vitest";
import { count } from "../src/progress.ts";

test.each([
  [0, "0"],
  [7, "7"],
  [999, "999"],
  [1000, "1,000"],
  [65_536, "65,536"],
  [100_000, "100,000"],
  [1_234_567, "1,234,567"],
  [-999, "-999"],
  [-100_000, "-100,000"],
  [Number.MAX_SAFE_INTEGER, "9,007,199,254,740,991"],
])("%i is shown as %s", (value, shown) => expect(count(value)).toBe(shown));
