import { expect, test } from "vitest";
import { csvLine } from "../src/format/csv.ts";

test("a cell that a spreadsheet would calculate becomes text, and nothing else is touched", () => {
  for (const formula of ["=1+1", "+1+1", "-1-1", "@SUM(A1)", " =1", "'=1"])
    expect(csvLine([formula])).toBe(`'${formula}\n`);
  for (const text of ["a=1", "1-1", "{}"]) expect(csvLine([text])).toBe(`${text}\n`);
  expect(csvLine(["\t=1"])).toBe("\\u0009=1\n");
  expect(csvLine([-5, 5n, null, "-5"])).toBe("-5,5,,-5\n");
  expect(csvLine(["=1"], true)).toBe("=1\n");
});

test("a line quotes what needs it", () => {
  expect(csvLine(["a,b", 'c"d', "=e,f", 1, null])).toBe('"a,b","c""d","\'=e,f",1,\n');
});
