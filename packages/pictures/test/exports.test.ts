import * as exported from "@leastwise/pictures";
import * as printables from "@leastwise/pictures/printable";
import { expect, test } from "vitest";

test("what the package exports is a decision", () => {
  expect(Object.keys(exported).sort()).toEqual([
    "LOOKS",
    "SIZES",
    "cornerOf",
    "layoutTree",
    "lookOf",
    "shownTree",
    "summaryOf",
    "treeSvg",
    "treeText",
    "wordTree",
  ]);
  expect(Object.keys(printables).sort()).toEqual(["printable", "printableJson", "printableLines"]);
});
