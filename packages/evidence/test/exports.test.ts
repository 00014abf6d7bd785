import { expect, test } from "vitest";
import * as evidence from "../src/index.ts";

test("the package gives away exactly this", () => {
  expect(Object.keys(evidence).sort()).toEqual([
    "MAX_TEXT_BYTES",
    "decode",
    "isUnusedAlone",
    "parseOne",
    "readDocument",
    "readEvidence",
    "readUnusedAlone",
  ]);
});
