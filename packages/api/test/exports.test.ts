import * as exported from "@leastwise/api";
import { expect, test } from "vitest";

test("what the package exports is a decision", () => {
  expect(Object.keys(exported).sort()).toEqual(["API_NAMES", "REPORT_ID", "replyKey"]);
});
