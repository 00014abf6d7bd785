/** A few thousand of the inputs that `npm run fuzz` gives to every parser. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readEvidence } from "@leastwise/evidence";
import { afterAll, describe, expect, test } from "vitest";
import { type Target, targetsIn } from "../src/fuzz/targets.ts";
import { fuzz, inputOf } from "../src/fuzz/fuzz-inputs.ts";
import { JSON_KINDS } from "../src/fuzz/json-kinds.ts";

const scratch = mkdtempSync(join(tmpdir(), "leastwise-fuzz-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
const targets = targetsIn(scratch);
const SEED = 20_261_122;

test.each(targets.map((target) => [target.name, target] as const))(
  "%s takes or refuses, with a code, whatever it is given",
  { timeout: 60_000 },
  async (_, target) => {
    const { outcomes, faults } = await fuzz(target, { seed: SEED, from: 0, count: 2 * target.share + 100 });
    expect(faults).toEqual([]);
    expect(outcomes.size).toBeGreaterThan(1); // some of them are taken, or each is refused for the same reason
    for (const outcome of outcomes.keys()) expect(outcome).toMatch(/^(?:read|matches|[a-z0-9]+(?:-[a-z0-9]+)+)$/);
  },
);

test("an input can be made again by its number, alone", () => {
  const [target] = targets as readonly [Target];
  expect(inputOf(target, SEED, 41)).toEqual(inputOf(target, SEED, 41));
  expect(inputOf(target, SEED, 41)).not.toEqual(inputOf(target, SEED, 42));
  expect(inputOf(target, SEED, 41)).not.toEqual(inputOf(target, SEED + 1, 41));
});

test("a parser that throws is told of with the number of the input, and the others go on", async () => {
  const broken: Target = {
    name: "broken",
    share: 1,
    input: () => Buffer.of(1),
    run: () => {
      throw new Error("gone wrong");
    },
  };
  const { faults } = await fuzz(broken, { seed: 1, from: 7, count: 2 });
  expect(faults).toMatchObject([
    { target: "broken", index: 7, reason: expect.stringContaining("gone wrong") },
    { target: "broken", index: 8 },
  ]);
});

/** Whether the text is taken for JSON, known to Leastwise or not. */
function isTaken(text: string | Uint8Array): boolean {
  const { diagnostics } = readEvidence("kind.json", Buffer.from(text));
  return diagnostics.length > 0 && diagnostics.every(({ code }) => code === "unrecognised-input");
}

describe("JSON texts of every kind", () => {
  test("what every parser has to take is taken", () => {
    expect(JSON_KINDS.taken.filter((text) => !isTaken(text))).toEqual([]);
  });

  test("what no parser may take is refused", () => {
    expect(JSON_KINDS.refused.filter(isTaken)).toEqual([]);
  });

  test("of what is left to parsers, everything has an answer", () => {
    for (const text of JSON_KINDS.open)
      expect(readEvidence("kind.json", Buffer.from(text)).diagnostics.length).toBeGreaterThan(0);
  });
});
