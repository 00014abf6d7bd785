import { describe, expect, test } from "vitest";
import type { Sample } from "../src/measure/figures.ts";
import { type BenchCase, resultOf, runSuite } from "../src/measure/runner.ts";
import { median, percentile, spreadOf } from "../src/measure/spread.ts";

describe("statistics", () => {
  test.each([
    [[3], 3],
    [[10, 1, 2], 2],
    [[4, 1, 3, 2], 2.5],
    [[100, 9, 20], 20], // by number, not by letter
  ])("the median of %j is %d", (values, expected) => {
    expect(median(values)).toBe(expected);
  });

  test("a spread is the median, the least and the most", () => {
    expect(spreadOf([5, 1, 9, 2])).toEqual({ median: 3.5, min: 1, max: 9 });
  });

  test("a percentile is a value that was measured, by nearest rank", () => {
    const hundred = Array.from({ length: 100 }, (_, i) => 100 - i);
    expect(percentile(hundred, 0.5)).toBe(50);
    expect(percentile(hundred, 0.99)).toBe(99);
    expect(percentile(hundred, 1)).toBe(100);
    expect(percentile(Float64Array.of(7), 0.001)).toBe(7);
    expect(percentile([1, 2, 3], 0.5)).toBe(2);
  });

  test("nothing has none", () => {
    expect(() => median([])).toThrow("no values");
    expect(() => percentile([], 0.5)).toThrow("no values");
  });
});

/** A case that gives these samples, one a round, and notes when it was asked. */
function caseOf(name: string, asked: string[], more: Partial<BenchCase>, ...samples: readonly Sample[]): BenchCase {
  let round = 0;
  return {
    name,
    parameters: { of: name },
    ...more,
    round: () => {
      asked.push(name);
      return samples[round++ % samples.length] ?? { figures: {} };
    },
  };
}

function stage(seconds: number, cpuSeconds: number): Sample {
  const planning = { stage: "planning", seconds: 1, cpuSeconds: 1 };
  return { figures: {}, stages: [{ stage: "reading", seconds, cpuSeconds }, planning] };
}

describe("the runner", () => {
  test("takes cases in turn, round after round, and warm-ups before, which do not count", async () => {
    const asked: string[] = [];
    const told: string[] = [];
    const cases = [
      caseOf(
        "a",
        asked,
        { warmUp: 1 },
        { figures: { seconds: 100 } },
        { figures: { seconds: 1 } },
        { figures: { seconds: 3 } },
      ),
      caseOf("b", asked, { rounds: 1 }, { figures: { seconds: 5 } }),
    ];
    const result = await runSuite({ name: "s", title: "S" }, cases, 2, (text) => told.push(text));
    expect(asked).toEqual(["a", "a", "b", "a"]);
    expect(told).toEqual(["s: a, warm-up", "s: a, round 1 of 2", "s: b, round 1 of 1", "s: a, round 2 of 2"]);
    expect(result).toEqual({
      name: "s",
      title: "S",
      cases: [
        {
          name: "a",
          parameters: { of: "a" },
          rounds: 2,
          figures: { seconds: { median: 2, min: 1, max: 3 } },
          stages: [],
        },
        {
          name: "b",
          parameters: { of: "b" },
          rounds: 1,
          figures: { seconds: { median: 5, min: 5, max: 5 } },
          stages: [],
        },
      ],
    });
  });

  test("a ratio is that of each round, not one of medians", () => {
    const samples = [
      { figures: { seconds: 10, floorSeconds: 10, ratio: 1 } },
      { figures: { seconds: 20, floorSeconds: 5, ratio: 4 } },
      { figures: { seconds: 30, floorSeconds: 15, ratio: 2 } },
    ];
    const { figures } = resultOf(caseOf("a", [], {}), samples);
    expect([figures.seconds?.median, figures.floorSeconds?.median, figures.ratio?.median]).toEqual([20, 10, 2]);
  });

  test("a stage's time is its median, by the clock and of the processor apart", () => {
    const { stages } = resultOf(caseOf("a", [], {}), [stage(1, 9), stage(2, 8), stage(3, 1)]);
    expect(stages).toEqual([
      { stage: "reading", seconds: 2, cpuSeconds: 8 },
      { stage: "planning", seconds: 1, cpuSeconds: 1 },
    ]);
  });
});
