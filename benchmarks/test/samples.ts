import type { CaseResult, Results } from "../src/measure/figures.ts";
import type { Spread } from "../src/measure/spread.ts";

export function spread(median: number, min = median, max = median): Spread {
  return { median, min, max };
}

/** A case of the suite `size`, whose figures grow with it. */
export function caseOfSize(attachments: number): CaseResult {
  const seconds = attachments / 1000;
  return {
    name: `${attachments.toLocaleString("en-US")} attachments`,
    parameters: { attachments, threads: 2 },
    rounds: 3,
    figures: {
      seconds: spread(seconds, seconds * 0.9, seconds * 1.2),
      cpuMicros: spread(1500),
      floorSeconds: spread(seconds / 4),
      ratio: spread(4, 3.5, 4.5),
      cpuRatio: spread(6),
      peakMb: spread(300),
      databaseMb: spread(attachments / 200),
    },
    stages: [
      { stage: "reading", seconds: seconds / 4, cpuSeconds: seconds / 10 },
      { stage: "refining", seconds: (3 * seconds) / 4, cpuSeconds: (9 * seconds) / 10 },
    ],
  };
}

export function resultsOf(...sizes: readonly number[]): Results {
  return {
    schema: 1,
    date: "2026-11-22T12:00:00.000Z",
    commit: "0123456789ab",
    seed: 1,
    quick: false,
    machine: { cpu: "A CPU", cores: 2, memoryMb: 24_000, platform: "Linux 6 x64", node: "v20.20.2" },
    suites: [{ name: "size", title: "By size", cases: sizes.map(caseOfSize) }],
  };
}
