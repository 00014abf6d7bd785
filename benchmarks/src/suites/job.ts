import { rmSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Sample, StageSample } from "../measure/figures.ts";
import { type Ended, runNode } from "../measure/run-node.ts";
import type { Taken } from "../measure/stopwatch.ts";

export const PROGRAM: string = fileURLToPath(new URL("../../../apps/batch/dist/main.js", import.meta.url));
const FLOOR = fileURLToPath(new URL("../../dist/floor.js", import.meta.url));

/** What a run of the program came to. */
export interface Refined extends Ended {
  readonly unitsComputed: number;
  readonly stages: readonly StageSample[];
}

/** The main job as a process of its own. */
export async function refine(input: string, database: string, threads: number): Promise<Refined> {
  const args = ["refine", input, "--db", database, "--threads", String(threads), "--quiet", "--json"];
  const ended = await runNode([PROGRAM, ...args]);
  const { unitsComputed, stages } = JSON.parse(ended.out) as Pick<Refined, "unitsComputed" | "stages">; // what --json prints
  return { ...ended, unitsComputed, stages: withRest(stages, ended) };
}

/** The floor beside it, without what reading the result's rows took. */
export async function floor(input: string, database: string, ...options: readonly string[]): Promise<Taken> {
  const { out, seconds, cpuSeconds } = await runNode([FLOOR, input, database, ...options]);
  rmSync(`${database}-floor`);
  const { loading } = JSON.parse(out) as { readonly loading: Taken }; // what floor.ts prints
  return { seconds: seconds - loading.seconds, cpuSeconds: cpuSeconds - loading.cpuSeconds };
}

/** A round of the main job with the floor after it. `attachments` is what rates go by. */
export function jobSample(ours: Refined, beneath: Taken, attachments: number, database: string): Sample {
  return {
    figures: {
      seconds: ours.seconds,
      cpuSeconds: ours.cpuSeconds,
      perSecond: attachments / ours.seconds,
      cpuMicros: (ours.cpuSeconds * 1e6) / attachments,
      floorSeconds: beneath.seconds,
      floorCpuSeconds: beneath.cpuSeconds,
      ratio: ours.seconds / beneath.seconds,
      cpuRatio: ours.cpuSeconds / beneath.cpuSeconds,
      units: ours.unitsComputed,
      peakMb: ours.peakMb,
      databaseMb: statSync(database).size / 1e6,
    },
    stages: ours.stages,
  };
}

/** What no stage took: the start, and putting the database into one file. */
function withRest(stages: readonly StageSample[], all: Taken): readonly StageSample[] {
  const rest = (key: keyof Taken): number =>
    Math.max(
      0,
      stages.reduce((left, one) => left - one[key], all[key]),
    );
  return [...stages, { stage: "start and end", seconds: rest("seconds"), cpuSeconds: rest("cpuSeconds") }];
}
