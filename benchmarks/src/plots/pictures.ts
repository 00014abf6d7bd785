import type { CaseResult, Figure, Results, StageSample } from "../measure/figures.ts";
import { number } from "../measure/tables.ts";
import { type Bar, barPlot } from "./bar-plot.ts";
import { type Series, linePlot } from "./line-plot.ts";

export interface Picture {
  readonly file: string;
  readonly title: string;
  readonly svg: string;
}

/** What the program should stay under at every size. */
const MOST_MEMORY = { y: 512, name: "512 MiB" };
/** Stages that never took this much of the processor are not drawn. */
const LEAST_SECONDS = 0.05;
const X_TITLE = "attachments";

/** Every picture that the results have figures for; none without the suite `size`. */
export function pictures({ suites }: Results): readonly Picture[] {
  const cases = (suites.find(({ name }) => name === "size")?.cases ?? []).toSorted((a, b) => sizeOf(a) - sizeOf(b));
  if (cases.length === 0) return [];
  const lines = (named: readonly (readonly [Figure, string])[]): readonly Series[] =>
    named.map(([figure, name]) => ({
      name,
      points: cases.flatMap((one) => {
        const y = one.figures[figure];
        return y === undefined ? [] : [{ x: sizeOf(one), y }];
      }),
    }));
  const plots = [
    {
      file: "time-by-size.svg",
      title: "Time by size",
      description: "Seconds by the clock of leastwise refine and of the floor beside it, by number of attachments.",
      yTitle: "seconds by the clock",
      yScale: "log",
      series: lines([
        ["seconds", "leastwise refine"],
        ["floorSeconds", "floor (one thread)"],
      ]),
    },
    {
      file: "cost-by-size.svg",
      title: "Cost of an attachment by size",
      description: "CPU time of leastwise refine for each attachment, by number of attachments.",
      yTitle: "microseconds of CPU for each attachment, all threads",
      yScale: "log",
      series: lines([["cpuMicros", "leastwise refine"]]),
    },
    {
      file: "ratio-by-size.svg",
      title: "Ratio to the floor by size",
      description: "Time of leastwise refine divided by that of the floor, by the clock and of the processor.",
      yTitle: "leastwise refine / floor",
      yScale: "linear",
      series: lines([
        ["ratio", "by the clock"],
        ["cpuRatio", "of the processor"],
      ]),
    },
    {
      file: "memory-by-size.svg",
      title: "Memory by size",
      description: "Peak resident memory of leastwise refine and size of its database, by number of attachments.",
      yTitle: "MiB of peak memory, MB of database",
      yScale: "log",
      series: lines([
        ["peakMb", "peak memory"],
        ["databaseMb", "database"],
      ]),
      mark: MOST_MEMORY,
    },
  ] as const;
  return [
    ...plots.map((plot) => ({ file: plot.file, title: plot.title, svg: linePlot({ ...plot, xTitle: X_TITLE }) })),
    stagePicture(cases),
  ];
}

function stagePicture(cases: readonly CaseResult[]): Picture {
  const title = "Share of each stage";
  const taken = cases.flatMap(({ stages }) => stages.filter(({ cpuSeconds }) => cpuSeconds >= LEAST_SECONDS));
  const parts = [...new Set(taken.map(({ stage }) => stage))];
  const description = "Of the time of leastwise refine, what each stage takes, by the clock and of the processor.";
  const bars = cases.flatMap((one) => [
    barOf(one, "seconds", `${one.name}, clock`, "s"),
    barOf(one, "cpuSeconds", "CPU", "s CPU"),
  ]);
  return { file: "stages.svg", title, svg: barPlot({ title, description, parts, bars }) };
}

function barOf({ stages }: CaseResult, key: "seconds" | "cpuSeconds", name: string, unit: string): Bar {
  const all = stages.reduce((sum, stage) => sum + stage[key], 0);
  return { name, total: `${number(all, all < 100 ? 1 : 0)} ${unit}`, values: valuesOf(stages, key) };
}

function valuesOf(stages: readonly StageSample[], key: "seconds" | "cpuSeconds"): Readonly<Record<string, number>> {
  return Object.fromEntries(stages.map((stage) => [stage.stage, stage[key]]));
}

/** Each case of the suite says how many attachments it has. */
function sizeOf({ parameters }: CaseResult): number {
  return Number(parameters["attachments"]);
}
