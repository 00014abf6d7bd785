import type { CaseResult, Figure, Sample, StageSample, SuiteResult } from "./figures.ts";
import { median, spreadOf } from "./spread.ts";

/** One thing to measure. A round measures the program and the floor beside it. */
export interface BenchCase {
  readonly name: string;
  readonly parameters: Readonly<Record<string, number | string>>;
  /** Rounds that count; absent: as many as the suite has. */
  readonly rounds?: number;
  /** Rounds before those that count, for what runs in this process and gets faster at first. */
  readonly warmUp?: number;
  readonly round: () => Promise<Sample> | Sample;
}

/**
 * Runs all cases in turn, round after round, so that what else the machine does meanwhile falls on all of them alike.
 *
 * @param tell called before each measurement
 */
export async function runSuite(
  { name, title }: { readonly name: string; readonly title: string },
  cases: readonly BenchCase[],
  rounds: number,
  tell: (text: string) => void,
): Promise<SuiteResult> {
  const samples = new Map<BenchCase, Sample[]>(cases.map((one) => [one, []]));
  const roundsOf = (one: BenchCase): number => one.rounds ?? rounds;
  for (const one of cases) {
    for (let i = 0; i < (one.warmUp ?? 0); i++) {
      tell(`${name}: ${one.name}, warm-up`);
      await one.round();
    }
  }
  for (let round = 0; round < Math.max(...cases.map(roundsOf)); round++) {
    for (const [one, taken] of samples) {
      if (round >= roundsOf(one)) continue;
      tell(`${name}: ${one.name}, round ${round + 1} of ${roundsOf(one)}`);
      taken.push(await one.round());
    }
  }
  return { name, title, cases: Array.from(samples, ([one, taken]) => resultOf(one, taken)) };
}

/** Medians and spread of each figure over the rounds. */
export function resultOf({ name, parameters }: BenchCase, samples: readonly Sample[]): CaseResult {
  const keys = [...new Set(samples.flatMap(({ figures }) => Object.keys(figures) as Figure[]))]; // its keys are figures
  const figures = Object.fromEntries(
    keys.map((key) => [key, spreadOf(samples.flatMap((sample) => sample.figures[key] ?? []))]),
  );
  return { name, parameters, rounds: samples.length, figures, stages: stagesOf(samples) };
}

function stagesOf(samples: readonly Sample[]): readonly StageSample[] {
  const all = samples.flatMap(({ stages }) => stages ?? []);
  return [...new Set(all.map(({ stage }) => stage))].map((stage) => {
    const rounds = all.filter((one) => one.stage === stage);
    return {
      stage,
      seconds: median(rounds.map(({ seconds }) => seconds)),
      cpuSeconds: median(rounds.map(({ cpuSeconds }) => cpuSeconds)),
    };
  });
}
