/** Every case that was ever wrong, or that a ruling was about, for good: see test-data/counterexamples/README.md. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { DEFAULT_OPTIONS } from "@leastwise/core";
import { describe, expect, test } from "vitest";
import { COUNTEREXAMPLES, readCounterexamples, writeCounterexample } from "../src/counterexample.ts";
import { engine } from "../src/engine.ts";
import { LAWS, firstBreach } from "../src/laws/laws.ts";
import { disagreement } from "../src/differential.ts";
import { reference } from "../src/reference/refine.ts";

const kept = readCounterexamples(COUNTEREXAMPLES);

describe.each(kept)("$name: $kept.about", ({ kept: asked }) => {
  test.each([engine, reference])("$name", (refiner) => {
    for (const law of LAWS) expect(firstBreach(refiner, asked, [law])).toBeNull();
    expect(disagreement(refiner, asked)).toBeNull();
    const { policy } = refiner.refine(asked);
    const right = asked.expected === undefined ? policy : asked.expected; // where nobody has decided it, the laws and the other are enough
    expect(JSON.stringify(policy)).toBe(JSON.stringify(right));
  });
});

test("there are some, and nearly all that were written by hand say what is right", () => {
  const byHand = kept.filter(({ kept: { seed } }) => seed === null);
  expect(byHand.length).toBeGreaterThan(10);
  expect(byHand.filter(({ kept: { expected } }) => expected === undefined)).toEqual([]);
});

test("a file from before there were options is asked with its granularity, or with words", () => {
  const folder = mkdtempSync(join(tmpdir(), "leastwise-counterexamples-"));
  try {
    const asked = {
      about: "",
      law: "local",
      found: "2026-11-01",
      seed: null,
      catalog: ["s3:Get"],
      unused: [],
      more: [],
    };
    const policy = { Statement: [] };
    writeFileSync(join(folder, "a.json"), JSON.stringify({ ...asked, policy, granularity: "exact" }));
    writeFileSync(join(folder, "b.json"), JSON.stringify({ ...asked, policy }));
    expect(readCounterexamples(folder).map(({ kept: { options } }) => options)).toEqual([
      { ...DEFAULT_OPTIONS, granularity: "exact" },
      DEFAULT_OPTIONS,
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("what is written is read again, under the name of its law and its content", () => {
  const folder = mkdtempSync(join(tmpdir(), "leastwise-counterexamples-"));
  try {
    const asked = {
      catalog: ["s3:Get"],
      policy: { Statement: { Effect: "Allow", Action: "*" } },
      unused: [],
      more: [],
      options: { granularity: "word", services: [["s3", "exact"]], keptSids: ["Keep"] },
    } as const;
    const breach = { law: "structure", refiner: "engine", what: "made up" };
    const path = writeCounterexample(folder, { breach, asked }, 7, "2026-11-22");
    expect(writeCounterexample(folder, { breach, asked }, 8, "2026-11-23")).toBe(path);
    expect(basename(path)).toMatch(/^structure-[0-9a-f]{8}\.json$/);
    expect(readCounterexamples(folder)).toEqual([
      {
        name: basename(path),
        kept: { about: "the engine: made up", law: "structure", found: "2026-11-23", seed: 8, ...asked },
      },
    ]);
    expect(readFileSync(path, "utf8")).toMatch(/\}\n$/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
