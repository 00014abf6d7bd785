import type { Spread } from "./spread.ts";

/** What is measured. */
export type Figure =
  | "seconds"
  | "cpuSeconds"
  | "perSecond"
  | "cpuMicros"
  | "p50Micros"
  | "p99Micros"
  | "milliseconds"
  | "slowestMilliseconds"
  | "cpuMilliseconds"
  | "rows"
  | "floorSeconds"
  | "floorCpuSeconds"
  | "ratio"
  | "cpuRatio"
  | "textsFloorSeconds"
  | "textsRatio"
  | "fullRatio"
  | "units"
  | "peakMb"
  | "databaseMb";

/** A title for tables with the unit, and how many digits behind the point are worth writing. */
export const FIGURES: Readonly<Record<Figure, { readonly title: string; readonly digits: number }>> = {
  seconds: { title: "s", digits: 2 },
  cpuSeconds: { title: "CPU s", digits: 2 },
  perSecond: { title: "per s", digits: 0 },
  cpuMicros: { title: "CPU µs each", digits: 0 },
  p50Micros: { title: "p50 µs", digits: 1 },
  p99Micros: { title: "p99 µs", digits: 0 },
  milliseconds: { title: "ms", digits: 1 },
  slowestMilliseconds: { title: "slowest ms", digits: 1 },
  cpuMilliseconds: { title: "CPU ms", digits: 1 },
  rows: { title: "rows", digits: 0 },
  floorSeconds: { title: "floor s", digits: 2 },
  floorCpuSeconds: { title: "floor CPU s", digits: 2 },
  ratio: { title: "ratio", digits: 2 },
  cpuRatio: { title: "CPU ratio", digits: 2 },
  textsFloorSeconds: { title: "texts-only floor s", digits: 2 },
  textsRatio: { title: "ratio to it", digits: 2 },
  fullRatio: { title: "of a full run", digits: 3 },
  units: { title: "units", digits: 0 },
  peakMb: { title: "peak MiB", digits: 0 },
  databaseMb: { title: "database MB", digits: 1 },
};

/** One round of one case. Seconds are by the clock unless they say CPU; `perSecond` and `cpuMicros` go by what the suite counts. */
export interface Sample {
  readonly figures: Readonly<Partial<Record<Figure, number>>>;
  readonly stages?: readonly StageSample[];
}

export interface StageSample {
  readonly stage: string;
  readonly seconds: number;
  readonly cpuSeconds: number;
}

/** All rounds of one case. */
export interface CaseResult {
  readonly name: string;
  readonly parameters: Readonly<Record<string, number | string>>;
  readonly rounds: number;
  readonly figures: Readonly<Partial<Record<Figure, Spread>>>;
  /** Medians; empty where the case has no stages. */
  readonly stages: readonly StageSample[];
}

export interface SuiteResult {
  readonly name: string;
  readonly title: string;
  readonly cases: readonly CaseResult[];
}

/** What `npm run bench` writes. */
export interface Results {
  readonly schema: 1;
  readonly date: string;
  /** Of the code that was measured; with `+` behind it where something was not committed. */
  readonly commit: string;
  readonly seed: number;
  readonly quick: boolean;
  readonly machine: Machine;
  readonly suites: readonly SuiteResult[];
}

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryMb: number;
  readonly platform: string;
  readonly node: string;
}
