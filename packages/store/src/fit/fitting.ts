import { DEFAULT_LIMITS, type SizeLimits } from "@leastwise/core";
import type { Connection } from "../database.ts";

/** What a run was told about sizes. */
export interface Fitting {
  readonly limits: SizeLimits;
  /** How many characters a prefix of the form `characters` has at least; null where the run was not asked to fit. */
  readonly shortest: number | null;
}

interface SizeSettings {
  readonly limits?: Partial<SizeLimits>;
  readonly fit?: { readonly shortest?: number } | null;
}

/** As the run's settings have it, which are also what the views read. What they do not say has its default. */
export function readFitting(db: Connection, runId: number): Fitting {
  const text = db.prepare<[number], string>("SELECT settings FROM run WHERE run_id = ?").pluck().get(runId);
  const { limits, fit } = JSON.parse(text ?? "{}") as SizeSettings; // a run wrote it; `unsound` looks at it before anybody else does
  return { limits: { ...DEFAULT_LIMITS, ...limits }, shortest: fit?.shortest ?? null };
}
