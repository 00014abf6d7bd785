import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { CLEAN } from "./leastwise.ts";

const DEMO_SCRIPT = fileURLToPath(new URL("../demo/demo.mjs", import.meta.url));
const EXPECTED = fileURLToPath(new URL("../../../test-data/demo-output.txt", import.meta.url));

test("`npm run demo` prints what test-data/demo-output.txt says, but for the time it took", () => {
  const { status, stdout } = spawnSync(process.execPath, [DEMO_SCRIPT], { env: CLEAN, encoding: "utf8" });
  expect(status).toBe(0);
  expect(withoutTime(stdout)).toBe(withoutTime(readFileSync(EXPECTED, "utf8")));
});

function withoutTime(output: string): string {
  return output.replace(/ time {2}.* s for/, " time  … s for");
}
