import { cpus } from "node:os";
import { attachmentsOf } from "../organization/account-sizes.ts";
import { LOG_NORMAL, type OrganizationShape, UNIFORM } from "../organization/shape.ts";
import type { BenchCase } from "../measure/runner.ts";
import { floor, jobSample, refine } from "./job.ts";
import type { Suite } from "./suite.ts";
import type { Workshop } from "./workshop.ts";

const JOB_COLUMNS = ["seconds", "perSecond", "cpuMicros", "ratio", "cpuRatio", "peakMb", "databaseMb"] as const;
/** Above so many attachments a round takes ten minutes, and one has to do. */
const MANY = 100_000;
/** What cases are compared on that do not vary in size. */
const USUAL = { quick: 10_000, full: 100_000 };

export const UNIFORM_SUITE: Suite = {
  name: "uniform",
  title: "Accounts of 250 roles each, as measured since the first version",
  columns: [
    "seconds",
    "cpuSeconds",
    "perSecond",
    "ratio",
    "cpuRatio",
    "textsFloorSeconds",
    "textsRatio",
    "peakMb",
    "databaseMb",
  ],
  rounds: { quick: 3, full: 3 },
  cases: (workshop) => {
    const accounts = workshop.quick ? 20 : 100;
    const shape = { ...UNIFORM, seed: workshop.seed, accounts };
    return [jobCase(workshop, `${accounts} accounts`, { accounts }, shape, threadsOfThis(), { texts: true })];
  },
};

export const SIZE_SUITE: Suite = {
  name: "size",
  title: "By size",
  columns: JOB_COLUMNS,
  rounds: { quick: 3, full: 3 },
  cases: (workshop) =>
    (workshop.quick ? [100, 1000, 10_000] : [100, 1000, 10_000, 100_000, 1_000_000]).map((attachments) => {
      const shape = { ...LOG_NORMAL, seed: workshop.seed, attachments };
      const rounds = attachments > MANY ? { rounds: 1 } : {};
      return jobCase(workshop, `${count(attachments)} attachments`, { attachments }, shape, threadsOfThis(), rounds);
    }),
};

export const THREADS_SUITE: Suite = {
  name: "threads",
  title: "By threads",
  columns: JOB_COLUMNS,
  rounds: { quick: 2, full: 3 },
  cases: (workshop) =>
    [1, 2, 4].map((threads) => {
      const name = threads === 1 ? "one thread" : `${threads} threads`;
      return jobCase(workshop, name, { threads }, usualShape(workshop), threads);
    }),
};

export const EQUAL_SUITE: Suite = {
  name: "equal",
  title: "By the share of roles that every account has alike",
  columns: ["units", ...JOB_COLUMNS],
  rounds: { quick: 2, full: 2 },
  cases: (workshop) =>
    [0, 0.2, 0.5, 0.8].map((baselineShare) => {
      const shape = { ...usualShape(workshop), baselineShare };
      return jobCase(workshop, `${100 * baselineShare} %`, { baselineShare }, shape, threadsOfThis());
    }),
};

export const EVIDENCE_SUITE: Suite = {
  name: "evidence",
  title: "By what is known of usage",
  columns: JOB_COLUMNS,
  rounds: { quick: 2, full: 2 },
  cases: (workshop) =>
    (
      [
        ["findings", { findings: 1, lastAccessed: 0 }],
        ["last accessed", { findings: 0, lastAccessed: 1 }],
        ["both", { findings: 1, lastAccessed: 1 }],
      ] as const
    ).map(([name, evidence]) =>
      jobCase(workshop, name, evidence, { ...usualShape(workshop), ...evidence }, threadsOfThis()),
    ),
};

export function usualShape({ seed, quick }: Workshop): OrganizationShape {
  return { ...LOG_NORMAL, seed, attachments: quick ? USUAL.quick : USUAL.full };
}

/** What every case has that does not say otherwise. */
export function threadsOfThis(): number {
  return Math.min(2, cpus().length);
}

function jobCase(
  workshop: Workshop,
  name: string,
  parameters: BenchCase["parameters"],
  shape: OrganizationShape,
  threads: number,
  { texts = false, ...rounds }: { readonly texts?: boolean; readonly rounds?: number } = {},
): BenchCase {
  const attachments = attachmentsOf(shape);
  return {
    name,
    parameters: { attachments, threads, ...parameters },
    ...rounds,
    round: async () => {
      const input = await workshop.organization(shape);
      const database = workshop.freshDatabase("org");
      const ours = await refine(input, database, threads);
      const sample = jobSample(ours, await floor(input, database), attachments, database);
      if (!texts) return sample;
      const { seconds } = await floor(input, database, "--texts");
      const lower = { textsFloorSeconds: seconds, textsRatio: ours.seconds / seconds };
      return { ...sample, figures: { ...sample.figures, ...lower } };
    },
  };
}

function count(value: number): string {
  return value.toLocaleString("en-US");
}
