import { expect, test } from "vitest";
import * as evidence from "../src/index.ts";

test("the package gives away exactly this", () => {
  expect(Object.keys(evidence).sort()).toEqual([
    "ChangedFile",
    "LONGEST_LINE",
    "LONGEST_VALUE",
    "MAX_TEXT_BYTES",
    "TOO_LARGE_HINT",
    "decode",
    "iamCollectStore",
    "isIamCollectPart",
    "isInStore",
    "isUnusedAlone",
    "mapEvent",
    "mergeEvents",
    "parseOne",
    "quoted",
    "readDocument",
    "readEvidence",
    "readIamCollect",
    "readLargeJson",
    "readLargeLines",
    "readLinesInParts",
    "readUnusedAlone",
    "startsAsLargeJson",
    "startsAsLines",
  ]);
});
