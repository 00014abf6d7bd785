import { writeOrganization } from "../organization/write-organization.ts";
import { attachmentsOf } from "../organization/account-sizes.ts";
import type { BenchCase } from "../measure/runner.ts";
import { threadsOfThis, usualShape } from "./end-to-end.ts";
import { floor, jobSample, refine } from "./job.ts";
import type { Suite } from "./suite.ts";
import type { Workshop } from "./workshop.ts";

/** Of the roles of a changed account, those that it does not share with all others hold other policies and use other things. */
const SHARES = [0, 0.01, 0.1];

export const INCREMENTAL_SUITE: Suite = {
  name: "incremental",
  title: "A second run on the same database, by the share of accounts that have changed",
  columns: ["units", "seconds", "cpuSeconds", "fullRatio", "ratio", "cpuRatio", "peakMb", "databaseMb"],
  rounds: { quick: 2, full: 2 },
  cases: (workshop) => SHARES.map((share) => incrementalCase(workshop, share)),
};

function incrementalCase(workshop: Workshop, share: number): BenchCase {
  const shape = { ...usualShape(workshop), changed: { share, seed: workshop.seed + 1_000_003 } };
  const { changed: _, ...before } = shape;
  const attachments = attachmentsOf(shape);
  const threads = threadsOfThis();
  let first: Promise<{ readonly input: string; readonly database: string; readonly seconds: number }> | undefined;
  const prepare = async (): Promise<Awaited<NonNullable<typeof first>>> => {
    const input = await workshop.organization(before, `to change ${share}`);
    const database = workshop.freshDatabase(`first-${share}`);
    const { seconds } = await refine(input, database, threads);
    await writeOrganization(input, shape, "changed");
    return { input, database, seconds };
  };
  return {
    name: `${100 * share} %`,
    parameters: { attachments, threads, changed: share },
    round: async () => {
      const full = await (first ??= prepare());
      const database = workshop.copyOf(full.database, `second-${share}`);
      const ours = await refine(full.input, database, threads);
      const beneath = await floor(full.input, database, "--earlier", full.database);
      const sample = jobSample(ours, beneath, attachments, database);
      return { ...sample, figures: { ...sample.figures, fullRatio: ours.seconds / full.seconds } };
    },
  };
}
