import type { WorkerOptions } from "bullmq";

/** Who holds a job says so every 5 s. Who has not for 10 s has lost it, and what looks for such jobs does so every 5 s: 15 s at the most. */
export const LOCKS: Pick<
  WorkerOptions,
  "lockDuration" | "stalledInterval" | "maxStalledCount" | "drainDelay" | "runRetryDelay"
> = {
  lockDuration: 10_000,
  stalledInterval: 5000,
  /** A job may be lost with its worker three times; the fourth time it fails. */
  maxStalledCount: 3,
  drainDelay: 5,
  runRetryDelay: 1000,
};
