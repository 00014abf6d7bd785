import { type CaseResult, FIGURES, type Figure, type Results, type StageSample, type SuiteResult } from "./figures.ts";
import type { Spread } from "./spread.ts";

/** A table in markdown, aligned as Prettier does it: the first column to the left, the others to the right. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(3, ...all.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((value, i) => (i === 0 ? value.padEnd(widths[i] ?? 0) : value.padStart(widths[i] ?? 0))).join(" | ")} |`;
  const rule = widths.map((width, i) => (i === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`));
  return [line(head), line(rule), ...rows.map(line)].join("\n");
}

/** Medians of the suite's cases; for times and ratios least and most beside them, where rounds differ as they are written. */
export function suiteTable({ cases }: SuiteResult, columns: readonly Figure[]): string {
  const shown = columns.filter((column) => cases.some(({ figures }) => figures[column] !== undefined));
  return markdownTable(
    ["", ...shown.map((column) => FIGURES[column].title)],
    cases.map((one) => [one.name, ...shown.map((column) => cell(one.figures[column], column))]),
  );
}

const SPREAD: ReadonlySet<Figure> = new Set(["seconds", "ratio", "cpuRatio", "textsRatio"]);

function cell(spread: Spread | undefined, figure: Figure): string {
  if (spread === undefined) return "";
  const [median, min, max] = [spread.median, spread.min, spread.max].map((value) =>
    number(value, FIGURES[figure].digits),
  );
  return !SPREAD.has(figure) || min === max ? `${median}` : `${median} (${min}–${max})`;
}

/** Each stage's share of a case's time, by the clock and of the processor. */
export function stagesTable(cases: readonly CaseResult[]): string {
  const stages = [...new Set(cases.flatMap((one) => one.stages.map(({ stage }) => stage)))];
  return markdownTable(
    ["", ...stages.flatMap((stage) => [stage, "CPU"])],
    cases.map((one) => [one.name, ...stages.flatMap((stage) => shares(one.stages, stage))]),
  );
}

function shares(stages: readonly StageSample[], name: string): readonly string[] {
  return (["seconds", "cpuSeconds"] as const).map((key) => {
    const all = stages.reduce((sum, stage) => sum + stage[key], 0);
    const own = stages.find(({ stage }) => stage === name)?.[key] ?? 0;
    return all === 0 ? "" : `${Math.round((100 * own) / all)} %`;
  });
}

/** One line: what was measured where. */
export function sourceLine({ date, commit, machine, seed, quick }: Results): string {
  const { cpu, cores, memoryMb, platform, node } = machine;
  const kind = quick ? "a quick run, " : "";
  return `${kind}${date.slice(0, 10)}, commit ${commit}, seed ${seed}, Node ${node}, ${cores} cores of ${cpu}, ${Math.round(memoryMb / 1024)} GB, ${platform}`;
}

/** With commas between thousands, the same in every locale. */
export function number(value: number, digits: number): string {
  return value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
