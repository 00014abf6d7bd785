import type { Granularity, PlanSettings, RefinementOptions, SizeLimits } from "@leastwise/core";

/** Everything that people decide about a run: what the plan goes by, and what the refinement does. */
export interface Settings extends PlanSettings {
  readonly options: RefinementOptions;
  readonly limits: SizeLimits;
  /** How what is too large is made to fit; null where it is only told of. `shortest`: as in the form `characters`. */
  readonly fit: { readonly shortest: number } | null;
}

/** What the command line says; each overrides the configuration file, `protect` adds to it. */
export interface Flags {
  /** Days, for all sources. */
  readonly window?: number;
  readonly maxAge?: number;
  readonly minAge?: number;
  /** ISO 8601 in UTC. */
  readonly asOf?: string;
  readonly granularity?: Granularity;
  readonly protect?: readonly string[];
  readonly fit?: boolean;
}

/** Settings as JSON with sorted keys and nothing left out: equal settings are equal texts. */
export function settingsText(settings: Settings): string {
  const { windows, maxAge, minAge, asOf, protected: kept, exclude, options, limits, fit } = settings;
  return JSON.stringify(sorted({ windows, maxAge, minAge, asOf, protected: kept, exclude, options, limits, fit }));
}

/** The same value with the keys of all objects in order. Lists stay as they are. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item)]));
}
