import * as exported from "@leastwise/pictures";
import { expect, test } from "vitest";

test("what the package exports is a decision", () => {
  expect(Object.keys(exported).sort()).toEqual([]);
});
