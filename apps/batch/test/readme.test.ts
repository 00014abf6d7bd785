import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { leastwiseIn } from "./leastwise.ts";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const README = readFileSync(`${ROOT}/README.md`, "utf8");

/** A terminal breaks lines where the README does; a pipe does not. */
const asOneLine = (text: string): string => text.replaceAll(/\s+/g, " ").trim();

test("the drift of the article's own result is what the README prints", () => {
  const [, command = "", printed = ""] =
    /```console\nnpx leastwise (drift [^\n]+)\n```\n\n```text\n([^]*?)```/.exec(README) ?? [];
  const { code, out, err } = leastwiseIn({ cwd: ROOT }, ...command.split(" "));
  expect({ code, err }).toEqual({ code: 0, err: "" });
  expect(asOneLine(out)).toBe(asOneLine(printed));
});
