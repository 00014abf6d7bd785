import { expect, test } from "vitest";
import { isMetBy } from "../src/supply/spdx.ts";

const ALLOWED = new Set(["MIT", "ISC", "GPL-2.0 WITH Classpath-exception-2.0"]);

test.each([
  "MIT",
  "(MIT)",
  "MIT OR GPL-3.0",
  "(GPL-3.0 OR MIT)",
  "MIT AND ISC",
  "(MIT OR GPL-3.0) AND ISC",
  "GPL-3.0 AND ISC OR MIT", // AND binds closer
  "GPL-2.0 WITH Classpath-exception-2.0",
  "GPL-3.0 OR GPL-2.0 WITH Classpath-exception-2.0",
])("`%s` is met", (expression) => {
  expect(isMetBy(expression, ALLOWED)).toBe(true);
});

test.each([
  "GPL-3.0",
  "MIT AND GPL-3.0",
  "MIT AND (ISC AND GPL-3.0)",
  "GPL-2.0",
  "MIT WITH Classpath-exception-2.0",
  "GPL-3.0 OR Apache-2.0",
  "mit",
  "",
  "UNLICENSED",
  "SEE LICENSE IN MIT",
  "MIT ISC",
  "MIT OR",
  "OR MIT",
  "(MIT",
  "MIT)",
  "()",
  "MIT WITH",
])("`%s` is not", (expression) => {
  expect(isMetBy(expression, ALLOWED)).toBe(false);
});
